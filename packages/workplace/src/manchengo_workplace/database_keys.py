"""The key of a device's database: wrapped in a file beside it, or in the computer's keyring."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Protocol

from attrs import define, field

from manchengo.ports.storage_errors import StorageError
from manchengo_sqlite import keys
from manchengo_workplace.strength import check_strength


class Passphrases(Protocol):
    """Where a database's passphrase comes from: a person at a screen, a file, the environment."""

    def existing(self, database: Path) -> str:
        """The passphrase of a database that exists."""
        ...

    def new(self, database: Path, *, check: Callable[[str], object]) -> str:
        """One that ``check`` does not refuse with a ``Failure``, for a database about to be created
        or to be opened with another one.
        """
        ...


@define
class AskedOnce:
    """Implements ``Passphrases`` for a database that is opened in more than one step: the person
    is asked for its passphrase at the first.
    """

    passphrases: Passphrases
    _given: dict[Path, str] = field(factory=dict)

    def existing(self, database: Path) -> str:
        """The passphrase of a database that exists, as it was first given."""
        if database not in self._given:
            self._given[database] = self.passphrases.existing(database)
        return self._given[database]

    def new(self, database: Path, *, check: Callable[[str], object]) -> str:
        """One for a new database, asked for each time."""
        return self.passphrases.new(database, check=check)


def new_passphrase(path: Path, passphrases: Passphrases, *, known: Sequence[str] = ()) -> str:
    """A passphrase for the database that does not fall to a computer that guesses. ``known``: names
    that others would try first. Raises ``Failure``.
    """
    names = (*known, path.stem)
    return passphrases.new(
        path, check=lambda secret: check_strength(secret, is_pin=False, known=names)
    )


def key_of(path: Path, passphrases: Passphrases) -> bytes | None:
    """The key that the file beside the database wraps; None where there is no such file."""
    beside = keys.key_file(path)
    if not beside.exists():
        return None
    if keys.read(beside).in_keyring:
        try:
            return keys.load_from_keyring(path)
        except StorageError:
            if keys.read(beside).passphrase is None:
                raise
    return unsealed(path, beside.read_bytes(), passphrases.existing(path))


@cache
def unsealed(path: Path, _sealed: bytes, phrase: str) -> bytes:
    """Stretching a passphrase takes half a second: once a run, for the same key file."""
    return keys.unwrap(path, phrase)


def first_key(
    path: Path,
    passphrases: Passphrases,
    *,
    keyring: bool,
    undo: ExitStack,
    known: Sequence[str] = (),
) -> bytes:
    """A key for a new database, wrapped beside it; ``undo`` removes it again. ``keyring``: it goes
    to the keyring of the computer. A key that already lies there is used. ``known``: as in
    ``new_passphrase``.
    """
    if os.path.lexists(keys.key_file(path)):
        # Never replaced: it may be the key of a database that was moved away for a while.
        left = key_of(path, passphrases)
        assert left is not None, "there is a key file"
        if keyring:
            keys.store_in_keyring(path, left)
        return left
    key = keys.new_key()
    if keyring:
        keys.store_in_keyring(path, key)
    else:
        phrase = new_passphrase(path, passphrases, known=known)
        keys.wrap_with_passphrase(path, key, phrase)
    undo.callback(remove_file, keys.key_file(path))
    return key


def remove_file(path: Path) -> None:
    """Remove the file, if there is one."""
    with suppress(FileNotFoundError):
        path.unlink()
