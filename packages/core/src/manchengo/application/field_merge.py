"""Two people change one field: the later writing holds, whatever the order of arrival.

Later is by ``(hlc_eff, event id)``. What lost stays in the log, as its author recorded it. Where
the field is sensitive and neither had seen what the other wrote, a person is asked to look.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from attrs import evolve as changed

from manchengo import codec
from manchengo.application.unit_of_work import NewEvent, folded, not_undone
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.client import ClientDetailsChanged
from manchengo.domain.commit import Commit, Recorded
from manchengo.domain.details import details, sensitive_details
from manchengo.domain.lot.events import LotCorrected
from manchengo.domain.lot.state import CORRECTABLE
from manchengo.domain.plant_details import PlantDetailsChanged
from manchengo.domain.price_list import PriceList, PriceListDetailsChanged, PriceSet
from manchengo.domain.product import ProductDetailsChanged
from manchengo.domain.supplier import SupplierDetailsChanged
from manchengo.events import EVENTS
from manchengo.ports.store import Entry, Snapshot

OF_REGISTERS = (
    SupplierDetailsChanged,
    ClientDetailsChanged,
    ProductDetailsChanged,
    PlantDetailsChanged,
    PriceListDetailsChanged,
)

FIELDS: dict[type, tuple[str, ...]] = {event: details(event) for event in OF_REGISTERS} | {
    LotCorrected: CORRECTABLE,
    PriceSet: ("price",),
}
"""The fields that an event writes, ``None`` where it leaves one as it was; each is an attribute of
the state, too, unless the event is in ``WHICH``.
"""

WHICH: dict[type, tuple[str, ...]] = {PriceSet: ("product_id", "from_day")}
"""Where a state has several of a field: what in the event says which one it writes."""

_NAMES = {name for name, schema in EVENTS.items() if schema.type in FIELDS}

SENSITIVE: dict[type, frozenset[str]] = {
    event: sensitive_details(event) for event in OF_REGISTERS
} | {LotCorrected: frozenset(CORRECTABLE), PriceSet: frozenset({"price"})}
"""What an invoice or a declaration is made of, and what a recall goes by."""

Stamp = tuple[str, UUID]


def settled(
    snapshot: Snapshot, commit: Commit, new_events: tuple[NewEvent, ...], hlc_eff: str
) -> tuple[tuple[NewEvent, ...], tuple[str, ...]]:
    """The events without the fields that lost; and the names of the contested sensitive fields.

    A field is written where its author changed it: what stood there already when he wrote, he left
    as it was; what somebody else made the same since, he wrote all the same.
    """
    kept: list[NewEvent] = []
    contested: list[str] = []
    for each in _as_meant(snapshot, commit, new_events):
        if type(each.event) not in FIELDS:
            kept.append(each)
            continue
        stream = snapshot.stream(each.aggregate_id)
        mine = (hlc_eff, _recorded_as(commit, each.aggregate_id, codec.events.name(each.event)))
        lost = [
            name
            for name in _written(each.event)
            if mine < _last_write(snapshot, stream, each.event, name)
        ]
        unseen = _unseen(snapshot, commit, each.aggregate_id, stream)
        contested += [
            name
            for name in _written(each.event)
            if name in SENSITIVE[type(each.event)]
            and any(_is_written_by(other, each.event, name) for other in unseen)
        ]
        event = changed(each.event, **dict.fromkeys(lost))
        if _written(event):
            kept.append(changed(each, event=event))
    return tuple(kept), tuple(contested)


def _as_meant(
    snapshot: Snapshot, commit: Commit, new_events: tuple[NewEvent, ...]
) -> Iterator[NewEvent]:
    """The events, each change of fields reduced to the fields that its author changed."""
    meant = {
        event.aggregate_id: (event, _decoded(event))
        for event in commit.events
        if event.event_type in _NAMES
    }
    decided = {each.aggregate_id: each for each in new_events if type(each.event) in FIELDS}
    for aggregate_id, (event, written) in meant.items():
        if aggregate_id not in decided:
            each = NewEvent(
                aggregate=AGGREGATES[event.aggregate_type],
                aggregate_id=aggregate_id,
                event=written,
                version=event.version,
            )
            yield from _narrowed(snapshot, each, written, of_now=None)
    for each in new_events:
        if type(each.event) not in FIELDS:
            yield each
        elif each.aggregate_id in meant:
            _, written = meant[each.aggregate_id]
            yield from _narrowed(snapshot, each, written, of_now=each.event)


def _narrowed(
    snapshot: Snapshot, each: NewEvent, written: Any, *, of_now: Any
) -> Iterator[NewEvent]:
    """``of_now``: what the rules make of it at the head; what it leaves out is so already."""
    state = folded(each.aggregate, snapshot.stream(each.aggregate_id)).state
    values = {
        name: getattr(written, name)
        for name in _written(written)
        if getattr(written, name) in (getattr(of_now, name, None), _held(state, written, name))
    }
    if values:
        nothing = dict.fromkeys(FIELDS[type(written)])
        yield changed(each, event=changed(written, **(nothing | values)))


def _written(event: Any) -> list[str]:
    """The fields that this event writes, in their order."""
    return [name for name in FIELDS.get(type(event), ()) if getattr(event, name) is not None]


def _is_written_by(other: Any, event: Any, name: str) -> bool:
    """Whether ``other`` writes the very field that ``event`` writes."""
    return name in _written(other) and all(
        getattr(other, each) == getattr(event, each) for each in WHICH.get(type(event), ())
    )


def _held(state: Any, event: Any, name: str) -> Any:
    """What the state has in the field that ``event`` writes."""
    if isinstance(event, PriceSet):
        assert isinstance(state, PriceList), "a price is set in a list"
        return state.set_from(event.product_id, event.from_day)
    return getattr(state, name, None)


def _recorded_as(commit: Commit, aggregate_id: UUID, event_type: str) -> UUID:
    """The id under which the author recorded it: what a verdict narrows has another, by chance."""
    for event in commit.events:
        if event.aggregate_id == aggregate_id and event.event_type == event_type:
            return event.id
    return commit.id


def _last_write(snapshot: Snapshot, stream: list[Entry], event: Any, name: str) -> Stamp:
    """The stamp of the last write of the field that ``event`` writes; the earliest stamp where
    nobody wrote it.

    What an import wrote and was undone is read as not written.
    """
    for entry in reversed(not_undone(stream, map(_event, stream))):
        if _is_written_by(_event(entry), event, name):
            return _stamp(snapshot, entry)
    return ("", UUID(int=0))


def _stamp(snapshot: Snapshot, entry: Entry) -> Stamp:
    commit = snapshot.commit(entry.commit_id)
    assert commit is not None, "an event is stored with its commit"
    event = entry.event
    recorded = _recorded_as(commit, event.aggregate_id, event.event_type)
    placed = snapshot.entry(entry.commit_id)
    return (commit.hlc if placed is None else placed.hlc_eff), recorded


def _unseen(
    snapshot: Snapshot, commit: Commit, aggregate_id: UUID, stream: list[Entry]
) -> list[Any]:
    """What others wrote there that the author had not seen.

    The version an author expects counts what was in the stream before; what of that was not the
    author's own was others', the oldest first.
    """
    expected = min(
        (event.version for event in commit.events if event.aggregate_id == aggregate_id), default=1
    )
    own = others = 0
    unseen: list[Any] = []
    devices = [_device(snapshot, entry) == commit.device_id for entry in stream]
    own = sum(devices)
    in_force = {entry.position for entry in not_undone(stream, map(_event, stream))}
    for entry, is_own in zip(stream, devices, strict=True):
        if not is_own:
            others += 1
            if others > expected - 1 - own and entry.position in in_force:
                unseen.append(_event(entry))
    return unseen


def _device(snapshot: Snapshot, entry: Entry) -> UUID:
    commit = snapshot.commit(entry.commit_id)
    assert commit is not None, "an event is stored with its commit"
    return commit.device_id


def _event(entry: Entry) -> Any:
    return _decoded(entry.event)


def _decoded(recorded: Recorded) -> Any:
    """None where this program cannot read it."""
    try:
        return codec.events.decode(recorded.event_type, recorded.schema_version, recorded.payload)
    except codec.Unreadable:
        return None
