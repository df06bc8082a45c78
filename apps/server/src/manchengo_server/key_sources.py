"""Where the wrapping key of the server's keys comes from: a file, the environment, a keyring.

Never on a command line, never in the database, never shown.
"""

import os
import stat
from pathlib import Path

from manchengo.system import new_private_file
from manchengo_server.failures import failure
from manchengo_server.key_wrapping import WRAPPING_KEY_BYTES, WrappingKey
from manchengo_server.settings import Settings
from manchengo_sqlite import keys

VARIABLE, KEYRING = "MANCHENGO_SERVER_KEY", "MANCHENGO_SERVER_KEYRING"


def wrapping_key(settings: Settings) -> WrappingKey | None:
    """The key that the settings name; None where they name none. Raises a ``Failure``."""
    if settings.server_key_file is not None:
        return from_file(settings.server_key_file)
    if settings.server_key is not None:
        return _understood(settings.server_key.get_secret_value(), named=VARIABLE)
    if settings.server_keyring:
        return _from_keyring(settings)
    return None


def from_file(path: Path) -> WrappingKey:
    """The key in that file, which only its owner may read. Raises a ``Failure``."""
    path = path.expanduser()
    try:
        with path.open(encoding="ascii") as file:
            if os.name == "posix" and _is_exposed(os.fstat(file.fileno())):
                raise failure("WrappingKeyExposed", path=path)
            written = file.read(1_000)
    except FileNotFoundError:
        raise failure("WrappingKeyFileMissing", path=path) from None
    except ValueError:
        raise failure("NotAWrappingKey", path=path) from None
    return _understood(written, named=str(path))


def new_in_file(path: Path) -> WrappingKey:
    """A new key in a new file of its owner alone. Raises ``Failure`` where something is there
    already.
    """
    key = WrappingKey.new()
    try:
        with new_private_file(path) as file:
            file.write(f"{key.secret.hex()}\n".encode())
    except FileExistsError as error:
        raise failure("AlreadyThere", path=path) from error
    return key


def new_in_keyring(settings: Settings) -> WrappingKey:
    """A new key in the keyring. Raises ``Failure`` where one is there already: it may be in use."""
    key = WrappingKey.new()
    with keys.system_keyring(settings.path) as vault:
        known = vault.get_password(keys.SERVICE, _account(settings))
        if known is None:
            vault.set_password(keys.SERVICE, _account(settings), key.secret.hex())
            known = vault.get_password(keys.SERVICE, _account(settings))
    if known != key.secret.hex():
        raise failure("AlreadyInKeyring")
    return key


def _from_keyring(settings: Settings) -> WrappingKey:
    with keys.system_keyring(settings.path) as vault:
        kept = vault.get_password(keys.SERVICE, _account(settings))
    if kept is None:
        raise failure("NotInKeyring")
    return _understood(kept, named=KEYRING)


def _account(settings: Settings) -> str:
    """Under which name the keyring keeps the key: each plant has its own."""
    place = settings.plant_id if settings.is_postgres else settings.path.resolve()
    return f"server {place}"


def _is_exposed(found: os.stat_result) -> bool:
    """Whether others than its owner may read or change it, or the owner is some other user."""
    others = stat.S_IRWXG | stat.S_IRWXO
    return bool(found.st_mode & others) or found.st_uid not in (0, os.geteuid())


def _understood(written: str, *, named: str) -> WrappingKey:
    try:
        secret = bytes.fromhex(written.strip())
    except ValueError:
        secret = b""
    if len(secret) != WRAPPING_KEY_BYTES:
        raise failure("NotAWrappingKey", path=named)
    return WrappingKey(secret)
