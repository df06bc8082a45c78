"""Whoever acts signs what they record, with a key of their own."""

from typing import Protocol


class Signer(Protocol):
    """One person's key on this device, unlocked by that person: Ed25519.

    The core asks it to sign each commit as it is recorded, and knows nothing of cryptography.
    """

    @property
    def key(self) -> bytes:
        """The public key: 32 bytes."""

    def sign(self, message: bytes) -> bytes:
        """The signature of ``message`` under the key: 64 bytes."""
