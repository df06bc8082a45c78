"""Payments: listed, filtered, searched; one of them whole; recorded, used and taken back."""

import asyncio
from datetime import date

import pytest

from manchengo import Role
from manchengo import commands as c
from manchengo.domain.ids import ClientId, InvoiceId, PaymentId
from manchengo.domain.payment import Cheque, PaymentMode
from manchengo.domain.values import Money
from manchengo.ports.rows import InvoiceRow, PaymentRow
from manchengo_presenters.screens.bill_form import BillForm
from manchengo_presenters.screens.paged_list import SIZE
from manchengo_presenters.screens.payment_detail import PaymentDetail, PaymentLine
from manchengo_presenters.screens.payment_forms import AdvanceForm
from manchengo_presenters.screens.payment_list import Filter, PaymentList
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.tones import Tone
from tests.presenters.screens.test_invoices import issued
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
)
from tests.support.selling import client, with_cheese

NB, THIN = "\u00a0", "\u202f"
DUE = 214_200
"""What an invoice of ten pots comes to, in centimes."""


@pytest.fixture
def office() -> OfficeInMemory:
    return with_cheese()


def paid(
    office: OfficeInMemory,
    centimes: int,
    *,
    on: date = TODAY,
    reference: str = "",
    cheque: Cheque | None = None,
) -> PaymentId:
    payment_id = PaymentId(office.ids.new())
    execute(
        office,
        c.ReceivePayment(
            payment_id=payment_id,
            client_id=client(office),
            amount=Money(centimes),
            mode=PaymentMode.CASH if cheque is None else PaymentMode.CHEQUE,
            on=on,
            reference=reference,
            cheque=cheque,
        ),
    )
    return payment_id


def voided(office: OfficeInMemory, centimes: int, reason: str = "chèque impayé") -> PaymentId:
    payment_id = paid(office, centimes)
    execute(office, c.VoidPayment(payment_id=payment_id, on=TODAY, reason=reason))
    return payment_id


def loaded(office: OfficeInMemory, window: WindowInMemory | None = None) -> PaymentList:
    screen = PaymentList(context(office, window=window))
    asyncio.run(screen.load())
    return screen


def lines(screen: PaymentList) -> tuple[PaymentLine, ...]:
    assert screen.page is not None, screen.problem
    return screen.page.lines


def amounts(screen: PaymentList) -> list[str]:
    return [line.amount for line in lines(screen)]


def opened(screen: PaymentList, place: int = 0) -> PaymentDetail:
    asyncio.run(screen.open(lines(screen)[place]))
    assert screen.detail is not None, screen.problem
    return screen.detail


def form(screen: PaymentList) -> BillForm:
    assert screen.form is not None
    return screen.form


def window_of(screen: PaymentList) -> WindowInMemory:
    window = screen.context.window
    assert isinstance(window, WindowInMemory)
    return window


def invoice(office: OfficeInMemory, invoice_id: InvoiceId) -> InvoiceRow:
    with office.reading() as snapshot:
        row = snapshot.get(InvoiceRow, invoice_id)
    assert row is not None
    return row


def test_the_latest_comes_first_and_says_what_it_pays(office: OfficeInMemory) -> None:
    bill = issued(office)
    paid(office, 50_000, on=date(2026, 11, 20))
    latest = paid(office, 300_000, reference="virement 12")
    execute(
        office,
        c.AllocatePayment(payment_id=latest, invoice_id=bill, amount=Money(DUE), on=TODAY),
    )
    first, second = lines(loaded(office))
    assert (first.client, first.mode, first.reference) == (
        "Épicerie Ziani",
        "espèces",
        "virement 12",
    )
    assert (first.pays, first.amount) == ("FAC-2026-000001", f"3{THIN}000,00{NB}DA")
    assert (first.left, first.state, first.tone) == (f"858,00{NB}DA", "à affecter", Tone.WARN)
    assert (second.day, second.pays, second.left) == ("20/11/2026", "", f"500,00{NB}DA")


def test_payments_are_filtered(office: OfficeInMemory) -> None:
    whole = paid(office, DUE)
    execute(
        office,
        c.AllocatePayment(payment_id=whole, invoice_id=issued(office), amount=Money(DUE), on=TODAY),
    )
    paid(office, 100, cheque=Cheque(number="0042", dated=TODAY, drawee="BNA"))
    voided(office, 200)
    screen = loaded(office)
    assert len(lines(screen)) == 3
    shown = {}
    for each in Filter:
        asyncio.run(screen.set_filter(each))
        shown[each] = amounts(screen)
    assert shown[Filter.WAITING] == [f"1,00{NB}DA"]
    assert shown[Filter.CHEQUES] == [f"1,00{NB}DA"]
    assert shown[Filter.VOIDED] == [f"2,00{NB}DA"]
    (line,) = lines(screen)
    assert (line.state, line.left) == ("annulé", "")


def test_payments_are_searched_by_cheque_and_client(office: OfficeInMemory) -> None:
    paid(office, 100, cheque=Cheque(number="0042", dated=TODAY, drawee="BNA"))
    paid(office, 200)
    screen = loaded(office)
    asyncio.run(screen.set_search("0042"))
    assert amounts(screen) == [f"1,00{NB}DA"]
    asyncio.run(screen.set_search("epicerie"))
    assert len(lines(screen)) == 2
    asyncio.run(screen.set_search("personne"))
    assert screen.is_narrowed
    assert lines(screen) == ()


