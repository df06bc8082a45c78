"""The registers on screens: lists, an entry, a new one, as far as the person may read and write."""

import asyncio
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from manchengo import Role
from manchengo.commands import (
    ArchiveProduct,
    ArchiveSupplier,
    ChangeProduct,
    RegisterClient,
    RegisterProduct,
    RegisterSupplier,
    SetDensity,
)
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId, ProductId, SupplierId
from manchengo.domain.product import ProductKind
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Density, Unit
from manchengo.ports.rows import ClientRow, RawProductRow, SupplierRow
from manchengo_presenters.field_values import VALUES
from manchengo_presenters.registers import CLIENT, PRODUCT, SUPPLIER, Register
from manchengo_presenters.screens.register_list import RegisterList, empty_words
from manchengo_presenters.screens.register_page import BESIDE, LATEST, RegisterPage
from manchengo_presenters.screens.screen import Screen
from tests.presenters.screens.test_people import registered
from tests.support.office_in_memory import OfficeInMemory, WindowInMemory, context, execute

NB = "\u00a0"
FARM = SupplierId(UUID(int=101))
GROCER = ClientId(UUID(int=102))
MILK = ProductId(UUID(int=103))


@pytest.fixture
def window() -> WindowInMemory:
    return WindowInMemory()


@pytest.fixture
def office() -> OfficeInMemory:
    office = OfficeInMemory()
    identity = Identity(phone="026 12 34 56", nif="000016001234567")
    execute(
        office, RegisterSupplier(supplier_id=FARM, code="F001", name="Ferme", identity=identity)
    )
    execute(office, RegisterClient(client_id=GROCER, code="C001", name="Épicerie Ziani"))
    execute(
        office,
        RegisterProduct(
            product_id=MILK,
            code="M001",
            kind=ProductKind.RAW,
            name="Lait de vache",
            name_ar="حليب بقر",
            unit=Unit.L,
            price=UnitPrice(35, 100),
            shelf_life_days=3,
        ),
    )
    return office


def listed(
    office: OfficeInMemory, register: Register, window: WindowInMemory | None = None
) -> RegisterList:
    screen = RegisterList(context(office, window=window), register)
    asyncio.run(screen.load())
    return screen


def opened(
    office: OfficeInMemory,
    register: Register,
    entry_id: UUID | None,
    window: WindowInMemory | None = None,
) -> RegisterPage:
    screen = RegisterPage(context(office, window=window), entry_id, register)
    asyncio.run(screen.load())
    return screen


def codes(screen: RegisterList) -> list[str]:
    assert screen.page is not None
    return [line.code for line in screen.page.lines]


def milk(office: OfficeInMemory) -> RawProductRow:
    with office.reading() as snapshot:
        row = snapshot.get(RawProductRow, MILK)
    assert row is not None
    return row


# ---------------------------------------------------------------------------------------- lists


def test_the_entries_of_a_register_are_listed_and_opened(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = listed(office, PRODUCT, window)
    assert screen.title == "Produits"
    assert screen.page is not None
    (line,) = screen.page.lines
    assert line.cells["name"] == "Lait de vache"
    assert line.cells["price"] == f"0,35{NB}DA les 100{NB}L"
    assert line.arabic == "حليب بقر"
    asyncio.run(screen.enter())
    asyncio.run(screen.add())
    assert window.went == [(Screen.PRODUCT, MILK), (Screen.PRODUCT, None)]


def test_archived_entries_are_listed_where_that_is_asked(office: OfficeInMemory) -> None:
    execute(office, ArchiveSupplier(supplier_id=FARM))
    screen = listed(office, SUPPLIER)
    assert codes(screen) == []
    asyncio.run(screen.show_archived(True))
    assert codes(screen) == ["F001"]
    asyncio.run(screen.show_archived(False))
    assert codes(screen) == []


def test_a_search_narrows_the_register_down(office: OfficeInMemory) -> None:
    screen = listed(office, CLIENT)
    asyncio.run(screen.set_search("epicerie"))
    assert codes(screen) == ["C001"]
    asyncio.run(screen.set_search("fromager"))
    assert codes(screen) == []


def test_what_may_not_be_read_is_no_column(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.DRIVER})
    parties, products = listed(office, SUPPLIER), listed(office, PRODUCT)
    assert "phone" not in [field.name for field in parties.fields]
    assert "price" not in [field.name for field in products.fields]
    assert not parties.may_add


