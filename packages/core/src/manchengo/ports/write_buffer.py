"""Which reads of a transaction must first write what it holds; the same for both databases.

A transaction holds what it adds until much can be written at once, and its own reads must see it.
An adapter's buffer derives from this class and then from its snapshot: it says how the held rows
are written (``flush``), and answers by itself the reads that its own tables make cheaper.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

from manchengo.domain.allocation import Policy
from manchengo.domain.commit import Commit, LogEntry, Tip
from manchengo.domain.ids import CommitId, DeviceId, ImportId, LotId, ProductId
from manchengo.domain.names import comparison_key
from manchengo.ports.lists import Cursor, ListQuery
from manchengo.ports.rows import FinishedLotRow, Key, RawLotRow, Row
from manchengo.ports.store import (
    DayMovement,
    Misplaced,
    Pending,
    Snapshot,
    StockLine,
    StreamEvent,
)

R = TypeVar("R", bound=Row)

ROWS_BUFFERED = 5_000
"""How many rows and events are held before they are written: bounds the memory of a batch."""


class WriteBuffer(ABC):
    """The reads of a snapshot, behind a ``flush`` where the held rows could change the answer."""

    _rows: Mapping[type[Row], Mapping[Key, Row | None]]
    """The held rows of the views, by their keys."""

    def __init__(self) -> None:
        self._touched: set[UUID] = set()
        self._tips: dict[DeviceId, Tip] = {}
        self._moved_tips: set[DeviceId] = set()
        self._firsts: dict[type[Row], dict[frozenset[Any], list[Any]]] = {}
        self._codes: set[tuple[type[Row], str]] = set()
        self._gathered = 0

    @abstractmethod
    def flush(self) -> None:
        """Write all that is held."""

    @property
    def _written(self) -> Snapshot:
        """The reads of the adapter's snapshot, which see only what is written."""
        return cast("Snapshot", super())

    def _gather_row(self, row: Row) -> None:
        """Take note of a row that the adapter holds from now on."""
        self._firsts.pop(type(row), None)
        key = getattr(row, "code_key", None)
        if key is not None:
            self._codes.add((type(row), key))
        self._gather(1)

    def _gather(self, count: int) -> None:
        self._gathered += count
        if self._gathered >= ROWS_BUFFERED:
            self.flush()

    def _clear_gathered(self) -> None:
        """Forget what was held, once it is written."""
        self._touched.clear()
        self._moved_tips.clear()
        self._codes.clear()
        self._gathered = 0

    # What is read must see what was gathered.

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogEntry]:
        self.flush()
        return self._written.entries(after=after, limit=limit)

    def pending(
        self, *, after: CommitId | None = None, limit: int | None = None
    ) -> Iterator[Pending]:
        self.flush()
        return self._written.pending(after=after, limit=limit)

    def count_pending(self) -> int:
        self.flush()
        return self._written.count_pending()

    def last_entry_by(self, device_id: DeviceId) -> LogEntry | None:
        self.flush()
        return self._written.last_entry_by(device_id)

    def last_commits(
        self, device_id: DeviceId, *, before: int | None = None, limit: int
    ) -> list[Commit]:
        self.flush()
        return self._written.last_commits(device_id, before=before, limit=limit)

    def last_commits_of_import(
        self, import_id: ImportId, *, before: CommitId | None = None, limit: int
    ) -> list[Commit]:
        self.flush()
        return self._written.last_commits_of_import(import_id, before=before, limit=limit)

    def commit_ids(self, first: UUID, last: UUID, *, limit: int) -> list[CommitId]:
        self.flush()
        return self._written.commit_ids(first, last, limit=limit)

    def tip_in_log(self, device_id: DeviceId) -> Tip:
        self.flush()
        return self._written.tip_in_log(device_id)

    def tip(self, device_id: DeviceId) -> Tip:
        if device_id not in self._tips:
            self._tips[device_id] = self._written.tip(device_id)
        return self._tips[device_id]

    def tips(self) -> dict[DeviceId, Tip]:
        self.flush()
        return self._written.tips()

    def misplaced(self, *, after: int | None = None) -> Misplaced | None:
        self.flush()
        return self._written.misplaced(after=after)

    def commits(self, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        self.flush()
        return self._written.commits(import_id=import_id)

    def streams(self) -> Iterator[tuple[UUID, list[StreamEvent]]]:
        self.flush()
        return self._written.streams()

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: Any) -> Iterator[R]:
        # A row keeps its code: one that was gathered stands for no other than its own.
        gathered = self._rows[kind]
        if gathered and (equal.keys() != {"code_key"} or (kind, equal["code_key"]) in self._codes):
            self.flush()
        if limit != 1 or "code_key" in equal:
            return self._written.rows(kind, limit=limit, **equal)
        # Whether there is any such row at all is asked at every commit.
        firsts = self._firsts.setdefault(kind, {})
        asked = frozenset(equal.items())
        if asked not in firsts:
            firsts[asked] = list(self._written.rows(kind, limit=1, **equal))
        return iter(firsts[asked])

    def rows_with_ids(self, kind: type[R], ids: Collection[UUID]) -> dict[UUID, R]:
        self.flush()
        return self._written.rows_with_ids(kind, ids)

    def page(
        self,
        kind: type[R],
        query: ListQuery,
        *,
        limit: int,
        beyond: Cursor | None = None,
        backwards: bool = False,
    ) -> list[R]:
        self.flush()
        return self._written.page(kind, query, limit=limit, beyond=beyond, backwards=backwards)

    def count(self, kind: type[Row], query: ListQuery, *, most: int) -> int:
        self.flush()
        return self._written.count(kind, query, most=most)

    def has_code(self, code: str, *kinds: type[Row]) -> bool:
        key = comparison_key(code)
        if any((kind, key) in self._codes for kind in kinds):
            self.flush()
        return self._has_written_code(key, kinds)

    def _has_written_code(self, key: str, kinds: tuple[type[Row], ...]) -> bool:
        """``key``: the comparison key of the code."""
        return self._written.has_code(key, *kinds)

    def candidates(
        self,
        kind: type[RawLotRow] | type[FinishedLotRow],
        product_id: ProductId,
        policy: Policy,
        *,
        on: date,
    ) -> Iterator[LotId]:
        if self._rows[kind]:
            self.flush()
        return self._written.candidates(kind, product_id, policy, on=on)

    def stock(self, *, on: date) -> list[StockLine]:
        self.flush()
        return self._written.stock(on=on)

    def held_at(self, day: date) -> dict[LotId, int]:
        self.flush()
        return self._written.held_at(day)

    def moved_after(self, day: date) -> dict[LotId, int]:
        self.flush()
        return self._written.moved_after(day)

    def moved_by_day(self, *, first: date, last: date) -> list[DayMovement]:
        self.flush()
        return self._written.moved_by_day(first=first, last=last)
