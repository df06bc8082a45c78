"""One changed byte is found, and the commit that holds it is named."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given as whatever
from hypothesis import strategies as st

from manchengo import Commit, Manchengo, MemoryStore, Role, codec
from manchengo.application.integrity import Verification, verify
from manchengo.application.tampered import tampered
from manchengo.domain.ids import CommitId, DeviceId, EventId, ImportId, UserId
from tests.support.dairy import A_DAIRY, an_id, litres, received, written_off
from tests.support.given import given, one_by_one, open_dairy, somebody
from tests.support.story import A_FORTNIGHT

ANOTHER = an_id("another")


def two_devices() -> Manchengo:
    """The fortnight, recorded in turn by the office and by the workshop."""
    store = MemoryStore()
    office = open_dairy(store)
    workshop = open_dairy(store, actor=somebody(Role.ADMIN, device=2))
    for number, command in enumerate(one_by_one(A_FORTNIGHT)):
        (workshop if number % 3 == 2 else office).execute(command)
    return office


@pytest.fixture(scope="module")
def recorded() -> MemoryStore:
    """For tests that doctor a copy of it."""
    store = two_devices().store
    assert isinstance(store, MemoryStore)
    return store


def doctored(recorded: MemoryStore, commits: list[Commit]) -> Verification:
    """What a verification says of the same books with these commits in the place of theirs."""
    return verify(
        MemoryStore(
            commits={commit.id: commit for commit in commits},
            streams=recorded._streams,
            tips=recorded._tips,
            tables=recorded._tables,
            pending=recorded._pending,
        )
    )


def log(store: MemoryStore) -> list[Commit]:
    return list(store.commits())


def test_a_log_that_nobody_touched_is_sound(recorded: MemoryStore) -> None:
    verdict = verify(recorded)
    assert verdict.tampered is None
    assert verdict.sound
    assert verdict.commits == len(log(recorded))
    assert verdict.events == sum(len(commit.events) for commit in log(recorded))


def test_an_empty_log_is_sound() -> None:
    assert open_dairy().verify().sound


def test_each_device_has_a_chain_of_its_own(recorded: MemoryStore) -> None:
    for device in (1, 2):
        chain = [commit for commit in log(recorded) if commit.device_id.int == device]
        assert [commit.sequence for commit in chain] == list(range(1, len(chain) + 1))
        links = [bytes(32), *(commit.hash for commit in chain)]
        assert [commit.previous for commit in chain] == links[:-1]


# ------------------------------------------------------------------------------------- one change

CHANGES: dict[str, Any] = {
    "id": lambda _: CommitId(ANOTHER),
    "device_id": lambda _: DeviceId(ANOTHER),
    "user_id": lambda _: UserId(ANOTHER),
    "sequence": lambda commit: commit.sequence + 1,
    "occurred_at": lambda commit: commit.occurred_at + timedelta(microseconds=1),
    "hlc": lambda commit: commit.hlc[:-1] + "~",
    "on": lambda commit: commit.on + timedelta(days=1),
    "command_type": lambda commit: commit.command_type + "s",
    "command_version": lambda commit: commit.command_version + 1,
    "command": lambda commit: commit.command + b" ",
    "import_id": lambda _: ImportId(ANOTHER),
    "events": lambda commit: commit.events[:-1],
    "previous": lambda commit: commit.previous[:-1] + bytes([commit.previous[-1] ^ 1]),
    "hash": lambda commit: bytes([commit.hash[0] ^ 128]) + commit.hash[1:],
}


@pytest.mark.parametrize("place", [0, 1, 30, -2, -1])
@pytest.mark.parametrize("field", CHANGES)
def test_whatever_is_changed_in_a_commit_names_that_commit(
    recorded: MemoryStore, field: str, place: int
) -> None:
    commits = log(recorded)
    commits[place] = evolve(commits[place], **{field: CHANGES[field](commits[place])})
    verdict = doctored(recorded, commits)
    assert verdict.tampered == tampered(commits[place], "content")
    assert not verdict.sound


EVENT_CHANGES: dict[str, Any] = {
    "id": EventId(ANOTHER),
    "aggregate_type": "cheese",
    "aggregate_id": UUID(int=1),
    "event_type": "lot.smoked",
    "schema_version": 2,
    "version": 99,
    "payload": b"{}",
}


@pytest.mark.parametrize("field", EVENT_CHANGES)
def test_whatever_is_changed_in_an_event_names_its_commit(
    recorded: MemoryStore, field: str
) -> None:
    commits = log(recorded)
    place = max(range(len(commits)), key=lambda number: len(commits[number].events))
    *others, last = commits[place].events
    commits[place] = evolve(
        commits[place], events=(*others, evolve(last, **{field: EVENT_CHANGES[field]}))
    )
    assert doctored(recorded, commits).tampered == tampered(commits[place], "content")


@whatever(data=st.data())
def test_any_bit_of_any_payload_counts(recorded: MemoryStore, data: st.DataObject) -> None:
    commits = log(recorded)
    place = data.draw(st.integers(min_value=0, max_value=len(commits) - 1))
    event = data.draw(st.sampled_from(commits[place].events))
    position = data.draw(st.integers(min_value=0, max_value=len(event.payload) - 1))
    payload = bytearray(event.payload)
    payload[position] ^= 1 << data.draw(st.integers(min_value=0, max_value=7))
    changed = tuple(
        evolve(one, payload=bytes(payload)) if one is event else one
        for one in commits[place].events
    )
    commits[place] = evolve(commits[place], events=changed)
    assert doctored(recorded, commits).tampered == tampered(commits[place], "content")


def test_a_change_sealed_anew_breaks_the_link_of_the_next(recorded: MemoryStore) -> None:
    commits = log(recorded)
    forged = commits[0] = codec.sealed(evolve(commits[0], on=date(2020, 1, 1)))
    follower = next(one for one in commits[1:] if one.device_id == forged.device_id)
    assert doctored(recorded, commits).tampered == tampered(follower, "link")


def test_a_last_commit_sealed_anew_does_not_match_the_devices_table(recorded: MemoryStore) -> None:
    commits = log(recorded)
    commits[-1] = codec.sealed(evolve(commits[-1], on=date(2020, 1, 1)))
    tampered = doctored(recorded, commits).tampered
    assert tampered is not None
    assert tampered.device_id == commits[-1].device_id


# -------------------------------------------------------------------------- missing, moved, added


@pytest.mark.parametrize("place", [0, 10, 40])
def test_a_commit_that_was_taken_out_leaves_a_gap_before_the_next(
    recorded: MemoryStore, place: int
) -> None:
    commits = log(recorded)
    gone = commits.pop(place)
    follower = next(one for one in commits[place:] if one.device_id == gone.device_id)
    assert doctored(recorded, commits).tampered == tampered(follower, "gap")


@pytest.mark.parametrize("count", [1, 2, 5])
def test_commits_cut_off_at_the_end_are_missed(recorded: MemoryStore, count: int) -> None:
    commits = log(recorded)
    kept = commits[:-count]
    tampered = doctored(recorded, kept).tampered
    assert tampered is not None
    assert (tampered.commit_id, tampered.fault) == (None, "tip")
    left = [one for one in kept if one.device_id == tampered.device_id]
    assert tampered.sequence == len(left) + 1


def test_all_of_a_device_cut_off_is_missed(recorded: MemoryStore) -> None:
    office = [commit for commit in log(recorded) if commit.device_id.int == 1]
    tampered = doctored(recorded, office).tampered
    assert tampered is not None
    assert (tampered.device_id.int if tampered.device_id else 0, tampered.sequence) == (2, 1)


def test_two_commits_of_a_device_that_changed_places_are_noticed(recorded: MemoryStore) -> None:
    commits = log(recorded)
    first, second = [place for place, one in enumerate(commits) if one.device_id.int == 1][4:6]
    commits[first], commits[second] = commits[second], commits[first]
    assert doctored(recorded, commits).tampered == tampered(commits[first], "gap")


def test_the_turns_that_devices_took_are_nobodys_secret(recorded: MemoryStore) -> None:
    """Another order between devices is no forgery: only each chain is sealed."""
    office = [commit for commit in log(recorded) if commit.device_id.int == 1]
    workshop = [commit for commit in log(recorded) if commit.device_id.int == 2]
    assert doctored(recorded, [*workshop, *office]).tampered is None


def test_a_well_made_commit_put_behind_the_last_is_noticed(recorded: MemoryStore) -> None:
    commits = log(recorded)
    last = commits[-1]
    forged = codec.sealed(
        evolve(
            last, id=CommitId(ANOTHER), sequence=last.sequence + 1, previous=last.hash, events=()
        )
    )
    tampered = doctored(recorded, [*commits, forged]).tampered
    assert tampered is not None
    assert (tampered.commit_id, tampered.device_id) == (forged.id, forged.device_id)


def test_of_two_faults_the_first_in_the_log_is_tampered(recorded: MemoryStore) -> None:
    commits = log(recorded)
    for place in (50, 20):
        commits[place] = evolve(commits[place], command=b"{}")
    assert doctored(recorded, commits).tampered == tampered(commits[20], "content")


# ----------------------------------------------------------------------- what is not in the chain


def test_a_log_that_cannot_be_believed_is_not_folded() -> None:
    """In a file, the events that views are made of are the very bytes that the hash covers."""
    dairy = given(A_DAIRY, received("L1", litres(10))).dairy
    store = dairy.store
    assert isinstance(store, MemoryStore)
    commit = log(store)[-1]
    garbled = evolve(commit.events[0], payload=b"not even JSON")
    store._commits[commit.id] = evolve(commit, events=(garbled,))
    entries = store._streams[garbled.aggregate_id]
    entries[0] = evolve(entries[0], event=garbled)
    assert dairy.verify().tampered == tampered(store._commits[commit.id], "content")


def test_a_fold_that_differs_from_the_views_is_not_sound() -> None:
    dairy = given(A_DAIRY, received("L1", litres(10)), written_off("L1", litres(1))).dairy
    store = dairy.store
    assert isinstance(store, MemoryStore)
    (lot,) = [entries for entries in store._streams.values() if len(entries) == 2]
    lot.pop()
    assert not dairy.verify().sound


def test_a_history_well_sealed_that_cannot_have_happened_is_named_too() -> None:
    """Somebody with the program's own seal wrote that a recipe nobody defined was archived."""
    dairy = given(A_DAIRY).dairy
    with dairy.store.writing() as transaction:
        last = list(transaction.commits())[-1]
        archived = evolve(
            last.events[0],
            id=EventId(ANOTHER),
            aggregate_id=ANOTHER,
            event_type="recipe.archived",
            payload=b"{}",
        )
        forged = codec.sealed(
            evolve(
                last,
                id=CommitId(ANOTHER),
                sequence=last.sequence + 1,
                previous=last.hash,
                events=(archived,),
            )
        )
        transaction.append(forged)
    assert dairy.verify().tampered == tampered(forged, "history")