@pytest.mark.parametrize("register", [SUPPLIER, CLIENT, PRODUCT])
def test_an_empty_register_says_what_to_do_first(register: Register) -> None:
    title, advice = empty_words(register)
    assert title.endswith("pour l’instant")
    assert advice == "Importez un fichier, ou saisissez le premier."
    assert listed(OfficeInMemory(), register).may_import


# ------------------------------------------------------------------------------------ one entry


def test_a_new_entry_takes_the_next_number_where_nobody_types_a_code(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    window.went.append((Screen.SUPPLIER, None))
    screen = opened(office, SUPPLIER, None, window)
    screen.put("name", "Ferme Belkacem")
    screen.put("phone", "026 00 00 00")
    asyncio.run(screen.confirm())
    with office.reading() as snapshot:
        row = next(snapshot.rows(SupplierRow, code="F002"))
    assert (row.name, row.phone) == ("Ferme Belkacem", "026 00 00 00")
    assert window.done[-1].sentence == f"Ferme Belkacem{NB}: enregistré."
    assert window.went == [], "back to the list"
    assert screen.values["name"] == ""
    assert window.restore is not None
    window.restore()
    assert screen.values["name"] == "Ferme Belkacem"


def test_what_a_new_product_lacks_stands_beside_its_fields(office: OfficeInMemory) -> None:
    screen = opened(office, PRODUCT, None)
    screen.put("price", "cher")
    asyncio.run(screen.save())
    assert set(screen.errors) == {"name", "kind", "unit", "price"}


def test_a_code_that_is_taken_is_said_beside_it(office: OfficeInMemory) -> None:
    screen = opened(office, CLIENT, None)
    screen.put("name", "Autre")
    screen.put("code", "c001")
    asyncio.run(screen.save())
    assert "C001" in screen.errors["code"]
    assert screen.values["name"] == "Autre"


def test_only_what_was_changed_is_recorded(office: OfficeInMemory, window: WindowInMemory) -> None:
    screen = opened(office, PRODUCT, MILK, window)
    assert screen.values["price"] == "0,35/100"
    assert dict(screen.fixed)["Code"] == "M001"
    screen.put("price", "0,40/100")
    screen.choose("release_required", "oui")
    asyncio.run(screen.save())
    row = milk(office)
    assert (row.price, row.price_per, row.release_required) == (40, 100, True)
    command = window.done[-1].command
    assert command.shelf_life_days is None  # type: ignore[union-attr]
    asyncio.run(screen.save())
    assert window.said == ["Rien n’a été modifié."]


def test_a_text_is_taken_away_and_a_number_is_not(office: OfficeInMemory) -> None:
    screen = opened(office, PRODUCT, MILK)
    screen.put("name_ar", "")
    asyncio.run(screen.save())
    assert milk(office).name_ar == ""
    screen.put("shelf_life_days", " ")
    asyncio.run(screen.save())
    assert list(screen.errors) == ["shelf_life_days"]
    assert milk(office).shelf_life_days == 3


def test_what_others_changed_meanwhile_is_shown_and_what_was_typed_stays(
    office: OfficeInMemory,
) -> None:
    here, there = opened(office, PRODUCT, MILK), opened(office, PRODUCT, MILK)
    here.put("name", "Lait cru")
    there.put("price", "70")
    asyncio.run(there.save())
    asyncio.run(here.load())
    assert (here.values["name"], here.values["price"]) == ("Lait cru", "70,00")
    asyncio.run(here.save())
    assert (milk(office).name, milk(office).price) == ("Lait cru", 7_000)


def test_an_archived_entry_is_read_and_not_changed(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = opened(office, SUPPLIER, FARM, window)
    asyncio.run(screen.archive())
    assert "archivé" in window.done[-1].sentence
    assert not screen.may_change
    screen.put("name", "Autre")
    asyncio.run(screen.save())
    with office.reading() as snapshot:
        (row,) = snapshot.rows(SupplierRow)
    assert (row.name, row.archived) == ("Ferme", True)


def test_who_may_not_read_contacts_is_shown_none(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.DRIVER})
    screen = opened(office, SUPPLIER, FARM)
    assert screen.entry is not None
    assert "026 12 34 56" not in str(screen.entry)
    assert not screen.may_change


def test_who_may_change_but_not_read_a_field_keeps_it(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.PRODUCTION})
    assert opened(office, PRODUCT, MILK).may_change
    assert not opened(office, SUPPLIER, FARM).may_change


def test_a_change_that_is_forced_is_refused(office: OfficeInMemory) -> None:
    screen = opened(office, SUPPLIER, FARM)
    office.roles = frozenset({Role.DRIVER})
    screen.put("name", "Autre")
    asyncio.run(screen.save())
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"


