"""What the server remembers beside the log: whose log it is, and its own keys.

All of it lies in settings of the store, so that every worker on every kind of database has it.
"""

import secrets
from collections.abc import Callable
from uuid import UUID

from attrs import frozen

from manchengo.application.marks import SERVER_MARK
from manchengo.domain.genesis import is_fingerprint
from manchengo.domain.ids import DeviceId
from manchengo.ports.ids import Ids
from manchengo.ports.settings import DEVICE, PLANT_ID
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.errors import AlreadyFounded, AnotherPlant, NotFounded
from manchengo_server.key_wrapping import WrappingKey, id_of_seal, read_key, write_key
from manchengo_sync import sealing, signing

PLANT = "server.plant"
EPOCHS = "server.epochs"
SERVER_DEVICE = "server.device_id"
SERVER_KEY = "server.device_key"
BUNDLE_KEY = "server.bundle_key"
FORMER_BUNDLE_KEYS = "server.former_bundle_keys"
BUNDLE_KEY_SINCE = "server.bundle_key_since"
TOKEN_KEY = "server.jwt_key"
FORMER_TOKEN_KEYS = "server.former_jwt_keys"
SIGNING_KEY = "server.signing_key"
NEXT_SIGNING_KEY = "server.next_signing_key"

SECRET_KEYS = (
    SERVER_KEY,
    BUNDLE_KEY,
    FORMER_BUNDLE_KEYS,
    TOKEN_KEY,
    FORMER_TOKEN_KEYS,
    SIGNING_KEY,
    NEXT_SIGNING_KEY,
)
"""The settings that hold what only the server may know."""

OWN_MARK = SERVER_MARK

KEY_BYTES = 32

RandomBytes = Callable[[int], bytes]
"""That many random bytes: of the machine, or of a simulation."""


@frozen
class Epochs:
    """The names that this log had, the present one last: another one begins each time the server
    is put back from a backup. With each, the entry up to which it is the same as the one before.
    """

    starts: tuple[tuple[str, int], ...]

    @property
    def present(self) -> str:
        """The name of the last epoch; empty where none began."""
        return self.starts[-1][0] if self.starts else ""

    def kept_of(self, named: str) -> int:
        """Up to which entry the epoch of that name still holds; 0 for one never heard of."""
        names = [name for name, _ in self.starts]
        if named not in names:
            return 0
        since = self.starts[names.index(named) + 1 :]
        return min((start for _, start in since), default=0)

    def reach(self, named: str) -> int | None:
        """As ``histories.Reach``: None for the present one."""
        return None if named == self.present else self.kept_of(named)

    def then(self, name: str, start: int) -> "Epochs":
        """These epochs and one more. ``start``: where in the log it begins, a ``global_seq``."""
        return Epochs((*self.starts, (name, start)))

    @classmethod
    def read(cls, snapshot: Snapshot) -> "Epochs":
        """The epochs that the database records."""
        written = (snapshot.setting(EPOCHS) or "").split()
        pairs = (each.rpartition(":") for each in written)
        return cls(tuple((name, int(start)) for name, _, start in pairs))

    def __str__(self) -> str:
        return " ".join(f"{name}:{start}" for name, start in self.starts)


def must_be_free(snapshot: Snapshot) -> None:
    """``AlreadyFounded`` when the store holds a plant."""
    taken = snapshot.setting(PLANT)
    if taken is not None:
        raise AlreadyFounded(taken)


NO_EPOCHS = Epochs(())


@frozen(kw_only=True)
class Plant:
    """``epochs``: of this log and of those it descends from. ``device_id`` and ``device_key``: as
    whom the server itself writes. ``bundle_key``: the private X25519 key for which file bundles are
    sealed. ``signing_key``: the private Ed25519 key under which it says where its log ends.
    """

    id: UUID
    name: str
    epochs: Epochs
    device_id: DeviceId
    device_key: str
    bundle_key: str
    signing_key: str

    @property
    def public_device_key(self) -> str:
        """The public half of the key that signs what the server records, in hex."""
        return signing.public_key(self.device_key)

    @property
    def bundle_public_key(self) -> str:
        """The public half of the key to which bundles are sealed, in hex."""
        return sealing.public_key(self.bundle_key)

    @property
    def public_signing_key(self) -> str:
        """The public half of the key that signs the server's answers, in hex."""
        return signing.public_key(self.signing_key)


