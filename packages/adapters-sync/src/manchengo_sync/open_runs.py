"""Runs of commits that a signature still to come may prove, while a log is read.

Two sign each commit: the device that carries it, and its author. Each has a chain of its own, of
which one true signature proves all that it follows (``signature_runs``, ``author_signatures``).
"""

from collections.abc import Callable, Hashable, Iterable, Sequence

from attrs import define, field, frozen

from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.ids import DeviceId
from manchengo_sync.author_signatures import (
    NOT_BY_ITS_AUTHOR,
    follows_of_its_author,
    is_signed_by_its_author,
)
from manchengo_sync.signature_runs import count_signed, follows

NOT_BY_A_DEVICE = "no device signed it that the log let in"


@frozen
class Chain:
    """How commits of one signer follow each other, and what proves them.

    ``signer``: whose chain a commit is in; None where nobody signed. ``follows``: whether the
    signature under the first proves the second, too. ``count_proved``: how many of a run are proved
    by the signatures in it. ``why_not``: what is wrong with one that is not.
    """

    signer: Callable[[Commit], Hashable | None]
    follows: Callable[[Commit, Commit], bool]
    count_proved: Callable[[Sequence[LogEntry]], int]
    why_not: str


def of_devices(keys: Callable[[DeviceId], Iterable[str]]) -> Chain:
    """``keys``: those that a device ever had, in hexadecimal."""
    return Chain(
        signer=lambda commit: commit.device_id,
        follows=follows,
        count_proved=lambda run: count_signed(run, keys(run[0].commit.device_id)),
        why_not=NOT_BY_A_DEVICE,
    )


def of_authors() -> Chain:
    """A run is of one key, at whatever devices."""
    return Chain(
        signer=lambda commit: commit.authorship.key if commit.authorship else None,
        follows=follows_of_its_author,
        count_proved=_count_signed_by_author,
        why_not=NOT_BY_ITS_AUTHOR,
    )


def _count_signed_by_author(run: Sequence[LogEntry]) -> int:
    for count in range(len(run), 0, -1):
        if is_signed_by_its_author(run[count - 1].commit):
            return count
    return 0


@define
class OpenRuns:
    """What was looked at and is not proved yet: of each signer, the last run."""

    chain: Chain
    _open: dict[Hashable, list[LogEntry]] = field(factory=dict)

    def add(self, entry: LogEntry) -> LogEntry | None:
        """The first entry that nothing can prove any more, as another's follows it."""
        signer = self.chain.signer(entry.commit)
        if signer is None:
            return None
        run = self._open.setdefault(signer, [])
        left = None
        if run and not self.chain.follows(entry.commit, run[-1].commit):
            left = next(iter(self._left_of(run)), None)
            run.clear()
        run.append(entry)
        return left

    def settle(self) -> list[LogEntry]:
        """Forget what is proved by now; the first of each signer that is not."""
        lefts = []
        for signer, run in self._open.items():
            left = self._left_of(run)
            lefts += left[:1]
            self._open[signer] = left
        return lefts

    def _left_of(self, run: list[LogEntry]) -> list[LogEntry]:
        return run[self.chain.count_proved(run) :] if run else []
