"""Invoices, those that are due first; and the deliveries that are invoiced."""

import flet as ft

from manchengo_desktop.components import back_link, component, heading, screen, tone
from manchengo_desktop.paged import filters, page_table
from manchengo_flet import listing
from manchengo_flet.controls import button, state_word
from manchengo_flet.fields import search_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, REGULAR, SMALL, M, S, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.invoice_list import Filter, InvoiceLine, InvoiceList
from manchengo_presenters.screens.to_invoice import DeliveryToBill, ToInvoice
from manchengo_presenters.screens.tones import Tone


@component
def invoices(model: InvoiceList, width: float) -> ft.Control:
    """The list in its four states."""
    use_view_model(model)
    search = search_field(
        "search", _("Search an invoice, a client…"), model.set_search, 280, number=model.clears
    )
    begin = button(
        "new-invoice", _("Invoice it"), on_press(model.begin), icon=ft.Icons.ADD, primary=True
    )
    beside = [search, begin] if model.may_bill else [search]
    return screen(heading(_("Invoices"), model.range_words, *beside), _body(model, width))


def _body(model: InvoiceList, width: float) -> ft.Control:
    return page_table(
        model,
        "invoices",
        _columns(),
        _row,
        lambda: _nothing(model),
        width=width,
        top=filters(model, Filter),
    )


def _nothing(model: InvoiceList) -> ft.Control:
    if model.filter is Filter.DUE and not model.search.strip():
        return listing.nothing(
            _("Nothing is owed"), _("Invoice what was delivered: it is listed here until paid.")
        )
    if model.is_narrowed:
        clear = button("clear", _("Show all invoices"), on_press(model.clear))
        return listing.nothing(
            _("No invoice fits"), _("Choose another filter, or empty the search."), clear
        )
    return listing.nothing(_("No invoice yet"), _("Invoice what was delivered."))


def _columns() -> list[listing.Column]:
    return [
        listing.Column(title=_("Invoice"), width=144),
        listing.Column(title=_("Client")),
        listing.Column(title=_("Issued on"), width=96, least=1000),
        listing.Column(title=_("To be paid by"), width=180),
        listing.Column(title=_("With tax"), width=130, is_figures=True, least=1100),
        listing.Column(title=_("Still due"), width=120, is_figures=True),
        listing.Column(title=_("State"), width=110),
    ]


def _row(line: InvoiceLine) -> listing.Row:
    return listing.Row(
        identifier=f"invoice-{line.number}",
        cells=[
            text(line.number, one_line=True),
            text(line.client, one_line=True),
            muted(line.day, BODY),
            _due_on(line),
            figures(line.gross),
            figures(line.due),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )


def _due_on(line: InvoiceLine) -> ft.Control:
    is_late = line.tone is Tone.BAD
    color = tone(line.tone).foreground if is_late else ft.Colors.ON_SURFACE_VARIANT
    away = text(line.away, SMALL, family=MEDIUM if is_late else REGULAR, color=color)
    away.no_wrap = True
    return ft.Row([figures(line.due_on), away], spacing=M - S // 2)


@component
def to_invoice(model: ToInvoice, width: float) -> ft.Control:
    """The deliveries that left: opening one leads to its invoice."""
    use_view_model(model)
    search = search_field(
        "search", _("Search a delivery, a client…"), model.set_search, 280, number=model.clears
    )
    head = heading(_("Deliveries to invoice"), model.range_words, search, back_link(model.context))
    return screen(head, _deliveries(model, width))


def _deliveries(model: ToInvoice, width: float) -> ft.Control:
    columns = [
        listing.Column(title=_("Delivery"), width=180),
        listing.Column(title=_("Client")),
        listing.Column(title=_("Left on"), width=110),
        listing.Column(title=_("Invoice"), width=190),
    ]
    return page_table(
        model,
        "deliveries-to-invoice",
        columns,
        _delivery,
        lambda: _no_delivery(model),
        width=width,
        top=muted(_("Open the one to invoice. Those that have an invoice lead to it."), BODY),
    )


def _no_delivery(model: ToInvoice) -> ft.Control:
    if model.search.strip():
        clear = button("clear", _("Show all deliveries"), on_press(model.clear))
        return listing.nothing(_("No delivery fits"), _("Empty the search."), clear)
    return listing.nothing(
        _("Nothing to invoice"), _("No delivery left yet: let a van leave first.")
    )


def _delivery(line: DeliveryToBill) -> listing.Row:
    numbers = ", ".join(each.number for each in line.bills)
    state = (
        text(numbers, one_line=True)
        if numbers
        else ft.Row([state_word(_("to invoice"), tone(Tone.WARN))], tight=True)
    )
    return listing.Row(
        identifier=f"delivery-{line.code}",
        cells=[
            text(line.code, one_line=True),
            text(line.client, one_line=True),
            muted(line.left, BODY),
            state,
        ],
    )
