"""From what a person asked to the command: what nobody said is proposed, inside the transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID, uuid5

from attrs import frozen

from manchengo import Commit
from manchengo.application.choices import Choices
from manchengo.application.doubts import Doubt, doubts, of_clock
from manchengo.application.past_changes import PastChanges
from manchengo.commands import Command
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId
from manchengo.ports.store import Snapshot, Transaction
from manchengo_workplace.workplace import Workplace

if TYPE_CHECKING:
    from manchengo_workplace.scan_records import ScanRecord

C = TypeVar("C", bound=Command)


@frozen
class Executed(Generic[C]):
    """A command that was carried out, its commit, and what is unlikely about it."""

    command: C
    commit: Commit
    doubts: tuple[Doubt, ...]


def execute(
    workplace: Workplace,
    build: Callable[[Choices], C],
    *,
    on: date | None = None,
    command_id: UUID | None = None,
    scan: "ScanRecord | None" = None,
) -> Executed[C]:
    """Builds the command from what is stored and executes it, in one transaction: what was read
    when a code or a lot was chosen is still so when the command is recorded. ``scan``: from which
    the command follows; it is recorded with it, or alone where a rule refuses.

    Raises ``Refused`` as ``Manchengo.execute``; ``build`` may raise it too.
    """

    def built(snapshot: Snapshot) -> C:
        return build(
            Choices(
                snapshot, clock=workplace.clock, ids=workplace.ids, on=on, command_id=command_id
            )
        )

    chosen_id = CommitId(command_id) if command_id else None
    try:
        command, commit = workplace.dairy.build_and_execute(
            built,
            command_id=chosen_id,
            beside=partial(_note_scan, workplace, scan) if scan is not None else None,
        )
    except Refused as refusal:
        if scan is not None:
            scan.note_refused(workplace, refusal)
        raise
    (executed,) = _executed(workplace, [(command, commit)])
    return executed


def doubts_of(workplace: Workplace, build: Callable[[Choices], Command]) -> tuple[Doubt, ...]:
    """What is unlikely about the command that would be built now; nothing is recorded. Raises what
    ``build`` raises.
    """
    with workplace.dairy.reading() as snapshot:
        command = build(Choices(snapshot, clock=workplace.clock, ids=workplace.ids))
    with workplace.store.reading() as snapshot:
        last = snapshot.last_commits(workplace.actor.device_id, limit=1)
        return (
            *_of_clock(workplace.clock.now(), last),
            *doubts(snapshot, command, today=workplace.clock.today()),
        )


def past_changes_of(
    workplace: Workplace,
    build: Callable[[Choices], Command],
    *,
    on: date | None = None,
    command_id: UUID | None = None,
) -> PastChanges | None:
    """What the command that would be built now changes of the days before today; nothing is
    recorded. None where it changes none of them, or was recorded under that id before. Raises what
    ``build`` raises, and ``NotPermitted``.
    """
    with workplace.dairy.reading() as snapshot:
        choices = Choices(
            snapshot, clock=workplace.clock, ids=workplace.ids, on=on, command_id=command_id
        )
        command = build(choices)
    return None if choices.repeated else workplace.dairy.past_changes(command)


def execute_all(
    workplace: Workplace,
    build: Callable[[Choices], Sequence[C]],
    *,
    on: date | None = None,
    command_id: UUID | None = None,
) -> list[Executed[C]]:
    """As ``execute``, for several commands that stand or fall together, each with a commit of its
    own. The ids behind the first follow from it, so that the same id has one effect here, too.
    """
    first = command_id or workplace.ids.new()
    with workplace.dairy.batch() as batch:
        commands = build(
            Choices(
                batch.snapshot,
                clock=workplace.clock,
                ids=workplace.ids,
                on=on,
                command_id=command_id,
            )
        )
        commits = [
            batch.execute(
                command, command_id=CommitId(uuid5(first, str(number)) if number else first)
            )
            for number, command in enumerate(commands)
        ]
    return _executed(workplace, zip(commands, commits, strict=True))


def execute_in_turn(
    workplace: Workplace, builds: Mapping[CommitId, Callable[[Choices], C]]
) -> list[Executed[C]]:
    """As ``execute_all``, for commands of which each is built once those before it are executed.
    ``builds``: by the id of its commit.
    """
    done: list[tuple[C, Commit]] = []
    with workplace.dairy.batch() as batch:
        for command_id, build in builds.items():
            command = build(
                Choices(
                    batch.snapshot,
                    clock=workplace.clock,
                    ids=workplace.ids,
                    command_id=command_id,
                )
            )
            done.append((command, batch.execute(command, command_id=command_id)))
    return _executed(workplace, done)


def _executed(workplace: Workplace, done: Iterable[tuple[C, Commit]]) -> list[Executed[C]]:
    today = workplace.clock.today()
    with workplace.store.reading() as snapshot:
        return [
            Executed(
                command,
                commit,
                (
                    *(_of_the_clock_at(snapshot, commit) if number == 0 else ()),
                    *doubts(snapshot, command, today=today),
                ),
            )
            for number, (command, commit) in enumerate(done)
        ]


def _of_the_clock_at(snapshot: Snapshot, commit: Commit) -> Iterable[Doubt]:
    before = snapshot.last_commits(commit.device_id, before=commit.sequence, limit=1)
    return _of_clock(commit.occurred_at, before)


def _of_clock(now: datetime, before: Sequence[Commit]) -> Iterable[Doubt]:
    doubt = of_clock(now, before[0].occurred_at if before else None)
    return () if doubt is None else (doubt,)


def _note_scan(
    workplace: Workplace, scan: "ScanRecord", transaction: Transaction, commit: Commit
) -> None:
    scan.note_done(transaction, workplace, commit)
