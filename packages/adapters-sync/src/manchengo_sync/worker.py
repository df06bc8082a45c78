"""Exchanges in the background until it is stopped.

Two threads, so that neither waits for the other: one listens (the server holds its answer back
until there are new entries), one polls the queue and pushes at once what is recorded here. Work at
the device never waits for either.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from attrs import define, field

from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import UserId
from manchengo.ports import audit_chain
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Snapshot, Store
from manchengo_sync.audit_sending import has_unsent
from manchengo_sync.backoff import SLOW, Backoff
from manchengo_sync.exchange import exchange, sync
from manchengo_sync.gate import Gate, GateClosed
from manchengo_sync.link import Link, Unreachable, Untrusted
from manchengo_sync.outcome import Exchanged
from manchengo_sync.page_size import PageSize
from manchengo_sync.patience import Patience

QUEUE_POLL_SECONDS = 0.3
"""Seconds between two readings of the queue."""

SERVER_POLL_SECONDS = 1.0
"""Seconds between two requests, where the server does not hold its answers back."""

_CHANCE = random.Random()
"""Its own: a thread that waits takes nothing from the chance that a program has seeded."""

LISTENER = "manchengo listener"

Position = tuple[int, int, int]
"""Where commits, log and audit end."""

OnExchange = Callable[[Exchanged], object]
OnError = Callable[[Exception], object]


@define(kw_only=True)
class Worker:
    """Two threads call ``link`` at once. ``on_exchange``: called after each exchange that changed
    something, and after the first that succeeds again. ``on_error``: called with each error; the
    worker then goes on. Both are called from either thread, one at a time; what they raise ends the
    worker. ``gate``: closed when the worker ends. ``pause``: waits on the event for so many seconds
    and returns whether it was set.
    """

    store: Store
    link: Link
    clock: Clock
    ids: Ids
    user_id: UserId
    on_exchange: OnExchange = lambda _: None
    on_error: OnError = lambda _: None
    gate: Gate = field(factory=Gate)
    timer: Callable[[], float] = time.monotonic
    pause: Callable[[Event, float], bool] = Event.wait
    chance: Callable[[], float] = _CHANCE.random
    _push_backoff: Backoff = field(init=False)
    _listen_backoff: Backoff = field(init=False)
    _withheld_backoff: Backoff = field(init=False)
    _patience: Patience = field(init=False)
    _next_offer_at: float | None = field(default=None, init=False)
    _state_cache: StateCache = field(factory=StateCache, init=False)
    _offered_position: Position | None = field(default=None, init=False)
    _ended_by: BaseException | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self._push_backoff = Backoff(self.timer, self.chance)
        self._listen_backoff = Backoff(self.timer, self.chance)
        self._withheld_backoff = Backoff(self.timer, self.chance, most=SLOW)
        self._patience = Patience(self.timer)

    def run(self, stop: Event) -> None:
        """Runs until ``stop`` is set. Afterwards nothing touches the store and no callback is
        called: an answer that comes later is dropped. Raises what a callback raised.
        """
        listener = Thread(target=self._listen, args=(stop,), name=LISTENER, daemon=True)
        try:
            while not stop.is_set():
                self.look()
                is_tried = self._offered_position is not None or self._push_backoff.failures
                if is_tried and listener.ident is None:
                    listener.start()  # not earlier: it would receive the same entries
                self.pause(stop, QUEUE_POLL_SECONDS)
                if self._ended_by is not None:
                    raise self._ended_by
        finally:
            self.gate.close()

    def look(self) -> None:
        """Pushes what was recorded here since the last call; the first call also pulls all new
        entries.
        """
        if self._push_backoff.left:
            return
        with self._reporting_errors(self._push_backoff):
            if not (
                self._offered_position is None
                or self._has_something_new()
                or self._is_time_to_offer_again()
            ):
                return
            seen = (
                self._log_position()
            )  # read before the exchange: what comes meanwhile is new at the next call
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
                self._offered_position = seen
                self._offer_again_later(done)
            else:
                self._after_broken_off(done.broken_off, self._push_backoff)

    def _offer_again_later(self, done: Exchanged) -> None:
        """Plans to offer again what the server refused: it may accept it later."""
        if done.withheld or done.too_old:
            self._withheld_backoff.failed()
            self._next_offer_at = self._withheld_backoff.until
        else:
            self._withheld_backoff.worked()
            self._next_offer_at = None

    def listen(self, store: Store, state_cache: StateCache) -> None:
        """Pulls once, letting the server hold its answer back."""
        asked_at, waited = self.timer(), self._patience.wait
        size = PageSize.of(store)
        with self._reporting_errors(self._listen_backoff):
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
                    return  # retried at once
                else:
                    size.lost()
                raise
            self._patience.answered()
            self._succeeded(done)
            if done.broken_off is not None:
                self._after_broken_off(done.broken_off, self._listen_backoff)
            elif done.applied.received:
                size.passed()
            else:
                self._listen_backoff.rest(max(0.0, asked_at + SERVER_POLL_SECONDS - self.timer()))

    def _listen(self, stop: Event) -> None:
        store, state_cache = self.gate.before(self.store), StateCache()
        try:
            while not stop.is_set():
                if self._listen_backoff.left:
                    self.pause(stop, min(QUEUE_POLL_SECONDS, self._listen_backoff.left))
                else:
                    self.listen(store, state_cache)
        except GateClosed:
            return
        except BaseException as error:
            self._ended_by = error

    def _has_something_new(self) -> bool:
        """Whether commits are pending and something changed since they were last offered."""
        with self.store.reading() as snapshot:
            position = _position(snapshot)
            if position == self._offered_position:
                return False
            if next(snapshot.pending(limit=1), None) is not None or has_unsent(snapshot):
                return True
        self._offered_position = position
        return False

    def _log_position(self) -> Position:
        with self.store.reading() as snapshot:
            return _position(snapshot)

    def _succeeded(self, done: Exchanged) -> None:
        """Ends all waiting, since the server answers, and reports the exchange."""
        had_failed = [each for each in (self._push_backoff, self._listen_backoff) if each.failures]
        for backoff in had_failed:
            backoff.worked()
        if had_failed or done.is_worth_reporting:
            with self.gate.passed():
                self.on_exchange(done)

    def _is_time_to_offer_again(self) -> bool:
        return self._next_offer_at is not None and self.timer() >= self._next_offer_at

    def _after_broken_off(self, error: Exception, backoff: Backoff) -> None:
        """After an exchange that succeeded in part: reports the error only where a person has to
        act.
        """
        if isinstance(error, Unreachable) and not isinstance(error, Untrusted):
            backoff.failed(error.retry_after)
        else:
            self._failed(error, backoff)

    def _failed(self, error: Exception, backoff: Backoff) -> None:
        if isinstance(error, Unreachable):
            backoff.failed(error.retry_after)
        else:
            backoff.needs_a_person()
        with self.gate.passed():
            self.on_error(error)

    @contextmanager
    def _reporting_errors(self, backoff: Backoff) -> Iterator[None]:
        """Reports any error and retries later."""
        try:
            yield
        except GateClosed:
            raise
        except Exception as error:  # a disk that was full for a moment must not end the worker
            self._failed(error, backoff)


def _position(snapshot: Snapshot) -> Position:
    audited = audit_chain.head(snapshot, audit_chain.TIP).sequence
    return snapshot.head(), snapshot.cursor(), audited
