"""Quantities, money and percentages as integers, so that sums never drift."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from attrs import Attribute, field, frozen, validators

from manchengo.domain.errors import Refused

MOST = 10**15
"""A thousand million tonnes, or ten million million dinars: whatever is more is a mistake. Sums of
thousands of them still fit in the 64 bits of a stored number.
"""


@frozen(kw_only=True)
class TooLarge(Refused, ValueError):
    """The number is too large to be stored exactly."""

    what: str
    value: int


def whole(_: object, attribute: "Attribute[int]", value: int) -> None:
    """A whole number from zero to ``MOST``; one plain call, since every quantity passes here."""
    if not isinstance(value, int):
        raise TypeError(f"'{attribute.name}' must be a whole number, not {value!r}")
    if not 0 <= value <= MOST:
        if value < 0:
            raise ValueError(f"'{attribute.name}' must be >= 0: {value}")
        raise TooLarge(what=attribute.name, value=value)


class Unit(StrEnum):
    """What a quantity counts. The text is the one printed on a delivery note."""

    KG = "kg"
    G = "g"
    L = "L"
    ML = "mL"
    PIECE = "piece"
    CARTON = "carton"


def a_unit(_: object, attribute: "Attribute[Unit]", value: Unit) -> None:
    """A ``Unit``, and not its text: units are compared by identity."""
    if not isinstance(value, Unit):
        raise TypeError(f"'{attribute.name}' must be a Unit, such as Unit.KG, not {value!r}")


THOUSAND_OF = {Unit.KG: Unit.G, Unit.L: Unit.ML}
COUNTED = frozenset({Unit.PIECE, Unit.CARTON})
"""What is counted one by one; the other units are measured."""


@frozen(kw_only=True)
class UnitsDiffer(Refused):
    """Two quantities have units that cannot be combined."""

    expected: Unit
    found: Unit


@frozen(kw_only=True)
class TooFine(Refused):
    """A conversion would need less than a thousandth of the target unit."""

    thousandths: int
    unit: Unit
    target: Unit


@frozen(kw_only=True)
class PartOfAPiece(Refused):
    """Pieces and cartons come in, are sold and go out whole."""

    quantity: "Quantity"


@frozen
class Quantity:
    """An exact amount: ``Quantity(1500, Unit.KG)`` is one and a half kilograms.

    ``thousandths`` is a whole number of thousandths of ``unit``, never negative. Quantities of
    different units are never added or compared: ``UnitsDiffer``. As a text, ``1.5 kg``.
    """

    thousandths: int = field(validator=whole)
    unit: Unit = field(validator=a_unit)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The quantity that ``str`` writes so: ``1250.5 kg``. Raises ``ValueError`` for any other
        text.
        """
        figure, _, unit = text.partition(" ")
        if unit not in _UNITS:
            raise ValueError(
                f"{text!r} is no quantity: an amount, a space and one of {', '.join(_UNITS)}, "
                "such as '1250.5 kg'"
            )
        return cls(parse_decimal(figure, 3), _UNITS[unit])

    def __str__(self) -> str:
        return f"{decimal_text(self.thousandths, 3)} {self.unit}"

    def __add__(self, other: Self) -> Self:
        return type(self)(self.thousandths + self._same(other), self.unit)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.thousandths - self._same(other), self.unit)

    def __lt__(self, other: Self) -> bool:
        return self.thousandths < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.thousandths <= self._same(other)

    def __gt__(self, other: Self) -> bool:
        return self.thousandths > self._same(other)

    def __ge__(self, other: Self) -> bool:
        return self.thousandths >= self._same(other)

    def __bool__(self) -> bool:
        return self.thousandths > 0

    def _same(self, other: "Quantity") -> int:
        if other.unit is not self.unit:
            raise UnitsDiffer(expected=self.unit, found=other.unit)
        return other.thousandths

    @property
    def is_part_of_a_piece(self) -> bool:
        """Whether it is no whole number of what is counted one by one."""
        return self.unit in COUNTED and self.thousandths % 1000 != 0

    def in_whole_pieces(self) -> Self:
        """This quantity; ``PartOfAPiece`` where it is no whole number of pieces or cartons."""
        if self.is_part_of_a_piece:
            raise PartOfAPiece(quantity=self)
        return self

    def with_thousandths(self, thousandths: int) -> Self:
        """The same unit, another amount."""
        return type(self)(thousandths, self.unit)

    def scaled(self, numerator: int, denominator: int) -> Self:
        """This quantity × numerator ÷ denominator, rounded half up to the thousandth."""
        return self.with_thousandths(half_up(self.thousandths * numerator, denominator))

    def converted(self, target: Unit, density: "Density | None" = None) -> "Quantity":
        """The same amount in ``target``; litres and kilograms meet only through a density."""
        if target is self.unit:
            return self
        if THOUSAND_OF.get(self.unit) is target:
            return Quantity(self.thousandths * 1000, target)
        if THOUSAND_OF.get(target) is self.unit:
            if self.thousandths % 1000:
                raise TooFine(thousandths=self.thousandths, unit=self.unit, target=target)
            return Quantity(self.thousandths // 1000, target)
        if density is not None and self.unit is Unit.L and target is Unit.KG:
            return Quantity(half_up(self.thousandths * density.grams_per_litre, 1000), target)
        if density is not None and self.unit is Unit.KG and target is Unit.L:
            return Quantity(half_up(self.thousandths * 1000, density.grams_per_litre), target)
        raise UnitsDiffer(expected=target, found=self.unit)


@frozen
class Density:
    """The weight of a litre, in grams: milk is about ``Density(1032)``, as a text ``1032 g/L``."""

    grams_per_litre: int = field(validator=[validators.gt(0), whole])

    def __str__(self) -> str:
        return f"{self.grams_per_litre} g/L"


@frozen(order=True)
class Money:
    """A whole number of centimes of the Algerian dinar (DZD). As a text, ``62.00 DZD``."""

    centimes: int = field(validator=whole)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The amount that ``str`` writes so, with or without ``DZD``: ``62.00``, ``62``.

        Raises ``ValueError`` for any other text.
        """
        return cls(parse_decimal(text.removesuffix(" DZD"), 2))

    def __str__(self) -> str:
        return f"{decimal_text(self.centimes, 2, shown=2)} DZD"

    def __add__(self, other: Self) -> Self:
        return type(self)(self.centimes + other.centimes)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.centimes - other.centimes)

    def __bool__(self) -> bool:
        return self.centimes > 0


@frozen(order=True)
class Percent:
    """A rate in basis points: 19 % is ``Percent(1900)``, as a text ``19%``."""

    basis_points: int = field(validator=whole)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The rate that ``str`` writes so: ``19%``, ``9.5%``. Raises ``ValueError`` for any other
        text.
        """
        if not text.endswith("%"):
            raise ValueError(f"{text!r} is no percentage: a number and %, such as '19%'")
        return cls(parse_decimal(text.removesuffix("%"), 2))

    def __str__(self) -> str:
        return f"{decimal_text(self.basis_points, 2)}%"

    def of(self, amount: Money) -> Money:
        """This share of ``amount``, rounded half up to the centime."""
        return Money(half_up(amount.centimes * self.basis_points, 10_000))


FREE_OF_CHARGE = Money(0)

_UNITS = {unit.value: unit for unit in Unit}
_DECIMAL = re.compile(r"([0-9]{1,18})(?:\.([0-9]+))?")


def decimal_text(scaled: int, places: int, *, shown: int = 0) -> str:
    """A whole number of ``10**-places`` as a decimal: of 3 places, ``1250500`` is ``1250.5``.

    ``shown``: how many decimals are written even where they are zeros.
    """
    units, rest = divmod(abs(scaled), 10**places)
    digits = f"{rest:0{places}}"
    decimals = digits[:shown] + digits[shown:].rstrip("0")
    return f"{'-' if scaled < 0 else ''}{units}{'.' if decimals else ''}{decimals}"


def parse_decimal(text: str, places: int) -> int:
    """The whole number of ``10**-places`` that the decimal says exactly; else ``ValueError``."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no amount: digits, and a point before decimals")
    units, decimals = match[1], match[2] or ""
    if len(decimals) > places:
        raise ValueError(f"{text!r} has more than {places} decimals")
    return int(units + decimals.ljust(places, "0"))


def days_after(day: date, days: int) -> date:
    """So many days later; the last day there is where the calendar ends before that."""
    return day + timedelta(days=min(days, (date.max - day).days))


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number to numerator ÷ denominator; a half goes up."""
    return (2 * numerator + denominator) // (2 * denominator)


def total(quantities: Iterable[Quantity], unit: Unit) -> Quantity:
    """The sum, in ``unit``; zero of that unit when there is nothing to add."""
    amount = Quantity(0, unit)
    for quantity in quantities:
        amount += quantity
    return amount
