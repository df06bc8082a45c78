"""What somebody with the key changes behind a checkpoint is found by reading what was added (P10).

Of what lies before it: what was touched since, at once; the rest by the reading of the whole, which
goes by no checkpoint and is due after thirty days.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from attrs import frozen

from manchengo.application.checkpoint import Checkpoint, keep
from manchengo.application.integrity import Verification, verify
from manchengo.application.since_checkpoint import verify_since
from manchengo.domain.commit import Verdict
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.store import Garbled, Snapshot
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.translation import DRIVER_ERRORS
from manchengo_sync.signed_log import SignedLog
from tests.faults.plant import BEFORE_THE_DAY, do, signing
from tests.faults.test_tampering import Thief, forged, slip_in, tampering, turned
from tests.faults.test_tampering_with_the_log import KEYS, changed, mark
from tests.support.checking import Believing, settle_it, take_the_same_milk
from tests.support.dairy import A_DAIRY
from tests.support.plant import Plant
from tests.support.signers import signer_of
from tests.support.stores import on_an_encrypted_file

TODAY = date(2026, 11, 30)

NOT_READ: tuple[type[Exception], ...] = (Garbled, ValueError, TypeError, *DRIVER_ERRORS)
"""What changed bytes raise when read; then the whole is read."""


@frozen
class Database:
    """``checkpoint``: of before the last day's work."""

    store: SqliteStore
    checkpoint: Checkpoint
    signatures: SignatureCheck

    def since(self, snapshot: Snapshot) -> Verification:
        return verify_since(snapshot, self.checkpoint, self.signatures, today=TODAY)

    def notices(self, snapshot: Snapshot) -> bool:
        """Whether the reading of what was added finds something, or cannot read it."""
        try:
            return not self.since(snapshot).sound
        except NOT_READ:
            return True


def checked(store: SqliteStore, signatures: SignatureCheck) -> Checkpoint:
    with store.reading() as snapshot:
        found = verify(snapshot, signatures, today=TODAY).checkpoint
    assert found is not None
    return found


@contextmanager
def an_office() -> Iterator[Database]:
    """Everything waits for a server that is yet to come, and everything is signed."""
    with on_an_encrypted_file() as store:
        assert isinstance(store, SqliteStore)
        office = signing(store)
        for command in BEFORE_THE_DAY:
            office.execute(command)
        for number in range(10):
            do(office, number)
        checkpoint = checked(store, SignedLog())
        for number in range(10, 20):
            do(office, number)
        yield Database(store, checkpoint, SignedLog())


@contextmanager
def a_phone() -> Iterator[Database]:
    """It follows the log of a server, and something of its own waits."""
    with on_an_encrypted_file() as store:
        assert isinstance(store, SqliteStore)
        plant = Plant()
        office, phone = plant.device(), plant.device(store=store)
        office.does(A_DAIRY)
        take_the_same_milk(plant, office, phone)
        settle_it(plant, phone)
        checkpoint = checked(store, Believing())
        take_the_same_milk(plant, office, phone, " again")
        settle_it(plant, phone, " again")
        with store.reading() as snapshot:
            new = list(snapshot.entries(after=checkpoint.cursor))
        assert {Verdict.REJECTED, Verdict.REALLOCATED} < {entry.verdict for entry in new}
        yield Database(store, checkpoint, Believing())


@pytest.fixture(scope="module", params=[an_office, a_phone])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with request.param() as opened:
        yield opened


def test_what_was_added_is_read_and_everything_is_counted(database: Database) -> None:
    with database.store.reading() as snapshot:
        since, whole = database.since(snapshot), verify(snapshot, database.signatures)
    assert since.sound
    assert since.since is not None
    assert (since.commits, since.events) == (whole.commits, whole.events)
    added = since.commits - database.checkpoint.in_all.commits
    assert since.since.commits == added > 0


NEW = {
    "_commits": "position > {head}",
    "_devices": "1",
    "_events": "commit_position > {head}",
    "_events_set_aside": "commit_position > {head}",
    "_log": "global_seq > {cursor}",
    "_sync_queue": "commit_position > {head}",
}
ORDER = ("_events", "seq")
"""The order in which events were stored is looked at with the whole."""


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("bits", [1, 0x20])
def test_one_value_changed_in_what_was_added_is_found(
    database: Database, table: str, bits: int
) -> None:
    then = database.checkpoint
    new = NEW[table].format(head=then.head, cursor=then.cursor)
    with database.store.reading() as snapshot:
        columns = [row[1:3] for row in snapshot._all(f"PRAGMA table_info({table})")]
        keys = [row[0] for row in snapshot._all(f"SELECT {KEYS[table]} FROM {table} WHERE {new}")]
    unnoticed = [
        (table, name, key)
        for name, kind in columns
        for key in keys
        if (table, name) != ORDER and not is_noticed(database, table, key, name, kind, bits)
    ]
    assert unnoticed == []


def is_noticed(database: Database, table: str, key: Any, name: str, kind: str, bits: int) -> bool:
    with tampering(database.store) as thief:
        ((value,),) = thief.sql(f"SELECT {name} FROM {table} WHERE {KEYS[table]} = ?", key)
        try:
            thief.sql(
                f"UPDATE {table} SET {name} = {mark(value)} WHERE {KEYS[table]} = ?",
                changed(value, kind, bits),
                key,
            )
        except DRIVER_ERRORS:
            return True  # SQLite itself says no
        return database.notices(thief.transaction)
    raise AssertionError("what is tampered with is always undone")


