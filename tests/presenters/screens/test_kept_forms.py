"""Every form is filled in anew after the program was killed, where it still fits."""

import asyncio
from typing import TypeVar
from uuid import UUID

import pytest

from manchengo import Role
from manchengo import commands as c
from manchengo.domain.ids import LotId, UserId
from manchengo.domain.product import ProductKind
from manchengo.domain.values import Unit
from manchengo.ports.rows import ClientRow, ImportRow, ResolutionItemRow
from manchengo_presenters.screens.conflict_page import ConflictPage
from manchengo_presenters.screens.delivery_detail import Step as DeliveryStep
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.form import SECRETS, Form
from manchengo_presenters.screens.imports import Imports
from manchengo_presenters.screens.invoice_forms import Action
from manchengo_presenters.screens.invoice_page import InvoicePage
from manchengo_presenters.screens.lot_actions import Judgement, Removal
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.new_sale import NewSale
from manchengo_presenters.screens.order_forms import PourForm
from manchengo_presenters.screens.order_page import OrderPage, Step
from manchengo_presenters.screens.payment_forms import AdvanceForm, VoidForm
from manchengo_presenters.screens.payment_list import PaymentList
from manchengo_presenters.screens.people_page import PeoplePage
from manchengo_presenters.screens.person_page import Act, PersonPage
from manchengo_presenters.screens.place import Place
from manchengo_presenters.screens.plan_form import PlanForm
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.production_list import ProductionList
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.recipe_page import NewRecipe, RecipePage
from manchengo_presenters.screens.register_page import RegisterPage
from manchengo_presenters.screens.sale_page import SalePage
from manchengo_presenters.screens.sale_page import Step as SaleStep
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import SCREENS
from manchengo_presenters.screens.shell import Shell
from manchengo_presenters.screens.stock_count import StockCount
from tests.presenters.screens import (
    test_conflicts,
    test_deliveries,
    test_imports,
    test_invoices,
    test_payments,
    test_people,
    test_recipes,
)
from tests.presenters.screens.test_shell import at_work
from tests.support import making, selling
from tests.support.dairy import litres, written_off
from tests.support.office_in_memory import TODAY, OfficeInMemory, execute, with_milk
from tests.support.receiving import receive
from tests.support.signers import signer_of

M = TypeVar("M")
GONE = "00000000-0000-0000-0000-0000000000ff"
"""The id of nothing."""


def shown(shell: Shell, kind: type[M], screen: Screen, subject: UUID | None = None) -> M:
    asyncio.run(shell.go(screen, subject))
    model = shell.shown
    assert isinstance(model, kind)
    return model


def killed(shell: Shell, office: OfficeInMemory) -> Shell:
    """A second after the last key; the same person comes back to another window."""
    asyncio.run(shell.look())
    return at_work(office)


def write_off(office: OfficeInMemory, lot: LotId) -> Shell:
    """The form of a write-off is filled in."""
    shell = at_work(office)
    page = shown(shell, LotPage, Screen.LOT, lot)
    page.begin(Removal.WRITE_OFF)
    page.put("quantity", "12,5")
    page.put("reason", "Renversé")
    return shell


def test_what_was_typed_of_a_decision_is_there_again() -> None:
    office = with_milk()
    lot = receive(office, "430")
    again = killed(write_off(office, lot), office)
    page = shown(again, LotPage, Screen.LOT, lot)
    assert page.deciding is Removal.WRITE_OFF
    assert (page.values["quantity"], page.values["reason"]) == ("12,5", "Renversé")
    assert again.resumed_here == [page]
    asyncio.run(page.decide())
    assert again.resumed_here == [], "it is recorded"
    assert shown(killed(again, office), LotPage, Screen.LOT, lot).deciding is None


def test_a_decision_that_fits_no_more_is_not_begun() -> None:
    office = with_milk()
    lot = receive(office, "430")
    shell = at_work(office)
    page = shown(shell, LotPage, Screen.LOT, lot)
    page.begin(Judgement.QUARANTINE)
    page.put("reason", "Odeur")
    asyncio.run(shell.look())
    execute(office, c.BlockLot(lot_id=lot, on=TODAY, reason="antibiotiques"))
    again = at_work(office)
    page = shown(again, LotPage, Screen.LOT, lot)
    assert (page.deciding, again.resumed_here) == (None, [])


