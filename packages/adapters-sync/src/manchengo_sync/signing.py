"""A device's own key: made on it, never leaves it, and says that a commit is its own."""

from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import field, frozen

from manchengo.domain.public_key import is_sound

if TYPE_CHECKING:  # late where it is used: most commands of who only reads need none
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

DEVICE_KEY = "device_key"
"""The setting that holds the private key, in hexadecimal: in a file that is itself encrypted."""


@frozen
class Ed25519Signer:
    """A person's key on this device, unlocked: implements ``manchengo.ports.signer.Signer``."""

    private_key: str = field(repr=False)
    """32 bytes in hexadecimal."""

    @property
    def key(self) -> bytes:
        """The public key: 32 bytes."""
        return bytes.fromhex(public_key(self.private_key))

    def sign(self, message: bytes) -> bytes:
        """The signature (64 bytes) of the message."""
        return sign(self.private_key, message)


def new_key() -> str:
    """A private Ed25519 key: 32 random bytes in hexadecimal."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def public_key(private_key: str) -> str:
    """The public key (Ed25519, in hexadecimal) of a private one."""
    return _private(private_key).public_key().public_bytes_raw().hex()


def sign(private_key: str, message: bytes) -> bytes:
    """The signature (Ed25519, 64 bytes) of the message under the private key in hexadecimal."""
    return _private(private_key).sign(message)


def is_signed(public_key: str, signature: bytes, message: bytes) -> bool:
    """Whether the owner of that key signed that message; False for a key that is none, or a weak
    one.
    """
    key = _public(public_key)
    if key is None:
        return False
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=256)
def _public(key: str) -> "Ed25519PublicKey | None":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not is_sound(key):
        return None
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))


@lru_cache(maxsize=4)
def _private(key: str) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key))
