"""A page of fifty lots out of many takes less than a tenth of a second.

Beside it stand fifty look-ups by key.

What no index gives at once (a search, another order than that of recording) looks at every lot, in
an index that is smaller than the table.
"""

import random
from collections.abc import Callable
from pstats import Stats

from manchengo.domain.ids import LotId
from manchengo.ports.lists import AboveZero, Cursor, ListQuery, OneOf, cursor_of
from manchengo.ports.rows import RawLotRow
from manchengo.ports.store import Snapshot
from tests.bench.in_turn import Rounds, in_turn, timed
from tests.bench.lookup import PRODUCTS, filled
from tests.bench.row import AtMost, Finding, Row, Setting, stats_of, within
from tests.bench.workshop import workshop

LOTS = 100_000
SIZE = 50
AT_ONCE = AtMost(100, " ms")
"""What a person does not wait for: docs/performance.md."""
NEWEST = ListQuery(descending=True)
LISTS = {
    "newest first": NEWEST,
    "open, first to expire": ListQuery(where=(AboveZero("quantity_remaining"),), sort="expires_on"),
    "of one product": ListQuery(where=(OneOf("product_id", (PRODUCTS[7],)),), descending=True),
    "search, found": ListQuery(search="l7", descending=True),
    "search, nowhere": ListQuery(search="introuvable", descending=True),
    "all by day of entry": ListQuery(sort="entered_on", descending=True),
}
"""The lists that are measured: by which words of the screen, and how the store is asked."""


def measure(setting: Setting) -> list[Finding]:
    with workshop(filled(setting, LOTS)) as made, made.store.reading() as snapshot:
        ids = [row.id for row in snapshot.rows(RawLotRow)]
        return [
            finding
            for name, query in LISTS.items()
            for finding in _of_list(setting, snapshot, ids, name, query)
        ]


def _of_list(
    setting: Setting, snapshot: Snapshot, ids: list[LotId], name: str, query: ListQuery
) -> list[Finding]:
    middle = cursor_of(_any(snapshot, ids), query)
    pages: dict[str, Callable[[], object]] = {
        "first": lambda: _page(snapshot, query),
        "middle": lambda: _page(snapshot, query, beyond=middle),
        "last": lambda: _page(snapshot, query, backwards=True),
    }
    return [
        _finding(
            f"{name}, {which} page",
            Rounds(
                *in_turn(
                    5 if setting.quick else 15,
                    lambda: timed(page),  # noqa: B023 - called at once
                    lambda: timed(lambda: _look_up(snapshot, random.sample(ids, SIZE))),
                )
            ),
        )
        for which, page in pages.items()
    ]


def _finding(name: str, rounds: Rounds) -> Finding:
    note = f"{name}; {SIZE} of {LOTS:,} lots; beside: {SIZE} of them by key, one by one"
    return within("list_page", rounds, AT_ONCE, note=note)


def _page(
    snapshot: Snapshot, query: ListQuery, *, beyond: Cursor | None = None, backwards: bool = False
) -> list[RawLotRow]:
    return snapshot.page(RawLotRow, query, limit=SIZE, beyond=beyond, backwards=backwards)


def _look_up(snapshot: Snapshot, ids: list[LotId]) -> list[RawLotRow | None]:
    return [snapshot.get(RawLotRow, lot_id) for lot_id in ids]


def _any(snapshot: Snapshot, ids: list[LotId]) -> RawLotRow:
    row = snapshot.get(RawLotRow, ids[len(ids) // 2])
    assert row is not None
    return row


def profiled(setting: Setting) -> Stats:
    with workshop(filled(setting, LOTS)) as made, made.store.reading() as snapshot:
        return stats_of(lambda: [_page(snapshot, query) for query in LISTS.values()])


ROW = Row(
    name="list_page",
    about="a page of fifty among 100,000 lots, beside fifty look-ups by key",
    measure=measure,
    profiled=profiled,
)
