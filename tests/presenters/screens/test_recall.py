"""A recall on the screen: from whatever is in hand, whom to call, a drill, and in earnest."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from manchengo import Role
from manchengo.application.completeness import Completeness, DeviceHeard
from manchengo.commands import ChangeClient, Command, ReceiveLot, RegisterSupplier
from manchengo.domain.identity import Identity
from manchengo.domain.ids import DeviceId, LotId, SupplierId
from manchengo.ports.rows import RawLotRow
from manchengo_presenters.screens import recall_detail
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.recall_detail import RecallDetail
from manchengo_presenters.screens.recall_page import InHand, RecallPage
from manchengo_presenters.screens.recalls import Reached
from manchengo_presenters.screens.scans import Looked
from manchengo_presenters.screens.screen import Screen
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    SHOP,
    an_id,
    an_output,
    came_back,
    completed,
    day,
    delivered,
    kg,
    litres,
    lot_id,
    millilitres,
    planned,
    poured,
    prepared,
    received,
    sold,
    started,
)
from tests.support.given import given
from tests.support.office_in_memory import NOON, OfficeInMemory, WindowInMemory, context

NB = "\u00a0"
OTHER_FARM = SupplierId(an_id("another farm"))


def noted(code: str, reference: str, *, farm: SupplierId | None = None) -> ReceiveLot:
    """A reception with what the supplier wrote on it."""
    reception = received(code, litres(100))
    return evolve(
        reception, supplier_reference=reference, supplier_id=farm or reception.supplier_id
    )


HISTORY: tuple[Command | tuple[Command, ...], ...] = (
    *A_DAIRY,
    ChangeClient(client_id=SHOP, identity=Identity(phone="0550 12 34 56")),
    RegisterSupplier(supplier_id=OTHER_FARM, code="F02", name="Ferme Ziane"),
    noted("L1", "N-77"),
    noted("L2", "N-78"),
    noted("L3", "N-78", farm=OTHER_FARM),
    noted("N-77", "A-1"),
    received("R1", millilitres(600), of=RENNET),
    planned("O1", kg(8), on=day(1)),
    started("O1", on=day(1)),
    poured("O1", "L1", litres(80), on=day(1), reason="là"),
    completed("O1", an_output("T1", kg(8)), on=day(1)),
    sold("S1", kg(5), on=day(1)),
    delivered("V1", order="S1", on=day(1)),
    came_back("V1", "T1", kg(1), on=day(1)),
    sold("S2", kg(2), on=day(1)),
    prepared("V2", order="S2", on=day(1)),
)
"""Milk became cheese; most of the cheese is at a shop, some waits for the van."""


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory(store=given(HISTORY).dairy.store)


def page(office: OfficeInMemory, lot: str = "", window: WindowInMemory | None = None) -> RecallPage:
    screen = RecallPage(context(office, window=window), lot_id(lot) if lot else None)
    asyncio.run(screen.load())
    return screen


def looked(office: OfficeInMemory, reference: str) -> RecallPage:
    screen = page(office)
    screen.put("reference", reference)
    asyncio.run(screen.confirm())
    return screen


def detail(screen: RecallPage) -> RecallDetail:
    assert screen.detail is not None, screen.problem or screen.errors
    return screen.detail


def test_a_lot_of_milk_leads_to_the_shop_that_has_its_cheese(office: OfficeInMemory) -> None:
    found = detail(looked(office, " l1 "))
    assert found.begun_with == "Lot L1"
    assert found.reach == "2 lots, 1 livraison, 1 client"
    (call,) = found.calls
    assert (call.name, call.phone) == ("Épicerie El Baraka", "0550 12 34 56")
    (goods,) = call.goods
    assert (goods.product, goods.quantity, goods.delivery) == ("Tomme", f"5{NB}kg", "V1")
    assert goods.text.startswith(f"T1{NB}: 5{NB}kg, V1 du ")
    assert f"1{NB}kg" in goods.text.split(",")[-1]
    assert [each.lot for each in found.held] == ["T1"]
    assert [(line.depth, line.code) for line in found.tree] == [(0, "L1"), (1, "T1")]
    milk, cheese = found.balances
    assert (milk.product, cheese.product) == ("Lait de vache", "Tomme")
    assert (milk.came_in, milk.consumed, milk.left) == (
        f"100{NB}L",
        f"80{NB}L",
        f"20{NB}L",
    )
    assert (cheese.delivered, cheese.returned, cheese.left) == (
        f"5{NB}kg",
        f"1{NB}kg",
        f"4{NB}kg",
    )
    assert found.is_balanced
    assert not found.went_nowhere


@pytest.mark.parametrize(
    ("reference", "begun_with"),
    [("o1", "O1"), ("S1", "S1"), ("v1", "V1"), ("A-1", "A-1")],
)
def test_it_begins_with_whatever_is_in_hand(
    office: OfficeInMemory, reference: str, begun_with: str
) -> None:
    assert begun_with in detail(looked(office, reference)).begun_with


def test_a_supplier_and_a_day_stand_for_what_came(office: OfficeInMemory) -> None:
    screen = page(office)
    assert ("F02", "Ferme Ziane (F02)") in screen.suppliers
    screen.begin_with(InHand.DAY)
    asyncio.run(screen.look())
    assert set(screen.errors) == {"supplier", "day"}
    screen.put("supplier", "F02")
    screen.put("day", "un jour")
    asyncio.run(screen.look())
    assert set(screen.errors) == {"day"}
    screen.put("day", f"{day(2):%d/%m/%Y}")
    asyncio.run(screen.look())
    assert "F02" in screen.errors["day"]
    screen.put("day", f"{day(0):%d/%m/%Y}")
    asyncio.run(screen.look())
    assert [line.code for line in detail(screen).balances] == ["L3"]


def test_a_reference_of_several_kinds_is_asked_about(office: OfficeInMemory) -> None:
    screen = looked(office, "N-77")
    assert screen.detail is None
    assert [each.words for each in screen.options] == ["Lot", "Référence du fournisseur"]
    asyncio.run(screen.choose(screen.options[1]))
    assert [line.code for line in detail(screen).balances] == ["L1", "T1"]
    assert screen.options == ()


def test_a_reference_of_two_suppliers_asks_whose(office: OfficeInMemory) -> None:
    screen = looked(office, "N-78")
    assert [each.words for each in screen.options] == ["Ferme Aït Ali (F01)", "Ferme Ziane (F02)"]
    asyncio.run(screen.choose(screen.options[1]))
    assert [line.code for line in detail(screen).balances] == ["L3"]


def test_what_is_not_found_is_said_beside_its_field(office: OfficeInMemory) -> None:
    screen = looked(office, "L1")
    screen.put("reference", "nulle part")
    asyncio.run(screen.look())
    assert "nulle part" in screen.errors["reference"]
    assert screen.detail is None
    screen.put("reference", " ")
    asyncio.run(screen.look())
    assert screen.errors == {"reference": "À remplir."}


def test_a_lot_that_went_nowhere_says_so(office: OfficeInMemory) -> None:
    found = detail(page(office, "L2"))
    assert found.went_nowhere
    assert found.effect == f"Rappeler 1 lot{NB}? Un rappel ne se lève plus."
    assert found.calls == ()


def test_a_lot_leads_to_its_recall(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    asyncio.run(LotPage(context(office, window=window), lot_id("L1")).recall())
    assert window.went == [(Screen.LOT_RECALL, lot_id("L1"))]
    screen = page(office, "L1", window)
    assert screen.values["reference"] == "L1"
    asyncio.run(screen.open(LotId(lot_id("T1"))))
    assert window.went[-1] == (Screen.LOT, lot_id("T1"))


def test_a_label_that_is_scanned_is_what_is_in_hand(office: OfficeInMemory) -> None:
    view: Any = type("View", (), {"code": "L1"})
    screen = page(office)
    looked = Looked(view=view, rows=RawLotRow, subject=lot_id("L1"))
    assert asyncio.run(screen.scanned(looked))
    assert detail(screen).begun_with == "Lot L1"


def test_a_suppliers_code_stands_for_its_lot(office: OfficeInMemory) -> None:
    view: Any = type("View", (), {"code": "N-77"})
    screen = page(office)
    assert asyncio.run(screen.scanned(Looked(view=view)))
    assert [line.code for line in detail(screen).balances] == ["L1", "T1"]


# ------------------------------------------------------------------------------- in earnest


def test_a_recall_takes_a_reason_and_sets_the_lots_aside(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, "L1", window)
    assert screen.may_recall
    assert detail(screen).effect == (
        f"Rappeler 2 lots et prévenir 1 client{NB}? Un rappel ne se lève plus."
    )
    asyncio.run(screen.confirm())
    asyncio.run(screen.confirm())
    assert screen.errors == {"reason": "À remplir."}
    screen.put("reason", "antibiotiques")
    asyncio.run(screen.confirm())
    assert window.said == [
        f"Rappel fait{NB}: on ne peut plus rien fabriquer ni vendre de ces lots."
    ]
    found = detail(screen)
    assert all(line.is_recalled for line in found.balances)
    assert found.was_recalled
    assert not screen.may_recall
    assert not screen.is_deciding


def test_nobody_recalls_what_was_looked_at_before(office: OfficeInMemory) -> None:
    screen = looked(office, "L1")
    screen.begin_recall()
    screen.put("reference", "L2")
    asyncio.run(screen.look())
    assert not screen.is_deciding
    assert [line.code for line in detail(screen).balances] == ["L2"]


def test_who_may_not_recall_is_offered_nothing_and_refused(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.DRIVER})
    screen = page(office, "L1")
    assert not screen.may_recall
    assert len(detail(screen).calls) == 1
    screen.begin_recall()
    screen.put("reason", "antibiotiques")
    asyncio.run(screen.decide())
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"
    assert not any(line.is_recalled for line in detail(screen).balances)


def test_who_may_not_read_telephones_is_told_who_has_them(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.PRODUCTION})
    screen = page(office, "L1")
    assert screen.may_recall
    (call,) = detail(screen).calls
    assert call.phone == ""
    assert "commercial" in detail(screen).phones
    paper = asyncio.run(screen.paper())
    assert paper is not None
    assert "0550" not in paper


# --------------------------------------------------------------------------------- as a drill


def test_a_drill_recalls_nothing_and_notes_its_minutes(office: OfficeInMemory) -> None:
    screen = looked(office, "L1")
    screen.begin_drill()
    assert not screen.may_recall
    paper = asyncio.run(screen.paper())
    assert paper is not None
    assert paper.startswith("EXERCICE DE RAPPEL")
    assert screen.paper_name == "exercice-de-rappel-20261124.pdf"
    screen.put("reason", "pour voir")
    asyncio.run(screen.decide())
    assert not any(line.is_recalled for line in detail(screen).balances)
    asyncio.run(screen.end_drill())
    ((reached, began),) = office.practised
    assert (reached.start.code, began) == ("L1", NOON)
    assert screen.drilled == (
        f"EXERCICE terminé{NB}: 2 lots, 1 livraison, 1 client, en 4 minutes. "
        "Il est dans le journal d’audit."
    )
    assert not screen.is_drill
    screen.begin_recall()
    assert screen.drilled == "", "a recall in earnest shows nothing of a drill"


def test_a_drill_that_is_given_up_is_noted_nowhere(office: OfficeInMemory) -> None:
    screen = page(office)
    screen.begin_drill()
    asyncio.run(screen.end_drill())
    assert screen.is_drill, "nothing was looked at"
    screen.leave_drill()
    assert (screen.is_drill, office.practised) == (False, [])


# ------------------------------------------------------------------------------ how complete


def silent_device() -> Completeness:
    van = DeviceHeard(
        device_id=DeviceId(an_id("van")),
        name="téléphone-3",
        mark="C",
        withdrawn="",
        heard_until=NOON - timedelta(days=2),
        is_reached=True,
        is_heard_since=False,
    )
    return Completeness(now=NOON, is_alone=False, known_until=NOON, pending=0, devices=(van,))


def test_a_device_that_was_not_heard_since_is_named(
    office: OfficeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.office_in_memory import RecallsInMemory

    reach = RecallsInMemory.reach

    def with_a_silent_device(self: RecallsInMemory, asked: Any) -> Reached:
        found = reach(self, asked)
        assert isinstance(found, Reached)
        return evolve(found, report=evolve(found.report, completeness=silent_device()))

    assert detail(looked(office, "L1")).is_complete
    monkeypatch.setattr(RecallsInMemory, "reach", with_a_silent_device)
    found = detail(looked(office, "L1"))
    assert not found.is_complete
    assert "téléphone-3, muet depuis 2 jours" in found.completeness[0]


# ------------------------------------------------------------------------------------ on paper


def test_the_paper_has_who_to_call_and_where_every_gram_is(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, "L1", window)
    paper = asyncio.run(screen.paper())
    assert paper is not None
    lines = paper.splitlines()
    assert lines[0] == "RAPPEL"
    assert lines[1].startswith("Fromagerie du Djurdjura · ")
    assert f"[ ] Épicerie El Baraka (C01){NB}: 0550 12 34 56" in lines
    assert any(line.startswith(f"[ ] T1{NB}: ") for line in lines)
    assert any(f"Consommé{NB}: 80{NB}L" in line for line in lines)
    screen.copied()
    assert window.said == [f"La liste est copiée{NB}: collez-la où vous en avez besoin."]


def test_the_list_is_printed_as_it_is_copied(office: OfficeInMemory) -> None:
    screen = looked(office, "L1")
    screen.begin_drill()
    paper = asyncio.run(screen.paper())
    assert paper is not None
    assert asyncio.run(screen.pdf()) == f"PDF {paper}".encode()
    office.fault = Problem("DiskFull", "Plus de place.")
    assert asyncio.run(screen.pdf()) is None
    assert screen.problem is not None


def test_nothing_is_printed_before_it_is_known(office: OfficeInMemory) -> None:
    assert asyncio.run(page(office).paper()) is None
    assert asyncio.run(page(office).pdf()) is None


def test_a_long_tree_is_cut_and_says_so(
    office: OfficeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall_detail, "MOST_LINES", 1)
    found = detail(looked(office, "L1"))
    assert (len(found.tree), found.is_cut) == (1, True)
    assert len(found.balances) == 2


def test_what_others_record_is_read_anew(office: OfficeInMemory) -> None:
    screen = looked(office, "L2")
    other = looked(office, "L2")
    other.begin_recall()
    other.put("reason", "analyse")
    asyncio.run(other.decide())
    asyncio.run(screen.load())
    assert detail(screen).was_recalled
