"""Conflicts: what two devices recorded apart, and the ways out that fit, for each role."""

import asyncio

import pytest
from attrs import evolve

from manchengo import Role
from manchengo.domain.resolution import Way
from manchengo.ports.rows import RawLotRow, ResolutionItemRow
from manchengo_presenters.conflict_words import STEPS_BESIDE
from manchengo_presenters.screens.conflict_list import ConflictList
from manchengo_presenters.screens.conflict_page import TITLES, Conflict, ConflictPage
from manchengo_presenters.screens.screen import Screen
from tests.support.dairy import A_DAIRY, litres, lot_id, received, written_off
from tests.support.given import Step
from tests.support.office_in_memory import OfficeInMemory, WindowInMemory, context
from tests.support.plant import Device, Plant

NB = "\u00a0"
MORNING = (A_DAIRY, received("L1", litres(100)), received("L2", litres(100)))


def apart(first: tuple[Step, ...], second: tuple[Step, ...]) -> tuple[Device, Device]:
    """The office did ``first`` and the phone ``second``, and both have exchanged since."""
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(MORNING)
    plant.settle()
    office.does(first)
    office.push()
    phone.does(second)
    plant.settle()
    return office, phone


def at(device: Device) -> OfficeInMemory:
    office = OfficeInMemory(store=device.store)
    for _ in range(1_000):  # ids that the plant has not given
        office.ids.new()
    return office


@pytest.fixture
def office() -> OfficeInMemory:
    """Sixty litres were written off of a lot that had ten left by then."""
    device, _phone = apart((written_off("L1", litres(90)),), (written_off("L1", litres(60)),))
    return at(device)


@pytest.fixture
def window() -> WindowInMemory:
    return WindowInMemory()


def listed(office: OfficeInMemory, window: WindowInMemory | None = None) -> ConflictList:
    screen = ConflictList(context(office, window=window))
    asyncio.run(screen.load())
    return screen


def states(screen: ConflictList) -> list[str]:
    assert screen.page is not None
    return [line.state for line in screen.page.lines]


def opened(office: OfficeInMemory, window: WindowInMemory | None = None) -> ConflictPage:
    with office.store.reading() as snapshot:
        (row,) = snapshot.rows(ResolutionItemRow)
    screen = ConflictPage(context(office, window=window), row.id)
    asyncio.run(screen.load())
    assert screen.conflict is not None
    return screen


def remaining(office: OfficeInMemory, code: str) -> int:
    with office.store.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id(code))
    assert row is not None
    return row.quantity_remaining


def test_what_is_pressed_while_a_conflict_is_read_anew_is_not_lost(
    office: OfficeInMemory,
) -> None:
    screen = opened(office)
    read = screen._read

    def read_while_somebody_presses() -> Conflict:
        assert not screen.is_busy
        return read()

    screen._read = read_while_somebody_presses  # type: ignore[method-assign]  # in the middle of it
    asyncio.run(screen.load())
    assert screen.conflict is not None


