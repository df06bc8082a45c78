"""What is typed becomes a value, or is sent back with the rule it breaks: one rule everywhere.

The figures and dates of a command line are read as those of a file are (``importing.parsing``).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import typer

from manchengo_presenters.language import _
from manchengo_presenters.measures import MEASURE, UNITS, Line, Measure

if TYPE_CHECKING:
    from manchengo.domain.unit_price import UnitPrice
    from manchengo_files.conventions import DayOrder, DecimalMark
    from manchengo_presenters.field_types import FieldType

T = TypeVar("T")

MOST_THOUSANDTHS = 10**12
MOST_CENTIMES = 10**9
"""A thousand million units, ten million dinars: beyond, a key stuck. What is worth a quantity at a
price then fits in the integers of every database.
"""

LAST = "last"
"""The word for the commit that was recorded last."""

COMMIT_DIGITS = 8
"""So many digits of the id of a commit are typed at least."""


def day(text: str) -> date:
    """The day that is typed, in any form of ``parsing.day``. Raises ``typer.BadParameter``, like
    all below.
    """
    from manchengo_presenters import parsing

    return _read(parsing.day, text)


def money(text: str) -> int:
    """The amount that is typed in dinars, in centimes."""
    from manchengo_presenters import parsing

    return _read(_at_most(MOST_CENTIMES, parsing.money), text)


def percent(text: str) -> int:
    """The rate that is typed in percent, in basis points: 1900 for 19 %."""
    from manchengo_presenters import parsing

    return _read(parsing.percent, text)


def count(text: str) -> int:
    """A whole number, one at least."""
    from manchengo_presenters import parsing

    return _read(lambda figure: parsing.whole_number(figure, least=1), text)


def code(text: str) -> str:
    """The code that is typed."""
    from manchengo_presenters import parsing

    return _read(parsing.code, text)


def name(text: str) -> str:
    """A name: there is one, and it can be read."""
    from manchengo_presenters import field_values

    return _read(field_values.text, text)


def scanned(text: str) -> str:
    """What a scanner typed: there is something, and it can be read."""
    from manchengo_presenters import field_values

    return _read(field_values.scanned, text)


def text(text: str) -> str:
    """Any text that can be read, or none: an empty one takes away what was there."""
    return name(text) if text.strip() else ""


def measure(text: str) -> Measure:
    """The quantity that is typed, with or without its unit, in thousandths."""
    from manchengo_presenters import parsing

    found = MEASURE.fullmatch(text.strip())
    figure, unit = found.groups() if found else (text, None)
    if unit is not None and unit.lower() not in UNITS:
        raise typer.BadParameter(
            _("“{unit}” is not a unit: use kg, g, L, mL, pièce or carton.").format(unit=unit)
        )
    read = _at_most(MOST_THOUSANDTHS, parsing.quantity)
    return Measure(_read(read, figure), UNITS[unit.lower()] if unit else None)


def price(text: str) -> "UnitPrice":
    """``62,50`` for one unit, ``0,35/100`` for a hundred."""
    from manchengo_presenters import field_values

    return _read(field_values.unit_price, text)


def line(text: str) -> Line:
    """``CODE=QUANTITY``, ``CODE=QUANTITY@PRICE`` or ``CODE=QUANTITY@PRICE/UNITS``."""
    named, equals, rest = text.partition("=")
    amount, at, price_text = rest.partition("@")
    if not equals or not amount.strip() or (at and not price_text.strip()):
        raise typer.BadParameter(
            _("“{text}” is not CODE=QUANTITY, as in GOUDA-KG=22.").format(text=text)
        )
    return Line(code(named), measure(amount), price(price_text) if at else None)


def uuid(text: str) -> UUID:
    """The UUID that is typed."""
    try:
        return UUID(text.strip())
    except ValueError:
        raise typer.BadParameter(
            _("“{text}” is not a UUID, as in 0193b3a0-0000-7000-8000-000000000000.").format(
                text=text
            )
        ) from None


def hexadecimal(text: str) -> str:
    """The beginning of a UUID, or all of it; hyphens do not count."""
    found = text.strip().replace("-", "").lower()
    if not re.fullmatch(r"[0-9a-f]{1,32}", found):
        raise typer.BadParameter(
            _("“{text}” is not the beginning of an identifier, as in 3f9c2a10.").format(text=text)
        )
    return found


def commit(text: str) -> str:
    """The beginning of the id of a commit, long enough to be looked up; or the word for the last
    one.
    """
    if text.strip().lower() == LAST:
        return LAST
    found = hexadecimal(text)
    if len(found) < COMMIT_DIGITS:
        raise typer.BadParameter(
            _("“{text}” is too short: give eight digits at least.").format(text=text)
        )
    return found


def one_of(*names: str) -> Callable[[str], str]:
    """A parser for a word of a short list, in any case."""

    def parse(text: str) -> str:
        for name in names:
            if name.casefold() == text.strip().casefold():
                return name
        raise typer.BadParameter(
            _("“{text}” is not one of: {names}.").format(text=text, names=", ".join(names))
        )

    return parse


def decimal_mark(text: str) -> "DecimalMark":
    """The decimal mark that is named."""
    from manchengo_files.conventions import DecimalMark

    return DecimalMark(one_of(*DecimalMark)(text))


def date_order(text: str) -> "DayOrder":
    """``jma`` as it is said in French: jour, mois, année."""
    from manchengo_files.conventions import DayOrder

    orders = {"jma": DayOrder.DAY_FIRST, "mja": DayOrder.MONTH_FIRST}
    return orders[one_of(*orders)(text)]


def of_type(kind: "FieldType") -> Callable[[str], Any]:
    """The parser of a field of that type; an empty text takes away what was there, where it may."""

    def parse(text: str) -> Any:
        from manchengo_presenters import field_values

        if kind.may_be_empty and not text.strip():
            return ""
        return _read(field_values.parser(kind), text)

    return parse


def _at_most(most: int, parse: Callable[[str], int]) -> Callable[[str], int]:
    def within(text: str) -> int:
        from manchengo_presenters.parsing import Rule, Unreadable

        value = parse(text)
        if value > most:
            raise Unreadable(Rule.TOO_LARGE, text)
        return value

    return within


def _read(parse: Callable[[str], T], text: str) -> T:
    """The value, or a fault of the command line that names the rule."""
    try:
        return parse(text)
    except ValueError as fault:
        raise typer.BadParameter(_typed_wrong(fault, text)) from None


def _typed_wrong(fault: ValueError, text: str) -> str:
    """What is wrong, said of something typed where the rule speaks of a cell of a file."""
    from manchengo_presenters.parsing import Rule

    rule = getattr(fault, "rule", None)
    if rule is Rule.BLANK:
        return _("It is empty: write a value, or leave the option out.")
    rule_text = str(fault)
    if rule is Rule.SCIENTIFIC:
        rule_text = _("Write the number with all its digits, like 1250,5.")
    return _("“{text}”: {rule}").format(text=text, rule=rule_text)
