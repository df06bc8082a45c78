"""How commits, their events and the entries of the log stand in columns: written, and read back.

What is read is as it was written, to the letter: the seals cover what it says, not its spelling.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from manchengo import codec
from manchengo.domain.commit import START, Commit, LogEntry, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId, EventId, ImportId, ProductId, UserId
from manchengo.ports.store import Entry, StockLine
from manchengo.ports.stored import EventRow, Stored, recorded_and_effects
from manchengo_postgres import texts

# ---------------------------------------------------------------- written


def commit_columns(position: int, commit: Commit, entry: LogEntry | None) -> tuple[Any, ...]:
    """The columns of a commit, in the order of ``statements.COMMIT_COLUMNS``. ``entry``: its entry
    in the log, where it has one.
    """
    return (
        position,
        commit.id,
        commit.device_id,
        commit.user_id,
        commit.sequence,
        commit.occurred_at.isoformat(),
        texts.spelt(commit.hlc),
        commit.on,
        texts.spelt(commit.command_type),
        commit.command_version,
        commit.command,
        commit.import_id,
        commit.previous,
        commit.hash,
        entry.signature if entry else None,
        codec.encode_authorship(commit.authorship),
        entry.global_seq if entry else None,
    )


def recorded_columns(index: int, event: Recorded) -> tuple[Any, ...]:
    """The columns of an event that is the ``index``-th of its commit."""
    return (
        event.id,
        texts.spelt(event.aggregate_type),
        event.aggregate_id,
        texts.spelt(event.event_type),
        event.schema_version,
        event.payload,
        event.version,
        index,
    )


# ---------------------------------------------------------------- read


def with_its_events(row: Any, events: Iterable[Any]) -> Stored:
    """The commit in that row, with its recorded events and its effects. Raises ``ValueError`` where
    a column holds what this program never wrote.
    """
    events, effects = recorded_and_effects(
        EventRow(recorded_event(columns), index, derived, entry, aside)
        for _, *columns, index, derived, entry, aside in events
    )
    commit = Commit(
        id=CommitId(row[1]),
        device_id=DeviceId(row[2]),
        user_id=UserId(row[3]),
        sequence=row[4],
        occurred_at=_instant(row[5]),
        hlc=texts.read(row[6]),
        on=row[7],
        command_type=texts.read(row[8]),
        command_version=row[9],
        command=row[10],
        import_id=None if row[11] is None else ImportId(row[11]),
        events=events,
        previous=row[12],
        hash=row[13],
        authorship=codec.decode_authorship(row[15]),
    )
    return Stored(position=row[0], commit=commit, signature=row[14] or b"", effects=effects)


def _instant(text: str) -> datetime:
    """As it was written, and in no other spelling: the seal covers the instant, not its letters."""
    instant = datetime.fromisoformat(text)
    if instant.isoformat() != text:
        raise ValueError(f"an instant is not spelt like this: {text}")
    return instant


def day_or_none(text: str) -> date | None:
    """The day that an ISO date names; None where the text is no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def tip_of(row: Any) -> Tip:
    """The end of a device's commits; ``START`` where there is no row."""
    return START if row is None else Tip(sequence=row[0], hash=row[1], hlc=texts.read(row[2]))


def recorded_event(row: Any) -> Recorded:
    """The event in that row; ``version`` is its number in the stream."""
    return Recorded(
        id=EventId(row[0]),
        aggregate_type=texts.read(row[1]),
        aggregate_id=row[2],
        event_type=texts.read(row[3]),
        schema_version=row[4],
        payload=row[5],
        version=row[6],
    )


def stream_entry(row: Any) -> Entry:
    """The event in that row, with its position in the log and its commit."""
    return Entry(
        row[7],
        CommitId(row[8]),
        None if row[9] is None else ImportId(row[9]),
        recorded_event(row),
    )


def stock_line(row: Any) -> StockLine:
    """What is held of a product, in thousandths of its unit; ``open_lots`` is a number of lots."""
    return StockLine(
        product_id=ProductId(row[0]),
        on_hand=int(row[1]),
        reserved=int(row[2]),
        usable=int(row[3]),
        open_lots=row[4],
    )
