"""Two versions of the program at once: some nodes know an event that others will learn later.

All nodes of a run share one process, so the program is put on when a node starts to work and taken
off when it has done: what an older one does not know is not in its codec.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import evolve, frozen

from manchengo.commands import COMMANDS
from manchengo.events import EVENTS
from manchengo.schemas import Json


@frozen
class Program:
    """``lacks``: stored names that it has never heard of. ``renewed``: events of which it writes a
    second version, that older programs cannot read.
    """

    name: str
    lacks: frozenset[str] = frozenset()
    renewed: frozenset[str] = frozenset()

    @contextmanager
    def running(self) -> Iterator[None]:
        kept = [dict(table) for table, _ in TABLES]
        for table, shipped in TABLES:
            _becomes(table, {name: schema for name, schema in shipped.items() if self.knows(name)})
        for name in self.renewed:
            known = EVENTS[name]
            EVENTS[name] = evolve(known, upcasters=(*known.upcasters, _as_it_was))
        try:
            yield
        finally:
            for (table, _), before in zip(TABLES, kept, strict=True):
                _becomes(table, before)

    def knows(self, name: str) -> bool:
        return name not in self.lacks


TABLES: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = tuple(
    (table, dict(table)) for table in (EVENTS, COMMANDS)
)
"""What the codec reads from, and what was shipped in it."""


def _becomes(table: dict[str, Any], content: dict[str, Any]) -> None:
    table.clear()
    table.update(content)


def _as_it_was(document: Json) -> Json:
    return document


SHIPPED = Program("as shipped")

UPGRADES: tuple[tuple[Program, Program], ...] = (
    (Program("without quarantine", frozenset({"lot.quarantined", "lot.quarantine"})), SHIPPED),
    (Program("without new names", frozenset({"client.details_changed", "client.change"})), SHIPPED),
    (Program("without closing", frozenset({"sales_order.closed", "sales_order.close"})), SHIPPED),
    (
        Program(
            "without counts",
            frozenset(
                {
                    *("lot.counted", "lot.count"),
                    *("lot.count_taken_back", "lot.take_back_count"),
                }
            ),
        ),
        SHIPPED,
    ),
    (
        Program(
            "without opening stock",
            frozenset({"lot.opening_stock_entered", "lot.enter_opening_stock"}),
        ),
        SHIPPED,
    ),
    (Program("without corrections", frozenset({"lot.corrected", "lot.correct"})), SHIPPED),
    (
        Program(
            "without taking back",
            frozenset(
                {
                    *("lot.voided", "lot.void", "delivery.unloaded", "delivery.unload"),
                    *("lot.taken_back", "production_order.material_taken_back"),
                    "production_order.take_back",
                    *("production_order.reopened", "production_order.reopen"),  # voids lots
                }
            ),
        ),
        SHIPPED,
    ),
    (
        Program(
            "without reopening",
            frozenset(
                f"{kind}.{step}"
                for kind in ("production_order", "sales_order", "delivery")
                for step in ("reopened", "reopen")
            ),
        ),
        SHIPPED,
    ),
    (SHIPPED, Program("with another write-off", renewed=frozenset({"lot.written_off"}))),
    (SHIPPED, Program("with other prices", renewed=frozenset({"product.details_changed"}))),
    (SHIPPED, Program("with another pouring", renewed=frozenset({"lot.consumed"}))),
)
"""What some nodes begin with, and what all have in the end."""