# -------------------------------------------------------------------------- what fields describe


def every_field() -> Iterator[tuple[str, str]]:
    for register in (SUPPLIER, CLIENT, PRODUCT):
        for field in register.fields:
            yield register.kind, field.name


@pytest.mark.parametrize(("kind", "name"), list(every_field()))
def test_what_a_field_writes_it_reads_again(office: OfficeInMemory, kind: str, name: str) -> None:
    register, entry_id = {
        "supplier": (SUPPLIER, FARM),
        "client": (CLIENT, GROCER),
        "product": (PRODUCT, MILK),
    }[kind]
    screen = opened(office, register, entry_id)
    values = VALUES[register.field(name).type]
    written = screen.values[name]
    if written and values.parse is not None:
        assert values.write(values.parse(written)) == written
    if values.options:
        assert written in values.options


def test_every_field_that_a_refusal_names_is_in_a_register() -> None:
    names = {field.name for register in (SUPPLIER, CLIENT, PRODUCT) for field in register.fields}
    assert set(BESIDE.values()) <= names


def test_a_client_is_asked_how_fresh_their_goods_must_be(office: OfficeInMemory) -> None:
    screen = opened(office, CLIENT, GROCER)
    screen.put("minimum_shelf_life_days", "10")
    asyncio.run(screen.save())
    with office.reading() as snapshot:
        (row,) = snapshot.rows(ClientRow)
    assert row.minimum_shelf_life_days == 10


# ------------------------------------------------------------------------------------ history


def milk_page(office: OfficeInMemory) -> RegisterPage:
    screen = RegisterPage(context(office), MILK, PRODUCT)
    asyncio.run(screen.load())
    return screen


def test_a_page_shows_what_an_entry_was_and_who_changed_it(office: OfficeInMemory) -> None:
    registered(office, "amina", Role.ADMIN, id_=office.actor.user_id)
    execute(office, ChangeProduct(product_id=MILK, name="Lait cru", price=UnitPrice(40, 100)))
    latest, first = milk_page(office).history
    assert (latest.title, latest.who) == ("Modifié", "amina")
    assert latest.when.startswith("24/11/2026")
    assert latest.changes == (
        ("Nom", "Lait de vache", "Lait cru"),
        ("Prix hors taxe", f"0,35{NB}DA les 100{NB}L", f"0,40{NB}DA les 100{NB}L"),
    )
    assert first.title == "Enregistré"
    assert ("Conservation", "", "3 jours") in first.changes
    assert "Code" not in [label for label, _, _ in first.changes]
    assert all(before == "" for _, before, _ in first.changes)


def test_what_is_emptied_and_archived_is_said(office: OfficeInMemory) -> None:
    execute(office, ChangeProduct(product_id=MILK, name_ar=""))
    execute(
        office,
        SetDensity(product_id=MILK, density=Density(1_032), valid_from=date(2026, 1, 1)),
    )
    execute(office, ArchiveProduct(product_id=MILK))
    archived, density, emptied, _ = milk_page(office).history
    assert (archived.title, archived.changes) == ("Archivé", ())
    assert density.changes == (("Densité", "", "1032 g/L dès le 01/01/2026"),)
    (change,) = emptied.changes
    assert change[1:] == ("حليب بقر", "–")


def test_the_latest_changes_come_first_and_the_others_at_a_press(office: OfficeInMemory) -> None:
    for number in range(LATEST + 3):
        execute(office, ChangeProduct(product_id=MILK, price=UnitPrice(100 + number)))
    screen = milk_page(office)
    assert (len(screen.history), screen.older) == (LATEST, 4)
    screen.show_all()
    assert (len(screen.history), screen.older) == (LATEST + 4, 0)
    assert screen.history[-1].title == "Enregistré"


def test_a_change_of_a_price_is_not_told_to_who_may_not_read_it(office: OfficeInMemory) -> None:
    execute(office, ChangeProduct(product_id=MILK, price=UnitPrice(99)))
    office.roles = frozenset({Role.DRIVER})
    latest, first = milk_page(office).history
    assert latest.changes == ()
    assert latest.note == "Vos rôles ne permettent pas de lire ce qui a changé."
    assert "Prix hors taxe" not in [label for label, _, _ in first.changes]


def test_a_new_entry_has_no_history(office: OfficeInMemory) -> None:
    assert RegisterPage(context(office), None, PRODUCT).history == ()