def test_what_is_left_or_emptied_is_not_offered_again() -> None:
    office = with_milk()
    lot = receive(office, "430")
    first = write_off(office, lot)
    asyncio.run(first.look())
    page = shown(first, LotPage, Screen.LOT, lot)
    page.begin(None)
    again = killed(first, office)
    assert shown(again, LotPage, Screen.LOT, lot).deciding is None

    second = killed(write_off(office, lot), office)
    page = shown(second, LotPage, Screen.LOT, lot)
    changes = second.version
    second.discard_resumed()
    assert (page.values["reason"], second.resumed_here) == ("", [])
    assert second.version > changes, "the window says it no longer"
    assert shown(killed(second, office), LotPage, Screen.LOT, lot).deciding is None


def test_what_somebody_types_already_stays() -> None:
    office = with_milk()
    shell = at_work(office)
    shown(shell, Receptions, Screen.RECEPTIONS).put("quantity", "540")
    again = killed(shell, office)
    assert again.workspace is not None
    early = again.workspace.at(Place(screen=Screen.RECEPTIONS))
    assert isinstance(early, Receptions)
    early.put("quantity", "12")
    asyncio.run(again.look())
    assert office.drafts()["RECEPTIONS"]["quantity"] == "540", "it was not offered yet"
    assert shown(again, Receptions, Screen.RECEPTIONS).values["quantity"] == "12"


def test_a_screen_that_cannot_be_read_is_filled_in_once_it_is() -> None:
    office = with_milk()
    lot = receive(office, "430")
    again = killed(write_off(office, lot), office)
    office.fault = Problem("Locked", "Identifiez-vous à nouveau.")
    page = shown(again, LotPage, Screen.LOT, lot)
    assert (page.detail, page.deciding) == (None, None)
    asyncio.run(again.look())
    asyncio.run(again.load())
    assert page.values["reason"] == "Renversé"


def test_a_correction_keeps_what_differs_from_what_is_written() -> None:
    office = with_milk()
    lot = receive(office, "430")
    shell = at_work(office)
    page = shown(shell, LotPage, Screen.LOT, lot)
    asyncio.run(page.begin_correction())
    assert page.correction is not None
    page.correction.put("expiry", "")
    page.correction.put("reason", "Étiquette mal lue")
    supplier = page.correction.values["supplier"]
    page = shown(killed(shell, office), LotPage, Screen.LOT, lot)
    assert page.correction is not None
    kept = page.correction.values
    assert (kept["expiry"], kept["reason"]) == ("", "Étiquette mal lue")
    assert kept["supplier"] == supplier


def test_counts_are_there_again_on_their_day_and_whatever_page() -> None:
    office = with_milk()
    lots = [receive(office, str(each)) for each in range(1, 54)]
    shell = at_work(office)
    screen = shown(shell, StockCount, Screen.STOCK_COUNT)
    asyncio.run(screen.turn(1))
    assert screen.page is not None
    for form in screen.page.lines[:2]:
        form.put(form.quantity_field, "3")
        form.put(form.reason_field, "Renversé")
    asyncio.run(screen.put_day("23/11/2026"))
    typed = {form.lot.lot_id for form in screen.filled}
    screen = shown(killed(shell, office), StockCount, Screen.STOCK_COUNT)
    assert {form.lot.lot_id for form in screen.filled} == typed
    assert len(typed & set(lots)) == 2
    assert {form.counted for form in screen.filled} == {3_000}
    assert screen.day.values["day"] == "23/11/2026"
    assert {form.lot.expected for form in screen.filled} == {0}, "of the evening of that day"


def test_the_steps_of_a_production_order_are_there_again() -> None:
    office, (old, _new) = making.with_cheese("200", "200")
    order_id = making.start(office, 10)
    shell = at_work(office)
    page = shown(shell, OrderPage, Screen.PRODUCTION_ORDER, order_id)
    asyncio.run(page.take(Step.POUR))
    assert page.form is not None
    page.form.put("quantity", "40")
    again = killed(shell, office)
    page = shown(again, OrderPage, Screen.PRODUCTION_ORDER, order_id)
    assert isinstance(page.form, PourForm)
    assert page.form.values["lot"] == str(old)
    assert page.form.values["quantity"] == "40"
    asyncio.run(page.form.confirm())

    page.begin_taking_back(old)
    assert page.form is not None
    page.form.put("quantity", "5")
    page = shown(killed(again, office), OrderPage, Screen.PRODUCTION_ORDER, order_id)
    assert page.form is not None
    assert (page.form.title, page.form.values["quantity"]) == (
        f"Reprendre ce qui a été versé de {page.detail.poured[0].code}" if page.detail else "",
        "5",
    )


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"lot": GONE, "quantity": "4"}, "lot"),
        ({"product": GONE, "quantity": "4"}, "product"),
    ],
)
def test_what_is_no_longer_to_be_had_is_chosen_anew(draft: dict[str, str], field: str) -> None:
    office, _lots = making.with_cheese("200")
    shell = at_work(office)
    form: PourForm | PlanForm
    if field == "lot":
        page = shown(shell, OrderPage, Screen.PRODUCTION_ORDER, making.start(office, 10))
        asyncio.run(page.take(Step.POUR))
        assert isinstance(page.form, PourForm)
        form = page.form
    else:
        screen = shown(shell, ProductionList, Screen.PRODUCTION)
        asyncio.run(screen.begin_plan())
        assert screen.plan is not None
        form = screen.plan
    form.resume(draft)
    asyncio.run(form.confirm())
    assert form.errors == {field: "À remplir."}


