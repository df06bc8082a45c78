"""A payment: money that came in, the invoices it settles, and its undoing."""

import pytest
from attrs import evolve

from manchengo.commands import RegisterClient, VoidPayment
from manchengo.domain.errors import (
    AlreadyExists,
    NothingToDo,
    ReasonMissing,
    Unknown,
    WrongState,
)
from manchengo.domain.ids import ClientId
from manchengo.domain.invoice import InvoicePaid, InvoicePaymentReversed, MoreThanDue
from manchengo.domain.payment import (
    AnotherClient,
    Cheque,
    ChequeDetailsMissing,
    MoreThanPaid,
    PaymentAllocated,
    PaymentMode,
    PaymentReceived,
    PaymentVoided,
)
from tests.support.billing import (
    A_BILL,
    GROSS,
    a_draft,
    allocated,
    bill_id,
    credited,
    issued,
    paid,
    payment_id,
)
from tests.support.dairy import A_DAIRY, SHOP, an_id, day, dinars
from tests.support.given import given

P1 = payment_id("P1")
A_CHEQUE = Cheque(number="0042", dated=day(2), drawee="BADR")
BY_CHEQUE = evolve(paid("P1", dinars(10), mode=PaymentMode.CHEQUE), cheque=A_CHEQUE)
BOUNCED = VoidPayment(payment_id=P1, on=day(9), reason=" bounced ")


def test_money_comes_in() -> None:
    given(A_DAIRY).when(evolve(BY_CHEQUE, reference="bordereau 7")).then(
        PaymentReceived(
            payment_id=P1,
            client_id=SHOP,
            amount=dinars(10),
            mode=PaymentMode.CHEQUE,
            reference="bordereau 7",
            cheque=A_CHEQUE,
            on=day(3),
        )
    )


def test_money_comes_in_once() -> None:
    given(A_DAIRY, BY_CHEQUE).when(BY_CHEQUE).refused(
        AlreadyExists, kind="payment", reference=str(P1)
    )


def test_no_money_is_no_payment() -> None:
    given(A_DAIRY).when(paid("P1", dinars(0))).refused(NothingToDo, what="amount")


def test_an_unknown_client_pays_nothing() -> None:
    given(A_DAIRY).when(evolve(BY_CHEQUE, client_id=ClientId(an_id("?")))).refused(
        Unknown, kind="client"
    )


@pytest.mark.parametrize(
    "cheque", [None, evolve(A_CHEQUE, number=" "), evolve(A_CHEQUE, drawee="")]
)
def test_a_cheque_says_what_the_law_asks(cheque: Cheque | None) -> None:
    given(A_DAIRY).when(evolve(BY_CHEQUE, cheque=cheque)).refused(ChequeDetailsMissing)


def test_it_settles_an_invoice() -> None:
    given(A_BILL, paid("P1", GROSS)).when(allocated("P1", "F1", GROSS)).then(
        PaymentAllocated(invoice_id=bill_id("F1"), amount=GROSS, on=day(3)),
        InvoicePaid(payment_id=P1, amount=GROSS, on=day(3)),
    )


def test_it_settles_several_invoices_to_the_last_centime() -> None:
    given(
        A_BILL,
        a_draft("F2"),
        issued("F2"),
        paid("P1", dinars(100)),
        allocated("P1", "F1", dinars("60.01")),
    ).when(allocated("P1", "F2", dinars("39.99"))).done()


def test_one_centime_more_than_came_in_is_refused() -> None:
    given(A_BILL, paid("P1", dinars(100)), allocated("P1", "F1", dinars(60))).when(
        allocated("P1", "F1", dinars("40.01"))
    ).refused(MoreThanPaid, amount=dinars("40.01"), left=dinars(40))


def test_one_centime_more_than_is_owed_is_refused() -> None:
    given(A_BILL, paid("P1", dinars(99_999))).when(
        allocated("P1", "F1", GROSS + dinars("0.01"))
    ).refused(MoreThanDue, invoice="F1", amount=GROSS + dinars("0.01"), due=GROSS)


def test_what_was_credited_is_not_paid() -> None:
    given(A_BILL, credited("F1"), paid("P1", dinars(1))).when(
        allocated("P1", "F1", dinars(1))
    ).refused(MoreThanDue, invoice="F1", due=dinars(0))


def test_settling_nothing_is_refused() -> None:
    given(A_BILL, paid("P1", dinars(1))).when(allocated("P1", "F1", dinars(0))).refused(
        NothingToDo, what="amount"
    )


def test_the_money_of_one_does_not_settle_the_debt_of_another() -> None:
    neighbour = ClientId(an_id("neighbour"))
    given(
        A_BILL,
        RegisterClient(client_id=neighbour, code="C02", name="Voisin"),
        evolve(paid("P1", dinars(1)), client_id=neighbour),
    ).when(allocated("P1", "F1", dinars(1))).refused(AnotherClient, invoice="F1")


def test_an_unknown_payment_settles_nothing() -> None:
    given(A_BILL).when(allocated("P9", "F1", dinars(1))).refused(Unknown, kind="payment")


def test_an_unknown_invoice_is_not_settled() -> None:
    given(A_BILL, paid("P1", dinars(1))).when(allocated("P1", "F9", dinars(1))).refused(
        Unknown, kind="invoice"
    )


def test_a_cheque_that_bounced_is_owed_again_by_every_invoice_it_settled() -> None:
    given(
        A_BILL,
        a_draft("F2"),
        issued("F2"),
        paid("P1", dinars(100)),
        allocated("P1", "F1", dinars(10)),
        allocated("P1", "F2", dinars(20)),
        allocated("P1", "F1", dinars(30)),
    ).when(BOUNCED).then(
        PaymentVoided(reason="bounced", on=day(9)),
        InvoicePaymentReversed(payment_id=P1, amount=dinars(40), on=day(9)),
        InvoicePaymentReversed(payment_id=P1, amount=dinars(20), on=day(9)),
    )


def test_money_is_voided_with_a_reason() -> None:
    given(A_DAIRY, BY_CHEQUE).when(evolve(BOUNCED, reason="")).refused(ReasonMissing, step="void")


def test_what_was_voided_settles_nothing_and_is_not_voided_again() -> None:
    history = given(A_BILL, evolve(BY_CHEQUE, reference="b7"), BOUNCED)
    gone = {"kind": "payment", "id": P1, "code": "b7", "state": "voided"}
    history.when(allocated("P1", "F1", dinars(1))).refused(WrongState, **gone, step="allocate")
    history.when(BOUNCED).refused(WrongState, **gone, step="void")


def test_an_unknown_payment_is_not_voided() -> None:
    given(A_DAIRY).when(BOUNCED).refused(Unknown, kind="payment", reference=str(P1))
