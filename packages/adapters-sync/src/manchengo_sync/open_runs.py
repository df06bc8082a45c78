"""Runs of commits that a later signature may still prove, while a log is read.

Each commit has two signers: the device that carries it, and its author. Each signer has a chain,
and one valid signature proves every commit before it in the chain (``signature_runs``,
``author_signatures``).
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
    """How the commits of one signer follow each other, and what proves them.

    ``signer``: whose chain a commit is in; None where nobody signed it. ``follows``: whether the
    signature of the first proves the second too. ``count_proved``: how many commits of a run its
    signatures prove. ``why_not``: what is wrong with one that is not proved.
    """

    signer: Callable[[Commit], Hashable | None]
    follows: Callable[[Commit, Commit], bool]
    count_proved: Callable[[Sequence[LogEntry]], int]
    why_not: str


def of_devices(keys: Callable[[DeviceId], Iterable[str]]) -> Chain:
    """The chains of devices. ``keys``: those that a device ever had, in hexadecimal."""
    return Chain(
        signer=lambda commit: commit.device_id,
        follows=follows,
        count_proved=lambda run: count_signed(run, keys(run[0].commit.device_id)),
        why_not=NOT_BY_A_DEVICE,
    )


def of_authors() -> Chain:
    """The chains of authors. A run has one key, on whatever devices."""
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
    """The entries that were read and are not proved yet: the last run of each signer."""

    chain: Chain
    _open: dict[Hashable, list[LogEntry]] = field(factory=dict)

    def add(self, entry: LogEntry) -> LogEntry | None:
        """Adds the entry. Returns the first entry of a run that nothing can prove any more, since
        an entry that does not belong to it follows.
        """
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
        """Drops what is proved by now. Returns the first entry of each signer that is not."""
        lefts = []
        for signer, run in self._open.items():
            left = self._left_of(run)
            lefts += left[:1]
            self._open[signer] = left
        return lefts

    def _left_of(self, run: list[LogEntry]) -> list[LogEntry]:
        return run[self.chain.count_proved(run) :] if run else []
