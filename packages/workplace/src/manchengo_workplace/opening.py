"""The database of a device, opened under its key as the person who acts: a ``Workplace``.

Whatever the storage refuses leaves here as a ``Failure``.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Protocol, TypeVar
from uuid import UUID

from manchengo import Actor, Manchengo, Role, SystemClock, Uuid7Ids
from manchengo.application.counting import Progress
from manchengo.commands import FoundPlant
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.ports.rows import Row, UserRow
from manchengo.ports.settings import DEVICE
from manchengo.ports.store import Snapshot
from manchengo.system import collect_seldom
from manchengo_sqlite import SqliteStore, keys
from manchengo_workplace.acting import roles_of
from manchengo_workplace.database_keys import Passphrases, first_key, key_of, remove_file
from manchengo_workplace.drawn_code import DrawnCode
from manchengo_workplace.person_secrets import PersonSecrets
from manchengo_workplace.personal_keys import new_secret
from manchengo_workplace.sealed_keys import new_signer
from manchengo_workplace.sign_in import NOBODY, Acting, SignIn
from manchengo_workplace.storage_failures import storage_errors_as_failures, storage_failure
from manchengo_workplace.workplace import Workplace

R = TypeVar("R", bound=Row)

NONCE_BYTES = 32


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
        collect_seldom()
        with SqliteStore.open(path, key=key, progress=progress) as store:
            sign_in = sign_in_of(store, path, key, secrets)
            acting = sign_in.acting(user, acts=acts, by_anyone=by_anyone, even_damaged=even_damaged)
            yield _workplace(store, sign_in, acting)


def sign_in_of(store: SqliteStore, path: Path, key: bytes | None, secrets: PersonSecrets) -> SignIn:
    """The people of that open database. Raises ``Failure`` where it has no device."""
    with store.reading() as snapshot:
        device = snapshot.setting(DEVICE)
    if device is None:
        raise storage_failure("NoDevice", path=path)
    return SignIn.of(store, path, key, DeviceId(UUID(device)), SystemClock(), secrets)


def signed_in(workplace: Workplace, name: str, secret: str) -> Workplace:
    """The same open database, for a person who proves who they are: for an app that stays open.

    Raises ``Failure``, which is noted, and as ``acting_user`` for the name.
    """
    sign_in = workplace.sign_in
    user = sign_in.person(name)
    signer = sign_in.unlocked(user, secret)
    sign_in.note(user.id, "session.unlocked")
    return _workplace(workplace.store, sign_in, Acting(user=user, signer=signer))


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
    recovery: DrawnCode,
    plant: str = "",
    passphrases: Passphrases,
    secrets: PersonSecrets,
    clear: bool = False,
    keyring: bool = False,
) -> Iterator[Workplace]:
    """A new database with its key, the identity of this device, and its first commits: the genesis
    of the plant, with the first administrator, who has a key of their own and is signed in, and the
    first key for labels.

    ``recovery``: the code of their recovery key; ``plant``: the name of the plant. ``clear``: not
    encrypted. ``keyring``: its key goes to the keyring of the computer instead of a file under a
    passphrase. A key file without a database is what a creation left that was cut off: its key is
    used.
    """
    from manchengo_workplace import label_keys  # late: it needs cryptography

    ids = Uuid7Ids()
    with storage_errors_as_failures(), ExitStack() as undo:
        key, store = _new_database(
            path, passphrases, clear=clear, keyring=keyring, undo=undo, known=(admin,)
        )
        device_id = DeviceId(ids.new())
        sign_in = SignIn.of(store, path, key, device_id, SystemClock(), secrets)
        secret, signer = new_secret(sign_in, admin), new_signer()
        founder = UserRow(id=UserId(ids.new()), name=admin, roles=Role.ADMIN, active=True)
        genesis = FoundPlant(
            name=plant,
            founder_id=founder.id,
            founder=founder.name,
            family_id=device_id,
            public_key=signer.key.hex(),
            recovery_id=recovery.invitation_id,
            recovery_key=recovery.public_key,
            nonce=token_hex(NONCE_BYTES),
        )
        workplace = _workplace(store, sign_in, Acting(user=founder, signer=signer))
        undo.callback(remove_file, sign_in.sealed.path)
        with workplace.dairy.batch() as batch:  # a part of it alone would open to nobody
            batch.transaction.set_setting(DEVICE, str(device_id))
            batch.execute(genesis, command_id=CommitId(ids.new()))
            first_label_key = label_keys.first_key(batch.transaction, device_id)
            batch.execute(first_label_key, command_id=CommitId(ids.new()))
            sign_in.sealed.seal(founder.id, secret, signer)
        undo.pop_all()
        with store:
            sign_in.begin_session(founder, signer)
            yield workplace


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
    path: Path,
    passphrases: Passphrases,
    *,
    clear: bool,
    keyring: bool,
    undo: ExitStack,
    known: tuple[str, ...] = (),
) -> tuple[bytes | None, SqliteStore]:
    for taken in (path, keys.key_file(path)) if clear else (path,):
        if os.path.lexists(taken):
            raise storage_failure("AlreadyThere", path=taken)
    path.parent.mkdir(parents=True, exist_ok=True)
    key = None if clear else first_key(path, passphrases, keyring=keyring, undo=undo, known=known)
    undo.callback(remove_file, path)
    collect_seldom()
    return key, undo.enter_context(SqliteStore.open(path, key=key, create=True))


def _workplace(store: SqliteStore, sign_in: SignIn, acting: Acting) -> Workplace:
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
        signer=acting.signer,
        is_believed=acting.is_believed,
    )
