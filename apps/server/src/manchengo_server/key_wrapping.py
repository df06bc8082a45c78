"""How the server's own keys are stored in its database: in clear, or sealed under a wrapping key.

The wrapping key never is in the database, so whoever reads it, or a copy of it, has none of the
keys. A seal (AES-256-GCM) belongs to one plant and one purpose: moved elsewhere, it does not open.
"""

import secrets
from base64 import b64decode, b64encode
from hashlib import sha256

from attrs import field, frozen
from attrs.validators import max_len, min_len
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from manchengo.ports.settings import PLANT_ID
from manchengo.ports.store import Snapshot, Transaction

WRAPPING_KEY_BYTES = 32

_SEALED = "sealed-1"
_NONCE_BYTES = 12


class WrappingFault(Exception):
    """The server's keys cannot be read as they are stored."""


@frozen(kw_only=True)
class WrappingKeyMissing(WrappingFault):
    """They are sealed, and no wrapping key was given."""

    key_id: str


@frozen(kw_only=True)
class WrongWrappingKey(WrappingFault):
    """They are sealed under another wrapping key. ``given``: the id of the one that was given."""

    key_id: str
    given: str


@frozen(kw_only=True)
class SealBroken(WrappingFault):
    """The seal was changed, or is that of another plant or purpose."""

    purpose: str


@frozen(kw_only=True)
class KeysInClear(WrappingFault):
    """A wrapping key was given, and a key is stored in clear: somebody may have exchanged it."""

    purpose: str


@frozen
class WrappingKey:
    """``secret``: 32 random bytes."""

    secret: bytes = field(
        repr=False, validator=[min_len(WRAPPING_KEY_BYTES), max_len(WRAPPING_KEY_BYTES)]
    )

    @classmethod
    def new(cls) -> "WrappingKey":
        """A key drawn at random."""
        return cls(secrets.token_bytes(WRAPPING_KEY_BYTES))

    @property
    def id(self) -> str:
        """Tells wrapping keys apart; it reveals nothing of the key."""
        return sha256(b"manchengo wrapping key id" + self.secret).hexdigest()[:16]

    def seal(self, key: str, context: bytes) -> str:
        """The key encrypted under this one, as text that ``unseal`` reads. ``context``: what it
        must be opened with as well, so that one sealed key cannot be put in another's place.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + AESGCM(self.secret).encrypt(nonce, key.encode(), context)
        return f"{_SEALED} {self.id} {b64encode(sealed).decode()}"

    def unseal(self, sealed: str, context: bytes) -> str:
        """Raises ``InvalidTag`` or ``ValueError`` for what is not sealed so, in that context."""
        content = b64decode(sealed.encode(), validate=True)
        nonce, rest = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        return AESGCM(self.secret).decrypt(nonce, rest, context).decode()


def id_of_seal(stored: str) -> str:
    """The id of the wrapping key under which a key is sealed; "" for one in clear."""
    mark, _, rest = stored.partition(" ")
    return rest.partition(" ")[0] if mark == _SEALED else ""


def read_key(snapshot: Snapshot, purpose: str, wrapping: WrappingKey | None) -> str | None:
    """The key of that purpose, which is the name of a setting; None where there is none.

    Without a wrapping key only keys in clear are read, with one only keys that it sealed. Raises a
    ``WrappingFault``.
    """
    stored = snapshot.setting(purpose)
    if stored is None:
        return None
    key_id = id_of_seal(stored)
    if wrapping is None:
        if key_id:
            raise WrappingKeyMissing(key_id=key_id)
        return stored
    if not key_id:
        raise KeysInClear(purpose=purpose)
    if key_id != wrapping.id:
        raise WrongWrappingKey(key_id=key_id, given=wrapping.id)
    try:
        return wrapping.unseal(stored.rpartition(" ")[2], _context(snapshot, purpose))
    except (InvalidTag, ValueError):
        raise SealBroken(purpose=purpose) from None


def write_key(
    transaction: Transaction, purpose: str, key: str, wrapping: WrappingKey | None
) -> None:
    """Stores it sealed where there is a wrapping key. The plant's id must be known by then."""
    if wrapping is not None:
        key = wrapping.seal(key, _context(transaction, purpose))
    transaction.set_setting(purpose, key)


def _context(snapshot: Snapshot, purpose: str) -> bytes:
    plant_id = snapshot.setting(PLANT_ID)
    assert plant_id is not None, "a plant has its id before it has keys"
    return f"manchengo server key 1\n{plant_id}\n{purpose}".encode()
