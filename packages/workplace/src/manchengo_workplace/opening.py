"""The database of a device, opened under its key as the person who acts: a ``Workplace``.

The only module of the apps at a device that knows the SQLite adapter. Whatever the storage refuses
leaves here as a ``Failure``.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from attrs import asdict, define, field, frozen, has

from manchengo import Actor, Manchengo, Role, SystemClock, Uuid7Ids
from manchengo.application.integrity import Verification, digest, stored_rows, verify_store
from manchengo.commands import AdmitOwnKey, RegisterUser, RequireSigning
from manchengo.domain.access import NotPermitted, Permission, holders
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import Row, UserRow
from manchengo.ports.settings import DEVICE
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.storage_errors import StorageError
from manchengo.ports.store import Snapshot
from manchengo.system import collect_seldom
from manchengo_presenters.language import N_
from manchengo_sqlite import SqliteStore, incremental_backup, keys
from manchengo_sqlite import backup as backups
from manchengo_workplace.acting import ANYONE, acting_user, roles_of
from manchengo_workplace.failures import Failure
from manchengo_workplace.personal_keys import new_secret
from manchengo_workplace.sealed_keys import new_signer
from manchengo_workplace.sign_in import NOBODY, Acting, PersonSecrets, SignIn
from manchengo_workplace.storage_failures import storage_failure
from manchengo_workplace.strength import check_strength

R = TypeVar("R", bound=Row)

Progress = Callable[[int, int], None]
"""Called with what is done and the whole, in pages, commits or events."""


class Passphrases(Protocol):
    """Where a database's passphrase comes from: a person at a screen, a file, the environment."""

    def existing(self, database: Path) -> str:
        """The passphrase of a database that exists."""
        ...

    def new(self, database: Path, *, fewest: int) -> str:
        """One for a database about to be created, of ``fewest`` characters at least."""
        ...


@frozen(kw_only=True)
class Workplace:
    """An open database and who works at it."""

    path: Path
    encrypted: bool
    store: SqliteStore
    clock: Clock
    ids: Ids
    actor: Actor
    user: str
    dairy: Manchengo
    sign_in: SignIn
    is_believed: bool = True
    """Whether who acts has proved who they are, or the plant does not ask for it."""

    @property
    def is_nobody(self) -> bool:
        """Whether nobody has said who they are."""
        return self.actor.user_id == ANYONE.id

    def note(self, action: str, facts: str = "{}") -> None:
        """Keep in the audit log what no commit says: a backup, a rebuild, a verification."""
        self.store.note(
            AuditEntry(
                at=self.clock.now(),
                user_id=self.actor.user_id,
                device_id=self.actor.device_id,
                action=action,
                outcome="done",
                facts=facts,
            )
        )

    def verify(self, signatures: SignatureCheck | None = None) -> Verification:
        """Check the database. ``NotPermitted``; but where nobody can be found in what is damaged,
        or has proved who they are, nobody is asked for a right, since everybody has it.
        ``signatures``: who checks those of the log; ``server.signature_check`` makes one.

        That it was done is noted where anything can be: what is damaged or full is verified too.
        """
        if not self.is_believed:
            return verify_store(self.store, signatures)
        found = self.dairy.verify(signatures)
        with suppress(StorageError):
            self.note("log.verified", "{}" if found.sound else '{"sound":false}')
        return found

    def digest(self) -> str:
        """One number over all tables, which shows nothing of them: two devices have the same where
        they say the same.
        """
        with self.store.reading() as snapshot:
            return digest(stored_rows(snapshot))

    def rebuild(self) -> int:
        """Make every view again; the number of rows made. ``NotPermitted``."""
        rows = self.dairy.rebuild()
        self.note("views.rebuilt")
        return rows

    def backup(self, to: Path, *, whole: bool, progress: Progress | None = None) -> "Copied":
        """A backup at that place: made, or brought up to date where there is one.
        ``NotPermitted``.
        """
        self.dairy.permit(Permission.BACK_UP, "backup.made")
        if not os.path.lexists(to):
            backups.backup(self.store.engine, to, progress=progress)
            self.note("backup.made")
            return Copied(how="made")
        done = incremental_backup.refresh(self.store.engine, to, whole=whole, progress=progress)
        self.note("backup.updated" if done.whole is None else "backup.made_again")
        if done.whole is None:
            return Copied(how="updated", commits_added=done.commits)
        return Copied(how="made_again", commits_added=done.commits, because=done.whole.value)


