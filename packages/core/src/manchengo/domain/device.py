"""A device that may exchange with the plant's log: enrolled once, withdrawn when lost or sold."""

from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import Archived, NothingToDo, Refused, reason_given
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.names import visible
from manchengo.domain.person_keys import NotAKey
from manchengo.domain.public_key import is_sound


@frozen(kw_only=True)
class NotAMark(Refused):
    """A mark is capital letters from A to Z, and not four of them: those are of devices that no log
    knows yet. ``given``: the mark that the device was to have.
    """

    given: str


@frozen(kw_only=True)
class MarkTaken(Refused):
    """Another device has that mark, so both would propose the same codes. ``bearer``: its name."""

    mark: str
    bearer: str


@frozen(kw_only=True)
class EnrolDevice:
    """A device may exchange with the server, under this key.

    ``public_key``: Ed25519, 32 bytes in hexadecimal, small letters. ``mark``: the letters in the
    codes and numbers that this device proposes, which distinguish them from those of others; "" for
    the next that nobody has. A device that is known keeps those that it has.

    Refused: ``KeyTaken``, ``MarkTaken``, ``NotAKey``, ``NotAMark``, ``NothingToDo``.
    """

    device_id: DeviceId
    name: str
    mark: str
    public_key: str
    user_id: UserId


@frozen(kw_only=True)
class WithdrawDevice:
    """A lost or retired device may no longer exchange, nor may copies of its database.

    ``withdraws_keys``: nor does what people sign with the keys that they have there count any more,
    whichever device brings it. The last administrator who can sign keeps theirs.

    Refused: ``Archived``, ``ReasonMissing``.
    """

    device_id: DeviceId
    reason: str
    withdraws_keys: bool = True


@frozen(kw_only=True)
class AllowRenewal:
    """Once more, a copy of the device's database may go on under an id of its own, however short
    the time since the last.

    Refused: ``Archived``.
    """

    device_id: DeviceId


@frozen(kw_only=True)
class LiftQuota:
    """The device and the copies of its database may send as much again today as on any other day.

    Refused: ``Archived``.
    """

    device_id: DeviceId


DeviceCommand = EnrolDevice | WithdrawDevice | AllowRenewal | LiftQuota


@frozen(kw_only=True)
class DeviceEnrolled:
    """A device was let in, with its key and its mark."""

    device_id: DeviceId
    name: str
    mark: str
    public_key: str
    user_id: UserId


@frozen(kw_only=True)
class DeviceWithdrawn:
    """It may exchange no more."""

    reason: str


@frozen(kw_only=True)
class RenewalAllowed:
    """One more copy of its database may exchange under a new id."""


@frozen(kw_only=True)
class QuotaLifted:
    """It may send as much again today."""


DeviceEvent = DeviceEnrolled | DeviceWithdrawn | RenewalAllowed | QuotaLifted


@frozen(kw_only=True)
class Device:
    """``withdrawn``: why; empty while it may exchange. ``keys``: all that it ever had.
    ``withdrawn_keys``: those under which it was withdrawn and not let in again since, for
    ``last_reason``.
    """

    id: DeviceId
    name: str
    mark: str
    public_key: str
    user_id: UserId
    withdrawn: str = ""
    keys: frozenset[str]
    withdrawn_keys: frozenset[str] = frozenset()
    last_reason: str = ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether it may exchange no more."""
        return bool(self.withdrawn)


def decide(device: Device | None, command: DeviceCommand) -> tuple[DeviceEvent, ...]:
    """What the command makes happen to the device; raises the refusals that its class names."""
    match command:
        case EnrolDevice():
            return _enrol(command)
        case WithdrawDevice():
            return _withdraw(_existing(device), command)
        case AllowRenewal():
            return _allow(_existing(device), RenewalAllowed())
        case LiftQuota():
            return _allow(_existing(device), QuotaLifted())
        case _:
            assert_never(command)


def _enrol(command: EnrolDevice) -> tuple[DeviceEvent, ...]:
    if not visible(command.name) or not command.public_key:
        raise NothingToDo(what="device")
    if not is_sound(command.public_key):
        raise NotAKey(given=command.public_key)
    return (
        DeviceEnrolled(
            device_id=command.device_id,
            name=command.name.strip(),
            mark=command.mark,
            public_key=command.public_key,
            user_id=command.user_id,
        ),
    )


def _withdraw(device: Device, command: WithdrawDevice) -> tuple[DeviceEvent, ...]:
    if device.withdrawn:
        raise Archived(kind="device", code=device.name)
    return (DeviceWithdrawn(reason=reason_given(command.reason, "withdraw")),)


def _allow(device: Device, event: DeviceEvent) -> tuple[DeviceEvent, ...]:
    if device.withdrawn:
        raise Archived(kind="device", code=device.name)
    return (event,)


def evolve(device: Device | None, event: DeviceEvent) -> Device:
    """The device after the event."""
    match event:
        case DeviceEnrolled():
            return _enrolled(device, event)
        case DeviceWithdrawn():
            known = _existing(device)
            return changed(
                known,
                withdrawn=event.reason,
                withdrawn_keys=known.keys,
                last_reason=event.reason,
            )
        case RenewalAllowed() | QuotaLifted():
            return _existing(device)
        case _:
            assert_never(event)


def _enrolled(device: Device | None, event: DeviceEnrolled) -> Device:
    key = frozenset({event.public_key})
    return Device(
        id=event.device_id,
        name=event.name,
        mark=event.mark,
        public_key=event.public_key,
        user_id=event.user_id,
        keys=key | device.keys if device else key,
        withdrawn_keys=device.withdrawn_keys - key if device else frozenset(),
        last_reason=device.last_reason if device else "",
    )


def _existing(device: Device | None) -> Device:
    assert device is not None, "a device is enrolled before anything else happens to it"
    return device
