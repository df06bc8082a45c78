"""For whom a device was let in: what a server says of it, and what somebody of the plant signed.

A server lets devices in by itself, so its word says which device may exchange, and nothing about
people. Where everybody must sign, a person begins by an enrolment only if somebody vouched for it:
an administrator signed it, or it stood in the log of a plant of before, as far as whoever required
signing had read that: what they had read is signed with it.
"""

from collections.abc import Iterator

from manchengo.application.handlers.devices import family
from manchengo.application.marks import SERVER_MARK
from manchengo.application.unit_of_work import UnitOfWork, decoded
from manchengo.domain.aggregates import DEVICE, PLANT
from manchengo.domain.commit import Seen
from manchengo.domain.device import DeviceEnrolled
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.domain.plant import PLANT_ID, SigningRequired
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot

COUNTS_WHAT_WAS_SEEN = 2
"""The first version of ``RequireSigning`` for which only what its author had seen counts."""


def was_enrolled_for(work: UnitOfWork, device_id: DeviceId, user_id: UserId) -> bool:
    """Whether the log says that the device was let in for that person."""
    device = work.snapshot.get(DeviceRow, device_id)
    if device is None or device.mark == SERVER_MARK:
        return False
    return device.user_id == user_id


def is_vouched_for(work: UnitOfWork, device_id: DeviceId, user_id: UserId) -> bool:
    """Whether somebody of the plant vouched that the device is that person's: for each key that it
    or a copy of it ever had, since what is signed with any of them counts as the device's.
    """
    if not was_enrolled_for(work, device_id, user_id):
        return False
    relatives = family(work, device_id)
    keys = frozenset().union(*(work.load(DEVICE, each).keys for each in relatives))
    began = _where_signing_began(work)
    vouched_for = {
        enrolment.public_key
        for each in relatives
        for commit_id, enrolment in _enrolments(work.snapshot, each)
        if enrolment.user_id == user_id and _counts(work.snapshot, commit_id, before=began)
    }
    return keys <= vouched_for


def _enrolments(
    snapshot: Snapshot, device_id: DeviceId
) -> Iterator[tuple[CommitId, DeviceEnrolled]]:
    stream = snapshot.stream(device_id)
    for entry, event in zip(stream, decoded(stream), strict=True):
        if isinstance(event, DeviceEnrolled):
            yield entry.commit_id, event


def _counts(snapshot: Snapshot, commit_id: CommitId, *, before: int) -> bool:
    commit, entry = snapshot.commit(commit_id), snapshot.entry(commit_id)
    is_signed = commit is not None and commit.authorship is not None
    return is_signed or (entry is not None and entry.global_seq < before)


def _where_signing_began(work: UnitOfWork) -> int:
    """From which entry of the log on an enrolment alone lets nobody begin. 0 for a plant that was
    founded so: a server writes before its genesis as it likes.
    """
    plant = work.find(PLANT, PLANT_ID)
    if plant is None or plant.genesis is not None:
        return 0
    stream = work.snapshot.stream(PLANT_ID)
    began = next(
        entry.commit_id
        for entry, event in zip(stream, decoded(stream), strict=True)
        if isinstance(event, SigningRequired)
    )
    entry, commit = work.snapshot.entry(began), work.snapshot.commit(began)
    place = work.snapshot.cursor() + 1 if entry is None else entry.global_seq
    part = commit.authorship if commit is not None else None
    if commit is None or part is None or commit.command_version < COUNTS_WHAT_WAS_SEEN:
        return place
    return min(place, part.seen.global_seq + 1) if is_as_seen(work.snapshot, part.seen) else 0


def is_as_seen(snapshot: Snapshot, seen: Seen) -> bool:
    """Whether the log at that place is the one that was seen; it is where nothing is held of it."""
    found = next(snapshot.entries(after=max(0, seen.global_seq - 1), limit=1), None)
    if found is None or found.global_seq != seen.global_seq:
        return True
    return found.hash == seen.log_hash
