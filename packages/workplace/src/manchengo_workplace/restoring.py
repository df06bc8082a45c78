"""Puts a backup in the place of a device's database, for a person who may do so."""

from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import msgspec
from attrs import frozen

from manchengo import SystemClock
from manchengo.application.counting import Progress
from manchengo.domain.access import NotPermitted, Permission, holders
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.rows import UserRow
from manchengo.ports.settings import DEVICE, PLANT_ID
from manchengo.ports.storage_errors import StorageError
from manchengo_presenters.language import N_
from manchengo_sqlite import SqliteStore
from manchengo_sqlite import backup as backups
from manchengo_sqlite.errors import KeyOfAnotherDatabase, KeyringMissing, WrongKey
from manchengo_workplace.acting import ANYONE, acting_user, roles_of
from manchengo_workplace.database_keys import Passphrases, key_of
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.opening import sign_in_of
from manchengo_workplace.person_secrets import PersonSecrets
from manchengo_workplace.sign_in import SignIn
from manchengo_workplace.storage_failures import storage_errors_as_failures, storage_failure


@frozen
class Restoring:
    """Who restores, by the database that is there. Where that cannot be asked: nobody, and whom
    they named, by what the backup says. ``plant_id``: of the database that is there, where it can
    be asked.
    """

    user_id: UserId
    named: str = ""
    plant_id: str | None = None


def restored(
    path: Path,
    source: Path,
    *,
    passphrases: Passphrases,
    secrets: PersonSecrets,
    user: str | None = None,
    progress: Progress | None = None,
) -> Path | None:
    """The backup in the place of the database; where the one before it was put, if there was.

    Raises ``NotPermitted`` unless the person, who is named and asked as for ``opened``, may restore
    by what the database that is there says: who may no longer is not helped by an old backup. A
    wrong passphrase for that one is a ``Failure``. Where there is none, or it is damaged, the
    backup is asked; then nobody proves who they are, and the audit of what was restored has whom
    they named, and nobody who did it. ``Failure`` also where the backup is of another plant: nobody
    of that one has a passphrase at this place, so nobody could go on, nor back.
    """
    with storage_errors_as_failures():
        if not source.exists():
            raise storage_failure("BackupMissing", path=source)
        key = key_of(source, passphrases)
        restoring = _may_restore(path, source, key, passphrases, secrets, user)
        if restoring.plant_id is not None:
            _check_plant(source, key, path, restoring.plant_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = backups.restore(source, path, key=key, progress=progress)
        try:
            with SqliteStore.open(path, key=key) as store:
                _note_restore(store, restoring)
        except StorageError:
            if restoring.user_id != ANYONE.id:
                raise
            # The backup is as damaged as it was: it is back all the same.
    return aside


def _may_restore(
    path: Path,
    source: Path,
    key: bytes | None,
    passphrases: Passphrases,
    secrets: PersonSecrets,
    user: str | None,
) -> Restoring:
    """Who restores. Where neither of the two can be read as it is, nobody can be asked."""
    with ExitStack() as closing:
        sign_in = _people_there(path, passphrases, secrets, closing)
        if sign_in is not None:
            restoring = sign_in.acting(user, acts=True, even_damaged=True).user
            try:
                _permit_restore(restoring)
            except NotPermitted:
                sign_in.note(restoring.id, "backup.restored", outcome=NotPermitted.__name__)
                raise
            with sign_in.store.reading() as snapshot:
                return Restoring(restoring.id, plant_id=snapshot.setting(PLANT_ID))
    try:
        from manchengo_sqlite.glance import glance  # late: only this and completion need it

        with glance(source, key) as found:
            restoring = acting_user(found, user)
    except StorageError:  # damaged, which the restoration says, or of an older program
        return Restoring(ANYONE.id)
    _permit_restore(restoring)
    return Restoring(ANYONE.id, named=restoring.name)


def _people_there(
    path: Path, passphrases: Passphrases, secrets: PersonSecrets, closing: ExitStack
) -> SignIn | None:
    """Those of the database that is to be replaced; None where there is none, or it is damaged.

    Raises ``Failure`` where it is locked and not damaged: else whoever gives a wrong passphrase
    would be asked for no proof.
    """
    if not path.exists():
        return None
    try:
        key = key_of(path, passphrases)
    except KeyOfAnotherDatabase:
        return None
    except (WrongKey, KeyringMissing) as locked:
        raise storage_failure("ReplacedIsLocked", path=path) from locked
    except StorageError:
        return None
    try:
        store = closing.enter_context(SqliteStore.open(path, key=key))
        return sign_in_of(store, path, key, secrets)
    except (StorageError, Failure):
        return None


def _check_plant(source: Path, key: bytes | None, path: Path, plant_id: str) -> None:
    from manchengo_sqlite.glance import glance  # late: only restoring and completion need it

    try:
        with glance(source, key) as found:
            of_the_backup = found.setting(PLANT_ID)
    except StorageError:  # damaged, which the restoration says, or of an older program
        return
    if of_the_backup not in (None, plant_id):
        raise Failure(
            "BackupOfAnotherPlant",
            N_(
                "{backup} is a backup of another plant than {path}. Nothing was changed: restore "
                "it at another place. To replace this database all the same, first move it and the "
                "files beside it elsewhere."
            ),
            {"backup": str(source), "path": str(path)},
            origin=Origin.REQUEST,
        )


def _permit_restore(user: UserRow) -> None:
    roles = roles_of(user.roles)
    if not any(role in holders(Permission.RESTORE) for role in roles):
        raise NotPermitted(permission=Permission.RESTORE, roles=roles)


def _note_restore(store: SqliteStore, by: Restoring) -> None:
    with store.reading() as snapshot:
        device = snapshot.setting(DEVICE)
    store.note(
        AuditEntry(
            at=SystemClock().now(),
            user_id=by.user_id,
            device_id=DeviceId(UUID(device or "")),
            action="backup.restored",
            outcome="done",
            facts=msgspec.json.encode({"named": by.named} if by.named else {}).decode(),
        )
    )
