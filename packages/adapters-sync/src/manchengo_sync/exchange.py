"""One round trip: offer what is pending, take in what is new; and again until all is said.

A commit leaves the queue only when it is seen in the log. Each answer is stored before the next
question is asked, so that whatever breaks an exchange off, the next one goes on from there.
"""

from collections.abc import Callable

from attrs import define, field

from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import UserId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Store
from manchengo_sync import wire
from manchengo_sync.device_identity import take_by_whatever_name
from manchengo_sync.link import Link, LinkError, Unreachable, Untrusted
from manchengo_sync.outcome import Exchanged
from manchengo_sync.page_size import PageSize
from manchengo_sync.pipelined_push import MOST_AHEAD, push_ahead
from manchengo_sync.session import ExchangeSession
from manchengo_sync.settings import UNCONFIRMED

MOST_FAILURES = 3
"""How many questions may be lost with nothing taken in between: then an exchange is broken off."""

Progress = Callable[[int, int, int], object]
"""Told how many commits were sent and entries received so far, and where the server's log ends."""


def exchange(
    store: Store,
    link: Link,
    *,
    clock: Clock,
    ids: Ids,
    state_cache: StateCache,
    user_id: UserId,
    wait: float = 0.0,
    limit: int = wire.MOST_COMMITS,
    offering: bool = True,
) -> Exchanged:
    """One round trip, and one more for whatever stopped it and could be put right.

    ``wait``: seconds for which the server may hold its answer back while nothing is new and nothing
    is offered. ``limit``: how many commits it is offered and how many entries it answers with, at
    most. ``offering``: False only to listen. ``user_id``: whose doing it is, in the record of
    accesses.

    Raises ``LinkError`` when it was not answered and nothing came of it; where something did, the
    result says what broke it off. ``NotJoined`` when this database has no name or no key.
    """
    session = ExchangeSession(store, link, clock, ids, state_cache, user_id, limit=limit)
    try:
        while not session.turn(wait, offering=offering):
            pass
    except LinkError as error:
        if not session.result.is_worth_telling:
            raise
        session.result.broken_off = error
    with store.reading() as snapshot:
        session.result.pending = snapshot.count_pending()
    return session.result


def sync(
    store: Store,
    link: Link,
    *,
    clock: Clock,
    ids: Ids,
    state_cache: StateCache,
    user_id: UserId,
    limit: int = wire.MOST_COMMITS,
    most_ahead: int = MOST_AHEAD,
    progress: Progress = lambda _sent, _received, _head: None,
) -> Exchanged:
    """Exchange until nothing is pending and nothing is new, or nothing comes of it any more.

    Each answer is stored before the next question, and where commits were sent and no answer came,
    the log is read before any is sent again: whatever breaks it off, the next one goes on from
    there. A question that is lost after others were answered is asked again, with smaller pages.

    ``most_ahead``: commits in a page that is sent without waiting for the one before. Raises, and
    ``broken_off``, as in ``exchange``.
    """
    size = PageSize.of(store, limit)
    rounds = _Rounds(store, link, clock, ids, state_cache, user_id, size, most_ahead, progress)
    rounds.begin()
    while not rounds.next():
        pass
    return rounds.result


@define
class _Rounds:
    store: Store
    link: Link
    clock: Clock
    ids: Ids
    state_cache: StateCache
    user_id: UserId
    size: PageSize
    most_ahead: int
    progress: Progress
    result: Exchanged = field(factory=Exchanged)
    _offering: bool = True
    _unconfirmed: bool = False
    _is_answered: bool = False
    _failures: int = 0
    _received_by_then: int = 0
    _received_when_ahead: int = -1

    def begin(self) -> None:
        with self.store.reading() as snapshot:
            self._unconfirmed = bool(snapshot.setting(UNCONFIRMED))
        self._offering = not self._unconfirmed

    def next(self) -> bool:
        """One question, or many sent ahead. Whether that is all."""
        try:
            if self._offering and self._may_push_ahead() and self._push_ahead():
                return False
            turn = self._exchange()
        except LinkError as error:
            return self._failed(error)
        self.result = self.result.then(turn)
        self.progress(self.result.sent, self.result.taken.received, self.result.head)
        if turn.broken_off is not None:
            return self._failed(turn.broken_off)
        self._answered()
        if not turn.more:
            self._note_unconfirmed(False)
        if self._offering and turn.is_over:
            return True
        # What was sent is seen in the log before anything is offered twice.
        self._offering = not (turn.more and turn.taken.received)
        return self._offering and not (turn.pending or turn.more)

    def _exchange(self) -> Exchanged:
        return exchange(
            self.store,
            self.link,
            clock=self.clock,
            ids=self.ids,
            state_cache=self.state_cache,
            user_id=self.user_id,
            limit=self.size.now,
            offering=self._offering,
        )

    # ------------------------------------------------------------ much to say

    def _has_much_to_say(self) -> bool:
        with self.store.reading() as snapshot:
            return snapshot.count_pending() > self.most_ahead

    def _may_push_ahead(self) -> bool:
        """Not again before anything came of the last time."""
        is_new = self.result.taken.received != self._received_when_ahead
        return is_new and self._has_much_to_say()

    def _push_ahead(self) -> bool:
        """Whether anything was sent, so that there is something to be seen in the log."""
        self._received_when_ahead = self.result.taken.received
        self._note_unconfirmed(True)
        ahead = push_ahead(
            self.store,
            self.link,
            state_cache=self.state_cache,
            most=self.most_ahead,
            page_size=self.size,
        )
        self._offering = not ahead.sent
        if ahead.broken_off is not None:
            if ahead.answer is not None:
                self._take_first(ahead.answer)
            raise ahead.broken_off
        return ahead.sent > 0

    def _take_first(self, answer: wire.PushResponse) -> None:
        """What the answers brought, where it is not sure that more will come."""
        self._answered()
        take_by_whatever_name(
            self.store,
            answer.new,
            epoch=answer.log_epoch,
            clock=self.clock,
            ids=self.ids,
            state_cache=self.state_cache,
            user_id=self.user_id,
            taken=self.result.taken,
            more=True,
        )

    # ------------------------------------------------------------ lost or answered

    def _answered(self) -> None:
        self._is_answered = True
        self.size.passed()

    def _failed(self, error: LinkError) -> bool:
        """Ask again where the line lets something through; else that is all."""
        received = self.result.taken.received
        self._failures = self._failures + 1 if received == self._received_by_then else 1
        self._received_by_then = received
        if isinstance(error, Unreachable) and error.was_sent:
            self._note_unconfirmed(self._unconfirmed or self._offering)
            self.size.lost()
        if self._may_ask_again(error):
            self._offering = not self._unconfirmed
            return False
        if not self.result.is_worth_telling:
            raise error
        self.result.broken_off = error
        with self.store.reading() as snapshot:
            self.result.pending = snapshot.count_pending()
        return True

    def _may_ask_again(self, error: LinkError) -> bool:
        return (
            isinstance(error, Unreachable)
            and not isinstance(error, Untrusted)
            and error.retry_after is None
            and self._is_answered
            and self._failures < MOST_FAILURES
        )

    def _note_unconfirmed(self, value: bool) -> None:
        if value != self._unconfirmed:
            self._unconfirmed = value
            with self.store.writing(durable=False) as transaction:
                transaction.set_setting(UNCONFIRMED, "1" if value else "")
