"""What a device says of a new key, for an administrator elsewhere to admit it: no secret.

One word of 64 letters, digits, ``-`` and ``_``: the first id of the device and the public key.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from manchengo.domain.ids import DeviceId
from manchengo_presenters.language import N_
from manchengo_workplace.failures import Failure, Origin

_ID_BYTES, _KEY_BYTES = 16, 32


def written_request(family_id: DeviceId, public_key: str) -> str:
    """The request for that key (in hexadecimal) on that device."""
    return urlsafe_b64encode(family_id.bytes + bytes.fromhex(public_key)).decode()


def read_request(written: str) -> tuple[DeviceId, str]:
    """The device and the key, in hexadecimal, of a request. Raises ``Failure``."""
    try:
        told = urlsafe_b64decode(written.strip().encode("ascii"))
    except ValueError:
        told = b""
    if len(told) != _ID_BYTES + _KEY_BYTES:
        raise Failure(
            "NotARequest",
            N_("“{given}” is not what a device says of a new key. Copy all of it again."),
            {"given": written},
            origin=Origin.REQUEST,
        )
    return DeviceId(UUID(bytes=told[:_ID_BYTES])), told[_ID_BYTES:].hex()
