"""Commits that make no sense: of a program that is wrong, or that is not written yet."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

from attrs import evolve

from manchengo import codec
from manchengo.commands import ChangeClient, Command, Produce, ReceiveLot
from manchengo.domain.commit import NO_HASH, Commit, Recorded
from manchengo.domain.ids import (
    ClientId,
    CommitId,
    DeviceId,
    EventId,
    LotId,
    ProductionOrderId,
    UserId,
)
from manchengo.domain.production_order import Output
from manchengo.domain.values import Quantity, Unit
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.ids import Ids
from tests.support.dairy import CHEESE, FARM, MILK, MONDAY

BOSS = UserId(UUID(int=100))
Made = Callable[[UUID, Ids], Commit]


def commit_of(
    ids: Ids, subject: UUID, command: Command, event: str, payload: bytes, *, version: int = 1
) -> Commit:
    """Anything at all, under no seal yet."""
    name = codec.commands.name(command)
    return Commit(
        id=CommitId(ids.new()),
        device_id=DeviceId(UUID(int=0)),
        user_id=BOSS,
        sequence=0,
        occurred_at=START_OF_MEMORY,
        hlc="",
        on=MONDAY,
        command_type=name,
        command_version=1,
        command=codec.commands.encode(command),
        import_id=None,
        events=(
            Recorded(
                id=EventId(ids.new()),
                aggregate_type=event.partition(".")[0],
                aggregate_id=subject,
                event_type=event,
                schema_version=version,
                payload=payload,
                version=1,
            ),
        ),
        previous=NO_HASH,
        hash=NO_HASH,
    )


def _received(subject: UUID, ids: Ids) -> ReceiveLot:
    return ReceiveLot(
        lot_id=LotId(ids.new()),
        code=f"P{subject.hex[:6]}",
        product_id=MILK,
        supplier_id=FARM,
        on=MONDAY,
        quantity=Quantity(1_000, Unit.L),
    )


def _event(payload: bytes, name: str, version: int, subject: UUID, ids: Ids) -> Commit:
    return commit_of(ids, subject, _received(subject, ids), name, payload, version=version)


def _garbled_command(subject: UUID, ids: Ids) -> Commit:
    commit = _event(b"{}", "lot.received", 1, subject, ids)
    return evolve(commit, command=commit.command[: len(commit.command) // 2])


def _command_of_tomorrow(subject: UUID, ids: Ids) -> Commit:
    return evolve(_event(b"{}", "lot.released", 1, subject, ids), command_type="lot.teleport")


def _end_of_time(subject: UUID, ids: Ids) -> Commit:
    """What is made on the last day there is expires after it."""
    order = ProductionOrderId(ids.new())
    quantity = Quantity(1_000, Unit.KG)
    output = Output(
        lot_id=LotId(ids.new()),
        code=f"E{subject.hex[:6]}",
        product_id=CHEESE,
        quantity=quantity,
        expires_on=None,
    )
    command = Produce(
        order_id=order,
        code=f"E{subject.hex[:6]}",
        product_id=CHEESE,
        planned=quantity,
        on=date.max,
        outputs=(output,),
    )
    return commit_of(ids, subject, command, "lot.teleported_back", b"{}", version=1)


def _too_much(subject: UUID, ids: Ids) -> Commit:
    """More milk than a database has digits for."""
    commit = _event(_RECALLED, "lot.recalled", 1, subject, ids)
    return evolve(commit, command=commit.command.replace(b":1000,", b":%d," % 2**80))


def _stumbling(subject: UUID, ids: Ids) -> Commit:
    """Whoever reads it runs out of room before the end."""
    commit = _event(_RECALLED, "lot.recalled", 1, subject, ids)
    nested = b"[" * 5_000 + b"]" * 5_000
    return evolve(commit, command=commit.command.removesuffix(b"}") + b',"more":' + nested + b"}")


def _nobody(subject: UUID, ids: Ids) -> Commit:
    """It is about something that is there under another kind."""
    command = ChangeClient(client_id=ClientId(subject), name="?")
    return commit_of(ids, subject, command, "lot.recalled", _RECALLED)


_RECALLED = b'{"on":"2026-01-05","reason":"?","source":"00000000-0000-0000-0000-000000000001"}'

POISONS: dict[str, Made] = {
    "a payload cut short": partial(_event, b'{"lot_id":"', "lot.received", 1),
    "a payload of something else": partial(_event, b'{"on":12}', "lot.counted", 1),
    "an event of tomorrow": partial(_event, b"{}", "lot.teleported", 1),
    "an aggregate of tomorrow": partial(_event, b"{}", "spaceship.launched", 1),
    "a version of tomorrow": partial(_event, b"{}", "lot.received", 99),
    "a version before the first": partial(_event, b"{}", "lot.received", 0),
    "a command cut short": _garbled_command,
    "a command of tomorrow": _command_of_tomorrow,
    "a command nested without end": _stumbling,
    "both at once": _end_of_time,
    "more than can be counted": _too_much,
    "a client that is a lot": _nobody,
    "a stamp that is none": partial(_event, _RECALLED, "lot.recalled", 1),
}
