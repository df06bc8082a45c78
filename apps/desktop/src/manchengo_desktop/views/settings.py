"""Settings: what is chosen for this computer, the particulars of the plant, and facts."""

import flet as ft

from manchengo_desktop.components import (
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
from manchengo_desktop.views.preferences import preferences
from manchengo_flet import listing
from manchengo_flet.controls import card, named, notice, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, XL, L, M, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.settings_page import SettingsPage

WIDTH = 920
TWO_COLUMNS = 860
"""The width of the screen from which on fields stand in two columns."""


@component
def settings(model: SettingsPage, width: float) -> ft.Control:
    """What may be chosen here first, then the plant, then what there is to know."""
    use_view_model(model)
    head = heading(
        _("Settings"),
        _("The plant, as labels and papers name it, and this computer"),
        *_save(model),
    )
    if model.known is None:
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    parts = [
        *problem_of(model),
        preferences(model.preferences),
        _plant(model, width),
        _computer(model),
    ]
    inside = ft.Container(stacked(parts, spacing=L), width=min(WIDTH, width - 2 * XL))
    return screen(head, ft.ListView([ft.Row([inside])], expand=True))


def _save(model: SettingsPage) -> list[ft.Control]:
    if not model.may_change or model.known is None:
        return []
    return [save_button(model, model.save)]


def _plant(model: SettingsPage, width: float) -> ft.Control:
    parts: list[ft.Control] = [text(_("Particulars of the plant"), BODY, family=SEMIBOLD)]
    if model.missing:
        parts.append(notice("missing", model.missing, Tone.WARN))
    if model.may_change:
        parts += [*_fields(model, width), save_button_below(model, model.save)]
    else:
        parts += [
            named("plant", facts(dict(model.facts))),
            muted(_("Administrators change them."), BODY),
        ]
    return card(stacked(parts, spacing=L))


def _fields(model: SettingsPage, width: float) -> list[ft.Control]:
    save = on_press(model.save)
    fields = [
        form_field(model, each.name, each.label, hint=each.hint, on_submit=save)
        for each in model.fields
    ]
    if width < TWO_COLUMNS:
        return fields
    return in_pairs(fields)


def _computer(model: SettingsPage) -> ft.Control:
    assert model.known is not None, "it was read"
    title = text(_("This computer"), BODY, family=SEMIBOLD)
    return card(stacked([title, named("computer", facts(dict(model.known.computer)))], spacing=M))
