"""What the pages of orders and deliveries share: what is not over, and the lots kept for it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

from manchengo.application import by_code
from manchengo.application.holds import holds_of_order
from manchengo.ports.lists import OneOf
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    ProductionOrderRow,
    Row,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters.formatting import plain
from manchengo_presenters.listing import Asked, listed

R = TypeVar("R", bound=Row)
Shape = dict[str, Any]

OPEN_STATES: dict[type[Row], tuple[str, ...]] = {
    ProductionOrderRow: ("planned", "started"),
    SalesOrderRow: ("placed", "confirmed", "partly_delivered"),
    DeliveryRow: ("prepared", "dispatched"),
}
"""The states of what is not over."""


def open_rows(
    snapshot: Snapshot, kind: type[R], *, everything: bool, asked: Asked | None = None
) -> list[R]:
    """The rows that are not over (or all), the latest last; ``asked``: as that says.

    Raises ``Unknown`` where it begins behind a code that nothing has.
    """
    if asked is not None:
        where = () if everything else (OneOf("status", OPEN_STATES[kind]),)
        after = by_code.coded(snapshot, kind, asked.after) if asked.after else None
        return listed(snapshot, (kind,), asked, *where, after=after)
    if everything:
        rows = list(snapshot.rows(kind))
    else:
        rows = [row for state in OPEN_STATES[kind] for row in snapshot.rows(kind, status=state)]
    return sorted(rows, key=lambda row: (getattr(row, "day"), getattr(row, "code")))  # noqa: B009


def reserved(snapshot: Snapshot, owner: Any, on: date) -> Iterator[Shape]:
    """What is kept for an order, for JSON, one a lot."""
    for hold in holds_of_order(snapshot, owner, on):
        yield {
            "lot": hold.lot,
            "quantity": plain(hold.quantity),
            "unit": hold.unit,
            "unfit": hold.why.value if hold.why else None,
        }


def client_of(snapshot: Snapshot, client_id: Any) -> ClientRow:
    """The client of an order, which has one."""
    row = snapshot.get(ClientRow, client_id)
    assert row is not None, "an order is a client's"
    return row


def client_choices(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """The clients from whom one chooses, by id, with their words: those not archived, by name."""
    clients = sorted(
        (row for row in snapshot.rows(ClientRow) if not row.archived), key=lambda row: row.name
    )
    return tuple((str(row.id), f"{row.name} ({row.code})") for row in clients)
