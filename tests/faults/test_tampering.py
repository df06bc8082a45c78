"""The log is tamper-evident: what was changed, taken away, swapped or slipped in is named (P10)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from manchengo import Commit, codec
from manchengo.application import integrity
from manchengo.application.integrity import Verification
from manchengo.application.tampered import Tampered
from manchengo.application.views.rebuild import rebuild
from manchengo.domain.commit import NO_HASH, Recorded
from manchengo.domain.ids import CommitId, DeviceId, EventId
from manchengo.ports.rows import VIEWS
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.transaction import SqliteTransaction
from manchengo_sqlite.translation import DRIVER_ERRORS
from tests.faults.plant import do, import_lots, new_plant, signing
from tests.sqlite.witness import KEY
from tests.support.dairy import an_id, counted, day, litres, lot_id, written_off

SEALED = {
    "_commits": (
        *("id", "device_id", "user_id", "sequence", "occurred_at", "hlc", "business_date"),
        *("command_type", "command_version", "command", "import_id", "previous", "hash"),
        "authorship",
    ),
    "_events": (
        *("id", "commit_position", "aggregate_type", "aggregate_id", "event_type"),
        *("schema_version", "payload", "version"),
    ),
}
WORKED_OUT_AGAIN = {
    # Numbers that another device may give otherwise: they follow from the rest. What the log says
    # of a commit is sealed there: test_tampering_with_the_log.py.
    "_commits": ("position", "global_seq", "signature"),
    "_events": ("seq", "commit_index", "position", "derived", "entry"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """Two devices' days, and an import, of which nothing is ever kept that a test changes."""
    path = new_plant(tmp_path_factory.mktemp("log") / "atelier.db")
    with SqliteStore.open(path, key=KEY) as opened:
        office = signing(opened)
        workshop = signing(opened, 2)
        for number in range(10):
            do((office, workshop)[number % 2], number)
        import_lots(office, 3)
        workshop.execute(written_off("row 1", litres("0.5"), on=day(1)))
        office.execute(counted("row 2", litres(9), on=day(2)))
        assert office.verify().sound
        yield opened


class _Undo(Exception):
    pass


@contextmanager
def tampering(store: SqliteStore) -> Iterator["Thief"]:
    """Whoever is in here has the key and SQL; at the end it all never happened."""
    try:
        with store.writing() as transaction:
            transaction._all("PRAGMA defer_foreign_keys = ON")
            yield Thief(transaction)
            raise _Undo
    except _Undo:
        pass


@frozen
class Thief:
    transaction: SqliteTransaction

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self.transaction._all(statement, *parameters).fetchall()
        return rows

    def verdict(self) -> Verification:
        return integrity.verify(self.transaction)

    def found(self) -> Tampered:
        verdict = self.verdict()
        assert not verdict.sound
        assert verdict.tampered is not None
        return verdict.tampered


def commits(store: SqliteStore) -> list[Commit]:
    with store.reading() as snapshot:
        return list(snapshot.commits())


# ---------------------------------------------------------------- one byte


def test_every_column_of_a_commit_and_an_event_is_tried(store: SqliteStore) -> None:
    with tampering(store) as thief:
        for table in ("_commits", "_events"):
            columns = {row[1] for row in thief.sql(f"PRAGMA table_info({table})")}
            assert columns == {*SEALED[table], *WORKED_OUT_AGAIN[table]}


def flips(columns: dict[str, tuple[str, ...]]) -> st.SearchStrategy[tuple[str, str, int, int, int]]:
    """A table, one of its columns, which row, which byte, and what is done to its bits."""
    places = [(table, column) for table in columns for column in columns[table]]
    return st.tuples(
        st.sampled_from(places),
        st.integers(0, 1000),
        st.integers(0, 10_000),
        st.integers(1, 255),
    ).map(lambda flip: (*flip[0], *flip[1:]))


