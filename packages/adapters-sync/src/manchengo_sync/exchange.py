"""One round trip pushes pending commits and applies new entries; ``sync`` repeats it to the end.

A commit leaves the queue only when it is seen in the log. Each answer is stored before the next
request is sent, so that an interrupted exchange continues where it stopped.
"""

from collections.abc import Callable
from contextlib import suppress

from attrs import define, field

from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import UserId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Store
from manchengo_sync import wire
from manchengo_sync.audit_return import AuditTakenBack, take_audit_back
from manchengo_sync.audit_sending import remove_old, send_audit
from manchengo_sync.device_identity import apply_resolving_forks
from manchengo_sync.link import Link, LinkError, Unreachable, Untrusted
from manchengo_sync.outcome import Exchanged
from manchengo_sync.page_size import PageSize
from manchengo_sync.pipelined_push import MOST_AHEAD, push_ahead
from manchengo_sync.server_word import CheckedLink
from manchengo_sync.session import ExchangeSession
from manchengo_sync.settings import UNCONFIRMED

MOST_FAILURES = 3
"""How many requests in a row may be lost before the exchange is broken off."""

Progress = Callable[[int, int, int], object]
"""Called with the number of commits sent, of entries received, and of the server's last entry."""


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
    """One round trip, and further ones while a stopped push can be recovered.

    ``wait``: seconds for which the server may hold its answer back while nothing is new and nothing
    is offered. ``limit``: how many commits it is offered and how many entries it answers with, at
    most. ``offering``: False pushes nothing. ``user_id``: the user named in the audit.

    Raises ``LinkError`` when there was no answer and nothing was exchanged; after a partial
    exchange the result has it in ``broken_off``. Raises ``NotJoined`` when this database has no
    device id or no key.
    """
    checked = CheckedLink.around(store, link, clock)
    session = ExchangeSession(store, checked, clock, ids, state_cache, user_id, limit=limit)
    try:
        while not session.round_trip(wait, offering=offering):
            pass
    except LinkError as error:
        if not session.result.is_worth_reporting:
            raise
        session.result.broken_off = error
    session.result.server_key = checked.pinned or checked.replaced
    session.result.is_key_replaced = bool(checked.replaced)
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
    """Exchanges until nothing is pending and nothing is new, or a round trip changes nothing.

    Then the audit of this device is sent. Each answer is stored before the next request.
    Where commits were sent and no answer came, the
    log is read before any is sent again. A request that is lost after others were answered is sent
    again, with smaller pages.

    ``most_ahead``: commits in a page that is sent without waiting for the one before. Raises, and
    ``broken_off``, as in ``exchange``.
    """
    size = PageSize.of(store, limit)
    checked = CheckedLink.around(store, link, clock)
    rounds = _Synchronisation(
        store, checked, clock, ids, state_cache, user_id, size, most_ahead, progress
    )
    rounds.begin()
    while not rounds.next():
        pass
    if rounds.result.broken_off is None:
        rounds.send_audit()
    return rounds.result


@define
class _Synchronisation:
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
    _received_at_failure: int = 0
    _received_before_push_ahead: int = -1

    def begin(self) -> None:
        with self.store.reading() as snapshot:
            self._unconfirmed = bool(snapshot.setting(UNCONFIRMED))
        self._offering = not self._unconfirmed

    def send_audit(self) -> None:
        """Sends the audit, and reads the log to its end where a head of it was written there. Of a
        restored database, what the server has of it comes back first.
        """
        taken = AuditTakenBack()
        with suppress(LinkError):  # the next exchange asks again, and nothing is sent before
            taken = take_audit_back(self.store, self.link)
        sent = send_audit(self.store, self.link, clock=self.clock)
        if sent.is_anchored:
            with suppress(LinkError):  # all else is exchanged: the next exchange reads it
                while not self.next():
                    pass
        self.result.audit_parted = sent.is_parted
        self.result.audit_returned = taken.records
        self.result.audit_missing_until = taken.missing_until
        remove_old(self.store, clock=self.clock)

    def next(self) -> bool:
        """One round trip, or many pages sent ahead. Returns whether all is exchanged."""
        try:
            if self._offering and self._may_push_ahead() and self._push_ahead():
                return False
            round_trip = self._exchange()
        except LinkError as error:
            return self._failed(error)
        self.result = self.result.then(round_trip)
        self.progress(self.result.sent, self.result.applied.received, self.result.head)
        if round_trip.broken_off is not None:
            return self._failed(round_trip.broken_off)
        self._succeeded()
        if not round_trip.more:
            self._note_unconfirmed(False)
        if self._offering and round_trip.is_over:
            return True
        # Read the log for what was sent, before offering it a second time.
        self._offering = not (round_trip.more and round_trip.applied.received)
        return self._offering and not (round_trip.pending or round_trip.more)

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

    # ------------------------------------------------------------ pushing ahead

    def _has_more_than_a_page(self) -> bool:
        with self.store.reading() as snapshot:
            return snapshot.count_pending() > self.most_ahead

    def _may_push_ahead(self) -> bool:
        """Not a second time before new entries have come in."""
        is_new = self.result.applied.received != self._received_before_push_ahead
        return is_new and self._has_more_than_a_page()

    def _push_ahead(self) -> bool:
        """Returns whether commits were sent, which the log will then show."""
        self._received_before_push_ahead = self.result.applied.received
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
                self._apply_first_answer(ahead.answer)
            raise ahead.broken_off
        return ahead.sent > 0

    def _apply_first_answer(self, answer: wire.PushResponse) -> None:
        """Applies the first answer at once, since a later one may never come."""
        self._succeeded()
        apply_resolving_forks(
            self.store,
            answer.new,
            epoch=answer.log_epoch,
            clock=self.clock,
            ids=self.ids,
            state_cache=self.state_cache,
            user_id=self.user_id,
            applied=self.result.applied,
            more=True,
        )

    # ------------------------------------------------------------ success and failure

    def _succeeded(self) -> None:
        self._is_answered = True
        self.size.passed()

    def _failed(self, error: LinkError) -> bool:
        """Prepares a retry where the line still works; returns whether the synchronisation ends."""
        received = self.result.applied.received
        self._failures = self._failures + 1 if received == self._received_at_failure else 1
        self._received_at_failure = received
        if isinstance(error, Unreachable) and error.was_sent:
            self._note_unconfirmed(self._unconfirmed or self._offering)
            self.size.lost()
        if self._may_retry(error):
            self._offering = not self._unconfirmed
            return False
        if not self.result.is_worth_reporting:
            raise error
        self.result.broken_off = error
        with self.store.reading() as snapshot:
            self.result.pending = snapshot.count_pending()
        return True

    def _may_retry(self, error: LinkError) -> bool:
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
