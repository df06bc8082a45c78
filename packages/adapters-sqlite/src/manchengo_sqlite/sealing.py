"""A secret sealed by a passphrase: Argon2id makes each guess slow, AES-256-GCM notices any change.

Used for the key of a database and for the signing keys of people.
"""

import hashlib
import hmac
import json
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen
from attrs.validators import and_, ge, le, max_len, min_len

from manchengo_sqlite.errors import EmptyPassphrase, WrongKey

KEY_BYTES = 32

_SALT_BYTES = 16
_NONCE_BYTES = 12


@frozen(kw_only=True)
class Cost:
    """What one guess at a passphrase costs. The bounds keep a damaged file from asking too much."""

    passes: int = field(default=3, validator=and_(ge(1), le(100)))
    memory_kib: int = field(default=64 * 1024, validator=and_(ge(8), le(4 * 1024 * 1024)))
    lanes: int = field(default=2, validator=and_(ge(1), le(64)))


def usual_cost() -> Cost:
    """What a new seal costs."""
    return Cost()


@frozen(kw_only=True)
class Sealed:
    """A secret of 32 bytes, encrypted under a passphrase."""

    cost: Cost
    salt: bytes = field(validator=and_(min_len(_SALT_BYTES), max_len(_SALT_BYTES)))
    nonce: bytes = field(validator=and_(min_len(_NONCE_BYTES), max_len(_NONCE_BYTES)))
    key: bytes


def seal(
    path: Path,
    context: bytes,
    secret: bytes,
    passphrase: str,
    *,
    cost: Cost | None = None,
    device_secret: bytes = b"",
) -> Sealed:
    """The secret encrypted under the passphrase.

    ``path`` is named in errors. ``context``: what the seal belongs to; elsewhere it does not open.
    ``device_secret``: what else it takes to open it, where the computer keeps one.

    Raises ``EmptyPassphrase``.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # late: most commands need none

    assert len(secret) == KEY_BYTES, "a secret has 32 bytes"
    cost = cost or usual_cost()
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    vault = AESGCM(_stretched(path, passphrase, salt, cost, device_secret))
    return Sealed(cost=cost, salt=salt, nonce=nonce, key=vault.encrypt(nonce, secret, context))


def unseal(
    path: Path, context: bytes, sealed: Sealed, passphrase: str, *, device_secret: bytes = b""
) -> bytes:
    """The secret of 32 bytes; arguments as for ``seal``.

    Raises ``WrongKey`` for another passphrase or device secret, ``EmptyPassphrase`` for none.
    """
    from cryptography.exceptions import InvalidTag  # late: most commands need none
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    vault = AESGCM(_stretched(path, passphrase, sealed.salt, sealed.cost, device_secret))
    try:
        return vault.decrypt(sealed.nonce, sealed.key, context)
    except InvalidTag:
        raise WrongKey(path=path) from None


def _stretched(path: Path, passphrase: str, salt: bytes, cost: Cost, device_secret: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # late: most commands need none

    if not passphrase:
        raise EmptyPassphrase(path=path)
    stretched = hash_secret_raw(
        # One sequence of bytes for é, whichever keyboard typed it.
        unicodedata.normalize("NFC", passphrase).encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
    if not device_secret:
        return stretched
    return hmac.digest(device_secret, stretched, "sha256")


# ---------------------------------------------------------------- as JSON


def written(sealed: Sealed) -> dict[str, str | int]:
    """The seal as JSON keeps it."""
    return {
        "kdf": "argon2id",
        "passes": sealed.cost.passes,
        "memory_kib": sealed.cost.memory_kib,
        "lanes": sealed.cost.lanes,
        "salt": b64encode(sealed.salt).decode(),
        "cipher": "aes-256-gcm",
        "nonce": b64encode(sealed.nonce).decode(),
        "key": b64encode(sealed.key).decode(),
    }


def understood(document: Mapping[str, Any]) -> Sealed:
    """The seal that JSON keeps. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for what is
    none.
    """
    return Sealed(
        cost=Cost(
            passes=document["passes"], memory_kib=document["memory_kib"], lanes=document["lanes"]
        ),
        salt=b64decode(document["salt"], validate=True),
        nonce=b64decode(document["nonce"], validate=True),
        key=b64decode(document["key"], validate=True),
    )


def checksum(document: Mapping[str, Any]) -> str:
    """Tells a damaged file from a wrong passphrase; it proves nothing to an attacker."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
