"""The frame around every screen: where to go, how far the exchange is, who acts."""

from collections.abc import Callable
from itertools import groupby

import flet as ft

from manchengo_desktop.components import component, tone
from manchengo_desktop.views.view_table import VIEWS
from manchengo_flet import sides
from manchengo_flet.controls import named, read_aloud
from manchengo_flet.keyboard import on_press
from manchengo_flet.navigation import entry, icon_entry, navigation
from manchengo_flet.theme import (
    BODY,
    MEDIUM,
    RADIUS,
    REGULAR,
    SEMIBOLD,
    SMALL,
    L,
    M,
    S,
    muted,
    style,
    text,
)
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.exchange_words import ExchangeWords
from manchengo_presenters.screens.keys import WindowKey, printed
from manchengo_presenters.screens.place import Destination
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import SCREENS, Group
from manchengo_presenters.screens.shell import Shell
from manchengo_presenters.screens.tones import Tone

WIDE, SLIM = 224, 68
EXCHANGE_ICONS = {
    Tone.GOOD: ft.Icons.CLOUD_DONE_OUTLINED,
    Tone.PLAIN: ft.Icons.CLOUD_QUEUE,
    Tone.WARN: ft.Icons.CLOUD_OFF_OUTLINED,
    Tone.BAD: ft.Icons.CLOUD_OFF_OUTLINED,
    Tone.INFO: ft.Icons.CLOUD_QUEUE,
}


