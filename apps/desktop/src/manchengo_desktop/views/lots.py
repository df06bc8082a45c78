"""The lots that hold something, those to be used first at the top."""

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
from manchengo_presenters.screens.lot_line import LotLine
from manchengo_presenters.screens.lot_list import Filter, LotList
from manchengo_presenters.screens.tones import Tone

ROOMY = 1000
"""The width of a screen from which on Arabic names stand beside the French ones."""


def columns() -> list[listing.Column]:
    """What is shown of a lot on its line."""
    return [
        listing.Column(title=_("Lot"), width=160),
        listing.Column(title=_("Product")),
        listing.Column(title=_("Entered on"), width=88, least=1360),
        listing.Column(title=_("Expires on"), width=176),
        listing.Column(title=_("On hand"), width=92, is_figures=True),
        listing.Column(title=_("Reserved"), width=92, is_figures=True, least=1240),
        listing.Column(title=_("State"), width=132),
    ]


def row_of(line: LotLine, *, is_roomy: bool) -> listing.Row:
    """The cells of that lot; ``is_roomy``: its Arabic name too."""
    return listing.Row(
        identifier=f"lot-{line.code}",
        cells=[
            text(line.code, one_line=True),
            _product(line, is_roomy=is_roomy),
            muted(line.entered, BODY),
            _expiry(line),
            figures(line.on_hand),
            muted(line.reserved, BODY),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )


def _product(line: LotLine, *, is_roomy: bool) -> ft.Control:
    """French first; the Arabic name beside it, as long as both fit."""
    name = text(line.product, one_line=True)
    if not (line.arabic and is_roomy):
        return name
    name.expand, name.expand_loose = True, True
    arabic = muted(line.arabic, BODY, one_line=True)
    arabic.rtl, arabic.expand, arabic.expand_loose = True, True, True
    return ft.Row([name, arabic], spacing=M)


def _expiry(line: LotLine) -> ft.Control:
    is_plain = line.away_tone is Tone.PLAIN
    color = ft.Colors.ON_SURFACE_VARIANT if is_plain else tone(line.away_tone).foreground
    away = text(line.away, SMALL, family=REGULAR if is_plain else MEDIUM, color=color)
    away.no_wrap = True
    return ft.Row([figures(line.expires), away], spacing=M - S // 2)


@component
def lots(model: LotList, width: float) -> ft.Control:
    """The list in its four states."""
    use_view_model(model)
    search = search_field(
        "search", _("Search a lot, a product…"), model.set_search, 280, number=model.clears
    )
    head = heading(_("Lots"), model.range_words, search)
    return screen(head, _body(model, width))


def _body(model: LotList, width: float) -> ft.Control:
    return page_table(
        model,
        "lots",
        columns(),
        lambda line: row_of(line, is_roomy=width >= ROOMY),
        lambda: _nothing(model),
        width=width,
        top=filters(model, Filter),
    )


def _nothing(model: LotList) -> ft.Control:
    if model.is_narrowed:
        clear = button("clear", _("Show all lots"), on_press(model.clear))
        return listing.nothing(
            _("No lot fits"), _("Choose another filter, or empty the search."), clear
        )
    return listing.nothing(
        _("No lot holds anything"), _("What is received or made is listed here.")
    )
