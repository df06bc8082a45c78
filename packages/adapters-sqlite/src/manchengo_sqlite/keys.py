"""The key of a database, and how it is kept: wrapped, never in clear.

The key is 32 random bytes. Beside ``atelier.db`` lies ``atelier.db.key``, a small JSON file that
holds it sealed by a passphrase (Argon2id, then AES-256-GCM), or only says that the operating
system's keyring has it, or both: each way in opens the same database, and one can be changed
without the others. Whoever steals both files still needs the passphrase.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from manchengo_sqlite import sealing
from manchengo_sqlite.errors import (
    DatabaseMissing,
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileTooNew,
    KeyOfAnotherDatabase,
    KeyringMissing,
    PassphraseTooShort,
)
from manchengo_sqlite.file_check import is_under
from manchengo_sqlite.files import facing_the_disk, write_whole
from manchengo_sqlite.rekeying import key_that_opens
from manchengo_sqlite.sealing import KEY_BYTES, Cost, Sealed, checksum

SERVICE = "manchengo"
"""The name under which the keyring keeps our keys; the account is the id of the database."""

_FORMAT = 1
_FORMAT_WITH_COMING = 2
"""While another key comes: a program of before must not take the former for the only one."""

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
class KeyFile:
    """``database``: the id under which the keyring knows this database. ``coming``: while the
    database is encrypted under another key, that key, sealed by the same passphrase;
    ``coming_in_keyring``: the keyring has it.
    """

    database: str
    passphrase: Sealed | None = None
    in_keyring: bool = False
    coming: Sealed | None = None
    coming_in_keyring: bool = False

    @property
    def is_changing(self) -> bool:
        """Whether another key comes, or came and nobody has written so."""
        return self.coming is not None or self.coming_in_keyring


# ---------------------------------------------------------------- a passphrase

FEWEST_CHARACTERS = 8
"""Of a new passphrase; one that was chosen before goes on opening its database."""


def wrap_with_passphrase(
    database: Path | str, key: bytes, passphrase: str, *, cost: Cost | None = None
) -> None:
    """Let this passphrase open the database, instead of the one before; other ways in remain.

    Raises ``EmptyPassphrase`` and ``PassphraseTooShort``, before anything is written.
    """
    path = key_file(database)
    if 0 < len(passphrase.strip()) < FEWEST_CHARACTERS:
        raise PassphraseTooShort(path=path, least=FEWEST_CHARACTERS)
    held = read(path) if path.exists() else begun()
    sealed = sealing.seal(path, context(held.database), key, passphrase, cost=cost)
    _settle(path, evolve(held, passphrase=sealed), key)


def unwrap(database: Path | str, passphrase: str) -> bytes:
    """The key. Raises ``WrongKey`` when the passphrase is another one, and the file is sound."""
    path = key_file(database)
    held = read(path)
    if held.passphrase is None:
        raise KeyFileMissing(path=path)
    key = sealing.unseal(path, context(held.database), held.passphrase, passphrase)
    if held.coming is None:
        return key
    coming = sealing.unseal(path, context(held.database), held.coming, passphrase)
    return key_that_opens(Path(database), key, coming)


def has_passphrase(database: Path | str) -> bool:
    """Whether a passphrase opens the database, be it beside the keyring. Raises ``KeyFileMissing``
    where the database has no key file.
    """
    return read(key_file(database)).passphrase is not None


def change_passphrase(
    database: Path | str, *, old: str, new: str, cost: Cost | None = None
) -> None:
    """The key stays, so nothing is encrypted again; backups made before keep the old passphrase."""
    wrap_with_passphrase(database, unwrap(database, old), new, cost=cost)


def context(database: str) -> bytes:
    """What the seal belongs to: moved to another database's key file, it does not open."""
    return f"manchengo key {_FORMAT} {database}".encode()


# ---------------------------------------------------------------- another key


def announce(database: Path | str, coming: bytes, passphrase: str | None) -> None:
    """Write down the key that comes, beside the present one: from now on either may open the
    database. ``passphrase``: the one that opens it; None where only a keyring does.
    """
    path = key_file(database)
    held = read(path)
    if passphrase is not None:
        sealed = sealing.seal(path, context(held.database), coming, passphrase)
        held = evolve(held, coming=sealed)
    if held.in_keyring:
        with system_keyring(path) as vault:
            _keep(vault, path, f"{held.database}{_COMING}", coming)
        held = evolve(held, coming_in_keyring=True)
    write(path, held)


def settle(database: Path | str, key: bytes, passphrase: str | None) -> None:
    """Write down that this key, which opens the database, is the only one. ``passphrase``: as for
    ``announce``.
    """
    path = key_file(database)
    held = read(path)
    if passphrase is not None:
        sealed = sealing.seal(path, context(held.database), key, passphrase)
        held = evolve(held, passphrase=sealed)
    _settle(path, held, key)


