"""Invoices: issued for what left, paid in part, credited; payments are taken back."""

import asyncio
from datetime import date

import pytest

from manchengo import Role, UnitPrice
from manchengo import commands as c
from manchengo.application.bill_lines import lines_to_bill
from manchengo.domain.billing import BillLine
from manchengo.domain.delivery import Disposition, ReturnLine
from manchengo.domain.ids import DeliveryId, InvoiceId, PaymentId, SalesOrderId
from manchengo.domain.payment import PaymentMode
from manchengo.domain.values import Money, Percent
from manchengo.ports.rows import CreditNoteRow, DeliveryLineRow, DeliveryRow, InvoiceRow, PaymentRow
from manchengo_presenters.screens.bill_form import BillForm
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.invoice_detail import InvoiceDetail
from manchengo_presenters.screens.invoice_forms import Action, CancelForm, CreditForm
from manchengo_presenters.screens.invoice_list import Filter, InvoiceList
from manchengo_presenters.screens.invoice_page import InvoicePage
from manchengo_presenters.screens.new_invoice import NewInvoice
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.sale_page import SalePage
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.to_invoice import ToInvoice
from manchengo_presenters.screens.tones import Tone
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
)
from tests.support.selling import client, pieces, placed, with_cheese

NB, THIN = "\u00a0", "\u202f"
GROSS = f"2{THIN}142,00{NB}DA"
"""Ten pots at 180 DA before tax, with 19 % of TVA."""


@pytest.fixture
def office() -> OfficeInMemory:
    return with_cheese()


def delivered(office: OfficeInMemory, code: str = "1", pots: int = 10) -> DeliveryId:
    order_id = placed(office, f"CC-{code}", pots)
    execute(office, c.ConfirmSalesOrder(order_id=order_id, on=TODAY))
    return delivered_of(office, order_id, f"BL-{code}")


def delivered_of(office: OfficeInMemory, order_id: SalesOrderId, code: str) -> DeliveryId:
    delivery_id = DeliveryId(office.ids.new())
    execute(office, c.Deliver(delivery_id=delivery_id, code=code, order_id=order_id, on=TODAY))
    return delivery_id


def new(
    office: OfficeInMemory, subject: object, window: WindowInMemory | None = None
) -> NewInvoice:
    screen = NewInvoice(context(office, window=window), subject)  # type: ignore[arg-type]
    asyncio.run(screen.load())
    return screen


def issued(office: OfficeInMemory, code: str = "1", due_on: str = "") -> InvoiceId:
    window = WindowInMemory()
    screen = new(office, delivered(office, code), window)
    screen.put("due_on", due_on)
    asyncio.run(screen.issue())
    where, invoice_id = window.went[-1]
    assert where is Screen.INVOICE, screen.problem
    assert invoice_id is not None, "it is of one invoice"
    return InvoiceId(invoice_id)


def of_transport() -> BillLine:
    return BillLine(
        designation="Transport",
        quantity=pieces(1),
        unit_price=UnitPrice(50_000),
        vat_rate=Percent(1_900),
        vat_rule="tva.normal@2017",
    )


def overdue(office: OfficeInMemory) -> InvoiceId:
    """An invoice of the 10th that was to be paid by the 20th."""
    invoice_id, of = InvoiceId(office.ids.new()), date(2026, 11, 10)
    line = of_transport()
    execute(
        office,
        c.DraftInvoice(invoice_id=invoice_id, client_id=client(office), lines=(line,), on=of),
    )
    execute(
        office,
        c.IssueInvoice(invoice_id=invoice_id, number="FAC-9", on=of, due_on=date(2026, 11, 20)),
    )
    return invoice_id


def page(
    office: OfficeInMemory, invoice_id: InvoiceId, window: WindowInMemory | None = None
) -> InvoicePage:
    screen = InvoicePage(context(office, window=window), invoice_id)
    asyncio.run(screen.load())
    return screen


def detail(screen: InvoicePage) -> InvoiceDetail:
    assert screen.detail is not None, screen.problem
    return screen.detail


def form(screen: InvoicePage) -> BillForm:
    assert screen.form is not None
    return screen.form


def take(screen: InvoicePage, action: Action, **said: str) -> None:
    screen.begin(action)
    for name, text in said.items():
        form(screen).put(name, text)
    asyncio.run(screen.confirm())


def sums(screen: InvoicePage) -> dict[str, str]:
    return dict(detail(screen).sums)


def row(office: OfficeInMemory, invoice_id: InvoiceId) -> InvoiceRow:
    with office.reading() as snapshot:
        found = snapshot.get(InvoiceRow, invoice_id)
    assert found is not None
    return found


