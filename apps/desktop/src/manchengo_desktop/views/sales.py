"""Clients' orders, those that are late at the top."""

from collections.abc import Callable

import flet as ft

from manchengo_desktop.components import component, heading, screen, tone
from manchengo_desktop.paged import filters, page_table
from manchengo_flet import listing
from manchengo_flet.controls import button, state_word
from manchengo_flet.fields import search_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, MEDIUM, REGULAR, SMALL, M, S, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.sale_line import SaleLine
from manchengo_presenters.screens.sale_list import Filter, SaleList
from manchengo_presenters.screens.tones import Tone


@component
def sales(model: SaleList, width: float) -> ft.Control:
    """The list in its four states."""
    use_view_model(model)
    search = search_field(
        "search", _("Search an order, a client…"), model.set_search, 280, number=model.clears
    )
    head = heading(_("Sales orders"), model.range_words, search, *_begin(model))
    listed = sales_table(model, width, lambda: _nothing(model), top=filters(model, Filter))
    return screen(head, listed)


def _begin(model: SaleList) -> list[ft.Control]:
    if not model.may_sell:
        return []
    return [
        button(
            "new-sale", _("New sales order"), on_press(model.begin), icon=ft.Icons.ADD, primary=True
        )
    ]


def sales_table(
    model: SaleList,
    width: float,
    nothing: Callable[[], ft.Control],
    *,
    top: ft.Control,
    hint: str | None = None,
) -> ft.Control:
    """Clients' orders, a page of them."""
    return page_table(model, "sales", _columns(), _row, nothing, width=width, hint=hint, top=top)


def _nothing(model: SaleList) -> ft.Control:
    if model.is_narrowed:
        clear = button("clear", _("Show all orders"), on_press(model.clear))
        return listing.nothing(
            _("No order fits"), _("Choose another filter, or empty the search."), clear
        )
    return listing.nothing(_("No order yet"), _("What clients order is listed here."))


def _columns() -> list[listing.Column]:
    return [
        listing.Column(title=_("Order"), width=160),
        listing.Column(title=_("Client")),
        listing.Column(title=_("Ordered on"), width=88, least=1000),
        listing.Column(title=_("Wanted by"), width=192),
        listing.Column(title=_("Before tax"), width=120, is_figures=True, least=900),
        listing.Column(title=_("State"), width=168),
    ]


def _row(line: SaleLine) -> listing.Row:
    return listing.Row(
        identifier=f"sale-{line.code}",
        cells=[
            text(line.code, one_line=True),
            text(line.client, one_line=True),
            muted(line.ordered, BODY),
            _wanted(line),
            figures(line.net),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )


def _wanted(line: SaleLine) -> ft.Control:
    is_plain = line.away_tone is Tone.PLAIN
    color = ft.Colors.ON_SURFACE_VARIANT if is_plain else tone(line.away_tone).foreground
    away = text(line.away, SMALL, family=REGULAR if is_plain else MEDIUM, color=color)
    away.no_wrap = True
    return ft.Row([figures(line.wanted), away], spacing=M - S // 2)
