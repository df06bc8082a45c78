"""The small pieces that all screens are made of."""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from manchengo_flet.theme import (
    BODY,
    MEDIUM,
    RADIUS,
    REGULAR,
    SEMIBOLD,
    SMALL,
    XS,
    L,
    M,
    S,
    Tone,
    muted,
    text,
)
from manchengo_flet.theme import style as text_style

Handler = Callable[..., Any]

LINE_HEIGHT = 20
"""Pixels of a line of text."""

ICONS = {
    Tone.PLAIN: ft.Icons.CIRCLE_OUTLINED,
    Tone.INFO: ft.Icons.INFO_OUTLINE,
    Tone.GOOD: ft.Icons.CHECK,
    Tone.WARN: ft.Icons.SCHEDULE,
    Tone.BAD: ft.Icons.BLOCK,
}
"""Beside what is said, whether a state or a sentence."""

FILLED: dict[ft.ControlState, ft.ColorValue] = {
    ft.ControlState.DISABLED: ft.Colors.SURFACE_CONTAINER_HIGHEST,
    ft.ControlState.DEFAULT: ft.Colors.PRIMARY,
}
ON_FILLED: dict[ft.ControlState, ft.ColorValue] = {
    ft.ControlState.DISABLED: ft.Colors.ON_SURFACE_VARIANT,
    ft.ControlState.DEFAULT: ft.Colors.ON_PRIMARY,
}
"""The colours of a primary action: one that cannot be pressed recedes, and can be read."""


def named(
    identifier: str, content: ft.Control, *, label: str | None = None, expand: bool = False
) -> ft.Control:
    """``content`` under an identifier that stays, for tests and tools; ``label``: as it is read
    aloud where it has no words of its own.
    """
    return ft.Semantics(identifier=identifier, content=content, label=label, expand=expand or None)


def one_of_several(identifier: str, content: ft.Control, *, is_chosen: bool) -> ft.Control:
    """``content``, which is read aloud as one thing, and as the chosen one where it is."""
    return ft.MergeSemantics(
        ft.Semantics(identifier=identifier, content=content, selected=is_chosen)
    )


def icon_button(
    identifier: str,
    icon: ft.IconData,
    words: str,
    on_click: Handler | None,
    *,
    size: int = 18,
) -> ft.Control:
    """A button without words in sight. ``words``: what it does, shown beside the pointer and read
    aloud; a tooltip alone is no name of the button. ``on_click``: None: it cannot be pressed.
    """
    return named(
        identifier,
        ft.IconButton(
            ft.Icon(icon, size=size, semantics_label=words),
            tooltip=words,
            disabled=on_click is None,
            on_click=on_click,
        ),
    )


def read_aloud(identifier: str, content: ft.Control) -> ft.Control:
    """``content`` that is read aloud when it appears or changes."""
    return ft.Semantics(identifier=identifier, content=content, live_region=True)


def card(content: ft.Control, *, padding: int = L, expand: bool = False) -> ft.Container:
    """A surface one step lighter than the page, within a hairline."""
    return ft.Container(
        content,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS,
        padding=padding,
        expand=expand or None,
    )


