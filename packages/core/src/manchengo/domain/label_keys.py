"""The keys that prove labels: made by an administrator, sealed for each device that may have them.

The log holds a key only sealed: for each device apart, so that only the device can open it. Nobody
else who reads the log has the key, the server among them, and so they forge no label.
"""

from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import NothingToDo, Refused, reason_given
from manchengo.domain.ids import DeviceId
from manchengo.domain.names import visible
from manchengo.domain.person_keys import NotAKey

KEY_LENGTH = 64

MOST_SEALED = 1024
"""Characters of a sealed copy: four times what one takes."""


@frozen(kw_only=True)
class LabelKeyOutOfTurn(Refused):
    """Keys for labels are numbered without a gap, and another one was made meanwhile, or the one
    before is missing. ``number``: the one that was given; ``following``: the one that comes.
    """

    number: int
    following: int


@frozen(kw_only=True)
class NotASealedKey(Refused):
    """A sealed copy is written in hexadecimal, and is not empty. ``given``: its beginning."""

    given: str


@frozen(kw_only=True)
class LabelKeyCopy:
    """A key for labels, sealed for one device.

    ``device_id``: the first id that the device ever had. ``box_key``: its public key (X25519) that
    it was sealed for, 64 characters in hexadecimal; ``sealed``: in hexadecimal.
    """

    device_id: DeviceId
    box_key: str
    sealed: str


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class MakeLabelKey:
    """New labels are printed under this key; those under older ones are still read.

    ``number``: the first key of a plant is number 1. ``fingerprint``: SHA-256 over the key, in
    hexadecimal, by which a device knows that it opened the right one. ``copies``: one for each
    device that has it.

    Refused: ``LabelKeyOutOfTurn``, ``NotAKey``, ``NotASealedKey``, ``NothingToDo``.
    """

    number: int
    fingerprint: str
    copies: tuple[LabelKeyCopy, ...]


@frozen(kw_only=True)
class RequestLabelKeys:
    """A device asks for the keys of the labels, to print and read them. Given again, it changes
    nothing.

    ``device_id`` and ``box_key``: as in a ``LabelKeyCopy``.

    Refused: ``NotAKey``.
    """

    device_id: DeviceId
    box_key: str


@frozen(kw_only=True)
class GrantLabelKey:
    """More devices have this key for labels. Copies that they have already change nothing.

    ``number``: that of the key. ``copies``: one for each device that is given it.

    Refused: ``NotAKey``, ``NotASealedKey``, ``NothingToDo``.
    """

    number: int
    copies: tuple[LabelKeyCopy, ...]


@frozen(kw_only=True)
class WithdrawLabelKey:
    """Labels under this key are refused from here on, because it leaked. Given again, it changes
    nothing.

    ``number``: that of the key.

    Refused: ``NothingToDo``, ``ReasonMissing``.
    """

    number: int
    reason: str


LabelKeyCommand = MakeLabelKey | RequestLabelKeys | GrantLabelKey | WithdrawLabelKey

# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class LabelKeyMade:
    """There is one more key for labels; these devices have it."""

    number: int
    fingerprint: str
    copies: tuple[LabelKeyCopy, ...]


@frozen(kw_only=True)
class LabelKeysRequested:
    """A device asked for the keys of the labels."""

    device_id: DeviceId
    box_key: str


@frozen(kw_only=True)
class LabelKeyGranted:
    """These devices have the key, too."""

    number: int
    copies: tuple[LabelKeyCopy, ...]


@frozen(kw_only=True)
class LabelKeyWithdrawn:
    """Labels under the key are refused."""

    number: int
    reason: str


LabelKeyEvent = LabelKeyMade | LabelKeysRequested | LabelKeyGranted | LabelKeyWithdrawn

# ---------------------------------------------------------------- the keys


@frozen(kw_only=True)
class LabelKey:
    """``withdrawn``: why; empty while its labels are read."""

    number: int
    fingerprint: str
    copies: tuple[LabelKeyCopy, ...]
    withdrawn: str = ""


@frozen(kw_only=True)
class LabelKeys:
    """``keys``: all that were ever made, the oldest first. ``requests``: who asked for them."""

    keys: tuple[LabelKey, ...] = ()
    requests: tuple[LabelKeysRequested, ...] = ()


NONE_MADE = LabelKeys()


