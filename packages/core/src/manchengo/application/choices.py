"""What nobody said of a command is chosen here: new ids, codes, today's date.

With a command id that was used before, those choices are read back from its commit, so that both
ask for the very same thing and get the same answer.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from manchengo import codec
from manchengo.application.next_codes import free_lot_code, next_code
from manchengo.domain.ids import CommitId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot

T = TypeVar("T")
Path = str | int


class Choices:
    """What is proposed for the person, or was the first time this command id was used.

    ``on``: the business date that somebody gave.
    """

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
            otherwise=lambda: next_code(self.snapshot, prefix, self.day, *kinds),
        )

    def made_lot_code(self, given: str | None, order: str) -> str:
        """The code given for what came out of that order, else that of the order, if it is free."""
        return self.settle(
            given,
            "outputs",
            0,
            "code",
            read=str,
            otherwise=lambda: free_lot_code(self.snapshot, f"PF-{order}"),
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


def _recorded(snapshot: Snapshot, command_id: UUID | None) -> Any:
    commit = snapshot.commit(CommitId(command_id)) if command_id else None
    return codec.fields(commit.command) if commit else None
