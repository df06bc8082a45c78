"""Suppliers, clients, products and price lists: the list of a register, and one entry of it."""

from typing import TypeGuard

import flet as ft

from manchengo_desktop.components import (
    back_link,
    component,
    facts,
    form_field,
    heading,
    in_pairs,
    problem_of,
    save_button,
    save_button_below,
    screen,
    unread,
)
from manchengo_desktop.paged import page_table
from manchengo_desktop.views.charts import charts_beside
from manchengo_desktop.views.entry_history import entry_history
from manchengo_desktop.views.list_prices import list_prices, prices_by_list
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, named, stacked, state_word
from manchengo_flet.fields import choice_field, search_field, tick_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, XL, L, M, Tone, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.price_list_page import PriceListPage
from manchengo_presenters.screens.product_page import ProductPage
from manchengo_presenters.screens.register_list import EntryLine, RegisterList, empty_words
from manchengo_presenters.screens.register_page import FieldView, RegisterPage

WIDTHS = {
    "code": 120,
    "kind": 130,
    "unit": 64,
    "price": 110,
    "shelf_life_days": 92,
    "allocation": 92,
    "category": 110,
    "commune": 100,
    "phone": 130,
}
"""Of the columns that are no share of what is left."""

LEAST = {"allocation": 1000, "commune": 900, "category": 900, "kind": 760, "shelf_life_days": 860}
"""The width of the screen from which on a column is shown."""

FORM_WIDTH = 460
LISTS_WIDTH = 620
"""Of the prices of a product by the lists."""

LEAST_COLUMN = 400
"""Half of the least width of a screen whose fields stand in two columns."""


@component
def register_list(model: RegisterList, width: float) -> ft.Control:
    """The list in its four states."""
    use_view_model(model)
    add = button(
        "new-entry",
        _("New"),
        on_press(model.add),
        icon=ft.Icons.ADD,
        primary=True,
    )
    search = search_field(
        "search", _("Search a name, a code…"), model.set_search, 260, number=model.clears
    )
    beside = [search, add] if model.may_add else [search]
    head = heading(model.title, model.range_words, *beside)
    return screen(head, _body(model, width))


def _body(model: RegisterList, width: float) -> ft.Control:
    page = ft.context.page
    archived = tick_field(
        "archived",
        _("Archived ones too"),
        lambda is_shown: page.run_task(model.show_archived, is_shown),
        value=model.shows_archived,
    )
    return page_table(
        model,
        "entries",
        [
            listing.Column(
                title=_(field.label),
                width=WIDTHS.get(field.name, 0),
                is_figures=field.type.is_figure,
                least=LEAST.get(field.name, 0),
            )
            for field in model.fields
        ],
        lambda line: _row(model, line),
        lambda: _nothing(model),
        width=width,
        top=archived,
    )


def _nothing(model: RegisterList) -> ft.Control:
    if model.is_narrowed or model.shows_archived:
        clear = button("clear", _("Empty the search"), on_press(model.clear))
        return listing.nothing(_("No entry fits"), _("Empty the search."), clear)
    title, advice = empty_words(model.register)
    way = button("import-entries", _("Import a file"), on_press(model.bring_in))
    return listing.nothing(title, advice, way if model.may_import else None)


def _row(model: RegisterList, line: EntryLine) -> listing.Row:
    cells: list[ft.Control] = []
    for field in model.fields:
        shown = line.cells[field.name]
        if field.name == "name":
            cells.append(_name(line))
        elif field.type.is_figure:
            cells.append(figures(shown))
        else:
            cells.append(text(shown, one_line=True))
    return listing.Row(identifier=f"entry-{line.code}", cells=cells)


def _name(line: EntryLine) -> ft.Control:
    """French first, the Arabic name beside it, and that it is archived."""
    name = text(line.cells["name"], one_line=True)
    name.expand, name.expand_loose = 3, True
    parts: list[ft.Control] = [name]
    if line.arabic:
        arabic = muted(line.arabic, BODY, one_line=True)
        arabic.rtl, arabic.expand, arabic.expand_loose = True, 1, True
        parts.append(arabic)
    if line.is_archived:
        parts.append(state_word(_("archived"), Tone.PLAIN))
    return ft.Row(parts, spacing=M)


@component
def register_page(model: RegisterPage, width: float) -> ft.Control:
    """One entry: its fields, or what is known of it where the person may not change it."""
    use_view_model(model)
    back = back_link(model.context)
    if not model.is_new and model.entry is None:
        waits = unread(model) if model.problem else listing.late(_("Still running…"))
        return screen(heading("", "", back), waits)
    title = model.entry.title if model.entry else _("New entry")
    arabic = model.entry.arabic if model.entry else ""
    head = heading(title, arabic, back, *_actions(model))
    if model.is_new or model.may_change:
        body = _form(model, width)
    else:
        known = dict(model.entry.facts) if model.entry else {}
        body = ft.Container(named("facts", card(facts(known))), width=FORM_WIDTH)
    parts: list[ft.Control] = [ft.Row([body])]
    if isinstance(model, PriceListPage) and not model.is_new:
        parts.extend(list_prices(model, width))
    if isinstance(model, ProductPage) and model.lists:
        parts.append(ft.Row([ft.Container(prices_by_list(model, width), width=LISTS_WIDTH)]))
    if model.history:
        parts.append(ft.Row([entry_history(model)]))
    above = [charts_beside(model.charts, width)] if _has_charts(model) else []
    return screen(head, ft.ListView([*above, *parts], spacing=L, expand=True))


def _has_charts(model: RegisterPage) -> TypeGuard[ProductPage]:
    return isinstance(model, ProductPage) and not model.is_new


def _actions(model: RegisterPage) -> list[ft.Control]:
    if not (model.is_new or model.may_change):
        return []
    save = save_button(model, model.save)
    return (
        [save] if model.is_new else [link("archive", _("Archive"), on_press(model.archive)), save]
    )


def _form(model: RegisterPage, width: float) -> ft.Control:
    parts: list[ft.Control] = [*problem_of(model)]
    if model.fixed:
        parts.append(facts(dict(model.fixed)))
    fields = [_field(model, field) for field in model.fields]
    is_wide = width >= 2 * LEAST_COLUMN and len(fields) > 6
    if is_wide:
        parts += in_pairs(fields)
    else:
        parts += fields
    parts.append(save_button_below(model, model.save))
    room = min(2 * FORM_WIDTH, width - 2 * XL) if is_wide else FORM_WIDTH
    return ft.Container(card(stacked(parts, spacing=L)), width=room)


def _field(model: RegisterPage, field: FieldView) -> ft.Control:
    if field.is_flag:
        return tick_field(
            field.name,
            field.label,
            lambda is_on: model.choose(field.name, "oui" if is_on else ""),
            value=bool(model.values[field.name]),
            hint=field.hint,
        )
    if field.options:
        return choice_field(
            field.name,
            field.label,
            field.options,
            model.choose,
            value=model.values[field.name],
            error=model.errors.get(field.name),
        )
    return form_field(
        model, field.name, field.label, hint=field.hint, on_submit=on_press(model.save)
    )
