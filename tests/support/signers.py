"""Keys of people, the same on every run."""

from hashlib import sha256

from manchengo_sync.signing import Ed25519Signer


def signer_of(*whose: object) -> Ed25519Signer:
    """The key of that person on that device, or of whatever else is named."""
    return Ed25519Signer(sha256(repr(whose).encode()).hexdigest())
