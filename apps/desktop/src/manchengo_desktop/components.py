"""What the screens of the desktop share: a component that may fail, and what a press does."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import flet as ft

from manchengo_flet import theme
from manchengo_flet.boundary import bounded
from manchengo_flet.controls import button, link, notice
from manchengo_flet.fields import text_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.listing import failed
from manchengo_flet.theme import XL, L, muted, text
from manchengo_presenters.language import _
from manchengo_presenters.screens.form import SECRETS, Form
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone
from manchengo_presenters.screens.view_model import ViewModel

component = bounded(
    lambda: _("This part of the screen failed, and nothing was lost. Go elsewhere and come back.")
)

SLIM_BELOW = 1100
"""The width of a window below which the navigation has icons alone."""

PICTURES = ("png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp", "gif")
"""How the names of pictures of codes end."""

SIDE = 360
"""The width of what stands beside, on a screen about one thing."""

NARROW = 900
"""The width of a screen below which what stands beside comes below."""

Save = Callable[[], Coroutine[Any, Any, None]]
"""Records what a form holds."""


def tone(of: Tone) -> theme.Tone:
    """The colours of that tone."""
    return theme.Tone[of.name]


def heading(title: str, subtitle: str, *beside: ft.Control) -> ft.Control:
    """The head of a screen. ``beside``: its search and its primary action."""
    words: list[ft.Control] = [text(title, theme.TITLE, family=theme.SEMIBOLD)]
    if subtitle:
        words.append(muted(subtitle, theme.BODY))
    return ft.Row([ft.Column(words, spacing=theme.XS, expand=True), *beside], spacing=L)


def screen(head: ft.Control, *body: ft.Control) -> ft.Control:
    """A screen: its head, and what fills the rest."""
    return ft.Container(ft.Column([head, *body], spacing=L, expand=True), padding=XL, expand=True)


def list_keys() -> str:
    """Which keys act in a list."""
    return _("↑ ↓ choose · Enter open")


def problem_of(model: ViewModel) -> list[ft.Control]:
    """Why the last thing asked for did not happen, where no field says it."""
    if model.problem is None:
        return []
    return [notice("problem", model.problem.sentence, theme.Tone.BAD)]


def unread(model: ViewModel) -> ft.Control:
    """What stands where a screen could not be read, with a way to try again."""
    load: Callable[[], Coroutine[Any, Any, None]] = model.load  # type: ignore[attr-defined]
    again = button("again", _("Try again"), on_press(load), primary=True)
    sentence = model.problem.sentence if model.problem else ""
    return failed(sentence, ft.Row([again]))


def form_field(
    form: Form,
    name: str,
    label: str,
    *,
    hint: str = "",
    autofocus: bool = False,
    on_submit: Callable[[], object] | None = None,
) -> ft.Control:
    """The field of a form, with what is wrong beside it."""
    return text_field(
        name,
        label,
        form.put,
        value=form.values[name],
        number=form.number,
        error=form.errors.get(name),
        hint=hint or None,
        reveal=_("Show or hide what is typed") if name in SECRETS else "",
        autofocus=autofocus,
        on_submit=on_submit,
    )


def save_button(form: Form, save: Save) -> ft.Control:
    """Of a long form: in the head of its screen, where it stays in sight."""
    return _save(form, save, "save", primary=True)


def save_button_below(form: Form, save: Save) -> ft.Control:
    """The same after the last field, where the Tab key leads next: once the form has been scrolled,
    its first fields are higher than the head of the screen, and Tab passes the head by.
    """
    return _save(form, save, "save-below", primary=False)


def _save(form: Form, save: Save, identifier: str, *, primary: bool) -> ft.Control:
    return button(
        identifier,
        _("One moment…") if form.is_busy else _("Record"),
        None if form.is_busy else on_press(save),
        icon=ft.Icons.CHECK,
        primary=primary,
        hint=_("Ctrl Enter"),
    )


def in_pairs(fields: Sequence[ft.Control]) -> list[ft.Control]:
    """Two beside each other, row by row, as the Tab key goes through them."""
    halves = [ft.Container(each, expand=True) for each in fields]
    if len(halves) % 2:
        halves.append(ft.Container(expand=True))
    return [
        ft.Row([left, right], spacing=L, vertical_alignment=ft.CrossAxisAlignment.START)
        for left, right in zip(halves[::2], halves[1::2], strict=True)
    ]


def facts(pairs: Mapping[str, str]) -> ft.Control:
    """A name and a value each, one below the other."""
    lines: list[ft.Control] = [
        ft.Row([muted(name, theme.BODY, expand=True), text(value, one_line=True)], spacing=L)
        for name, value in pairs.items()
    ]
    return ft.Column(lines, spacing=theme.M)


def back_link(context: ScreenContext) -> ft.Control:
    """From what is about one thing to where it was opened."""
    window = context.window
    return link(
        "back", _("Back to: {screen}").format(screen=window.came_from), on_press(window.leave)
    )


def beside(
    head: ft.Control, side: ft.Control, content: list[ft.Control], width: float
) -> ft.Control:
    """A screen about one thing: what it is and what may be done beside what belongs to it; one
    below the other where there is little room.
    """
    if width < NARROW:
        return screen(head, ft.ListView([side, *content], spacing=L, expand=True))
    body = ft.Row(
        [
            ft.Column([side], width=SIDE, scroll=ft.ScrollMode.AUTO),
            ft.ListView(content, spacing=L, expand=True),
        ],
        spacing=L,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return screen(head, body)
