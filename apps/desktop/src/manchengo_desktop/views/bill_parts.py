"""What pages about bills share: the lines of a bill, and what it comes to."""

import flet as ft

from manchengo_flet import listing
from manchengo_flet.controls import card, link, named
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, figures, muted, text
from manchengo_presenters.language import _
from manchengo_presenters.screens.bill_view import BillLineView, BillView
from manchengo_presenters.screens.bills_shown import BillShown
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.sale_page import SalePage


def bill_lines(bill: BillView, width: float) -> ft.Control:
    """The lines of a bill, one below the other."""
    columns = [
        listing.Column(title=_("Designation")),
        listing.Column(title=_("Quantity"), width=92, is_figures=True),
        listing.Column(title=_("Unit price"), width=108, is_figures=True, least=760),
        listing.Column(title=_("TVA"), width=56, is_figures=True, least=1100),
        listing.Column(title=_("Before tax"), width=116, is_figures=True),
    ]
    rows = [_line(place, each) for place, each in enumerate(bill.lines)]
    return listing.short_table("bill-lines", columns, rows, width=width)


def _line(place: int, line: BillLineView) -> listing.Row:
    name: list[ft.Control] = [text(line.designation)]
    if line.discount:
        name.append(muted(line.discount, one_line=True))
    return listing.Row(
        identifier=f"line-{place}",
        cells=[
            ft.Column(name, spacing=0, tight=True),
            figures(line.quantity),
            figures(line.price),
            text(line.vat),
            figures(line.net),
        ],
    )


def bill_sums(pairs: tuple[tuple[str, str], ...]) -> ft.Control:
    """What it comes to; the last line is what counts."""
    *before, (name, amount) = pairs
    rows: list[ft.Control] = [
        ft.Row([muted(title, BODY, expand=True), figures(value)], spacing=L)
        for title, value in before
    ]
    last = ft.Row(
        [
            text(name, BODY, family=SEMIBOLD, expand=True),
            text(amount, BODY, family=SEMIBOLD),
        ],
        spacing=L,
    )
    return named(
        "sums", card(ft.Column([*rows, ft.Divider(height=1), last], spacing=M, tight=True))
    )


def bill_links(model: DeliveryPage | SalePage, bills: tuple[BillShown, ...]) -> list[ft.Control]:
    """A way to each of these invoices, for who may see them."""
    if not model.may_see_bills:
        return []
    return [
        link(
            f"bill-{each.number}",
            _("Invoice {number}").format(number=each.number),
            on_press(model.open_bill, each),
            in_line=True,
        )
        for each in bills
    ]
