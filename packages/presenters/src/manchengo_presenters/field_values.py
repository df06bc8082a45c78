"""How the values of each type of field are read, shown and given in JSON."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.domain.allocation import Policy
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.unit_price import MOST_UNITS, UnitPrice
from manchengo.domain.values import Percent, Quantity, Unit
from manchengo.ports.rows import ListPriceRow, RawProductRow, RecipeIngredientRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import choices, formatting, parsing, shapes, words
from manchengo_presenters import field_types as types
from manchengo_presenters.field_types import FieldType
from manchengo_presenters.language import _, ngettext

LONGEST_TEXT = 500
GS1_SEPARATOR = "\x1d"
MOST_CENTIMES = 10**9
MOST_DAYS = 36_500
"""Ten million dinars a unit, a century: beyond, a key stuck. What is worth a quantity at a price
then fits in the integers of every database.
"""

Parts = Sequence[tuple[str, Quantity]]
"""The codes of products, and how much of each."""


ListPrices = Sequence[tuple[str, date, UnitPrice]]
"""The codes of products, each with a day and the price from that day on."""


def _column(_snapshot: Snapshot, row: Any, name: str) -> Any:
    return getattr(row, name)


def _as_text(value: Any, _unit: str) -> str:
    return str(value)


@frozen(kw_only=True)
class FieldValues:
    """How the values of one type are read, shown and given in JSON.

    ``parse``: from what people type; raises ``ValueError`` whose text tells them what is wrong.
    None where no single text gives the value. ``of_row``: from the rows of the entry, by the name
    of the field. ``say``: for people; the second argument is the unit that the entry is kept in, ""
    where that is not known. ``write``: as ``parse`` reads it again. ``options``: the only values
    there are, by what ``write`` makes of each; empty where there are too many. ``plain``: for JSON.
    """

    parse: Callable[[str], Any] | None = None
    of_row: Callable[[Snapshot, Any, str], Any] = _column
    say: Callable[[Any, str], str] = _as_text
    write: Callable[[Any], str] = lambda value: "" if value is None else str(value)
    options: Mapping[str, Any] = {}
    plain: Callable[[Any], Any] = shapes.plain


# ------------------------------------------------------------------------------- parsing


def text(written: str) -> str:
    """A text of at most ``LONGEST_TEXT`` characters. Raises ``Unreadable``."""
    return parsing.prose(written, longest=LONGEST_TEXT)


def scanned(written: str) -> str:
    """What a scanner typed: a text, in which GS1 separates parts by a character that none has.
    Raises ``Unreadable``.
    """
    parts = [part for part in written.split(GS1_SEPARATOR) if part] or [written]
    return GS1_SEPARATOR.join(map(text, parts))


def days(written: str) -> int:
    """A length of time; a century at most, so that a day reckoned with it is one."""
    return parsing.whole_number(written, most=MOST_DAYS)


def unit_price(written: str) -> UnitPrice:
    """``62,50`` for one unit, ``0,35/100`` for a hundred."""
    amount, slash, units = written.partition("/")
    centimes = parsing.money(amount)
    if centimes > MOST_CENTIMES:
        raise parsing.Unreadable(parsing.Rule.TOO_LARGE, amount)
    if not slash:
        return UnitPrice(centimes)
    return UnitPrice(centimes, parsing.whole_number(units, least=1, most=MOST_UNITS))


# ------------------------------------------------------------------------------- showing


def say_days(count: int, _unit: str = "") -> str:
    """A number of days, in words."""
    return ngettext("{count} day", "{count} days", count).format(count=formatting.number(count))


def say_price(price: UnitPrice, unit: str) -> str:
    """A price, for its unit where one is known."""
    if not unit:
        return words.price_without_unit(price)
    return words.price(price.centimes, price.per, unit)


def list_price(price: UnitPrice, unit: str = "") -> str:
    """A price of a price list; zero is none of its own."""
    return say_price(price, unit) if price else _("none")


def _written_price(price: UnitPrice) -> str:
    amount = formatting.money(price.centimes, currency="")
    return amount if price.per == 1 else f"{amount}/{price.per}"


def _say_parts(parts: Parts, _unit: str) -> str:
    return ", ".join(f"{code} {words.measure(quantity)}" for code, quantity in parts)


def _plain_parts(parts: Parts) -> list[dict[str, Any]]:
    return [{"product": code, **shapes.plain(quantity)} for code, quantity in parts]


def _parts(snapshot: Snapshot, row: Any, name: str) -> Parts:
    return [
        (product_of(snapshot, part.product_id).code, Quantity(part.quantity, Unit(part.unit)))
        for part in snapshot.rows(RecipeIngredientRow, recipe_id=row.id, version=row.version)
        if part.by_product == (name == "by_products")
    ]


def _prices(snapshot: Snapshot, row: Any, _name: str) -> ListPrices:
    return sorted(
        (
            (
                product_of(snapshot, each.product_id).code,
                each.from_day,
                UnitPrice(each.price, each.price_per),
            )
            for each in snapshot.rows(ListPriceRow, price_list_id=row.id)
        ),
        key=lambda price: price[:2],
    )


def _say_prices(prices: ListPrices, _unit: str) -> str:
    return "; ".join(
        _("{product} {price} from {day}").format(
            product=product,
            price=list_price(price),
            day=formatting.day(since),
        )
        for product, since, price in prices
    )


def _plain_prices(prices: ListPrices) -> list[dict[str, Any]]:
    return [
        {
            "product": product,
            "from": since.isoformat(),
            "price": formatting.plain_money(price.centimes),
            "price_per": price.per,
        }
        for product, since, price in prices
    ]


def _kind_of_product(_snapshot: Snapshot, row: Any, _name: str) -> ProductKind:
    return ProductKind.RAW if isinstance(row, RawProductRow) else ProductKind.FINISHED


# --------------------------------------------------------------------------------- types

VALUES: Mapping[FieldType, FieldValues] = {
    types.TEXT: FieldValues(parse=text),
    types.CODE: FieldValues(parse=parsing.code),
    types.DAYS: FieldValues(parse=days, say=say_days),
    types.YES_OR_NO: FieldValues(
        parse=choices.yes_or_no,
        say=lambda value, _unit: _("yes") if value else _("no"),
        write=lambda value: "oui" if value else "",
        options={"oui": True, "": False},
    ),
    types.PRICE: FieldValues(  # in JSON, for how many units it is has a key of its own
        parse=unit_price,
        of_row=lambda _snapshot, row, _name: UnitPrice(row.price, row.price_per),
        say=say_price,
        write=_written_price,
        plain=lambda price: formatting.plain_money(price.centimes),
    ),
    types.VAT_CLASS: FieldValues(
        parse=choices.vat_class,
        of_row=lambda _snapshot, row, name: VatClass(getattr(row, name)),
        say=lambda value, _unit: words.word(words.VAT_CLASSES, value),
        options={each.value: each for each in VatClass},
    ),
    types.POLICY: FieldValues(
        parse=choices.policy,
        of_row=lambda _snapshot, row, name: Policy(getattr(row, name)),
        options={each.value: each for each in Policy},
    ),
    types.PRODUCT_KIND: FieldValues(
        parse=choices.product_kind,
        of_row=_kind_of_product,
        say=lambda value, _unit: words.word(words.PRODUCT_KINDS, value),
        options={each.value: each for each in ProductKind},
    ),
    types.UNIT: FieldValues(
        parse=choices.unit,
        of_row=lambda _snapshot, row, name: Unit(getattr(row, name)),
        say=lambda value, _unit: words.unit_word(1000, value),
        options={each.value: each for each in Unit},
    ),
    types.PRODUCT_CODE: FieldValues(
        parse=parsing.code,
        of_row=lambda snapshot, row, _name: product_of(snapshot, row.product_id).code,
    ),
    types.COUNT: FieldValues(parse=parsing.whole_number),
    types.QUANTITY: FieldValues(  # in JSON, its unit has a key of its own
        of_row=lambda _snapshot, row, name: Quantity(getattr(row, name), Unit(row.unit)),
        say=lambda quantity, _unit: words.measure(quantity),
        plain=lambda quantity: formatting.plain(quantity.thousandths),
    ),
    types.PERCENT: FieldValues(
        parse=lambda written: Percent(parsing.percent(written)),
        of_row=lambda _snapshot, row, name: Percent(getattr(row, name)),
        say=lambda share, _unit: formatting.percent(share.basis_points),
    ),
    types.DAY: FieldValues(parse=parsing.day, say=lambda when, _unit: formatting.day(when)),
    types.PRICE_LIST: FieldValues(parse=parsing.code),
    types.PRICES: FieldValues(of_row=_prices, say=_say_prices, plain=_plain_prices),
    types.PARTS: FieldValues(of_row=_parts, say=_say_parts, plain=_plain_parts),
}


def parser(kind: FieldType) -> Callable[[str], Any]:
    """What reads a text as a value of that type."""
    parse = VALUES[kind].parse
    assert parse is not None, f"no single text gives {kind.name}"
    return parse
