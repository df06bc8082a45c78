"""One lot: what it is, what happened to it, what may be decided about it."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    back_link,
    component,
    facts,
    form_field,
    heading,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, named, notice, stacked, state_word
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, FIGURE, SEMIBOLD, L, M, Tone, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.lot_page import LotDetail, LotPage, MovementLine


@component
def lot(model: LotPage, width: float) -> ft.Control:
    """The lot that is open."""
    use_view_model(model)
    back = back_link(model.context)
    if model.detail is None:
        head = heading(_("Lot"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    line = model.detail.line
    product = " · ".join(filter(None, (line.product, line.arabic)))
    head = heading(line.code, product, back)
    movements, about = _movements(model.detail, width), _about(model, model.detail)
    if width < NARROW:
        below = ft.ListView([about, ft.Container(movements, height=400)], spacing=L, expand=True)
        return screen(head, below)
    side = ft.Column([about], width=380, scroll=ft.ScrollMode.AUTO)
    body = ft.Row(
        [side, movements], spacing=L, expand=True, vertical_alignment=ft.CrossAxisAlignment.STRETCH
    )
    return screen(head, body)


def _about(model: LotPage, detail: LotDetail) -> ft.Control:
    line = detail.line
    aside = [notice("aside", detail.aside, Tone.BAD)] if detail.aside else []
    balance = ft.Row(
        [
            named("balance", figures(line.on_hand, FIGURE, family=SEMIBOLD)),
            ft.Container(expand=True),
            state_word(line.state, tone(line.tone)),
        ]
    )
    away = [muted(f"{line.expires} · {line.away}", BODY)] if line.away else []
    parts: list[ft.Control] = [balance, *away, *aside, facts(dict(detail.facts))]
    return stacked([card(stacked(parts)), *problem_of(model), *_decision(model)])


def _decision(model: LotPage) -> list[ft.Control]:
    if model.deciding is not None:
        decide = on_press(model.decide)
        words = model.deciding.words
        buttons = ft.Row(
            [
                link("leave", _("Leave it"), on_press(model.begin, None)),
                ft.Container(expand=True),
                button("decide", words, None if model.is_busy else decide, primary=True),
            ]
        )
        reason = form_field(model, "reason", _("Reason"), autofocus=True, on_submit=decide)
        title = text(words, BODY, family=SEMIBOLD)
        return [card(stacked([title, reason, buttons]))]
    if not model.judgements:
        return []
    first, *others = model.judgements
    return [
        ft.Row(
            [
                button(
                    f"judge-{each.name.lower()}",
                    each.words,
                    on_press(model.begin, each),
                )
                for each in (first, *others)
            ],
            spacing=M,
            wrap=True,
        )
    ]


def _movements(detail: LotDetail, width: float) -> ft.Control:
    columns = [
        listing.Column(title=_("Day"), width=92),
        listing.Column(title=_("Movement"), width=150),
        listing.Column(title=_("Quantity"), width=104, is_figures=True),
        listing.Column(title=_("For"), width=150, least=1240),
        listing.Column(title=_("Reason")),
    ]
    return listing.table(
        "movements",
        columns,
        [_movement(place, line) for place, line in enumerate(detail.movements)],
        width=width,
        selected=None,
        on_open=None,
        top=text(_("Movements"), BODY, family=SEMIBOLD),
    )


def _movement(place: int, line: MovementLine) -> listing.Row:
    return listing.Row(
        identifier=f"movement-{place}",
        cells=[
            figures(line.day),
            text(line.kind, one_line=True),
            figures(line.quantity),
            text(line.cause, one_line=True),
            text(line.reason, one_line=True),
        ],
    )
