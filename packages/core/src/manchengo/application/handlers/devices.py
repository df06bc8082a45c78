"""Devices: let in under a key, and withdrawn with every id that ever had one of their keys.

A copy of a database writes under an id of its own with the same key. Whoever withdraws a device
means its key, so all ids of the key go together, and the keys of people that are on it.
"""

from collections.abc import Iterator

from attrs import evolve as changed

from manchengo.application.administrators import one_must_remain
from manchengo.application.handlers.people import must_be_nobodys
from manchengo.application.marks import SERVER_MARK, first_free, is_mark
from manchengo.application.unit_of_work import UnitOfWork, decoded
from manchengo.domain import access, audit_anchor, device
from manchengo.domain.access import LastAdministrator, User
from manchengo.domain.aggregates import AUDIT, DEVICE, USER
from manchengo.domain.device import Device, MarkTaken, NotAMark
from manchengo.domain.errors import Archived
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.person_keys import KeyAdmitted, PersonKey, WithdrawKey
from manchengo.ports.rows import DeviceRow, UserRow


def enrol_device(work: UnitOfWork, command: device.EnrolDevice) -> None:
    """Once more is allowed: a device that was withdrawn, or has a new key, keeps its mark.

    A new id under a withdrawn key is withdrawn from its first moment on. Raises ``KeyTaken`` where
    the key is a person's, and what stands against the mark that it is to have.
    """
    must_be_nobodys(work, command.public_key)
    known = work.find(DEVICE, command.device_id)
    mark = known.mark if known else _mark_for(work, command.mark.strip())
    reason = "" if known else why_withdrawn(work, command.public_key)
    work.record(DEVICE, command.device_id, device.decide(known, changed(command, mark=mark)))
    if reason:
        _withdraw(work, command.device_id, reason)


def withdraw_device(work: UnitOfWork, command: device.WithdrawDevice) -> None:
    """With all others of its family that are not withdrawn yet; ``Archived`` when none is left. The
    keys that people have there go with them.
    """
    known = work.load(DEVICE, command.device_id)
    admitted = [
        each for each in family(work, command.device_id) if not work.load(DEVICE, each).is_withdrawn
    ]
    if not admitted:
        raise Archived(kind="device", code=known.name)
    going = keys_that_go(work, command)
    for device_id in admitted:
        _withdraw(work, device_id, command.reason)
    for user_id, public_key in going:
        step = WithdrawKey(user_id=user_id, public_key=public_key, reason=command.reason)
        work.record(USER, user_id, access.decide(work.load(USER, user_id), step))


def keys_that_go(work: UnitOfWork, command: device.WithdrawDevice) -> list[tuple[UserId, str]]:
    """The keys of people that are withdrawn with the device and its copies: all that they have
    there, but those of the last who can administer.
    """
    if not command.withdraws_keys:
        return []
    relatives = frozenset(family(work, command.device_id))
    changes: list[tuple[User, User]] = []
    found: list[tuple[UserId, str]] = []
    for row in sorted(work.snapshot.rows(UserRow), key=lambda row: row.id):
        user = work.load(USER, row.id)
        there = [
            key for key in user.keys if not key.withdrawn and _is_at(work, user, key, relatives)
        ]
        without = changed(user, keys=tuple(key for key in user.keys if key not in there))
        if there and _may_go(work, [*changes, (user, without)]):
            changes.append((user, without))
            found += [(user.id, key.public_key) for key in there]
    return found


def _may_go(work: UnitOfWork, changes: list[tuple[User, User]]) -> bool:
    try:
        one_must_remain(work, changes)
    except LastAdministrator:
        return False
    return True


def _is_at(work: UnitOfWork, user: User, key: PersonKey, relatives: frozenset[DeviceId]) -> bool:
    """Whether the key is on a device of that family. The first id of a device that was restored
    before it met the server is known to nobody: then it is where its person began it.
    """
    if work.snapshot.get(DeviceRow, key.family_id) is not None:
        return key.family_id in relatives
    return any(device_id in relatives for device_id in _began_at(work, user, key))