def found(
    transaction: Transaction,
    name: str,
    *,
    ids: Ids,
    random_bytes: RandomBytes,
    plant_id: UUID | None = None,
    epochs: Epochs = NO_EPOCHS,
    wrapping: WrappingKey | None = None,
) -> Plant:
    """Begin a plant: its identity, its epoch, the server's keys. ``AlreadyFounded`` when it was.

    ``plant_id``, ``epochs``: of a plant whose server was lost, as its devices know them.
    ``wrapping``: seals the keys; without it they are stored in clear.
    """
    must_be_free(transaction)
    transaction.set_setting(PLANT_ID, str(plant_id or ids.new()))
    transaction.set_setting(PLANT, name)
    for purpose in (SERVER_KEY, BUNDLE_KEY, TOKEN_KEY):
        write_key(transaction, purpose, random_bytes(KEY_BYTES).hex(), wrapping)
    ensure_signing_key(transaction, random_bytes, wrapping)
    transaction.set_setting(EPOCHS, str(epochs))
    begin_epoch(transaction, ids=ids, device_id=transaction.setting(DEVICE))
    return remembered(transaction, wrapping)


def ensure_signing_key(
    transaction: Transaction, random_bytes: RandomBytes, wrapping: WrappingKey | None
) -> None:
    """Servers of before had none: made at the first start, and the same from then on."""
    if transaction.setting(SIGNING_KEY) is None:
        write_key(transaction, SIGNING_KEY, random_bytes(KEY_BYTES).hex(), wrapping)


def begin_epoch(transaction: Transaction, *, ids: Ids, device_id: str | None = None) -> None:
    """From the present end of the log on, this is another log than anybody knew.

    The server writes on as another device (``device_id``, where it has an id under which nobody
    wrote): as the former one it may have written what no device holds any more.
    """
    epochs = Epochs.read(transaction).then(str(ids.new()), transaction.cursor())
    transaction.set_setting(EPOCHS, str(epochs))
    device_id = device_id or str(ids.new())
    transaction.set_setting(SERVER_DEVICE, device_id)
    transaction.set_setting(DEVICE, device_id)


def is_a_copy(snapshot: Snapshot) -> bool:
    """Whether the store was put back from a backup, and was given another device id for it."""
    return snapshot.setting(DEVICE) != snapshot.setting(SERVER_DEVICE)


def remembered(snapshot: Snapshot, wrapping: WrappingKey | None) -> Plant:
    """``NotFounded`` when there is none; a ``WrappingFault`` where its keys cannot be read."""

    def setting(name: str) -> str:
        value = snapshot.setting(name)
        if value is None:
            raise NotFounded
        return value

    def key(purpose: str) -> str:
        value = read_key(snapshot, purpose, wrapping)
        if value is None:
            raise NotFounded
        return value

    return Plant(
        id=UUID(setting(PLANT_ID)),
        name=setting(PLANT),
        epochs=Epochs.read(snapshot),
        device_id=DeviceId(UUID(setting(SERVER_DEVICE))),
        device_key=key(SERVER_KEY),
        bundle_key=key(BUNDLE_KEY),
        signing_key=key(SIGNING_KEY),
    )


def wrapping_id(snapshot: Snapshot) -> str:
    """The id of the wrapping key under which the keys are sealed; "" where one is in clear."""
    stored = (snapshot.setting(purpose) for purpose in SECRET_KEYS)
    ids = [id_of_seal(each) for each in stored if each is not None]
    return ids[0] if ids and all(ids) else ""


def must_open(snapshot: Snapshot, wrapping: WrappingKey | None) -> None:
    """A ``WrappingFault`` unless that key opens all that is sealed."""
    for purpose in SECRET_KEYS:
        if id_of_seal(snapshot.setting(purpose) or ""):
            read_key(snapshot, purpose, wrapping)


def wrap_keys(
    transaction: Transaction, wrapping: WrappingKey, *, former: WrappingKey | None
) -> int:
    """Seals under that key what is stored in clear, or under the former one; how many they were.

    Those that it sealed already stay as they are, so that asking twice does no harm. Raises a
    ``WrappingFault``, ``NotFounded``.
    """
    if transaction.setting(PLANT) is None:
        raise NotFounded
    changed = 0
    for purpose in SECRET_KEYS:
        stored = transaction.setting(purpose)
        if stored is None or id_of_seal(stored) == wrapping.id:
            continue
        key = read_key(transaction, purpose, former if id_of_seal(stored) else None)
        assert key is not None, "it is stored"
        write_key(transaction, purpose, key, wrapping)
        changed += 1
    return changed


def adopt(transaction: Transaction, plant_id: UUID) -> None:
    """Keep the plant that a device founded, in the place of one in which nothing happened yet.
    ``AnotherPlant`` where that is no id of a founded plant.
    """
    if not is_fingerprint(plant_id):
        raise AnotherPlant
    transaction.set_setting(PLANT_ID, str(plant_id))


MACHINE: RandomBytes = secrets.token_bytes
