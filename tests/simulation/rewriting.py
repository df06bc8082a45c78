"""A device in other hands: it tells the server another history of itself than its own program does.

All of it is signed by its own person, with a key that the log admits, and sealed by its own device:
the log may take either history in, but nobody may lose anything by it, nor hold two logs.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random
from uuid import UUID

from attrs import define, evolve

from manchengo import codec
from manchengo.application.replication.server_log import Offered
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, EventId
from manchengo_sync import wire
from manchengo_sync.signing import DEVICE_KEY, sign
from tests.simulation.nodes import Device

GARBAGE = bytes(64)
MOST_AGAIN = 3
"""How many of the commits that are in the log already it tells otherwise."""


def rewritten(device: Device, request: wire.PushRequest, random: Random) -> wire.PushRequest | None:
    """What it sends before its program's own request; None where it has nothing to rewrite."""
    telling = _Telling(device, random)
    told = random.choice(HISTORIES)(telling, [each.commit for each in request.commits])
    return evolve(request, commits=telling.carried(told), audit=None) if told else None


@define
class _Telling:
    device: Device
    random: Random

    # ------------------------------------------------------------ the histories

    def of_what_waits(self, waiting: list[Commit]) -> list[Commit]:
        """From one of those on, everything is another; the program's own follow the same one."""
        mine = [commit for commit in waiting if commit.device_id == self.device.id]
        begun = self.random.randrange(len(mine)) if mine else 0
        return [*mine[:begun], *self._chained(map(self._otherwise, mine[begun:]))]

    def of_what_is_in_the_log(self, waiting: list[Commit]) -> list[Commit]:
        """The server has it: the last of them are told otherwise, under the numbers they have."""
        return self._chained(map(self._otherwise, self._in_the_log()))

    def sealed_again(self, waiting: list[Commit]) -> list[Commit]:
        """What is in the log comes once more, under the next numbers of the device."""
        again = self._in_the_log()
        if not again:
            return []
        tip = again[-1]
        for place, commit in enumerate(again):
            after = again[place - 1] if place else tip
            again[place] = codec.sealed(
                evolve(commit, sequence=after.sequence + 1, previous=after.hash)
            )
        return again

    def two_behind_one(self, waiting: list[Commit]) -> list[Commit]:
        """Two that follow the same commit of the same key, one behind the other at the device."""
        mine = [commit for commit in waiting if commit.device_id == self.device.id][:1]
        for commit in mine:
            twin = self._otherwise(evolve(commit, sequence=commit.sequence + 1))
            return [commit, codec.sealed(evolve(twin, previous=commit.hash))]
        return []

    def without_the_first(self, waiting: list[Commit]) -> list[Commit]:
        """The number of the one that is missing is given to the next."""
        mine = [commit for commit in waiting if commit.device_id == self.device.id]
        if len(mine) < 2:
            return []
        missing, *left = mine
        moved = evolve(left[0], sequence=missing.sequence, previous=missing.previous)
        return self._chained([codec.sealed(moved), *left[1:]], signs=False)

    def signed_at_the_end_alone(self, waiting: list[Commit]) -> list[Commit]:
        """The last signature proves what it names; of one, perhaps, its author signed no word."""
        mine = [commit for commit in waiting if commit.device_id == self.device.id]
        told = [*map(_garbled, mine[:-1]), *mine[-1:]]
        if len(told) > 1 and self.random.random() < 0.5:
            unsaid = self.random.randrange(len(told) - 1)
            told[unsaid] = evolve(told[unsaid], command=told[unsaid].command + b" ")
        return self._chained(map(codec.sealed, told), signs=False)

    # ------------------------------------------------------------ how they are made

    def _in_the_log(self) -> list[Commit]:
        me = self.device.id
        with self.device.disk.store.reading() as snapshot:
            mine = [each.commit for each in snapshot.entries() if each.commit.device_id == me]
        return [commit for commit in mine if commit.authorship is not None][-MOST_AGAIN:]

    def _otherwise(self, commit: Commit) -> Commit:
        """The same author says something else; commit and events keep their ids, or do not."""
        random = self.random
        if random.random() < 0.5:
            commit = evolve(commit, id=CommitId(self._an_id()))
        if random.random() < 0.5:
            events = tuple(evolve(each, id=EventId(self._an_id())) for each in commit.events)
            commit = evolve(commit, events=events)
        if random.random() < 0.5:
            return self._signed(evolve(commit, occurred_at=commit.occurred_at + timedelta(hours=1)))
        events = tuple(
            evolve(event, payload=event.payload.replace(b"1", b"2")) for event in commit.events
        )
        asked = commit.command.replace(b"1", b"2")
        return self._signed(evolve(commit, command=asked, events=events))

    def _an_id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _chained(self, commits: Iterable[Commit], *, signs: bool = True) -> list[Commit]:
        """Each names the one before, at the device and, where it ``signs``, under its key."""
        told: list[Commit] = []
        last_of: dict[bytes, bytes] = {}
        for commit in commits:
            part = commit.authorship
            if told:
                commit = evolve(commit, sequence=told[-1].sequence + 1, previous=told[-1].hash)
            if signs and part is not None and part.key in last_of:
                follows = evolve(part, previous=last_of[part.key])
                commit = self._signed(evolve(commit, authorship=follows))
            if commit.authorship is not None:
                last_of[commit.authorship.key] = codec.authored_hash(commit, commit.authorship)
            told.append(codec.sealed(commit))
        return told

    def _signed(self, commit: Commit) -> Commit:
        """By its author's key, if that is at hand here."""
        part = commit.authorship
        key = self.device.key_at_hand(commit.user_id, part.key) if part is not None else None
        if part is not None and key is not None:
            signature = key.sign(codec.authored_hash(commit, part))
            commit = evolve(commit, authorship=evolve(part, signature=signature))
        return codec.sealed(commit)

    def carried(self, commits: list[Commit]) -> tuple[Offered, ...]:
        """With the signature of the device under each."""
        with self.device.disk.store.reading() as snapshot:
            key = snapshot.setting(DEVICE_KEY) or ""
        return tuple(Offered(commit=commit, signature=sign(key, commit.hash)) for commit in commits)


def _garbled(commit: Commit) -> Commit:
    part = commit.authorship
    return commit if part is None else evolve(commit, authorship=evolve(part, signature=GARBAGE))


HISTORIES: tuple[Callable[[_Telling, list[Commit]], list[Commit]], ...] = (
    _Telling.of_what_waits,
    _Telling.of_what_is_in_the_log,
    _Telling.sealed_again,
    _Telling.two_behind_one,
    _Telling.without_the_first,
    _Telling.signed_at_the_end_alone,
)
