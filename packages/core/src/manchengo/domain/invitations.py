"""Invitations: who has the code of one begins to sign, once, on whatever device they hold.

The code is never stored. A key pair is made from it, and the log holds the public half: its
signature proves the code. It signs nothing but the command by which its person admits a key of
their own.
"""

from collections.abc import Callable
from datetime import date
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import AlreadyExists, NothingToDo, Refused, reason_given
from manchengo.domain.ids import InvitationId, UserId
from manchengo.domain.person_keys import NotAKey
from manchengo.domain.public_key import is_sound


@frozen(kw_only=True)
class InvitationUnknown(Refused):
    """What was signed with the code of an invitation names a person for whom there is none under
    it here: the code is mistyped, or the device has not heard of it yet. ``user``: their name.
    """

    user: str


@frozen(kw_only=True)
class InvitationUsed(Refused):
    """Somebody has begun with that code already. ``user``: the name of whom it was for."""

    user: str


@frozen(kw_only=True)
class InvitationExpired(Refused):
    """The last day of the invitation is over."""

    user: str
    expires_on: date


@frozen(kw_only=True)
class InvitationWithdrawn(Refused):
    """The invitation was taken back. ``reason``: why."""

    user: str
    reason: str


@frozen(kw_only=True)
class InvitationFallen(Refused):
    """Who gave the invitation may not invite any more: gone, in other roles, or without a key that
    counts. ``invited_by``: their name.
    """

    user: str
    invited_by: str


@frozen(kw_only=True)
class InvitePerson:
    """Whoever has the code of the invitation may begin to sign as that person, once, on any device.

    ``public_key``: Ed25519, 32 bytes in hexadecimal, of the key pair that is made from the code and
    ``invitation_id``. ``expires_on``: the last day on which it counts; None for a recovery key,
    which counts until it is used. It falls when who gave it may not invite any more. Given again,
    it changes nothing.

    Refused: ``AlreadyExists``, ``Archived``, ``KeyTaken``, ``NotAKey``.
    """

    user_id: UserId
    invitation_id: InvitationId
    public_key: str
    expires_on: date | None


@frozen(kw_only=True)
class WithdrawInvitation:
    """Nobody begins with that invitation any more. Of one that was used or withdrawn before, it
    changes nothing. Everybody may withdraw an invitation of their own.

    Refused: ``NothingToDo``, ``ReasonMissing``.
    """

    user_id: UserId
    invitation_id: InvitationId
    reason: str


@frozen(kw_only=True)
class PersonInvited:
    """Somebody may begin a key with a code."""

    invitation_id: InvitationId
    public_key: str
    expires_on: date | None
    invited_by: UserId


@frozen(kw_only=True)
class InvitationRedeemed:
    """By the commit that admits the person's key."""

    invitation_id: InvitationId


@frozen(kw_only=True)
class PersonInvitationWithdrawn:
    """The code is void."""

    invitation_id: InvitationId
    reason: str


InvitationCommand = InvitePerson | WithdrawInvitation
InvitationEvent = PersonInvited | InvitationRedeemed | PersonInvitationWithdrawn


@frozen(kw_only=True)
class Invitation:
    """``withdrawn``: why; empty while it was not."""

    id: InvitationId
    public_key: str
    expires_on: date | None
    invited_by: UserId
    used: bool = False
    withdrawn: str = ""


Invitations = tuple[Invitation, ...]


def invite(
    invitations: Invitations, command: InvitePerson, *, invited_by: UserId
) -> tuple[InvitationEvent, ...]:
    """``invitations``: all that the person ever had."""
    if not is_sound(command.public_key):
        raise NotAKey(given=command.public_key)
    known = _known(invitations, command.invitation_id)
    if known is None:
        return (
            PersonInvited(
                invitation_id=command.invitation_id,
                public_key=command.public_key,
                expires_on=command.expires_on,
                invited_by=invited_by,
            ),
        )
    if (known.public_key, known.expires_on) != (command.public_key, command.expires_on):
        raise AlreadyExists(kind="invitation", reference=str(command.invitation_id))
    return ()


def withdraw(invitations: Invitations, command: WithdrawInvitation) -> tuple[InvitationEvent, ...]:
    """Withdraws an invitation; nothing happens where it is used or withdrawn already."""
    known = _known(invitations, command.invitation_id)
    if known is None:
        raise NothingToDo(what="invitation")
    reason = reason_given(command.reason, "withdraw")
    if known.used or known.withdrawn:
        return ()
    return (PersonInvitationWithdrawn(invitation_id=command.invitation_id, reason=reason),)


def must_be_usable(invitation: Invitation, *, user: str, on: date | None) -> None:
    """Raises what stands against its use. ``on``: the day of it; None where nobody knows it."""
    if invitation.used:
        raise InvitationUsed(user=user)
    if invitation.withdrawn:
        raise InvitationWithdrawn(user=user, reason=invitation.withdrawn)
    if invitation.expires_on is not None and on is not None and on > invitation.expires_on:
        raise InvitationExpired(user=user, expires_on=invitation.expires_on)


def evolve(invitations: Invitations, event: InvitationEvent) -> Invitations:
    """The person's invitations after the event."""
    match event:
        case PersonInvited():
            return (
                *invitations,
                Invitation(
                    id=event.invitation_id,
                    public_key=event.public_key,
                    expires_on=event.expires_on,
                    invited_by=event.invited_by,
                ),
            )
        case InvitationRedeemed():
            return _replaced(invitations, event, lambda known: changed(known, used=True))
        case PersonInvitationWithdrawn(reason=reason):
            return _replaced(invitations, event, lambda known: changed(known, withdrawn=reason))
        case _:
            assert_never(event)


def _known(invitations: Invitations, invitation_id: InvitationId) -> Invitation | None:
    return next((each for each in invitations if each.id == invitation_id), None)


def _replaced(
    invitations: Invitations,
    event: InvitationRedeemed | PersonInvitationWithdrawn,
    change: Callable[[Invitation], Invitation],
) -> Invitations:
    return tuple(change(each) if each.id == event.invitation_id else each for each in invitations)