@frozen(kw_only=True)
class Copied:
    """``how``: "made", "updated" with ``commits_added``, or, whole, "made_again"; ``because``: why
    adding to what was there would not do.
    """

    how: str
    commits_added: int | None = None
    because: str | None = None


def usual_path() -> Path:
    """The database of this person in the folder that the computer keeps for programs."""
    from platformdirs import user_data_path  # late: not needed where a path is given

    return user_data_path("manchengo", appauthor=False) / "manchengo.db"


@contextmanager
def opened(
    path: Path,
    *,
    passphrases: Passphrases,
    secrets: PersonSecrets,
    user: str | None = None,
    acts: bool = False,
    by_anyone: bool = False,
    even_damaged: bool = False,
    progress: Progress | None = None,
) -> Iterator[Workplace]:
    """The dairy on its database, closed at the end.

    ``user``: the name of the person who acts; left out, who has signed in, the one for whom a
    server let the device in, else the only administrator. ``secrets``: where their passphrase or
    PIN comes from, where the plant asks for it; ``acts``: something is done or read that takes a
    right, so the person is asked; else nobody may read. ``by_anyone``: for what needs no right and
    must work on a damaged database, where the users may be what is damaged. ``even_damaged``: for
    what needs a right and must work there too; the users are those of the log where the views have
    lost them. ``progress``: called, with events read and events in all, where views of an older
    program are made anew from the log.

    Raises ``Failure`` for a file, key or disk, and for who does not prove who they are;
    ``Unknown`` and ``Archived`` for the user.
    """
    with storage_errors_as_failures():
        if not path.exists():
            raise storage_failure("DatabaseMissing", path=path)
        key = key_of(path, passphrases)
        with SqliteStore.open(path, key=key, progress=progress) as store:
            sign_in = _sign_in(store, path, key, secrets)
            acting = sign_in.acting(user, acts=acts, by_anyone=by_anyone, even_damaged=even_damaged)
            yield _workplace(store, sign_in, acting)


def _sign_in(store: SqliteStore, path: Path, key: bytes | None, secrets: PersonSecrets) -> SignIn:
    with store.reading() as snapshot:
        device = snapshot.setting(DEVICE)
    if device is None:
        raise storage_failure("NoDevice", path=path)
    return SignIn.of(store, path, key, DeviceId(UUID(device)), SystemClock(), secrets)


class Glance(Snapshot, Protocol):
    """A look at a database for completion: it asks nothing, waits for nobody and writes nothing."""

    def latest(self, kind: type[R], beginning: str, *, limit: int) -> Iterator[R]:
        """The rows whose code begins so, those with the highest codes first, ``limit`` at most."""


@contextmanager
def glanced(path: Path, *, passphrases: Passphrases) -> Iterator[Glance]:
    """A passing look at the database, which changes nothing and waits for nobody.

    Raises ``Failure`` where it cannot simply be read.
    """
    from manchengo_sqlite.glance import glance  # late: only a shell that completes needs it

    with storage_errors_as_failures(), glance(path, key_of(path, passphrases)) as found:
        yield found


@contextmanager
def created(
    path: Path,
    *,
    admin: str,
    passphrases: Passphrases,
    secrets: PersonSecrets,
    clear: bool = False,
    keyring: bool = False,
) -> Iterator[Workplace]:
    """A new database with its key, the identity of this device and its first administrator, who
    has a key of their own and is signed in. From its first commit on, the plant has everybody sign.

    ``clear``: not encrypted. ``keyring``: its key goes to the keyring of the computer instead of
    a file under a passphrase. A key file without a database is what a creation left that was cut
    off: its key is used.
    """
    ids = Uuid7Ids()
    with storage_errors_as_failures(), ExitStack() as undo:
        key, store = _new_database(path, passphrases, clear=clear, keyring=keyring, undo=undo)
        device_id = DeviceId(ids.new())
        sign_in = SignIn.of(store, path, key, device_id, SystemClock(), secrets)
        secret, signer = new_secret(sign_in, admin), new_signer()
        first = RegisterUser(user_id=UserId(ids.new()), name=admin, roles=frozenset({Role.ADMIN}))
        founder = UserRow(id=first.user_id, name=first.name, roles=Role.ADMIN, active=True)
        own_key = AdmitOwnKey(user_id=founder.id, family_id=device_id, public_key=signer.key.hex())
        place = _workplace(store, sign_in, Acting(user=founder, signer=signer))
        undo.callback(_forget, sign_in.sealed.path)
        with place.dairy.batch() as batch:  # a part of it alone would open to nobody
            batch.transaction.set_setting(DEVICE, str(device_id))
            for command in (first, own_key, RequireSigning()):
                batch.execute(command, command_id=CommitId(ids.new()))
            sign_in.sealed.seal(founder.id, secret, signer)
        undo.pop_all()
        with store:
            sign_in.begin_session(founder, signer)
            yield place