def test_a_product_that_is_no_longer_to_be_had_is_chosen_anew() -> None:
    shell = at_work(with_milk())
    reception = shown(shell, Receptions, Screen.RECEPTIONS)
    reception.resume({"supplier": GONE, "product": GONE, "quantity": "4"})
    asyncio.run(reception.receive())
    assert reception.errors == {"product": "À remplir."}
    sale = shown(shell, NewSale, Screen.NEW_SALE)
    sale.resume({"client": GONE, "product": GONE, "quantity": "4"})
    asyncio.run(sale.add_line())
    assert sale.errors == {"product": "À remplir."}


def test_a_plan_is_there_again() -> None:
    office, _lots = making.with_cheese("200")
    shell = at_work(office)
    screen = shown(shell, ProductionList, Screen.PRODUCTION)
    asyncio.run(screen.begin_plan())
    assert screen.plan is not None
    screen.plan.put("quantity", "12")
    screen = shown(killed(shell, office), ProductionList, Screen.PRODUCTION)
    assert screen.plan is not None
    assert screen.plan.values["quantity"] == "12"


def test_steps_of_an_order_and_of_a_delivery_are_there_again() -> None:
    office = selling.with_cheese()
    order_id = selling.placed(office, "CC-1", 5)
    delivery_id = test_deliveries.prepared(office)
    shell = at_work(office)
    sale = shown(shell, SalePage, Screen.SALE, order_id)
    asyncio.run(sale.press(SaleStep.CANCEL))
    sale.put("reason", "Doublon")
    page = shown(shell, DeliveryPage, Screen.DELIVERY, delivery_id)
    test_deliveries.load_all(page)
    test_deliveries.take(page, DeliveryStep.DISPATCH)
    page.begin(DeliveryStep.RETURN)
    page.put("reason", "Cassé")
    page.set_destroyed(True)
    again = killed(shell, office)
    sale = shown(again, SalePage, Screen.SALE, order_id)
    assert (sale.deciding, sale.values["reason"]) == (SaleStep.CANCEL, "Doublon")
    page = shown(again, DeliveryPage, Screen.DELIVERY, delivery_id)
    assert (page.deciding, page.values["reason"]) == (DeliveryStep.RETURN, "Cassé")
    assert page.is_destroyed


def test_forms_of_bills_and_payments_are_there_again() -> None:
    office = selling.with_cheese()
    invoice_id = test_invoices.issued(office)
    payment_id = test_payments.paid(office, 10_000)
    shell = at_work(office)
    bill = shown(shell, InvoicePage, Screen.INVOICE, invoice_id)
    bill.begin(Action.PAY)
    assert bill.form is not None
    bill.form.put("reference", "Virement 12")
    payments = shown(shell, PaymentList, Screen.PAYMENTS)
    asyncio.run(payments.enter())
    payments.begin_void()
    assert payments.form is not None
    payments.form.put("reason", "Impayé")

    again = killed(shell, office)
    bill = shown(again, InvoicePage, Screen.INVOICE, invoice_id)
    assert bill.form is not None
    assert bill.form.values["reference"] == "Virement 12"
    assert bill.form.values["amount"], "as it was proposed"
    payments = shown(again, PaymentList, Screen.PAYMENTS)
    assert isinstance(payments.form, VoidForm)
    assert (payments.form.payment_id, payments.form.values["reason"]) == (payment_id, "Impayé")

    payments.close()
    asyncio.run(payments.begin())
    assert isinstance(payments.form, AdvanceForm)
    payments.form.put("amount", "1 250")
    third = killed(again, office)
    payments = shown(third, PaymentList, Screen.PAYMENTS)
    assert isinstance(payments.form, AdvanceForm), "what was left is not offered"
    assert payments.form.values["amount"] == "1 250"


