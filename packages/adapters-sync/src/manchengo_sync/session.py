"""One exchange with the server, and what to do when a push is stopped: a new device id, a smaller
page.

When a push is stopped, the new entries are applied all the same, and the commits of other devices
behind the one that stopped it are offered too.
"""

from typing import NoReturn

from attrs import define, evolve, field

from manchengo.application.replication.device_log import AnotherLog
from manchengo.application.replication.server_log import Fault, Stopped
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import Commit
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Store
from manchengo_sync import wire
from manchengo_sync.apply_entries import begin
from manchengo_sync.bundle_keys import receive_unsigned_key
from manchengo_sync.clocks import ahead_of, note_clock
from manchengo_sync.device_identity import apply_resolving_forks, change_device_id, introduce
from manchengo_sync.heard_devices import note_heard_devices
from manchengo_sync.link import Link, LogReset, Recovering, TooLarge, TooOld, UntrustedWord
from manchengo_sync.log_reset import note_disowned, note_reset, rejoin
from manchengo_sync.outcome import TOO_LARGE, Exchanged, Withheld
from manchengo_sync.outgoing import Page, empty_page, next_page
from manchengo_sync.programs import note_server
from manchengo_sync.returned_tail import return_tail
from manchengo_sync.server_word import CheckedLink, check_own_log

MAX_ID_CHANGES = 3
"""How often a device changes its id in one exchange. Beyond that the server is at fault."""


