"""From a typed name to the user who bears it."""

from collections.abc import Iterator
from typing import cast
from uuid import UUID

from manchengo.application.unit_of_work import folded_events
from manchengo.application.views.projection import rows
from manchengo.domain.aggregates import USER, AnyAggregate
from manchengo.domain.errors import Ambiguous, Unknown
from manchengo.domain.ids import UserId
from manchengo.domain.names import comparison_key
from manchengo.ports.rows import UserRow
from manchengo.ports.store import Snapshot


def user_named(snapshot: Snapshot, name: str, *, active: bool = False) -> UserRow:
    """The user of that name, whatever its case and accents, or of that identifier. ``active``: only
    users who have not left.

    Raises ``Unknown``. Old databases may hold several users of one name: then the one of exactly
    that spelling, or ``Ambiguous``.
    """
    bearers = [row for row in bearers_of(snapshot, name) if row.active or not active]
    exact = [row for row in bearers if row.name == name.strip()]
    found = exact if len(exact) == 1 else bearers
    if not found:
        return _identified(snapshot, name, active=active)
    if len(found) > 1:
        listed = ", ".join(f"{row.name} ({row.id})" for row in found)
        raise Ambiguous(kind="user", reference=name, found=listed)
    return found[0]


def bearers_of(snapshot: Snapshot, name: str) -> list[UserRow]:
    """All users of that name, whatever its case and accents."""
    key = comparison_key(name)
    return [row for row in snapshot.rows(UserRow) if comparison_key(row.name) == key]


def users_in_log(snapshot: Snapshot) -> Iterator[UserRow]:
    """Everybody whom the log knows, where the views cannot be believed. It reads the whole log."""
    for _, events in snapshot.streams():
        if events[0].aggregate_type == USER.name:
            state = folded_events(cast(AnyAggregate, USER), events).state
            for row in rows(USER.name, state):
                assert isinstance(row, UserRow), "a user has no other rows"
                yield row


def _identified(snapshot: Snapshot, name: str, *, active: bool) -> UserRow:
    try:
        row = snapshot.get(UserRow, UserId(UUID(name.strip())))
    except ValueError:
        row = None
    if row is None or (active and not row.active):
        raise Unknown(kind="user", reference=name)
    return row
