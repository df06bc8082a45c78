"""The hash chain of each device: every commit is linked to the one that its device wrote before."""

from collections.abc import Iterable
from datetime import date, datetime

from attrs import define, field

from manchengo import codec
from manchengo.application.tampered import Tampered, tampered
from manchengo.domain.commit import START, Commit, Tip
from manchengo.domain.ids import DeviceId


@define
class Chains:
    """The commits of each device, each linked to the one before. ``known``: where the
    tables say that the chains end; ``ends``: where they end in what was followed before.
    """

    known: dict[DeviceId, Tip]
    commits: int = 0
    events: int = 0
    tampered: Tampered | None = None
    _ends: dict[DeviceId, Tip] = field(factory=dict)
    _last_days: dict[DeviceId, date] = field(factory=dict)
    _stamps_not_seen: set[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._stamps_not_seen = {tip.hlc for tip in self.known.values()} - {START.hlc}

    def follow(self, commit: Commit) -> None:
        """Checks the next commit of the log; ``tampered`` keeps the first that does not fit."""
        self.commits += 1
        self.events += len(commit.events)
        if self.tampered is None and (fault := self._fault(commit)):
            self.tampered = tampered(commit, fault)
        self._ends[commit.device_id] = Tip(
            sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc
        )
        self._last_days[commit.device_id] = commit.on
        self._stamps_not_seen.discard(commit.hlc)

    def _fault(self, commit: Commit) -> str | None:
        before = self._ends.get(commit.device_id, START)
        known = self.known.get(commit.device_id, START)
        sealed_anew = commit.sequence == known.sequence and commit.hash != known.hash
        if sealed_anew or codec.commit_hash(commit) != commit.hash:
            return "content"
        if commit.sequence != before.sequence + 1:
            return "gap"
        if commit.previous != before.hash:
            return "link"
        if commit.sequence > known.sequence:
            return "added"
        return "unreadable" if isinstance(commit.on, datetime) else None

    def is_new(self, commit: Commit) -> bool:
        """Whether it comes behind the last commit of its device that was followed."""
        return commit.sequence > self._ends.get(commit.device_id, START).sequence

    def know_stamps(self, stamps: Iterable[str]) -> None:
        """These were seen in commits before."""
        self._stamps_not_seen.difference_update(stamps)

    def cut_short(self) -> Tampered | None:
        """The first chain, if any, that ends earlier than the tables say."""
        for device_id, known in self.known.items():
            end = self._ends.get(device_id, START)
            if (known.sequence, known.hash) != (end.sequence, end.hash):
                return self._at_the_end(device_id, end.sequence + 1, fault="tip")
        return None

    def stamp_changed(self) -> Tampered | None:
        """The first chain, if any, whose last stamp was never written: a device takes over a later
        stamp that it has seen, so it is that of some commit. All commits must have been followed.
        """
        for device_id, known in self.known.items():
            end = self._ends.get(device_id, START)
            if known.hlc < end.hlc or known.hlc in self._stamps_not_seen:
                return self._at_the_end(device_id, end.sequence, fault="stamp")
        return None

    def _at_the_end(self, device_id: DeviceId, sequence: int, fault: str) -> Tampered:
        return Tampered(
            commit_id=None,
            device_id=device_id,
            sequence=sequence,
            on=self._last_days.get(device_id),
            fault=fault,
        )
