"""What a store promises about the plant's one log and about predictions; memory too."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.domain.commit import NO_HASH, START, Commit, LogEntry, Recorded, Tip, Verdict
from manchengo.domain.ids import CommitId, DeviceId, ImportId
from manchengo.ports.store import Pending, Snapshot, Store, Transaction
from tests.contracts.test_store import a_commit, an_event, store  # noqa: F401 - the fixture

SIGNED = b"signed" * 8


def sealed(number: int, **how: Any) -> Commit:
    return codec.sealed(a_commit(number, **how))


def entry_of(
    snapshot: Snapshot,
    commit: Commit,
    *effective: Recorded,
    verdict: Verdict = Verdict.ACCEPTED,
    reason: str = "",
) -> LogEntry:
    """The next entry: as recorded where it is accepted, else with these effects."""
    return codec.sealed_entry(
        LogEntry(
            global_seq=snapshot.cursor() + 1,
            commit=commit,
            verdict=verdict,
            reason=reason,
            effective=None if verdict is Verdict.ACCEPTED and not effective else effective,
            hlc_eff=commit.hlc,
            signature=SIGNED,
            hash=NO_HASH,
        ),
        snapshot.log_hash(),
    )


def enter(transaction: Transaction, commit: Commit, *effective: Recorded, **how: Any) -> LogEntry:
    entry = entry_of(transaction, commit, *effective, **how)
    transaction.enter(entry)
    return entry


def waiting(snapshot: Snapshot) -> list[CommitId]:
    return [each.commit.id for each in snapshot.pending()]


def happened(snapshot: Snapshot, commit: Commit) -> list[tuple[int, Recorded]]:
    """What stands in the streams of a commit's aggregates."""
    aggregates = dict.fromkeys(event.aggregate_id for event in commit.events)
    return [(entry.position, entry.event) for each in aggregates for entry in snapshot.stream(each)]


def test_an_empty_store_holds_no_log(store: Store) -> None:  # noqa: F811
    with store.reading() as snapshot:
        assert (snapshot.cursor(), snapshot.log_hash()) == (0, NO_HASH)
        assert list(snapshot.entries()) == []
        assert list(snapshot.pending()) == []
        assert snapshot.count_pending() == 0
        assert snapshot.entry(CommitId(a_commit(1).id)) is None


def test_what_is_appended_waits_for_the_log(store: Store) -> None:  # noqa: F811
    one, two = sealed(1, events=2), sealed(2)
    with store.writing() as transaction:
        transaction.append(one)
        transaction.append(two)
    with store.reading() as snapshot:
        assert list(snapshot.pending()) == [
            Pending(commit=each, effective=None, seal=None, signature=b"") for each in (one, two)
        ]
        assert waiting(snapshot) == [one.id, two.id]
        assert list(snapshot.pending(limit=1)) == list(snapshot.pending())[:1]
        assert list(snapshot.pending(after=one.id)) == list(snapshot.pending())[1:]
        assert list(snapshot.pending(after=two.id)) == []
        assert snapshot.count_pending() == 2
        assert snapshot.tip_in_log(one.device_id) == START


def test_an_entry_comes_back_to_the_byte(store: Store) -> None:  # noqa: F811
    commit = sealed(1, events=2)
    with store.writing() as transaction:
        entry = enter(transaction, commit)
        assert transaction.cursor() == 1
    with store.reading() as snapshot:
        assert list(snapshot.entries()) == [entry]
        assert snapshot.entry(commit.id) == entry
        assert snapshot.log_hash() == entry.hash
        assert snapshot.commit(commit.id) == commit
        assert happened(snapshot, commit) == [(1, commit.events[0]), (2, commit.events[1])]
        assert snapshot.tip(commit.device_id) == snapshot.tip_in_log(commit.device_id)
        assert waiting(snapshot) == []


def test_the_last_entry_of_a_device_is_that_of_its_last_commit_in_the_log(
    store: Store,  # noqa: F811
) -> None:
    one, two, three = sealed(1), sealed(2), sealed(3)
    of_another = evolve(sealed(4), device_id=DeviceId(UUID(int=77)))
    with store.writing() as transaction:
        assert transaction.last_entry_by(one.device_id) is None
        enter(transaction, one)
        entry = enter(transaction, two, verdict=Verdict.PARKED)
        assert transaction.last_entry_by(one.device_id) == entry
        enter(transaction, of_another)
        transaction.append(three)
    with store.reading() as snapshot:
        assert snapshot.last_entry_by(one.device_id) == entry
        assert snapshot.last_entry_by(DeviceId(UUID(int=78))) is None


