"""The heads of audit chains in the log: where the audit of a device ended, signed by the device.

What a device noted stays on it and at the server; the log holds a number and a hash of it. Whoever
holds the log can tell whether the records up to that number are those that the device had.
"""

from typing import assert_never
from uuid import UUID, uuid5

from attrs import frozen

from manchengo.domain.ids import DeviceId


@frozen(kw_only=True)
class AnchorAudit:
    """The server writes into the log where the audit chain of a device ended.

    ``sequence``: the number of the last record; ``record_hash``: its hash, 32 bytes in hexadecimal;
    ``signature``: Ed25519, 64 bytes in hexadecimal, by the device over ``message``. The very same
    again changes nothing.

    Refused: ``Unknown``.
    """

    device_id: DeviceId
    sequence: int
    record_hash: str
    signature: str


@frozen(kw_only=True)
class AuditAnchored:
    """The audit chain of the device ended there. Without a good signature it says nothing."""

    device_id: DeviceId
    sequence: int
    record_hash: str
    signature: str


@frozen(kw_only=True)
class AnchoredAudit:
    """The chain of one device, as the log knows it. ``last``: its last head."""

    last: AuditAnchored


def anchor_id(device_id: DeviceId) -> UUID:
    """The id of the aggregate that holds the heads of that device. It is not the device's own, so
    that a program which does not know heads reads the device as before.
    """
    return uuid5(device_id, "audit")


def message(device_id: DeviceId, sequence: int, record_hash: str) -> bytes:
    """What the device signs."""
    return f"manchengo audit head 1\n{device_id}\n{sequence}\n{record_hash}".encode()


def decide(anchored: AnchoredAudit | None, command: AnchorAudit) -> tuple[AuditAnchored, ...]:
    """What the command makes happen to the heads of the device."""
    event = AuditAnchored(
        device_id=command.device_id,
        sequence=command.sequence,
        record_hash=command.record_hash,
        signature=command.signature,
    )
    return () if anchored is not None and anchored.last == event else (event,)


def evolve(_anchored: AnchoredAudit | None, event: AuditAnchored) -> AnchoredAudit:
    """The heads of the device after the event."""
    match event:
        case AuditAnchored():
            return AnchoredAudit(last=event)
        case _:
            assert_never(event)
