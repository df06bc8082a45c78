"""Which orders were given other lots than those chosen when they were recorded, and which lots."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo import codec
from manchengo.application.facts import CHOSEN
from manchengo.application.permitted_snapshot import whole
from manchengo.application.unit_of_work import decoded_event
from manchengo.domain.commit import Commit, Recorded
from manchengo.domain.ids import CommitId
from manchengo.domain.production_order import MaterialPick
from manchengo.domain.sales_order import StockPick
from manchengo.events import EVENTS, Intent
from manchengo.ports.rows import DeliveryRow, ProductionOrderRow, Row, SalesOrderRow
from manchengo.ports.store import Snapshot

Pick = MaterialPick | StockPick

STORED = frozenset(name for name, schema in EVENTS.items() if isinstance(schema.nature, Intent))

UNFINISHED: dict[type[Row], frozenset[str]] = {
    ProductionOrderRow: frozenset({"started"}),
    SalesOrderRow: frozenset({"confirmed", "partly_delivered"}),
    DeliveryRow: frozenset({"prepared"}),
}
"""The states of an order in which people have yet to take its chosen lots."""


@frozen(kw_only=True)
class Rechosen:
    """``kind``: ``sales_order``, ``production_order`` or ``delivery``, as it is stored. ``before``:
    the lots that were recorded, without those that stay; ``after``: what it was given instead.
    Nothing of either had moved.
    """

    kind: str
    order_id: UUID
    commit_id: CommitId
    before: tuple[Pick, ...]
    after: tuple[Pick, ...]


def rechosen(commit: Commit, effects: Iterable[Recorded]) -> Iterator[Rechosen]:
    """The orders for which the verdict chose other lots than their commit recorded."""
    recorded = {event.aggregate_id: picks for event, picks in _choices(commit.events)}
    for event, picks in _choices(effects):
        before = recorded.get(event.aggregate_id, picks)
        if picks != before:
            yield Rechosen(
                kind=event.aggregate_type,
                order_id=event.aggregate_id,
                commit_id=commit.id,
                before=tuple(pick for pick in before if pick not in picks),
                after=tuple(pick for pick in picks if pick not in before),
            )


def is_unfinished(snapshot: Snapshot, order: Rechosen) -> bool:
    """Whether people have yet to take the chosen lots."""
    return any(
        (row := snapshot.get(kind, order.order_id)) is not None and _status(row) in states
        for kind, states in UNFINISHED.items()
    )


def still_rechosen(snapshot: Snapshot) -> Iterator[Rechosen]:
    """Those of the orders that were given other lots and still wait for them."""
    snapshot = whole(snapshot)
    for kind, states in UNFINISHED.items():
        for row in snapshot.rows(kind):
            if _status(row) in states:
                yield from _of_order(snapshot, row.key()[0])


def _status(row: Row) -> str:
    return str(getattr(row, "status", ""))


def _of_order(snapshot: Snapshot, order_id: Any) -> Iterator[Rechosen]:
    for entry in snapshot.stream(order_id):
        commit = snapshot.commit(entry.commit_id)
        if commit is not None and entry.event not in commit.events:
            yield from rechosen(commit, (entry.event,))


def _choices(events: Iterable[Recorded]) -> Iterator[tuple[Recorded, tuple[Pick, ...]]]:
    for event in events:
        if event.event_type in STORED:
            try:
                known = decoded_event(event)
            except codec.Unreadable:
                continue
            yield event, getattr(known, CHOSEN[type(known)])