def _settle(path: Path, held: KeyFile, key: bytes) -> None:
    if held.coming_in_keyring:
        with system_keyring(path) as vault:
            _keep(vault, path, held.database, key)
    write(path, evolve(held, coming=None, coming_in_keyring=False))


# ---------------------------------------------------------------- the system's keyring

_COMING = " coming"
"""Behind the id of a database: the account of the key that comes."""


def _keep(vault: Any, path: Path, account: str, key: bytes) -> None:
    vault.set_password(SERVICE, account, key.hex())
    if vault.get_password(SERVICE, account) != key.hex():
        raise KeyringMissing(path=path, detail="the keyring keeps nothing")


def store_in_keyring(database: Path | str, key: bytes) -> None:
    """Give the key to the operating system's keyring, and note in the key file that it has it."""
    assert len(key) == KEY_BYTES, "a key has 32 bytes"
    path = key_file(database)
    held = read(path) if path.exists() else begun()
    with system_keyring(path) as vault:
        _keep(vault, path, held.database, key)
    write(path, evolve(held, in_keyring=True))


def load_from_keyring(database: Path | str) -> bytes:
    """The key that the keyring of this computer holds for the database.

    Raises ``KeyFileMissing`` where it was never put there, ``KeyringMissing`` where it is gone, and
    ``KeyOfAnotherDatabase`` where it has another key by now and a passphrase gives the right one:
    of a copy from before the database was encrypted under another key.
    """
    path = key_file(database)
    held = read(path)
    if not held.in_keyring:
        raise KeyFileMissing(path=path)
    accounts = [held.database, *([f"{held.database}{_COMING}"] if held.coming_in_keyring else [])]
    with system_keyring(path) as vault:
        found = [_understood_key(vault.get_password(SERVICE, account)) for account in accounts]
    known = [key for key in found if key]
    if not known:
        raise KeyringMissing(path=path, detail="the keyring no longer holds this key")
    if held.coming_in_keyring:
        return key_that_opens(Path(database), *known)
    database = Path(database)
    if held.passphrase is not None and database.exists() and not is_under(database, known[0]):
        raise KeyOfAnotherDatabase(path=database)
    return known[0]


def _understood_key(found: str | None) -> bytes:
    try:
        key = bytes.fromhex(found or "")
    except ValueError:
        return b""
    return key if len(key) == KEY_BYTES else b""


def device_secret(database: Path | str) -> bytes:
    """32 bytes that only the keyring of this computer holds, made when they are first asked for;
    none, b"", where the key of the database is not in a keyring.

    Raises ``KeyringMissing``.
    """
    path = key_file(database)
    if not path.exists():
        return b""
    held = read(path)
    if not held.in_keyring:
        return b""
    account = f"{held.database} people"
    with system_keyring(path) as vault:
        known = vault.get_password(SERVICE, account)
        if known is None:
            known = secrets.token_hex(KEY_BYTES)
            vault.set_password(SERVICE, account, known)
            if vault.get_password(SERVICE, account) != known:
                raise KeyringMissing(path=path, detail="the keyring keeps nothing")
    return bytes.fromhex(known)


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
        document = json.loads(content)
        version = document["version"]
        if isinstance(version, int) and version > _FORMAT_WITH_COMING:
            raise KeyFileTooNew(path=path, found=version, supported=_FORMAT_WITH_COMING)
        if document.pop("checksum") != checksum(document):
            raise KeyFileDamaged(path=path, detail="its checksum is another")
        return understood(document)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KeyFileDamaged(path=path, detail=f"{type(error).__name__}: {error}") from None


def understood(document: dict[str, Any]) -> KeyFile:
    """What its JSON says.

    Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
    """
    held = KeyFile(database=document["database"])
    for way in document["ways"]:
        match way["kind"]:
            case "passphrase" if way.get("coming"):
                held = evolve(held, coming=sealing.understood(way))
            case "passphrase":
                held = evolve(held, passphrase=sealing.understood(way))
            case "keyring" if way.get("coming"):
                held = evolve(held, coming_in_keyring=True)
            case "keyring":
                held = evolve(held, in_keyring=True)
            case other:
                raise ValueError(f"no such way in: {other}")
    return held


def write(path: Path, held: KeyFile) -> None:
    """Write the key file in one step. Raises a ``StorageError`` for its disk."""
    ways: list[dict[str, str | int]] = []
    if held.passphrase is not None:
        ways.append({"kind": "passphrase", **sealing.written(held.passphrase)})
    if held.in_keyring:
        ways.append({"kind": "keyring", "service": SERVICE})
    if held.coming is not None:
        ways.append({"kind": "passphrase", "coming": True, **sealing.written(held.coming)})
    if held.coming_in_keyring:
        ways.append({"kind": "keyring", "coming": True, "service": SERVICE})
    version = _FORMAT_WITH_COMING if held.is_changing else _FORMAT
    document = {"version": version, "database": held.database, "ways": ways}
    with facing_the_disk(path):
        write_whole(
            path, json.dumps(document | {"checksum": checksum(document)}, indent=2).encode()
        )
