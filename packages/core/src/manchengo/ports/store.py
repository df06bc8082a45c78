"""Where commits, views and the record of refusals are kept.

A *snapshot* sees one consistent moment and never waits for a writer. A *transaction* is the only
writer while it lasts; leaving it normally makes all of it durable at once, leaving it by an
exception leaves no trace of it.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from attrs import frozen

from manchengo.domain.allocation import Policy
from manchengo.domain.commit import Commit, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId, ImportId, LotId, ProductId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.rows import FinishedLotRow, RawLotRow, Row

R = TypeVar("R", bound=Row)


@frozen
class Entry:
    """One event in an aggregate's stream. ``position`` counts from 1, with no gap."""

    position: int
    commit_id: CommitId
    import_id: ImportId | None
    event: Recorded


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


class Snapshot(Protocol):
    def head(self) -> int:
        """A number that grows with every commit stored; 0 in an empty log."""

    def tip(self, device_id: DeviceId) -> Tip:
        """Where that device's chain stands; ``START`` when it has not written."""

    def tips(self) -> dict[DeviceId, Tip]:
        """Where the chain of every device that ever wrote here stands."""

    def commit(self, commit_id: CommitId) -> Commit | None:
        """That commit whole, or None."""

    def known(self, commit_ids: Collection[CommitId]) -> set[CommitId]:
        """Those of these commits that are stored."""

    def commits(self, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        """All commits (or those of one import), whole, in the order they were stored.

        ``GarbledCommit`` at the first whose bytes are no commit.
        """

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        """The events of one aggregate beyond that position, in order."""

    def streams(self) -> Iterator[tuple[UUID, list[Entry]]]:
        """Every aggregate's stream, whole, in the order of their ids."""

    def get(self, kind: type[R], *key: UUID | int | str) -> R | None:
        """The view row with that primary key."""

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: object) -> Iterator[R]:
        """The rows whose columns equal these values, in the order of their primary key.

        ``Garbled`` at one whose bytes are no such row.
        """

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
        """What is there now, usable as judged on that day; products with nothing are left out."""

    def stock_at(self, day: date) -> list[StockLine]:
        """What was there when ``day`` ended, usable as judged on that day."""

    def audit(self, *, limit: int) -> list[AuditEntry]:
        """The newest refusals and accesses, newest first."""

    def setting(self, name: str) -> str | None:
        """A value of this device's own configuration."""


class Transaction(Snapshot, Protocol):
    def append(self, commit: Commit) -> None:
        """Store the commit after all others, its events at the ends of their streams, and queue it.

        ``CommitExists`` when its id is taken.
        """

    def put(self, rows: Iterable[Row]) -> None:
        """Write view rows, replacing those with the same primary key and the same ``FIXED``."""

    def drop(self, rows: Iterable[Row]) -> None:
        """Delete view rows, by their primary key."""

    def drop_views(self) -> None:
        """Empty every view table; the log stays."""

    def set_setting(self, name: str, value: str) -> None:
        """Change a value of this device's own configuration."""


class Store(Protocol):
    def writing(self, *, durable: bool = True) -> AbstractContextManager[Transaction]:
        """The one transaction that writes. ``durable=False``: may be lost by a power cut (never
        torn), for what can be made again from elsewhere.
        """

    def reading(self) -> AbstractContextManager[Snapshot]:
        """A snapshot."""

    def note(self, entry: AuditEntry) -> None:
        """Keep a refusal or an access, in a transaction of its own."""


class CommitExists(Exception):
    """A commit with that id is already stored."""


class Garbled(Exception):
    """What is stored there was never written by this program: it was changed since."""


@frozen(kw_only=True)
class GarbledCommit(Garbled):
    """A commit that cannot even be read; of it, what still could. None: that neither."""

    commit_id: CommitId | None
    device_id: DeviceId | None
    sequence: int
    on: date | None
