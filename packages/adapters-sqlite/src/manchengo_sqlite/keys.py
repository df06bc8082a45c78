"""The key of a database, and how it is kept: wrapped, never in clear.

The key is 32 random bytes. Beside ``atelier.db`` lies ``atelier.db.key``, a small JSON file that
holds it sealed by a passphrase (Argon2id, then AES-256-GCM), or only says that the operating
system's keyring has it, or both: each way in opens the same database, and one can be changed
without the others. Whoever steals both files still needs the passphrase.
"""

import hashlib
import json
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen
from attrs.validators import and_, ge, le, max_len, min_len

from manchengo_sqlite.errors import (
    DatabaseMissing,
    EmptyPassphrase,
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileTooNew,
    KeyringMissing,
    PassphraseTooShort,
    WrongKey,
)
from manchengo_sqlite.files import facing_the_disk, write_whole

KEY_BYTES = 32
SERVICE = "manchengo"
"""The name under which the keyring keeps our keys; the account is the id of the database."""

_FORMAT = 1
_SALT_BYTES = 16
_NONCE_BYTES = 12

# A keyring of lesser priority keeps passwords in a file that anyone may read.
_SAFE_KEYRING = 1


def new_key() -> bytes:
    """A random key of 32 bytes."""
    return secrets.token_bytes(KEY_BYTES)


def key_file(database: Path | str) -> Path:
    """The file beside the database that holds its wrapped key."""
    database = Path(database)
    return database.with_name(f"{database.name}.key")


@frozen(kw_only=True)
class Cost:
    """What one guess at a passphrase costs. The bounds keep a damaged file from asking too much."""

    passes: int = field(default=3, validator=and_(ge(1), le(100)))
    memory_kib: int = field(default=64 * 1024, validator=and_(ge(8), le(4 * 1024 * 1024)))
    lanes: int = field(default=2, validator=and_(ge(1), le(64)))


@frozen(kw_only=True)
class Sealed:
    """The key, sealed by a passphrase."""

    cost: Cost
    salt: bytes = field(validator=and_(min_len(_SALT_BYTES), max_len(_SALT_BYTES)))
    nonce: bytes = field(validator=and_(min_len(_NONCE_BYTES), max_len(_NONCE_BYTES)))
    key: bytes


@frozen(kw_only=True)
class KeyFile:
    """``database``: the id under which the keyring knows this database."""

    database: str
    passphrase: Sealed | None = None
    in_keyring: bool = False


# ---------------------------------------------------------------- a passphrase

FEWEST_CHARACTERS = 8
"""Of a new passphrase; one that was chosen before goes on opening its database."""


def wrap_with_passphrase(
    database: Path | str, key: bytes, passphrase: str, *, cost: Cost | None = None
) -> None:
    """Let this passphrase open the database, instead of the one before; other ways in remain.

    ``EmptyPassphrase`` and ``PassphraseTooShort``, before anything is written.
    """
    path = key_file(database)
    if 0 < len(passphrase.strip()) < FEWEST_CHARACTERS:
        raise PassphraseTooShort(path=path, least=FEWEST_CHARACTERS)
    held = read(path) if path.exists() else begun()
    write(path, evolve(held, passphrase=seal(path, held.database, key, passphrase, cost or Cost())))


def unwrap(database: Path | str, passphrase: str) -> bytes:
    """The key. ``WrongKey`` when the passphrase is not the one, and the file is undamaged."""
    path = key_file(database)
    held = read(path)
    if held.passphrase is None:
        raise KeyFileMissing(path=path)
    return unseal(path, held.database, held.passphrase, passphrase)


def change_passphrase(
    database: Path | str, *, old: str, new: str, cost: Cost | None = None
) -> None:
    """The key stays, so nothing is encrypted again; backups made before keep the old passphrase."""
    wrap_with_passphrase(database, unwrap(database, old), new, cost=cost)


def seal(path: Path, database: str, key: bytes, passphrase: str, cost: Cost) -> Sealed:
    """The key encrypted under the passphrase; ``path`` is named in errors.

    Raises ``EmptyPassphrase``.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # late: most commands need none

    assert len(key) == KEY_BYTES, "a key has 32 bytes"
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    vault = AESGCM(stretch(path, passphrase, salt, cost))
    return Sealed(
        cost=cost, salt=salt, nonce=nonce, key=vault.encrypt(nonce, key, context(database))
    )


def unseal(path: Path, database: str, sealed: Sealed, passphrase: str) -> bytes:
    """The key of 32 bytes.

    Raises ``WrongKey`` for another passphrase, ``EmptyPassphrase`` for none.
    """
    from cryptography.exceptions import InvalidTag  # late: most commands need none
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    vault = AESGCM(stretch(path, passphrase, sealed.salt, sealed.cost))
    try:
        return vault.decrypt(sealed.nonce, sealed.key, context(database))
    except InvalidTag:
        raise WrongKey(path=path) from None


def stretch(path: Path, passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """The 32 bytes that Argon2id makes of the passphrase, at that cost.

    Raises ``EmptyPassphrase``.
    """
    from argon2.low_level import Type, hash_secret_raw  # late: most commands need none

    if not passphrase:
        raise EmptyPassphrase(path=path)
    return hash_secret_raw(
        # One sequence of bytes for é, whichever keyboard typed it.
        unicodedata.normalize("NFC", passphrase).encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def context(database: str) -> bytes:
    """What the seal belongs to: moved to another database's key file, it does not open."""
    return f"manchengo key {_FORMAT} {database}".encode()


