"""From what a person asked to the command: what nobody said is proposed, inside the transaction.

What nobody said (new ids, codes, today's date) is chosen here. With a command id that was used
before, those choices are read back from its commit, so that both ask for the very same thing and
the core gives the same answer.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID, uuid5

import msgspec
from attrs import frozen

from manchengo import Commit
from manchengo.application.doubts import Doubt, doubts
from manchengo.commands import Command
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot, Transaction
from manchengo_workplace import lookups
from manchengo_workplace.workplace import Workplace

if TYPE_CHECKING:
    from manchengo_workplace.scan_records import ScanRecord

T = TypeVar("T")
C = TypeVar("C", bound=Command)
Path = str | int


@frozen
class Executed(Generic[C]):
    """A command that was carried out, its commit, and what is unlikely about it."""

    command: C
    commit: Commit
    doubts: tuple[Doubt, ...]


class Choices:
    """What is proposed for the person, or was the first time this command id was used."""

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        clock: Clock,
        ids: Ids,
        on: date | None = None,
        command_id: UUID | None = None,
    ) -> None:
        self.snapshot = snapshot
        self._clock = clock
        self._ids = ids
        self._on = on
        self._recorded = _recorded(snapshot, command_id)

    def id(self, *path: Path) -> UUID:
        """A new identifier; ``path`` is where it is in the command."""
        return self.settle(None, *path, read=UUID, otherwise=self._ids.new)

    @property
    def day(self) -> date:
        """The business date: as given, else today."""
        return self.settle(self._on, "on", read=date.fromisoformat, otherwise=self._clock.today)

    def code(self, given: str | None, prefix: str, *kinds: type[Row], at: Path = "code") -> str:
        """The code given, else the next free one of the day: ``MP-20261123-001``."""
        return self.settle(
            given,
            at,
            read=str,
            otherwise=lambda: lookups.next_code(self.snapshot, prefix, self.day, *kinds),
        )

    def made_lot_code(self, given: str | None, order: str) -> str:
        """The code given for what came out of that order, else that of the order, if it is free."""
        return self.settle(
            given,
            "outputs",
            0,
            "code",
            read=str,
            otherwise=lambda: lookups.free_lot_code(self.snapshot, f"PF-{order}"),
        )

    def expiry(self, given: date | None) -> date | None:
        """The last day of use, where somebody said it; the shelf life decides otherwise."""
        known = self._chosen_before(("expires_on",))
        return given or (date.fromisoformat(known) if known else None)

    @property
    def repeated(self) -> bool:
        """Whether this command id was used before."""
        return self._recorded is not None

    def settle(
        self,
        given: T | None,
        *path: Path,
        read: Callable[[Any], T],
        otherwise: Callable[[], T],
    ) -> T:
        """As given; else as recorded the first time; else chosen now."""
        if given is not None:
            return given
        found = self._chosen_before(path)
        return otherwise() if found is None else read(found)

    def _chosen_before(self, path: tuple[Path, ...]) -> Any:
        """What was there the first time; None where this id is new, or was something else's."""
        found = self._recorded
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return None
        return found


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
    with workplace.store.reading() as snapshot:
        unlikely = doubts(snapshot, command, today=workplace.clock.today())
    return Executed(command, commit, unlikely)


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
                batch.transaction,
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
    today = workplace.clock.today()
    with workplace.store.reading() as snapshot:
        return [
            Executed(command, commit, doubts(snapshot, command, today=today))
            for command, commit in zip(commands, commits, strict=True)
        ]


def _note_scan(
    workplace: Workplace, scan: "ScanRecord", transaction: Transaction, commit: Commit
) -> None:
    scan.note_done(transaction, workplace, commit)


def _recorded(snapshot: Snapshot, command_id: UUID | None) -> Any:
    commit = snapshot.commit(CommitId(command_id)) if command_id else None
    return msgspec.json.decode(commit.command) if commit else None
