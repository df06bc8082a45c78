"""What so many units cost: a label may cost less than a centime, a hundred of them do not."""

from typing import Self

from attrs import Attribute, field, frozen

from manchengo.domain.values import (
    Money,
    Percent,
    Quantity,
    decimal_text,
    half_up,
    parse_decimal,
    whole,
)

MOST_UNITS = 1_000_000
NO_DISCOUNT = Percent(0)


def _at_least_one(_: object, attribute: "Attribute[int]", value: int) -> None:
    if not isinstance(value, int):
        raise TypeError(f"'{attribute.name}' must be a whole number, not {value!r}")
    if not 1 <= value <= MOST_UNITS:
        raise ValueError(f"'{attribute.name}' must be from 1 to {MOST_UNITS}: {value}")


@frozen
class UnitPrice:
    """An amount for so many units: ``UnitPrice(35, per=100)`` is 0.35 DZD for a hundred.

    ``centimes``: a whole number of them, before tax. ``per``: how many units of the product that
    is for, from 1 to a million. As a text, ``62.00 DZD`` or ``0.35 DZD/100``.
    """

    centimes: int = field(validator=whole)
    per: int = field(default=1, validator=_at_least_one)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The price that ``str`` writes so, with or without ``DZD``. ``ValueError`` otherwise."""
        amount, slash, per = text.partition("/")
        return cls(
            parse_decimal(amount.removesuffix(" DZD"), 2), parse_decimal(per, 0) if slash else 1
        )

    def __str__(self) -> str:
        amount = f"{decimal_text(self.centimes, 2, shown=2)} DZD"
        return amount if self.per == 1 else f"{amount}/{self.per}"

    def __bool__(self) -> bool:
        return self.centimes > 0

    def of(self, quantity: Quantity, *, less: Percent = NO_DISCOUNT) -> Money:
        """What so much costs, the discount taken: exact, and rounded half up to the centime once.

        ``quantity`` in the unit that the price is for. ``TooLarge`` beyond what ``Money`` holds.
        """
        return Money(self.centimes_of(quantity, less=less))

    def centimes_of(self, quantity: Quantity, *, less: Percent = NO_DISCOUNT) -> int:
        """The same in centimes, as a number without a bound."""
        numerator = quantity.thousandths * self.centimes * (10_000 - less.basis_points)
        return half_up(numerator, 1000 * 10_000 * self.per)


def for_one(price: Money | UnitPrice) -> UnitPrice:
    """A price as it is; an amount of money as the price of one unit."""
    return UnitPrice(price.centimes) if isinstance(price, Money) else price


NOTHING = UnitPrice(0)
"""The price of what is given away, or of what nobody said."""
