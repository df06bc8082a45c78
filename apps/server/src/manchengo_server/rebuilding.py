"""A lost server is begun again from what a device holds: the same plant and log, another epoch.

The device's copy of the log becomes the server's, entry by entry, under the same hashes. Devices
that hold more of it, and what waits on each, offer that again at their next exchange.
"""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from attrs import frozen

from manchengo.application import integrity
from manchengo.application.heard_devices import stored_heard_devices
from manchengo.application.replication.device_log import AnotherLog, apply_confirmed
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.settings import DEVICE, PLANT_ID
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_server import reoffers
from manchengo_server.kept_audit import begin_anew
from manchengo_server.key_wrapping import WrappingKey
from manchengo_server.plant import EPOCHS, PLANT, Epochs, RandomBytes, found, must_be_free
from manchengo_sync import settings
from manchengo_sync.signed_log import SignedLog

AT_ONCE = 500
"""Entries in one transaction: the memory it takes does not depend on how long the log is."""


@frozen
class NoDevice(Exception):
    """The database holds no log of a plant: it never exchanged with a server, or is a server's."""


@frozen
class NotSound(Exception):
    """The device's copy of the log is not what its authors sealed."""


@frozen(kw_only=True)
class Origin:
    """The plant of the device, and the name under which it knows the log."""

    plant_id: UUID
    plant: str
    epoch: str

    @classmethod
    def of(cls, device: Snapshot) -> "Origin":
        """Raises ``NoDevice``."""
        plant_id = settings.plant_of_log(device)
        if plant_id is None or device.setting(EPOCHS) is not None or not device.cursor():
            raise NoDevice
        return cls(
            plant_id=plant_id,
            plant=device.setting(PLANT) or str(plant_id),
            epoch=device.setting(settings.LOG_EPOCH) or "",
        )


def rebuild(
    store: Store,
    device: Snapshot,
    *,
    clock: Clock,
    ids: Ids,
    random_bytes: RandomBytes,
    wrapping: WrappingKey | None = None,
) -> None:
    """Begin the device's plant again in an empty store. What was cut off is gone on with.

    Raises ``NoDevice``, ``NotSound``, ``AlreadyFounded``; ``AnotherLog`` when the store holds
    another one, ``ForgedEntry`` when what happened by a commit cannot follow from it.
    """
    origin = Origin.of(device)
    state_cache = StateCache()
    with store.reading() as snapshot:
        must_be_free(snapshot)
        begun = snapshot.cursor()
    for page in _pages(device.entries(after=begun)):
        with store.writing(durable=False) as transaction:
            apply_confirmed(
                transaction,
                page,
                device_id=_reader(transaction, ids, origin.plant_id),
                now=clock.now(),
                state_cache=state_cache,
            )
    with store.reading() as snapshot:
        if snapshot.log_hash() != device.log_hash():
            raise AnotherLog(global_seq=snapshot.cursor())
        if not integrity.verify(snapshot, SignedLog()).sound:
            raise NotSound
    with store.writing() as transaction:
        found(
            transaction,
            origin.plant,
            ids=ids,
            random_bytes=random_bytes,
            plant_id=origin.plant_id,
            epochs=Epochs(((origin.epoch, 0),)),
            wrapping=wrapping,
        )
        heard = stored_heard_devices(device)
        reoffers.allow(transaction, last=heard.told_at if heard else None, now=clock.now())
        begin_anew(transaction, clock.now())  # what the lost server kept is lost with it


def _reader(transaction: Transaction, ids: Ids, plant_id: UUID) -> DeviceId:
    """As whom the store reads until the plant is begun again; it knows for which plant authors
    must have signed.
    """
    transaction.set_setting(PLANT_ID, str(plant_id))
    known = transaction.setting(DEVICE)
    if known is None:
        known = str(ids.new())
        transaction.set_setting(DEVICE, known)
    return DeviceId(UUID(known))


def _pages(entries: Iterator[LogEntry]) -> Iterator[list[LogEntry]]:
    while page := list(islice(entries, AT_ONCE)):
        yield page
