"""What an entry dated in the past changes, with what confirms it and what leads back."""

from collections.abc import Callable

import flet as ft

from manchengo_desktop.components import form_field
from manchengo_flet.controls import button, link, named, notice, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, S, Tone, figures, muted, text
from manchengo_presenters.language import _
from manchengo_presenters.past_changes import BalanceLine, ChangesInWords
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.late_entry import DAY, LateEntry


def day_field(form: Form, late: LateEntry, on_submit: Callable[[], object]) -> ft.Control:
    """The field of a form that says when it happened."""
    return form_field(form, DAY, _("Day"), hint=late.hint, on_submit=on_submit)


def late_entry(late: LateEntry) -> ft.Control:
    """In the place of a form: nobody overlooks it there."""
    changes = late.shown
    assert changes is not None, "there is something to look at"
    parts: list[ft.Control] = [notice("late", changes.title, Tone.WARN)]
    parts.extend(_balances(changes))
    parts.extend(muted(sentence, BODY) for sentence in changes.notes)
    answers: list[ft.Control] = []
    if not changes.is_refused:
        answers.append(
            button("record-late", _("Record all the same"), on_press(late.confirm), primary=True)
        )
    answers.append(link("correct-late", _("Correct"), on_press(late.withdraw)))
    return named("late-changes", stacked([*parts, ft.Row(answers, spacing=M, wrap=True)]))


def _balances(changes: ChangesInWords) -> list[ft.Control]:
    """One line a day below what it is about."""
    lines: list[ft.Control] = []
    about = ""
    for line in changes.balances:
        if line.what != about:
            about = line.what
            lines.append(text(about, BODY, family=SEMIBOLD))
        lines.append(_balance(line))
    if not lines:
        return []
    head = muted(_("On hand in the evening: as known → with this entry"))
    return [ft.Column([head, *lines], spacing=S, tight=True)]


def _balance(line: BalanceLine) -> ft.Control:
    after = text(line.after, color=ft.Colors.ERROR) if line.is_below_zero else figures(line.after)
    return ft.MergeSemantics(
        ft.Row(
            [
                muted(line.day, BODY, expand=True),
                figures(line.before),
                ft.Icon(ft.Icons.ARROW_FORWARD, size=14, color=ft.Colors.ON_SURFACE_VARIANT),
                after,
            ],
            spacing=M,
        )
    )
