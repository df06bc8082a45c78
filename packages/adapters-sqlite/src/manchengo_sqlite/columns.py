"""How commits, their events and the entries of the log stand in columns: written, and read back.

What is read is as it was written, to the letter: the seals cover what it says, not its spelling.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from manchengo import codec
from manchengo.domain.commit import Commit, LogEntry, Recorded
from manchengo.domain.ids import CommitId, DeviceId, EventId, ImportId, ProductId, UserId
from manchengo.ports.store import Entry, StockLine
from manchengo.ports.stored import EventRow, Stored, recorded_and_effects
from manchengo_sqlite.ids import repeated_id, unique_id

# ---------------------------------------------------------------- written


def commit_columns(position: int, commit: Commit, entry: LogEntry | None) -> tuple[Any, ...]:
    """The values of ``_commits``. ``entry``: its place in the log, None where it waits."""
    return (
        position,
        commit.id.bytes,
        commit.device_id.bytes,
        commit.user_id.bytes,
        commit.sequence,
        commit.occurred_at.isoformat(),
        commit.hlc,
        commit.on.isoformat(),
        commit.command_type,
        commit.command_version,
        commit.command,
        commit.import_id.bytes if commit.import_id else None,
        commit.previous,
        commit.hash,
        entry.signature if entry else None,
        codec.encode_authorship(commit.authorship),
        entry.global_seq if entry else None,
    )


def log_columns(position: int, entry: LogEntry) -> tuple[Any, ...]:
    """The values of ``_log``, for the commit that is stored at that position."""
    verdict = entry.verdict.value
    return (entry.global_seq, position, verdict, entry.reason, entry.hlc_eff, entry.hash)


def event_columns(
    number: int,
    commit_position: int,
    index: int,
    event: Recorded,
    position: int,
    derived: bool = False,
    entry: int | None = None,
) -> tuple[Any, ...]:
    """The values of ``_events``.

    ``number``: counts the events as they are stored, from 1; none is given twice. ``index``: the
    place in its commit, from 0; ``position``: the place in its stream, from 1;
    ``derived``: a verdict made it; ``entry``: by which entry it happened, None for the first.
    """
    return (
        number,
        event.id.bytes,
        commit_position,
        index,
        event.aggregate_type,
        event.aggregate_id.bytes,
        event.event_type,
        event.schema_version,
        event.payload,
        event.version,
        position,
        int(derived),
        entry,
    )


def aside_columns(commit_position: int, index: int, event: Recorded) -> tuple[Any, ...]:
    """The values of ``_events_set_aside``; ``index``: the place in its commit, from 0."""
    return (
        commit_position,
        event.id.bytes,
        event.aggregate_type,
        event.aggregate_id.bytes,
        event.event_type,
        event.schema_version,
        event.payload,
        event.version,
        index,
    )


# ---------------------------------------------------------------- read


COMMIT_WIDTH = 16
"""So many columns are those of the commit; what it is joined with stands behind them."""


def with_its_events(row: Any, events: Iterable[Any]) -> Stored:
    """``events``: as ``statements.events_of`` has them."""
    events, effects = recorded_and_effects(
        EventRow(recorded(columns), index, derived, entry, aside)
        for _, *columns, index, derived, entry, aside in events
    )
    commit = Commit(
        id=CommitId(unique_id(row[1])),
        device_id=DeviceId(repeated_id(row[2])),
        user_id=UserId(repeated_id(row[3])),
        sequence=row[4],
        occurred_at=_instant(row[5]),
        hlc=row[6],
        on=_day(row[7]),
        command_type=row[8],
        command_version=row[9],
        command=row[10],
        import_id=None if row[11] is None else ImportId(repeated_id(row[11])),
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


def _day(text: str) -> date:
    """A day; the instant that an older program stored in its place, for the seal covers that."""
    if len(text) > len("2026-01-31"):
        return _instant(text)
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(f"a day is not spelt like this: {text}")
    return day


def day_or_none(text: bytes) -> date | None:
    """The day that these bytes spell; None where they spell none."""
    try:
        return _day(text.decode())
    except ValueError:
        return None


def recorded(row: Any) -> Recorded:
    """The event whose columns the row begins with. ``ValueError`` where an id is none."""
    return Recorded(
        id=EventId(unique_id(row[0])),
        aggregate_type=row[1],
        aggregate_id=repeated_id(row[2]),
        event_type=row[3],
        schema_version=row[4],
        payload=row[5],
        version=row[6],
    )


def stream_entry(row: Any) -> Entry:
    """The entry of a stream: the columns of ``recorded``, then position, commit and import."""
    return Entry(
        row[7],
        CommitId(unique_id(row[8])),
        ImportId(repeated_id(row[9])) if row[9] else None,
        recorded(row),
    )


def stock_line(row: Any) -> StockLine:
    """What is there of a product, all in thousandths of its unit."""
    return StockLine(
        product_id=ProductId(unique_id(row[0])),
        on_hand=row[1],
        reserved=row[2],
        usable=row[3],
        open_lots=row[4],
    )