def test_a_conflict_is_listed_with_who_when_and_why(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = listed(office, window)
    assert screen.page is not None
    (line,) = screen.page.lines
    assert line.what.startswith("Mise au rebut")
    assert "L1" in line.what
    assert line.why.startswith("Il n’y a pas assez dans le lot L1")
    assert line.state == "ouvert"
    asyncio.run(screen.enter())
    assert window.went == [(Screen.CONFLICT, line.item_id)]


def test_where_everything_stands_nothing_is_listed() -> None:
    device, _phone = apart((), ())
    screen = listed(at(device))
    assert screen.page is not None
    assert screen.page.lines == ()
    assert screen.range_words == "0 conflit"


def test_what_was_recorded_stands_beside_what_stood_before(office: OfficeInMemory) -> None:
    conflict = opened(office).conflict
    assert conflict is not None
    assert not conflict.is_ours
    assert dict(conflict.here.values)["Quantité"] == f"60{NB}L"
    (before,) = conflict.against
    assert dict(before.values)["Quantité"] == f"90{NB}L"
    assert before.device != conflict.here.device
    assert any("60" in claim for claim in conflict.claims)


def test_on_the_device_of_its_author_it_was_recorded_here() -> None:
    _office, phone = apart((written_off("L1", litres(90)),), (written_off("L1", litres(60)),))
    conflict = opened(at(phone)).conflict
    assert conflict is not None
    assert conflict.is_ours


def test_only_the_ways_out_that_fit_are_offered_each_with_its_effect(
    office: OfficeInMemory,
) -> None:
    conflict = opened(office).conflict
    assert conflict is not None
    assert [way.title for way in conflict.ways] == ["Sans effet", "Refaire", "Autre lot"]
    assert all(way.effect.endswith(".") for way in conflict.ways)
    assert [words for _key, words in conflict.lots] == [f"L2 (100{NB}L)"]


def test_it_is_given_up_with_a_reason(office: OfficeInMemory, window: WindowInMemory) -> None:
    screen = opened(office, window)
    asyncio.run(screen.decide())
    assert window.done == [], "no way out is chosen"
    screen.choose_way(Way.VOID.value)
    asyncio.run(screen.confirm())
    assert screen.errors == {"reason": "À remplir."}
    screen.put("reason", "compté deux fois")
    asyncio.run(screen.confirm())
    assert window.done[-1].sentence == f"Décidé{NB}: Sans effet."
    assert screen.conflict is not None
    assert "compté deux fois" in screen.conflict.closed
    assert screen.conflict.ways == ()
    assert screen.way is None


def test_it_is_recorded_again_with_another_lot(office: OfficeInMemory) -> None:
    screen = opened(office)
    screen.choose_way(Way.OTHER_LOT.value)
    screen.put("reason", "étiquette mal lue")
    asyncio.run(screen.decide())
    assert list(screen.errors) == ["lot"]
    assert screen.conflict is not None
    screen.choose("lot", screen.conflict.lots[0][0])
    asyncio.run(screen.decide())
    assert (screen.problem, screen.errors) == (None, {})
    assert remaining(office, "L2") == 40_000


def test_a_code_that_was_taken_is_changed() -> None:
    other = received("L6", litres(6))
    device, _phone = apart((received("L5", litres(5)),), (evolve(other, code="L5"),))
    screen = opened(at(device))
    assert screen.conflict is not None
    (before,) = screen.conflict.against
    assert [value for _label, value in before.values].count("L5") == 1
    screen.choose_way(Way.OTHER_CODE.value)
    screen.put("reason", "homonyme")
    screen.put("code", "L1")
    asyncio.run(screen.decide())
    assert "L1" in screen.errors["code"]
    screen.put("code", "L5-B")
    asyncio.run(screen.decide())
    assert screen.conflict is not None
    assert screen.conflict.closed


def test_closed_ones_are_listed_where_that_is_asked(office: OfficeInMemory) -> None:
    page = opened(office)
    page.choose_way(Way.VOID.value)
    page.put("reason", "vu")
    asyncio.run(page.decide())
    screen = listed(office)
    assert states(screen) == []
    asyncio.run(screen.show_closed(True))
    assert states(screen) == ["classé sans suite"]


def test_who_may_not_decide_is_told_who_may(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.DRIVER})
    screen = opened(office)
    assert screen.conflict is not None
    assert screen.conflict.ways == ()
    assert "Vos rôles ne permettent pas" in screen.conflict.notes[-1]


def test_a_decision_that_is_forced_is_refused(office: OfficeInMemory) -> None:
    screen = opened(office)
    office.roles = frozenset({Role.DRIVER})
    screen.choose_way(Way.VOID.value)
    screen.put("reason", "vu")
    asyncio.run(screen.decide())
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"
    assert screen.values["reason"] == "vu"


def test_it_may_wait(office: OfficeInMemory, window: WindowInMemory) -> None:
    screen = opened(office, window)
    window.went.append((Screen.CONFLICT, None))
    asyncio.run(screen.later())
    assert window.went == []
    assert window.done == []


def test_every_way_out_has_a_title() -> None:
    assert set(TITLES) == {*Way, *STEPS_BESIDE}
