"""What was just done, in a sentence, with a way to take it back for eight seconds."""

from collections.abc import Callable

import flet as ft

from manchengo_flet.theme import BODY, MEDIUM, RADIUS, L, M, style

SECONDS = 8


def show_toast(
    page: ft.Page,
    sentence: str,
    *,
    undo: str | None = None,
    on_undo: Callable[[], object] | None = None,
    on_gone: Callable[[], object],
) -> None:
    """Show ``sentence`` at the foot of the page; ``undo``: the words of the button that calls
    ``on_undo``; ``on_gone``: called once it is shown no longer, and that button was not pressed.
    """
    is_pressed = False

    def press() -> None:
        nonlocal is_pressed
        is_pressed = True
        if on_undo:
            on_undo()

    action = None
    if undo and on_undo:
        action = ft.SnackBarAction(
            label=undo, text_color=ft.Colors.PRIMARY_CONTAINER, on_click=press
        )
    page.show_dialog(
        ft.SnackBar(
            content=ft.Semantics(
                identifier="toast",
                live_region=True,
                content=ft.Text(
                    sentence,
                    style=style(BODY, family=MEDIUM, color=ft.Colors.SURFACE),
                ),
            ),
            action=action,
            persist=False,
            duration=ft.Duration(seconds=SECONDS),
            behavior=ft.SnackBarBehavior.FLOATING,
            bgcolor=ft.Colors.ON_SURFACE,
            width=520,
            on_dismiss=lambda: None if is_pressed else on_gone(),
            padding=ft.Padding.symmetric(horizontal=L, vertical=M),
            shape=ft.RoundedRectangleBorder(radius=RADIUS),
        )
    )
