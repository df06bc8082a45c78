"""The plant itself: who founded it, what it asks of all who record, and the keys it has."""

from datetime import date
from typing import assert_never
from uuid import UUID, uuid5

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain import label_keys
from manchengo.domain.errors import Refused
from manchengo.domain.genesis import FoundPlant, PlantAlreadyFounded, PlantFounded, found
from manchengo.domain.label_keys import (
    NONE_MADE,
    GrantLabelKey,
    LabelKeyCommand,
    LabelKeyEvent,
    LabelKeyGranted,
    LabelKeyMade,
    LabelKeys,
    LabelKeysRequested,
    LabelKeyWithdrawn,
    MakeLabelKey,
    RequestLabelKeys,
    WithdrawLabelKey,
)
from manchengo.domain.person_keys import NotAKey
from manchengo.domain.public_key import is_sound

PLANT_ID = uuid5(UUID(int=0), "manchengo plant")
"""The one plant of a log is an aggregate under this id."""


@frozen(kw_only=True)
class ServerKeyReplaced(Refused):
    """The server's key was replaced before, by another one or by this one, which it then had
    already: a key comes only once. ``given``: the key that was to come.
    """

    given: str


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class RequireSigning:
    """From here on in the log, whoever records must sign with a key of their own.

    What is not signed still counts from the person for whom its device was enrolled, as whoever
    gives this had seen in the log, or as an administrator signed, as long as they never had a key.
    Given again, it may only bring the last day of that forward; nothing takes it back.

    ``unsigned_until``: the last day on which that still counts, and on which such a person begins
    to sign without a code, by the stamps of the log in UTC; None for no last day.

    Refused: ``LastAdministrator``, with a last day that would leave nobody who manages keys.
    """

    unsigned_until: date | None = None


@frozen(kw_only=True)
class ReplaceServerKey:
    """The server signs with another key: devices that know it by the former one take this for it.

    ``former_key``: by which the device that records it knows the server; ``public_key``: the one
    that comes. Both Ed25519, 32 bytes in hexadecimal, small letters. Given again, it changes
    nothing. Refused: ``NotAKey``, ``ServerKeyReplaced``.
    """

    former_key: str
    public_key: str


PlantCommand = FoundPlant | RequireSigning | ReplaceServerKey | LabelKeyCommand

# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class SigningRequired:
    """From here on a command counts only with its author's signature. ``unsigned_until``: the last
    day on which it counts without from who never had a key; None where there is none.
    """

    unsigned_until: date | None


@frozen(kw_only=True)
class ServerKeyChanged:
    """From here on the server that was known by the former key is known by the other one."""

    former_key: str
    public_key: str


PlantEvent = PlantFounded | SigningRequired | ServerKeyChanged | LabelKeyEvent

# ---------------------------------------------------------------- the plant


@frozen(kw_only=True)
class Plant:
    """``must_sign``: whether whoever records must sign; ``unsigned_until``: the last day on which
    who never had a key need not, None for no last day. ``server_keys``: each key of the server
    that was replaced, with the one that came. ``genesis``: None for a plant of before.
    ``label_keys``: under which its labels are printed and read.
    """

    must_sign: bool = False
    unsigned_until: date | None = None
    genesis: PlantFounded | None = None
    server_keys: tuple[ServerKeyChanged, ...] = ()
    label_keys: LabelKeys = NONE_MADE

    def server_key_after(self, key: str) -> str:
        """By which key a server is known now that was known by that one."""
        for each in self.server_keys:
            if each.former_key == key:
                key = each.public_key
        return key


NEW_PLANT = Plant()


def decide(plant: Plant | None, command: PlantCommand) -> tuple[PlantEvent, ...]:
    """What the command makes happen to the plant; raises the refusals that its class names."""
    plant = plant or NEW_PLANT
    match command:
        case FoundPlant():
            if plant != NEW_PLANT:
                raise PlantAlreadyFounded
            return found(command), SigningRequired(unsigned_until=None)
        case RequireSigning():
            return _require_signing(plant, command)
        case ReplaceServerKey():
            return _replace_server_key(plant, command)
        case MakeLabelKey() | RequestLabelKeys() | GrantLabelKey() | WithdrawLabelKey():
            return label_keys.decide(plant.label_keys, command)
        case _:
            assert_never(command)


def _require_signing(plant: Plant, command: RequireSigning) -> tuple[PlantEvent, ...]:
    event = SigningRequired(unsigned_until=command.unsigned_until)
    return () if plant.must_sign and evolve(plant, event) == plant else (event,)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _replace_server_key(plant: Plant, command: ReplaceServerKey) -> tuple[PlantEvent, ...]:
    for key in (command.former_key, command.public_key):
        if not is_sound(key):
            raise NotAKey(given=key)
    event = ServerKeyChanged(former_key=command.former_key, public_key=command.public_key)
    if event in plant.server_keys:
        return ()
    replaced = {each.former_key for each in plant.server_keys}
    known = replaced | {each.public_key for each in plant.server_keys} | {command.former_key}
    if command.former_key in replaced or command.public_key in known:
        raise ServerKeyReplaced(given=command.public_key)
    return (event,)


def evolve(plant: Plant | None, event: PlantEvent) -> Plant:
    """The plant after the event."""
    plant = plant or NEW_PLANT
    match event:
        case PlantFounded():
            return changed(plant, genesis=event)
        case SigningRequired():
            last = _earlier(plant.unsigned_until, event.unsigned_until)
            return changed(plant, must_sign=True, unsigned_until=last)
        case ServerKeyChanged():
            return changed(plant, server_keys=(*plant.server_keys, event))
        case LabelKeyMade() | LabelKeysRequested() | LabelKeyGranted() | LabelKeyWithdrawn():
            return changed(plant, label_keys=label_keys.evolve(plant.label_keys, event))
        case _:
            assert_never(event)
