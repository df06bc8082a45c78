"""Years of a dairy's past, sealed and projected like the real thing, at the speed of bulk writing.

What fills the database is lots that came, spoilt and are over; on top of them, entered by commands,
a few hundred open lots and what was made of them. The chain of commits holds, and a rebuild from
the log gives the very same views.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from pathlib import Path

from manchengo import Commit, Quantity, Unit, codec
from manchengo.application.hlc import tick
from manchengo.application.views.projection import rows
from manchengo.commands import ReceiveLot, WriteOffLot
from manchengo.domain.aggregates import LOT
from manchengo.domain.commit import NO_HASH, Recorded, Tip
from manchengo.domain.ids import CommitId, EventId
from manchengo.domain.lot.decide import decide
from manchengo.domain.lot.events import LotEvent
from tests.bench.databases import made_once
from tests.bench.workshop import A_LOT, ACTOR, IDS, Days, Workshop, workshop

LOTS_AT_ONCE = 1_000
OPEN_LOTS = 400
MAKES = 100
A_MAKE = Quantity(15_500, Unit.KG)
"""Takes 155 litres from lots of 100: two or three of them, 2.5 on average."""


def with_past_lots(path: Path, count: int) -> Path:
    return made_once(path, lambda draft: live(draft, lambda days: days.came >= count))


def of_size(path: Path, size: int) -> Path:
    """``size`` in bytes."""
    return made_once(path, lambda draft: live(draft, lambda _: draft.stat().st_size >= size))


def live(path: Path, enough: Callable[[Days], bool]) -> None:
    days = Days()
    with workshop(path) as opened:
        while not enough(days):
            add_past_lots(opened, days)
        opened.all_at_once(days.receptions(OPEN_LOTS))
        opened.all_at_once(days.makes(MAKES, A_MAKE))


def add_past_lots(opened: Workshop, days: Days) -> None:
    """A thousand in one transaction: by the rules, but without looking anything up."""
    with opened.store.writing(durable=False) as transaction:
        tip = transaction.tip(ACTOR.device_id)
        for received in days.receptions(LOTS_AT_ONCE):
            spoilt = WriteOffLot(
                lot_id=received.lot_id, quantity=A_LOT, on=received.on, reason="spoilt"
            )
            came = decide(None, received)
            ended = decide(LOT.fold(came), spoilt)
            first = sealed(received, came, 1, tip)
            last = sealed(spoilt, ended, 2, tip_of(first))
            tip = tip_of(last)
            transaction.append(first)
            transaction.append(last)
            transaction.put(rows(LOT.name, LOT.fold((*came, *ended))))


def sealed(
    command: ReceiveLot | WriteOffLot, events: Iterable[LotEvent], version: int, tip: Tip
) -> Commit:
    """The commit of that command, its first event at ``version`` in the lot's stream."""
    now = datetime.combine(command.on, time(8), UTC)
    command_type = codec.commands.name(command)
    return codec.sealed(
        Commit(
            id=CommitId(IDS.new()),
            device_id=ACTOR.device_id,
            user_id=ACTOR.user_id,
            sequence=tip.sequence + 1,
            occurred_at=now,
            hlc=tick(tip.hlc, now, ACTOR.device_id),
            on=command.on,
            command_type=command_type,
            command_version=codec.commands.version(command_type),
            command=codec.commands.encode(command),
            import_id=None,
            events=tuple(
                recorded(command, event, place) for place, event in enumerate(events, version)
            ),
            previous=tip.hash,
            hash=NO_HASH,
        )
    )


def tip_of(commit: Commit) -> Tip:
    return Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)


def recorded(command: ReceiveLot | WriteOffLot, event: LotEvent, version: int) -> Recorded:
    event_type = codec.events.name(event)
    return Recorded(
        id=EventId(IDS.new()),
        aggregate_type=LOT.name,
        aggregate_id=command.lot_id,
        event_type=event_type,
        schema_version=codec.events.version(event_type),
        payload=codec.events.encode(event),
        version=version,
    )
