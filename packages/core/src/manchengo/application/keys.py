"""Who signs with which key on which device, who admitted it, and who is invited to begin.

Read from the log itself: its events say what happened, and their commits who did it, and when.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from attrs import evolve, frozen

from manchengo.application.authors import user_of
from manchengo.application.handlers.devices import family
from manchengo.application.unit_of_work import UnitOfWork, decoded, not_undone
from manchengo.domain.ids import CommitId, DeviceId, InvitationId, UserId
from manchengo.domain.invitations import (
    InvitationRedeemed,
    PersonInvitationWithdrawn,
    PersonInvited,
)
from manchengo.domain.person_keys import KeyAdmitted, KeyWithdrawn
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo.ports.store import Entry, Snapshot


@frozen(kw_only=True)
class KeyAct:
    """Who did something, on which device, and when, by the clock of that device.

    ``user``: their name, "" for somebody whom the log does not know.
    """

    user_id: UserId
    user: str
    device_id: DeviceId
    at: datetime


@frozen(kw_only=True)
class KeyLine:
    """A key of a person. ``devices``: the names of the devices that it is for, none where no server
    knows them. ``invitation_id``: the invitation by which it was begun. ``withdrawn``: None while
    it counts; then ``reason`` says why.
    """

    user_id: UserId
    user: str
    public_key: str
    family_id: DeviceId
    devices: tuple[str, ...]
    admitted: KeyAct
    invitation_id: InvitationId | None
    withdrawn: KeyAct | None = None
    reason: str = ""


class InvitationStatus(StrEnum):
    """What became of an invitation; OPEN while somebody may begin by it."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FALLEN = "fallen"


@frozen(kw_only=True)
class InvitationLine:
    """An invitation of a person. ``expires_on``: None for a recovery key. ``ended``: by whom it was
    used or withdrawn; None else.
    """

    user_id: UserId
    user: str
    invitation_id: InvitationId
    expires_on: date | None
    given: KeyAct
    status: InvitationStatus
    ended: KeyAct | None = None
    reason: str = ""


def keys(snapshot: Snapshot, user_id: UserId | None = None) -> list[KeyLine]:
    """The keys of that person, or of all, withdrawn ones among them; each person's oldest first."""
    return [line for row in _people(snapshot, user_id) for line in _keys_of(snapshot, row)]


def keys_at(snapshot: Snapshot, device_id: DeviceId) -> list[KeyLine]:
    """The keys that people have or had on the device and its copies."""
    relatives = family(UnitOfWork(snapshot), device_id)
    return [line for line in keys(snapshot) if line.family_id in relatives]


def invitations(
    snapshot: Snapshot, user_id: UserId | None = None, *, on: date
) -> list[InvitationLine]:
    """The invitations of that person, or of all, as they are on that day."""
    return [
        line for row in _people(snapshot, user_id) for line in _invitations_of(snapshot, row, on)
    ]


def _people(snapshot: Snapshot, user_id: UserId | None) -> list[UserRow]:
    if user_id is None:
        return sorted(snapshot.rows(UserRow), key=lambda row: (row.name, row.id))
    row = snapshot.get(UserRow, user_id)
    return [row] if row is not None else []


def _keys_of(snapshot: Snapshot, row: UserRow) -> list[KeyLine]:
    lines: dict[str, KeyLine] = {}
    begun_by: dict[CommitId, InvitationId] = {}
    for entry, event in _history(snapshot, row):
        match event:
            case InvitationRedeemed():
                begun_by[entry.commit_id] = event.invitation_id
            case KeyAdmitted():
                lines[event.public_key] = KeyLine(
                    user_id=row.id,
                    user=row.name,
                    public_key=event.public_key,
                    family_id=event.family_id,
                    devices=_names(snapshot, event.family_id),
                    admitted=_act(snapshot, entry),
                    invitation_id=begun_by.get(entry.commit_id),
                )
            case KeyWithdrawn():
                line = lines[event.public_key]
                lines[event.public_key] = evolve(
                    line, withdrawn=_act(snapshot, entry), reason=event.reason
                )
            case _:
                pass
    return list(lines.values())


def _invitations_of(snapshot: Snapshot, row: UserRow, on: date) -> list[InvitationLine]:
    lines: dict[InvitationId, InvitationLine] = {}
    for entry, event in _history(snapshot, row):
        match event:
            case PersonInvited():
                lines[event.invitation_id] = InvitationLine(
                    user_id=row.id,
                    user=row.name,
                    invitation_id=event.invitation_id,
                    expires_on=event.expires_on,
                    given=_act(snapshot, entry),
                    status=_unused(snapshot, event, on),
                )
            case InvitationRedeemed():
                lines[event.invitation_id] = evolve(
                    lines[event.invitation_id],
                    status=InvitationStatus.USED,
                    ended=_act(snapshot, entry),
                )
            case PersonInvitationWithdrawn():
                lines[event.invitation_id] = evolve(
                    lines[event.invitation_id],
                    status=InvitationStatus.WITHDRAWN,
                    ended=_act(snapshot, entry),
                    reason=event.reason,
                )
            case _:
                pass
    return list(lines.values())


def _unused(snapshot: Snapshot, event: PersonInvited, on: date) -> InvitationStatus:
    """What an invitation is that was neither used nor withdrawn."""
    host = user_of(UnitOfWork(snapshot), event.invited_by)
    if host is None or not host.may_invite:
        return InvitationStatus.FALLEN
    if event.expires_on is not None and on > event.expires_on:
        return InvitationStatus.EXPIRED
    return InvitationStatus.OPEN


def _history(snapshot: Snapshot, row: UserRow) -> Iterator[tuple[Entry, Any]]:
    """What happened to the person, as far as it was not undone."""
    entries = snapshot.stream(row.id)
    kept = not_undone(entries, decoded(entries))
    return zip(kept, decoded(kept), strict=True)


def _act(snapshot: Snapshot, entry: Entry) -> KeyAct:
    commit = snapshot.commit(entry.commit_id)
    assert commit is not None, "an event is stored with its commit"
    known = snapshot.get(UserRow, commit.user_id)
    return KeyAct(
        user_id=commit.user_id,
        user=known.name if known else "",
        device_id=commit.device_id,
        at=commit.occurred_at,
    )


def _names(snapshot: Snapshot, family_id: DeviceId) -> tuple[str, ...]:
    if snapshot.get(DeviceRow, family_id) is None:
        return ()
    rows = (snapshot.get(DeviceRow, each) for each in family(UnitOfWork(snapshot), family_id))
    return tuple(dict.fromkeys(row.name for row in rows if row is not None))
