"""A chart of bars: high and low at a glance, with its words for who hovers and who listens."""

from collections.abc import Sequence

import flet as ft
from attrs import frozen

from manchengo_flet.controls import named
from manchengo_flet.theme import XS, M, S, muted

HEIGHT = 120
"""Pixels of the highest bar."""

LEAST = 2
"""Pixels of a bar of nothing: a day without anything is a day, too."""

WIDEST = 40
"""Pixels of a bar where there are few."""

MANY = 16
"""Bars from which on they stand closer."""


@frozen(kw_only=True)
class ChartBar:
    """``amount``: how high it is, as the others; ``words``: what it is, shown under the pointer.
    ``is_marked``: it stands out, by its colour and by what is written beside the chart.
    """

    amount: int
    words: str
    is_marked: bool = False


def bar_chart(
    identifier: str,
    bars: Sequence[ChartBar],
    *,
    read_aloud: str,
    ends: tuple[str, str],
    line: int | None = None,
    line_words: str = "",
) -> ft.Control:
    """``read_aloud``: all that it shows, in words. ``ends``: what stands below the first bar and
    below the last. ``line``: an amount at which a line is drawn over the bars; ``line_words``:
    what it is, which stands between the ends.
    """
    most = max(1, line or 0, *(bar.amount for bar in bars))
    drawn = ft.Row(
        [_bar(bar, most) for bar in bars],
        spacing=S if len(bars) < MANY else XS,
        vertical_alignment=ft.CrossAxisAlignment.END,
    )
    over = [_line(HEIGHT * line // most)] if line is not None else []
    area = ft.Container(
        ft.Stack([ft.Container(drawn, left=0, right=0, bottom=0), *over]),
        height=HEIGHT + M,
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE)),
    )
    first, last = ends
    between = muted(line_words, one_line=True)
    below = ft.Row(
        [muted(first), between, muted(last)], alignment=ft.MainAxisAlignment.SPACE_BETWEEN
    )
    return ft.Column([named(identifier, area, label=read_aloud), below], spacing=XS, tight=True)


def _bar(bar: ChartBar, most: int) -> ft.Control:
    drawn = ft.Container(
        height=max(LEAST, HEIGHT * bar.amount // most),
        width=WIDEST,  # less where there is less room
        bgcolor=ft.Colors.PRIMARY if bar.is_marked else ft.Colors.OUTLINE,
        border_radius=ft.BorderRadius.vertical(top=S),
        tooltip=bar.words,
    )
    return ft.Container(drawn, expand=True, alignment=ft.Alignment.BOTTOM_CENTER)


def _line(above: int) -> ft.Control:
    return ft.Container(left=0, right=0, bottom=above, height=1, bgcolor=ft.Colors.ON_SURFACE)
