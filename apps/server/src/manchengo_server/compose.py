"""Builds the server from its parts: the only module that knows SQLite and PostgreSQL.

A database is an SQLite file, encrypted like a device's, or a plant in PostgreSQL. Every storage
error leaves this module as a ``Failure``.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from manchengo import SystemClock, Uuid7Ids
from manchengo.application.replication.device_log import AnotherLog
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.ports.storage_errors import StorageError
from manchengo.ports.store import Garbled, Snapshot, Store
from manchengo_presenters.language import _
from manchengo_server.errors import AlreadyFounded
from manchengo_server.failures import REFUSED, Failure, failure
from manchengo_server.key_sources import wrapping_key
from manchengo_server.key_wrapping import WrappingKey
from manchengo_server.limits import MEBIBYTE
from manchengo_server.own_audit import note_in
from manchengo_server.plant import must_open, wrap_keys
from manchengo_server.rebuilding import NoDevice, NotSound
from manchengo_server.service import Service
from manchengo_server.settings import Settings
from manchengo_server.storage_failures import named, storage_errors_as_failures
from manchengo_server.updating import announce
from manchengo_sqlite import SqliteStore, incremental_backup, key_replacement, keys
from manchengo_sqlite import backup as backups
from manchengo_sqlite.one_at_a_time import one_at_a_time
from manchengo_sqlite.rekeying import key_that_opens

Phrase = Callable[[Path, Settings], str]
"""Where the passphrase of a file comes from."""


@contextmanager
def opened(settings: Settings, phrase: Phrase) -> Iterator[Service]:
    """The server of the plant that the database holds; the database is closed at the end."""
    with (
        storage_errors_as_failures(settings),
        _store(settings, phrase) as store,
        _service(settings, store) as service,
    ):
        yield service


@contextmanager
def _service(settings: Settings, store: Store) -> Iterator[Service]:
    with _snapshot_folder(settings) as folder:
        yield Service.open(
            store,
            clock=SystemClock(),
            ids=Uuid7Ids(),
            wrapping=wrapping_key(settings),
            snapshots=folder,
            daily_bytes=settings.daily_megabytes * MEBIBYTE,
            audit_days=settings.audit_days,
        )


@contextmanager
def founded(
    settings: Settings, plant: str, phrase: Phrase, *, clear: bool = False
) -> Iterator[Service]:
    """A new plant: in a new file, or in PostgreSQL."""
    with storage_errors_as_failures(settings):
        _must_have_wrapping_key(settings, clear=clear)
        if settings.is_postgres:
            with _postgres(settings) as store:
                yield _found(store, plant, settings)
        else:
            with _created_file(
                settings, lambda store: _found(store, plant, settings), phrase, clear=clear
            ) as service:
                yield service


@contextmanager
def rebuilt(
    settings: Settings, source: Path, phrase: Phrase, new_phrase: Phrase, *, clear: bool
) -> Iterator[Service]:
    """A plant begun again from the backup of a device. The backup is only read."""
    with storage_errors_as_failures(settings), _device(settings, source, phrase) as device:
        _must_have_wrapping_key(settings, clear=clear)

        def again(store: Store) -> Service:
            return _rebuilt(store, device, source, settings)

        if settings.is_postgres:
            with _postgres(settings) as store:
                yield again(store)
        else:
            with _created_file(settings, again, new_phrase, clear=clear) as service:
                yield service


def backup(service: Service, to: Path) -> None:
    """Copies the database while people work, or updates an older copy. SQLite files only:
    PostgreSQL has its own tools.
    """
    store = service.context.store
    if not isinstance(store, SqliteStore):
        raise _not_a_file()
    if os.path.lexists(to):
        incremental_backup.refresh(store.engine, to)
    else:
        backups.backup(store.engine, to)


def restored(settings: Settings, source: Path, phrase: Phrase) -> tuple[Path | None, int]:
    """Replaces the file by the backup, and opens the recovery of the log. Returns where the former
    file is now, if there was one, and where the log ends.
    """
    if settings.is_postgres:
        raise _not_a_file()
    with storage_errors_as_failures(settings):
        if not source.exists():
            raise failure("BackupMissing", path=source)
        key, wrapping = _key(source, settings, phrase), wrapping_key(settings)
        _must_open_keys(source, key, wrapping)
        aside = backups.restore(source, settings.path, key=key)
        # By the key, since another passphrase than the backup's may open it: that of today.
        with SqliteStore.open(settings.path, key=key, progress=announce()) as store:
            if wrapping is not None:  # a backup from before the keys were sealed
                with store.writing() as transaction:
                    wrap_keys(transaction, wrapping, former=None)
            with _service(settings, store) as service:
                service.open_recovery()
                return aside, service.head()


def wrap(
    settings: Settings, phrase: Phrase, wrapping: WrappingKey, *, former: WrappingKey | None
) -> int:
    """Seals the server's keys under that key; how many were sealed. ``former``: under which they
    are sealed now.
    """
    with (
        storage_errors_as_failures(settings),
        _store(settings, phrase) as store,
        store.writing() as transaction,
    ):
        wrapped = wrap_keys(transaction, wrapping, former=former)
        if wrapped:
            note_in(transaction, "key.wrapped", SystemClock().now())
        return wrapped


def change_passphrase(settings: Settings, phrase: Phrase, next_phrase: Phrase) -> None:
    """Another passphrase opens the file; its key stays. The key file is replaced in one step."""
    if settings.is_postgres:
        raise _without_a_key()
    path = settings.path
    with storage_errors_as_failures(settings):
        if not path.exists():
            raise failure("DatabaseMissing", path=path)
        key = keys.unwrap(path, phrase(path, settings))
        with SqliteStore.open(path, key=key) as store:  # it is the key of this database
            chosen = next_phrase(path, settings)
            with one_at_a_time(keys.key_file(path)):
                # Somebody may have replaced the key since it was read here.
                keys.wrap_with_passphrase(path, key_that_opens(path, key), chosen)
            with store.writing() as transaction:
                note_in(transaction, "passphrase.changed", SystemClock().now())


def replace_key(settings: Settings, phrase: Phrase) -> None:
    """Encrypts the file again under a new key, which the same passphrase opens."""
    if settings.is_postgres:
        raise _without_a_key()
    path = settings.path
    with storage_errors_as_failures(settings):
        if not path.exists():
            raise failure("DatabaseMissing", path=path)
        present = phrase(path, settings)
        with one_at_a_time(keys.key_file(path)):
            key = keys.unwrap(path, present)
            with SqliteStore.open(path, key=key) as store, store.writing() as transaction:
                note_in(transaction, "database.rekeying", SystemClock().now())
            key_replacement.replace_key(path, key, present)


# ---------------------------------------------------------------- opening


@contextmanager
def _snapshot_folder(settings: Settings) -> Iterator[Path]:
    """Where snapshots are kept."""
    if settings.snapshots is not None:
        yield settings.snapshots
    elif settings.is_postgres:
        with TemporaryDirectory(prefix="manchengo-snapshots-") as folder:
            yield Path(folder)
    else:
        yield settings.path.with_name(f"{settings.path.name}.snapshots")


@contextmanager
def _store(settings: Settings, phrase: Phrase) -> Iterator[Store]:
    if settings.is_postgres:
        with _postgres(settings) as store:
            yield store
        return
    path = settings.path
    if not path.exists():
        raise failure("DatabaseMissing", path=path)
    with SqliteStore.open(path, key=_key(path, settings, phrase), progress=announce()) as file:
        yield file


@contextmanager
def _postgres(settings: Settings) -> Iterator[Store]:
    from manchengo_postgres import PostgresStore  # imported late: psycopg is not needed for a file

    with PostgresStore.open(
        settings.database, plant=settings.plant_id, progress=announce()
    ) as store:
        yield store


@contextmanager
def _created_file(
    settings: Settings, begin: Callable[[Store], Service], phrase: Phrase, *, clear: bool
) -> Iterator[Service]:
    """Creates the file and its key; deletes both when ``begin`` fails."""
    path = settings.path
    with ExitStack() as undo:
        for taken in (path, keys.key_file(path)):
            if os.path.lexists(taken):
                raise failure("AlreadyThere", path=taken)
        path.parent.mkdir(parents=True, exist_ok=True)
        key = None
        if not clear:
            key = keys.new_key()
            keys.wrap_with_passphrase(path, key, phrase(path, settings))
            undo.callback(_forget, keys.key_file(path))
        undo.callback(_forget, path)
        store = undo.enter_context(SqliteStore.open(path, key=key, create=True))
        service = begin(store)
        undo.pop_all()
    with store:
        yield service


def _found(store: Store, plant: str, settings: Settings) -> Service:
    try:
        return Service.found(
            store, plant, clock=SystemClock(), ids=Uuid7Ids(), wrapping=wrapping_key(settings)
        )
    except AlreadyFounded as taken:
        raise failure("AlreadyFounded", path=named(settings), plant=taken.plant) from None


@contextmanager
def _device(settings: Settings, source: Path, phrase: Phrase) -> Iterator[Snapshot]:
    """The content of a device's backup, read from a copy, so that opening it does not change it."""
    if not source.exists():
        raise failure("BackupMissing", path=source)
    device_settings = settings.model_copy(
        update={
            "passphrase_file": settings.device_passphrase_file,
            "passphrase": settings.device_passphrase,
        }
    )
    key = _key(source, device_settings, phrase)
    folder_of_copy = None if settings.is_postgres else _made_folder(settings.path.parent)
    with TemporaryDirectory(prefix=".manchengo-device-", dir=folder_of_copy) as folder:
        copy = Path(folder) / "device.db"
        backups.restore(source, copy, key=key)
        with SqliteStore.open(copy, key=key) as store, store.reading() as snapshot:
            yield snapshot


