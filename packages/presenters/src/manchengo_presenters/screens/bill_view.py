"""The lines and sums of a bill, as screens show them."""

from collections.abc import Sequence

from attrs import frozen

from manchengo.domain.billing import BillLine, Totals, totals
from manchengo_presenters import words
from manchengo_presenters.formatting import money, percent
from manchengo_presenters.language import _


@frozen(kw_only=True)
class BillLineView:
    """A line; ``price``: of one unit before tax, its ``discount`` beside it, "" where there is
    none; ``net``: before tax.
    """

    designation: str
    quantity: str
    price: str
    discount: str
    vat: str
    net: str


@frozen(kw_only=True)
class BillView:
    """``sums``: a name and an amount each, from before tax to with tax."""

    lines: tuple[BillLineView, ...]
    sums: tuple[tuple[str, str], ...]
    gross: str


def bill_view(lines: Sequence[BillLine]) -> BillView:
    """What these lines come to."""
    of_bill = totals(lines)
    return BillView(
        lines=tuple(_line(each) for each in lines),
        sums=_sums(of_bill),
        gross=money(of_bill.gross.centimes),
    )


def _line(line: BillLine) -> BillLineView:
    price, unit = line.unit_price, line.quantity.unit
    discount = line.discount.basis_points
    return BillLineView(
        designation=line.designation,
        quantity=words.measure(line.quantity),
        price=words.price(price.centimes, price.per, unit),
        discount=_("less {share}").format(share=percent(discount)) if discount else "",
        vat=percent(line.vat_rate.basis_points) if line.vat_rate.basis_points else _("exempt"),
        net=money(line.net().centimes),
    )


def _sums(of_bill: Totals) -> tuple[tuple[str, str], ...]:
    taxes = [
        (
            _("TVA at {rate} of {base}").format(
                rate=percent(each.rate.basis_points), base=money(each.base.centimes)
            ),
            money(each.amount.centimes),
        )
        for each in of_bill.vat
        if each.rate.basis_points
    ]
    return (
        (_("Total before tax"), money(of_bill.net.centimes)),
        *taxes,
        (_("Total with tax"), money(of_bill.gross.centimes)),
    )
