"""The first supplier and the first material are recorded where something is to be received."""

import asyncio

from manchengo.domain.values import Unit
from manchengo_presenters.screens.first_entries import MaterialForm, SupplierForm
from manchengo_presenters.screens.receptions import Receptions
from tests.support.office_in_memory import OfficeInMemory, context


def test_a_dairy_can_receive_after_its_first_entries() -> None:
    office = OfficeInMemory()
    receptions = Receptions(context(office))
    asyncio.run(receptions.load())
    supplier = SupplierForm(context(office), receptions.load)
    supplier.put("supplier_name", "Ferme Aït Oumeziane")
    asyncio.run(supplier.add())
    material = MaterialForm(context(office), receptions.load)
    material.put("material_name", "Lait de vache")
    material.put("shelf_life", "3")
    asyncio.run(material.add())
    assert not receptions.lacks
    assert receptions.arrivals is not None
    (milk,) = receptions.arrivals.materials
    assert (milk.unit, milk.days) == ("L", 3)
    assert supplier.values == {"supplier_name": ""}, "ready for the next one"


def test_the_unit_is_chosen_by_its_word() -> None:
    form = MaterialForm(context(OfficeInMemory()), Receptions(context(OfficeInMemory())).load)
    assert ("kg", "kg") in form.units
    assert ("piece", "pièce") in form.units
    form.choose("unit", Unit.KG.value)
    assert form.values["unit"] == "kg"


def test_a_material_without_a_name_is_not_recorded() -> None:
    office = OfficeInMemory()
    form = MaterialForm(context(office), Receptions(context(office)).load)
    form.put("material_name", "  ")
    form.put("shelf_life", "trois")
    asyncio.run(form.add())
    assert set(form.errors) == {"material_name", "shelf_life"}
    assert office.revision() == (0, 0)


def test_a_supplier_without_a_name_is_not_recorded() -> None:
    office = OfficeInMemory()
    form = SupplierForm(context(office), Receptions(context(office)).load)
    asyncio.run(form.add())
    assert form.errors == {"supplier_name": "À remplir."}
    assert office.revision() == (0, 0)
