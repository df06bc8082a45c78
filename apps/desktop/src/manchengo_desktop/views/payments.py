"""Payments: the list, and beside it one of them whole or the form of another."""

import flet as ft

from manchengo_desktop.components import (
    component,
    facts,
    heading,
    problem_of,
    tone,
)
from manchengo_desktop.paged import beside, filters, page_table
from manchengo_desktop.views.invoice_forms import bill_form
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, named, stacked, state_word
from manchengo_flet.fields import search_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, S, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.payment_detail import (
    BillOfPayment,
    PaymentDetail,
    PaymentLine,
)
from manchengo_presenters.screens.payment_list import Filter, PaymentList

SIDE = 380


@component
def payments(model: PaymentList, width: float) -> ft.Control:
    """The list in its four states; what is open beside it, above it where there is little room."""
    use_view_model(model)
    search = search_field(
        "search", _("Search a client, a cheque…"), model.set_search, 260, number=model.clears
    )
    begin = button(
        "new-payment",
        _("Record a payment"),
        on_press(model.begin),
        icon=ft.Icons.ADD,
        primary=True,
        hint=_("Ctrl Enter"),
    )
    may_begin = model.may_collect and model.form is None
    head = heading(_("Payments"), model.range_words, search, *([begin] if may_begin else []))
    side = _side(model)
    return beside(
        head,
        [] if side else problem_of(model),
        lambda room: _listed(model, room),
        side,
        width=width,
        side_width=SIDE,
    )


def _side(model: PaymentList) -> list[ft.Control]:
    parts: list[ft.Control] = []
    if model.detail is not None:
        parts += [*problem_of(model), _detail(model, model.detail)]
    if model.form is not None:
        parts.append(bill_form(model.form, model.leave))
    return parts


def _listed(model: PaymentList, width: float) -> ft.Control:
    return page_table(
        model,
        "payments",
        _columns(),
        _row,
        lambda: _nothing(model),
        width=width,
        top=filters(model, Filter),
    )


def _nothing(model: PaymentList) -> ft.Control:
    if model.is_narrowed:
        clear = button("clear", _("Show all payments"), on_press(model.clear))
        return listing.nothing(
            _("No payment fits"), _("Choose another filter, or empty the search."), clear
        )
    return listing.nothing(
        _("No payment yet"), _("Record what a client pays, here or on their invoice.")
    )


def _columns() -> list[listing.Column]:
    return [
        listing.Column(title=_("Date"), width=92),
        listing.Column(title=_("Client")),
        listing.Column(title=_("Paid by"), width=140, least=780),
        listing.Column(title=_("Pays"), width=142, least=1000),
        listing.Column(title=_("Amount"), width=116, is_figures=True),
        listing.Column(title=_("Pays nothing yet"), width=116, is_figures=True, least=900),
        listing.Column(title=_("State"), width=110),
    ]


def _row(line: PaymentLine) -> listing.Row:
    how = " · ".join(filter(None, (line.mode, line.reference)))
    return listing.Row(
        identifier=f"payment-{line.payment_id}",
        cells=[
            muted(line.day, BODY),
            text(line.client, one_line=True),
            muted(how, BODY, one_line=True),
            muted(line.pays, BODY, one_line=True),
            figures(line.amount),
            figures(line.left),
            ft.Row([state_word(line.state, tone(line.tone))], tight=True),
        ],
    )


def _detail(model: PaymentList, detail: PaymentDetail) -> ft.Control:
    line = detail.line
    state = ft.Row(
        [
            ft.Row([state_word(line.state, tone(line.tone))], expand=True),
            link("open-client", _("See the client"), on_press(model.open_client)),
        ]
    )
    parts: list[ft.Control] = [
        figures(line.amount, BODY + M, family=SEMIBOLD),
        state,
        facts(dict(detail.facts)),
    ]
    if detail.pays:
        parts.append(muted(_("Pays"), BODY))
        parts += [_bill(model, each) for each in detail.pays]
    if detail.could_pay and model.may_collect:
        parts.append(muted(_("Could pay"), BODY))
        parts += [_due(model, each) for each in detail.could_pay]
    parts.append(ft.Row(_ways(model, detail), spacing=M))
    return named("payment", card(stacked(parts, spacing=M + S)))


def _ways(model: PaymentList, detail: PaymentDetail) -> list[ft.Control]:
    ways = [link("close", _("Close"), on_press(model.close))]
    if model.may_void and not detail.is_void and model.form is None:
        ways.append(link("void", _("Void the payment"), on_press(model.begin_void)))
    return ways


def _bill(model: PaymentList, bill: BillOfPayment) -> ft.Control:
    to = link(f"bill-{bill.number}", bill.number, on_press(model.open_bill, bill), in_line=True)
    return ft.Row([ft.Row([to], expand=True), figures(bill.amount)], spacing=M)


def _due(model: PaymentList, bill: BillOfPayment) -> ft.Control:
    use = None if model.is_busy else on_press(model.use, bill)
    return ft.Row(
        [
            ft.Container(_bill(model, bill), expand=True),
            button(f"use-{bill.number}", _("Pay it"), use),
        ],
        spacing=M,
    )
