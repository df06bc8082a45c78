"""The server is in other hands: what its keeper makes up, no device believes."""

import pytest
from attrs import evolve

from manchengo.application.replication import device_log
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.access import Role, UserRolesChanged
from manchengo.domain.commit import LogEntry
from manchengo.memory import CountingIds, MemoryStore, SteppingClock
from manchengo.ports.rows import UserRow
from manchengo_server import bundles
from manchengo_server.service import Service
from manchengo_sync import settings
from manchengo_sync.link import ForgedLog
from manchengo_sync.worker import Worker
from manchengo_workplace.exchange_failures import exchange_failure
from tests.attacks.lying import Plant, Reader, a_plant, an_effect
from tests.support.dairy import A_DAIRY, litres, received, written_off
from tests.support.server import BOSS, DRIVER

A_MORNING = (*A_DAIRY, received("L1", litres(100)))
ADMIN = UserRolesChanged(roles=(Role.ADMIN,))


def forged_effect(plant: Plant) -> LogEntry:
    """The office records a lot; the server adds that the driver is an administrator."""
    offered = plant.office_records(received("L2", litres(5)))
    commit = offered.commit
    added = an_effect(commit, len(commit.events), ADMIN, DRIVER)
    return plant.slips_in(offered, effective=(*commit.events, added))


def roles_at(reader: Reader) -> str:
    with reader.store.reading() as snapshot:
        row = snapshot.get(UserRow, DRIVER)
    return row.roles if row else ""


def test_a_right_that_nobody_gave_is_on_no_device() -> None:
    plant = a_plant(*A_MORNING)
    honest = len(plant.log())
    forged = forged_effect(plant)
    done = plant.reader.syncs()
    assert isinstance(done.broken_off, ForgedLog)
    assert (done.broken_off.entry, done.broken_off.commit_id) == (
        forged.global_seq,
        forged.commit.id,
    )
    assert plant.reader.place == honest
    assert roles_at(plant.reader) == "livreur"


def test_whoever_asks_again_is_told_again_and_the_audit_says_it_once() -> None:
    plant = a_plant(*A_MORNING)
    forged_effect(plant)
    plant.reader.syncs()
    for _ in range(2):
        with pytest.raises(ForgedLog):
            plant.reader.syncs()
    assert plant.reader.audited().count("ForgedEntry") == 1


def test_what_was_recorded_here_waits_and_is_not_lost() -> None:
    plant = a_plant(*A_MORNING)
    plant.reader.syncs()
    forged_effect(plant)
    device = evolve(plant.office, store=plant.reader.store, state_cache=StateCache())
    device.does(written_off("L1", litres(1)))
    with pytest.raises(ForgedLog):
        plant.reader.syncs()
    with plant.reader.store.reading() as snapshot:
        assert snapshot.count_pending() == 1


def test_a_snapshot_is_believed_no_more_than_an_answer() -> None:
    plant = a_plant(*A_MORNING)
    honest = len(plant.log())
    forged_effect(plant)
    started = plant.reader.starts()
    assert not started.whole
    assert "ForgedLog" in started.why
    assert plant.reader.place == honest
    assert roles_at(plant.reader) == "livreur"


def test_nor_is_an_answer_that_comes_in_a_file() -> None:
    plant = a_plant(*A_MORNING)
    honest = len(plant.log())
    forged_effect(plant)
    answer = bundles.answer(plant.server.service, plant.reader.asks_by_file()).sealed
    with pytest.raises(ForgedLog):
        plant.reader.reads_file(answer)
    assert plant.reader.place == honest


def test_a_watching_device_does_not_ask_again_at_once() -> None:
    plant = a_plant(*A_MORNING)
    plant.reader.syncs()
    forged_effect(plant)
    troubles: list[Exception] = []
    worker = Worker(
        store=plant.reader.store,
        link=plant.reader.link,
        clock=plant.reader.clock,
        ids=plant.reader.ids,
        user_id=BOSS,
        timer=lambda: 0.0,
        chance=lambda: 1.0,
        troubled=troubles.append,
    )
    asked = plant.reader.link.asked
    for _ in range(5):
        worker.look()
    assert [type(trouble) for trouble in troubles] == [ForgedLog]
    assert plant.reader.link.asked == asked + 1


def test_no_server_is_begun_again_from_it() -> None:
    """A program that did not look took it in."""
    plant = a_plant(*A_MORNING)
    plant.reader.syncs()
    forged = forged_effect(plant)
    with plant.reader.store.writing() as transaction:
        device_log.apply(transaction, forged, StateCache())
        transaction.set_setting(settings.PLANT_ID, str(plant.server.service.plant.id))
    with plant.reader.store.reading() as device, pytest.raises(ForgedEntry):
        Service.rebuilt(MemoryStore(), device, clock=SteppingClock(), ids=CountingIds(1))


def test_a_person_is_told_what_happened_why_and_what_to_do() -> None:
    plant = a_plant(*A_MORNING)
    forged = forged_effect(plant)
    error = plant.reader.syncs().broken_off
    assert error is not None
    sentence = exchange_failure(error, "https://m.test").sentence
    assert f"L'écriture {forged.global_seq} du journal du serveur" in sentence
    assert "user.roles_changed does not follow from lot.receive" in sentence
    assert "prévenez la personne qui s'occupe du serveur" in sentence
