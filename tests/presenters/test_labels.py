"""A label says in French what a person needs to know of the lot, the most urgent first."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from manchengo.domain.ids import LotId, ProductId, ProductionOrderId, RecipeId, SupplierId
from manchengo.domain.plant_details import PlantDetails
from manchengo.ports.rows import (
    FinishedLotRow,
    FinishedProductRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    SupplierRow,
)
from manchengo_presenters.labels import (
    finished_lot_label,
    production_order_label,
    raw_lot_label,
)

PRODUCT: dict[str, Any] = {
    "id": ProductId(UUID(int=1)),
    "name_ar": "",
    "shelf_life_days": None,
    "price": 0,
    "vat_class": "normal",
    "allocation": "FIFO",
    "release_required": False,
    "gtin": "",
    "archived": False,
}
LOT: dict[str, Any] = {
    "id": LotId(UUID(int=2)),
    "product_id": ProductId(UUID(int=1)),
    "status": "AVAILABLE",
    "standing": "released",
    "standing_reason": "",
    "entered_on": date(2026, 11, 27),
    "quantity_reserved": 0,
    "unit_price": 0,
    "opening_on": None,
}
MILK = RawProductRow(**PRODUCT, code="LAIT", name="Lait de vache", unit="L")
CHEESE = FinishedProductRow(
    **(PRODUCT | {"name_ar": "جبن"}), code="MANS", name="Fromage Mansouri", unit="kg"
)
FARM = SupplierRow(
    id=SupplierId(UUID(int=3)),
    code="F1",
    name="Ferme Aït",
    commune="",
    address="",
    phone="",
    email="",
    nif="",
    nis="",
    rc="",
    ai="",
    archived=False,
)
RECEIVED = RawLotRow(
    **LOT,
    code="MP-1",
    unit="L",
    expires_on=date(2026, 11, 30),
    quantity_initial=600_000,
    quantity_remaining=200_000,
    supplier_id=FARM.id,
    supplier_reference="",
)
MADE = FinishedLotRow(
    **LOT,
    code="PF-1",
    unit="kg",
    expires_on=None,
    quantity_initial=1_250_500,
    quantity_remaining=1_250_500,
    order_id=None,
    role="product",
)


PLANNED = ProductionOrderRow(
    id=ProductionOrderId(UUID(int=4)),
    code="OF-1",
    product_id=CHEESE.id,
    recipe_id=RecipeId(UUID(int=5)),
    recipe_version=1,
    status="planned",
    day=date(2026, 11, 27),
    completed_on=None,
    planned=1_000,
    obtained=0,
    lost=0,
    unit="kg",
    reason="",
)


def test_a_raw_lot_says_when_it_came_until_when_it_is_good_and_from_whom() -> None:
    label = raw_lot_label(RECEIVED, MILK, FARM)
    assert (label.kind, label.code, label.title) == (
        "Lot de matière première",
        "MP-1",
        "Lait de vache",
    )
    assert label.facts == (
        ("Reçu le", "27/11/2026"),
        ("DLC", "30/11/2026"),
        ("Quantité", "600\u00a0L"),
        ("Fournisseur", "Ferme Aït"),
    )


def test_a_lot_of_the_opening_stock_names_no_supplier() -> None:
    names = [name for name, _ in raw_lot_label(RECEIVED, MILK, None).facts]
    assert names == ["Reçu le", "DLC", "Quantité"]


def test_a_finished_lot_says_its_name_in_both_languages() -> None:
    label = finished_lot_label(MADE, CHEESE)
    assert (label.title, label.arabic_title) == ("Fromage Mansouri", "جبن")
    assert label.facts == (("Fabriqué le", "27/11/2026"), ("Quantité", "1\u202f250,5\u00a0kg"))


@pytest.mark.parametrize(
    ("thousandths", "said"), [(1_000, "1\u00a0pièce"), (792_000, "792\u00a0pièces")]
)
def test_what_is_counted_is_counted_in_french(thousandths: int, said: str) -> None:
    some: dict[str, Any] = {"unit": "piece", "quantity_initial": thousandths}
    order = evolve(PLANNED, unit="piece", planned=thousandths)
    assert dict(raw_lot_label(evolve(RECEIVED, **some), MILK, FARM).facts)["Quantité"] == said
    assert dict(finished_lot_label(evolve(MADE, **some), CHEESE).facts)["Quantité"] == said
    assert dict(production_order_label(order, CHEESE).facts)["Prévu"] == said


def test_a_lot_that_never_expires_has_no_last_day() -> None:
    lasting = evolve(RECEIVED, expires_on=None)
    assert "DLC" not in dict(raw_lot_label(lasting, MILK, FARM).facts)


# ------------------------------------------------------------------------------ food and labels

COW = evolve(MILK, name_ar="حليب البقر", allergens="lait", allergens_ar="حليب")
SALT = evolve(MILK, name="Sel", name_ar="ملح")
SOLD = evolve(CHEESE, net_quantity="250 g", storage="2 à 6 °C", fat="45 % sur extrait sec")


DAIRY = PlantDetails(name="Fromagerie", address="15000 Tizi Ouzou", approval="15 123")


def test_a_packet_says_how_it_is_kept_what_it_weighs_and_who_made_it() -> None:
    facts = dict(finished_lot_label(MADE, SOLD, maker=DAIRY).facts)
    assert list(facts.items())[1:] == [
        ("À conserver à", "2 à 6 °C"),
        ("Quantité", "250 g"),
        ("Matière grasse", "45 % sur extrait sec"),
        ("Agrément", "15 123"),
        ("Fabriqué par", "Fromagerie, 15000 Tizi Ouzou"),
    ]


def test_a_packet_says_in_both_languages_what_is_in_it() -> None:
    label = finished_lot_label(MADE, SOLD, ingredients=[COW, SALT])
    assert label.note == "Ingrédients\u00a0: Lait de vache, Sel. Contient\u00a0: lait."
    assert label.arabic_note == "المكونات: حليب البقر، ملح. يحتوي على: حليب."
    assert label.arabic_names == ("تاريخ الصنع", "يحفظ في", "الكمية", "المادة الدسمة")


def test_ingredients_are_named_in_arabic_when_each_has_its_name() -> None:
    label = finished_lot_label(MADE, SOLD, ingredients=[COW, evolve(SALT, name_ar="")])
    assert label.arabic_note == "يحتوي على: حليب."


def test_the_allergens_of_the_product_itself_count_before_those_of_its_ingredients() -> None:
    egg = evolve(SALT, allergens="œuf, lait ")
    assert (
        "Contient\u00a0: lait, œuf." in finished_lot_label(MADE, SOLD, ingredients=[COW, egg]).note
    )
    own = evolve(SOLD, allergens="lait, lysozyme d’œuf")
    assert finished_lot_label(MADE, own, ingredients=[COW, egg]).note.endswith(
        "Contient\u00a0: lait, lysozyme d’œuf."
    )


def test_a_raw_lot_is_no_packet_and_says_nothing_of_it_in_arabic() -> None:
    label = raw_lot_label(RECEIVED, COW, FARM)
    assert (label.note, label.arabic_names, label.arabic_note) == ("", (), "")