def listed(screen: InvoiceList | ToInvoice) -> list[tuple[str, ...]]:
    asyncio.run(screen.load())
    assert screen.page is not None, screen.problem
    if isinstance(screen, ToInvoice):
        return [(line.code, *(bill.number for bill in line.bills)) for line in screen.page.lines]
    return [(line.number, line.state) for line in screen.page.lines]


# ------------------------------------------------------------------------------- issuing


def test_what_left_is_looked_at_then_issued(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = new(office, delivered(office), window)
    assert screen.shown is not None
    assert screen.shown.bill is not None
    (line,) = screen.shown.bill.lines
    assert (line.quantity, line.price, line.vat) == (
        f"10{NB}pièces",
        f"180,00{NB}DA",
        f"19{NB}%",
    )
    assert screen.shown.bill.sums[-1] == ("Total TTC", GROSS)
    screen.put("due_on", "24/12/2026")
    asyncio.run(screen.confirm())
    assert window.said == [f"Facture FAC-2026-000001 émise{NB}: {GROSS} TTC."]
    assert [where for where, _ in window.went] == [Screen.INVOICES, Screen.INVOICE]
    with office.reading() as snapshot:
        (bill,) = snapshot.rows(InvoiceRow)
    assert (bill.status, bill.due_on) == ("issued", date(2026, 12, 24))


def test_numbers_follow_each_other(office: OfficeInMemory) -> None:
    numbers = [row(office, issued(office, str(each))).number for each in range(1, 4)]
    assert numbers == [f"FAC-2026-00000{each}" for each in range(1, 4)]


def test_what_came_back_is_not_billed(office: OfficeInMemory) -> None:
    delivery_id = delivered(office)
    with office.reading() as snapshot:
        (line,) = snapshot.rows(DeliveryLineRow, delivery_id=delivery_id)
    back = ReturnLine(lot_id=line.lot_id, quantity=pieces(4), disposition=Disposition.RESTOCK)
    execute(
        office,
        c.ReturnDelivery(delivery_id=delivery_id, lines=(back,), on=TODAY, reason="trop salé"),
    )
    screen = new(office, delivery_id)
    assert screen.shown is not None
    assert screen.shown.bill is not None
    assert screen.shown.bill.lines[0].quantity == f"6{NB}pièces"


def test_a_delivery_is_billed_once(office: OfficeInMemory) -> None:
    delivery_id = delivered(office)
    first, second = new(office, delivery_id), new(office, delivery_id)
    asyncio.run(first.issue())
    asyncio.run(second.issue())
    assert second.problem is not None
    assert second.problem.name == "NothingToDo"
    again = new(office, delivery_id)
    assert again.shown is not None
    assert again.shown.bill is None
    asyncio.run(again.issue())
    with office.reading() as snapshot:
        assert len(list(snapshot.rows(InvoiceRow))) == 1


def test_an_order_is_billed_for_all_that_left_of_it(office: OfficeInMemory) -> None:
    delivery_id = delivered(office)
    with office.reading() as snapshot:
        note = snapshot.get(DeliveryRow, delivery_id)
    assert note is not None
    sale = SalePage(context(office), note.order_id)
    asyncio.run(sale.load())
    assert sale.may_bill
    screen = new(office, note.order_id)
    assert screen.shown is not None
    assert screen.shown.deliveries == "BL-1"
    asyncio.run(screen.issue())
    asyncio.run(sale.load())
    assert not sale.may_bill
    assert sale.detail is not None
    assert [bill.number for bill in sale.detail.deliveries[0].bills] == ["FAC-2026-000001"]


def test_the_day_of_payment_is_read_and_not_before_the_invoice(office: OfficeInMemory) -> None:
    screen = new(office, delivered(office))
    screen.put("due_on", "bientôt")
    asyncio.run(screen.issue())
    assert list(screen.errors) == ["due_on"]
    screen.put("due_on", "01/01/2020")
    asyncio.run(screen.issue())
    assert list(screen.errors) == ["due_on"], screen.problem


def test_what_the_register_lacks_of_the_client_is_said(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = new(office, delivered(office), window)
    assert screen.shown is not None
    assert "NIF" in screen.shown.lacking
    assert "adresse" in screen.shown.lacking
    asyncio.run(screen.open_client())
    assert window.went == [(Screen.CLIENT, client(office))]


def test_a_delivery_leads_to_its_invoice(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    invoice_id = issued(office)
    with office.reading() as snapshot:
        (note,) = snapshot.rows(DeliveryRow)
    screen = DeliveryPage(context(office, window=window), note.id)
    asyncio.run(screen.load())
    assert screen.detail is not None
    assert not screen.may_bill
    (bill,) = screen.detail.bills
    asyncio.run(screen.open_bill(bill))
    assert window.went == [(Screen.INVOICE, invoice_id)]


def test_who_may_not_invoice_is_offered_none_and_refused(office: OfficeInMemory) -> None:
    delivery_id = delivered(office)
    office.roles = frozenset({Role.SALES})
    screen = DeliveryPage(context(office), delivery_id)
    asyncio.run(screen.load())
    assert not screen.may_bill
    forced = new(office, delivery_id)
    asyncio.run(forced.issue())
    assert forced.problem is not None
    assert forced.problem.name == "NotPermitted"


# -------------------------------------------------------------------------------- the lists


def test_what_is_due_first_is_listed_first(office: OfficeInMemory) -> None:
    for code, due_on in (("1", "20/12/2026"), ("2", "30/11/2026"), ("3", "")):
        issued(office, code, due_on)
    screen = InvoiceList(context(office))
    assert [number for number, _ in listed(screen)] == [
        f"FAC-2026-00000{each}" for each in (2, 1, 3)
    ]


def test_an_invoice_that_is_late_is_said_to_be(office: OfficeInMemory) -> None:
    issued(office, due_on="24/11/2026")
    screen = InvoiceList(context(office))
    asyncio.run(screen.set_filter(Filter.OVERDUE))
    assert listed(screen) == []
    invoice_id = overdue(office)
    assert listed(screen) == [("FAC-9", "en retard")]
    late = detail(page(office, invoice_id))
    assert (late.state, late.tone) == ("en retard", Tone.BAD)
    assert ("Échéance", "20/11/2026 · il y a 4 jours") in late.facts


def test_each_filter_lists_its_own(office: OfficeInMemory) -> None:
    take(page(office, issued(office)), Action.PAY)
    take(page(office, issued(office, "2")), Action.CREDIT, reason="erreur")
    issued(office, "3")
    screen = InvoiceList(context(office))
    shown = {}
    for each in Filter:
        asyncio.run(screen.set_filter(each))
        shown[each] = [number[-1] for number, _ in listed(screen)]
    assert shown == {
        Filter.DUE: ["3"],
        Filter.OVERDUE: [],
        Filter.DRAFTS: [],
        Filter.SETTLED: ["1"],
        Filter.CANCELLED: ["2"],
        Filter.ALL: ["3", "2", "1"],
    }


def test_a_search_finds_by_number_and_by_client(office: OfficeInMemory) -> None:
    issued(office)
    screen = InvoiceList(context(office))
    for words, count in (("ziani", 1), ("000001", 1), ("autre", 0)):
        asyncio.run(screen.set_search(words))
        assert len(listed(screen)) == count


def test_deliveries_lead_to_their_invoice_or_to_a_new_one(office: OfficeInMemory) -> None:
    invoice_id = issued(office)
    delivery_id = delivered(office, "2")
    window = WindowInMemory()
    screen = ToInvoice(context(office, window=window))
    assert sorted(listed(screen)) == [("BL-1", "FAC-2026-000001"), ("BL-2",)]
    assert screen.page is not None
    for line in screen.page.lines:
        asyncio.run(screen.open(line))
    assert set(window.went) == {
        (Screen.INVOICE, invoice_id),
        (Screen.NEW_INVOICE, delivery_id),
    }


# --------------------------------------------------------------------------------- payments


def test_a_payment_in_full_settles_it(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    assert screen.primary is Action.PAY
    take(screen, Action.PAY)
    assert detail(screen).state == "soldée"
    assert sums(screen)["Reste dû"] == f"0,00{NB}DA"
    assert Action.PAY not in screen.actions


def test_a_payment_in_part_leaves_the_rest_due(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, issued(office), window)
    take(screen, Action.PAY, amount="1 000")
    assert sums(screen)["Reste dû"] == f"1{THIN}142,00{NB}DA"
    assert [each.sentence for each in window.done] == [
        f"Paiement de 1{THIN}000,00{NB}DA enregistré{NB}; reste dû{NB}: 1{THIN}142,00{NB}DA."
    ]
    take(screen, Action.PAY)
    assert detail(screen).state == "soldée"


def test_a_payment_is_taken_back_at_once_and_typed_again(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, issued(office), window)
    take(screen, Action.PAY, amount="1 000", reference="reçu 12")
    assert window.done[-1].can_be_taken_back
    office.take_back(window.done[-1])
    assert window.restore is not None
    window.restore()
    asyncio.run(screen.load())
    assert sums(screen)["Reste dû"] == GROSS
    assert (form(screen).values["amount"], form(screen).values["reference"]) == ("1 000", "reçu 12")
    form(screen).put("amount", "2 000")
    asyncio.run(screen.confirm())
    assert sums(screen)["Reste dû"] == f"142,00{NB}DA"


@pytest.mark.parametrize("amount", ["9999", "0", "beaucoup", ""])
def test_an_amount_that_does_not_fit_is_said_beside_it(office: OfficeInMemory, amount: str) -> None:
    screen = page(office, issued(office))
    take(screen, Action.PAY, amount=amount)
    assert list(form(screen).errors) == ["amount"], form(screen).problem
    with office.reading() as snapshot:
        assert not list(snapshot.rows(PaymentRow))


def test_a_cheque_takes_its_number_date_and_bank(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    take(screen, Action.PAY, mode=PaymentMode.CHEQUE.value)
    assert sorted(form(screen).errors) == ["cheque_dated", "cheque_drawee", "cheque_number"]
    said = {"cheque_number": "0042", "cheque_dated": "23/11/2026", "cheque_drawee": "BNA"}
    for name, text in said.items():
        form(screen).put(name, text)
    asyncio.run(screen.confirm())
    (payment,) = detail(screen).payments
    assert (payment.mode, payment.reference) == ("chèque", "0042")


def test_a_payment_is_taken_back_with_a_reason(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    take(screen, Action.PAY)
    (payment,) = detail(screen).payments
    screen.begin_void(payment)
    asyncio.run(screen.confirm())
    assert list(form(screen).errors) == ["reason"]
    form(screen).put("reason", "chèque sans provision")
    asyncio.run(screen.confirm())
    (payment,) = detail(screen).payments
    assert (payment.is_void, payment.reason) == (True, "chèque sans provision")
    assert detail(screen).due == row(office, screen.invoice_id).gross
    screen.begin_void(payment)
    assert screen.form is None


def test_money_at_hand_pays_as_far_as_something_is_due(office: OfficeInMemory) -> None:
    payment_id = PaymentId(office.ids.new())
    execute(
        office,
        c.ReceivePayment(
            payment_id=payment_id,
            client_id=client(office),
            amount=Money(500_000),
            mode=PaymentMode.TRANSFER,
            on=TODAY,
        ),
    )
    screen = page(office, issued(office))
    (at_hand,) = detail(screen).at_hand
    asyncio.run(screen.use(at_hand))
    assert detail(screen).state == "soldée"
    with office.reading() as snapshot:
        payment = snapshot.get(PaymentRow, payment_id)
    assert payment is not None
    assert payment.unallocated == 500_000 - 214_200


def test_who_only_sells_sees_and_does_nothing(office: OfficeInMemory) -> None:
    invoice_id = issued(office)
    office.roles = frozenset({Role.SALES})
    screen = page(office, invoice_id)
    assert (screen.actions, screen.may_void, screen.may_collect) == ((), False, False)
    for action in Action:
        screen.begin(action)
        assert screen.form is None


# --------------------------------------------------------------------------- drafts, credits


def test_a_draft_is_issued_where_it_is_shown(office: OfficeInMemory) -> None:
    delivery_id, invoice_id = delivered(office), InvoiceId(office.ids.new())
    with office.reading() as snapshot:
        note = snapshot.get(DeliveryRow, delivery_id)
        assert note is not None
        lines = lines_to_bill(snapshot, [note], TODAY)
    execute(
        office,
        c.DraftInvoice(
            invoice_id=invoice_id,
            client_id=note.client_id,
            lines=lines,
            on=TODAY,
            delivery_ids=(delivery_id,),
        ),
    )
    screen = page(office, invoice_id)
    assert (detail(screen).number, screen.actions) == ("Brouillon", (Action.ISSUE,))
    take(screen, Action.ISSUE)
    assert detail(screen).number == "FAC-2026-000001"


def test_a_credit_note_takes_lines_off_in_parts(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    take(screen, Action.CREDIT, **{"quantity-0": "11", "reason": "abîmés"})
    assert list(form(screen).errors) == ["quantity-0"]
    form(screen).put("quantity-0", "4")
    asyncio.run(screen.confirm())
    assert detail(screen).due == 214_200 * 6 // 10
    screen.begin(Action.CREDIT)
    assert form(screen).values["quantity-0"] == "6"
    form(screen).put("reason", "abîmés aussi")
    asyncio.run(screen.confirm())
    assert detail(screen).state == "annulée"
    assert screen.actions == ()
    assert [note.number for note in detail(screen).credits] == [
        "AV-2026-000001",
        "AV-2026-000002",
    ]


def test_no_command_takes_back_a_number_that_was_given(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, issued(office), window)
    take(screen, Action.CREDIT, reason="abîmés")
    assert detail(screen).state == "annulée"
    assert not window.done[-1].can_be_taken_back


def test_a_credit_note_takes_a_quantity_and_a_reason(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    take(screen, Action.CREDIT, **{"quantity-0": ""})
    assert sorted(form(screen).errors) == ["quantity-0", "reason"]
    with office.reading() as snapshot:
        assert not list(snapshot.rows(CreditNoteRow))
    screen.leave()
    assert screen.form is None


def test_what_was_credited_whole_is_to_be_billed_again(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    take(screen, Action.CREDIT, reason="mauvais prix")
    (delivery,) = detail(screen).deliveries
    shown = new(office, delivery.delivery_id).shown
    assert shown is not None
    assert shown.bill is not None
    again = ToInvoice(context(office))
    assert listed(again) == [("BL-1",)]


def test_an_invoice_is_cancelled_with_a_reason(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, issued(office), window)
    take(screen, Action.CANCEL)
    assert list(form(screen).errors) == ["reason"]
    form(screen).put("reason", "mauvais client")
    asyncio.run(screen.confirm())
    assert (detail(screen).state, detail(screen).due, screen.actions) == ("annulée", 0, ())
    assert [(note.amount, note.reason) for note in detail(screen).credits] == [
        (GROSS, "mauvais client")
    ]
    assert [each.sentence for each in window.done] == ["La facture FAC-2026-000001 est annulée."]
    assert not window.done[-1].can_be_taken_back
    assert listed(ToInvoice(context(office))) == [("BL-1",)]


def test_a_cancellation_says_what_follows_from_it(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    take(screen, Action.PAY, amount="1 000")
    take(screen, Action.CREDIT, **{"quantity-0": "4", "reason": "abîmés"})
    screen.begin(Action.CANCEL)
    cancel = form(screen)
    assert isinstance(cancel, CancelForm)
    assert cancel.effects == [
        f"Un avoir de 1{THIN}285,20{NB}DA en retire tout ce qui reste.",
        "Ce qui a été livré redevient à facturer.",
        f"1{THIN}000,00{NB}DA déjà payés y restent affectés{NB}: rendez-les au client, ou annulez "
        "le paiement et saisissez-le de nouveau pour une autre facture.",
        f"La facture garde son numéro{NB}; une fois annulée, elle le reste.",
    ]
    form(screen).put("reason", "mauvais prix")
    asyncio.run(screen.confirm())
    assert [note.amount for note in detail(screen).credits][1:] == [f"1{THIN}285,20{NB}DA"]
    assert detail(screen).state == "annulée"


def test_what_was_credited_elsewhere_is_not_cancelled_again(office: OfficeInMemory) -> None:
    invoice_id = issued(office)
    screen, other = page(office, invoice_id), page(office, invoice_id)
    screen.begin(Action.CANCEL)
    take(other, Action.CREDIT, reason="abîmés")
    form(screen).put("reason", "mauvais prix")
    asyncio.run(screen.confirm())
    problem = form(screen).problem
    assert problem is not None
    assert problem.name == "NothingToDo"


def test_what_asks_for_nothing_or_has_no_number_is_not_cancelled(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    assert Action.CANCEL in screen.actions
    take(screen, Action.CREDIT, reason="abîmés")
    assert Action.CANCEL not in screen.actions
    draft_id = InvoiceId(office.ids.new())
    line = of_transport()
    execute(
        office,
        c.DraftInvoice(invoice_id=draft_id, client_id=client(office), lines=(line,), on=TODAY),
    )
    assert page(office, draft_id).actions == (Action.ISSUE,)


def test_an_invoice_that_cannot_be_read_is_said(office: OfficeInMemory) -> None:
    invoice_id = issued(office)
    office.fault = Problem("Busy", "La base est occupée.")
    screen = page(office, invoice_id)
    assert screen.detail is None
    assert screen.problem is not None
    asyncio.run(screen.load())
    assert isinstance(detail(screen), InvoiceDetail)


def test_a_credit_form_names_each_line(office: OfficeInMemory) -> None:
    screen = page(office, issued(office))
    screen.begin(Action.CREDIT)
    credit = form(screen)
    assert isinstance(credit, CreditForm)
    assert credit.lines == [("quantity-0", "Fromage à l’ail (pièces)")]