def test_a_well_sealed_commit_appended_by_hand_is_found(database: Database) -> None:
    with database.store.reading() as snapshot:
        last = [each.commit for each in snapshot.pending()][-1]
    with tampering(database.store) as thief:
        slip_in(thief, forged(last))
        found = database.since(thief.transaction).tampered
    assert found is not None
    assert found.fault == "added"


def test_an_event_that_stands_where_none_happened_is_found() -> None:
    """Behind a commit that was refused: no entry of the log has it among its effects."""
    with a_phone() as phone, tampering(phone.store) as thief:
        refused, consumed = "_events_set_aside", "event_type = 'lot.consumed'"
        ((commit, lot),) = thief.sql(
            f"SELECT commit_position, aggregate_id FROM {refused} WHERE {consumed}"
            " AND commit_position > ?",
            phone.checkpoint.head,
        )
        thief.sql(
            "INSERT INTO _events SELECT (SELECT max(seq) + 1 FROM _events), id, commit_position,"
            " commit_index, aggregate_type, aggregate_id, event_type, schema_version, payload,"
            " version, (SELECT max(position) + 1 FROM _events WHERE aggregate_id = ?), 1, 999"
            f" FROM {refused} WHERE {consumed} AND commit_position = ?",
            lot,
            commit,
        )
        found = phone.since(thief.transaction).tampered
    assert found is not None
    assert found.fault == "place"


HIDING = [
    "DELETE FROM _sync_queue",
    "DELETE FROM _sync_queue WHERE commit_position = (SELECT max(position) FROM _commits)",
    "DELETE FROM _log WHERE global_seq = (SELECT max(global_seq) FROM _log)",
    "DELETE FROM _log WHERE global_seq = (SELECT max(global_seq) - 2 FROM _log)",
    "DELETE FROM _events WHERE derived AND commit_position > 22",
]


@pytest.mark.parametrize("hiding", HIDING)
def test_what_is_taken_away_is_missed(hiding: str) -> None:
    with a_phone() as phone, tampering(phone.store) as thief:
        thief.sql(hiding)
        assert phone.notices(thief.transaction)


# ---------------------------------------------------------------- what was read before


def of_what_was_touched(thief: Thief, then: Checkpoint, *, again: bool) -> Any:
    """The first old event of something that something happened to since, or (``again=False``) of
    something of which nothing was heard since.
    """
    since = "SELECT aggregate_id FROM _events WHERE commit_position > ?"
    rows = thief.sql(
        "SELECT seq, payload FROM _events WHERE commit_position <= ? AND aggregate_id"
        f" {'' if again else 'NOT'} IN ({since}) AND aggregate_type IN ('lot', 'product', 'recipe')"
        " ORDER BY seq LIMIT 1",
        then.head,
        then.head,
    )
    return rows[0]


@pytest.mark.parametrize("again", [True, False])
def test_an_old_event_is_read_again_where_something_new_stands_on_it(
    database: Database, again: bool
) -> None:
    with tampering(database.store) as thief:
        number, payload = of_what_was_touched(thief, database.checkpoint, again=again)
        changed_payload = turned(payload, len(payload) // 2, 1)
        thief.sql("UPDATE _events SET payload = ? WHERE seq = ?", changed_payload, number)
        assert database.notices(thief.transaction) is again
        assert not verify(thief.transaction, database.signatures).sound


@pytest.mark.parametrize("again", [True, False])
def test_so_is_the_commit_of_such_an_event(database: Database, again: bool) -> None:
    """What no row shows: the command as it was given."""
    with tampering(database.store) as thief:
        number, _ = of_what_was_touched(thief, database.checkpoint, again=again)
        thief.sql(
            "UPDATE _commits SET command = CAST(command || ' ' AS BLOB) WHERE position ="
            " (SELECT commit_position FROM _events WHERE seq = ?)",
            number,
        )
        assert database.notices(thief.transaction) is again
        assert not verify(thief.transaction, database.signatures).sound


@pytest.mark.parametrize("what", ["quantity_remaining", "code"])
def test_a_row_of_what_was_touched_is_compared(database: Database, what: str) -> None:
    with tampering(database.store) as thief:
        (lot,) = thief.sql(
            "SELECT aggregate_id FROM _events WHERE event_type = 'lot.received'"
            " ORDER BY seq DESC LIMIT 1"
        )[0]
        thief.sql(f"UPDATE lots_mp SET {what} = {what} || '1' WHERE id = ?", lot)
        assert database.notices(thief.transaction)


def test_no_reading_of_the_whole_goes_by_a_checkpoint(database: Database) -> None:
    """Not even by one that is sealed, and says of the changed log that it was read."""
    with tampering(database.store) as thief:
        number, payload = of_what_was_touched(thief, database.checkpoint, again=False)
        keep(thief.transaction, checked_now(thief, database), signer_of("whoever verifies"))
        thief.sql(
            "UPDATE _events SET payload = ? WHERE seq = ?",
            turned(payload, len(payload) // 2, 1),
            number,
        )
        assert not verify(thief.transaction, database.signatures).sound


def checked_now(thief: Thief, database: Database) -> Checkpoint:
    found = database.since(thief.transaction).checkpoint
    assert found is not None
    return found
