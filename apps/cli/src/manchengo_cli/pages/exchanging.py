"""What an exchange brought, and where this database stands with its server."""

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING, Any

from manchengo.application.replication.rechosen import Rechosen, is_unfinished
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.exit_codes import ENVIRONMENT
from manchengo_cli.output import Part, answer, paired, say, write_json_line, write_page
from manchengo_cli.own_sentences import SENTENCES
from manchengo_cli.pages import clocks
from manchengo_cli.pages.divergences import divergence_shape
from manchengo_cli.progress import Step, bar
from manchengo_cli.session import Session
from manchengo_presenters import command_view, rechosen_lots
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_workplace import exchange_failures, exchange_notes, server
from manchengo_workplace.failed_exchange import FailedExchange
from manchengo_workplace.server import ExchangeState
from manchengo_workplace.workplace import Workplace

if TYPE_CHECKING:
    from manchengo_workplace.server import Age, Exchanged, Progress

WITHHELD = {
    **exchange_notes.WITHHELD,
    "forked": N_(
        "The server knows another database under the name of this device: restore a backup of "
        "this one with “manchengo restore”, which makes it a device of its own."
    ),
    "refused": N_(
        "The server does not believe a commit of this device: its seal is not right. "
        "“manchengo verify” says where it was changed."
    ),
    "quota": N_(
        "The server takes nothing more from this device today: it sent more than a device may in "
        "one day. What was recorded stays here and goes by itself tomorrow. If it cannot wait, an "
        "administrator lifts the limit with “manchengo devices lift-quota”, on another device."
    ),
}
"""Why something stays here, exchange after exchange, with the command to type."""


PROGRAMS = {
    "older": N_(
        "This program is older than the server's: bring it up to date. Meanwhile what newer ones "
        "recorded is kept as it came, and what that is about cannot be changed on this device."
    ),
    "newer": N_(
        "The server's program is older than this one: what it cannot read yet waits there, and "
        "nothing is lost. Bring the server up to date."
    ),
    "apart": N_(
        "This program and the server's each know something that the other does not: bring both up "
        "to date. Meanwhile what cannot be read is kept as it came."
    ),
}
"""By ``Age``, how this program stands beside the server's; where it is the same, nothing."""


# ------------------------------------------------------------------------------- exchanging


def once(session: Session) -> int:
    """Exchange until all is said; exit code 3 when something must stay here."""
    with opened(session, by_anyone=True) as workplace:
        done = exchange_with_bar(session, workplace)
        answer_exchanged(session, workplace, done)
    return outcome(done)


def answer_exchanged(session: Session, workplace: Workplace, done: "Exchanged") -> None:
    """Answer what an exchange did."""
    with workplace.dairy.reading() as snapshot:
        answer(
            session,
            shape=lambda: exchanged_shape(snapshot, done),
            page=lambda: exchanged_page(snapshot, done),
        )


def outcome(done: "Exchanged") -> int:
    """The exit code."""
    is_too_old = done.too_old or done.server_too_old
    return ENVIRONMENT if is_too_old or done.withheld or done.broken_off else 0


def exchange_with_bar(session: Session, workplace: Workplace) -> "Exchanged":
    """Exchange with the server behind a progress bar. Raises ``Failure``."""
    with bar(session, _("Exchanging")) as step:
        return server.exchange(workplace, steps(workplace, step))


def steps(workplace: Workplace, step: Step) -> "Progress":
    """Told what was sent and received, and where the server's log ends: how far along it is."""
    with workplace.dairy.reading() as snapshot:
        began, pending = snapshot.cursor(), snapshot.count_pending()

    def progress(sent: int, received: int, head: int) -> None:
        whole = pending + max(0, head - began)
        step(min(sent + received, whole), whole)

    return progress


def exchanged_shape(snapshot: Snapshot, done: "Exchanged") -> dict[str, Any]:
    """What an exchange did, as JSON."""
    return {
        "sent": done.sent,
        "received": done.applied.received,
        "accepted": done.applied.accepted,
        "reallocated": done.applied.reallocated,
        "rejected": done.applied.rejected,
        "parked": done.applied.parked,
        "conflicts_opened": done.applied.items_opened,
        "open_conflicts": server.open_items(snapshot),
        "chosen_again": [
            rechosen_lots.shape(snapshot, order) for order in _chosen_again(snapshot, done)
        ],
        "pending": done.pending,
        "head": done.head,
        "withheld": [
            {"commit": str(each.commit_id), "code": str(each.code)} for each in done.withheld
        ],
        "too_old": done.too_old,
        "server_too_old": done.server_too_old,
        "log_reset": done.log_reset,
        "log_reset_unannounced": done.is_unannounced,
        "log_disowned": done.disowned,
        "two_histories": [divergence_shape(each) for each in done.applied.divergences],
        "server_key": done.server_key or None,
        "new_device": str(done.device_id) if done.device_id else None,
        "program": done.program.value,
        "clock_ahead": int(done.clock_ahead.total_seconds()),
        "broken_off": type(done.broken_off).__name__ if done.broken_off else None,
    }