def flip(thief: Thief, table: str, column: str, row: int, byte: int, bits: int) -> int:
    """Change one byte of what is stored there; the position of the first commit it concerns."""
    key = "position" if table == "_commits" else "seq"
    commit = "position" if table == "_commits" else "commit_position"
    rows = thief.sql(
        f"SELECT {key}, {commit}, {column}, typeof({column}) FROM {table} ORDER BY {key}"
    )
    number, position, value, kind = rows[row % len(rows)]
    match kind:
        case "blob":
            changed: Any = turned(value, byte, bits)
            mark = "?"
        case "text":
            changed = turned(value.encode(), byte, bits)
            mark = "CAST(? AS TEXT)"
        case "integer":
            changed = int.from_bytes(
                turned(value.to_bytes(8, signed=True), byte, bits), signed=True
            )
            mark = "?"
        case _:
            kinds = {row[1]: row[2] for row in thief.sql(f"PRAGMA table_info({table})")}
            changed = bytes([bits] * 16) if kinds[column] == "BLOB" else bits
            mark = "?"
    try:
        thief.sql(f"UPDATE {table} SET {column} = {mark} WHERE {key} = ?", changed, number)
    except DRIVER_ERRORS:
        assume(False)  # two rows with one key: SQLite itself says no
    moved_to = changed if column == "commit_position" else position
    stored = [row[0] for row in thief.sql("SELECT position FROM _commits")]
    return min(int(position), moved_to if moved_to in stored else int(position))


def turned(content: bytes, byte: int, bits: int) -> bytes:
    if not content:
        return bytes([bits])
    at = byte % len(content)
    return content[:at] + bytes([content[at] ^ bits]) + content[at + 1 :]


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(what=flips(SEALED))
def test_a_byte_changed_in_any_stored_commit_is_found_and_its_commit_named(
    store: SqliteStore, what: tuple[str, str, int, int, int]
) -> None:
    with tampering(store) as thief:
        position = flip(thief, *what)
        (commit_id, device, sequence, on) = thief.sql(
            "SELECT id, device_id, sequence, CAST(business_date AS BLOB) FROM _commits"
            " WHERE position = ?",
            position,
        )[0]
        found = thief.found()
        assert found.commit_id == UUID(bytes=commit_id)
        assert found.device_id == UUID(bytes=device)
        assert found.sequence == sequence
        assert found.fault == "content"
        # A date that was changed is named as it stands now, where it still is one.
        assert found.on is None or found.on.isoformat().encode() == on
        assert found.on is not None or what[1] == "business_date"


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(what=flips(WORKED_OUT_AGAIN))
def test_a_changed_number_of_a_commit_or_an_event_is_found(
    store: SqliteStore, what: tuple[str, str, int, int, int]
) -> None:
    with tampering(store) as thief:
        flip(thief, *what)
        thief.found()


@pytest.mark.parametrize(
    "spelling", ["replace(occurred_at, 'T', ' ')", "replace(occurred_at, '+', '-')"]
)
def test_another_spelling_of_the_same_instant_is_a_change(
    store: SqliteStore, spelling: str
) -> None:
    with tampering(store) as thief:
        thief.sql(f"UPDATE _commits SET occurred_at = {spelling} WHERE position = 9")
        assert thief.found().commit_id == commits(store)[8].id


# ---------------------------------------------------------------- whole commits


def take_away(thief: Thief, commit: Commit) -> None:
    ((position,),) = thief.sql("SELECT position FROM _commits WHERE id = ?", commit.id.bytes)
    thief.sql("DELETE FROM _sync_queue WHERE commit_position = ?", position)
    thief.sql("DELETE FROM _events WHERE commit_position = ?", position)
    thief.sql("DELETE FROM _commits WHERE position = ?", position)


def test_a_commit_taken_away_is_missed_by_the_next_of_its_device(store: SqliteStore) -> None:
    log = commits(store)
    for taken in log:
        later = [c for c in log if c.device_id == taken.device_id and c.sequence > taken.sequence]
        before = [c for c in log if c.device_id == taken.device_id and c.sequence < taken.sequence]
        with tampering(store) as thief:
            take_away(thief, taken)
            found = thief.found()
        assert found.device_id == taken.device_id
        if later:
            assert (found.fault, found.commit_id, found.on) == ("gap", later[0].id, later[0].on)
        else:
            assert (found.fault, found.commit_id, found.on) == ("tip", None, before[-1].on)
            assert found.sequence == taken.sequence


