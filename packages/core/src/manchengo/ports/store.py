"""Where commits, views and the record of refusals are kept.

A *snapshot* sees one consistent moment and never waits for a writer. A *transaction* is the only
writer while it lasts; leaving it normally makes all of it durable at once, leaving it by an
exception leaves no trace of it.

The log of a device has two parts: what the plant's one log holds (*confirmed*, each with its
verdict), then what this device wrote and has not seen there yet (*pending*), whose effects are
predictions. Only predictions are ever taken back; a server has none.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from attrs import frozen

from manchengo.domain.allocation import Policy
from manchengo.domain.commit import Commit, LogEntry, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId, ImportId, LotId, ProductId
from manchengo.ports.audit import AuditEntry, AuditQuery, AuditRecord, ReceivedAudit
from manchengo.ports.lists import Cursor, ListQuery
from manchengo.ports.rows import FinishedLotRow, KeyValue, RawLotRow, Row

R = TypeVar("R", bound=Row)


@frozen
class StreamEvent:
    """An event in its stream, as far as it is folded: what names it and its commit is left out."""

    position: int
    aggregate_type: str
    event_type: str
    schema_version: int
    payload: bytes


@frozen
class Entry:
    """One event in an aggregate's stream. ``position`` counts from 1, with no gap."""

    position: int
    commit_id: CommitId
    import_id: ImportId | None
    event: Recorded

    def as_folded(self) -> StreamEvent:
        """What is folded of it."""
        event = self.event
        return StreamEvent(
            self.position,
            event.aggregate_type,
            event.event_type,
            event.schema_version,
            event.payload,
        )


@frozen(kw_only=True)
class StockLine:
    """What is there of one product; all in thousandths of its unit.

    ``usable``: fit for use on the day asked about and promised to nobody. ``open_lots``: how many
    lots still hold something.
    """

    product_id: ProductId
    on_hand: int
    reserved: int
    usable: int
    open_lots: int


@frozen(kw_only=True)
class DayMovement:
    """What the movements of one kind (``rows.MovementRow.kind``) dated one day changed in the stock
    of a product, in thousandths of its unit.
    """

    day: date
    product_id: ProductId
    kind: str
    quantity: int


@frozen(kw_only=True)
class Pending:
    """A commit that was not seen in the plant's log yet, and what it is taken to have done here.

    ``effective``: None where that is what it recorded, empty where it was taken back.
    ``signature``: the author's, empty while it has none. ``seal``: ``codec.pending_seal`` of both,
    as they were when they were stored.
    """

    commit: Commit
    effective: tuple[Recorded, ...] | None
    seal: bytes | None
    signature: bytes

    @property
    def effects(self) -> tuple[Recorded, ...]:
        """What it is taken to have done here."""
        return self.commit.events if self.effective is None else self.effective


@frozen
class Misplaced:
    """A number in the tables of the log was changed: in that commit's rows, or (None) somewhere."""

    commit_id: CommitId | None


