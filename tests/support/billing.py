"""Bills and money, in the words of the accountant's tests."""

from manchengo.commands import (
    AllocatePayment,
    DraftCreditNote,
    DraftInvoice,
    IssueCreditNote,
    IssueInvoice,
    ReceivePayment,
)
from manchengo.domain.billing import BillLine, totals
from manchengo.domain.ids import CreditNoteId, InvoiceId, PaymentId
from manchengo.domain.payment import PaymentMode
from manchengo.domain.values import Money, Percent, Quantity, Unit
from tests.support.dairy import A_DAIRY, CHEESE, PRICE, SHOP, an_id, day, dinars, kg, van_id

NORMAL, REDUCED = Percent(1_900), Percent(900)

CHEESE_LINE = BillLine(
    designation="Tomme",
    quantity=kg(10),
    unit_price=PRICE,
    vat_rate=NORMAL,
    vat_rule="tva.normal@2017",
    product_id=CHEESE,
)
TRANSPORT_LINE = BillLine(
    designation="Transport",
    quantity=Quantity(1_000, Unit.PIECE),
    unit_price=dinars(500),
    vat_rate=REDUCED,
    vat_rule="tva.reduced@2017",
)
GROSS = totals([CHEESE_LINE, TRANSPORT_LINE]).gross


def bill_id(code: str) -> InvoiceId:
    return InvoiceId(an_id(f"bill {code}"))


def note_id(code: str) -> CreditNoteId:
    return CreditNoteId(an_id(f"credit note {code}"))


def payment_id(code: str) -> PaymentId:
    return PaymentId(an_id(f"payment {code}"))


def a_draft(code: str, *, deliveries: tuple[str, ...] = ()) -> DraftInvoice:
    return DraftInvoice(
        invoice_id=bill_id(code),
        client_id=SHOP,
        lines=(CHEESE_LINE, TRANSPORT_LINE),
        on=day(1),
        delivery_ids=tuple(van_id(van) for van in deliveries),
    )


def issued(code: str, *, number: str | None = None) -> IssueInvoice:
    return IssueInvoice(
        invoice_id=bill_id(code), number=code if number is None else number, on=day(2)
    )


def a_credit(code: str, bill: str, *lines: BillLine, reason: str = "too salty") -> DraftCreditNote:
    return DraftCreditNote(
        credit_note_id=note_id(code),
        invoice_id=bill_id(bill),
        lines=lines,
        on=day(3),
        reason=reason,
    )


def credit_issued(code: str, *, number: str | None = None) -> IssueCreditNote:
    return IssueCreditNote(
        credit_note_id=note_id(code), number=code if number is None else number, on=day(4)
    )


def paid(code: str, amount: Money, *, mode: PaymentMode = PaymentMode.CASH) -> ReceivePayment:
    return ReceivePayment(
        payment_id=payment_id(code), client_id=SHOP, amount=amount, mode=mode, on=day(3)
    )


def allocated(code: str, bill: str, amount: Money) -> AllocatePayment:
    return AllocatePayment(
        payment_id=payment_id(code), invoice_id=bill_id(bill), amount=amount, on=day(3)
    )


def settled(bill: str) -> tuple[object, ...]:
    return paid(f"of {bill}", GROSS), allocated(f"of {bill}", bill, GROSS)


def credited(bill: str) -> tuple[object, ...]:
    whole = (CHEESE_LINE, TRANSPORT_LINE)
    return a_credit(f"A-{bill}", bill, *whole), credit_issued(f"A-{bill}")


A_BILL = (A_DAIRY, a_draft("F1"), issued("F1"))
"""Ten kilograms of cheese and their transport: 14 825 dinars with tax."""
