"""Which field changed by two at once asks a person, and whose clock is believed how far."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve, fields

from manchengo.application.field_merge import FIELDS, SENSITIVE
from manchengo.application.hlc import stamp_at
from manchengo.application.replication.device_log import ADOPTED_AHEAD
from manchengo.application.replication.server_log import BELIEVED_AHEAD
from manchengo.commands import (
    ChangeClient,
    ChangePlantDetails,
    ChangePriceList,
    ChangeProduct,
    ChangeSupplier,
    Command,
    CorrectLot,
    StartImport,
    UndoImport,
)
from manchengo.domain.allocation import Policy
from manchengo.domain.client import ClientDetailsChanged
from manchengo.domain.identity import Identity
from manchengo.domain.ids import CommitId, ImportId, PriceListId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.lot.events import LotCorrected
from manchengo.domain.plant_details import PlantDetailsChanged
from manchengo.domain.price_list import PriceListDetailsChanged, PriceSet
from manchengo.domain.product import ProductDetailsChanged, VatClass
from manchengo.domain.supplier import SupplierDetailsChanged
from manchengo.ports.rows import ClientRow, FinishedProductRow, ResolutionItemRow
from tests.support.dairy import A_DAIRY, CHEESE, FARM, SHOP, an_id, day, dinars, litres, received
from tests.support.plant import Device, Plant
from tests.support.pricing import GROS, WHOLESALE

RETAIL = evolve(WHOLESALE, price_list_id=PriceListId(an_id("retail")), code="DETAIL")

TWO_VALUES: dict[type, dict[str, tuple[Any, Any]]] = {
    SupplierDetailsChanged: {
        "name": ("Ferme A", "Ferme B"),
        "commune": ("Tizi", "Alger"),
        "identity": (Identity(nif="1"), Identity(nif="2")),
    },
    ClientDetailsChanged: {
        "name": ("A", "B"),
        "category": ("détail", "gros"),
        "commune": ("Tizi", "Alger"),
        "identity": (Identity(nif="1"), Identity(nif="2")),
        "price_list": ("GROS", "DETAIL"),
        "minimum_shelf_life_days": (3, 4),
    },
    ProductDetailsChanged: {
        "name": ("A", "B"),
        "name_ar": ("ا", "ب"),
        "shelf_life_days": (3, 4),
        "price": (dinars(3), dinars(4)),
        "vat_class": (VatClass.REDUCED, VatClass.EXEMPT),
        "allocation": (Policy.FEFO, Policy.FEFO),
        "release_required": (True, True),
        "gtin": ("6130001000014", "6130001000021"),
        "net_quantity": ("250 g", "300 g"),
        "storage": ("4 °C", "6 °C"),
        "fat": ("45 %", "20 %"),
        "allergens": ("lait", "lait, œuf"),
        "allergens_ar": ("حليب", "بيض"),
    },
    PriceListDetailsChanged: {"name": ("Grossistes d’Alger", "Demi-gros")},
    PlantDetailsChanged: {each.name: ("15-1", "15-2") for each in fields(PlantDetailsChanged)},
}
"""Of two details of a product there is but one other value: both devices write the same."""

A_BIT = timedelta(seconds=30)

ASKED_ABOUT: dict[type, set[str]] = {
    SupplierDetailsChanged: {"identity"},
    ClientDetailsChanged: {"identity", "price_list"},
    ProductDetailsChanged: {"price", "vat_class"},
    PriceListDetailsChanged: set(),
    PlantDetailsChanged: {"name", "address", "nif", "nis", "rc", "ai", "approval"},
}
"""What an invoice or a declaration is made of; the details of a lot are tried apart, and the prices
of a list in ``test_offered_prices``.
"""


def change(kind: type, name: str, value: Any) -> Command:
    changes: dict[str, Any] = {name: value}
    if kind is SupplierDetailsChanged:
        return ChangeSupplier(supplier_id=FARM, **changes)
    if kind is ClientDetailsChanged:
        return ChangeClient(client_id=SHOP, **changes)
    if kind is PriceListDetailsChanged:
        return ChangePriceList(price_list_id=GROS, **changes)
    if kind is PlantDetailsChanged:
        return ChangePlantDetails(**changes)
    return ChangeProduct(product_id=CHEESE, **changes)


def two_devices() -> Plant:
    plant = Plant()
    office, _ = plant.device(), plant.device()
    office.does(A_DAIRY, WHOLESALE, RETAIL, received("L1", litres(9)))
    plant.settle()
    return plant


def contested(device: Device) -> list[tuple[str, str]]:
    with device.store.reading() as snapshot:
        return [(item.matter, item.facts) for item in snapshot.rows(ResolutionItemRow)]


CASES = [(kind, name) for kind, values in TWO_VALUES.items() for name in values]


def test_every_field_that_is_merged_is_tried() -> None:
    assert set(CASES) == {
        (kind, name)
        for kind, names in FIELDS.items()
        if kind not in (LotCorrected, PriceSet)
        for name in names
    }
    assert SENSITIVE[LotCorrected] == set(FIELDS[LotCorrected])


@pytest.mark.parametrize(
    ("kind", "name"), CASES, ids=[f"{kind.__name__}.{name}" for kind, name in CASES]
)
def test_a_person_is_asked_about_what_bills_are_made_of_and_nothing_else(
    kind: type, name: str
) -> None:
    plant = two_devices()
    for device, value in zip(plant.devices, TWO_VALUES[kind][name], strict=True):
        device.does(change(kind, name, value))
    plant.settle()
    expected = [("contested", f'{{"fields":["{name}"]}}')] if name in ASKED_ABOUT[kind] else []
    assert [contested(device) for device in plant.devices] == [expected] * 2


@pytest.mark.parametrize("name", FIELDS[LotCorrected])
def test_a_person_is_asked_about_every_correction_of_a_lot(name: str) -> None:
    assert name in SENSITIVE[LotCorrected]
    assert name in {each.name for each in fields(CorrectLot)}


def test_one_who_saw_the_other_contests_nothing() -> None:
    plant = two_devices()
    for device, price in zip(plant.devices, (dinars(3), dinars(4)), strict=True):
        device.does(change(ProductDetailsChanged, "price", price))
        plant.settle()
    assert contested(plant.devices[0]) == []


# ---------------------------------------------------------------------- an import that was undone

FILE = ImportId(an_id("price list"))


def import_and_undo(device: Device, *rows: Command) -> None:
    start = StartImport(
        import_id=FILE,
        kind=ImportKind.PRODUCTS,
        file_name="prix.csv",
        digest="ab" * 32,
        on=day(0),
    )
    dairy = device.dairy
    dairy.execute(start)
    with dairy.batch(import_id=FILE) as batch:
        for number, row in enumerate(rows):
            batch.execute(row, command_id=CommitId(an_id(f"row {number}")))
    dairy.execute(UndoImport(import_id=FILE, reason="mauvais fichier"))


def test_what_was_undone_wins_over_nothing_written_before_it() -> None:
    """The phone wrote a price before the office imported others, and is heard after the undoing."""
    plant = two_devices()
    office, phone = plant.devices
    phone.does(change(ProductDetailsChanged, "price", dinars(3)))
    office.clock.at = phone.clock.at + A_BIT
    import_and_undo(office, change(ProductDetailsChanged, "price", dinars(4)))
    office.push()
    plant.settle()
    for device in plant.devices:
        with device.store.reading() as snapshot:
            row = snapshot.get(FinishedProductRow, CHEESE)
        assert row is not None
        assert row.price == dinars(3).centimes
        assert contested(device) == []


# ---------------------------------------------------------------------------------------- clocks

MOST = timedelta(minutes=5)


def test_no_clock_is_followed_further_than_five_minutes() -> None:
    assert ADOPTED_AHEAD == BELIEVED_AHEAD == MOST


@pytest.mark.parametrize(
    ("ahead", "adopted"),
    [(MOST - A_BIT, True), (MOST + A_BIT, False), (timedelta(days=34), False)],
)
def test_a_device_takes_over_stamps_up_to_the_bound(ahead: timedelta, adopted: bool) -> None:
    plant = two_devices()
    fast, slow = plant.devices
    fast.clock.at = slow.clock.at + ahead
    (theirs,) = fast.does(received("L2", litres(1), on=day(1)))
    fast.push()
    slow.pull()
    (mine,) = slow.does(received("L3", litres(1), on=day(1)))
    assert (mine.hlc > theirs.hlc) is adopted


@pytest.mark.parametrize(
    ("ahead", "believed"),
    [(MOST - A_BIT, True), (MOST + A_BIT, False), (timedelta(days=34), False)],
)
def test_the_server_believes_stamps_up_to_the_bound(ahead: timedelta, believed: bool) -> None:
    """A later writing by a true clock holds against one that is only stamped later."""
    plant = two_devices()
    fast, true = plant.devices
    fast.clock.at = plant.now + ahead
    fast.does(ChangeClient(client_id=SHOP, name="Horloge folle"))
    fast.push()
    with plant.store.reading() as log:
        *_, entry = log.entries()
    assert (entry.hlc_eff == entry.commit.hlc) is believed
    if not believed:
        assert entry.hlc_eff == stamp_at(plant.now, fast.id)
        plant.now += timedelta(minutes=1)
        true.clock.at = plant.now
        true.does(ChangeClient(client_id=SHOP, name="Horloge juste"))
        plant.settle()
        with true.store.reading() as snapshot:
            row = snapshot.get(ClientRow, SHOP)
        assert row is not None
        assert row.name == "Horloge juste"
