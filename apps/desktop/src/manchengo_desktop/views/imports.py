"""Imports: those that were made, and the file that comes in now."""

import flet as ft

from manchengo_desktop.components import (
    component,
    form_field,
    heading,
    problem_of,
    screen,
    tone,
)
from manchengo_desktop.paged import page_table
from manchengo_desktop.views.import_file import choose_button, file_in_hand
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, stacked, state_word
from manchengo_flet.fields import search_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.imports import ImportLine, Imports, UndoForm


@component
def imports(model: Imports, width: float) -> ft.Control:
    """The file in hand, or else the list in its four states."""
    work, undoing = model.work, model.undoing
    use_view_model(model)
    use_view_model(work)
    use_view_model(undoing)
    if undoing.import_id is not None:
        return screen(heading(_("Imports"), undoing.file), _undoing(undoing))
    if work.request is not None:
        return screen(heading(_("Imports"), work.request.file.name), *file_in_hand(model, width))
    search = search_field("search", _("Search a file…"), model.set_search, 240, number=model.clears)
    head = heading(_("Imports"), model.range_words, search, choose_button(work, primary=True))
    return screen(head, _listed(model, width))


def _undoing(form: UndoForm) -> ft.Control:
    undo = on_press(form.undo)
    inside = card(
        stacked(
            [
                text(_("Undo this import whole"), BODY, family=SEMIBOLD),
                muted(
                    _(
                        "What it brought is read as not happened, and what it changed is as it was "
                        "before. It is refused where something since depends on it."
                    ),
                    BODY,
                ),
                *problem_of(form),
                form_field(form, "reason", _("Reason"), autofocus=True, on_submit=undo),
                ft.Row(
                    [
                        button("undo-import", _("Undo it whole"), undo, primary=True),
                        link("leave-import", _("Leave it"), on_press(form.leave)),
                    ],
                    spacing=M,
                ),
            ]
        )
    )
    return ft.Column([ft.Container(inside, width=560)], expand=True)


def _listed(model: Imports, width: float) -> ft.Control:
    return page_table(
        model,
        "imports",
        _columns(),
        _row,
        lambda: _nothing(model),
        width=width,
        hint=_("↑ ↓ choose · Enter undo") if model.may_undo else "",
        may_open=model.may_undo,
    )


def _nothing(model: Imports) -> ft.Control:
    if model.is_narrowed:
        clear = button("clear", _("Show all imports"), on_press(model.clear))
        return listing.nothing(_("No import fits"), _("Empty the search."), clear)
    return listing.nothing(
        _("Nothing was imported yet"),
        _("Choose a CSV or Excel file: it is rehearsed first, and nothing is recorded."),
    )


def _columns() -> list[listing.Column]:
    return [
        listing.Column(title=_("Date"), width=88),
        listing.Column(title=_("File")),
        listing.Column(title=_("Kind"), width=180, least=860),
        listing.Column(title=_("Accepted"), width=84, is_figures=True),
        listing.Column(title=_("Unchanged"), width=92, is_figures=True, least=1000),
        listing.Column(title=_("Refused"), width=84, is_figures=True),
        listing.Column(title=_("State"), width=132),
    ]


def _row(line: ImportLine) -> listing.Row:
    return listing.Row(
        identifier=f"import-{line.file}",
        cells=[
            muted(line.day, BODY),
            text(line.file, one_line=True),
            text(line.kind, one_line=True),
            figures(line.accepted),
            figures(line.unchanged),
            figures(line.refused),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )
