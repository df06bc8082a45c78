"""A tree, a line for each node: how deep it hangs is drawn by the lines before it."""

from collections.abc import Sequence

import flet as ft
from attrs import frozen

from manchengo_flet import sides
from manchengo_flet.theme import ROW_HEIGHT, L

STEP = L + L // 2
"""Pixels by which each level stands further in."""

DEEPEST = 12
"""Levels from which on nothing stands further in: there would be no room for words."""


@frozen(kw_only=True)
class Branch:
    """``depth``: 0 for the root."""

    depth: int
    content: ft.Control


def tree(branches: Sequence[Branch]) -> ft.Control:
    """The nodes in the order given, each before what hangs below it."""
    return ft.Column([_line(each) for each in branches], spacing=0)


def _line(branch: Branch) -> ft.Control:
    guides = [
        ft.Container(
            width=STEP,
            height=ROW_HEIGHT,
            border=sides.border(start=ft.BorderSide(1, ft.Colors.OUTLINE)),
            margin=sides.margin(start=L // 2),
        )
        for _level in range(min(branch.depth, DEEPEST))
    ]
    branch.content.expand = True
    return ft.Row([*guides, branch.content], spacing=0, height=ROW_HEIGHT)