# ---------------------------------------------------------------- the system's keyring


def store_in_keyring(database: Path | str, key: bytes) -> None:
    """Give the key to the operating system's keyring, and note in the key file that it has it."""
    assert len(key) == KEY_BYTES, "a key has 32 bytes"
    path = key_file(database)
    held = read(path) if path.exists() else begun()
    with system_keyring(path) as vault:
        vault.set_password(SERVICE, held.database, key.hex())
        if vault.get_password(SERVICE, held.database) != key.hex():
            raise KeyringMissing(path=path, detail="the keyring keeps nothing")
    write(path, evolve(held, in_keyring=True))


def load_from_keyring(database: Path | str) -> bytes:
    """The key that the keyring of this computer holds for the database.

    Raises ``KeyFileMissing`` where it was never put there, ``KeyringMissing`` where it is gone.
    """
    path = key_file(database)
    held = read(path)
    if not held.in_keyring:
        raise KeyFileMissing(path=path)
    with system_keyring(path) as vault:
        found = vault.get_password(SERVICE, held.database)
    try:
        key = bytes.fromhex(found or "")
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyringMissing(path=path, detail="the keyring no longer holds this key")
    return key


@contextmanager
def system_keyring(path: Path) -> Iterator[Any]:
    """The keyring; whatever it refuses in here becomes ``KeyringMissing``."""
    import keyring  # late: it looks through every installed package

    try:
        vault = keyring.get_keyring()
        if priority(vault) < _SAFE_KEYRING:
            raise KeyringMissing(path=path, detail=f"no safe keyring: {vault.name}")
        yield vault
    except KeyringMissing:
        raise
    except Exception as error:  # each system's keyring has errors of its own
        raise KeyringMissing(path=path, detail=f"{type(error).__name__}: {error}") from error


def priority(vault: Any) -> float:
    """That of the first keyring it would ask, where it is a chain of them."""
    chain = list(getattr(vault, "backends", ()))
    return float(chain[0].priority if chain else vault.priority)


# ---------------------------------------------------------------- the file


def begun() -> KeyFile:
    """What a new key file says: the name of its database, and no way in yet."""
    return KeyFile(database=secrets.token_hex(16))


def read(path: Path) -> KeyFile:
    """What the key file says.

    Raises ``KeyFileMissing``, ``KeyFileTooNew`` or ``KeyFileDamaged``.
    """
    try:
        with facing_the_disk(path):
            content = path.read_bytes()
    except DatabaseMissing:
        raise KeyFileMissing(path=path) from None
    try:
        told = json.loads(content)
        version = told["version"]
        if isinstance(version, int) and version > _FORMAT:
            raise KeyFileTooNew(path=path, found=version, supported=_FORMAT)
        if told.pop("checksum") != checksum(told):
            raise KeyFileDamaged(path=path, detail="its checksum is another")
        return understood(told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeyFileDamaged(path=path, detail=f"{type(error).__name__}: {error}") from None


def understood(told: dict[str, Any]) -> KeyFile:
    """What its JSON says.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
    """
    held = KeyFile(database=told["database"])
    for way in told["ways"]:
        match way["kind"]:
            case "passphrase":
                cost = Cost(passes=way["passes"], memory_kib=way["memory_kib"], lanes=way["lanes"])
                sealed = Sealed(
                    cost=cost,
                    salt=b64decode(way["salt"], validate=True),
                    nonce=b64decode(way["nonce"], validate=True),
                    key=b64decode(way["key"], validate=True),
                )
                held = evolve(held, passphrase=sealed)
            case "keyring":
                held = evolve(held, in_keyring=True)
            case other:
                raise ValueError(f"no such way in: {other}")
    return held


def write(path: Path, held: KeyFile) -> None:
    """Write the key file in one step. Raises a ``StorageError`` for its disk."""
    ways: list[dict[str, str | int]] = []
    if held.passphrase is not None:
        ways.append(
            {
                "kind": "passphrase",
                "kdf": "argon2id",
                "passes": held.passphrase.cost.passes,
                "memory_kib": held.passphrase.cost.memory_kib,
                "lanes": held.passphrase.cost.lanes,
                "salt": b64encode(held.passphrase.salt).decode(),
                "cipher": "aes-256-gcm",
                "nonce": b64encode(held.passphrase.nonce).decode(),
                "key": b64encode(held.passphrase.key).decode(),
            }
        )
    if held.in_keyring:
        ways.append({"kind": "keyring", "service": SERVICE})
    told = {"version": _FORMAT, "database": held.database, "ways": ways}
    with facing_the_disk(path):
        write_whole(path, json.dumps(told | {"checksum": checksum(told)}, indent=2).encode())


def checksum(told: dict[str, Any]) -> str:
    """Tells a damaged file from a wrong passphrase; it proves nothing to an attacker."""
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