def stacked(parts: Sequence[ft.Control], *, spacing: int = L) -> ft.Column:
    """One below the other, each as wide as there is room; buttons keep their width."""
    wide = [ft.Row([part]) if _is_button(part) else part for part in parts]
    return ft.Column(
        wide,
        spacing=spacing,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _is_button(part: ft.Control) -> bool:
    inside = part.content if isinstance(part, ft.Semantics) else part
    return isinstance(inside, ft.FilledButton | ft.OutlinedButton | ft.TextButton)


def state_word(word: str, tone: Tone) -> ft.Control:
    """A state, in a word, an icon and a colour."""
    content = ft.Row(
        [
            ft.Icon(ICONS[tone], size=13, color=tone.foreground),
            ft.Text(
                word, style=text_style(SMALL, family=MEDIUM, color=tone.foreground), no_wrap=True
            ),
        ],
        spacing=S,
        tight=True,
    )
    return ft.Container(
        content,
        bgcolor=tone.background,
        border_radius=RADIUS * 2,
        padding=ft.Padding.symmetric(horizontal=M, vertical=XS),
    )


def button(
    identifier: str,
    label: str,
    on_click: Handler | None,
    *,
    icon: ft.IconData | None = None,
    primary: bool = False,
    hint: str | None = None,
) -> ft.Control:
    """A button; a screen has one that is ``primary``. None for ``on_click``: it is not to be
    pressed now.
    """
    kind = ft.FilledButton if primary else ft.OutlinedButton
    return named(
        identifier,
        kind(
            content=label,
            icon=icon,
            on_click=on_click,
            disabled=on_click is None,
            tooltip=hint,
            style=ft.ButtonStyle(
                shape=ft.RoundedRectangleBorder(radius=RADIUS),
                padding=ft.Padding.symmetric(horizontal=L, vertical=M + S),
                text_style=text_style(BODY, family=MEDIUM),
                side=None if primary else ft.BorderSide(1, ft.Colors.OUTLINE),
                bgcolor=FILLED if primary else None,
                color=ON_FILLED if primary else None,
            ),
        ),
    )


def link(identifier: str, label: str, on_click: Handler, *, in_line: bool = False) -> ft.Control:
    """A button of less weight, as in a sentence. ``in_line``: as high as a line of text."""
    around = 0 if in_line else M
    return named(
        identifier,
        ft.TextButton(
            content=label,
            on_click=on_click,
            height=LINE_HEIGHT if in_line else None,
            style=ft.ButtonStyle(
                padding=ft.Padding.symmetric(horizontal=around, vertical=around),
                text_style=text_style(BODY, family=MEDIUM),
            ),
        ),
    )


def chip(identifier: str, words: str, on_click: Handler, *, is_on: bool) -> ft.Control:
    """One of several that may be chosen; ``is_on``: it is the one."""
    color = ft.Colors.ON_PRIMARY_CONTAINER if is_on else ft.Colors.ON_SURFACE
    return one_of_several(
        identifier,
        ft.TextButton(
            content=text(words, family=MEDIUM if is_on else REGULAR, color=color),
            on_click=on_click,
            height=34,
            style=ft.ButtonStyle(
                bgcolor=ft.Colors.PRIMARY_CONTAINER if is_on else ft.Colors.TRANSPARENT,
                side=ft.BorderSide(1, ft.Colors.PRIMARY if is_on else ft.Colors.OUTLINE),
                shape=ft.RoundedRectangleBorder(radius=17),
                padding=ft.Padding.symmetric(horizontal=M + S),
                text_style=text_style(BODY),
            ),
        ),
        is_chosen=is_on,
    )


def share_bar(share: float, words: str) -> ft.Control:
    """How much of something is done, from 0 to 1; ``words``: as it is read aloud."""
    return ft.Semantics(
        label=words,
        content=ft.ProgressBar(
            value=share,
            bar_height=6,
            border_radius=3,
            color=ft.Colors.PRIMARY,
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
        ),
    )


def notice(identifier: str, sentence: str, tone: Tone) -> ft.Control:
    """A sentence that must not be overlooked, read aloud too."""
    return read_aloud(
        identifier,
        ft.Container(
            ft.Row(
                [
                    ft.Icon(ICONS[tone], size=18, color=tone.foreground),
                    text(sentence, color=tone.foreground, expand=True),
                ],
                spacing=M,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            bgcolor=tone.background,
            border_radius=RADIUS,
            padding=M + S,
        ),
    )


def empty(title: str, advice: str, action: ft.Control | None = None) -> ft.Control:
    """What stands where there is nothing yet: what to do first."""
    return ft.Container(
        ft.Column(
            [
                ft.Icon(ft.Icons.INBOX_OUTLINED, size=40, color=ft.Colors.OUTLINE),
                text(title, family=SEMIBOLD),
                muted(advice, BODY),
                *([action] if action else []),
            ],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            alignment=ft.MainAxisAlignment.CENTER,
            spacing=M,
        ),
        alignment=ft.Alignment.CENTER,
        padding=L * 2,
        expand=True,
    )


def progress(identifier: str, done: int, whole: int, sentence: str) -> ft.Control:
    """How far long work is, as a bar and in words; ``whole`` 0: nobody knows yet."""
    return named(
        identifier,
        ft.Column(
            [
                ft.ProgressBar(value=min(done / whole, 1) if whole else None, border_radius=RADIUS),
                muted(sentence, BODY),
            ],
            spacing=M,
            tight=True,
        ),
    )