class Snapshot(Protocol):
    """One consistent moment of a store, read without waiting for a writer."""

    def head(self) -> int:
        """A number that grows with every commit stored; 0 in an empty log."""

    def rewinds(self) -> int:
        """How many times something was taken back here: streams may then have changed otherwise
        than by growing.
        """

    def cursor(self) -> int:
        """The ``global_seq`` of the last log entry held; 0 when there is none."""

    def log_hash(self) -> bytes:
        """The hash of the last log entry held; ``NO_HASH`` when there is none."""

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogEntry]:
        """The log entries beyond that ``global_seq``, in order.

        ``GarbledCommit`` at the first whose bytes are no entry.
        """

    def entry(self, commit_id: CommitId) -> LogEntry | None:
        """The latest log entry of that commit; None when it is pending or unknown."""

    def last_entry_by(self, device_id: DeviceId) -> LogEntry | None:
        """The latest log entry of the last commit of that device that is in the log; None when none
        is.
        """

    def pending(
        self, *, after: CommitId | None = None, limit: int | None = None
    ) -> Iterator[Pending]:
        """The commits that are not in the log, in the order in which they were stored: all, or
        those behind that one. May be followed while each that it gives is confirmed.
        """

    def count_pending(self) -> int:
        """How many they are."""

    def tip(self, device_id: DeviceId) -> Tip:
        """Where that device's chain stands; ``START`` when it has not written."""

    def tip_in_log(self, device_id: DeviceId) -> Tip:
        """As ``tip``, of its confirmed commits alone."""

    def tips(self) -> dict[DeviceId, Tip]:
        """Where the chain of every device that ever wrote here stands."""

    def commit(self, commit_id: CommitId) -> Commit | None:
        """That commit whole, or None."""

    def known(self, commit_ids: Collection[CommitId]) -> set[CommitId]:
        """Those of these commits that are stored."""

    def commits(self, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        """All commits (or those of one import), whole, in the order they were stored: those of each
        device in the order of their sequence.

        ``GarbledCommit`` at the first whose bytes are no commit.
        """

    def last_commits(
        self, device_id: DeviceId, *, before: int | None = None, limit: int
    ) -> list[Commit]:
        """So many commits of that device, the newest first: the last ones, or those whose sequence
        is below ``before``.
        """

    def last_commits_of_import(
        self, import_id: ImportId, *, before: CommitId | None = None, limit: int
    ) -> list[Commit]:
        """So many commits of that import, the one stored last first: the last ones, or those stored
        ahead of ``before``.
        """

    def commit_ids(self, first: UUID, last: UUID, *, limit: int) -> list[CommitId]:
        """So many ids of commits from ``first`` to ``last``, both included, in their order."""

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        """The events of one aggregate beyond that position, in order.

        ``Garbled`` where the bytes of one are no event.
        """

    def streams(self) -> Iterator[tuple[UUID, list[StreamEvent]]]:
        """Every aggregate's stream, whole, in the order of their ids: what is folded of it.

        ``Garbled`` at one whose bytes are no events.
        """

    def misplaced(self, *, after: int | None = None) -> "Misplaced | None":
        """The first number in the tables of the log, if any, that is not the one that follows from
        the rest: where a commit is in the log or the queue, in which order events were stored. No
        seal covers these numbers, because another device has others.

        ``after``: a former ``head``. Then only where the commits stored since are is looked at.
        """

    def get(self, kind: type[R], *key: KeyValue) -> R | None:
        """The view row with that primary key."""

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: object) -> Iterator[R]:
        """The rows whose columns equal these values, in the order of their primary key.

        ``Garbled`` at one whose bytes are no such row.
        """

    def rows_with_ids(self, kind: type[R], ids: Collection[UUID]) -> dict[UUID, R]:
        """The rows with these ids, by id; what is not there is left out."""

    def page(
        self,
        kind: type[R],
        query: ListQuery,
        *,
        limit: int,
        beyond: Cursor | None = None,
        backwards: bool = False,
    ) -> list[R]:
        """So many rows of a list, in its order: the first, or those right behind ``beyond``;
        ``backwards``: the last, or those right before it.

        ``ValueError`` where rows of that kind cannot be listed like that (``lists.check``),
        ``Garbled`` at one whose bytes are no such row.
        """

    def count(self, kind: type[Row], query: ListQuery, *, most: int) -> int:
        """How many rows a list has; ``most`` where it has that many or more. Raises as ``page``."""

    def has_code(self, code: str, *kinds: type[Row]) -> bool:
        """Whether a row of one of these kinds bears that code, however it is spelt."""

    def candidates(
        self,
        kind: type[RawLotRow] | type[FinishedLotRow],
        product_id: ProductId,
        policy: Policy,
        *,
        on: date,
    ) -> Iterator[LotId]:
        """The lots that may serve, in the order of the policy.

        Those of the product with status AVAILABLE, entered by ``on`` and not expired then.
        """

    def stock(self, *, on: date) -> list[StockLine]:
        """What is there once all that is recorded has happened, whatever its date, usable as judged
        on that day; products with nothing are left out.
        """

    def held_at(self, day: date) -> dict[LotId, int]:
        """By lot, what it held when ``day`` ended: the sum of its movements dated up to then. Lots
        for which that is nothing are left out.
        """

    def moved_after(self, day: date) -> dict[LotId, int]:
        """By lot, the sum of its movements dated after that day; lots without any are left out."""

    def moved_by_day(self, *, first: date, last: date) -> list[DayMovement]:
        """The movements dated from ``first`` to ``last``, both included, summed up by day, product
        and kind, and in that order.
        """

    def audit(self, *, limit: int) -> list[AuditEntry]:
        """The newest refusals and accesses, newest first."""

    def audit_page(
        self, query: AuditQuery, *, before: int | None = None, limit: int
    ) -> list[AuditRecord]:
        """The newest records of the audit of this device that the query covers, newest first, of
        those numbered below ``before``.
        """

    def audit_records(self, *, after: int = 0, limit: int | None = None) -> Iterator[AuditRecord]:
        """The records of the audit of this device beyond that number, in order.

        ``Garbled`` at one whose bytes are no such record.
        """

    def received_audit(
        self, *, after: int = 0, limit: int | None = None
    ) -> Iterator[ReceivedAudit]:
        """At a server: the audit records that devices sent, beyond that position, in the order in
        which they were received. ``Garbled`` as above.
        """

    def is_audit_received(self, record_hash: bytes) -> bool:
        """At a server: whether it keeps a record under that hash."""

    def received_audit_under(self, record_hash: bytes) -> ReceivedAudit | None:
        """At a server: the record that it keeps under that hash. ``Garbled`` as above."""

    def received_audit_at(self, device_id: DeviceId, sequence: int) -> set[bytes]:
        """At a server: the hashes of the records of that device and number."""

    def last_received_audit(self, device_id: DeviceId) -> int:
        """At a server: the highest number of a record of that device; 0 where there is none."""

    def setting(self, name: str) -> str | None:
        """A value of this device's own configuration."""


