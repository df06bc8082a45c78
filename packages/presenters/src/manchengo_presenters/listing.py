"""A list as somebody asks for it: what it looks for, in which order, how much of it."""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from attrs import evolve, frozen

from manchengo.ports.lists import Condition, ListQuery, cursor_of, rank
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot

R = TypeVar("R", bound=Row)

SORTS: dict[str, str | None] = {
    "recorded": None,
    "code": "code_key",
    "name": "search_text",
    "entered": "entered_on",
    "expires": "expires_on",
    "date": "day",
    "wanted": "wanted_on",
}
"""The orders by the words for them, each with its column; None: that of recording."""

AT_ONCE = 500


@frozen(kw_only=True)
class Asked:
    """``search``: the words to look for. ``sort``: one of ``SORTS``. ``reverse``: the last first.
    ``limit``: at most so many; None: all. ``after``: the code of the row behind which to begin.
    """

    search: str = ""
    sort: str = "recorded"
    reverse: bool = False
    limit: int | None = None
    after: str | None = None

    @property
    def query(self) -> ListQuery:
        """The same, for the store; the conditions are still to be added."""
        return ListQuery(search=self.search, sort=SORTS[self.sort], descending=self.reverse)


def sorts_of(kind: type[Row]) -> tuple[str, ...]:
    """The orders in which rows of that kind can be listed."""
    return tuple(name for name, column in SORTS.items() if column is None or column in kind.SORTED)


def listed(
    snapshot: Snapshot,
    kinds: Sequence[type[R]],
    asked: Asked,
    *where: Condition,
    after: Row | None = None,
) -> list[R]:
    """The rows of a list, those of several kinds as one. ``after``: the row behind which it begins,
    if it does not begin at the beginning.
    """
    query = evolve(asked.query, where=where)
    rows = [row for kind in kinds for row in _of_kind(snapshot, kind, query, asked.limit, after)]
    rows.sort(key=lambda row: rank(row, query), reverse=query.descending)
    return rows[: asked.limit]


def _of_kind(
    snapshot: Snapshot, kind: type[R], query: ListQuery, limit: int | None, after: Row | None
) -> list[R]:
    place = cursor_of(after, query) if after else None
    found: list[R] = []
    while limit is None or len(found) < limit:
        size = AT_ONCE if limit is None else min(AT_ONCE, limit - len(found))
        page = snapshot.page(kind, query, limit=size, beyond=place)
        found += page
        if len(page) < size:
            break
        place = cursor_of(cast(Any, page[-1]), query)
    return found
