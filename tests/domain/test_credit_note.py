"""A credit note: what undoes an issued invoice, whole or in part."""

from attrs import evolve

from manchengo.domain.billing import LineIncomplete, totals
from manchengo.domain.credit_note import (
    CreditNoteDrafted,
    CreditNoteIssued,
    MoreThanBilledAtRate,
)
from manchengo.domain.errors import (
    AlreadyExists,
    NothingToDo,
    ReasonMissing,
    Unknown,
    WrongState,
)
from manchengo.domain.invoice import InvoiceCredited, NumberMissing
from manchengo.domain.values import Percent
from tests.support.billing import (
    A_BILL,
    CHEESE_LINE,
    NORMAL,
    REDUCED,
    TRANSPORT_LINE,
    a_credit,
    a_draft,
    bill_id,
    credit_issued,
    credited,
    note_id,
    settled,
)
from tests.support.dairy import A_DAIRY, day, dinars, kg
from tests.support.given import given

ONE_KILO = evolve(CHEESE_LINE, quantity=kg(1))


def test_a_kilogram_too_salty_is_drafted() -> None:
    given(A_BILL).when(a_credit("A1", "F1", ONE_KILO, reason=" too salty ")).then(
        CreditNoteDrafted(
            credit_note_id=note_id("A1"),
            invoice_id=bill_id("F1"),
            lines=(ONE_KILO,),
            reason="too salty",
            on=day(3),
        )
    )


def test_once_numbered_it_takes_its_amount_off_the_invoice() -> None:
    given(A_BILL, a_credit("A1", "F1", ONE_KILO)).when(credit_issued("A1", number=" A-1 ")).then(
        CreditNoteIssued(number="A-1", totals=totals([ONE_KILO]), on=day(4)),
        InvoiceCredited(credit_note_id=note_id("A1"), amount=dinars(1428), on=day(4)),
    )


def test_an_invoice_already_paid_may_still_be_credited() -> None:
    given(A_BILL, settled("F1"), a_credit("A1", "F1", ONE_KILO)).when(credit_issued("A1")).done()


def test_no_more_is_credited_than_was_billed() -> None:
    given(A_BILL, credited("F1"), a_credit("A2", "F1", ONE_KILO)).when(credit_issued("A2")).refused(
        MoreThanBilledAtRate, invoice="F1", rate=NORMAL, credited=dinars(1200), left=dinars(0)
    )


def test_one_kilogram_more_than_was_billed_is_refused() -> None:
    eleven = evolve(CHEESE_LINE, quantity=kg(11))
    given(A_BILL).when(a_credit("A1", "F1", eleven, TRANSPORT_LINE)).refused(
        MoreThanBilledAtRate,
        invoice="F1",
        rate=NORMAL,
        credited=dinars(13_200),
        left=dinars(12_000),
    )


def test_what_was_billed_at_one_rate_is_not_taken_back_at_another() -> None:
    cheese_as_transport = evolve(CHEESE_LINE, vat_rate=REDUCED)
    given(A_BILL).when(a_credit("A1", "F1", cheese_as_transport)).refused(
        MoreThanBilledAtRate, rate=REDUCED, credited=dinars(12_000), left=dinars(500)
    )
    exempt = evolve(ONE_KILO, vat_rate=Percent(0))
    given(A_BILL).when(a_credit("A1", "F1", exempt)).refused(
        MoreThanBilledAtRate, rate=Percent(0), credited=dinars(1200), left=dinars(0)
    )


def test_two_credit_notes_together_take_back_no_more_than_was_billed() -> None:
    six = evolve(CHEESE_LINE, quantity=kg(6))
    first = (a_credit("A1", "F1", six), a_credit("A2", "F1", six), credit_issued("A1"))
    given(A_BILL, first).when(credit_issued("A2")).refused(
        MoreThanBilledAtRate, rate=NORMAL, credited=dinars(7_200), left=dinars(4_800)
    )
    four = evolve(CHEESE_LINE, quantity=kg(4))
    given(A_BILL, first, a_credit("A3", "F1", four)).when(credit_issued("A3")).done()


def test_a_draft_that_an_older_program_let_pass_is_refused_at_its_issue() -> None:
    given(
        A_BILL,
        CreditNoteDrafted(
            credit_note_id=note_id("A1"),
            invoice_id=bill_id("F1"),
            lines=(evolve(CHEESE_LINE, quantity=kg(11)),),
            reason="too salty",
            on=day(3),
        ),
    ).when(credit_issued("A1")).refused(
        MoreThanBilledAtRate, rate=NORMAL, credited=dinars(13_200), left=dinars(12_000)
    )


def test_a_credit_of_no_money_is_refused() -> None:
    free = evolve(ONE_KILO, unit_price=dinars(0))
    given(A_BILL, a_credit("A1", "F1", free)).when(credit_issued("A1")).refused(
        NothingToDo, what="amount"
    )


def test_a_draft_invoice_is_simply_drafted_again() -> None:
    given(A_DAIRY, a_draft("F1")).when(a_credit("A1", "F1", ONE_KILO)).refused(
        WrongState, kind="invoice", id=bill_id("F1"), code="", state="draft", step="credit"
    )


def test_an_unknown_invoice_is_not_credited() -> None:
    given(A_BILL).when(a_credit("A1", "F9", ONE_KILO)).refused(Unknown, kind="invoice")


def test_a_credit_has_lines_that_stand() -> None:
    given(A_BILL).when(a_credit("A1", "F1")).refused(NothingToDo, what="bill lines")
    given(A_BILL).when(a_credit("A1", "F1", evolve(ONE_KILO, designation=""))).refused(
        LineIncomplete, designation="", field="designation"
    )


def test_a_credit_has_a_reason() -> None:
    given(A_BILL).when(a_credit("A1", "F1", ONE_KILO, reason=" ")).refused(
        ReasonMissing, step="credit"
    )


def test_a_credit_is_drafted_once() -> None:
    draft = a_credit("A1", "F1", ONE_KILO)
    given(A_BILL, draft).when(draft).refused(
        AlreadyExists, kind="credit_note", reference=str(note_id("A1"))
    )


def test_a_credit_has_a_number() -> None:
    given(A_BILL, a_credit("A1", "F1", ONE_KILO)).when(credit_issued("A1", number="")).refused(
        NumberMissing, kind="credit_note"
    )


def test_a_number_is_given_once() -> None:
    given(
        A_BILL,
        a_credit("A1", "F1", ONE_KILO),
        credit_issued("A1"),
        a_credit("A2", "F1", ONE_KILO),
    ).when(credit_issued("A2", number="A1")).refused(
        AlreadyExists, kind="credit_note", reference="A1"
    )


def test_a_credit_is_issued_once() -> None:
    given(A_BILL, a_credit("A1", "F1", ONE_KILO), credit_issued("A1")).when(
        credit_issued("A1", number="A9")
    ).refused(
        WrongState, kind="credit_note", id=note_id("A1"), code="A1", state="issued", step="issue"
    )


def test_an_unknown_credit_is_not_issued() -> None:
    given(A_BILL).when(credit_issued("A9")).refused(Unknown, kind="credit_note")
