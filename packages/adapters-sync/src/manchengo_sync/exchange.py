"""One round trip: offer what is pending, take in what is new; and again until all is said.

A commit leaves the queue only when it is seen in the log. Whatever stops a push, what is new is
taken in all the same, and what stands behind the commit that stopped it finds its way.
"""

from collections.abc import Callable

from attrs import define, evolve, field, frozen

from manchengo.application.books import Memo
from manchengo.application.replication.device import AnotherLog
from manchengo.application.replication.plant import Fault, Stopped
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Store
from manchengo_sync import wire
from manchengo_sync.ahead import push_ahead
from manchengo_sync.link import Link, LogReset, TooLarge, TooOld
from manchengo_sync.naming import introduce, take_another_name, take_by_whatever_name
from manchengo_sync.offering import Page, next_page, standing
from manchengo_sync.programs import note_server
from manchengo_sync.rejoining import note_server_key, rejoin
from manchengo_sync.taking import Taken, begin
from manchengo_sync.wire import Age

MOST_NAMES = 3
"""How many names a device takes in one exchange before it believes that the server is at fault."""

TOO_LARGE = "too_large"


@frozen(kw_only=True)
class Withheld:
    """A commit that the server did not take, and for now neither what its author wrote after it.

    ``code``: one of ``Fault``, or ``TOO_LARGE``.
    """

    commit_id: CommitId
    code: str


@define(kw_only=True)
class Exchanged:
    """What came of an exchange.

    ``sent``: commits that the server has in its log now. ``taken``: what was new here. ``head``:
    where the server's log ends; ``more``: entries of it are still to be fetched; ``pending``: how
    many commits wait here. ``too_old``: the server takes no commits from this program any more.
    ``log_reset``: the server's log was another one, and what it lacks is offered again.
    ``device_id``: the new id, where this device had a twin. ``program``: how this program stands
    beside the server's.
    """

    sent: int = 0
    taken: Taken = field(factory=Taken)
    withheld: list[Withheld] = field(factory=list)
    head: int = 0
    more: bool = False
    pending: int = 0
    too_old: bool = False
    log_reset: bool = False
    device_id: DeviceId | None = None
    program: Age = Age.SAME

    @property
    def is_over(self) -> bool:
        """Nothing is left to say, or nothing came of saying it."""
        moved = self.taken.received or self.log_reset or self.device_id is not None
        return not moved or not (self.more or self.pending)

    @property
    def is_worth_telling(self) -> bool:
        """Whether anything came of it, or ought to have."""
        is_new = self.device_id is not None
        return bool(self.sent or self.taken.received or self.withheld or self.log_reset or is_new)

    def then(self, later: "Exchanged") -> "Exchanged":
        """Both, as one."""
        return evolve(
            later,
            sent=self.sent + later.sent,
            taken=self.taken.then(later.taken),
            log_reset=self.log_reset or later.log_reset,
            device_id=later.device_id or self.device_id,
        )


Progress = Callable[[int, int, int], object]
"""Told how many commits were sent and entries received so far, and where the server's log ends."""


def exchange(
    store: Store,
    link: Link,
    *,
    clock: Clock,
    ids: Ids,
    memo: Memo,
    user_id: UserId,
    wait: float = 0.0,
    limit: int = wire.MOST_COMMITS,
    offering: bool = True,
) -> Exchanged:
    """One round trip, and one more for whatever stopped it and could be put right.

    ``wait``: seconds for which the server may hold its answer back while nothing is new and nothing
    is offered. ``limit``: how many entries it answers with at most. ``offering``: False only to
    listen. ``user_id``: whose doing it is, in the record of accesses.

    Raises ``LinkError`` when it was not answered; what was taken in before stays. ``NotJoined``
    when this database has no name or no key.
    """
    talk = _Talk(store, link, clock, ids, memo, user_id, limit=limit)
    while not talk.turn(wait, offering=offering):
        pass
    with store.reading() as snapshot:
        talk.result.pending = snapshot.count_pending()
    return talk.result


def sync(
    store: Store,
    link: Link,
    *,
    clock: Clock,
    ids: Ids,
    memo: Memo,
    user_id: UserId,
    limit: int = wire.MOST_COMMITS,
    progress: Progress = lambda _sent, _received, _head: None,
) -> Exchanged:
    """Exchange until nothing is pending and nothing is new, or nothing comes of it any more."""
    result = Exchanged(sent=push_ahead(store, link, memo=memo))
    offering = not result.sent
    while True:
        turn = exchange(
            store,
            link,
            clock=clock,
            ids=ids,
            memo=memo,
            user_id=user_id,
            limit=limit,
            offering=offering,
        )
        result = result.then(turn)
        progress(result.sent, result.taken.received, result.head)
        if offering and turn.is_over:
            return result
        # What was sent ahead is seen in the log before anything is offered twice.
        offering = offering or not turn.more


