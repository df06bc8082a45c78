"""One client's order: its lines, the lots for it, and what may be done with it."""

import flet as ft

from manchengo_desktop.components import (
    back_link,
    beside,
    component,
    facts,
    form_field,
    heading,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_desktop.views.bill_parts import bill_links
from manchengo_desktop.views.lots_for_order import proposed, reserved
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, named, stacked, state_word
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.sale_page import LineOfOrder, SaleDetail, SalePage, Step


@component
def sale(model: SalePage, width: float) -> ft.Control:
    """The order that is open."""
    use_view_model(model)
    back = back_link(model.context)
    if model.detail is None:
        head = heading(_("Sales order"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    detail = model.detail
    head = heading(detail.line.code, detail.line.client, back)
    about, content = _about(model, detail), _content(model, detail, width)
    return beside(head, about, content, width)


def _about(model: SalePage, detail: SaleDetail) -> ft.Control:
    state = ft.Row([named("state", state_word(detail.line.state, tone(detail.line.tone)))])
    first = card(stacked([state, facts(dict(detail.facts))]))
    return stacked([first, *problem_of(model), *_deciding(model), *_steps(model)])


def _deciding(model: SalePage) -> list[ft.Control]:
    if model.deciding is None:
        return []
    decide, words = on_press(model.decide), model.deciding.words
    label = _("Reason") if model.deciding.takes_reason else _("Reason (if there is one)")
    buttons = ft.Row(
        [
            link("leave", _("Leave it"), on_press(model.begin, None)),
            ft.Container(expand=True),
            button("decide", words, None if model.is_busy else decide, primary=True),
        ]
    )
    reason = form_field(model, "reason", label, autofocus=True, on_submit=decide)
    return [card(stacked([text(words, BODY, family=SEMIBOLD), reason, buttons]))]


def _steps(model: SalePage) -> list[ft.Control]:
    if model.deciding is not None:
        return []
    buttons = [_step(model, each) for each in model.steps]
    if model.may_bill:
        buttons.append(button("bill", _("Invoice it"), on_press(model.bill)))
    return [ft.Row(buttons, spacing=M, run_spacing=M, wrap=True)] if buttons else []


def _step(model: SalePage, step: Step) -> ft.Control:
    is_primary = step is model.primary
    return button(
        f"step-{step.name.lower()}",
        step.words,
        None if model.is_busy else on_press(model.press, step),
        icon=ft.Icons.CHECK if is_primary else None,
        primary=is_primary,
        hint=_("Ctrl Enter") if is_primary else None,
    )


def _content(model: SalePage, detail: SaleDetail, width: float) -> list[ft.Control]:
    parts: list[ft.Control] = [_lines(detail, width)]
    if detail.proposed:
        parts.append(text(_("What would be reserved"), BODY, family=SEMIBOLD))
        parts.extend(proposed(each) for each in detail.proposed)
    if detail.held:
        parts.append(reserved(detail.held))
    if detail.deliveries:
        parts.append(_deliveries(model, detail))
    return parts


def _lines(detail: SaleDetail, width: float) -> ft.Control:
    columns = [
        listing.Column(title=_("Product")),
        listing.Column(title=_("Ordered"), width=110, is_figures=True),
        listing.Column(title=_("Shipped"), width=110, is_figures=True),
        listing.Column(title=_("Unit price"), width=120, is_figures=True, least=800),
    ]
    return listing.short_table(
        "lines",
        columns,
        [_line(place, each) for place, each in enumerate(detail.lines)],
        width=width,
    )


def _line(place: int, line: LineOfOrder) -> listing.Row:
    return listing.Row(
        identifier=f"line-{place}",
        cells=[
            text(line.product),
            figures(line.ordered),
            figures(line.shipped),
            figures(line.price),
        ],
    )


def _deliveries(model: SalePage, detail: SaleDetail) -> ft.Control:
    rows = [
        ft.Row(
            [
                ft.Container(text(each.code, one_line=True), width=200),
                muted(each.day, BODY, expand=True),
                *bill_links(model, each.bills),
                text(each.state),
            ],
            spacing=M,
        )
        for each in detail.deliveries
    ]
    title = text(_("Deliveries"), BODY, family=SEMIBOLD)
    return named("deliveries", card(ft.Column([title, *rows], spacing=M, tight=True)))
