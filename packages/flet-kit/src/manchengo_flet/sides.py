"""Sides of a page that is read from left to right, or from right to left.

Flet mirrors rows, and no distance, border or alignment that names a side. What has one at the start
or at the end of a line takes it from here, while it is drawn.
"""

from typing import TypeVar

import flet as ft

T = TypeVar("T")


def is_mirrored() -> bool:
    """Whether the page is read from right to left."""
    return bool(ft.context.page.rtl)


def at_start() -> ft.Alignment:
    """Where a line begins, halfway up."""
    return ft.Alignment.CENTER_RIGHT if is_mirrored() else ft.Alignment.CENTER_LEFT


def at_end() -> ft.Alignment:
    """Where a line ends, halfway up."""
    return ft.Alignment.CENTER_LEFT if is_mirrored() else ft.Alignment.CENTER_RIGHT


def at_top_end() -> ft.Alignment:
    """Where the first line ends."""
    return ft.Alignment.TOP_LEFT if is_mirrored() else ft.Alignment.TOP_RIGHT


def padding(*, start: int = 0, end: int = 0, top: int = 0, bottom: int = 0) -> ft.Padding:
    """Within a control, in pixels."""
    left, right = _sides(start, end)
    return ft.Padding(left=left, right=right, top=top, bottom=bottom)


def margin(*, start: int = 0, end: int = 0) -> ft.Margin:
    """Around a control, in pixels."""
    left, right = _sides(start, end)
    return ft.Margin(left=left, right=right)


def border(
    *,
    start: ft.BorderSide | None = None,
    end: ft.BorderSide | None = None,
    bottom: ft.BorderSide | None = None,
) -> ft.Border:
    """On some sides of a control."""
    left, right = _sides(start, end)
    return ft.Border.only(left=left, right=right, bottom=bottom)


def _sides(start: T, end: T) -> tuple[T, T]:
    return (end, start) if is_mirrored() else (start, end)
