"""The file beside a database that holds the signing keys of the people who work at this device.

``atelier.db.people``: for each person the public key, the private one sealed by their passphrase or
PIN, and how many wrong ones were tried in a row. It belongs to the device: it is in no backup and
in no exchange. Only its owner may read it, and it is replaced in one step.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.domain.ids import UserId
from manchengo_presenters.language import N_
from manchengo_sqlite import sealing
from manchengo_sqlite.errors import DatabaseMissing
from manchengo_sqlite.files import facing_the_disk, write_whole
from manchengo_sqlite.sealing import Sealed
from manchengo_workplace.failures import Failure

_FORMAT = 1


@frozen(kw_only=True)
class SealedKey:
    """One person's signing key. ``needs_device_secret``: the seal is a PIN's, and opens only
    together with what the keyring of this computer holds. ``wrong_tries``: in a row.
    """

    public_key: str
    sealed: Sealed
    needs_device_secret: bool
    wrong_tries: int = 0


People = dict[UserId, SealedKey]


def people_file(database: Path) -> Path:
    """Where the file of a database lies."""
    return database.with_name(f"{database.name}.people")


def context(user_id: UserId, public_key: str) -> bytes:
    """What a seal belongs to: as another's, or beside another public key, it does not open."""
    return f"manchengo person {_FORMAT} {user_id} {public_key}".encode()


def read(path: Path) -> People:
    """Who has a key here: nobody where there is no file. Raises ``Failure`` for a file that is
    damaged or too new, a ``StorageError`` for its disk.
    """
    try:
        with facing_the_disk(path):
            content = path.read_bytes()
    except DatabaseMissing:
        return {}
    try:
        document = json.loads(content)
        version = document["version"]
        if isinstance(version, int) and version > _FORMAT:
            raise _too_new(path)
        if document.pop("checksum") != sealing.checksum(document):
            raise ValueError("checksum")
        return {UserId(UUID(each["user"])): _understood(each) for each in document["people"]}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(path) from error


def _understood(document: Mapping[str, Any]) -> SealedKey:
    tries = document["wrong_tries"]
    if not isinstance(tries, int) or tries < 0:
        raise ValueError("wrong_tries")
    return SealedKey(
        public_key=bytes.fromhex(document["public_key"]).hex(),
        sealed=sealing.understood(document["seal"]),
        needs_device_secret=bool(document["needs_device_secret"]),
        wrong_tries=tries,
    )


def write(path: Path, people: Mapping[UserId, SealedKey]) -> None:
    """Replace the file, durably. Raises a ``StorageError`` for its disk."""
    document: dict[str, Any] = {
        "version": _FORMAT,
        "people": [
            {
                "user": str(user_id),
                "public_key": each.public_key,
                "needs_device_secret": each.needs_device_secret,
                "wrong_tries": each.wrong_tries,
                "seal": sealing.written(each.sealed),
            }
            for user_id, each in sorted(people.items())
        ],
    }
    document["checksum"] = sealing.checksum(document)
    with facing_the_disk(path):
        write_whole(path, json.dumps(document, indent=2).encode())


def _too_new(path: Path) -> Failure:
    return Failure(
        "PeopleFileTooNew",
        N_(
            "The file of the people of this device, {path}, was written by a newer Manchengo. "
            "Bring this program up to date."
        ),
        {"path": str(path)},
    )


def _damaged(path: Path) -> Failure:
    return Failure(
        "PeopleFileDamaged",
        N_(
            "The file of the people of this device, {path}, is damaged: nobody can identify "
            "themselves with it. Nothing recorded is lost. Move it away, and let an administrator "
            "have everybody choose a new passphrase here."
        ),
        {"path": str(path)},
    )
