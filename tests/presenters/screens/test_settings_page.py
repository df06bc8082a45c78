"""Settings: the particulars of the plant are recorded by an administrator and read by everybody."""

import asyncio

import pytest
from attrs import evolve

from manchengo import Role
from manchengo.application.plant_details import plant_details_of
from manchengo.commands import ChangePlantDetails
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.settings_page import SettingsPage
from tests.support.office_in_memory import OfficeInMemory, WindowInMemory, context, execute

NB = "\u00a0"


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory()


def page_of(office: OfficeInMemory) -> SettingsPage:
    screen = SettingsPage(context(office))
    asyncio.run(screen.load())
    return screen


def window_of(screen: SettingsPage) -> WindowInMemory:
    window = screen.context.window
    assert isinstance(window, WindowInMemory)
    return window


def approval(office: OfficeInMemory) -> str:
    with office.reading() as snapshot:
        return plant_details_of(snapshot).approval


def test_what_labels_and_invoices_lack_is_said(office: OfficeInMemory) -> None:
    screen = page_of(office)
    assert screen.missing.startswith(f"Pas encore enregistré{NB}: Nom, Agrément sanitaire, ")
    execute(office, ChangePlantDetails(approval="15 123"))
    asyncio.run(screen.load())
    assert "Agrément" not in screen.missing


def test_an_administrator_records_what_was_typed(office: OfficeInMemory) -> None:
    screen = page_of(office)
    screen.put("approval", " 15 123 ")
    asyncio.run(screen.confirm())
    assert approval(office) == "15 123"
    assert window_of(screen).done[-1].sentence == "Les coordonnées de l’atelier sont enregistrées."
    assert screen.values["approval"] == "15 123"


def test_a_particular_is_emptied(office: OfficeInMemory) -> None:
    execute(office, ChangePlantDetails(name="Fromagerie", approval="15 123"))
    screen = page_of(office)
    screen.put("approval", "")
    asyncio.run(screen.save())
    assert approval(office) == ""


def test_the_name_is_not_emptied_and_it_is_said_beside_it(office: OfficeInMemory) -> None:
    execute(office, ChangePlantDetails(name="Fromagerie"))
    screen = page_of(office)
    screen.put("name", " ")
    asyncio.run(screen.save())
    assert list(screen.errors) == ["name"]


def test_nothing_typed_records_nothing(office: OfficeInMemory) -> None:
    screen = page_of(office)
    before = office.revision()
    asyncio.run(screen.save())
    assert window_of(screen).said == ["Rien n’a été modifié."]
    assert office.revision() == before


def test_what_others_record_comes_in_and_what_was_typed_stays(office: OfficeInMemory) -> None:
    screen = page_of(office)
    screen.put("phone", "026 11 22 33")
    execute(office, ChangePlantDetails(nif="001516", phone="055"))
    asyncio.run(screen.load())
    assert (screen.values["nif"], screen.values["phone"]) == ("001516", "026 11 22 33")


def test_who_is_no_administrator_reads_and_records_nothing(office: OfficeInMemory) -> None:
    execute(office, ChangePlantDetails(approval="15 123"))
    seller = OfficeInMemory(store=office.store, roles=frozenset({Role.SALES}))
    screen = page_of(seller)
    assert not screen.may_change
    assert ("Agrément sanitaire", "15 123") in screen.facts
    screen.put("approval", "99")
    asyncio.run(screen.save())
    assert approval(office) == "15 123"


def test_this_computer_is_described(office: OfficeInMemory) -> None:
    screen = page_of(office)
    assert screen.known is not None
    assert dict(screen.known.computer) == {
        "Appareil": "Bureau (marque A)",
        "Base": "/home/amina/atelier.db",
        "Taille": f"12,4{NB}Mo",
        "Chiffrée": "oui",
        "Version": "0.1.0",
    }
    office.cared.described = evolve(office.cared.described, device="", mark="")
    asyncio.run(screen.load())
    assert dict(screen.known.computer)["Appareil"] == "inscrit auprès d’aucun serveur"


def test_what_cannot_be_read_is_said(office: OfficeInMemory) -> None:
    office.fault = Problem("Broken", "Le disque est plein.")
    screen = page_of(office)
    assert screen.known is None
    assert screen.problem is not None