def test_a_payment_of_an_invoice_is_taken_back_as_it_was_begun() -> None:
    office = selling.with_cheese()
    invoice_id = test_invoices.issued(office)
    shell = at_work(office)
    bill = shown(shell, InvoicePage, Screen.INVOICE, invoice_id)
    bill.begin(Action.PAY)
    asyncio.run(bill.confirm())
    assert bill.detail is not None
    bill.begin_void(bill.detail.payments[0])
    assert bill.form is not None
    bill.form.put("reason", "Impayé")
    bill = shown(killed(shell, office), InvoicePage, Screen.INVOICE, invoice_id)
    assert isinstance(bill.form, VoidForm)
    assert bill.form.values["reason"] == "Impayé"


@pytest.fixture
def recipes() -> OfficeInMemory:
    office = OfficeInMemory()
    for code, name, kind, unit in (
        ("LAIT", "Lait", ProductKind.RAW, Unit.L),
        ("SEL", "Sel", ProductKind.RAW, Unit.KG),
        ("PETIT-LAIT", "Petit-lait", ProductKind.RAW, Unit.L),
        ("TOMME", "Tomme", ProductKind.FINISHED, Unit.KG),
    ):
        test_recipes.product(office, code, name, kind, unit)
    return office


def test_a_version_of_a_recipe_is_there_again_with_its_parts(recipes: OfficeInMemory) -> None:
    office, recipe_id = recipes, test_recipes.defined(recipes)
    shell = at_work(office)
    page = shown(shell, RecipePage, Screen.RECIPE, recipe_id)
    form = test_recipes.begun(page)
    form.remove(test_recipes.part(form, "Sel"))
    form.choose("by_product", str(test_recipes.id_of(office, "PETIT-LAIT")))
    form.put(test_recipes.part(form, "Petit-lait").field, "8")
    changes = form.changes
    again = killed(shell, office)
    page = shown(again, RecipePage, Screen.RECIPE, recipe_id)
    assert page.form is not None
    assert page.form.changes == changes != ()
    again.discard_resumed()
    assert page.form.changes == (), "as it was defined last"


def test_a_new_recipe_is_there_again_and_blank_once_it_is_recorded(
    recipes: OfficeInMemory,
) -> None:
    office = recipes
    shell = at_work(office)
    form = shown(shell, NewRecipe, Screen.NEW_RECIPE).form
    form.choose("product", str(test_recipes.id_of(office, "TOMME")))
    form.put("batch", "10")
    form.choose("ingredient", str(test_recipes.id_of(office, "LAIT")))
    form.put(test_recipes.part(form, "Lait").field, "100")
    again = killed(shell, office)
    form = shown(again, NewRecipe, Screen.NEW_RECIPE).form
    assert form.values["batch"] == "10"
    asyncio.run(form.submit())
    assert shown(again, NewRecipe, Screen.NEW_RECIPE).form.values["batch"] == ""


def test_an_entry_keeps_what_was_typed_and_what_others_changed() -> None:
    office = selling.with_cheese()
    with office.reading() as snapshot:
        (row,) = snapshot.rows(ClientRow)
    shell = at_work(office)
    page = shown(shell, RegisterPage, Screen.CLIENT, row.id)
    page.put("address", "12, rue des Oliviers")
    page.put("name", "")
    assert page.values["commune"] == ""
    asyncio.run(shell.look())
    execute(office, c.ChangeClient(client_id=row.id, commune="Azazga"))
    again = at_work(office)
    page = shown(again, RegisterPage, Screen.CLIENT, row.id)
    assert page.values["address"] == "12, rue des Oliviers"
    assert (page.values["name"], page.values["commune"]) == ("", "Azazga")
    again.discard_resumed()
    assert page.values["name"] == "Épicerie Ziani"


def test_an_entry_that_nobody_changed_is_no_draft() -> None:
    office = selling.with_cheese()
    with office.reading() as snapshot:
        (row,) = snapshot.rows(ClientRow)
    shell = at_work(office)
    shown(shell, RegisterPage, Screen.CLIENT, row.id)
    asyncio.run(shell.go(Screen.SETTINGS))
    asyncio.run(shell.look())
    assert office.drafts() == {}


