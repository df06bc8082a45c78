"""The care of the database: its last backup, a backup now, and a verification."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    component,
    form_field,
    heading,
    problem_of,
    screen,
)
from manchengo_flet.controls import button, card, notice, progress, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.care import CarePage, Job


@component
def care(model: CarePage, width: float) -> ft.Control:
    """One beside the other, or below it where there is little room."""
    use_view_model(model)
    cards: list[ft.Control] = []
    if model.may_back_up:
        cards.append(_backup(model))
    if model.may_verify:
        cards.append(_verification(model))
    head = heading(_("Backup"), _("The care of the database"))
    if width < NARROW:
        parts = [*problem_of(model), *cards]
    else:
        halves: list[ft.Control] = [ft.Container(each, expand=True) for each in cards]
        beside = ft.Row(halves, spacing=L, vertical_alignment=ft.CrossAxisAlignment.START)
        parts = [*problem_of(model), beside]
    return screen(head, ft.ListView(parts, spacing=L, expand=True))


def _backup(model: CarePage) -> ft.Control:
    back_up = on_press(model.back_up)
    tone = Tone.GOOD if model.is_backed_up else Tone.WARN
    parts: list[ft.Control] = [text(_("Backup"), BODY, family=SEMIBOLD)]
    if model.last:
        parts.append(notice("last-backup", model.last, tone))
    parts.append(
        form_field(
            model,
            "folder",
            _("Folder"),
            hint=_("On this computer, or on a disk that is connected to it."),
            on_submit=back_up,
        )
    )
    if model.job is Job.BACKUP:
        done, whole = model.progress
        parts.append(progress("backup-progress", done, whole, _("Copying…")))
    if model.done:
        parts.append(notice("made", "\n".join(model.done), Tone.GOOD))
    parts.append(
        button(
            "back-up",
            _("Back up"),
            back_up if model.job is Job.NONE else None,
            icon=ft.Icons.SAVE_OUTLINED,
            primary=True,
            hint=_("Ctrl Enter"),
        )
    )
    return card(stacked(parts, spacing=L))


def _verification(model: CarePage) -> ft.Control:
    parts: list[ft.Control] = [
        text(_("Verification"), BODY, family=SEMIBOLD),
        muted(
            _(
                "Checks that everything is as it was recorded: what came since you verified last, "
                "or everything from the beginning. You may go on working meanwhile."
            ),
            BODY,
        ),
    ]
    if model.job is Job.VERIFICATION:
        parts.append(progress("verify-progress", *model.progress, _("Verifying…")))
    is_free = model.job is Job.NONE
    verify = on_press(model.verify) if is_free else None
    verify_whole = on_press(model.verify_whole) if is_free else None
    icon = ft.Icons.VERIFIED_USER_OUTLINED
    presses: list[ft.Control] = [
        button("verify", _("Verify"), verify, icon=icon),
        button("verify-whole", _("Verify everything"), verify_whole),
    ]
    parts.append(ft.Row(presses, spacing=M, run_spacing=M, wrap=True))
    if model.findings:
        tone = Tone.GOOD if model.is_sound else Tone.BAD
        parts.append(notice("findings", "\n".join(model.findings), tone))
    return card(stacked(parts, spacing=M))