def decide(known: LabelKeys, command: LabelKeyCommand) -> tuple[LabelKeyEvent, ...]:
    """What the command makes happen; raises the refusals that its class names."""
    match command:
        case MakeLabelKey():
            return _make(known, command)
        case RequestLabelKeys():
            return _request(known, command)
        case GrantLabelKey():
            return _grant(known, command)
        case WithdrawLabelKey():
            return _withdraw(known, command)
        case _:
            assert_never(command)


def _make(known: LabelKeys, command: MakeLabelKey) -> tuple[LabelKeyEvent, ...]:
    following = len(known.keys) + 1
    if command.number != following:
        raise LabelKeyOutOfTurn(number=command.number, following=following)
    if not _is_key(command.fingerprint):
        raise NotAKey(given=command.fingerprint)
    if not command.copies:
        raise NothingToDo(what="label_key")
    return (
        LabelKeyMade(
            number=command.number,
            fingerprint=command.fingerprint,
            copies=_sound(command.copies),
        ),
    )


def _request(known: LabelKeys, command: RequestLabelKeys) -> tuple[LabelKeyEvent, ...]:
    if not _is_key(command.box_key):
        raise NotAKey(given=command.box_key)
    event = LabelKeysRequested(device_id=command.device_id, box_key=command.box_key)
    return () if event in known.requests else (event,)


def _grant(known: LabelKeys, command: GrantLabelKey) -> tuple[LabelKeyEvent, ...]:
    held = {copy.box_key for copy in _existing(known, command.number).copies}
    copies = tuple(copy for copy in _sound(command.copies) if copy.box_key not in held)
    return (LabelKeyGranted(number=command.number, copies=copies),) if copies else ()


def _withdraw(known: LabelKeys, command: WithdrawLabelKey) -> tuple[LabelKeyEvent, ...]:
    key = _existing(known, command.number)
    reason = reason_given(command.reason, "withdraw")
    return () if key.withdrawn else (LabelKeyWithdrawn(number=command.number, reason=reason),)


def _existing(known: LabelKeys, number: int) -> LabelKey:
    for key in known.keys:
        if key.number == number:
            return key
    raise NothingToDo(what="label_key")


def _sound(copies: tuple[LabelKeyCopy, ...]) -> tuple[LabelKeyCopy, ...]:
    for copy in copies:
        if not _is_key(copy.box_key):
            raise NotAKey(given=copy.box_key)
        if not 0 < len(copy.sealed) <= MOST_SEALED or not _is_hexadecimal(copy.sealed):
            raise NotASealedKey(given=copy.sealed[:64])
    return copies


def _is_key(text: str) -> bool:
    return len(text) == KEY_LENGTH and _is_hexadecimal(text)


def _is_hexadecimal(text: str) -> bool:
    return len(text) % 2 == 0 and set(text) <= set("0123456789abcdef")


def is_said_by(command: object, event: object) -> bool:
    """Whether the event is what the command asks for, or less of it."""
    match command, event:
        case MakeLabelKey(), LabelKeyMade():
            asked_for = (command.number, command.fingerprint, command.copies)
            return asked_for == (event.number, event.fingerprint, event.copies)
        case RequestLabelKeys(), LabelKeysRequested():
            return (command.device_id, command.box_key) == (event.device_id, event.box_key)
        case GrantLabelKey(), LabelKeyGranted():
            return command.number == event.number and set(event.copies) <= set(command.copies)
        case WithdrawLabelKey(), LabelKeyWithdrawn():
            return (command.number, visible(command.reason)) == (event.number, event.reason)
        case _:
            return False


def evolve(known: LabelKeys, event: LabelKeyEvent) -> LabelKeys:
    """The keys after the event."""
    match event:
        case LabelKeyMade():
            key = LabelKey(number=event.number, fingerprint=event.fingerprint, copies=event.copies)
            return changed(known, keys=(*known.keys, key))
        case LabelKeysRequested():
            return changed(known, requests=(*known.requests, event))
        case LabelKeyGranted():
            key = known.keys[event.number - 1]
            return _replaced(known, changed(key, copies=(*key.copies, *event.copies)))
        case LabelKeyWithdrawn():
            key = known.keys[event.number - 1]
            return _replaced(known, changed(key, withdrawn=event.reason))
        case _:
            assert_never(event)


def _replaced(known: LabelKeys, key: LabelKey) -> LabelKeys:
    keys = tuple(key if each.number == key.number else each for each in known.keys)
    return changed(known, keys=keys)
