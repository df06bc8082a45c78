"""One invoice: its lines and what it comes to, what was paid, and what is done with it."""

from manchengo.domain.access import Permission
from manchengo.domain.ids import InvoiceId
from manchengo_presenters.language import _
from manchengo_presenters.screens.bill_form import ShowsBillForm, invoice_row
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.invoice_detail import (
    BilledDelivery,
    InvoiceDetail,
    PaymentAtHand,
    PaymentOfInvoice,
    invoice_detail,
)
from manchengo_presenters.screens.invoice_forms import Action, CancelForm, CreditForm, IssueForm
from manchengo_presenters.screens.payment_forms import PaymentForm, VoidForm, use_of, voiding
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext

NEEDS = {
    Action.ISSUE: Permission.ISSUE_INVOICES,
    Action.PAY: Permission.COLLECT,
    Action.CREDIT: Permission.CREDIT_OR_VOID,
    Action.CANCEL: Permission.CREDIT_OR_VOID,
}
FORMS: dict[Action, type[IssueForm | PaymentForm | CreditForm | CancelForm]] = {
    Action.ISSUE: IssueForm,
    Action.PAY: PaymentForm,
    Action.CREDIT: CreditForm,
    Action.CANCEL: CancelForm,
}
GOES_ON = (Action.ISSUE, Action.PAY)
"""What goes on with an invoice; the others take it back, whole or in part."""


class InvoicePage(DetailPage[InvoiceDetail], ShowsBillForm):
    """``detail``: None until it is there."""

    def __init__(self, context: ScreenContext, invoice_id: InvoiceId) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.invoice_id = invoice_id

    # ------------------------------------------------------------------------ what may be done

    @property
    def actions(self) -> tuple[Action, ...]:
        """What this person may do with it now."""
        return tuple(each for each in Action if self._fits(each) and self._may(NEEDS[each]))

    def _fits(self, action: Action) -> bool:
        detail = self.detail
        if detail is None:
            return False
        if detail.status == "draft":
            return action is Action.ISSUE
        if action is Action.PAY:
            return detail.due > 0
        if action is Action.CANCEL:
            return detail.creditable > 0
        return action is Action.CREDIT and any(detail.left)

    @property
    def primary(self) -> Action | None:
        """The action that goes on with it."""
        return next((each for each in self.actions if each in GOES_ON), None)

    @property
    def may_void(self) -> bool:
        """Whether this person may take a payment back."""
        return self._may(Permission.CREDIT_OR_VOID)

    @property
    def may_collect(self) -> bool:
        """Whether this person may pay it with what the client paid before."""
        return self._may(Permission.COLLECT)

    def _may(self, permission: Permission) -> bool:
        return self.context.who.may(permission)

    # ----------------------------------------------------------------------------- what is done

    def begin(self, action: Action) -> None:
        """About to do that."""
        if self.detail is not None and action in self.actions:
            self.show(FORMS[action](self.context, self.detail, self._ended), action.name)

    def begin_void(self, payment: PaymentOfInvoice) -> None:
        """About to take that payment back."""
        if self.detail is not None and self.may_void and not payment.is_void:
            form = VoidForm(self.context, payment.payment_id, payment.whole, self._ended)
            self.show(form, voiding(payment.payment_id))

    async def reopen(self, name: str) -> Form | None:
        """What still may be done with it, or with one of its payments."""
        action = next((each for each in self.actions if each.name == name), None)
        if action is not None:
            self.begin(action)
        for payment in self.detail.payments if self.detail else ():
            if name == voiding(payment.payment_id):
                self.begin_void(payment)
        return self.form

    async def use(self, payment: PaymentAtHand) -> None:
        """What is left of that payment pays this invoice."""
        if self.is_busy or not self.may_collect:
            return
        invoice_id = self.invoice_id
        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: use_of(choices, invoice_id, payment.payment_id),
                lambda *_given: _("The payment of {day} pays this invoice.").format(
                    day=payment.day
                ),
            )
        )
        if done is not None:
            self.context.window.tell(done)
            await self.load()

    async def _ended(self) -> None:
        self.leave()
        await self.load()

    async def confirm(self) -> None:
        """Do what was begun, or begin what goes on with it."""
        if self.form is not None:
            await self.form.submit()
        elif self.primary is not None:
            self.begin(self.primary)

    # ------------------------------------------------------------------------- where it leads

    async def open_delivery(self, delivery: BilledDelivery) -> None:
        """To that delivery."""
        await self.context.window.go(Screen.DELIVERY, delivery.delivery_id)

    async def open_client(self) -> None:
        """To the client."""
        if self.detail is not None:
            await self.context.window.go(Screen.CLIENT, self.detail.client_id)

    def _read(self) -> InvoiceDetail:
        today = self._office.today()
        with self._office.reading() as snapshot:
            return invoice_detail(snapshot, invoice_row(snapshot, self.invoice_id), today)
