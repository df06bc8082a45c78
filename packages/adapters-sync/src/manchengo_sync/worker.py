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

from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import UserId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_sync.backoff import SLOW, Backoff
from manchengo_sync.exchange import exchange, sync
from manchengo_sync.link import Link, Unreachable, Untrusted
from manchengo_sync.outcome import Exchanged
from manchengo_sync.page_size import PageSize
from manchengo_sync.patience import Patience

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
    _withheld: Backoff = field(init=False)
    _patience: Patience = field(init=False)
    _offers_again_at: float | None = field(default=None, init=False)
    _state_cache: StateCache = field(factory=StateCache, init=False)
    _seen: tuple[int, int] | None = field(default=None, init=False)
    _is_over: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._pushing = Backoff(self.timer, self.chance)
        self._listening = Backoff(self.timer, self.chance)
        self._withheld = Backoff(self.timer, self.chance, most=SLOW)
        self._patience = Patience(self.timer)

    def run(self, stop: Event) -> None:
        """Until ``stop`` is set. Afterwards nothing touches the store any more, and nobody is told:
        an answer that is still awaited is let go when it comes.
        """
        gate = _Gate(self.store)
        listener = Thread(target=self._listen, args=(gate, stop), name=LISTENER, daemon=True)
        try:
            while not stop.is_set():
                self.look()
                is_tried = self._seen is not None or self._pushing.failures
                if is_tried and listener.ident is None:
                    listener.start()  # not before: it would hear all of it twice
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
            if not (self._seen is None or self._is_new_here() or self._may_be_taken_now()):
                return
            seen = self._log_position()  # before: what comes meanwhile is new at the next look
            done = sync(
                self.store,
                self.link,
                clock=self.clock,
                ids=self.ids,
                state_cache=self._state_cache,
                user_id=self.user_id,
            )
            self._succeeded(done)
            if done.broken_off is None:
                self._seen = seen
                self._offer_again_later(done)
            else:
                self._go_on_after(done.broken_off, self._pushing)

    def _offer_again_later(self, done: Exchanged) -> None:
        """What the server did not take, it may take one day though nothing changes here."""
        if done.withheld or done.too_old:
            self._withheld.failed()
            self._offers_again_at = self._withheld.until
        else:
            self._withheld.worked()
            self._offers_again_at = None

    def listen(self, store: Store, state_cache: StateCache) -> None:
        """Ask once, patiently, for what is new."""
        asked_at, waited = self.timer(), self._patience.wait
        size = PageSize.of(store)
        with self._going_on(self._listening):
            try:
                done = exchange(
                    store,
                    self.link,
                    clock=self.clock,
                    ids=self.ids,
                    state_cache=state_cache,
                    user_id=self.user_id,
                    wait=waited,
                    limit=size.now,
                    offering=False,
                )
            except Unreachable as error:
                if not error.was_sent:
                    self._patience.failed()
                elif self._patience.cut(waited, self.timer() - asked_at):
                    return  # asked again at once
                else:
                    size.lost()
                raise
            self._patience.answered()
            self._succeeded(done)
            if done.broken_off is not None:
                self._go_on_after(done.broken_off, self._listening)
            elif done.taken.received:
                size.passed()
            else:
                self._listening.rest(max(0.0, asked_at + POLLED - self.timer()))

    def _listen(self, gate: "_Gate", stop: Event) -> None:
        state_cache = StateCache()
        while not stop.is_set():
            if self._listening.left:
                self.pause(stop, min(LOOKED, self._listening.left))
                continue
            try:
                self.listen(gate, state_cache)
            except _Closed:
                return

    def _is_new_here(self) -> bool:
        """Something waits, and something changed since it was last offered."""
        with self.store.reading() as snapshot:
            position = snapshot.head(), snapshot.cursor()
            if position == self._seen:
                return False
            if next(snapshot.pending(limit=1), None) is not None:
                return True
        self._seen = position
        return False

    def _log_position(self) -> tuple[int, int]:
        with self.store.reading() as snapshot:
            return snapshot.head(), snapshot.cursor()

    def _succeeded(self, done: Exchanged) -> None:
        """The server is there: whoever was about to wait for it need not."""
        had_failed = [each for each in (self._pushing, self._listening) if each.failures]
        for backoff in had_failed:
            backoff.worked()
        if had_failed or done.is_worth_telling:
            self.told(done)

    def _may_be_taken_now(self) -> bool:
        return self._offers_again_at is not None and self.timer() >= self._offers_again_at

    def _go_on_after(self, error: Exception, backoff: Backoff) -> None:
        """The exchange moved something, and was broken off: that is no trouble, unless somebody has
        to do something about it.
        """
        if isinstance(error, Unreachable) and not isinstance(error, Untrusted):
            backoff.failed(error.retry_after)
        else:
            self._failed(error, backoff)

    def _failed(self, error: Exception, backoff: Backoff) -> None:
        if isinstance(error, Unreachable):
            backoff.failed(error.retry_after)
        else:
            backoff.needs_somebody()
        if not self._is_over:
            self.troubled(error)

    @contextmanager
    def _going_on(self, backoff: Backoff) -> Iterator[None]:
        """Whatever happens, say so and try again later."""
        try:
            yield
        except _Closed:
            raise
        except Exception as error:  # it must not stop for ever because a disk was full for a moment
            self._failed(error, backoff)


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

    def damaged_pages(self) -> list[str] | None:
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