@pytest.mark.parametrize("kept", [0, 1, 7])
def test_the_end_of_the_log_cut_off_is_missed(store: SqliteStore, kept: int) -> None:
    with tampering(store) as thief:
        for commit in commits(store)[kept:]:
            take_away(thief, commit)
        assert thief.found().fault == "tip"


def test_two_commits_that_change_places_are_found(store: SqliteStore) -> None:
    log = commits(store)
    pairs = [(one, two) for one in log for two in log if one.sequence < two.sequence]
    for one, two in pairs:
        if one.device_id != two.device_id:
            continue
        with tampering(store) as thief:
            swap(thief, one, two)
            found = thief.found()
        assert (found.commit_id, found.fault) == (two.id, "gap")


def swap(thief: Thief, one: Commit, two: Commit) -> None:
    (here,), (there,) = (
        thief.sql("SELECT position FROM _commits WHERE id = ?", commit.id.bytes)[0]
        for commit in (one, two)
    )
    for old, new in ((here, -1), (there, here), (-1, there)):
        thief.sql("UPDATE _commits SET position = ? WHERE position = ?", new, old)
        thief.sql("UPDATE _events SET commit_position = ? WHERE commit_position = ?", new, old)


def test_two_commits_that_change_their_contents_are_found(store: SqliteStore) -> None:
    one, two = commits(store)[7:9]
    with tampering(store) as thief:
        for commit, other in ((one, two), (two, one)):
            thief.sql(
                "UPDATE _commits SET command = ? WHERE id = ?", other.command, commit.id.bytes
            )
        assert thief.found().commit_id == one.id


def test_an_event_slipped_into_a_commit_is_found(store: SqliteStore) -> None:
    host, guest = commits(store)[7:9]
    with tampering(store) as thief:
        thief.sql(
            "INSERT INTO _events SELECT NULL, id, (SELECT position FROM _commits WHERE id = ?), 99,"
            " aggregate_type, randomblob(16), event_type, schema_version, payload, version, 1, 0,"
            " NULL FROM _events WHERE id = ?",
            host.id.bytes,
            guest.events[0].id.bytes,
        )
        assert thief.found().commit_id == host.id


# ---------------------------------------------------------------- forgers who know how to seal


def forged(after: Commit, **changes: Any) -> Commit:
    """A commit that follows, with the right link and the right seal, and one event no rule saw."""
    event = Recorded(
        id=EventId(an_id("forged event")),
        aggregate_type="lot",
        aggregate_id=lot_id("forged"),
        event_type="lot.received",
        schema_version=1,
        payload=after.events[0].payload,
        version=1,
    )
    return codec.sealed(
        evolve(
            after,
            id=CommitId(an_id("forged")),
            sequence=after.sequence + 1,
            previous=after.hash,
            events=(event,),
            hash=NO_HASH,
            **changes,
        )
    )


def slip_in(thief: Thief, commit: Commit) -> None:
    """Behind the last one, without a word to the books about where the chain ends."""
    tips = thief.sql("SELECT id, sequence, hash, hlc FROM _devices")
    thief.transaction.append(commit)
    thief.transaction.flush()
    thief.sql("DELETE FROM _devices")
    for tip in tips:
        thief.sql("INSERT INTO _devices VALUES (?, ?, ?, ?)", *tip)


def test_a_well_sealed_commit_appended_by_hand_is_found(store: SqliteStore) -> None:
    commit = forged(commits(store)[-1])
    with tampering(store) as thief:
        slip_in(thief, commit)
        found = thief.found()
    assert (found.commit_id, found.fault, found.on) == (commit.id, "added", commit.on)
    assert found.device_id == commit.device_id


