"""What all parts of the server share: the store, the clock, the plant, and the caches.

One thread of a process writes at a time, because the threads share the cached states; the store
makes other processes wait. No lock is held while a request waits for new entries.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock

from attrs import define, field

from manchengo.application.unit_of_work import StateCache
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_server.entry_cache import EntryCache
from manchengo_server.errors import AnotherPlant
from manchengo_server.heard_devices import Note, keep_notes
from manchengo_server.key_wrapping import WrappingKey
from manchengo_server.limits import AUDIT_DAYS, DAILY_BYTES
from manchengo_server.plant import Plant, RandomBytes, remembered
from manchengo_server.shared_writes import SharedWrites
from manchengo_server.snapshot_cache import SnapshotCache

Listener = Callable[[int], None]


@define
class LogGrowth:
    """Announces to the subscribers in this process that the log has grown. The announcing thread
    calls the listeners, so these must return quickly. ``head``: the log's last entry announced.
    """

    head: int = 0
    _guard: Lock = field(factory=Lock)
    _listeners: set[Listener] = field(factory=set)

    def announce(self, head: int) -> None:
        """Call every listener with the new end of the log, a ``global_seq``; nothing where it is
        not beyond the last one announced.
        """
        with self._guard:
            if head <= self.head:
                return
            self.head = head
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(head)

    @contextmanager
    def subscribed(self, listener: Listener) -> Iterator[None]:
        """Meanwhile the listener is called, from the thread that wrote."""
        with self._guard:
            self._listeners.add(listener)
        try:
            yield
        finally:
            with self._guard:
                self._listeners.discard(listener)

    def has_subscribers(self) -> bool:
        """Whether anybody listens."""
        with self._guard:
            return bool(self._listeners)


@define(kw_only=True, eq=False)
class ServerContext:
    """``plant``: as this process read it last. Its epoch may change later: read it anew.
    ``wrapping``: the key under which the server's keys are sealed; None where they are in clear.
    ``snapshot_cache``: the snapshot files for new devices. ``daily_bytes``: what is stored in a day
    for each device and its copies; ``audit_days``: for how long what devices noted is kept.
    """

    store: Store
    clock: Clock
    ids: Ids
    random_bytes: RandomBytes
    plant: Plant
    wrapping: WrappingKey | None = None
    state_cache: StateCache = field(factory=StateCache)
    log_growth: LogGrowth = field(factory=LogGrowth)
    entry_cache: EntryCache = field(factory=EntryCache)
    snapshot_cache: SnapshotCache = field(factory=SnapshotCache)
    daily_bytes: int = DAILY_BYTES
    audit_days: int = AUDIT_DAYS
    heard_devices: SharedWrites[Note] = field(init=False)
    _write_lock: Lock = field(factory=Lock)

    @heard_devices.default
    def _devices_heard_at_once(self) -> SharedWrites[Note]:
        return SharedWrites(partial(keep_notes, self.writing))

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Transaction]:
        """A writing transaction, one at a time in this process. When it is committed, listeners
        hear of the new end of the log. ``durable``: whether it is on the disk when this returns.
        """
        with self._write_lock:
            try:
                with self.store.writing(durable=durable) as transaction:
                    yield transaction
                    head = transaction.cursor()
            except BaseException:
                self.state_cache.forget()
                raise
        self.log_growth.announce(head)

    def plant_now(self, snapshot: Snapshot) -> Plant:
        """The plant as it is stored at that moment."""
        return remembered(snapshot, self.wrapping)

    def must_keep(self, plant_id: str) -> None:
        """``AnotherPlant`` unless that id is the plant's, or empty: a device that belongs to no
        plant yet names none, nor does a program of before. Another process may have adopted the
        plant since this one read which it is.
        """
        if plant_id not in ("", str(self.plant.id)):
            self.read_plant()
            if plant_id != str(self.plant.id):
                raise AnotherPlant

    def read_plant(self) -> None:
        """Know the plant as the store has it now."""
        with self.reading() as snapshot:
            self.plant = self.plant_now(snapshot)

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """A snapshot of the plant's database."""
        with self.store.reading() as snapshot:
            yield snapshot