def test_the_last_commits_of_a_device_are_given_newest_first(store: Store) -> None:  # noqa: F811
    one, two, three, four = (sealed(number) for number in range(1, 5))
    of_another = evolve(sealed(5), device_id=DeviceId(UUID(int=77)))
    with store.writing() as transaction:
        enter(transaction, one)
        enter(transaction, of_another)
        enter(transaction, two)
        transaction.append(three)
        transaction.append(four)
        assert transaction.last_commits(one.device_id, limit=9) == [four, three, two, one]
    with store.reading() as snapshot:
        assert snapshot.last_commits(one.device_id, limit=1) == [four]
        assert snapshot.last_commits(one.device_id, limit=3) == [four, three, two]
        assert snapshot.last_commits(one.device_id, before=4, limit=2) == [three, two]
        assert snapshot.last_commits(one.device_id, before=2, limit=2) == [one]
        assert snapshot.last_commits(one.device_id, before=1, limit=2) == []
        assert snapshot.last_commits(of_another.device_id, limit=2) == [of_another]
        assert snapshot.last_commits(DeviceId(UUID(int=78)), limit=2) == []


def test_the_last_commits_of_an_import_are_given_from_its_end(store: Store) -> None:  # noqa: F811
    file, another = ImportId(UUID(int=81)), ImportId(UUID(int=82))
    one, two, three, four = (evolve(sealed(number), import_id=file) for number in range(1, 5))
    elsewhere = evolve(sealed(5), device_id=DeviceId(UUID(int=77)), import_id=another)
    with store.writing() as transaction:
        for commit in (one, sealed(6), two, elsewhere, three):
            transaction.append(commit)
    with store.writing() as transaction:
        transaction.append(four)
        assert transaction.last_commits_of_import(file, limit=9) == [four, three, two, one]
    with store.reading() as snapshot:
        assert snapshot.last_commits_of_import(file, limit=2) == [four, three]
        assert snapshot.last_commits_of_import(file, before=three.id, limit=1) == [two]
        assert snapshot.last_commits_of_import(file, before=three.id, limit=9) == [two, one]
        assert snapshot.last_commits_of_import(file, before=one.id, limit=9) == []
        assert snapshot.last_commits_of_import(another, limit=9) == [elsewhere]
        assert snapshot.last_commits_of_import(ImportId(UUID(int=83)), limit=9) == []


def test_the_ids_of_commits_are_given_from_one_to_another(store: Store) -> None:  # noqa: F811
    with store.writing() as transaction:
        for number in (3, 1, 2):
            transaction.append(sealed(number))
        assert transaction.commit_ids(UUID(int=3), UUID(int=9), limit=9) == [UUID(int=3)]
    with store.reading() as snapshot:
        every = [UUID(int=number) for number in (1, 2, 3)]
        assert snapshot.commit_ids(UUID(int=0), UUID(int=2**128 - 1), limit=9) == every
        assert snapshot.commit_ids(UUID(int=1), UUID(int=2), limit=9) == every[:2]
        assert snapshot.commit_ids(UUID(int=0), UUID(int=9), limit=1) == every[:1]
        assert snapshot.commit_ids(UUID(int=4), UUID(int=9), limit=9) == []


def test_a_refused_commit_is_kept_whole_and_does_nothing(store: Store) -> None:  # noqa: F811
    commit, instead = sealed(1, events=2), an_event(77, 5_000, 1)
    with store.writing() as transaction:
        entry = enter(transaction, commit, instead, verdict=Verdict.REJECTED, reason="TooMuch")
    with store.reading() as snapshot:
        assert snapshot.entry(commit.id) == entry
        assert snapshot.commit(commit.id) == commit
        assert list(snapshot.commits()) == [commit]
        assert happened(snapshot, commit) == []
        assert [each.event for each in snapshot.stream(instead.aggregate_id)] == [instead]


def test_more_may_happen_than_was_recorded(store: Store) -> None:  # noqa: F811
    commit, beside = sealed(1), an_event(77, 5_000, 1)
    with store.writing() as transaction:
        entry = enter(transaction, commit, *commit.events, beside)
    with store.reading() as snapshot:
        assert snapshot.entry(commit.id) == entry
        assert happened(snapshot, commit) == [(1, commit.events[0])]
        assert [each.event for each in snapshot.stream(beside.aggregate_id)] == [beside]