@contextmanager
def created_empty(
    path: Path,
    *,
    passphrases: Passphrases,
    secrets: PersonSecrets,
    clear: bool = False,
    keyring: bool = False,
) -> Iterator[Workplace]:
    """A new database with its key and the identity of this device, and nobody in it: what a server
    knows comes into it. When this block fails, there is no database.
    """
    ids = Uuid7Ids()
    with storage_errors_as_failures(), ExitStack() as undo:
        key, store = _new_database(path, passphrases, clear=clear, keyring=keyring, undo=undo)
        device_id = DeviceId(ids.new())
        with store.writing() as transaction:
            transaction.set_setting(DEVICE, str(device_id))
        sign_in = SignIn.of(store, path, key, device_id, SystemClock(), secrets)
        yield _workplace(store, sign_in, NOBODY)
        undo.pop_all()
        store.close()


def _new_database(
    path: Path, passphrases: Passphrases, *, clear: bool, keyring: bool, undo: ExitStack
) -> tuple[bytes | None, SqliteStore]:
    for taken in (path, keys.key_file(path)) if clear else (path,):
        if os.path.lexists(taken):
            raise storage_failure("AlreadyThere", path=taken)
    path.parent.mkdir(parents=True, exist_ok=True)
    key = None if clear else _first_key(path, passphrases, keyring=keyring, undo=undo)
    undo.callback(_forget, path)
    return key, undo.enter_context(SqliteStore.open(path, key=key, create=True))


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

    ``NotPermitted`` unless the person, who is named and asked as for ``opened``, may restore by
    what the database that is there says: who may no longer is not helped by an old backup. Where
    there is none that can be read, the backup is asked.
    """
    with storage_errors_as_failures():
        if not source.exists():
            raise storage_failure("BackupMissing", path=source)
        key = key_of(source, passphrases)
        restoring = _may_restore(path, source, key, passphrases, secrets, user)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = backups.restore(source, path, key=key, progress=progress)
        if restoring is not None:
            with SqliteStore.open(path, key=key) as store:
                _note_restore(store, restoring)
    return aside


def _may_restore(
    path: Path,
    source: Path,
    key: bytes | None,
    passphrases: Passphrases,
    secrets: PersonSecrets,
    user: str | None,
) -> UserRow | None:
    """Who restores; None where neither of the two can be read as it is."""
    with ExitStack() as closing:
        try:
            key_there = key_of(path, passphrases)
            store = closing.enter_context(SqliteStore.open(path, key=key_there))
            sign_in: SignIn | None = _sign_in(store, path, key_there, secrets)
        except (StorageError, Failure):
            sign_in = None
        if sign_in is not None:
            restoring = sign_in.acting(user, acts=True, even_damaged=True).user
            try:
                _permit_restore(restoring)
            except NotPermitted:
                sign_in.note(restoring.id, "backup.restored", outcome=NotPermitted.__name__)
                raise
            return restoring
    try:
        from manchengo_sqlite.glance import glance  # late: only this and completion need it

        with glance(source, key) as found:
            restoring = acting_user(found, user)
    except StorageError:  # damaged, which the restoration says, or of an older program
        return None
    _permit_restore(restoring)
    return restoring


def _permit_restore(user: UserRow) -> None:
    roles = roles_of(user.roles)
    if not any(role in holders(Permission.RESTORE) for role in roles):
        raise NotPermitted(permission=Permission.RESTORE, roles=roles)


def _note_restore(store: SqliteStore, user: UserRow) -> None:
    with store.reading() as snapshot:
        device = snapshot.setting(DEVICE)
    store.note(
        AuditEntry(
            at=SystemClock().now(),
            user_id=user.id,
            device_id=DeviceId(UUID(device or "")),
            action="backup.restored",
            outcome="done",
            facts="{}",
        )
    )


# ----------------------------------------------------------------------------------- the key


@define
class _AskedOnce:
    """The passphrase of a database that is opened in more than one step."""

    passphrases: Passphrases
    _given: dict[Path, str] = field(factory=dict)

    def existing(self, database: Path) -> str:
        if database not in self._given:
            self._given[database] = self.passphrases.existing(database)
        return self._given[database]

    def new(self, database: Path, *, fewest: int) -> str:
        return self.passphrases.new(database, fewest=fewest)


def change_passphrase(
    path: Path,
    *,
    passphrases: Passphrases,
    new: Passphrases,
    secrets: PersonSecrets,
    user: str | None = None,
) -> None:
    """Another passphrase opens the database from now on: one that ``new`` gives, instead of the one
    that ``passphrases`` gives, or beside the keyring. The key stays, so nothing is encrypted again,
    and a backup opens with the passphrase that it was made with.

    The key file is replaced in one step: whenever the computer stops, one of the two opens the
    database. Raises what ``opened`` does, and ``Failure`` for a passphrase that is too weak.
    """
    with storage_errors_as_failures():
        if not path.exists():
            raise storage_failure("DatabaseMissing", path=path)
        if not keys.key_file(path).exists():
            raise Failure(
                "NotEncrypted",
                N_(
                    "{path} is not encrypted, so no passphrase opens it. To have it encrypted, "
                    "make a new database and bring everything into it."
                ),
                {"path": str(path)},
                key="NoPassphrase",
            )
        present = _AskedOnce(passphrases)
        if keys.has_passphrase(path):
            key = _unsealed(path, keys.key_file(path).read_bytes(), present.existing(path))
        else:
            key = keys.load_from_keyring(path)
        with opened(path, passphrases=present, secrets=secrets, user=user, acts=True) as place:
            chosen = new.new(path, fewest=keys.FEWEST_CHARACTERS)
            check_strength(chosen, is_pin=False, known=(place.user, path.stem))
            keys.wrap_with_passphrase(path, key, chosen)
            place.note("passphrase.changed")


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
    return _unsealed(path, beside.read_bytes(), passphrases.existing(path))


@cache
def _unsealed(path: Path, _sealed: bytes, phrase: str) -> bytes:
    """Stretching a passphrase takes half a second: once a run, for the same key file."""
    return keys.unwrap(path, phrase)


def _first_key(path: Path, passphrases: Passphrases, *, keyring: bool, undo: ExitStack) -> bytes:
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
        phrase = passphrases.new(path, fewest=keys.FEWEST_CHARACTERS)
        keys.wrap_with_passphrase(path, key, phrase)
    undo.callback(_forget, keys.key_file(path))
    return key


# ----------------------------------------------------------------------------------- the rest


@contextmanager
def storage_errors_as_failures() -> Iterator[None]:
    """What the storage refuses in this block becomes a ``Failure``."""
    try:
        yield
    except StorageError as error:
        facts = asdict(error) if has(type(error)) else {}
        raise storage_failure(type(error).__name__, **facts) from error


def _workplace(store: SqliteStore, sign_in: SignIn, acting: Acting) -> Workplace:
    collect_seldom()
    ids, roles = Uuid7Ids(), roles_of(acting.user.roles)
    actor = Actor(user_id=acting.user.id, device_id=sign_in.device_id, roles=roles)
    return Workplace(
        path=sign_in.path,
        encrypted=sign_in.key is not None,
        store=store,
        clock=sign_in.clock,
        ids=ids,
        actor=actor,
        user=acting.user.name,
        dairy=Manchengo(store, clock=sign_in.clock, ids=ids, actor=actor, signer=acting.signer),
        sign_in=sign_in,
        is_believed=acting.is_believed,
    )


def _forget(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
