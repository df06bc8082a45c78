"""Given what already happened, when somebody asks, then this is told or that is refused.

    given(A_DAIRY, received("L1", litres(100)))
        .when(written_off("L1", litres("100.001")))
        .refused(NotEnoughInLot, free=litres(100))

Each sentence runs the whole application on a store in memory, and looks further than it says: after
an answer the hash chain is whole and the views are what a rebuild would make; after a refusal
everything is as before, and the audit knows.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias, cast
from uuid import UUID

import pytest
from attrs import field, frozen

from manchengo import Actor, Commit, Manchengo, MemoryStore, Refused, Role, codec
from manchengo.application.committing import write_views
from manchengo.application.hlc import tick
from manchengo.application.order_prices import with_prices_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.commands import NEEDS, Command, ResolveItem
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.commit import NO_HASH, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId, EventId, UserId
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.store import Store

Step: TypeAlias = Any
"""A command, an event, or several of either."""


def somebody(*roles: Role, device: int = 1) -> Actor:
    """A person with these roles, at the screen of that device."""
    return Actor(
        user_id=UserId(UUID(int=100 + device)),
        device_id=DeviceId(UUID(int=device)),
        roles=frozenset(roles),
    )


BOSS = somebody(Role.ADMIN)


def open_dairy(store: Store | None = None, *, actor: Actor = BOSS) -> Manchengo:
    """A dairy that gives the same answers on every run, with ids that no other one gave."""
    kept = MemoryStore() if store is None else store
    with kept.reading() as snapshot:
        ids = CountingIds(1_000 * snapshot.head() + 1_000_000 * actor.device_id.int)
    return Manchengo(kept, clock=SteppingClock(), ids=ids, actor=actor)


def given(*steps: Step) -> "Given":
    """A dairy where these things happened, in this order."""
    dairy = open_dairy()
    history = History()
    for step in one_by_one(steps):
        if type(step) in NEEDS:
            dairy.execute(step)
        else:
            history.add(dairy, step)
    return Given(dairy)


def one_by_one(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, tuple | list):
            yield from one_by_one(step)
        else:
            yield step


def refused_as(command: type[Command]) -> set[str]:
    """The refusals that the docstring of a command lists."""
    listed = re.search(r"Refused: (.*)", command.__doc__ or "", re.DOTALL)
    return set(re.findall(r"``(\w+)``", listed[1])) if listed else set()


def is_announced(rule: type[Refused], command: Command) -> bool:
    """Whether whoever gives the command is told that it may be refused so."""
    if isinstance(command, ResolveItem):  # what it records again has refusals of its own
        return True
    of_any = Manchengo.execute.__doc__ or ""
    return rule.__name__ in refused_as(type(command)) or f"``{rule.__name__}``" in of_any


@frozen
class Given:
    """The dairy as it stands before the question."""

    dairy: Manchengo

    def when(self, command: Command, *, by: Actor = BOSS) -> "Asked":
        dairy = self.dairy if by == BOSS else open_dairy(self.dairy.store, actor=by)
        return Asked(dairy, command)


@frozen
class Asked:
    """A command about to be given."""

    dairy: Manchengo
    command: Command

    def done(self) -> Commit:
        """It is allowed; what it left in the log."""
        commit = self.dairy.execute(self.command)
        assert self.dairy.verify().sound
        name, version = commit.command_type, commit.command_version
        asked = with_prices_of(self.command, commit)
        assert codec.commands.decode(name, version, commit.command) == asked
        return commit

    def then(self, *events: object) -> Manchengo:
        """It tells exactly these events, in this order; with none, it changes nothing."""
        assert events_of(self.done()) == list(events)
        return self.dairy

    def refused(self, rule: type[Refused], /, **facts: object) -> Manchengo:
        """A rule says no, with these facts, and nothing whatever was changed."""
        before = everything(self.dairy.store)
        with pytest.raises(Refused) as caught:
            self.dairy.execute(self.command)
        refusal = caught.value
        assert type(refusal) is rule, f"refused, but by {refusal!r}"
        assert is_announced(rule, self.command), f"{self.command!r} does not say {rule.__name__}"
        assert {name: getattr(refusal, name) for name in facts} == facts
        assert everything(self.dairy.store) == before
        with self.dairy.store.reading() as snapshot:
            noted = snapshot.audit(limit=1)[0]
        assert (noted.action, noted.outcome) == (codec.commands.name(self.command), rule.__name__)
        return self.dairy


def events_of(commit: Commit) -> list[Any]:
    """The events of a commit, as they are read back from their bytes."""
    return [
        codec.events.decode(event.event_type, event.schema_version, event.payload)
        for event in commit.events
    ]


def everything(store: Store) -> tuple[object, ...]:
    """All that a store keeps, but for its audit: to see that nothing moved."""
    with store.reading() as snapshot:
        rows = digest(stored_rows(snapshot))
        return snapshot.head(), snapshot.tips(), list(snapshot.commits()), rows


@frozen
class History:
    """Events put into the log as they are, each in a commit of its own, with no rule asked.

    An event that does not name its aggregate belongs to the last one of its kind.
    """

    last: dict[str, UUID] = field(factory=dict)
    ids: CountingIds = field(factory=CountingIds)

    def add(self, dairy: Manchengo, event: Any) -> None:
        name = codec.events.name(event)
        kind = name.partition(".")[0]
        own_id = "order_id" if kind.endswith("_order") else f"{kind}_id"
        aggregate_id = self.last[kind] = getattr(event, own_id, None) or self.last[kind]
        with dairy.store.writing() as transaction:
            work = UnitOfWork(transaction)
            work.record(cast(Any, AGGREGATES[kind]), aggregate_id, [event])
            recorded = Recorded(
                id=EventId(self.ids.new()),
                aggregate_type=kind,
                aggregate_id=aggregate_id,
                event_type=name,
                schema_version=codec.events.version(name),
                payload=codec.events.encode(event),
                version=work.new_events[0].version,
            )
            transaction.append(_history(transaction.tip(BOSS.device_id), recorded, self.ids))
            write_views(transaction, work)


def _history(tip: Tip, event: Recorded, ids: CountingIds) -> Commit:
    return codec.sealed(
        Commit(
            id=CommitId(ids.new()),
            device_id=BOSS.device_id,
            user_id=BOSS.user_id,
            sequence=tip.sequence + 1,
            occurred_at=START_OF_MEMORY,
            hlc=tick(tip.hlc, START_OF_MEMORY, BOSS.device_id),
            on=START_OF_MEMORY.date(),
            command_type="history",
            command_version=1,
            command=b"{}",
            import_id=None,
            events=(event,),
            previous=tip.hash,
            hash=NO_HASH,
        )
    )