def test_entries_are_read_in_order_from_anywhere(store: Store) -> None:  # noqa: F811
    with store.writing() as transaction:
        entries = [enter(transaction, sealed(number)) for number in (1, 2, 3)]
    with store.reading() as snapshot:
        assert list(snapshot.entries(after=1)) == entries[1:]
        assert list(snapshot.entries(after=1, limit=1)) == entries[1:2]
        assert list(snapshot.entries(after=3)) == []


def test_what_came_out_as_predicted_is_confirmed_where_it_stands(store: Store) -> None:  # noqa: F811
    one, two = sealed(1), sealed(2)
    with store.writing() as transaction:
        transaction.append(one)
        transaction.append(two)
        before = transaction.rewinds()
        entry = entry_of(transaction, one)
        transaction.confirm(entry)
    with store.reading() as snapshot:
        assert snapshot.entry(one.id) == entry
        assert waiting(snapshot) == [two.id]
        assert happened(snapshot, one) == [(1, one.events[0])]
        assert snapshot.rewinds() == before
        tip = snapshot.tip_in_log(one.device_id)
        assert (tip.sequence, tip.hash) == (one.sequence, one.hash)


def test_the_queue_is_followed_while_the_log_confirms_it(store: Store) -> None:  # noqa: F811
    commits = [sealed(number) for number in range(1, 201)]
    with store.writing() as transaction:
        for commit in commits:
            transaction.append(commit)
    with store.writing() as transaction:
        followed = []
        for pending in transaction.pending():
            followed.append(pending.commit)
            transaction.confirm(entry_of(transaction, pending.commit))
        assert followed == commits
        assert waiting(transaction) == []
    with store.reading() as snapshot:
        assert [entry.commit for entry in snapshot.entries()] == commits


def test_looking_ahead_changes_nothing_of_what_is_found(store: Store) -> None:  # noqa: F811
    one, two, three = sealed(1, events=2), sealed(2), sealed(3)
    with store.writing() as transaction:
        transaction.append(one)
    with store.writing() as transaction:
        transaction.append(two)
        ahead = [each.events[0].aggregate_id for each in (one, two, three)]
        transaction.look_ahead([*ahead, *(UUID(int=number) for number in range(9_000, 10_000))])
        assert happened(transaction, one) == [(1, one.events[0]), (2, one.events[1])]
        assert transaction.stream(ahead[0], after=1)[0].event == one.events[1]
        assert transaction.stream(ahead[0], after=2) == []
        assert happened(transaction, two) == [(1, two.events[0])]
        assert happened(transaction, three) == []
        transaction.append(three)
        assert happened(transaction, three) == [(1, three.events[0])]
        transaction.roll_back(one.id)
        assert happened(transaction, one) == []
        transaction.look_ahead(ahead)
        transaction.predict(one.id, None)
        assert happened(transaction, one) == [(1, one.events[0]), (2, one.events[1])]


def test_what_is_taken_back_waits_and_does_nothing(store: Store) -> None:  # noqa: F811
    commit = sealed(1, events=2)
    with store.writing() as transaction:
        transaction.append(commit)
        before = transaction.rewinds()
        transaction.roll_back(commit.id)
        assert transaction.rewinds() > before
    with store.reading() as snapshot:
        assert happened(snapshot, commit) == []
        assert snapshot.commit(commit.id) == commit
        (pending,) = snapshot.pending()
        assert pending.effective == ()
        assert pending.seal == codec.effects_hash(commit.hash, ())


@pytest.mark.parametrize("otherwise", [False, True])
def test_a_commit_taken_back_is_predicted_behind_what_came(
    store: Store,  # noqa: F811
    otherwise: bool,
) -> None:
    ours, theirs = sealed(1), sealed(2, device=2, sequence=1)
    theirs = codec.sealed(evolve(theirs, events=(an_event(9, 1_001, 1),)))
    instead = an_event(10, 1_001, 2)
    with store.writing() as transaction:
        transaction.append(ours)
        transaction.roll_back(ours.id)
        enter(transaction, theirs)
        transaction.predict(ours.id, (instead,) if otherwise else None)
    with store.reading() as snapshot:
        guessed = instead if otherwise else ours.events[0]
        assert happened(snapshot, ours) == [(1, theirs.events[0]), (2, guessed)]
        assert snapshot.commit(ours.id) == ours
        (pending,) = snapshot.pending()
        assert pending.effects == (guessed,)
        assert (pending.effective is None) is not otherwise
        seal = codec.effects_hash(ours.hash, (instead,)) if otherwise else None
        assert pending.seal == seal


