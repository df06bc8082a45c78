"""An invoice: drafted freely, frozen once issued, settled or undone."""

import pytest
from attrs import evolve

from manchengo.commands import (
    AllocatePayment,
    ArchiveClient,
    ChangeClient,
    DraftInvoice,
    IssueInvoice,
    VoidPayment,
)
from manchengo.domain.billing import (
    BillLine,
    LineIncomplete,
    Totals,
    VatAmount,
    totals,
)
from manchengo.domain.errors import AlreadyExists, NothingToDo, Unknown, WrongState
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId, CommitId
from manchengo.domain.invoice import InvoiceDrafted, InvoiceIssued, NumberMissing
from manchengo.domain.values import FREE_OF_CHARGE, Money, Percent, TooLarge
from manchengo.ports.rows import InvoiceRow
from tests.support.billing import (
    A_BILL,
    CHEESE_LINE,
    NORMAL,
    REDUCED,
    TRANSPORT_LINE,
    a_draft,
    allocated,
    bill_id,
    credited,
    issued,
    paid,
    payment_id,
    settled,
)
from tests.support.dairy import (
    A_DAIRY,
    SHOP,
    an_id,
    day,
    delivered,
    dinars,
    in_store,
    kg,
    sold,
    van_id,
)
from tests.support.given import Given, everything, given

F1 = bill_id("F1")
DELIVERED = (A_DAIRY, in_store("T1", kg(10)), sold("S1", kg(10)), delivered("V1", order="S1"))


def wrong_state(code: str, state: str, step: str) -> dict[str, object]:
    return {"kind": "invoice", "id": F1, "code": code, "state": state, "step": step}


def row(history: Given) -> InvoiceRow:
    with history.dairy.store.reading() as snapshot:
        found = snapshot.get(InvoiceRow, F1)
    assert found is not None
    return found


# --------------------------------------------------------------------------------------- the sums


def test_a_line_is_rounded_half_up_to_the_centime() -> None:
    third = evolve(CHEESE_LINE, quantity=kg("0.333"), unit_price=Money(15))
    assert third.net() == Money(5)
    assert evolve(third, quantity=kg("0.5"), unit_price=Money(1)).net() == Money(1)
    assert evolve(third, quantity=kg("0.499"), unit_price=Money(1)).net() == Money(0)


def test_a_discount_is_taken_before_the_rounding() -> None:
    assert evolve(CHEESE_LINE, discount=Percent(1_000)).net() == dinars(10_800)
    assert evolve(CHEESE_LINE, discount=Percent(10_000)).net() == FREE_OF_CHARGE


def test_tva_is_taken_once_a_rate_on_the_sum_of_its_lines() -> None:
    """Three lines of 3 centimes at 19 %: 2 centimes on the nine, not three times 1."""
    small = evolve(CHEESE_LINE, quantity=kg(1), unit_price=Money(3))
    assert totals([small] * 3) == Totals(
        net=Money(9),
        vat=(VatAmount(rate=NORMAL, base=Money(9), amount=Money(2)),),
        gross=Money(11),
    )


def test_rates_stand_from_the_highest() -> None:
    assert totals([TRANSPORT_LINE, CHEESE_LINE]) == Totals(
        net=dinars(12_500),
        vat=(
            VatAmount(rate=NORMAL, base=dinars(12_000), amount=dinars(2_280)),
            VatAmount(rate=REDUCED, base=dinars(500), amount=dinars(45)),
        ),
        gross=dinars(14_825),
    )


# -------------------------------------------------------------------------------------- the draft


def test_what_was_delivered_is_drafted() -> None:
    given(DELIVERED).when(a_draft("F1", deliveries=("V1",))).then(
        InvoiceDrafted(
            invoice_id=F1,
            client_id=SHOP,
            lines=(CHEESE_LINE, TRANSPORT_LINE),
            delivery_ids=(van_id("V1"),),
            on=day(1),
        )
    )


def test_an_invoice_is_drafted_once() -> None:
    given(A_DAIRY, a_draft("F1")).when(a_draft("F1")).refused(
        AlreadyExists, kind="invoice", reference=str(F1)
    )


def test_an_unknown_client_is_billed_nothing() -> None:
    given(A_DAIRY).when(evolve(a_draft("F1"), client_id=ClientId(an_id("?")))).refused(
        Unknown, kind="client"
    )


def test_an_archived_client_still_owes_what_it_had() -> None:
    given(DELIVERED, ArchiveClient(client_id=SHOP)).when(a_draft("F1")).done()


