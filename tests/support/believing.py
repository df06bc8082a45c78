"""A database as programs made it that believed names: nobody has a key, nothing is signed."""

from pathlib import Path

from manchengo import Actor, Manchengo, Role, SystemClock, Uuid7Ids
from manchengo.commands import RegisterUser
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.ports.settings import DEVICE
from manchengo_sqlite import SqliteStore, keys


def make_believing(path: Path, *, passphrase: str = "", **people: Role) -> None:
    """The people by name, an administrator first. ``passphrase``: in clear without one."""
    key = keys.new_key() if passphrase else None
    if key is not None:
        keys.wrap_with_passphrase(path, key, passphrase)
    ids = Uuid7Ids()
    device_id = DeviceId(ids.new())
    with SqliteStore.open(path, key=key, create=True) as store:
        founder = Actor(
            user_id=UserId(ids.new()), device_id=device_id, roles=frozenset({Role.ADMIN})
        )
        dairy = Manchengo(store, clock=SystemClock(), ids=ids, actor=founder)
        with dairy.batch() as batch:
            batch.transaction.set_setting(DEVICE, str(device_id))
            for number, (name, role) in enumerate(people.items()):
                user_id = UserId(ids.new()) if number else founder.user_id
                command = RegisterUser(user_id=user_id, name=name, roles=frozenset({role}))
                batch.execute(command, command_id=CommitId(ids.new()))
