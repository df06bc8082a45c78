"""The invoice of a delivery or of an order, looked at before it is issued."""

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
    unread,
)
from manchengo_desktop.views.bill_parts import bill_lines, bill_sums
from manchengo_flet import listing
from manchengo_flet.controls import button, card, link, notice, stacked
from manchengo_flet.keyboard import on_press
from manchengo_flet.theme import M, Tone
from manchengo_flet.view_models import use_view_model
from manchengo_presenters.language import _
from manchengo_presenters.screens.new_invoice import InvoiceToIssue, NewInvoice


@component
def new_invoice(model: NewInvoice, width: float) -> ft.Control:
    """What would be billed, and the day of payment."""
    use_view_model(model)
    shown = model.shown
    head = heading(_("New invoice"), shown.client if shown else "", back_link(model.context))
    if shown is None:
        return screen(head, unread(model) if model.problem else listing.late(_("Still running…")))
    if shown.bill is None:
        nothing = listing.nothing(
            _("Nothing is left to invoice"),
            _("What was delivered has its invoice, or came back whole."),
        )
        return screen(head, nothing)
    content = [bill_lines(shown.bill, width), bill_sums(shown.bill.sums)]
    return beside(head, _form(model, shown), content, width)


def _form(model: NewInvoice, shown: InvoiceToIssue) -> ft.Control:
    issue = on_press(model.issue)
    lacking: list[ft.Control] = []
    if shown.lacking:
        lacking = [
            notice("lacking", shown.lacking, Tone.WARN),
            link("open-client", _("See the client"), on_press(model.open_client)),
        ]
    return card(
        stacked(
            [
                facts({_("Of the deliveries"): shown.deliveries}),
                *lacking,
                *problem_of(model),
                form_field(
                    model,
                    "due_on",
                    _("To be paid by"),
                    hint=_("As 23/04/2026; left blank: no day was agreed on."),
                    on_submit=issue,
                ),
                button(
                    "issue",
                    _("Issue"),
                    None if model.is_busy else issue,
                    icon=ft.Icons.CHECK,
                    primary=True,
                    hint=_("Ctrl Enter"),
                ),
            ],
            spacing=M,
        )
    )
