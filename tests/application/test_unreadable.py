"""What a program of before the check stored and nobody can read: parked, and all else goes on."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from manchengo import Commit
from manchengo.application import command_check
from manchengo.codec import Codec
from manchengo.domain.commit import Verdict
from manchengo.ports.rows import RawLotRow
from manchengo.ports.settings import UNREADABLE
from manchengo.ports.store import Store
from tests.support.dairy import A_DAIRY, day, litres, lot_id, received, written_off
from tests.support.plant import Device, Plant
from tests.support.stores import STORES

AT_A_QUARTER_TO_EIGHT = datetime(2026, 1, 6, 7, 45, tzinfo=UTC)


def wrongly(code: str, **values: Any) -> Any:
    return evolve(received(code, litres(30), on=day(1)), **values)


WRONG = (
    wrongly("L-HEURE", on=AT_A_QUARTER_TO_EIGHT),
    wrongly("L-NON", quarantined="non"),
    wrongly("L-REF", supplier_reference=12),
)


@pytest.fixture(params=STORES)
def plant(request: pytest.FixtureRequest) -> Iterator[Plant]:
    with ExitStack() as open_stores:

        def open_store() -> Store:
            return open_stores.enter_context(STORES[request.param]())

        yield Plant(store=open_store(), open_store=open_store)


@contextmanager
def an_older_program() -> Iterator[None]:
    """One that stores what it is given, of whatever type."""
    with pytest.MonkeyPatch.context() as older:
        older.setattr(command_check, "_check", lambda *_: None)
        older.setattr(Codec, "encode_readable", Codec.encode)
        yield


def with_an_older_program(device: Device) -> list[Commit]:
    with an_older_program():
        return device.does(*WRONG, written_off("L-NON", litres(1), on=day(1)))


def note(device: Device, commits: list[Commit]) -> None:
    """As the migration does."""
    with device.store.writing() as transaction:
        transaction.set_setting(UNREADABLE, " ".join(str(each.id) for each in commits))


@pytest.mark.parametrize("noted", [True, False], ids=["noted by the migration", "never noted"])
def test_a_queue_with_what_nobody_reads_drains_and_everybody_agrees(
    plant: Plant, noted: bool
) -> None:
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, received("L1", litres(100)))
    plant.settle()
    phone.does(received("L2", litres(10)))
    wrong = with_an_older_program(office)
    if noted:
        note(office, wrong[: len(WRONG)])
    (behind,) = office.does(received("L3", litres(20)))
    plant.settle()
    assert len(plant.digests()) == 1
    for each in plant.devices:
        verdict = each.dairy.verify()
        assert verdict.sound, verdict
        assert {one.commit_id for one in verdict.unreadable} == {
            one.id for one in wrong[: len(WRONG)]
        }
        with each.store.reading() as snapshot:
            assert snapshot.count_pending() == 0
            verdicts = [snapshot.entry(one.id) for one in wrong]
            assert [entry and entry.verdict for entry in verdicts] == [Verdict.PARKED] * 4
            entry = snapshot.entry(behind.id)
            assert entry is not None
            assert entry.verdict is Verdict.ACCEPTED
            assert {row.code for row in snapshot.rows(RawLotRow)} == {"L1", "L2", "L3"}
    office.does(written_off("L3", litres(1)), written_off("L2", litres(1)))


def test_without_a_server_it_is_set_aside_when_the_database_is_opened(plant: Plant) -> None:
    office = plant.device()
    office.does(A_DAIRY, received("L1", litres(100)))
    wrong = with_an_older_program(office)
    office.does(received("L3", litres(20), on=day(2)))
    before = office.dairy.verify()
    assert not before.sound
    assert before.tampered is not None
    assert before.tampered.fault == "unreadable"
    assert before.tampered.commit_id == wrong[0].id
    note(office, wrong[: len(WRONG)])
    verdict = office.dairy.verify()
    assert verdict.sound
    assert [one.command_type for one in verdict.unreadable] == ["lot.receive"] * 3
    assert {one.user_id for one in verdict.unreadable} == {wrong[0].user_id}
    with office.store.reading() as snapshot:
        assert {row.code for row in snapshot.rows(RawLotRow)} == {"L1", "L3"}
    office.does(evolve(received("L-HEURE", litres(30), on=day(1)), lot_id=lot_id("again")))
    assert office.dairy.verify().sound
