"""What is chosen for this computer: each choice takes effect where it is pressed."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import flet as ft

from manchengo_desktop.components import component, form_field, problem_of
from manchengo_flet.controls import button, card, chip, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, S, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.label_file import LabelPaper
from manchengo_presenters.screens.preferences import Theme
from manchengo_presenters.screens.preferences_form import PreferencesForm

T = TypeVar("T")

LABEL_WIDTH = 150


@component
def preferences(form: PreferencesForm) -> ft.Control:
    """One line for each thing that may be chosen."""
    use_view_model(form)
    chosen = form.chosen
    themes = [(each, each.name.lower(), each.words) for each in Theme]
    papers = [(each, each.name.lower(), each.words) for each in LabelPaper]
    languages = [(key, key, words) for key, words in form.languages]
    parts: list[ft.Control] = [
        text(_("On this computer"), BODY, family=SEMIBOLD),
        *problem_of(form),
        _line(_("Appearance"), _chips("theme", themes, chosen.theme, form.set_theme)),
        _line(_("Language"), _chips("language", languages, form.language, form.set_language)),
        _line(_("Locks after"), _locking(form)),
        _line(_("Labels on"), _chips("paper", papers, chosen.label_paper, form.set_paper)),
        _line(_("Labels go"), _place(form)),
        *_folder(form),
    ]
    return card(stacked(parts, spacing=M + S))


def _line(label: str, content: ft.Control) -> ft.Control:
    return ft.Row(
        [
            ft.Container(muted(label, BODY), width=LABEL_WIDTH),
            ft.Container(content, expand=True),
        ],
        spacing=L,
    )


def _chips(
    name: str,
    choices: Iterable[tuple[T, str, str]],
    chosen: T,
    choose: Callable[[T], Awaitable[None]],
) -> ft.Control:
    return _wrapped(
        [
            chip(f"{name}-{key}", words, on_press(choose, each), is_on=each == chosen)
            for each, key, words in choices
        ]
    )


def _wrapped(chips: list[ft.Control]) -> ft.Control:
    return ft.Row(chips, spacing=M, run_spacing=M, wrap=True)


def _locking(form: PreferencesForm) -> ft.Control:
    chosen = form.chosen.locks_after
    if not form.may_set_lock:
        words = dict(form.lock_delays)[chosen]
        return text(_("{time}; administrators change it").format(time=words))
    delays = [(seconds, str(seconds), words) for seconds, words in form.lock_delays]
    return _chips("lock", delays, chosen, form.set_lock)


def _place(form: PreferencesForm) -> ft.Control:
    asks, into = on_press(form.ask_where), on_press(form.begin_folder)
    return _wrapped(
        [
            chip("place-ask", _("Where I say each time"), asks, is_on=not form.is_to_folder),
            chip("place-folder", _("Into a folder"), into, is_on=form.is_to_folder),
        ]
    )


def _folder(form: PreferencesForm) -> list[ft.Control]:
    if not form.is_to_folder:
        return []
    put = on_press(form.set_folder)
    field = form_field(
        form,
        "folder",
        _("Folder of labels"),
        hint=_("On this computer: one from which a program prints what comes in, or any other."),
        on_submit=put,
    )
    use = button("use-folder", _("Use this folder"), None if form.is_busy else put)
    beside = ft.Container(use, padding=ft.Padding.only(top=M))
    return [
        ft.Row(
            [ft.Container(field, expand=True), beside],
            spacing=L,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    ]
