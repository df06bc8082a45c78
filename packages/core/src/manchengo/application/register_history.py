"""What an entry of a register was before: each change of it, by whom, and when."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from attrs import fields, frozen

from manchengo.application.permitted_snapshot import whole
from manchengo.application.reading import withheld
from manchengo.application.unit_of_work import decoded, not_undone
from manchengo.codec import Unreadable
from manchengo.domain.aggregates import CLIENT, PRICE_LIST, PRODUCT, SUPPLIER, Aggregate
from manchengo.domain.identity import Identity
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import (
    ClientRow,
    FinishedProductRow,
    PriceListRow,
    RawProductRow,
    SupplierRow,
)
from manchengo.ports.store import Entry, Snapshot

RegisterRow = SupplierRow | ClientRow | RawProductRow | FinishedProductRow | PriceListRow

OF_ROW: dict[type[RegisterRow], Aggregate[Any, Any]] = {
    SupplierRow: SUPPLIER,
    ClientRow: CLIENT,
    RawProductRow: PRODUCT,
    FinishedProductRow: PRODUCT,
    PriceListRow: PRICE_LIST,
}
"""What each row is a view of."""


@frozen(kw_only=True)
class FieldChange:
    """``name``: of the field, as its row has it. ``before``: None where the entry is new."""

    name: str
    before: Any
    after: Any


@frozen(kw_only=True)
class EntryChange:
    """``is_new``: the entry was registered by it. ``changes``: what differs since, without what the
    person who asks may not read.
    """

    at: datetime
    user_id: UserId
    device_id: DeviceId
    is_new: bool
    changes: tuple[FieldChange, ...]


def history_of(snapshot: Snapshot, row: RegisterRow) -> list[EntryChange]:
    """The changes of that entry, the latest first, without those that were undone. What the person
    whose snapshot it is may not read is left out of each. Empty where a newer program wrote one
    that this one cannot read.
    """
    kind = next(each for each in OF_ROW if isinstance(row, each))
    hidden = withheld(snapshot.get(kind, row.id))
    log = whole(snapshot)
    try:
        entries = log.stream(row.id)
        kept = not_undone(entries, decoded(entries))
        return list(_changes(log, OF_ROW[kind], kept, hidden))[::-1]
    except Unreadable:
        return []


def _changes(
    log: Snapshot, aggregate: Aggregate[Any, Any], entries: list[Entry], hidden: frozenset[str]
) -> Iterator[EntryChange]:
    state: Any = None
    for entry, event in zip(entries, decoded(entries), strict=True):
        before, state = state, aggregate.evolve(state, event)
        commit = log.commit(entry.commit_id)
        assert commit is not None, "an event is stored with its commit"
        known = _fields(before)
        yield EntryChange(
            at=commit.occurred_at,
            user_id=commit.user_id,
            device_id=commit.device_id,
            is_new=before is None,
            changes=tuple(
                FieldChange(name=name, before=known.get(name), after=value)
                for name, value in _fields(state).items()
                if name not in hidden and known.get(name) != value
            ),
        )


def _fields(state: Any) -> dict[str, Any]:
    """What the state holds, by name: an identity is its parts, as in the row."""
    if state is None:
        return {}
    held = {each.name: getattr(state, each.name) for each in fields(type(state))}
    identity = held.pop("identity", None)
    if isinstance(identity, Identity):
        held |= {each.name: getattr(identity, each.name) for each in fields(Identity)}
    return held
