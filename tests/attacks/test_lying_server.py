"""The server is in other hands: what its keeper makes up, no device believes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import MemoryStore, codec
from manchengo.application.replication import device_log
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.application.replication.server_log import Offered
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import ChangeRoles, EnrolDevice
from manchengo.domain.access import Role, UserRolesChanged
from manchengo.domain.commit import NO_HASH, LogEntry
from manchengo.domain.device import DeviceEnrolled
from manchengo.domain.ids import DeviceId
from manchengo.domain.lot.events import LotRecalled
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.rows import UserRow
from manchengo_server import bundles
from manchengo_server.service import Service
from manchengo_sync import settings
from manchengo_sync.link import ForgedLog
from manchengo_sync.signing import public_key
from manchengo_sync.worker import Worker
from manchengo_workplace.exchange_failures import exchange_failure
from tests.attacks.lying import (
    Plant,
    Reader,
    a_plant,
    an_effect,
    is_believed_by_nobody,
    signed,
)
from tests.support.dairy import A_DAIRY, MONDAY, litres, lot_id, received, written_off
from tests.support.server import BOSS, DRIVER, signing_seed

pytestmark = pytest.mark.usefixtures("on_each_database")

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


def test_a_repeated_refusal_is_answered_again_and_audited_once() -> None:
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
        on_error=troubles.append,
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
    assert f"L’écriture {forged.global_seq} du journal du serveur" in sentence
    assert "user.roles_changed does not follow from lot.receive" in sentence
    assert "prévenez la personne qui s’occupe du serveur" in sentence


# ---------------------------------------------------------------- what no device signed


def with_payload(offered: Offered, *, quantity: int) -> Offered:
    """The lot that was received is said to be of so many litres."""
    (first, *rest) = offered.commit.events
    event = codec.events.decode(first.event_type, first.schema_version, first.payload)
    payload = codec.events.encode(evolve(event, quantity=litres(quantity)))
    events = (evolve(first, payload=payload), *rest)
    return evolve(offered, commit=evolve(offered.commit, events=events))


def two_of_the_office(plant: Plant) -> tuple[Offered, Offered]:
    plant.office_records(received("L2", litres(5)), received("L3", litres(5)))
    one, other = plant.office.offered()
    return one, other


def is_altered(plant: Plant) -> None:
    plant.slips_in(with_payload(plant.office_records(received("L2", litres(5))), quantity=500))


def is_altered_and_sealed_again(plant: Plant) -> None:
    offered = with_payload(plant.office_records(received("L2", litres(5))), quantity=500)
    plant.slips_in(evolve(offered, commit=codec.sealed(offered.commit)))


def is_signed_by_nobody(plant: Plant) -> None:
    plant.slips_in(evolve(plant.office_records(received("L2", litres(5))), signature=bytes(64)))


def is_signed_by_the_server_for_the_office(plant: Plant) -> None:
    offered = plant.office_records(received("L2", litres(5)))
    plant.slips_in(signed(plant.server.service.plant.device_key, offered.commit))


def is_of_another_user_behind_whom_the_office_signs(plant: Plant) -> None:
    one, other = two_of_the_office(plant)
    forged = codec.sealed(evolve(one.commit, user_id=DRIVER))
    plant.slips_in(Offered(commit=forged, signature=bytes(64)))
    plant.slips_in(signed(plant.office.key, evolve(other.commit, previous=forged.hash)))


def comes_after_one_that_is_hidden(plant: Plant) -> None:
    _, other = two_of_the_office(plant)
    plant.slips_in(other)


def is_a_right_that_the_server_gives(plant: Plant) -> None:
    roles = ChangeRoles(user_id=DRIVER, roles=frozenset({Role.ADMIN}))
    plant.slips_in(plant.server_says(roles, (DRIVER, ADMIN)))


def is_a_right_in_words_of_a_newer_server(plant: Plant) -> None:
    """It records an enrolment of its own in a command to come, and a right beside it."""
    roles = ChangeRoles(user_id=DRIVER, roles=frozenset({Role.ADMIN}))
    server_commit = plant.server_says(roles, (DRIVER, ADMIN)).commit
    newer = evolve(server_commit, command_type="server.something_new")
    plant.slips_in(signed(plant.server.service.plant.device_key, newer))


def is_a_right_beside_an_enrolment(plant: Plant) -> None:
    lets_a_device_in(plant, (DRIVER, ADMIN))


def is_a_recall_beside_an_enrolment(plant: Plant) -> None:
    recall = LotRecalled(source=lot_id("L1"), on=MONDAY, reason="listeria")
    lets_a_device_in(plant, (lot_id("L1"), recall))


def lets_a_device_in(plant: Plant, beside: tuple[UUID, Any]) -> None:
    """As a server does, with another event in the same commit."""
    device_id, key = DeviceId(UUID(int=78)), public_key(signing_seed(78).hex())
    enrolled = DeviceEnrolled(
        device_id=device_id, name="poste", mark="Z", public_key=key, user_id=BOSS
    )
    enrolment = EnrolDevice(
        device_id=device_id, name="poste", mark="Z", public_key=key, user_id=BOSS
    )
    plant.slips_in(plant.server_says(enrolment, (device_id, enrolled), beside))


def lets_itself_in(plant: Plant) -> None:
    thief = DeviceId(UUID(int=77))
    key = signing_seed(77).hex()
    enrolment = EnrolDevice(
        device_id=thief, name="thief", mark="Z", public_key=public_key(key), user_id=BOSS
    )
    enrolled = DeviceEnrolled(
        device_id=thief, name="thief", mark="Z", public_key=public_key(key), user_id=BOSS
    )
    server_commit = plant.server_says(enrolment, (thief, enrolled)).commit
    plant.slips_in(
        signed(key, evolve(server_commit, device_id=thief, sequence=1, previous=NO_HASH))
    )


FORGED: tuple[Callable[[Plant], None], ...] = (
    is_altered,
    is_altered_and_sealed_again,
    is_signed_by_nobody,
    is_signed_by_the_server_for_the_office,
    is_of_another_user_behind_whom_the_office_signs,
    comes_after_one_that_is_hidden,
    is_a_right_that_the_server_gives,
    is_a_right_in_words_of_a_newer_server,
    is_a_right_beside_an_enrolment,
    is_a_recall_beside_an_enrolment,
    lets_itself_in,
)


@pytest.mark.parametrize("forge", FORGED)
def test_what_no_device_signed_is_on_no_device(forge: Callable[[Plant], None]) -> None:
    """From an answer, a snapshot and a file; and where a program did not look, ``verify`` does."""
    is_believed_by_nobody(a_plant(*A_MORNING), forge)


def test_a_page_that_ends_before_the_signature_that_proves_it_is_read_to_its_end() -> None:
    """A device once signed badly, and the server took the run: nobody is stopped by it."""
    plant = a_plant(*A_MORNING)
    plant.reader.syncs()
    plant.office_records(*[received(f"M{number}", litres(1)) for number in range(6)])
    *unsigned, last = plant.office.offered()
    for each in unsigned:
        plant.slips_in(evolve(each, signature=bytes(64)))
    plant.slips_in(last)
    done = plant.reader.syncs(limit=2)
    assert done.broken_off is None
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound


def test_a_page_that_nothing_proves_is_not_asked_for_without_end() -> None:
    plant = a_plant(*A_MORNING)
    plant.reader.syncs()
    plant.office_records(*[received(f"M{number}", litres(1)) for number in range(6)])
    for each in plant.office.offered():
        plant.slips_in(evolve(each, signature=bytes(64)))
    asked = plant.reader.link.asked
    with pytest.raises(ForgedLog):
        plant.reader.syncs(limit=2)
    assert plant.reader.link.asked == asked + 2


def test_what_a_server_of_before_signed_is_believed() -> None:
    """It was put back from a backup, and writes under another id."""
    plant = a_plant(*A_MORNING)
    plant.server.service.begin_new_epoch()
    plant.server.let_in(plant.server.device(), "camion")
    plant.reader.syncs()
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound
