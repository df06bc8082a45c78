"""A chart as every screen shows it: its figure, what that is, and the bars."""

from collections.abc import Sequence

import flet as ft

from manchengo_flet import listing
from manchengo_flet.chart import ChartBar, bar_chart
from manchengo_flet.controls import card, named
from manchengo_flet.theme import BODY, FIGURE, SEMIBOLD, SMALL, XS, L, figures, muted, text
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.screens.charts import Chart

SLIM_FROM = 760
"""The width of a screen below which charts stand one below the other."""


def chart_card(chart: Chart) -> ft.Container:
    """One chart; where there is nothing to draw, in words alone."""
    parts: list[ft.Control] = [
        text(chart.title, BODY, family=SEMIBOLD),
        figures(chart.figure, FIGURE, family=SEMIBOLD),
        muted(chart.detail, SMALL, one_line=bool(chart.bars)),
    ]
    if not chart.bars:
        return card(named(chart.name, ft.Column(parts, spacing=XS)))
    bars = [
        ChartBar(amount=bar.amount, words=bar.sentence, is_marked=bar.is_marked)
        for bar in chart.bars
    ]
    ends = (day(chart.bars[0].day)[:5], day(chart.bars[-1].day)[:5])
    drawn = bar_chart(
        chart.name,
        bars,
        read_aloud=chart.read_aloud,
        ends=ends,
        line=chart.line,
        line_words=chart.line_words,
    )
    return card(ft.Column([*parts, drawn], spacing=XS))


def charts_beside(charts: Sequence[Chart] | None, width: float) -> ft.Control:
    """Several beside each other, or one below the other where there is little room; None: they are
    not read yet.
    """
    if charts is None:
        return ft.Container(ft.Column([listing.late(_("Still running…"))]), height=220)
    cards = [chart_card(chart) for chart in charts]
    if width < SLIM_FROM:
        return ft.Column(list(cards), spacing=L, tight=True)
    for each in cards:
        each.expand = True
    return ft.Row(list(cards), spacing=L, vertical_alignment=ft.CrossAxisAlignment.START)
