"""What a bill adds up to: net per line, TVA once per rate, the whole in centimes.

The rounding is ours (no text governs it): a line is rounded half up to the centime, TVA is taken
per rate on the sum of the net lines and rounded once, half up. Rates come in with the lines, each
with the identifier of the dated rule it was read from: an issued bill can always be explained.
"""

from collections.abc import Iterable
from typing import Self

from attrs import evolve, field, frozen

from manchengo.domain.errors import NothingToDo, Refused
from manchengo.domain.ids import ProductId
from manchengo.domain.names import visible
from manchengo.domain.unit_price import NO_DISCOUNT, UnitPrice, for_one
from manchengo.domain.values import FREE_OF_CHARGE, Money, Percent, Quantity


@frozen(kw_only=True)
class BillLine:
    """``unit_price`` is before tax; ``vat_rule`` names the dated rate it bears.

    ``product_id`` is None for what is not goods: transport, deposits on packaging, costs advanced.
    """

    designation: str
    quantity: Quantity
    unit_price: UnitPrice = field(converter=for_one)
    vat_rate: Percent
    vat_rule: str
    product_id: ProductId | None = None
    discount: Percent = NO_DISCOUNT

    def net(self) -> Money:
        """Before tax, discount taken."""
        return self.unit_price.of(self.quantity, less=self.discount)

    def with_quantity(self, quantity: Quantity) -> Self:
        """The same line of so much."""
        return evolve(self, quantity=quantity)


@frozen(kw_only=True)
class VatAmount:
    """The TVA of one rate, and the net it was taken on."""

    rate: Percent
    base: Money
    amount: Money


@frozen(kw_only=True)
class Totals:
    """``net`` before tax, ``vat`` by rate from the highest, ``gross`` with tax."""

    net: Money
    vat: tuple[VatAmount, ...]
    gross: Money


@frozen(kw_only=True)
class LineIncomplete(Refused):
    """The line has no name or no quantity, or its discount is above its price."""

    designation: str
    field: str


def totals(lines: Iterable[BillLine]) -> Totals:
    """The sums of the lines: net, VAT by rate, gross. VAT is rounded once a rate."""
    bases: dict[Percent, Money] = {}
    for line in lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, FREE_OF_CHARGE) + line.net()
    vat = tuple(
        VatAmount(rate=rate, base=base, amount=rate.of(base))
        for rate, base in sorted(bases.items(), reverse=True)
    )
    net = Money(sum(base.centimes for base in bases.values()))
    return Totals(
        net=net,
        vat=vat,
        gross=Money(net.centimes + sum(one.amount.centimes for one in vat)),
    )


def whole(lines: tuple[BillLine, ...]) -> tuple[BillLine, ...]:
    """The lines, refused where one would not stand on a bill, or all come to too much."""
    if not lines:
        raise NothingToDo(what="bill lines")
    for line in lines:
        if not visible(line.designation):
            raise LineIncomplete(designation="", field="designation")
        if not line.quantity:
            raise LineIncomplete(designation=line.designation, field="quantity")
        if line.discount.basis_points > 10_000:
            raise LineIncomplete(designation=line.designation, field="discount")
    totals(lines)
    return lines