class Transaction(Snapshot, Protocol):
    """The only writer while it lasts: what it stores is there whole, or not at all."""

    def look_ahead(self, aggregate_ids: Collection[UUID]) -> None:
        """These streams will be asked for one by one: what can be found out of all at once."""

    def append(self, commit: Commit) -> None:
        """Store the commit after all others, pending, its events at the ends of their streams.

        ``CommitExists`` when its id is taken.
        """

    def enter(self, entry: LogEntry) -> None:
        """Take the next entry of the log in: its effects stand at the ends of their streams.

        A pending commit must have been taken back before; one under another seal is replaced. One
        that an earlier entry parked receives these effects beside those it had.
        """

    def confirm(self, entry: LogEntry) -> None:
        """Take the next entry in, where the commit is pending and was predicted as it came out:
        its events stay where they are.
        """

    def roll_back(self, commit_id: CommitId) -> None:
        """Remove the effects of a pending commit from their streams, where they come last; the
        commit stays, pending.
        """

    def predict(self, commit_id: CommitId, effective: tuple[Recorded, ...] | None) -> None:
        """Give a pending commit that was taken back these effects (None: as recorded), at the ends
        of their streams.
        """

    def reopen(self) -> CommitId:
        """Remove the last entry from the log and its effects from their streams; the commit stays,
        pending, unless an earlier entry parked it.
        """

    def reseal(self, commit_id: CommitId, commit: Commit) -> None:
        """Put this in the place of a pending commit that was taken back: the same events under
        another seal, and where the day was none, on its day; another command where it reports that
        its id was used by others first.
        """

    def move_to_end(self, commit_id: CommitId) -> None:
        """Put a pending commit that was taken back behind all other commits, as if it were stored
        now. Its seal and its signature stay as they are.
        """

    def set_tip(self, device_id: DeviceId, tip: Tip) -> None:
        """Say where that device's chain stands."""

    def put(self, rows: Iterable[Row]) -> None:
        """Write view rows, replacing those with the same primary key and the same ``FIXED``."""

    def drop(self, rows: Iterable[Row]) -> None:
        """Delete view rows, by their primary key."""

    def drop_views(self) -> None:
        """Empty every view table; the log stays."""

    def set_setting(self, name: str, value: str) -> None:
        """Change a value of this device's own configuration."""

    def write_audit(self, record: AuditRecord) -> None:
        """Store the record of this device's audit, in the place of the one with its number."""

    def remove_audit(self, *, up_to: int) -> None:
        """Remove the records of this device's audit up to that number."""

    def receive_audit(self, record: AuditRecord, *, at: datetime, fault: str) -> None:
        """At a server: keep what a device sent, received at that instant (``ReceivedAudit``)."""

    def remove_received_audit(self, *, before: datetime) -> None:
        """At a server: remove what was received before that instant, but for the last record of
        each device.
        """


class Store(Protocol):
    """Where the log of commits and its views are kept. What goes wrong with the file or the server
    is raised as the adapter's own error, never as ``Refused``.
    """

    def writing(self, *, durable: bool = True) -> AbstractContextManager[Transaction]:
        """The one transaction that writes. ``durable=False``: may be lost by a power cut (never
        torn), for what can be made again from elsewhere.
        """

    def reading(self) -> AbstractContextManager[Snapshot]:
        """A snapshot."""

    def note(self, entry: AuditEntry) -> None:
        """Keep a refusal or an access, in a transaction of its own."""

    def damaged_pages(self) -> list[str] | None:
        """What is wrong with the file itself, in the words of the database: each page is read, also
        those that no query needs. Empty where all is well, or where there are no pages to check;
        None where they cannot be checked now.
        """


class CommitExists(Exception):
    """A commit with that id is already stored."""


class Garbled(Exception):
    """The stored bytes were changed since this program wrote them."""


@frozen(kw_only=True)
class GarbledCommit(Garbled):
    """A commit that cannot be decoded. Its fields hold what could be; the others are None."""

    commit_id: CommitId | None
    device_id: DeviceId | None
    sequence: int
    on: date | None