def test_somebody_who_was_about_to_be_registered_is() -> None:
    office = OfficeInMemory()
    test_people.registered(office, "amina", Role.ADMIN, id_=office.actor.user_id)
    shell = at_work(office)
    page = shown(shell, PeoplePage, Screen.PEOPLE)
    page.begin(True)
    page.put("name", "Lynda")
    page.toggle(Role.SALES)
    page = shown(killed(shell, office), PeoplePage, Screen.PEOPLE)
    assert page.is_adding
    assert (page.values["name"], page.roles) == ("Lynda", frozenset({Role.SALES}))


def test_no_secret_is_kept() -> None:
    office = OfficeInMemory()
    test_people.registered(office, "amina", Role.ADMIN, id_=office.actor.user_id)
    karim = test_people.registered(office, "karim", Role.DRIVER)
    shell = at_work(office)
    page = shown(shell, PersonPage, Screen.PERSON, karim)
    page.begin(Act.SECRET)
    for name in ("secret", "secret_again"):
        assert name in SECRETS
        page.put(name, "phrase que personne ne lit")
    asyncio.run(shell.look())
    assert office.drafts() == {}


def test_a_key_that_was_about_to_be_withdrawn_is() -> None:
    office = OfficeInMemory()
    test_people.registered(office, "amina", Role.ADMIN, id_=office.actor.user_id)
    karim = test_people.registered(office, "karim", Role.DRIVER)
    phone = test_people.enrolled(office, "téléphone", "B", karim)
    key = signer_of("karim").key.hex()
    execute(office, c.AdmitKey(user_id=karim, family_id=phone, public_key=key))
    shell = at_work(office)
    page = shown(shell, PersonPage, Screen.PERSON, UserId(karim))
    assert page.detail is not None
    assert page.detail.keys
    page.begin(Act.WITHDRAW_KEY, page.detail.keys[0])
    page.put("reason", "Téléphone perdu")
    page = shown(killed(shell, office), PersonPage, Screen.PERSON, UserId(karim))
    assert (page.deciding, page.values["reason"]) == (Act.WITHDRAW_KEY, "Téléphone perdu")
    assert page.key is not None


def test_a_decision_on_a_conflict_is_there_again() -> None:
    device, _phone = test_conflicts.apart(
        (written_off("L1", litres(90)),),
        (written_off("L1", litres(60)),),
    )
    office = test_conflicts.at(device)
    with office.store.reading() as snapshot:
        (row,) = snapshot.rows(ResolutionItemRow)
    shell = at_work(office)
    page = shown(shell, ConflictPage, Screen.CONFLICT, row.id)
    page.choose_way("void")
    page.put("reason", "Déjà compté")
    asyncio.run(shell.look())
    again = at_work(office)
    page = shown(again, ConflictPage, Screen.CONFLICT, row.id)
    assert (page.chosen, page.values["reason"]) == ("void", "Déjà compté")
    asyncio.run(page.decide())
    page = shown(at_work(office), ConflictPage, Screen.CONFLICT, row.id)
    assert (page.chosen, page.values["reason"]) == ("", "")


def test_the_undoing_of_an_import_is_there_again() -> None:
    office = OfficeInMemory()
    test_imports.imported(office, test_imports.SUPPLIERS)
    shell = at_work(office)
    screen = shown(shell, Imports, Screen.IMPORTS)
    asyncio.run(screen.enter())
    screen.undoing.put("reason", "Mauvais fichier")
    screen = shown(killed(shell, office), Imports, Screen.IMPORTS)
    with office.reading() as snapshot:
        (row,) = snapshot.rows(ImportRow)
    assert screen.undoing.import_id == row.id
    assert screen.undoing.values["reason"] == "Mauvais fichier"


def test_the_first_supplier_is_there_again() -> None:
    office = OfficeInMemory()
    shell = at_work(office)
    screen = shown(shell, Receptions, Screen.RECEPTIONS)
    screen.new_supplier.put("supplier_name", "Ferme Aït Ali")
    screen = shown(killed(shell, office), Receptions, Screen.RECEPTIONS)
    assert screen.new_supplier.values["supplier_name"] == "Ferme Aït Ali"


def test_forms_of_which_nothing_is_recorded_are_not_kept() -> None:
    shell = at_work(with_milk())
    assert shell.workspace is not None
    context = shell.workspace.context
    made = {screen: entry.make(context, None) for screen, entry in SCREENS.items()}
    loose = {
        screen
        for screen, model in made.items()
        if isinstance(model, Form) and not model.keeps_drafts
    }
    assert loose == {Screen.RECALL, Screen.LOT_RECALL, Screen.CARE}
