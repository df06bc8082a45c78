"""Deliveries: to load, on the road, with the client; and the orders of which one is prepared."""

import flet as ft

from manchengo_desktop.components import (
    back_link,
    component,
    heading,
    problem_of,
    screen,
    tone,
)
from manchengo_desktop.paged import filters, page_table
from manchengo_desktop.views.sales import sales_table
from manchengo_flet import listing
from manchengo_flet.controls import button, state_word
from manchengo_flet.fields import search_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.delivery_list import DeliveryLine, DeliveryList, Filter
from manchengo_presenters.screens.new_delivery import NewDelivery


@component
def deliveries(model: DeliveryList, width: float) -> ft.Control:
    """The list in its four states."""
    use_view_model(model)
    search = search_field(
        "search", _("Search a delivery, a client…"), model.set_search, 280, number=model.clears
    )
    begin = button(
        "new-delivery", _("Prepare"), on_press(model.begin), icon=ft.Icons.ADD, primary=True
    )
    beside = [search, begin] if model.may_deliver else [search]
    return screen(heading(_("Deliveries"), model.range_words, *beside), _body(model, width))


def _body(model: DeliveryList, width: float) -> ft.Control:
    return page_table(
        model,
        "deliveries",
        _columns(),
        _row,
        lambda: _nothing(model),
        width=width,
        top=filters(model, Filter),
    )


def _nothing(model: DeliveryList) -> ft.Control:
    if model.filter is Filter.TO_LOAD and not model.search.strip():
        return listing.nothing(
            _("No van waits to be loaded"), _("Prepare the delivery of an order.")
        )
    clear = button("clear", _("Show all deliveries"), on_press(model.clear))
    return listing.nothing(
        _("No delivery fits"), _("Choose another filter, or empty the search."), clear
    )


def _columns() -> list[listing.Column]:
    return [
        listing.Column(title=_("Delivery"), width=160),
        listing.Column(title=_("Client")),
        listing.Column(title=_("Order"), width=160, least=1000),
        listing.Column(title=_("Prepared on"), width=104),
        listing.Column(title=_("Left on"), width=96),
        listing.Column(title=_("Driver"), width=140, least=1240),
        listing.Column(title=_("State"), width=120),
    ]


def _row(line: DeliveryLine) -> listing.Row:
    return listing.Row(
        identifier=f"delivery-{line.code}",
        cells=[
            text(line.code, one_line=True),
            text(line.client, one_line=True),
            muted(line.order, BODY, one_line=True),
            muted(line.prepared, BODY),
            text(line.left),
            text(line.carrier, one_line=True),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )


@component
def new_delivery(model: NewDelivery, width: float) -> ft.Control:
    """The orders that have lots reserved: one press prepares the delivery."""
    use_view_model(model)
    search = search_field(
        "search", _("Search an order, a client…"), model.set_search, 280, number=model.clears
    )
    head = heading(_("Prepare a delivery"), model.range_words, search, back_link(model.context))
    return screen(head, *problem_of(model), _orders(model, width))


def _orders(model: NewDelivery, width: float) -> ft.Control:
    return sales_table(
        model,
        width,
        lambda: _no_order(model),
        top=muted(_("Of which order? What is reserved for it is proposed."), BODY),
        hint=_("↑ ↓ choose · Enter prepare"),
    )


def _no_order(model: NewDelivery) -> ft.Control:
    if model.search.strip():
        clear = button("clear", _("Show all orders"), on_press(model.clear))
        return listing.nothing(_("No order fits"), _("Empty the search."), clear)
    return listing.nothing(_("Nothing is reserved"), _("Confirm an order first."))