def test_a_prediction_gives_way_to_the_verdict(store: Store) -> None:  # noqa: F811
    commit, guessed = sealed(1), an_event(10, 1_001, 1)
    with store.writing() as transaction:
        transaction.append(commit)
        transaction.roll_back(commit.id)
        transaction.predict(commit.id, (guessed,))
        transaction.roll_back(commit.id)
        entry = enter(transaction, commit)
    with store.reading() as snapshot:
        assert snapshot.entry(commit.id) == entry
        assert happened(snapshot, commit) == [(1, commit.events[0])]
        assert waiting(snapshot) == []


def test_a_parked_commit_is_judged_by_a_later_entry(store: Store) -> None:  # noqa: F811
    commit, item, closed = sealed(1), an_event(20, 5_000, 1), an_event(21, 5_000, 2)
    with store.writing() as transaction:
        parked = enter(transaction, commit, item, verdict=Verdict.PARKED, reason="Unknown")
        between = enter(transaction, sealed(2))
        judged = enter(transaction, commit, *commit.events, closed)
    with store.reading() as snapshot:
        assert list(snapshot.entries()) == [parked, between, judged]
        assert snapshot.entry(commit.id) == judged
        assert happened(snapshot, commit) == [(1, commit.events[0])]
        assert [each.event for each in snapshot.stream(item.aggregate_id)] == [item, closed]


def test_the_log_is_reopened_from_its_end(store: Store) -> None:  # noqa: F811
    one, two, item = sealed(1), sealed(2, events=2), an_event(20, 5_000, 1)
    closed = an_event(21, 5_000, 2)
    with store.writing() as transaction:
        first = enter(transaction, one, item, verdict=Verdict.PARKED)
        enter(transaction, two)
        enter(transaction, one, *one.events, closed)
    with store.writing() as transaction:
        assert transaction.reopen() == one.id
        assert waiting(transaction) == []
        assert transaction.entry(one.id) == first
        assert transaction.reopen() == two.id
        assert waiting(transaction) == [two.id]
    with store.reading() as snapshot:
        assert list(snapshot.entries()) == [first]
        assert snapshot.log_hash() == first.hash
        assert happened(snapshot, one) == happened(snapshot, two) == []
        assert [each.event for each in snapshot.stream(item.aggregate_id)] == [item]
        (pending,) = snapshot.pending()
        assert (pending.commit, pending.effective, pending.signature) == (two, (), SIGNED)


def test_a_commit_sealed_again_keeps_its_place_and_its_events(store: Store) -> None:  # noqa: F811
    one, two = sealed(1), sealed(2)
    another_day = one.on + timedelta(days=1)
    other = codec.sealed(evolve(one, device_id=a_commit(1, device=5).device_id, on=another_day))
    with store.writing() as transaction:
        transaction.append(one)
        transaction.append(two)
        transaction.roll_back(two.id)
        transaction.roll_back(one.id)
        transaction.reseal(one.id, other)
    with store.writing() as transaction:
        assert waiting(transaction) == [one.id, two.id]
        assert transaction.commit(one.id) == other
        transaction.predict(one.id, None)
        transaction.predict(two.id, None)
    with store.reading() as snapshot:
        assert list(snapshot.commits()) == [other, two]
        assert happened(snapshot, one) == [(1, one.events[0])]


def test_a_commit_moved_to_the_end_waits_behind_all_others(store: Store) -> None:  # noqa: F811
    """With all that is known of it: its events, and the signature that it has from the log."""
    first, theirs, ours = sealed(1), sealed(2, events=2, device=5, sequence=1), sealed(3)
    with store.writing() as transaction:
        enter(transaction, first)
        enter(transaction, theirs)
        transaction.append(ours)
        transaction.roll_back(ours.id)
        transaction.reopen()
        before = {each.commit.id: each for each in transaction.pending()}
        assert list(before) == [theirs.id, ours.id]
        head, tips = transaction.head(), transaction.tips()
    with store.writing() as transaction:
        transaction.move_to_end(theirs.id)
        assert waiting(transaction) == [ours.id, theirs.id]
    with store.reading() as snapshot:
        assert list(snapshot.commits()) == [first, ours, theirs]
        assert list(snapshot.pending()) == [before[ours.id], before[theirs.id]]
        assert next(snapshot.pending(after=ours.id)).signature == SIGNED
        assert snapshot.head() >= head
        assert snapshot.tips() == tips
    with store.writing() as transaction:
        transaction.predict(ours.id, None)
        transaction.predict(theirs.id, None)
        last = sealed(4)
        transaction.append(last)
        assert waiting(transaction) == [ours.id, theirs.id, last.id]
    with store.reading() as snapshot:
        assert happened(snapshot, theirs) == [(1, theirs.events[0]), (2, theirs.events[1])]
        assert snapshot.misplaced() is None


