"""The keys with which people sign what they record: one for each person on each device.

A key is made on the device, sealed there, and never leaves it. The log admits its public half.
"""

from typing import assert_never
from uuid import UUID

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import NothingToDo, Refused, reason_given
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.public_key import is_sound

REPLACED = "replaced"
"""The reason for which a key is withdrawn when its person admits another one on the same device. It
is stored.
"""


@frozen(kw_only=True)
class NotAKey(Refused):
    """A public key is 32 bytes, written as 64 digits and letters from a to f, and none of those
    under which a signature proves nothing.
    """

    given: str


@frozen(kw_only=True)
class KeyTaken(Refused):
    """That key is somebody's already, or a device's, or was once: each is for one person on one
    device. ``bearer``: the name of whom it belongs to.
    """

    bearer: str


@frozen(kw_only=True)
class KeyNotProved(Refused):
    """Nobody has shown that they have the private half of that key, so it may be another person's.
    Where everybody must sign, a key is admitted only with a signature by it. ``given``: the key.
    """

    given: str


@frozen(kw_only=True)
class KeyNotAdmitted(Refused):
    """What was recorded is signed with a key that this person does not have on this device, or has
    no longer. ``user``: the person's name, "" where nobody of that identifier is known.
    """

    user: str


@frozen(kw_only=True)
class SignedForAnotherPlant(Refused):
    """What was recorded is signed by its author for another plant than this one, where it says
    nothing. ``user``: the person's name, "" where nobody of that identifier is known.
    """

    user: str


@frozen(kw_only=True)
class NotSigned(Refused):
    """What was recorded is not signed by its author, who must. ``user``: the person's name, ""
    where nobody of that identifier is known.
    """

    user: str


@frozen(kw_only=True)
class AdmitKey:
    """What is signed with that key on that device is the person's word from here on.

    ``family_id``: the first id that the device ever had; the key counts on all that are renewed or
    copied from it. ``public_key``: Ed25519, 32 bytes in hexadecimal, small letters. ``proof``: the
    signature by that key over ``possession_message``, in hexadecimal; it may be left out where the
    plant does not have everybody sign.

    Refused: ``Archived``, ``KeyNotProved``, ``KeyTaken``, ``NotAKey``.
    """

    user_id: UserId
    family_id: DeviceId
    public_key: str
    proof: str = ""


@frozen(kw_only=True)
class AdmitOwnKey:
    """The person who gives the command signs with that key on that device from here on, and with no
    other there: the keys that they had on it are withdrawn.

    It must be signed: with the key that they had there; with the code of an invitation; or with the
    very key that it admits, where they never had one on that device. Then the device was enrolled
    for them; in a plant that requires signing, as an administrator signed or before signing was
    required, and they have no key on any other. Where signing is not required, who has no key
    begins at any device. ``family_id``, ``public_key`` and ``proof`` as in ``AdmitKey``; a command
    that is signed with the very key proves it.

    Refused: ``Archived``, ``KeyNotAdmitted``, ``KeyNotProved``, ``KeyTaken``, ``NotAKey``,
    ``NotSigned``.
    """

    user_id: UserId
    family_id: DeviceId
    public_key: str
    proof: str = ""


@frozen(kw_only=True)
class WithdrawKey:
    """What is signed with that key counts no more, from here on in the log. Given again, it changes
    nothing. Everybody may withdraw a key of their own.

    Refused: ``NothingToDo``, ``ReasonMissing``.
    """

    user_id: UserId
    public_key: str
    reason: str


@frozen(kw_only=True)
class KeyAdmitted:
    """A key of the person counts on devices of that family."""

    family_id: DeviceId
    public_key: str


@frozen(kw_only=True)
class KeyWithdrawn:
    """The key counts no more."""

    public_key: str
    reason: str


def possession_message(
    command: AdmitKey | AdmitOwnKey, *, plant_id: UUID | None, signed_with: str
) -> bytes:
    """What is signed with a new key, to show that its person has it: plant, person, device, key,
    and what admits it. So a signature that was given for one admission is good for no other.

    ``plant_id``: None where the device has joined none. ``signed_with``: the key, in hexadecimal,
    that signs an ``AdmitOwnKey``: the former key, or that of the invitation. An ``AdmitKey`` may be
    signed by whichever administrator.
    """
    is_own = isinstance(command, AdmitOwnKey)
    parts = (
        "manchengo key possession 1",
        str(plant_id or ""),
        str(command.user_id),
        str(command.family_id),
        command.public_key,
        signed_with if is_own else "administrator",
    )
    return "\n".join(parts).encode()


KeyCommand = AdmitKey | AdmitOwnKey | WithdrawKey
KeyEvent = KeyAdmitted | KeyWithdrawn


@frozen(kw_only=True)
class PersonKey:
    """``withdrawn``: why; empty while the key counts."""

    public_key: str
    family_id: DeviceId
    withdrawn: str = ""


Keys = tuple[PersonKey, ...]


def decide(keys: Keys, command: KeyCommand) -> tuple[KeyEvent, ...]:
    """``keys``: all that the person ever had."""
    match command:
        case AdmitKey():
            return _admit(keys, command)
        case AdmitOwnKey():
            return _replace(keys, command)
        case WithdrawKey():
            return _withdraw(keys, command)
        case _:
            assert_never(command)


def _admit(keys: Keys, command: AdmitKey | AdmitOwnKey) -> tuple[KeyEvent, ...]:
    if not is_sound(command.public_key):
        raise NotAKey(given=command.public_key)
    admitted = PersonKey(public_key=command.public_key, family_id=command.family_id)
    if admitted in keys:
        return ()
    return (KeyAdmitted(family_id=command.family_id, public_key=command.public_key),)


def _replace(keys: Keys, command: AdmitOwnKey) -> tuple[KeyEvent, ...]:
    admitted = _admit(keys, command)
    if not admitted:
        return ()
    replaced = (
        KeyWithdrawn(public_key=key.public_key, reason=REPLACED)
        for key in keys
        if key.family_id == command.family_id and not key.withdrawn
    )
    return (*admitted, *replaced)


def _withdraw(keys: Keys, command: WithdrawKey) -> tuple[KeyEvent, ...]:
    known = next((key for key in keys if key.public_key == command.public_key), None)
    if known is None:
        raise NothingToDo(what="key")
    reason = reason_given(command.reason, "withdraw")
    if known.withdrawn:
        return ()
    return (KeyWithdrawn(public_key=command.public_key, reason=reason),)


def evolve(keys: Keys, event: KeyEvent) -> Keys:
    """The person's keys after the event."""
    match event:
        case KeyAdmitted():
            return (*keys, PersonKey(public_key=event.public_key, family_id=event.family_id))
        case KeyWithdrawn():
            return tuple(
                changed(key, withdrawn=event.reason) if key.public_key == event.public_key else key
                for key in keys
            )
        case _:
            assert_never(event)
