"""Exchanges for ever, in the background: what is new here goes out, what is new there comes in.

Two lines of work, so that neither waits for the other: one listens (the server holds its answer
back until there is something new), one looks every moment whether somebody recorded something here
and pushes it at once. Work at the device never waits for either.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

from attrs import define, field

from manchengo.application.books import Memo
from manchengo.domain.ids import UserId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_sync import wire
from manchengo_sync.backoff import Backoff
from manchengo_sync.exchange import Exchanged, exchange, sync
from manchengo_sync.link import Link, Unreachable

LOOKED = 0.3
"""Seconds between two looks at the queue."""

POLLED = 1.0
"""Seconds between two questions, where the server does not hold its answers back."""

LISTENER = "manchengo listener"

Report = Callable[[Exchanged], object]
Trouble = Callable[[Exception], object]


@define(kw_only=True)
class Worker:
    """``link`` must bear two threads at once. ``told``: after each exchange of which something
    came, and the first that was answered again. ``troubled``: what went wrong, each time; it goes
    on all the same. Both are called from either thread. ``pause``: waits on the event for so many
    seconds; whether it was set.
    """

    store: Store
    link: Link
    clock: Clock
    ids: Ids
    user_id: UserId
    told: Report = lambda _: None
    troubled: Trouble = lambda _: None
    timer: Callable[[], float] = time.monotonic
    pause: Callable[[Event, float], bool] = Event.wait
    chance: Callable[[], float] = random.random
    _pushing: Backoff = field(init=False)
    _listening: Backoff = field(init=False)
    _memo: Memo = field(factory=Memo, init=False)
    _seen: tuple[int, int] | None = field(default=None, init=False)
    _is_over: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._pushing = Backoff(self.timer, self.chance)
        self._listening = Backoff(self.timer, self.chance)

    def run(self, stop: Event) -> None:
        """Until ``stop`` is set. Afterwards nothing touches the store any more, and nobody is told:
        an answer that is still awaited is let go when it comes.
        """
        gate = _Gate(self.store)
        listener = Thread(target=self._listen, args=(gate, stop), name=LISTENER, daemon=True)
        try:
            while not stop.is_set():
                self.look()
                if self._seen is not None and listener.ident is None:
                    listener.start()  # once all is said: until then it would hear it twice
                self.pause(stop, LOOKED)
        finally:
            self._is_over = True
            gate.close()

    def look(self) -> None:
        """Push, where something was recorded here since; at the first look, whatever is new comes
        in.
        """
        if self._pushing.left:
            return
        with self._going_on(self._pushing):
            if self._seen is not None and not self._is_new_here():
                return
            seen = self._standing()  # before: what is recorded meanwhile is new at the next look
            done = sync(
                self.store,
                self.link,
                clock=self.clock,
                ids=self.ids,
                memo=self._memo,
                user_id=self.user_id,
            )
            self._seen = seen
            self._succeeded(done)

    def listen(self, store: Store, memo: Memo) -> None:
        """Ask once, patiently, for what is new."""
        asked_at = self.timer()
        with self._going_on(self._listening):
            done = exchange(
                store,
                self.link,
                clock=self.clock,
                ids=self.ids,
                memo=memo,
                user_id=self.user_id,
                wait=wire.LONGEST_WAIT,
                offering=False,
            )
            self._succeeded(done)
            if not done.taken.received:
                self._listening.rest(max(0.0, asked_at + POLLED - self.timer()))

    def _listen(self, gate: "_Gate", stop: Event) -> None:
        memo = Memo()
        while not stop.is_set():
            if self._listening.left:
                self.pause(stop, min(LOOKED, self._listening.left))
                continue
            try:
                self.listen(gate, memo)
            except _Closed:
                return

    def _is_new_here(self) -> bool:
        """Something waits, and something changed since it was last offered."""
        with self.store.reading() as snapshot:
            standing = snapshot.head(), snapshot.cursor()
            if standing == self._seen:
                return False
            if next(snapshot.pending(limit=1), None) is not None:
                return True
        self._seen = standing
        return False

    def _standing(self) -> tuple[int, int]:
        with self.store.reading() as snapshot:
            return snapshot.head(), snapshot.cursor()

    def _succeeded(self, done: Exchanged) -> None:
        """The server is there: whoever was about to wait for it need not."""
        had_failed = [each for each in (self._pushing, self._listening) if each.failures]
        for backoff in had_failed:
            backoff.worked()
        if had_failed or done.is_worth_telling:
            self.told(done)

    @contextmanager
    def _going_on(self, backoff: Backoff) -> Iterator[None]:
        """Whatever happens, say so and try again later."""
        try:
            yield
        except _Closed:
            raise
        except Exception as error:  # it must not stop for ever because a disk was full for a moment
            if isinstance(error, Unreachable):
                backoff.failed(error.retry_after)
            else:
                backoff.needs_somebody()
            if not self._is_over:
                self.troubled(error)


class _Closed(Exception):
    """The worker was stopped: what was just answered comes too late."""


@define
class _Gate:
    """The store, until it is closed: who comes later with an answer is turned back."""

    store: Store
    _lock: Lock = field(factory=Lock)
    _is_closed: bool = False

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Transaction]:
        with self._passing(), self.store.writing(durable=durable) as transaction:
            yield transaction

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        with self._passing(), self.store.reading() as snapshot:
            yield snapshot

    def note(self, entry: AuditEntry) -> None:
        with self._passing():
            self.store.note(entry)

    def damaged_pages(self) -> list[str]:
        with self._passing():
            return self.store.damaged_pages()

    def close(self) -> None:
        with self._lock:
            self._is_closed = True

    @contextmanager
    def _passing(self) -> Iterator[None]:
        with self._lock:
            if self._is_closed:
                raise _Closed
            yield