def _made_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _rebuilt(store: Store, device: Snapshot, source: Path, settings: Settings) -> Service:
    try:
        return Service.rebuilt(
            store, device, clock=SystemClock(), ids=Uuid7Ids(), wrapping=wrapping_key(settings)
        )
    except AlreadyFounded as taken:
        raise failure("AlreadyFounded", path=named(settings), plant=taken.plant) from None
    except NoDevice:
        raise Failure(
            "NoDevice",
            _(
                "{path} holds no plant's log. Take the backup of a device that has exchanged with "
                "the lost server; a backup of the server itself is put back with “restore”."
            ).format(path=source),
            exit_code=REFUSED,
        ) from None
    except (NotSound, AnotherLog, ForgedEntry, Garbled):
        raise Failure(
            "NotSound",
            _(
                "The log in {path} is not what its authors sealed. Nothing was begun: take the "
                "backup of another device."
            ).format(path=source),
            exit_code=REFUSED,
        ) from None


def _must_have_wrapping_key(settings: Settings, *, clear: bool) -> None:
    """PostgreSQL stores in clear, and its administrator reads everything."""
    if settings.is_postgres and not clear and wrapping_key(settings) is None:
        raise failure("NoWrappingKey")


def _must_open_keys(source: Path, key: bytes | None, wrapping: WrappingKey | None) -> None:
    """Raises a ``WrappingFault`` where the backup's keys are sealed and that key does not open
    them; what only a restoration can read is not looked at.
    """
    from manchengo_sqlite.glance import glance  # imported late: only a restoration needs it

    with suppress(StorageError), glance(source, key) as found:
        must_open(found, wrapping)


def _key(path: Path, settings: Settings, phrase: Phrase) -> bytes | None:
    """The key that the file beside the database wraps; None where there is no such file."""
    beside = keys.key_file(path)
    if not beside.exists():
        return None
    held = keys.read(beside)
    if held.in_keyring:
        try:
            return keys.load_from_keyring(path)
        except StorageError:
            if held.passphrase is None:
                raise
    return keys.unwrap(path, phrase(path, settings))


# ---------------------------------------------------------------- errors


def _not_a_file() -> Failure:
    return Failure(
        "NotAFile",
        _(
            "This plant is kept in PostgreSQL: use pg_dump and pg_restore, then "
            "“manchengo-server restore” without a file, so that devices know."
        ),
    )


def _without_a_key() -> Failure:
    return Failure(
        "NotAFile",
        _(
            "This plant is kept in PostgreSQL, which no passphrase opens: protect its disk. What "
            "can be replaced are the server's own keys: “manchengo-server keys”."
        ),
    )


def _forget(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
