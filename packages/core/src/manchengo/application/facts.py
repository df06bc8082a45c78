"""What happened is a fact, and no judge decides it again; lots that were only chosen are an intent.

A commit with any fact in it is judged as a fact: the log takes it as its device recorded it, or
rejects it with an item. Only a commit of intents may be given other lots.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import evolve as changed
from attrs import field, frozen

from manchengo.domain import delivery, production_order
from manchengo.domain.errors import Refused
from manchengo.domain.lot import events as lot
from manchengo.domain.lot.commands import (
    ConsumeLot,
    CountLot,
    DeliverLot,
    EnterLot,
    LotCommand,
    ProduceLot,
    ReceiveLot,
    ReturnToLot,
    SendBackToSupplier,
    TakeBackLot,
    WriteOffLot,
)
from manchengo.domain.production_order import MaterialPick, ProductionMade, ProductionStarted
from manchengo.events import EVENTS, Fact, Intent, Nature

E = TypeVar("E")


NATURE: dict[type, Nature] = {schema.type: schema.nature for schema in EVENTS.values()}
"""What the log may still change of an event, by its class."""

CHOSEN: dict[type, str] = {
    kind: nature.chosen for kind, nature in NATURE.items() if isinstance(nature, Intent)
}
"""Where an intent says which lots were chosen."""

MOVES: dict[type[LotCommand], type] = {
    ReceiveLot: lot.LotReceived,
    ProduceLot: lot.LotProduced,
    EnterLot: lot.OpeningStockEntered,
    ConsumeLot: lot.LotConsumed,
    TakeBackLot: lot.LotTakenBack,
    DeliverLot: lot.LotDelivered,
    ReturnToLot: lot.LotReturned,
    SendBackToSupplier: lot.LotSentBack,
    WriteOffLot: lot.LotWrittenOff,
    CountLot: lot.LotCounted,
}
"""What a lot says happened to it when it is asked."""

OF_A_WHOLE_MAKE = (
    production_order.MaterialConsumed,
    production_order.ProductionCompleted,
    production_order.ProductionMade,
)
"""How an order tells a make: past programs by its steps, today's in one event."""


@frozen(kw_only=True)
class RecordedOtherwise(Refused):
    """At the head of the log this step leads to other events than recorded, because an earlier step
    had another outcome. ``subjects``: the codes of the aggregates that differ.
    """

    subjects: tuple[str, ...]


def _derived(kind: type) -> tuple[str, ...]:
    nature = NATURE[kind]
    return nature.derived if isinstance(nature, Fact) else ()


_FACTS = frozenset(kind for kind, nature in NATURE.items() if isinstance(nature, Fact))


def is_fact(event: Any) -> bool:
    """Whether the event says what happened on the floor, so that it is never decided again."""
    return type(event) in _FACTS


@frozen
class Facts:
    """The facts that one commit recorded, each to be recorded once more. ``picks``: the lots that
    its productions took.
    """

    picks: tuple[MaterialPick, ...]
    _left: Mapping[tuple[UUID, type], "deque[Any]"] = field(eq=False, repr=False)

    @classmethod
    def of(cls, recorded: Iterable[tuple[UUID, Any]]) -> "Facts | None":
        """None where the commit recorded no fact."""
        events = tuple(recorded)
        facts = tuple((subject, event) for subject, event in events if is_fact(event))
        if not facts:
            return None
        left: dict[tuple[UUID, type], deque[Any]] = {}
        for subject, event in facts:
            left.setdefault((subject, type(event)), deque()).append(event)
        picks = (
            pick
            for _, event in events
            if isinstance(event, ProductionStarted | ProductionMade)
            for pick in event.picks
        )
        return cls(tuple(picks), left)

    def next(self, subject: UUID, kind: type[E]) -> E | None:
        """The next fact of that kind about the subject that was not recorded again yet."""
        left = self._left.get((subject, kind))
        return left[0] if left else None

    def recorded_command(self, command: LotCommand) -> LotCommand:
        """The command with what was recorded of it: that is what the lot must allow."""
        kind = MOVES.get(type(command))
        recorded = self.next(command.lot_id, kind) if kind else None
        if kind is None or recorded is None:
            return command
        recorded_values = {name: getattr(recorded, name) for name in _derived(kind)}
        if isinstance(command, ConsumeLot | DeliverLot):
            recorded_values["happened"] = True
        if all(getattr(command, name) == value for name, value in recorded_values.items()):
            return command
        return changed(command, **recorded_values)

    def loaded(self, delivery_id: UUID) -> tuple[delivery.DeliveryLoaded, ...]:
        """What is still to be put into that van."""
        return tuple(self._left.get((delivery_id, delivery.DeliveryLoaded), ()))

    def taken_back(self, order_id: UUID) -> tuple[production_order.MaterialTakenBack, ...]:
        """What is still to be taken back of what was poured into that order."""
        return tuple(self._left.get((order_id, production_order.MaterialTakenBack), ()))

    def as_recorded(self, subject: UUID, event: E) -> E:
        """The event that the rules give, with what is derived in it as it was recorded."""
        left = self._left.get((subject, type(event)))
        if not left:
            return event
        recorded = left.popleft()
        if recorded == event:
            return cast(E, recorded)  # the very event: comparing it later on costs nothing
        recorded_values = {name: getattr(recorded, name) for name in _derived(type(event))}
        return cast(E, changed(cast(Any, event), **recorded_values))


def chosen_otherwise(
    recorded: Iterable[tuple[UUID, Any]], decided: Iterable[tuple[UUID, Any]]
) -> bool:
    """Whether the lots chosen are not those that were."""
    return _choices(recorded) != _choices(decided)


def _choices(events: Iterable[tuple[UUID, Any]]) -> list[tuple[UUID, Any]]:
    return [
        (subject, getattr(event, CHOSEN[type(event)]))
        for subject, event in events
        if type(event) in CHOSEN
    ]


def differing(
    recorded: Iterable[tuple[UUID, Any]], decided: Iterable[tuple[UUID, Any]]
) -> list[UUID]:
    """What the facts of the one and of the other do not agree on, in the order recorded."""
    missing, extra = missing_and_extra(recorded, decided)
    return list(dict.fromkeys(subject for subject, _ in (*missing, *extra)))


def missing_and_extra(
    recorded: Iterable[tuple[UUID, Any]], decided: Iterable[tuple[UUID, Any]]
) -> tuple[list[tuple[UUID, Any]], list[tuple[UUID, Any]]]:
    """The facts that were recorded and not decided, and those decided and not recorded."""
    was, would_be = _facts(recorded), _facts(decided)
    if was == would_be:  # nearly always
        return [], []
    if any(isinstance(event, ProductionMade) for _, event in would_be) and not any(
        isinstance(event, ProductionMade) for _, event in was
    ):
        was, would_be = _without(was, OF_A_WHOLE_MAKE), _without(would_be, OF_A_WHOLE_MAKE)
    extra = list(would_be)
    missing = []
    for fact in was:
        if fact in extra:
            extra.remove(fact)
        else:
            missing.append(fact)
    return missing, extra


def _facts(events: Iterable[tuple[UUID, Any]]) -> list[tuple[UUID, Any]]:
    return [(subject, event) for subject, event in events if is_fact(event)]


def _without(events: list[tuple[UUID, Any]], kinds: tuple[type, ...]) -> list[tuple[UUID, Any]]:
    return [(subject, event) for subject, event in events if not isinstance(event, kinds)]