def _began_at(work: UnitOfWork, user: User, key: PersonKey) -> Iterator[DeviceId]:
    stream = work.snapshot.stream(user.id)
    for entry, event in zip(stream, decoded(stream), strict=True):
        if isinstance(event, KeyAdmitted) and event.public_key == key.public_key:
            commit = work.snapshot.commit(entry.commit_id)
            if commit is not None and commit.user_id == user.id:
                yield commit.device_id


def family_step(work: UnitOfWork, command: device.AllowRenewal | device.LiftQuota) -> None:
    """It counts for the whole family, whichever of its ids is named."""
    known = work.load(DEVICE, command.device_id)
    work.record(DEVICE, command.device_id, device.decide(known, command))


def anchor_audit(work: UnitOfWork, command: audit_anchor.AnchorAudit) -> None:
    """Of a device that the log knows, whatever its signature says: readers check that."""
    work.load(DEVICE, command.device_id)
    anchor_id = audit_anchor.anchor_id(command.device_id)
    known = work.find(AUDIT, anchor_id)
    work.record(AUDIT, anchor_id, audit_anchor.decide(known, command))


def families(work: UnitOfWork) -> list[list[DeviceId]]:
    """All devices, each with those of its family: by their marks, the oldest first."""
    rows = sorted(work.snapshot.rows(DeviceRow), key=lambda row: (len(row.mark), row.mark))
    place = {row.id: number for number, row in enumerate(rows)}
    by_key, found = _by_key(work), []
    left = dict.fromkeys(place)
    while left:
        members = _sharing_keys(work.load(DEVICE, next(iter(left))), by_key)
        found.append(sorted((each.id for each in members), key=place.__getitem__))
        for each in members:
            del left[each.id]
    return found


def family(work: UnitOfWork, device_id: DeviceId) -> list[DeviceId]:
    """The ids of all devices that share a key with this one, or with one that does; itself first.

    Former keys count: a copy may be older than the latest key.
    """
    return [each.id for each in _sharing_keys(work.load(DEVICE, device_id), _by_key(work))]


_Bearers = dict[str, list[tuple[int, Device]]]
"""By public key: the devices that ever had it, each with its number among all."""


def _by_key(work: UnitOfWork) -> _Bearers:
    bearers: _Bearers = {}
    for number, row in enumerate(work.snapshot.rows(DeviceRow)):
        known = work.load(DEVICE, row.id)
        for key in known.keys:
            bearers.setdefault(key, []).append((number, known))
    return bearers


def _sharing_keys(first: Device, by_key: _Bearers) -> list[Device]:
    """``first``, and behind each of these devices those that share a key with it; what is looked
    at is taken out of ``by_key``.
    """
    found = {first.id: first}
    members = [first]
    for member in members:  # grows while it is read
        related = {n: each for key in member.keys for n, each in by_key.pop(key, ())}
        new = [related[n] for n in sorted(related) if related[n].id not in found]
        found |= {each.id: each for each in new}
        members += new
    return members


def why_withdrawn(work: UnitOfWork, public_key: str) -> str:
    """The reason for which that key was withdrawn; "" when it may be used."""
    devices = (work.load(DEVICE, row.id) for row in work.snapshot.rows(DeviceRow))
    return next(
        (each.last_reason for each in devices if public_key in each.withdrawn_keys),
        "",
    )


def _withdraw(work: UnitOfWork, device_id: DeviceId, reason: str) -> None:
    command = device.WithdrawDevice(device_id=device_id, reason=reason)
    work.record(DEVICE, device_id, device.decide(work.load(DEVICE, device_id), command))


def _mark_for(work: UnitOfWork, given: str) -> str:
    """The mark of a device that the log does not know yet: a server's is the same for all servers,
    since none of them proposes a code.
    """
    if given == SERVER_MARK:
        return given
    bearers = {row.mark: row.name for row in work.snapshot.rows(DeviceRow)}
    if not given:
        return first_free(bearers)
    if not is_mark(given):
        raise NotAMark(given=given)
    if given in bearers:
        raise MarkTaken(mark=given, bearer=bearers[given])
    return given
