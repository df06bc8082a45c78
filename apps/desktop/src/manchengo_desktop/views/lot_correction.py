"""The form that corrects what was written of a lot: what that changes, then it is recorded."""

from collections.abc import Callable

import flet as ft

from manchengo_desktop.components import component, form_field, problem_of
from manchengo_flet.controls import button, card, link, named, notice, stacked
from manchengo_flet.fields import choice_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, S, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.lot_correction import LABELS, Effect, LotCorrection


@component
def lot_correction(model: LotCorrection, end: Callable[[], None]) -> ft.Control:
    """What is written, to be changed; then what that changes."""
    use_view_model(model)
    submit = on_press(model.submit)
    buttons = ft.Row(
        [
            link("leave", _("Leave it"), on_press(end)),
            ft.Container(expand=True),
            button("submit", model.button, None if model.is_busy else submit, primary=True),
        ]
    )
    title = text(_("Correct what is written of the lot"), BODY, family=SEMIBOLD)
    effect = _effect(model.effect) if model.effect else []
    parts = [title, *problem_of(model), *_fields(model, submit), *effect, buttons]
    return card(stacked(parts, spacing=M))


def _fields(model: LotCorrection, submit: Callable[[], object]) -> list[ft.Control]:
    written = model.written
    if written is None:
        return []
    hints = {"expiry": _("As 23/04/2026; left blank: it does not expire.")}
    fields = [
        choice_field(
            name,
            _(label),
            written.suppliers,
            model.choose,
            value=model.values[name],
            error=model.errors.get(name),
        )
        if name == "supplier"
        else form_field(model, name, _(label), hint=hints.get(name, ""), on_submit=submit)
        for name, label in LABELS.items()
        if name in written.values
    ]
    return [*fields, form_field(model, "reason", _("Reason"), on_submit=submit)]


def _effect(effect: Effect) -> list[ft.Control]:
    changes: list[ft.Control] = [
        ft.Column(
            [
                muted(name, BODY),
                ft.Row(
                    [
                        text(before, one_line=True, expand=True),
                        ft.Icon(ft.Icons.ARROW_FORWARD, size=16),
                        text(after, one_line=True, expand=True),
                    ],
                    spacing=M,
                ),
            ],
            spacing=S,
        )
        for name, before, after in effect.changes
    ]
    said = [
        notice(f"consequence-{place}", sentence, Tone.WARN)
        for place, sentence in enumerate(effect.consequences)
    ]
    return [named("changes", ft.Column(changes, spacing=M, tight=True)), *said]
