"""The delivery note in words: who sends what to whom, as far as the person may read it."""

from typing import Any

from manchengo import Role
from manchengo.commands import ChangeClient, ChangePlantDetails
from manchengo.domain.identity import Identity
from manchengo.ports.rows import DeliveryRow
from manchengo_presenters.delivery_note import DeliveryNote, delivery_note
from tests.support.dairy import (
    A_DAIRY,
    SHOP,
    a_line,
    came_back,
    confirmed,
    day,
    delivered,
    gone,
    in_opening_stock,
    kg,
    loaded,
    ordered,
    prepared,
    stayed,
    van_id,
)
from tests.support.given import given
from tests.support.office_in_memory import OfficeInMemory

NB = "\u00a0"
STOCK = (
    *A_DAIRY,
    ChangePlantDetails(name="Fromagerie du Djurdjura", nif="000016001234567", address="Tizi Ouzou"),
    ChangeClient(
        client_id=SHOP, identity=Identity(phone="0550 12 34 56", address="12, rue Didouche")
    ),
    in_opening_stock("T1", kg(5), expires=day(30)),
    in_opening_stock("T2", kg(5)),
    ordered("S1", a_line(kg(7))),
    confirmed("S1"),
)


def note_of(*steps: Any, code: str = "V1", role: Role = Role.ADMIN) -> DeliveryNote | None:
    office = OfficeInMemory(store=given((*STOCK, *steps)).dairy.store)
    office.roles = frozenset({role})
    with office.reading() as snapshot:
        row = snapshot.get(DeliveryRow, van_id(code))
        assert row is not None
        return delivery_note(snapshot, row)


def test_a_note_names_both_parties_and_every_lot() -> None:
    note = note_of(delivered("V1", order="S1"))
    assert note is not None
    assert (note.seller.name, note.client.name) == (
        "Fromagerie du Djurdjura",
        "Épicerie El Baraka (C01)",
    )
    assert note.seller.lines == ("Tizi Ouzou", f"NIF{NB}: 000016001234567")
    assert note.client.lines == ("12, rue Didouche", f"Tél.{NB}: 0550 12 34 56")
    assert [(line.lot, line.quantity, line.expires) for line in note.lines] == [
        ("T1", f"5{NB}kg", "04/02/2026"),
        ("T2", f"2{NB}kg", "06/03/2026"),
    ]
    assert note.totals == (f"Tomme, en tout{NB}: 7{NB}kg",)
    assert note.state == ""


def test_a_driver_has_the_goods_and_not_the_registrations_of_the_client() -> None:
    note = note_of(delivered("V1", order="S1"), role=Role.DRIVER)
    assert note is not None
    assert not any("0550" in line for line in note.client.lines)
    assert len(note.lines) == 2


def test_a_van_with_nothing_in_it_has_no_note() -> None:
    assert note_of(prepared("V1", order="S1")) is None


def test_a_note_says_that_the_van_has_not_left() -> None:
    loading = (prepared("V1", order="S1"), loaded("V1", "T1", kg(5)))
    note = note_of(*loading)
    assert note is not None
    assert note.state.startswith("Pas encore parti")
    left = note_of(*loading, gone("V1", carrier="Karim"))
    assert left is not None
    assert (left.state, left.signatures[1]) == ("", ("Chauffeur", "Karim"))


def test_a_note_of_a_delivery_that_stayed_says_so() -> None:
    note = note_of(prepared("V1", order="S1"), loaded("V1", "T1", kg(5)), stayed("V1"))
    assert note is not None
    assert note.state.startswith("ANNULÉ")


def test_what_came_back_stands_beside_what_was_delivered() -> None:
    note = note_of(delivered("V1", order="S1"), came_back("V1", "T1", kg(1)))
    assert note is not None
    assert [line.returned for line in note.lines] == [f"1{NB}kg", ""]