def test_no_payment_is_missed_or_shown_twice_over_pages(office: OfficeInMemory) -> None:
    for number in range(SIZE + 3):
        paid(office, 100 + number)
    screen = loaded(office)
    assert screen.range_words == "1–50 sur 53"
    first = amounts(screen)
    asyncio.run(screen.turn(1))
    assert len({*first, *amounts(screen)}) == SIZE + 3


def test_a_payment_shows_its_cheque_and_what_it_could_pay(office: OfficeInMemory) -> None:
    bill = issued(office)
    paid(office, 300_000, cheque=Cheque(number="0042", dated=date(2026, 11, 23), drawee="BNA"))
    screen = loaded(office)
    detail = opened(screen)
    facts = dict(detail.facts)
    assert facts["Numéro du chèque"] == "0042"
    assert facts["Date du chèque"] == "23/11/2026"
    assert facts["Banque du chèque"] == "BNA"
    (could,) = detail.could_pay
    assert (could.invoice_id, could.amount) == (bill, f"2{THIN}142,00{NB}DA")
    asyncio.run(screen.open_bill(could))
    asyncio.run(screen.open_client())
    assert window_of(screen).went == [(Screen.INVOICE, bill), (Screen.CLIENT, client(office))]
    screen.close()
    assert screen.detail is None


def test_what_is_due_first_could_be_paid_first(office: OfficeInMemory) -> None:
    issued(office, "1", due_on="24/12/2026")
    soon = issued(office, "2", due_on="01/12/2026")
    paid(office, 100)
    detail = opened(loaded(office))
    assert detail.could_pay[0].invoice_id == soon
    assert len(detail.could_pay) == 2


def test_what_waits_pays_an_invoice(office: OfficeInMemory) -> None:
    bill = issued(office)
    paid(office, 300_000)
    screen = loaded(office)
    (could,) = opened(screen).could_pay
    asyncio.run(screen.use(could))
    assert invoice(office, bill).status == "settled"
    assert screen.detail is not None
    (pays,) = screen.detail.pays
    assert (pays.number, pays.amount) == ("FAC-2026-000001", f"2{THIN}142,00{NB}DA")
    assert screen.detail.could_pay == ()
    assert window_of(screen).done[-1].sentence == (
        "Le paiement du 24/11/2026 paie la facture FAC-2026-000001."
    )


def test_money_is_recorded_before_there_is_an_invoice(office: OfficeInMemory) -> None:
    screen = loaded(office)
    asyncio.run(screen.confirm())
    advance = form(screen)
    assert isinstance(advance, AdvanceForm)
    asyncio.run(screen.confirm())
    assert sorted(advance.errors) == ["amount", "client"]
    ((key, words),) = advance.clients
    assert words == "Épicerie Ziani (C001)"
    advance.choose("client", key)
    advance.put("amount", "1 500,50")
    advance.choose_mode("transfer")
    asyncio.run(screen.confirm())
    assert screen.form is None
    assert amounts(screen) == [f"1{THIN}500,50{NB}DA"]
    (done,) = window_of(screen).done
    assert done.sentence == (
        f"Paiement de 1{THIN}500,50{NB}DA enregistré{NB}: il peut payer les factures de ce client."
    )
    office.take_back(done)
    asyncio.run(screen.load())
    assert lines(screen)[0].state == "annulé"


def test_a_cheque_is_refused_without_its_particulars(office: OfficeInMemory) -> None:
    screen = loaded(office)
    asyncio.run(screen.begin())
    form(screen).put("client", str(ClientId(client(office))))
    form(screen).put("amount", "10")
    form(screen).choose("mode", "cheque")
    asyncio.run(screen.confirm())
    assert sorted(form(screen).errors) == ["cheque_dated", "cheque_drawee", "cheque_number"]
    screen.leave()
    assert screen.form is None


def test_a_payment_is_taken_back_with_a_reason(office: OfficeInMemory) -> None:
    payment_id = paid(office, 100)
    screen = loaded(office)
    opened(screen)
    screen.begin_void()
    asyncio.run(screen.confirm())
    assert list(form(screen).errors) == ["reason"]
    form(screen).put("reason", "chèque impayé")
    asyncio.run(screen.confirm())
    assert screen.detail is not None
    assert screen.detail.is_void
    assert ("Motif", "chèque impayé") in screen.detail.facts
    assert screen.detail.line.payment_id == payment_id
    screen.begin_void()
    assert screen.form is None, "it is taken back already"


def test_who_may_not_collect_is_offered_nothing_and_refused(office: OfficeInMemory) -> None:
    bill = issued(office)
    paid(office, 100)
    seller = OfficeInMemory(store=office.store, roles=frozenset({Role.SALES}))
    screen = loaded(seller)
    (could,) = opened(screen).could_pay
    assert could.invoice_id == bill
    before = seller.revision()
    asyncio.run(screen.begin())
    screen.begin_void()
    asyncio.run(screen.use(could))
    asyncio.run(screen.confirm())
    assert screen.form is None
    assert seller.revision() == before


def test_nothing_was_paid_yet(office: OfficeInMemory) -> None:
    screen = loaded(office)
    assert lines(screen) == ()
    assert not screen.is_narrowed
    assert screen.range_words == "0 paiement"


def test_payments_that_cannot_be_read_are_said(office: OfficeInMemory) -> None:
    paid(office, 100)
    office.fault = Problem("Busy", "La base est occupée.")
    screen = loaded(office)
    assert screen.page is None
    assert screen.problem is not None
    asyncio.run(screen.load())
    assert len(lines(screen)) == 1
    with office.reading() as snapshot:
        assert len(list(snapshot.rows(PaymentRow))) == 1
