"""What an entry of a register was: each change, by whom, as far as the person may read it."""

from datetime import date
from uuid import UUID

import pytest

from manchengo import Role, UnitPrice
from manchengo import commands as c
from manchengo.application.register_history import EntryChange, RegisterRow, history_of
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId, CommitId, ImportId, ProductId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.product import ProductKind
from manchengo.domain.values import Density, Unit
from manchengo.ports.rows import ClientRow, RawProductRow
from tests.support.office_in_memory import NOON, TODAY, OfficeInMemory, execute

MILK, GROCER, FILE = ProductId(UUID(int=900)), ClientId(UUID(int=901)), ImportId(UUID(int=902))


@pytest.fixture
def office() -> OfficeInMemory:
    office = OfficeInMemory()
    execute(
        office,
        c.RegisterProduct(
            product_id=MILK,
            code="M001",
            kind=ProductKind.RAW,
            name="Lait",
            unit=Unit.L,
            price=UnitPrice(4_500),
        ),
    )
    execute(office, c.RegisterClient(client_id=GROCER, code="C001", name="Ziani"))
    return office


def history(office: OfficeInMemory, kind: type[RegisterRow], entry_id: UUID) -> list[EntryChange]:
    with office.dairy.reading() as snapshot:
        row = snapshot.get(kind, entry_id)
        assert row is not None
        return history_of(snapshot, row)


def changed(change: EntryChange) -> dict[str, tuple[object, object]]:
    return {each.name: (each.before, each.after) for each in change.changes}


def test_each_change_has_its_author_and_what_was_before(office: OfficeInMemory) -> None:
    execute(office, c.ChangeProduct(product_id=MILK, price=UnitPrice(5_000)))
    execute(office, c.ChangeProduct(product_id=MILK, name="Lait cru", price=UnitPrice(5_200)))
    latest, before, first = history(office, RawProductRow, MILK)
    assert changed(latest) == {
        "name": ("Lait", "Lait cru"),
        "price": (UnitPrice(5_000), UnitPrice(5_200)),
    }
    assert changed(before) == {"price": (UnitPrice(4_500), UnitPrice(5_000))}
    assert (latest.user_id, latest.at, latest.is_new) == (office.actor.user_id, NOON, False)
    assert first.is_new
    assert changed(first)["price"] == (None, UnitPrice(4_500))


def test_archiving_and_densities_are_changes(office: OfficeInMemory) -> None:
    density = Density(1_032)
    execute(office, c.SetDensity(product_id=MILK, density=density, valid_from=date(2026, 1, 1)))
    execute(office, c.ArchiveProduct(product_id=MILK))
    archived, dense, _ = history(office, RawProductRow, MILK)
    assert changed(archived) == {"archived": (False, True)}
    assert changed(dense) == {"densities": ((), ((date(2026, 1, 1), density),))}


def test_the_identity_of_a_client_is_its_parts(office: OfficeInMemory) -> None:
    identity = Identity(phone="0550 12 34 56", address="Rue 1")
    execute(office, c.ChangeClient(client_id=GROCER, identity=identity))
    latest, _ = history(office, ClientRow, GROCER)
    assert changed(latest) == {"phone": ("", "0550 12 34 56"), "address": ("", "Rue 1")}


def test_what_a_person_may_not_read_is_left_out(office: OfficeInMemory) -> None:
    execute(office, c.ChangeProduct(product_id=MILK, name="Lait cru", price=UnitPrice(5_000)))
    execute(office, c.ChangeProduct(product_id=MILK, price=UnitPrice(5_200)))
    identity = Identity(phone="0550 12 34 56", address="Rue 1")
    execute(office, c.ChangeClient(client_id=GROCER, identity=identity))
    driver = OfficeInMemory(store=office.store, roles=frozenset({Role.DRIVER}))
    price, name, first = history(driver, RawProductRow, MILK)
    assert changed(price) == {}
    assert changed(name) == {"name": ("Lait", "Lait cru")}
    assert "price" not in changed(first)
    assert changed(history(driver, ClientRow, GROCER)[0]) == {"address": ("", "Rue 1")}


def test_what_an_import_brought_and_took_back_is_no_change(office: OfficeInMemory) -> None:
    start = c.StartImport(
        import_id=FILE, kind=ImportKind.PRODUCTS, file_name="p.csv", digest="ab" * 32, on=TODAY
    )
    execute(office, start)
    with office.dairy.batch(import_id=FILE) as batch:
        batch.execute(
            c.ChangeProduct(product_id=MILK, price=UnitPrice(9_900)),
            command_id=CommitId(office.ids.new()),
        )
    assert len(history(office, RawProductRow, MILK)) == 2
    execute(office, c.FinishImport(import_id=FILE, accepted=1, unchanged=0, refused=0))
    execute(office, c.UndoImport(import_id=FILE, reason="mauvais fichier"))
    (only,) = history(office, RawProductRow, MILK)
    assert only.is_new
