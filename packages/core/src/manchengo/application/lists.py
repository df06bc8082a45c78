"""Lists for screens: one page after the other, each with the names that belong beside its rows."""

# Help then says ``Row``, and not the module that it comes from.
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from attrs import frozen

from manchengo.ports.lists import AboveZero, Between, Condition, Cursor, ListQuery, cursor_of, rank
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot

R = TypeVar("R", bound=Row)

PAGE_SIZE = 50
"""How many rows a page has, unless another number is asked for."""

MOST_COUNTED = 10_000
"""A list is counted up to here: of a longer one, its reader learns that it is longer."""

READ_AT_ONCE = 500
"""How many rows of a list that is read whole are in memory."""

EVERYTHING = ListQuery()
"""All rows, in the order in which things were recorded."""


@frozen(kw_only=True)
class Page(Generic[R]):
    """One page of a list. ``named``: the rows that its rows name (product, supplier, client …), by
    their ids. ``before``: the place before which the page before this one ends; ``after``: the
    place after which the next one begins; None where there is no such page.
    """

    rows: tuple[R, ...]
    named: Mapping[UUID, Row]
    before: Cursor | None
    after: Cursor | None


@frozen(kw_only=True)
class Count:
    """How many rows a list has. ``is_exact``: False where there are more than that."""

    rows: int
    is_exact: bool


@frozen
class Lists:
    """Lists of view rows (``manchengo.rows``), as a screen shows them. Each answer is of one
    consistent moment. Whatever others write between two pages, a row that nobody changes is on
    exactly one page.

    One kind of row is listed, or several as one where both have the columns that the list asks
    about (raw and finished lots). Both methods raise ``ValueError`` where rows have no such column
    or are not sorted by it, and ``NotPermitted`` where the actor may not read a column that the
    list is filtered, searched or sorted by.
    """

    _reading: Callable[[], AbstractContextManager[Snapshot]]

    def page(
        self,
        *kinds: type[R],
        query: ListQuery = EVERYTHING,
        size: int = PAGE_SIZE,
        after: Cursor | None = None,
        before: Cursor | None = None,
    ) -> Page[R]:
        """The first ``size`` rows of the list that ``query`` describes, or those right ``after`` a
        place in it, or right ``before`` one.
        """
        backwards = before is not None
        beyond = before if backwards else after
        with self._reading() as snapshot:
            rows = [
                row
                for kind in kinds
                for row in snapshot.page(
                    kind, query, limit=size + 1, beyond=beyond, backwards=backwards
                )
            ]
            rows.sort(key=lambda row: rank(row, query), reverse=query.descending)
            shown = tuple(rows[-size:] if backwards else rows[:size])
            named = named_by(snapshot, shown)
        is_more = len(rows) > size
        has_before = is_more if backwards else after is not None
        has_after = True if backwards else is_more
        return Page(
            rows=shown,
            named=named,
            before=cursor_of(shown[0], query) if shown and has_before else None,
            after=cursor_of(shown[-1], query) if shown and has_after else None,
        )

    def count(self, *kinds: type[Row], query: ListQuery = EVERYTHING) -> Count:
        """How many rows the list that ``query`` describes has; of more than ten thousand, that they
        are more.
        """
        found = 0
        with self._reading() as snapshot:
            for kind in kinds:
                found += snapshot.count(kind, query, most=MOST_COUNTED + 1 - found)
        return Count(rows=min(found, MOST_COUNTED), is_exact=found <= MOST_COUNTED)


def every_row(snapshot: Snapshot, kind: type[R], query: ListQuery) -> Iterator[R]:
    """Every row of a list, in its order, read some at a time."""
    place: Cursor | None = None
    while rows := snapshot.page(kind, query, limit=READ_AT_ONCE, beyond=place):
        yield from rows
        place = cursor_of(rows[-1], query)


def expiring_between(first: date | None, last: date | None, *more: Condition) -> ListQuery:
    """The lots that hold something and expire on these days, both included; ``first`` None: however
    long ago; ``last`` None: however late.
    """
    where = (AboveZero("quantity_remaining"), Between("expires_on", first=first, last=last), *more)
    return ListQuery(where=where, sort="expires_on")


def named_by(snapshot: Snapshot, rows: Iterable[Row]) -> dict[UUID, Row]:
    """The rows that these name (``Row.NAMES``), by id: one question for each kind of them."""
    wanted: dict[type[Row], dict[UUID, None]] = {}
    for row in rows:
        for each in row.NAMES:
            named_id = getattr(row, each.column)
            if named_id is not None:
                for kind in each.kinds:
                    wanted.setdefault(kind, {})[named_id] = None
    found: dict[UUID, Row] = {}
    for kind, ids in wanted.items():
        found.update(snapshot.rows_with_ids(kind, list(ids)))
    return found