def test_the_first_commit_of_a_device_nobody_knows_is_found(store: SqliteStore) -> None:
    stranger = DeviceId(an_id("a stranger"))
    after = evolve(commits(store)[-1], device_id=stranger, sequence=0, hash=NO_HASH)
    with tampering(store) as thief:
        slip_in(thief, forged(after))
        found = thief.found()
    assert (found.device_id, found.sequence, found.fault) == (stranger, 1, "added")


def test_a_commit_changed_and_sealed_anew_no_longer_meets_the_next(store: SqliteStore) -> None:
    log = commits(store)
    for commit in log:
        changed = codec.sealed(evolve(commit, command=commit.command + b" "))
        follower = next(
            (c for c in log if c.device_id == commit.device_id and c.previous == commit.hash), None
        )
        with tampering(store) as thief:
            thief.sql(
                "UPDATE _commits SET command = ?, hash = ? WHERE id = ?",
                changed.command,
                changed.hash,
                commit.id.bytes,
            )
            found = thief.found()
        expected = (commit.id, "content") if follower is None else (follower.id, "link")
        assert (found.commit_id, found.fault) == expected


@pytest.mark.parametrize(
    ("event_type", "payload"),
    [
        ("lot.received", b"\xff not even text"),
        ("lot.received", b"{}"),
        ("lot.consumed", b'{"order_id": 7}'),
    ],
)
def test_sealed_bytes_that_decode_to_nothing_are_named_and_not_a_crash(
    store: SqliteStore, event_type: str, payload: bytes
) -> None:
    forgery = forged(commits(store)[-1])
    event = evolve(forgery.events[0], event_type=event_type, payload=payload)
    forgery = codec.sealed(evolve(forgery, events=(event,)))
    with tampering(store) as thief:
        thief.transaction.append(forgery)
        found = thief.found()
    assert (found.commit_id, found.fault, found.on) == (forgery.id, "unreadable", forgery.on)


def test_a_sealed_history_that_cannot_have_happened_is_named(store: SqliteStore) -> None:
    last = commits(store)[-1]
    consumed = next(
        event
        for commit in commits(store)
        for event in commit.events
        if event.event_type == "lot.consumed"
    )
    forgery = forged(last)
    # Poured, and never received.
    event = evolve(consumed, aggregate_id=lot_id("never received"), version=1)
    forgery = codec.sealed(evolve(forgery, events=(event,)))
    with tampering(store) as thief:
        thief.transaction.append(forgery)
        found = thief.found()
    assert (found.commit_id, found.fault) == (forgery.id, "history")


# ---------------------------------------------------------------- the views


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(data=st.data())
def test_a_byte_changed_in_a_view_is_seen_and_a_rebuild_puts_it_right(
    store: SqliteStore, data: st.DataObject
) -> None:
    with tampering(store) as thief:
        filled = [kind for kind in VIEWS if thief.sql(f"SELECT 1 FROM {kind.TABLE} LIMIT 1")]
        table = data.draw(st.sampled_from(filled)).TABLE
        columns = [row[1] for row in thief.sql(f"PRAGMA table_info({table})")]
        column = data.draw(st.sampled_from(columns))
        rows = thief.sql(f"SELECT {column}, typeof({column}) FROM {table}")
        value, kind = data.draw(st.sampled_from(rows))
        byte, bits = data.draw(st.tuples(st.integers(0, 100), st.integers(1, 255)))
        content = value if kind == "blob" else str(value or "").encode()
        changed = turned(content, byte, bits)
        mark = {"blob": "?", "integer": "CAST(CAST(? AS TEXT) AS INTEGER) + 1"}.get(
            kind, "CAST(? AS TEXT)"
        )
        try:
            thief.sql(f"UPDATE {table} SET {column} = {mark} WHERE {column} IS ?", changed, value)
        except DRIVER_ERRORS:
            assume(False)
        verdict = thief.verdict()
        assert verdict.tampered is None
        rebuild(thief.transaction)
        assert thief.verdict().sound


def test_a_quantity_changed_in_a_view_is_not_sound(store: SqliteStore) -> None:
    with tampering(store) as thief:
        thief.sql("UPDATE lots_mp SET quantity_remaining = quantity_remaining + 1")
        assert not thief.verdict().sound
