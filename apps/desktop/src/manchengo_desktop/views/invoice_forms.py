"""The form of what is done with an invoice or with money, beside it."""

from collections.abc import Callable

import flet as ft

from manchengo_desktop.components import component, form_field, problem_of
from manchengo_flet.controls import button, card, chip, link, named, stacked
from manchengo_flet.fields import choice_field
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import BODY, SEMIBOLD, M, S, muted, text
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.bill_form import BillForm
from manchengo_presenters.screens.invoice_forms import CancelForm, CreditForm, IssueForm
from manchengo_presenters.screens.payment_forms import AdvanceForm, MoneyForm, PaymentForm


@component
def bill_form(form: BillForm, leave: Callable[[], None]) -> ft.Control:
    """The fields of that form, between its title and its buttons. ``leave``: do none of it."""
    use_view_model(form)
    submit = on_press(form.submit)
    buttons = ft.Row(
        [
            link("leave", _("Leave it"), on_press(leave)),
            ft.Container(expand=True),
            button("submit", form.button, None if form.is_busy else submit, primary=True),
        ]
    )
    title = text(form.title, BODY, family=SEMIBOLD)
    return card(stacked([title, *problem_of(form), *_fields(form, submit), buttons], spacing=M))


def _fields(form: BillForm, submit: Callable[[], object]) -> list[ft.Control]:
    match form:
        case IssueForm():
            hint = _("As 23/04/2026; left blank: no day was agreed on.")
            return [form_field(form, "due_on", _("To be paid by"), hint=hint, on_submit=submit)]
        case PaymentForm():
            return _payment(form, submit)
        case AdvanceForm():
            client = choice_field(
                "client",
                _("Client"),
                form.clients,
                form.choose,
                value=form.values["client"],
                error=form.errors.get("client"),
            )
            return [client, *_payment(form, submit)]
        case CreditForm():
            return [
                *(form_field(form, name, label, on_submit=submit) for name, label in form.lines),
                form_field(form, "reason", _("Reason"), on_submit=submit),
            ]
        case CancelForm():
            effects = [muted(each, BODY) for each in form.effects]
            reason = form_field(form, "reason", _("Reason"), autofocus=True, on_submit=submit)
            said = ft.Container(stacked(effects, spacing=M), padding=ft.Padding.only(bottom=S))
            return [named("effects", said), reason]
        case _:
            return [form_field(form, "reason", _("Reason"), autofocus=True, on_submit=submit)]


def _payment(form: MoneyForm, submit: Callable[[], object]) -> list[ft.Control]:
    modes = [
        chip(f"mode-{key}", words, on_press(form.choose_mode, key), is_on=form.is_mode(key))
        for key, words in form.modes
    ]
    labels = {"reference": _("Reference (if there is one)")}
    if form.takes_cheque:
        labels |= {
            "cheque_number": _("Number of the cheque"),
            "cheque_dated": _("Date of the cheque"),
            "cheque_drawee": _("Bank of the cheque"),
        }
    return [
        form_field(form, "amount", _("Amount (DA)"), on_submit=submit),
        ft.Row(modes, spacing=M, run_spacing=M, wrap=True),
        *(form_field(form, name, label, on_submit=submit) for name, label in labels.items()),
    ]
