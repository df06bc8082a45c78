"""One production order: what it takes, what was poured, what came out, what comes next."""

import flet as ft

from manchengo_desktop.components import (
    NARROW,
    back_link,
    component,
    facts,
    heading,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_desktop.views.order_forms import step_form
from manchengo_flet import listing, sides
from manchengo_flet.controls import (
    button,
    card,
    link,
    named,
    notice,
    share_bar,
    stacked,
    state_word,
)
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, SMALL, XS, L, M, S, Tone, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.order_detail import (
    SKIPPED_SHOWN,
    LotChoice,
    MaterialLine,
    OrderDetail,
)
from manchengo_presenters.screens.order_page import OrderPage, Step

SIDE = 380


@component
def order(model: OrderPage, width: float) -> ft.Control:
    """The order that is open."""
    use_view_model(model)
    back = back_link(model.context)
    if model.detail is None:
        head = heading(_("Production order"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    detail = model.detail
    head = heading(detail.line.code, _named(detail), back)
    side = stacked(
        [*problem_of(model), *_next_steps(model), _about(detail), *_outputs(model, detail)]
    )
    work = stacked([*_materials(model, detail), *_poured(model, detail)])
    if width < NARROW:
        return screen(head, ft.ListView([side, work], spacing=L, expand=True))
    body = ft.Row(
        [
            ft.Column([side], width=SIDE, scroll=ft.ScrollMode.AUTO),
            ft.Column([work], expand=True, scroll=ft.ScrollMode.AUTO),
        ],
        spacing=L,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return screen(head, body)


def _named(detail: OrderDetail) -> str:
    return " · ".join(filter(None, (detail.line.product, detail.line.arabic)))


def _next_steps(model: OrderPage) -> list[ft.Control]:
    if model.form is not None:
        return [step_form(model.form, model.leave_form)]
    detail, primary = model.detail, model.next_step
    parts: list[ft.Control] = []
    if detail is not None and detail.status == "planned" and detail.is_short:
        lacking = [each.missing for each in detail.materials if each.missing]
        advice = _("Receive or release some, or plan less.")
        parts.append(notice("missing", " ".join((*lacking, advice)), Tone.WARN))
    if model.steps:
        parts.append(
            ft.Row([_step(model, each, primary) for each in model.steps], spacing=M, wrap=True)
        )
    return parts


def _step(model: OrderPage, step: Step, primary: Step | None) -> ft.Control:
    return button(
        f"step-{step.name.lower()}",
        step.words,
        None if model.is_busy else on_press(model.take, step),
        primary=step is primary,
        hint=_("Ctrl Enter") if step is primary else None,
    )


def _about(detail: OrderDetail) -> ft.Control:
    line = detail.line
    state = ft.Row(
        [
            named("planned", figures(line.planned, 22, family=SEMIBOLD)),
            ft.Container(expand=True),
            named("state", state_word(line.state, tone(line.tone))),
        ]
    )
    return card(stacked([state, facts(dict(detail.facts))]))


def _outputs(model: OrderPage, detail: OrderDetail) -> list[ft.Control]:
    if not detail.outputs:
        return []
    rows: list[ft.Control] = []
    for each in detail.outputs:
        words = " · ".join(filter(None, (each.product, each.role)))
        names: list[ft.Control] = [
            link(f"output-{each.code}", each.code, on_press(model.open_lot, each.lot_id)),
            muted(words, SMALL, one_line=True),
        ]
        rows.append(
            ft.Row(
                [
                    ft.Column(names, spacing=0, expand=True),
                    named(f"made-{each.code}", figures(each.quantity)),
                ],
                spacing=L,
            )
        )
    title = text(_("Lots that came out"), BODY, family=SEMIBOLD)
    return [named("outputs", card(stacked([title, *rows], spacing=M)))]


def _materials(model: OrderPage, detail: OrderDetail) -> list[ft.Control]:
    return [_material(model, detail, each) for each in detail.materials]


def _material(model: OrderPage, detail: OrderDetail, each: MaterialLine) -> ft.Control:
    runs = detail.status == "started"
    amounts = _("{poured} of {needed}").format(poured=each.poured, needed=each.needed)
    parts: list[ft.Control] = [
        ft.Row(
            [
                text(each.name, BODY, family=SEMIBOLD, one_line=True, expand=True),
                figures(each.needed if detail.status == "planned" else amounts),
            ],
            spacing=L,
        )
    ]
    if detail.status != "planned":
        parts.append(share_bar(each.share, _("Poured: {amounts}").format(amounts=amounts)))
    parts.extend(_pick(model, lot, can_pour=runs) for lot in each.picks)
    if each.missing:
        parts.append(notice("short", each.missing, Tone.WARN))
    if each.skipped:
        parts.append(muted(_("Passed over"), SMALL))
        parts.extend(
            ft.Row([text(lot.code, one_line=True, expand=True), muted(lot.why, BODY)], spacing=L)
            for lot in each.skipped[:SKIPPED_SHOWN]
        )
        if each.more_skipped:
            parts.append(muted(each.more_skipped, BODY))
    return card(stacked(parts, spacing=M))


def _inwards() -> ft.IconData:
    """An arrow into the line that it is before."""
    if sides.is_mirrored():
        return ft.Icons.SUBDIRECTORY_ARROW_LEFT
    return ft.Icons.SUBDIRECTORY_ARROW_RIGHT


def _pick(model: OrderPage, lot: LotChoice, *, can_pour: bool) -> ft.Control:
    until = muted(_("use by {day}").format(day=lot.expires), SMALL, one_line=True)
    under: list[ft.Control] = [until]
    if lot.unfit:
        why = _("May not leave any more: {why}.").format(why=lot.unfit)
        under = [text(why, SMALL, color=Tone.BAD.foreground)]
    names = ft.Column([text(lot.code, one_line=True), *under], spacing=XS, expand=True)
    parts: list[ft.Control] = [
        ft.Icon(_inwards(), size=16, color=ft.Colors.OUTLINE),
        names,
        figures(lot.amount),
    ]
    if can_pour and model.may_produce and model.form is None and not lot.unfit:
        parts.append(link(f"pour-{lot.code}", _("Pour"), on_press(model.begin_pouring, lot)))
    return named(f"pick-{lot.code}", ft.Row(parts, spacing=M + S))


def _poured(model: OrderPage, detail: OrderDetail) -> list[ft.Control]:
    if not detail.poured:
        return []
    can_take_back = detail.status == "started" and model.may_produce and model.form is None
    rows: list[ft.Control] = []
    for each in detail.poured:
        words = " · ".join(filter(None, (each.product, each.day, each.reason)))
        names = ft.Column(
            [text(each.code, one_line=True), muted(words, SMALL, one_line=True)],
            spacing=XS,
            expand=True,
        )
        parts: list[ft.Control] = [names, figures(each.quantity)]
        if can_take_back:
            parts.append(
                link(
                    f"take-back-{each.code}",
                    _("Take back"),
                    on_press(model.begin_taking_back, each.lot_id),
                )
            )
        rows.append(ft.Row(parts, spacing=M + S))
    title = text(_("Poured so far"), BODY, family=SEMIBOLD)
    return [named("poured", card(stacked([title, *rows], spacing=M + S)))]