def _chosen_again(snapshot: Snapshot, done: "Exchanged") -> list[Rechosen]:
    """The orders that were given other lots, and whose people have not taken them yet."""
    return [order for order in done.applied.rechosen if is_unfinished(snapshot, order)]


def exchanged_page(snapshot: Snapshot, done: "Exchanged") -> Iterable[Part]:
    """One line that says it all; then what a person ought to know or do."""
    waiting = server.open_items(snapshot)
    yield _("Sent: {sent}. Received: {received}. Refused: {refused}.").format(
        sent=number(done.sent),
        received=number(done.applied.received),
        refused=number(done.applied.rejected + done.applied.parked),
    )
    if waiting and done.applied.items_opened:
        yield ngettext(
            "{count} conflict waits for a decision: manchengo conflicts",
            "{count} conflicts wait for a decision: manchengo conflicts",
            waiting,
        ).format(count=number(waiting))
    for order in _chosen_again(snapshot, done):
        yield rechosen_lots.sentence(snapshot, order)
    yield from exchange_notes.notes(done, WITHHELD)
    if done.pending:
        yield ngettext(
            "{count} commit still waits here.", "{count} commits still wait here.", done.pending
        ).format(count=number(done.pending))
    if done.broken_off is not None:
        yield broken_off(done.broken_off)
    yield from program_lines(done.program)
    yield from clocks.own_clock_lines(done.clock_ahead)


def broken_off(error: Exception) -> str:
    """Why not all was said."""
    if exchange_failures.is_line_lost(error):
        return _(
            "The line broke off before all was said. What came through stays, and the next "
            "exchange goes on from there: “manchengo sync”."
        )
    return exchange_failures.exchange_failure(error, "").worded(SENTENCES)


def program_lines(program: "Age") -> Iterable[str]:
    """What to do about a program of another age than the server's."""
    if program.value in PROGRAMS:
        yield _(PROGRAMS[program.value])


# --------------------------------------------------------------------------------- watching


class Watching:
    """Says each exchange that brought something, and once when the server comes and goes."""

    def __init__(self, session: Session, workplace: Workplace, server: str) -> None:
        self._session = session
        self._workplace = workplace
        self._server = server
        self._trouble = ""
        self._program: Age | None = None

    def begun(self, program: "Age") -> None:
        """What was known of the server's program before it was asked."""
        self._program = program
        watched = _("Watching {server}. Ctrl-C ends it.").format(server=self._server)
        write_page([watched, *program_lines(program)], sys.stdout)
        sys.stdout.flush()

    def on_exchange(self, done: "Exchanged") -> None:
        """Print an exchange that brought or sent something."""
        self._back()
        if not done.is_worth_reporting:
            return
        with self._workplace.dairy.reading() as snapshot:
            if self._session.json:
                shape = exchanged_shape(snapshot, done)
                write_json_line(shape, sys.stdout)
            else:
                self._say(*self._news(snapshot, done))

    def on_error(self, error: Exception) -> None:
        """Print why exchanges fail: once, until they succeed or fail otherwise."""
        name = type(error).__name__
        if name == self._trouble:
            return
        self._trouble = name
        failure = exchange_failures.exchange_failure(error, self._server)
        sentence = failure.worded(SENTENCES)
        if self._session.json:
            shape = {"error": failure.name, "facts": failure.facts, "message": sentence}
            write_json_line(shape, sys.stderr, otherwise=str)
        else:
            say(sentence)

    def _news(self, snapshot: Snapshot, done: "Exchanged") -> Iterable[Part]:
        """What was said of the programs is not said again until it changes."""
        before, self._program = self._program, done.program
        known = set(program_lines(done.program)) if before is done.program else set()
        return [part for part in exchanged_page(snapshot, done) if part not in known]

    def _back(self) -> None:
        if self._trouble and not self._session.json:
            self._say(_("The server answers again."))
        self._trouble = ""

    def _say(self, *parts: Part) -> None:
        at = f"{datetime.now().astimezone():%H:%M:%S}"
        first, *others = parts
        write_page([f"{at}  {first}", *others], sys.stdout)
        sys.stdout.flush()


