"""What a file changes of what is recorded, field by field.

« LAIT-V : prix_ht 62,00 → 65,00 DA » for people, the two values for programs.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from manchengo.domain.product import VatClass
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Quantity
from manchengo_files.kinds.update import Change, Difference
from manchengo_presenters import words
from manchengo_presenters.formatting import day, money, number, quantity
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.shapes import plain

Heading = Callable[[str], str]
"""What the file calls the column of a field."""


def shapes(row: int, change: Change, heading: Heading) -> Iterator[dict[str, Any]]:
    """For programs; values as ``shapes.plain`` gives them."""
    for each in change.differences:
        yield {
            "row": row,
            "code": change.code,
            "ingredient": each.ingredient,
            "column": heading(each.field),
            "before": plain(each.before),
            "after": plain(each.after),
        }


def lines(change: Change, heading: Heading) -> Iterator[str]:
    """For people."""
    for each in change.differences:
        before, after = _pair(each)
        yield _("{code}: {column} {before} → {after}").format(
            code=change.code,
            column=each.ingredient or heading(each.field),
            before=before,
            after=after,
        )


def _pair(difference: Difference) -> tuple[str, str]:
    """Before and after; a unit that they share is said once, after."""
    match difference.before, difference.after:
        case UnitPrice(per=1) as before, UnitPrice(per=1) as after:
            return money(before.centimes, currency=""), money(after.centimes)
        case Quantity() as before, Quantity() as after if before.unit is after.unit:
            return quantity(before.thousandths), _text(after)
        case before, None:
            return _text(before), _("taken out")
        case before, after:
            return _text(before), _text(after)


def _text(value: Any) -> str:
    match value:
        case None | "":
            return _("nothing")
        case bool():
            return _("yes") if value else _("no")
        case int():
            return ngettext("{count} day", "{count} days", value).format(count=number(value))
        case Quantity():
            return words.measured(value.thousandths, value.unit)
        case UnitPrice():
            return words.price_without_unit(value)
        case date():
            return day(value)
        case VatClass():
            return words.word(words.VAT_CLASSES, value)
        case _:
            return _("“{name}”").format(name=re.sub(r"[\n\t]", " ", str(value)))
