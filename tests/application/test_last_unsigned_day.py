"""What is not signed counts to a last day, by the stamps of the log and by nobody's clock."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from attrs import evolve

from manchengo import Commit, MemoryStore, Role, codec
from manchengo.application import last_unsigned_day
from manchengo.application.judged_otherwise import judged_otherwise
from manchengo.application.replication.author_check import must_be_its_authors
from manchengo.application.replication.effect_ids import derived_id
from manchengo.application.replication.effects_check import ForgedEntry, must_follow
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import ChangeRoles, RequireSigning
from manchengo.domain.access import LastAdministrator
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.person_keys import KeyNotAdmitted, NotSigned
from manchengo.domain.plant import SigningRequired
from manchengo.domain.resolution import item_id_of
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.store import Store
from tests.support.dairy import litres, received
from tests.support.given import events_of
from tests.support.people import (
    AMINA,
    IN_THE_VAN,
    KARIM,
    forced,
    plant_of_two,
    recorded,
)
from tests.support.plant import Device, Plant
from tests.support.signers import admitting_own
from tests.support.stores import STORES

LAST_DAY = START_OF_MEMORY.date() + timedelta(days=90)


@pytest.fixture(params=STORES)
def plant(request: pytest.FixtureRequest) -> Iterator[Plant]:
    """Karim takes deliveries in with the phone, and has no key; all must sign."""
    with ExitStack() as open_stores:

        def open_store() -> Store:
            return open_stores.enter_context(STORES[request.param]())

        plant = plant_of_two(Plant(store=open_store(), open_store=open_store))
        plant.devices[0].does(
            ChangeRoles(user_id=KARIM, roles=frozenset({Role.SUPPLY})),
            RequireSigning(unsigned_until=LAST_DAY),
        )
        plant.settle()
        yield plant


def log_reaches(plant: Plant, day: date) -> None:
    """Somebody who signs records something on that day, and everybody hears of it."""
    office, passed = plant.devices[0], timedelta(days=(day - START_OF_MEMORY.date()).days)
    office.clock.at = START_OF_MEMORY + passed
    plant.now = START_OF_MEMORY + passed + timedelta(minutes=1)
    office.does(received(f"L-{day}", litres(1)))
    plant.settle()


def takes_in(phone: Device, code: str = "L-KARIM") -> Commit:
    return recorded(phone, KARIM, None, received(code, litres(1)), role=Role.SUPPLY)[0]


def last(plant: Plant) -> LogEntry:
    return plant.after(0, 1_000)[-1]


@pytest.mark.parametrize("before", [1, 0], ids=["the day before", "on the day itself"])
def test_to_its_last_day_what_is_not_signed_counts(plant: Plant, before: int) -> None:
    log_reaches(plant, LAST_DAY - timedelta(days=before))
    commit = takes_in(plant.devices[1])
    plant.settle()
    assert (last(plant).commit, last(plant).verdict) == (commit, Verdict.ACCEPTED)
    assert len(plant.digests()) == 1


def test_the_day_after_it_is_refused_where_it_is_recorded(plant: Plant) -> None:
    log_reaches(plant, LAST_DAY + timedelta(days=1))
    with pytest.raises(NotSigned):
        takes_in(plant.devices[1])


def test_what_waited_too_long_becomes_an_item_and_is_not_lost(plant: Plant) -> None:
    commit = takes_in(plant.devices[1])
    office = plant.devices[0]
    office.clock.at = plant.now = START_OF_MEMORY + timedelta(days=91)
    office.does(received("L-OFFICE", litres(1)))
    office.push()
    plant.settle()
    entry = last(plant)
    assert (entry.commit, entry.verdict, entry.reason) == (commit, Verdict.REJECTED, "NotSigned")
    assert len(plant.digests()) == 1
    with office.store.reading() as snapshot:
        item = snapshot.get(ResolutionItemRow, item_id_of(commit.id))
    assert item is not None
    assert item.status == "open"


def test_a_clock_that_is_set_back_gains_no_day(plant: Plant) -> None:
    """Nor does one that is years ahead take one away: only the log counts."""
    phone = plant.devices[1]
    phone.clock.at = START_OF_MEMORY + timedelta(days=3_650)
    takes_in(phone, "L-2036")
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED
    takes_in(phone, "L-2036-2")
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED
    log_reaches(plant, LAST_DAY + timedelta(days=1))
    phone.clock.at = START_OF_MEMORY
    entry = forced(plant, phone, KARIM, None, received("L-BACK", litres(1)))
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, "NotSigned")


def test_nobody_begins_to_sign_without_a_code_after_it(plant: Plant) -> None:
    """Whoever finds the phone of somebody who never signed would be that person."""
    log_reaches(plant, LAST_DAY + timedelta(days=1))
    phone = plant.devices[1]
    with pytest.raises(KeyNotAdmitted):
        recorded(phone, KARIM, IN_THE_VAN, admitting_own(KARIM, phone.id, IN_THE_VAN))


def test_a_server_that_goes_on_believing_it_is_believed_by_no_device(plant: Plant) -> None:
    log_reaches(plant, LAST_DAY + timedelta(days=1))
    office, phone = plant.devices
    entry = forced(plant, phone, KARIM, None, received("L-LATE", litres(1)))
    taken = evolve(entry, verdict=Verdict.ACCEPTED, reason="", effective=None)
    with office.store.reading() as snapshot, pytest.raises(ForgedEntry, match="NotSigned"):
        must_be_its_authors(snapshot, taken, StateCache())


def test_no_server_gives_another_last_day_than_was_signed(plant: Plant) -> None:
    office = plant.devices[0]
    asked_for = RequireSigning(unsigned_until=LAST_DAY - timedelta(days=1))
    office.does(asked_for)
    office.push()
    entry = last(plant)
    payload = codec.events.encode(SigningRequired(unsigned_until=LAST_DAY - timedelta(days=80)))
    (event,) = entry.commit.events
    another_id = derived_id(entry.commit, 0, event.event_type, payload)
    twisted = evolve(entry, effective=(evolve(event, id=another_id, payload=payload),))
    with office.store.reading() as snapshot:
        must_follow(snapshot, entry, earlier=None)
        with pytest.raises(ForgedEntry, match="does not follow"):
            must_follow(snapshot, twisted, earlier=None)


def test_judged_again_every_verdict_is_the_same(plant: Plant) -> None:
    office, phone = plant.devices
    takes_in(phone, "L-1")
    plant.settle()
    takes_in(phone, "L-2")
    office.clock.at = plant.now = START_OF_MEMORY + timedelta(days=91)
    office.does(received("L-OFFICE", litres(1)))
    office.push()
    plant.settle()
    assert last(plant).verdict is Verdict.REJECTED
    with office.store.reading() as snapshot:
        assert list(judged_otherwise(snapshot, scratch=MemoryStore())) == []


@pytest.mark.parametrize("version", [1, 2])
def test_a_log_of_before_has_no_last_day(version: int) -> None:
    plant = plant_of_two()
    office, phone = plant.devices
    office.does(ChangeRoles(user_id=KARIM, roles=frozenset({Role.SUPPLY})))
    (commit,) = office.does(RequireSigning())
    assert codec.commands.decode(commit.command_type, version, b"{}") == RequireSigning()
    (event,) = commit.events
    assert codec.events.decode(event.event_type, 1, b"{}") == SigningRequired(unsigned_until=None)
    plant.settle()
    log_reaches(plant, LAST_DAY + timedelta(days=1_000))
    takes_in(phone)
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("again", "day"),
    [
        (None, LAST_DAY),
        (LAST_DAY, LAST_DAY),
        (LAST_DAY + timedelta(days=1), LAST_DAY),
        (LAST_DAY - timedelta(days=1), LAST_DAY - timedelta(days=1)),
    ],
)
def test_the_day_only_ever_comes_forward(plant: Plant, again: date | None, day: date) -> None:
    office = plant.devices[0]
    (commit,) = office.does(RequireSigning(unsigned_until=again))
    assert events_of(commit) == (
        [SigningRequired(unsigned_until=again)] if again and again < LAST_DAY else []
    )
    plant.settle()
    for store in (plant.store, *[each.store for each in plant.devices]):
        with store.reading() as snapshot:
            assert last_unsigned_day.of(snapshot) == day


def test_of_two_days_that_were_given_apart_the_earlier_counts() -> None:
    earlier = LAST_DAY - timedelta(days=30)
    for first, second in ((LAST_DAY, earlier), (earlier, LAST_DAY)):
        plant = plant_of_two()
        office, phone = plant.devices
        office.does(RequireSigning(unsigned_until=first))
        recorded(phone, AMINA, None, RequireSigning(unsigned_until=second))
        phone.push()
        plant.settle()
        assert len(plant.digests()) == 1
        with office.store.reading() as snapshot:
            assert last_unsigned_day.of(snapshot) == earlier


def test_where_no_administrator_signs_there_is_no_last_day() -> None:
    """Nobody could do anything any more behind it."""
    plant = Plant()
    office = plant.device()
    office.signer = None
    with pytest.raises(LastAdministrator):
        office.does(RequireSigning(unsigned_until=LAST_DAY))
