"""What an adapter that keeps commits in tables makes of their rows, whatever its database.

The events of a commit stand in their streams as they happened, or aside where they did not. An
entry of the log, or a guess, may have made others happen than were recorded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import NamedTuple, TypeVar

from attrs import field, frozen

from manchengo.domain.commit import Commit, LogEntry, Recorded, Verdict
from manchengo.ports.store import GarbledCommit, Pending

T = TypeVar("T")

Effects = Mapping[int | None, tuple[Recorded, ...]]
"""What happened by each entry of a commit in the log; by the first, or as guessed, under None."""


class EventRow(NamedTuple):
    """``place``: in the commit. ``derived``: a verdict's, and not recorded. ``entry``: by
    which it happened, None for the first. ``aside``: recorded, and nothing happened by it.
    """

    event: Recorded
    place: int
    derived: bool
    entry: int | None
    aside: bool


@frozen(kw_only=True)
class Stored:
    """``effects``: None where nothing ever happened by the commit but what it recorded."""

    position: int
    commit: Commit
    signature: bytes
    effects: Effects | None = field(repr=False)

    def effective(self, entry: int | None) -> tuple[Recorded, ...] | None:
        """What happened by that entry; None: what was recorded."""
        if self.effects is None:
            return None
        happened = self.effects.get(entry, ())
        return None if happened == self.commit.events else happened

    def pending(self, *, seal: bytes | None) -> Pending:
        """The commit as one that waits for the log, with what the tables keep as its ``seal``."""
        return Pending(
            commit=self.commit,
            effective=self.effective(None),
            seal=seal,
            signature=self.signature,
        )

    def entry(
        self, global_seq: int, verdict: str, reason: str, hlc: str, seal: bytes, is_first: bool
    ) -> LogEntry:
        """The commit as the entry ``global_seq`` of the log, with the other columns of its row.

        ``is_first``: no earlier entry is of that commit.
        """
        return LogEntry(
            global_seq=global_seq,
            commit=self.commit,
            verdict=Verdict(verdict),
            reason=reason,
            effective=self.effective(None if is_first else global_seq),
            hlc_eff=hlc,
            signature=self.signature,
            hash=seal,
        )


def recorded_and_effects(
    rows: Iterable[EventRow],
) -> tuple[tuple[Recorded, ...], Effects | None]:
    """What the commit recorded, in its order, and what happened by it, in the order of the rows.

    Raises ``ValueError`` where the places are not those that were given: each list counts from 0.
    """
    recorded: list[tuple[int, Recorded]] = []
    effects: dict[int | None, list[tuple[int, Recorded]]] = {}
    is_otherwise = False
    for row in rows:
        if row.derived not in (False, True):
            raise ValueError(f"an event is derived or not: {row.derived!r}")
        if not row.derived:
            recorded.append((row.place, row.event))
        if not row.aside:
            effects.setdefault(row.entry, []).append((row.place, row.event))
        is_otherwise = is_otherwise or row.derived or row.aside or row.entry is not None
    recorded.sort(key=itemgetter(0))
    events = _without_places(recorded)
    happened = {entry: _without_places(each) for entry, each in effects.items()}
    return events, happened if is_otherwise else None


def _without_places(numbered: list[tuple[int, Recorded]]) -> tuple[Recorded, ...]:
    if any(place != index for index, (place, _) in enumerate(numbered)):
        raise ValueError("the events of a commit count from 0, with no gap")
    return tuple(event for _, event in numbered)


def page_by_page(
    page: Callable[[int, int], list[tuple[int, T]]],
    garbled: Callable[[int], GarbledCommit],
    is_garbled: Callable[[Exception], bool],
    *,
    most: int,
    after: int = 0,
    limit: int | None = None,
) -> Iterator[T]:
    """All there is beyond ``after``, at most ``limit``. ``page(done, size)``: some, numbered.
    ``garbled(done)`` names the one behind, where ``is_garbled`` says that bytes cannot be read.
    """
    done = after
    while limit is None or limit > 0:
        size = most if limit is None else min(limit, most)
        try:
            found = page(done, size)
        except Exception as error:
            if not is_garbled(error):
                raise
            if size == 1:
                raise garbled(done) from error
            most = 1  # the good ones before it are still to be given
            continue
        for number, each in found:
            yield each
            done = number
        if len(found) < size:
            return
        limit = None if limit is None else limit - size