@component
def sidebar(
    shell: Shell, is_slim: bool, is_dark: bool, toggle_mode: Callable[[], None]
) -> ft.Control:
    """Beside every screen; ``is_slim``: icons alone, with their names as tooltips."""
    use_view_model(shell)
    pressed: ft.MutableRef[Screen | None] = ft.use_ref(None)

    def press(screen: Screen) -> None:
        pressed.current = screen

    def was_pressed() -> bool:
        screen, pressed.current = pressed.current, None
        return screen is not None and screen in _here(shell)

    entries: list[ft.Control] = []
    current = None
    for group, destinations in groupby(shell.destinations, lambda each: each.group):
        if not is_slim and group is not Group.WORK:
            entries.append(_group(group))
        for each in destinations:
            if _is_here(each, shell):
                current = len(entries)
            entries.append(_entry(each, shell, press, is_slim=is_slim))

    parts: list[ft.Control] = [
        _mark(shell.dairy_name, is_slim=is_slim),
        _finding(shell, is_slim=is_slim),
        navigation(entries, current, was_pressed),
    ]
    if shell.exchange is not None:
        parts.append(_exchange(shell, shell.exchange, is_slim=is_slim))
    parts.append(_who(shell, is_slim, is_dark, toggle_mode))
    return ft.Container(
        ft.Column(parts, spacing=L),
        width=SLIM if is_slim else WIDE,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        padding=ft.Padding.symmetric(horizontal=M + S, vertical=L),
        border=sides.border(end=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


def _mark(dairy: str, *, is_slim: bool) -> ft.Control:
    letter = ft.Container(
        text("M", 18, family=SEMIBOLD, color=ft.Colors.ON_PRIMARY),
        bgcolor=ft.Colors.PRIMARY,
        width=36,
        height=36,
        border_radius=RADIUS,
        alignment=ft.Alignment.CENTER,
    )
    if is_slim:
        return letter
    words: list[ft.Control] = [text("Manchengo", family=SEMIBOLD), muted(dairy, one_line=True)]
    return ft.Row([letter, ft.Column(words, spacing=0, expand=True)], spacing=M + S)


def _finding(shell: Shell, *, is_slim: bool) -> ft.Control:
    words = _("Find")
    hint = _with_key(words, WindowKey.FIND)
    icon = ft.Icon(ft.Icons.SEARCH, size=20, color=ft.Colors.ON_SURFACE_VARIANT)
    beside = [muted(words, BODY, expand=True), muted(printed(WindowKey.FIND.key))]
    return named(
        "find-anything",
        ft.OutlinedButton(
            content=ft.Row([icon] if is_slim else [icon, *beside], spacing=M + S),
            height=36,
            tooltip=hint,
            on_click=on_press(shell.show_finder),
            style=ft.ButtonStyle(
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
                side=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT),
                shape=ft.RoundedRectangleBorder(radius=RADIUS),
                padding=ft.Padding.symmetric(horizontal=M + S),
                text_style=style(BODY),
            ),
        ),
        label=words if is_slim else None,
    )


def _with_key(words: str, key: WindowKey) -> str:
    return f"{words} ({printed(key.key)})"


def _group(group: Group) -> ft.Control:
    return ft.Container(muted(group.words), padding=sides.padding(start=M + S, top=M))


def _here(shell: Shell) -> tuple[Screen | None, ...]:
    """The screen that is shown, and the one of the navigation that it belongs to."""
    return shell.screen, SCREENS[shell.screen].under


def _is_here(to: Destination, shell: Shell) -> bool:
    return to.screen in _here(shell)


def _entry(
    to: Destination, shell: Shell, press: Callable[[Screen], None], *, is_slim: bool
) -> ft.Control:
    async def go() -> None:
        press(to.screen)
        await shell.go(to.screen)

    is_here = _is_here(to, shell)
    color = ft.Colors.ON_PRIMARY_CONTAINER if is_here else ft.Colors.ON_SURFACE
    if to.closed_because:
        color = ft.Colors.ON_SURFACE_VARIANT
    drawn = VIEWS[to.screen].icon
    assert drawn is not None, "every screen of the navigation has an icon"
    icon = ft.Icon(drawn, size=20, color=color)
    words = text(to.label, BODY, family=MEDIUM if is_here else REGULAR, color=color, expand=True)
    lock = [ft.Icon(ft.Icons.LOCK_OUTLINE, size=16, color=color)] if to.closed_because else []
    inside: list[ft.Control] = [icon] if is_slim else [icon, words, *lock]
    return entry(
        f"go-{to.screen.name.lower()}",
        ft.Row(inside, spacing=M + S),
        on_press(go),
        hint=to.closed_because or _hint(to),
        label=to.label if is_slim else None,
        is_current=is_here,
    )


def _hint(to: Destination) -> str:
    if not to.key:
        return to.label
    return _("{screen} (G then {key})").format(screen=to.label, key=to.key)


def _exchange(shell: Shell, words: ExchangeWords, *, is_slim: bool) -> ft.Control:
    colours = tone(words.tone)
    icon = ft.Icon(
        EXCHANGE_ICONS[words.tone],
        size=18,
        color=colours.foreground,
        tooltip=f"{words.title} · {words.detail}" if is_slim else None,
    )
    lines: list[ft.Control] = [
        text(words.title, SMALL, family=MEDIUM, color=colours.foreground),
        *([text(words.detail, SMALL, color=colours.foreground)] if words.detail else []),
    ]
    inside: list[ft.Control] = [icon]
    if not is_slim:
        inside.append(ft.Column(lines, spacing=0, expand=True))
    return read_aloud(
        "exchange",
        ft.Container(
            ft.Row(inside, spacing=M + S),
            bgcolor=colours.background,
            border_radius=RADIUS,
            padding=M + S,
            on_click=on_press(shell.go, Screen.EXCHANGE),
        ),
    )


def _who(shell: Shell, is_slim: bool, is_dark: bool, toggle_mode: Callable[[], None]) -> ft.Control:
    who = shell.workspace.who.name if shell.workspace else ""
    mode = icon_entry(
        "mode",
        ft.Icons.LIGHT_MODE_OUTLINED if is_dark else ft.Icons.DARK_MODE_OUTLINED,
        _with_key(_("Light theme") if is_dark else _("Dark theme"), WindowKey.THEME),
        toggle_mode,
    )
    lock = icon_entry(
        "lock", ft.Icons.LOCK_OUTLINE, _with_key(_("Lock"), WindowKey.LOCK), on_press(shell.lock)
    )
    if is_slim:
        initials = ft.CircleAvatar(
            content=text(who[:2].upper(), SMALL, family=MEDIUM),
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
            radius=18,
            tooltip=f"{who} · {shell.roles}",
        )
        return ft.Column([initials, mode, lock], spacing=S)
    names: list[ft.Control] = [text(who, one_line=True), muted(shell.roles, one_line=True)]
    return ft.Row([ft.Column(names, spacing=0, expand=True), mode, lock], spacing=0)
