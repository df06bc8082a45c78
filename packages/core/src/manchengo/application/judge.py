"""Judge a commit against the state at the head of the log: the same answer on every device.

Pure but for the books it is given: no clock, no chance, no order of dictionaries. A fact stands or
falls as it was recorded; an automatic choice of lots that no longer holds is made again by the same
policy. A commit of a newer program is parked, never guessed at.
"""

from typing import Any

from attrs import frozen

from manchengo import codec
from manchengo.application.books import Books
from manchengo.application.decide import decide
from manchengo.domain.allocation import Pick
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Refused
from manchengo.domain.ids import ProductId
from manchengo.domain.production_order import ProductionMade, ProductionStarted
from manchengo.domain.sales_order import SalesOrderConfirmed
from manchengo.ports.store import Snapshot


@frozen
class Accepted:
    """It holds as recorded."""

    events: tuple[Any, ...]


@frozen
class Reallocated:
    """The intent holds, with other lots than those chosen offline."""

    events: tuple[Any, ...]


@frozen
class Rejected:
    """A rule says no on the state at the head."""

    refusal: Refused


@frozen
class Parked:
    """Written by a newer program, or garbled: kept to the byte until it can be read."""

    unreadable: codec.Unreadable


Verdict = Accepted | Reallocated | Rejected | Parked


def judge(snapshot: Snapshot, commit: Commit) -> Verdict:
    try:
        command = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
        recorded = [
            codec.events.decode(event.event_type, event.schema_version, event.payload)
            for event in commit.events
        ]
    except codec.Unreadable as unreadable:
        return Parked(unreadable)
    pinned = _choices(recorded)
    as_recorded = _decided(Books(snapshot, pinned=pinned or None), command)
    if not isinstance(as_recorded, Refused):
        return Accepted(as_recorded)
    if pinned:
        afresh = _decided(Books(snapshot), command)
        if not isinstance(afresh, Refused):
            return Reallocated(afresh)
    return Rejected(as_recorded)


def _decided(books: Books, command: Any) -> tuple[Any, ...] | Refused:
    try:
        decide(books, command)
    except Refused as refusal:
        return refusal
    return tuple(told.event for told in books.told)


def _choices(events: list[Any]) -> dict[ProductId, tuple[Pick, ...]]:
    """The lots that a policy chose when the commit was recorded, by product."""
    choices: dict[ProductId, tuple[Pick, ...]] = {}
    for event in events:
        if isinstance(event, ProductionStarted | ProductionMade | SalesOrderConfirmed):
            for pick in event.picks:
                known = choices.get(pick.product_id, ())
                choices[pick.product_id] = (*known, Pick(pick.lot_id, pick.quantity))
    return choices
