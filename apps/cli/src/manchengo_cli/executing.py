"""One command of the dairy, from the words typed to the answer: safe to say twice.

What nobody typed (new ids, proposed codes, today's date, the price of the day) is chosen here. With
``--command-id`` the second run reads those choices back from the commit of the first, so that both
ask for the very same thing and the core gives the same answer.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from manchengo import Commit
from manchengo.application.doubts import Doubt, doubts
from manchengo.commands import Command
from manchengo.domain.errors import AlreadyExists, CommandIdReused
from manchengo.domain.ids import CommitId
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot
from manchengo_cli import lookups
from manchengo_cli.compose import Workplace, opened
from manchengo_cli.layout import wrapped
from manchengo_cli.output import Part, answer
from manchengo_cli.session import Session
from manchengo_presenters.doubts import sentence
from manchengo_presenters.language import _

T = TypeVar("T")
C = TypeVar("C", bound=Command)
Path = str | int

ATTEMPTS = 5
"""How often a choice is made again when someone else took what was chosen in the meantime."""


@dataclass(frozen=True)
class Done(Generic[C]):
    """A command that was carried out, its commit, and what is unlikely about it."""

    command: C
    commit: Commit
    doubts: tuple[Doubt, ...]


class Choices:
    """What is chosen for the person, or was chosen the first time this command id was used."""

    def __init__(self, place: Workplace, session: Session, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.proposed: set[str] = set()
        self._place = place
        self._session = session
        self._recorded = _recorded(snapshot, session.command_id)

    def id(self, *path: Path) -> UUID:
        """A new identifier; ``path`` is where it stands in the command."""
        return self.settle(None, *path, read=UUID, otherwise=self._place.ids.new)

    @property
    def day(self) -> date:
        """The business date: as given, else today."""
        return self.settle(
            self._session.on, "on", read=date.fromisoformat, otherwise=self._place.clock.today
        )

    def code(self, given: str | None, prefix: str, *kinds: type[Row], at: Path = "code") -> str:
        """The code given, else the next free one of the day: ``MP-20261123-001``."""
        code = self.settle(
            given,
            at,
            read=str,
            otherwise=lambda: lookups.next_code(self.snapshot, prefix, self.day, *kinds),
        )
        if given is None:
            self.proposed.add(code)
        return code

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
        """What stood there the first time; None where this id is new, or was something else's."""
        found = self._recorded
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return None
        return found

    def outrun_by(self, refusal: AlreadyExists | CommandIdReused) -> bool:
        """Whether another process took, since the choice was made, what was chosen here."""
        if isinstance(refusal, AlreadyExists):
            return refusal.reference in self.proposed
        return self._recorded is None


def carry_out(
    session: Session,
    ask: Callable[[Choices], C],
    told: Callable[[Snapshot, C], Iterable[Part]],
) -> None:
    """Have the dairy do what ``ask`` asks; answer the commit in JSON, or what ``told`` says."""
    with opened(session) as place:
        done = execute(place, session, ask)
        with place.store.reading() as snapshot:
            answer(
                session,
                shape=lambda: commit_shape(done),
                page=lambda: told(snapshot, done.command),
            )


def execute(place: Workplace, session: Session, ask: Callable[[Choices], C]) -> Done[C]:
    """Have the dairy do what is asked. What is unlikely about it is said on standard error, unless
    the answer is in JSON, which says it.
    """
    command, commit = _execute(place, session, ask)
    with place.store.reading() as snapshot:
        doubted = doubts(snapshot, command, today=place.clock.today())
    if not session.json:
        for doubt in doubted:
            told = _("Warning: {message}").format(message=sentence(doubt))
            print("\n".join(wrapped(told)), file=sys.stderr)
    return Done(command, commit, doubted)


def _execute(place: Workplace, session: Session, ask: Callable[[Choices], C]) -> tuple[C, Commit]:
    command_id = CommitId(session.command_id) if session.command_id else None
    for attempt in range(ATTEMPTS):
        with place.store.reading() as snapshot:
            choices = Choices(place, session, snapshot)
            command = ask(choices)
        try:
            return command, place.dairy.execute(command, command_id=command_id)
        except (AlreadyExists, CommandIdReused) as refusal:
            if attempt == ATTEMPTS - 1 or not choices.outrun_by(refusal):
                raise
    raise AssertionError("the last attempt answers or raises")


def commit_shape(done: Done[Any]) -> dict[str, Any]:
    """What a command left, in JSON."""
    commit = done.commit
    return {
        "commit": str(commit.id),
        "command": commit.command_type,
        "on": commit.on.isoformat(),
        "codes": codes_of(done.command),
        "events": [
            {
                "id": str(event.id),
                "type": event.event_type,
                "aggregate": event.aggregate_type,
                "aggregate_id": str(event.aggregate_id),
            }
            for event in commit.events
        ],
        "warnings": [warning_shape(doubt) for doubt in done.doubts],
    }


def warning_shape(doubt: Doubt) -> dict[str, Any]:
    """What is unlikely about a command, in JSON."""
    return {"warning": type(doubt).__name__, "message": sentence(doubt)}


def codes_of(command: Any) -> dict[str, Any]:
    """The codes of what the command made: ``{"lot": …}``, ``{"order": …, "lots": […]}``."""
    made: dict[str, Any] = {}
    code = getattr(command, "code", None)
    for kind in ("lot", "delivery", "order", "supplier", "client", "product"):
        if code is not None and hasattr(command, f"{kind}_id"):
            made[kind] = code
            break
    outputs = getattr(command, "outputs", None)
    if outputs is not None:
        made["lots"] = [output.code for output in outputs]
    return made


def _recorded(snapshot: Snapshot, command_id: UUID | None) -> Any:
    commit = snapshot.commit(CommitId(command_id)) if command_id else None
    return msgspec.json.decode(commit.command) if commit else None
