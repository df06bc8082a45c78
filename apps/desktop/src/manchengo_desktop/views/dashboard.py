"""What matters this morning, at a glance."""

from collections.abc import Sequence

import flet as ft

from manchengo_desktop.components import NARROW, component, heading, list_keys, screen, tone, unread
from manchengo_desktop.views.charts import chart_card
from manchengo_desktop.views.lots import columns, row_of
from manchengo_flet import listing
from manchengo_flet.controls import button, card, named
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, FIGURE, SEMIBOLD, SMALL, L, M, S, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.formatting import long_day
from manchengo_presenters.language import _
from manchengo_presenters.screens.dashboard import (
    Dashboard,
    Figure,
    Overview,
    StockLine,
)

SIDE = 320


@component
def dashboard(model: Dashboard, width: float) -> ft.Control:
    """What presses, what to use first, and what there is."""
    use_view_model(model)
    new = button(
        "new-reception",
        _("New reception"),
        on_press(model.receive),
        icon=ft.Icons.ADD,
        primary=True,
        hint=_("N then R"),
    )
    today = long_day(model.context.office.today())
    head = heading(_("Dashboard"), today, *([new] if model.may_receive else []))
    if model.overview is None:
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    if model.overview.is_empty:
        nothing = listing.nothing(
            _("Nothing is here yet"), _("Receive a first lot: it will show here.")
        )
        return screen(head, nothing)
    return screen(head, *_filled(model, model.overview, width))


def _filled(model: Dashboard, seen: Overview, width: float) -> list[ft.Control]:
    first = _first(model, seen, width)
    received = [chart_card(seen.received)] if seen.received else []
    beside = [*received, _stock(seen.stock)]
    figures_ = [_figure(each) for each in seen.figures]
    if width < NARROW:
        rows = [ft.Row(figures_[:2], spacing=L), ft.Row(figures_[2:], spacing=L)]
        parts = [*rows, ft.Container(first, height=440), *beside]
        return [ft.ListView(parts, spacing=L, expand=True)]
    top = ft.Row(figures_, spacing=L)
    side = ft.Column(beside, spacing=L, width=SIDE, scroll=ft.ScrollMode.AUTO)
    body = ft.Row(
        [first, side], spacing=L, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return [top, body]


def _figure(figure: Figure) -> ft.Control:
    colours = tone(figure.tone)
    lines: list[ft.Control] = [
        muted(figure.label, BODY, one_line=True),
        figures(figure.value, FIGURE, family=SEMIBOLD),
        text(figure.detail, SMALL, color=colours.foreground, one_line=True),
    ]
    return ft.Container(
        ft.MergeSemantics(
            named(f"figure-{figure.name}", card(ft.Column(lines, spacing=S), padding=L))
        ),
        expand=True,
    )


def _first(model: Dashboard, seen: Overview, width: float) -> ft.Control:
    title = ft.Row([text(_("To use first"), BODY, family=SEMIBOLD)])
    if not seen.first:
        return listing.nothing(_("Nothing to use"), _("No lot that may be used has a last day."))

    page = ft.context.page
    return listing.table(
        "to-use-first",
        columns()[:-1],  # all of them may be used: their state says nothing
        [row_of(line, is_roomy=False) for line in seen.first],
        width=width - (SIDE + L if width >= NARROW else 0),
        selected=model.selected,
        on_open=lambda place: page.run_task(model.open, seen.first[place]),
        hint=list_keys(),
        top=title,
    )


def _stock(lines: Sequence[StockLine]) -> ft.Control:
    rows: list[ft.Control] = []
    for line in lines:
        lasts = text(line.lasts, SMALL, color=tone(line.tone).foreground)
        words: list[ft.Control] = [text(line.name, one_line=True), *([lasts] if line.lasts else [])]
        names = ft.Column(words, spacing=0, expand=True)
        rows.append(ft.Row([names, figures(line.usable)], spacing=L))
    return named(
        "stock",
        card(ft.Column([text(_("Usable stock"), BODY, family=SEMIBOLD), *rows], spacing=M + S)),
    )
