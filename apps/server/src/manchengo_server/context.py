"""What all parts of the server share: the store, the clock, the states cached between transactions.

One thread of a process writes at a time, since the threads share the cached states; other processes
wait for their turn in the store. No lock is held while a request waits for news.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from attrs import define, field, frozen

from manchengo.application.unit_of_work import StateCache
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_server.entry_cache import EntryCache
from manchengo_server.plant import Plant, RandomBytes

Listener = Callable[[int], None]


@define
class News:
    """Tells whoever waits in this process that the log has grown. Listeners are called from the
    thread that found out, and must not take long.
    """

    head: int = 0
    _guard: Lock = field(factory=Lock)
    _listeners: set[Listener] = field(factory=set)

    def tell(self, head: int) -> None:
        with self._guard:
            if head <= self.head:
                return
            self.head = head
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(head)

    @contextmanager
    def heard_by(self, listener: Listener) -> Iterator[None]:
        with self._guard:
            self._listeners.add(listener)
        try:
            yield
        finally:
            with self._guard:
                self._listeners.discard(listener)

    def is_awaited(self) -> bool:
        with self._guard:
            return bool(self._listeners)


@frozen(kw_only=True)
class ServerContext:
    """``plant``: as remembered when the process started; its epoch is read afresh where needed."""

    store: Store
    clock: Clock
    ids: Ids
    random_bytes: RandomBytes
    plant: Plant
    state_cache: StateCache = field(factory=StateCache)
    news: News = field(factory=News)
    entry_cache: EntryCache = field(factory=EntryCache)
    _turn: Lock = field(factory=Lock)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Transaction]:
        with self._turn:
            try:
                with self.store.writing(durable=durable) as transaction:
                    yield transaction
                    head = transaction.cursor()
            except BaseException:
                self.state_cache.forget()
                raise
        self.news.tell(head)

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        with self.store.reading() as snapshot:
            yield snapshot
