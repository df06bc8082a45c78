"""One invoice: what it comes to, what was paid, and what may be done with it."""

import flet as ft

from manchengo_desktop.components import (
    back_link,
    beside,
    component,
    facts,
    heading,
    problem_of,
    screen,
    tone,
    unread,
)
from manchengo_desktop.views.bill_parts import bill_lines, bill_sums
from manchengo_desktop.views.invoice_forms import bill_form
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, named, stacked, state_word
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, L, M, Tone, figures, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.invoice_detail import (
    BilledDelivery,
    CreditOfInvoice,
    InvoiceDetail,
    PaymentAtHand,
    PaymentOfInvoice,
)
from manchengo_presenters.screens.invoice_forms import Action
from manchengo_presenters.screens.invoice_page import InvoicePage


@component
def invoice(model: InvoicePage, width: float) -> ft.Control:
    """The invoice that is open."""
    use_view_model(model)
    back = back_link(model.context)
    if model.detail is None:
        head = heading(_("Invoice"), "", back)
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    detail = model.detail
    head = heading(detail.number, detail.client, back)
    return beside(head, _about(model, detail), _content(model, detail, width), width)


def _about(model: InvoicePage, detail: InvoiceDetail) -> ft.Control:
    state = ft.Row(
        [
            named("state", state_word(detail.state, tone(detail.tone))),
            ft.Container(expand=True),
            link("open-client", _("See the client"), on_press(model.open_client)),
        ]
    )
    first = card(stacked([state, facts(dict(detail.facts))]))
    if model.form is not None:
        return stacked([first, bill_form(model.form, model.leave)])
    return stacked([first, *problem_of(model), *_actions(model)])


def _actions(model: InvoicePage) -> list[ft.Control]:
    if not model.actions:
        return []
    buttons = [_action(model, each) for each in model.actions]
    return [ft.Row(buttons, spacing=M, run_spacing=M, wrap=True)]


def _action(model: InvoicePage, action: Action) -> ft.Control:
    is_primary = action is model.primary
    return button(
        f"action-{action.name.lower()}",
        action.words,
        None if model.is_busy else on_press(model.begin, action),
        icon=ft.Icons.CHECK if is_primary else None,
        primary=is_primary,
        hint=_("Ctrl Enter") if is_primary else None,
    )


def _content(model: InvoicePage, detail: InvoiceDetail, width: float) -> list[ft.Control]:
    parts = [bill_lines(detail.bill, width), bill_sums(detail.sums)]
    if detail.at_hand:
        rows = [_at_hand(model, place, each) for place, each in enumerate(detail.at_hand)]
        parts.append(_card("at-hand", _("Paid by the client, and used for nothing yet"), rows))
    if detail.payments:
        payments = [_payment(model, place, each) for place, each in enumerate(detail.payments)]
        parts.append(_card("payments", _("Payments"), payments))
    if detail.credits:
        notes = [_credit(each) for each in detail.credits]
        parts.append(_card("credits", _("Credit notes"), notes))
    if detail.deliveries:
        vans = [_delivery(model, each) for each in detail.deliveries]
        parts.append(_card("deliveries", _("Deliveries"), vans))
    return parts


def _card(identifier: str, title: str, rows: list[ft.Control]) -> ft.Control:
    head = text(title, BODY, family=SEMIBOLD)
    return named(identifier, card(ft.Column([head, *rows], spacing=M, tight=True)))


def _two_lines(first: str, second: str) -> ft.Control:
    lines: list[ft.Control] = [text(first, one_line=True)]
    if second:
        lines.append(muted(second, one_line=True))
    return ft.Column(lines, spacing=0, expand=True)


def _payment(model: InvoicePage, place: int, payment: PaymentOfInvoice) -> ft.Control:
    said = " · ".join(filter(None, (payment.mode, payment.reference, payment.reason)))
    parts: list[ft.Control] = [_two_lines(payment.day, said), figures(payment.amount)]
    if payment.is_void:
        parts.insert(1, state_word(_("taken back"), Tone.PLAIN))
    elif model.may_void:
        parts.append(link(f"void-{place}", _("Void it"), on_press(model.begin_void, payment)))
    return ft.Row(parts, spacing=L)


def _at_hand(model: InvoicePage, place: int, payment: PaymentAtHand) -> ft.Control:
    parts: list[ft.Control] = [_two_lines(payment.day, payment.mode), figures(payment.left)]
    if model.may_collect:
        use = None if model.is_busy else on_press(model.use, payment)
        parts.append(button(f"use-{place}", _("Pay with it"), use))
    return ft.Row(parts, spacing=L)


def _credit(note: CreditOfInvoice) -> ft.Control:
    said = " · ".join((note.day, note.reason))
    return ft.Row([_two_lines(note.number or _("Draft"), said), figures(note.amount)], spacing=L)


def _delivery(model: InvoicePage, delivery: BilledDelivery) -> ft.Control:
    return ft.Row(
        [
            _two_lines(delivery.code, delivery.day),
            link(
                f"open-{delivery.code}",
                _("See the delivery"),
                on_press(model.open_delivery, delivery),
            ),
        ],
        spacing=L,
    )