def watch(session: Session) -> None:
    """Until Ctrl-C: what is recorded here leaves at once, what is recorded elsewhere comes in."""
    stop = Event()
    with opened(session, by_anyone=True) as workplace:
        watching = Watching(session, workplace, server.server_of(workplace.store))
        if not session.json:
            with server.linked(workplace):
                pass  # joined, or told that it is not, before anything else is said
            with workplace.dairy.reading() as snapshot:
                watching.begun(ExchangeState.of(snapshot).program)
        with ended_by_signals(stop):
            server.watch(
                workplace, on_exchange=watching.on_exchange, on_error=watching.on_error, stop=stop
            )
        if not session.json:
            write_page([_("Ended. What is recorded from now on waits here.")], sys.stdout)


@contextmanager
def ended_by_signals(stop: Event) -> Iterator[None]:
    """Ctrl-C and a friendly kill set ``stop`` in this block."""
    if current_thread() is not main_thread():  # only there may signals be caught
        yield
        return
    before = {
        each: signal.signal(each, lambda _number, _frame: stop.set())
        for each in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


# ------------------------------------------------------------------------------ where it stands


def show_exchange_state(session: Session) -> None:
    """Answer what waits to be sent, what was received, and when."""
    with opened(session, by_anyone=True) as workplace, workplace.dairy.reading() as snapshot:
        state = ExchangeState.of(snapshot)
        answer(
            session,
            shape=lambda: exchange_state_shape(snapshot, state),
            page=lambda: [
                paired(exchange_state_lines(snapshot, state)),
                *program_lines(state.program),
                *clock_lines(snapshot, state),
            ],
        )


def exchange_state_shape(snapshot: Snapshot, state: ExchangeState) -> dict[str, Any]:
    """Also part of ``stats``."""
    at = state.last_exchange
    return {
        "server": state.server or None,
        "plant": state.plant or None,
        "mark": state.mark or None,
        "pending": state.pending,
        "log_head": state.cursor,
        "log_epoch": state.epoch or None,
        "last_exchange": at.isoformat() if at else None,
        "failed": state.failed
        and {
            "at": state.failed.at.isoformat(),
            "error": state.failed.failure.name,
            "message": state.failed.failure.worded(SENTENCES),
        },
        "open_conflicts": state.open_items,
        "parked": state.parked,
        "program": state.program.value if state.server else None,
        "fast_clocks": [command_view.device(snapshot, each) for each in state.fast_clocks],
        "slow_clocks": [command_view.device(snapshot, each) for each in state.slow_clocks],
        "clock_ahead": int(state.clock_ahead.total_seconds()),
    }


def exchange_state_lines(snapshot: Snapshot, state: ExchangeState) -> dict[str, str]:
    """The state of the exchange as titles and values."""
    at = state.last_exchange
    on_exchange = {
        _("Server"): state.server or _("none: manchengo sync --join"),
        _("Plant"): state.plant,
        _("Mark of this device"): state.mark,
        _("To send"): number(state.pending),
        _("Received up to"): number(state.cursor),
        _("Log"): state.epoch,
        _("Last exchange"): _moment(at) if at else _("never"),
        _("Failing since"): _failed(state.failed) if state.failed else "",
        _("Open conflicts"): number(state.open_items),
        _("Not readable yet"): number(state.parked) if state.parked else "",
        _("Clocks far ahead"): ", ".join(
            command_view.known_device(snapshot, each) for each in state.fast_clocks
        ),
        _("Clocks far behind"): ", ".join(
            command_view.known_device(snapshot, each) for each in state.slow_clocks
        ),
    }
    return {title: value for title, value in on_exchange.items() if value}


def _moment(at: datetime) -> str:
    return f"{day(at.astimezone())} {at.astimezone():%H:%M}"


def _failed(failed: FailedExchange) -> str:
    return f"{_moment(failed.at)} – {failed.failure.worded(SENTENCES)}"


def clock_lines(snapshot: Snapshot, state: ExchangeState) -> Iterable[str]:
    """This one's, then others'."""
    yield from clocks.own_clock_lines(state.clock_ahead)
    yield from clocks.other_clocks_lines(snapshot, state)