def test_an_unknown_delivery_is_not_billed() -> None:
    given(A_DAIRY).when(a_draft("F1", deliveries=("V9",))).refused(
        Unknown, kind="delivery", reference=str(van_id("V9"))
    )


def test_a_bill_has_lines() -> None:
    given(A_DAIRY).when(evolve(a_draft("F1"), lines=())).refused(NothingToDo, what="bill lines")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (evolve(CHEESE_LINE, designation="  "), "designation"),
        (evolve(CHEESE_LINE, quantity=kg(0)), "quantity"),
        (evolve(CHEESE_LINE, discount=Percent(10_001)), "discount"),
    ],
)
def test_a_line_that_would_not_stand_on_a_bill_is_refused(line: BillLine, field: str) -> None:
    name = line.designation.strip()
    given(A_DAIRY).when(evolve(a_draft("F1"), lines=(TRANSPORT_LINE, line))).refused(
        LineIncomplete, designation=name, field=field
    )


# -------------------------------------------------------------------------------------- the issue


def test_a_draft_is_numbered_and_frozen_with_the_buyer_of_that_day() -> None:
    at_law = Identity(nif="0002")
    known = ChangeClient(client_id=SHOP, identity=at_law)
    given(A_DAIRY, a_draft("F1"), known).when(
        IssueInvoice(invoice_id=F1, number=" 2026/0001 ", on=day(2), due_on=day(32))
    ).then(
        InvoiceIssued(
            number="2026/0001",
            buyer_name="Épicerie El Baraka",
            buyer=at_law,
            totals=totals([CHEESE_LINE, TRANSPORT_LINE]),
            on=day(2),
            due_on=day(32),
        )
    )


def test_an_invoice_has_a_number() -> None:
    given(A_DAIRY, a_draft("F1")).when(issued("F1", number=" ")).refused(
        NumberMissing, kind="invoice"
    )


def test_a_number_is_given_once() -> None:
    given(A_BILL, a_draft("F2")).when(issued("F2", number=" F1")).refused(
        AlreadyExists, kind="invoice", reference=" F1"
    )


@pytest.mark.parametrize(
    ("since", "state"), [((), "issued"), (settled("F1"), "settled"), (credited("F1"), "cancelled")]
)
def test_an_invoice_is_issued_once(since: tuple[object, ...], state: str) -> None:
    history = given(A_BILL, since)
    assert row(history).status == state
    history.when(issued("F1", number="F9")).refused(WrongState, **wrong_state("F1", state, "issue"))


def test_an_unknown_invoice_is_not_issued() -> None:
    given(A_DAIRY).when(issued("F9")).refused(Unknown, kind="invoice", reference=str(bill_id("F9")))


# ----------------------------------------------------------------------------------- what is owed


def test_what_is_paid_is_no_longer_due() -> None:
    history = given(A_BILL, paid("P1", dinars(10_000)), allocated("P1", "F1", dinars(4_000)))
    assert (row(history).status, row(history).paid) == ("issued", 400_000)


def test_what_is_paid_in_full_is_settled() -> None:
    assert row(given(A_BILL, settled("F1"))).status == "settled"


def test_a_voided_payment_is_owed_again() -> None:
    undone = VoidPayment(payment_id=payment_id("of F1"), on=day(9), reason="bounced")
    bill = row(given(A_BILL, settled("F1"), undone))
    assert (bill.status, bill.paid) == ("issued", 0)


def test_a_draft_is_not_paid() -> None:
    given(A_DAIRY, a_draft("F1"), paid("P1", dinars(10))).when(
        AllocatePayment(payment_id=payment_id("P1"), invoice_id=F1, amount=dinars(10), on=day(3))
    ).refused(WrongState, **wrong_state("", "draft", "pay"))


def test_a_draft_may_name_what_is_not_goods() -> None:
    transport = DraftInvoice(invoice_id=F1, client_id=SHOP, lines=(TRANSPORT_LINE,), on=day(1))
    given(A_DAIRY).when(transport).done()


def test_a_bill_that_comes_to_too_much_is_refused_in_a_file_too() -> None:
    """What it adds up to is shown with the draft: what cannot be shown is not stored."""
    line = evolve(CHEESE_LINE, quantity=kg(1_000_000), unit_price=Money(10**12))
    bill = evolve(a_draft("F1"), lines=(line,))
    dairy = given(A_DAIRY).when(bill).refused(TooLarge)
    before = everything(dairy.store)
    with dairy.batch() as batch, pytest.raises(TooLarge):
        batch.execute(bill, command_id=CommitId(an_id("a row")))
    assert everything(dairy.store) == before
