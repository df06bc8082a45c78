"""A commit: what one command left behind, whole, signed by the hash of the one before.

A log entry is a commit in its place in the plant's one log, with the verdict that was given there.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from attrs import frozen

from manchengo.domain.ids import CommitId, DeviceId, EventId, ImportId, UserId

NO_HASH = bytes(32)
NO_SIGNATURE = b""


@frozen(kw_only=True)
class Recorded:
    """An event as it is stored: its payload is kept to the byte, because the hash covers it.

    ``version`` is the place in the aggregate's stream (from 1) that the author expected to write;
    two devices may claim the same one, which is how a conflict shows.
    """

    id: EventId
    aggregate_type: str
    aggregate_id: UUID
    event_type: str
    schema_version: int
    payload: bytes
    version: int


@frozen(kw_only=True)
class Seen:
    """The last entry of the plant's log that the author's device held when the commit was recorded.

    Two devices that were shown different histories differ here, and others can see it.
    ``log_epoch`` is empty and ``global_seq`` 0 where it held none.
    """

    log_epoch: str
    global_seq: int
    log_hash: bytes


@frozen(kw_only=True)
class Authorship:
    """The author's part of a commit: signed once, at recording, by the person's own key.

    ``key``: the author's public key, Ed25519, 32 bytes. ``family_id``: the first id of the device;
    renewed, restored and copied ids are one family. ``plant_id``: None before the device joined a
    plant. ``sequence`` counts the commits of this key from 1, and ``previous`` is the
    ``codec.authored_hash`` of the one before (``NO_HASH`` for the first). ``signature``: Ed25519
    over the ``codec.authored_hash`` of the commit. Device id, sequence and seal may be made anew
    when a device is restored; this part never is.
    """

    key: bytes
    family_id: DeviceId
    plant_id: UUID | None
    sequence: int
    previous: bytes
    seen: Seen
    signature: bytes


@frozen(kw_only=True)
class Commit:
    """One command, all its events, its author, its times, and the link to the device's last one.

    ``sequence`` counts the commits of the device from 1. ``occurred_at`` is the author's clock in
    UTC, believed by nobody; ``hlc`` orders; ``on`` is the business date. ``previous`` and ``hash``
    are SHA-256, 32 bytes. ``authorship``: None where nobody signed as its author, as in all
    commits from before people had keys.
    """

    id: CommitId
    device_id: DeviceId
    user_id: UserId
    sequence: int
    occurred_at: datetime
    hlc: str
    on: date
    command_type: str
    command_version: int
    command: bytes
    import_id: ImportId | None
    events: tuple[Recorded, ...]
    previous: bytes
    hash: bytes
    authorship: Authorship | None = None


@frozen(kw_only=True)
class Tip:
    """Where a device's chain of commits stands."""

    sequence: int
    hash: bytes
    hlc: str


class Verdict(StrEnum):
    """What became of a commit when its turn came in the log; written there, never found again."""

    ACCEPTED = "accepted"
    REALLOCATED = "reallocated"
    REJECTED = "rejected"
    PARKED = "parked"


@frozen(kw_only=True)
class LogEntry:
    """A place in the plant's one log. ``global_seq`` counts from 1, with no gap.

    ``effective``: the events that happened by it; None: those that the commit recorded. ``reason``
    names the refusal, "" where there is none. ``hlc_eff``: the stamp by which its field writes
    count. ``signature``: the author's device over the commit's hash. ``hash``: SHA-256 over all of
    it and the hash of the entry before, so that two who hold the same hash hold the same log. A
    commit that was parked stands in the log a second time once it was judged.
    """

    global_seq: int
    commit: Commit
    verdict: Verdict
    reason: str
    effective: tuple[Recorded, ...] | None
    hlc_eff: str
    signature: bytes
    hash: bytes

    @property
    def effects(self) -> tuple[Recorded, ...]:
        """What happened by it."""
        return self.commit.events if self.effective is None else self.effective


START = Tip(sequence=0, hash=NO_HASH, hlc="")
