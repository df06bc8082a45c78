"""Something that lies over a screen for a moment: a search, a list of keys."""

from collections.abc import Callable

import flet as ft

from manchengo_flet.theme import RADIUS, L

TOP = 72
"""Pixels from the top of the window."""


def overlaid(
    below: ft.Control, panel: ft.Control | None, *, on_leave: Callable[[], object]
) -> ft.Control:
    """``below``, and ``panel`` over it; None: nothing. A press beside the panel calls
    ``on_leave``. What lies below is not read aloud meanwhile.
    """
    layers: list[ft.Control] = [
        ft.Semantics(content=below, exclude_semantics=panel is not None, expand=True)
    ]
    if panel is not None:
        scrim = ft.Container(bgcolor=ft.Colors.with_opacity(0.4, ft.Colors.BLACK), expand=True)
        layers.append(ft.GestureDetector(content=scrim, on_tap=lambda: on_leave(), expand=True))
        layers.append(
            ft.Container(panel, alignment=ft.Alignment.TOP_CENTER, margin=ft.Margin.only(top=TOP))
        )
    return ft.Stack(layers, fit=ft.StackFit.EXPAND, expand=True)


def panel(content: ft.Control, *, width: int, height: int | None = None) -> ft.Control:
    """A card that floats over a screen."""
    return ft.Container(
        content,
        width=width,
        height=height,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=RADIUS * 2,
        shadow=ft.BoxShadow(blur_radius=L * 2, color=ft.Colors.with_opacity(0.25, ft.Colors.BLACK)),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