@define
class _Talk:
    store: Store
    link: Link
    clock: Clock
    ids: Ids
    memo: Memo
    user_id: UserId
    limit: int
    result: Exchanged = field(factory=Exchanged)
    _without: set[DeviceId] = field(factory=set)
    _names: int = 0
    _rejoined: bool = False

    def turn(self, wait: float, *, offering: bool) -> bool:
        """Offer, be answered, take in. Whether that is all for now."""
        introduce(self.store, self.link)
        self.link.let_in(standing(self.store).device_id)
        if offering:
            page = next_page(self.store, memo=self.memo, without=self._without)
        else:
            page = standing(self.store)
        try:
            answer = self._ask(page, wait)
        except LogReset as reset:
            if self._rejoined:
                raise
            note_server_key(self.store, reset.server_key)
            return self._rejoin(reset.log_epoch, reset.keep)
        except TooLarge:
            if not page.commits:
                raise
            self._withhold(page.commits[0].commit, TOO_LARGE)
            return False
        try:
            self._take(page, answer)
        except AnotherLog:
            return self._rejoin(answer.log_epoch)
        stopped = answer.push_error
        return stopped is None or not self._put_right(page, answer, stopped)

    def _ask(self, page: Page, wait: float) -> wire.PushResponse:
        """Offer less, or nothing, rather than not to be told what is new."""
        while True:
            try:
                return self.link.push(page.request(limit=self.limit, wait=wait))
            except TooOld:
                if not page.commits:
                    raise
                self.result.too_old = True
                page = evolve(page, commits=())
            except TooLarge:
                if len(page.commits) <= 1:
                    raise
                page = page.halved()

    def _rejoin(self, epoch: str, keep: int = 0) -> bool:
        """Find out where the server's log is another one. Whether that was done before: it changes
        while we look, and the next exchange will see.
        """
        if self._rejoined:
            return True
        self._rejoined = True
        self.result.log_reset = rejoin(
            self.store, self.link, epoch=epoch, keep=keep, memo=self.memo
        )
        return False

    def _take(self, page: Page, answer: wire.PushResponse) -> None:
        self.result.sent += len(answer.synced)
        self.result.head, self.result.more = answer.head, answer.more
        self.result.program = note_server(self.store, answer.schema_max)
        if not page.epoch or not page.cursor:
            begin(self.store, answer.log_epoch)
        name = take_by_whatever_name(
            self.store,
            answer.new,
            epoch=answer.log_epoch,
            clock=self.clock,
            ids=self.ids,
            memo=self.memo,
            user_id=self.user_id,
            taken=self.result.taken,
        )
        if name != page.device_id:
            self.result.device_id = name

    def _put_right(self, page: Page, answer: wire.PushResponse, stopped: Stopped) -> bool:
        """Do what can be done about it. Whether another turn is worth while."""
        commit = next(
            (each.commit for each in page.commits if each.commit.id == stopped.commit_id), None
        )
        if commit is None:  # it is the answer to another question
            return False
        is_own = commit.device_id == page.device_id
        if is_own and stopped.code is Fault.FORKED and self._names < MOST_NAMES:
            self._take_another_name(page.device_id)
            return True
        with self.store.reading() as snapshot:
            now = snapshot.commit(commit.id)
            is_in_log = snapshot.entry(commit.id) is not None
            in_log = snapshot.tip_in_log(commit.device_id).sequence
        if is_in_log or now is None or now.hash != commit.hash:
            return True  # it is there by now, or goes under another seal: what came in said so
        if stopped.code is Fault.GAP and stopped.expect <= in_log and not self._rejoined:
            return not self._rejoin(answer.log_epoch)
        if answer.more:  # what it was refused for may be among those
            return False
        self._withhold(commit, stopped.code)
        return True

    def _take_another_name(self, former: DeviceId) -> None:
        self._names += 1
        self.result.device_id = take_another_name(
            self.store,
            former,
            clock=self.clock,
            ids=self.ids,
            memo=self.memo,
            user_id=self.user_id,
        )

    def _withhold(self, commit: Commit, code: str) -> None:
        """What the same device wrote after it cannot go before it; the others' commits can."""
        self.result.withheld.append(Withheld(commit_id=commit.id, code=code))
        self._without.add(commit.device_id)