def test_a_commit_may_take_another_id_under_its_new_seal(store: Store) -> None:  # noqa: F811
    one = sealed(1)
    renamed = codec.sealed(evolve(one, id=CommitId(a_commit(99).id), authorship=None))
    theirs = codec.sealed(evolve(one, device_id=a_commit(1, device=5).device_id))
    with store.writing() as transaction:
        transaction.append(one)
        transaction.roll_back(one.id)
        transaction.reseal(one.id, renamed)
        enter(transaction, theirs)
        transaction.predict(renamed.id, None)
    with store.reading() as snapshot:
        assert waiting(snapshot) == [renamed.id]
        assert snapshot.commit(one.id) == theirs
        assert snapshot.commit(renamed.id) == renamed
        assert [event for _, event in happened(snapshot, one)] == [*one.events, *one.events]


def test_the_log_has_the_last_word_on_a_seal(store: Store) -> None:  # noqa: F811
    ours = sealed(1)
    theirs = codec.sealed(evolve(ours, device_id=a_commit(1, device=5).device_id))
    with store.writing() as transaction:
        transaction.append(ours)
        transaction.roll_back(ours.id)
        enter(transaction, theirs)
    with store.reading() as snapshot:
        assert snapshot.commit(ours.id) == theirs
        assert list(snapshot.commits()) == [theirs]
        assert waiting(snapshot) == []
        assert happened(snapshot, ours) == [(1, ours.events[0])]


def test_a_tip_is_what_it_is_said_to_be(store: Store) -> None:  # noqa: F811
    commit = sealed(1)
    with store.writing() as transaction:
        transaction.append(commit)
        tip = Tip(sequence=1, hash=commit.hash, hlc="9" * 22)
        transaction.set_tip(commit.device_id, tip)
        assert transaction.tip(commit.device_id) == tip
    with store.reading() as snapshot:
        assert snapshot.tip(commit.device_id) == tip


def test_an_exchange_left_by_an_exception_leaves_no_trace(store: Store) -> None:  # noqa: F811
    one, two, three = sealed(1), sealed(2), sealed(3, device=2, sequence=1)
    with store.writing() as transaction:
        enter(transaction, one)
        transaction.append(two)

    def everything(snapshot: Snapshot) -> list[object]:
        return [
            list(snapshot.entries()),
            list(snapshot.pending()),
            list(snapshot.commits()),
            list(snapshot.streams()),
            snapshot.tips(),
            snapshot.log_hash(),
        ]

    with store.reading() as snapshot:
        before = everything(snapshot)

    class Cut(Exception):
        pass

    with suppress(Cut), store.writing() as transaction:
        transaction.roll_back(two.id)
        transaction.reseal(two.id, codec.sealed(evolve(two, sequence=7)))
        transaction.reopen()
        enter(transaction, three)
        transaction.predict(two.id, (an_event(50, 1_002, 1),))
        transaction.set_tip(two.device_id, START)
        assert everything(transaction) != before
        raise Cut
    with store.reading() as snapshot:
        assert everything(snapshot) == before


def test_what_waits_may_bear_a_number_that_the_log_gave_to_another(store: Store) -> None:  # noqa: F811
    """A twin was there first; what waits here is sealed again before it is offered."""
    ours, theirs = sealed(1), sealed(2, sequence=1)
    with store.writing() as transaction:
        transaction.append(ours)
        transaction.roll_back(ours.id)
        enter(transaction, theirs)
        transaction.predict(ours.id, None)
    with store.reading() as snapshot:
        assert waiting(snapshot) == [ours.id]
        assert snapshot.tip_in_log(ours.device_id).hash == theirs.hash