@define
class ExchangeSession:
    """``limit``: how many commits are offered and entries asked for at once, at most."""

    store: Store
    link: Link
    clock: Clock
    ids: Ids
    state_cache: StateCache
    user_id: UserId
    limit: int
    result: Exchanged = field(factory=Exchanged)
    _withheld_devices: set[DeviceId] = field(factory=set)
    _id_changes: int = 0
    _rejoined: bool = False
    _is_too_short: bool = False

    def __attrs_post_init__(self) -> None:
        self.link = CheckedLink.around(self.store, self.link, self.clock)

    def round_trip(self, wait: float, *, offering: bool) -> bool:
        """Pushes a page and applies the answer. Returns whether that is all for now."""
        try:
            introduce(self.store, self.link)
        except Recovering as recovering:
            self._hand_back(recovering)
        if offering:
            page = next_page(
                self.store,
                state_cache=self.state_cache,
                without=self._withheld_devices,
                most=self.limit,
            )
        else:
            page = empty_page(self.store)
        asked_at = self.clock.now()
        try:
            answer = self._push(page, wait)
        except LogReset as reset:
            if self._rejoined:
                raise
            receive_unsigned_key(self.store, reset.server_key)
            note_reset(self.store, reset)
            return self._rejoin(page, reset.log_epoch, reset.keep)
        except Recovering as recovering:
            if recovering.word is None:  # the next exchange shows by what it was let in
                raise
            self._hand_back(recovering)
        except TooLarge:
            if not page.commits:
                raise
            self._withhold(page.commits[0].commit, TOO_LARGE)
            return False
        answered_at = self.clock.now()
        off = ahead_of(answer.server_time, asked_at=asked_at, answered_at=answered_at)
        self.result.clock_ahead = note_clock(self.store, off)
        try:
            self._apply_answer(page, answer)
        except AnotherLog as another:
            if answer.word is not None and answer.log_epoch == page.epoch:
                raise UntrustedWord(code="two_histories", entry=another.global_seq) from another
            return self._rejoin(page, answer.log_epoch)
        if self._is_too_short:
            self._is_too_short = False
            return False
        stopped = answer.push_error
        return stopped is None or not self._recover_from_stop(page, answer, stopped)

    def _hand_back(self, recovering: Recovering) -> NoReturn:
        """Hands back what the server lacks of its own log, and says how much that was."""
        returned = return_tail(self.store, self.link, recovering)
        raise evolve(recovering, returned=returned) from recovering

    def _push(self, page: Page, wait: float) -> wire.PushResponse:
        """Pushes less, or nothing, where the server refuses the page: the new entries must come."""
        is_refused = False
        while True:
            try:
                answer = self.link.push(page.request(limit=self.limit, wait=wait))
            except TooOld:
                if not page.commits:
                    raise
                is_refused = True
                page = evolve(page, commits=())
            except TooLarge:
                if len(page.commits) <= 1:
                    raise
                page = page.halved()
            else:
                if is_refused:
                    self._note_who_is_too_old(answer)
                return answer

    def _note_who_is_too_old(self, answer: wire.PushResponse) -> None:
        """The server takes no commits of this protocol, and says which one it speaks."""
        self.result.server_too_old = answer.protocol < wire.PROTOCOL
        self.result.too_old = not self.result.server_too_old

    def _rejoin(self, page: Page, epoch: str, keep: int = 0) -> bool:
        """Finds the last entry that both logs share and starts over from it. Returns True, doing
        nothing, the second time: the next exchange will see what changed meanwhile.
        """
        if self._rejoined:
            return True
        self._rejoined = True
        parted = rejoin(self.store, self.link, epoch=epoch, keep=keep, state_cache=self.state_cache)
        note_disowned(self.store, parted, epoch=epoch, at=self.clock.now(), user_id=self.user_id)
        self.result.log_reset, self.result.disowned = parted.is_undone, parted.disowned
        self.result.is_unannounced = self.result.log_reset and epoch == page.epoch
        return False

    def _apply_answer(self, page: Page, answer: wire.PushResponse) -> None:
        self.result.head, self.result.more = answer.head, answer.more
        if answer.word is not None:
            with self.store.reading() as snapshot:
                check_own_log(snapshot, answer.word)
        self.result.program = note_server(self.store, answer.schema_max)
        if not page.epoch or not page.cursor:
            begin(self.store, answer.log_epoch)
        name = self._apply(answer, more=answer.more)
        note_heard_devices(self.store, answer)
        if name != page.device_id:
            self.result.device_id = name
        if answer.more and answer.new and not self._moved(page):
            self._look_further(answer)

    def _apply(self, answer: wire.PushResponse, *, more: bool) -> DeviceId:
        return apply_resolving_forks(
            self.store,
            answer.new,
            epoch=answer.log_epoch,
            clock=self.clock,
            ids=self.ids,
            state_cache=self.state_cache,
            user_id=self.user_id,
            applied=self.result.applied,
            more=more,
        )

    def _moved(self, page: Page) -> bool:
        with self.store.reading() as snapshot:
            return snapshot.cursor() > page.cursor

    def _look_further(self, answer: wire.PushResponse) -> None:
        """The answer ends before the signature that proves it: ask for a longer one, once."""
        if self.limit < wire.MOST_COMMITS:
            self.limit = wire.MOST_COMMITS
            self._is_too_short = True
        else:
            self._apply(answer, more=False)

    def _recover_from_stop(self, page: Page, answer: wire.PushResponse, stopped: Stopped) -> bool:
        """Does what it can about the stopped push. Returns whether another round trip is of use."""
        commit = next(
            (each.commit for each in page.commits if each.commit.id == stopped.commit_id), None
        )
        if commit is None:  # it answers another request
            return False
        is_own = commit.device_id == page.device_id
        if is_own and stopped.code is Fault.FORKED and self._id_changes < MAX_ID_CHANGES:
            self._change_device_id(page.device_id)
            return True
        with self.store.reading() as snapshot:
            now = snapshot.commit(commit.id)
            is_in_log = snapshot.entry(commit.id) is not None
            in_log = snapshot.tip_in_log(commit.device_id).sequence
        if is_in_log or now is None or now.hash != commit.hash:
            return True  # the new entries have it in the log, or made us seal it again
        if stopped.code is Fault.GAP and stopped.expect <= in_log and not self._rejoined:
            return not self._rejoin(page, answer.log_epoch)
        if answer.more:  # the reason of the refusal may be among those
            return False
        self._withhold(commit, stopped.code)
        return True

    def _change_device_id(self, former: DeviceId) -> None:
        self._id_changes += 1
        self.result.device_id = change_device_id(
            self.store,
            former,
            clock=self.clock,
            ids=self.ids,
            state_cache=self.state_cache,
            user_id=self.user_id,
        )

    def _withhold(self, commit: Commit, code: str) -> None:
        """Withholds the commit and what its device wrote after it. Other commits still go."""
        self.result.withheld.append(Withheld(commit_id=commit.id, code=code))
        self._withheld_devices.add(commit.device_id)
