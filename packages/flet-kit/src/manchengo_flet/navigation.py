"""The navigation beside every screen, which the Tab key passes by: it goes through the controls of
a page from top to bottom, and would leave a form at each of its fields for what is at the same
height beside it.
"""

from collections.abc import Callable, Sequence

import flet as ft

from manchengo_flet.late_answers import unless_gone
from manchengo_flet.theme import RADIUS, XS, M, S

ENTRY_HEIGHT = 36
"""Of each entry, in pixels."""

BEFORE = 3
"""Entries that stay in sight before the current one."""

GLIDES = 150
"""Milliseconds in which it scrolls."""


def entry(
    identifier: str,
    content: ft.Control,
    on_click: Callable[[], object],
    *,
    hint: str,
    label: str | None,
    is_current: bool,
) -> ft.Control:
    """Leads to a screen. ``label``: as it is read aloud where ``content`` has no words."""
    drawn = ft.Container(
        content,
        height=ENTRY_HEIGHT,
        padding=ft.Padding.symmetric(horizontal=M + S),
        border_radius=RADIUS,
        bgcolor=ft.Colors.PRIMARY_CONTAINER if is_current else None,
        tooltip=hint,
    )
    return _pressed(identifier, drawn, on_click, label=label, is_current=is_current)


def icon_entry(
    identifier: str, icon: ft.IconData, words: str, on_click: Callable[[], object]
) -> ft.Control:
    """A button without words in sight. ``words``: what it does, and by which key: the Tab key does
    not lead to it.
    """
    drawn = ft.Container(
        ft.Icon(icon, size=18, color=ft.Colors.ON_SURFACE_VARIANT),
        width=ENTRY_HEIGHT,
        height=ENTRY_HEIGHT,
        alignment=ft.Alignment.CENTER,
        border_radius=RADIUS,
        tooltip=words,
    )
    return _pressed(identifier, drawn, on_click, label=words, is_current=None)


def _pressed(
    identifier: str,
    drawn: ft.Control,
    on_click: Callable[[], object],
    *,
    label: str | None,
    is_current: bool | None,
) -> ft.Control:
    """A button to the mouse and to a screen reader that never has the focus."""
    return ft.MergeSemantics(
        ft.Semantics(
            identifier=identifier,
            button=True,
            selected=is_current,
            label=label,
            content=ft.GestureDetector(
                drawn, on_tap=lambda: on_click(), mouse_cursor=ft.MouseCursor.CLICK
            ),
        )
    )


@ft.component
def navigation(
    entries: Sequence[ft.Control], current: int | None, was_pressed: Callable[[], bool]
) -> ft.Control:
    """A column that scrolls; where there are more entries than fit, the current one is kept in
    sight. ``current``: the place of the entry where the person is; None where
    none is. ``was_pressed``: asked when it changes, whether they pressed that entry; then it is in
    sight, and nothing moves under the mouse.
    """
    column: ft.MutableRef[ft.Column | None] = ft.use_ref(None)

    async def follow() -> None:
        if current is None or was_pressed():
            return
        assert column.current is not None, "it is drawn before it is followed"
        offset = max(0, current - BEFORE) * (ENTRY_HEIGHT + XS)
        await unless_gone(column.current.scroll_to(offset=offset, duration=GLIDES))

    ft.use_effect(follow, dependencies=[current])
    drawn = ft.Column(list(entries), spacing=XS, expand=True, scroll=ft.ScrollMode.AUTO)
    column.current = drawn
    return drawn
