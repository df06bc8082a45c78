"""The care of the database: its last backup, a backup now, and a verification."""

import flet as ft

from manchengo_desktop.components import component, form_field, heading, problem_of, screen
from manchengo_flet.controls import button, card, notice, progress, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, Tone, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.care import CarePage, Job

WIDTH = 620


@component
def care(model: CarePage, width: float) -> ft.Control:
    """Both, one below the other."""
    use_view_model(model)
    parts: list[ft.Control] = [*problem_of(model)]
    if model.may_back_up:
        parts.append(_backup(model))
    if model.may_verify:
        parts.append(_verification(model))
    inside = ft.Container(stacked(parts, spacing=L), width=min(WIDTH, width))
    head = heading(_("Backup"), _("The care of the database"))
    return screen(head, ft.ListView([ft.Row([inside])], expand=True))


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
    parts += [notice(f"made-{at}", each, Tone.GOOD) for at, each in enumerate(model.done)]
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
                "Whether everything is as it was recorded: since you verified last, or from the "
                "beginning. You may go on working meanwhile."
            ),
            BODY,
        ),
    ]
    if model.job is Job.VERIFICATION:
        parts.append(progress("verify-progress", *model.progress, _("Verifying…")))
    tone = Tone.GOOD if model.is_sound else Tone.BAD
    parts += [notice(f"finding-{at}", each, tone) for at, each in enumerate(model.findings)]
    is_free = model.job is Job.NONE
    verify = on_press(model.verify) if is_free else None
    verify_whole = on_press(model.verify_whole) if is_free else None
    parts.append(button("verify", _("Verify"), verify, icon=ft.Icons.VERIFIED_USER_OUTLINED))
    parts.append(button("verify-whole", _("Verify everything"), verify_whole))
    return card(stacked(parts, spacing=M))
