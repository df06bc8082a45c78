"""The exchange with the server, beside the window: by itself, and when a person asks for it."""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from manchengo.application.completeness import Completeness
from manchengo_desktop.compose import joining
from manchengo_desktop.compose.problems import problems
from manchengo_presenters.screens.exchanges import Entrance, ExchangeDone, Progress, WrongClocks
from manchengo_workplace import exchange_notes, server
from manchengo_workplace.exchange_failures import exchange_failure
from manchengo_workplace.failed_exchange import failed_exchange
from manchengo_workplace.server import ExchangeState
from manchengo_workplace.workplace import Workplace

if TYPE_CHECKING:
    from manchengo_workplace.server import Exchanged

TRIES_AGAIN = 30.0
"""Seconds until it is tried again where the exchange cannot even begin."""


class DeviceExchanges:
    """Implements ``Exchanges``. ``database``: the database that is open; ``at_work``: the same, for
    who has signed in; both raise ``Problem``. The exchange goes on behind a lock: it brings in and
    sends what was recorded, and lets nobody act.
    """

    def __init__(self, database: Callable[[], Workplace], at_work: Callable[[], Workplace]) -> None:
        self._database = database
        self._at_work = at_work
        self._stop = Event()
        self._thread: Thread | None = None
        self._noted: dict[str, None] = {}

    def begin(self) -> None:
        """Exchange from here on by itself, where the database has a server."""
        workplace = self._database()
        if self._thread is None and server.server_of(workplace.store):
            self._stop = Event()
            self._thread = Thread(
                target=self._watch, args=(workplace, self._stop), name="exchange", daemon=True
            )
            self._thread.start()

    def end(self, close: Callable[[], object]) -> None:
        """Stop, and ``close`` the database once nothing is under way in it any more."""
        thread, self._thread = self._thread, None
        self._stop.set()
        if thread is None:
            close()
            return

        def close_afterwards() -> None:
            thread.join()
            close()

        Thread(target=close_afterwards, name="closing", daemon=True).start()

    def _watch(self, workplace: Workplace, stop: Event) -> None:
        while not stop.is_set():
            try:
                server.watch(workplace, on_exchange=self._exchanged, on_error=_ignored, stop=stop)
            except Exception as error:  # whatever it is, work goes on, and a person is told
                with suppress(Exception):  # where it cannot be kept either, the next try says so
                    server.note_failed(workplace, error)
            stop.wait(TRIES_AGAIN)

    def _exchanged(self, done: "Exchanged") -> None:
        self._noted |= dict.fromkeys(exchange_notes.notes(done))

    # ------------------------------------------------------------------------ for a person

    def join(self, entrance: Entrance, progress: Progress) -> ExchangeDone:
        """Bring this dairy to a server."""
        workplace = self._at_work()
        with problems():
            request = joining.request_of(entrance)
            server.join(workplace, request, user_id=workplace.actor.user_id)
        try:
            return self.exchange(progress)
        finally:  # it has a server from here on, also where this exchange was broken off
            self.begin()

    def exchange(self, progress: Progress) -> ExchangeDone:
        """Exchange now."""
        workplace = self._database()
        with problems():
            with workplace.store.reading() as snapshot:
                began, pending = snapshot.cursor(), snapshot.count_pending()

            def step(sent: int, received: int, head: int) -> None:
                whole = pending + max(0, head - began)
                progress(min(sent + received, whole), whole)

            done = server.exchange(workplace, step)
            if done.broken_off is not None:
                server.note_failed(workplace, done.broken_off)
        return _done(done)

    def export(self) -> bytes:
        """What waits here, for the server."""
        with problems():
            return server.request_file(self._at_work())

    def take_answer(self, answer: bytes, name: str) -> ExchangeDone:
        """Take in what the server answered."""
        with problems():
            return _done(server.take_answer(self._at_work(), answer, file=name))

    def heard(self) -> Completeness:
        """Up to when each other device was heard."""
        with problems():
            return self._at_work().dairy.dashboard.exchange()

    def noted(self) -> tuple[str, ...]:
        """What exchanges told beside the window."""
        return tuple(self._noted)

    def trouble(self) -> str:
        """Why the last exchange failed."""
        with problems(), self._database().store.reading() as snapshot:
            failed = failed_exchange(snapshot)
        return failed.failure.sentence if failed else ""

    def wrong_clocks(self) -> WrongClocks:
        """Devices whose clock is wrong."""
        with problems(), self._database().store.reading() as snapshot:
            state = ExchangeState.of(snapshot)
        return WrongClocks(
            fast=frozenset(state.fast_clocks),
            slow=frozenset(state.slow_clocks),
            ahead=state.clock_ahead,
        )


def _ignored(_done: object) -> None:
    """The workplace keeps in the database what failed, and when the server last answered."""


def _done(done: "Exchanged") -> ExchangeDone:
    broken_off = [exchange_failure(done.broken_off, "").sentence] if done.broken_off else []
    return ExchangeDone(
        sent=done.sent,
        received=done.applied.received,
        refused=done.applied.rejected + done.applied.parked,
        pending=done.pending,
        notes=(*exchange_notes.notes(done), *broken_off),
    )
