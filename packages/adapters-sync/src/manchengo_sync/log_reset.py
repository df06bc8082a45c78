"""The server's log differs from some entry on: everything after it goes back to the queue.

The server names the last entry that both logs share, as far as it knows; after several restores it
may be wrong. Logs with the same hash at an entry are the same up to it, so a search finds the last
shared entry in a few requests. Each result is stored, so that an interrupted search continues.
"""

from datetime import datetime

import msgspec
from attrs import evolve, frozen

from manchengo.application.heard_devices import forget
from manchengo.application.replication.resealing import start_over
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import NO_HASH
from manchengo.domain.ids import UserId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.store import Snapshot, Store
from manchengo_sync.apply_entries import forgetting_on_failure
from manchengo_sync.audit_sending import send_again
from manchengo_sync.link import Link, LogReset, Unreachable
from manchengo_sync.outgoing import Page, empty_page
from manchengo_sync.server_word import KeptWords, set_aside_words
from manchengo_sync.settings import LOG_EPOCH, device_id

SEARCH = "server.search"
"""The setting that keeps how far the search for the last common entry came: the server's epoch,
where this device's log ended, the last entry known to be the same and the first known to differ.
"""


@frozen(kw_only=True)
class Parted:
    """What became of this log where the server's is another one. ``is_undone``: entries went back
    into the queue. ``disowned``: how many of them the server had signed as its log, under its
    former epoch: it begins another one without them, and judges them again.
    """

    is_undone: bool
    disowned: int


def rejoin(store: Store, link: Link, *, epoch: str, keep: int, state_cache: StateCache) -> Parted:
    """Keeps the entries that both logs share, puts what follows them back into the queue, and
    stores the log's new name.

    ``keep``: the last entry that may be shared; 0 when nobody knows.
    """
    page = empty_page(store)
    most = min(keep, page.cursor) or page.cursor
    common = common_up_to(store, link, page, most, epoch=epoch)
    return part_from(store, common, epoch=epoch, state_cache=state_cache)


def note_reset(store: Store, reset: LogReset) -> None:
    """Keeps, as proof, what the server signed of this log and now says it does not have."""
    if reset.word is not None:
        with store.writing() as transaction:
            if reset.word.log_epoch == transaction.setting(LOG_EPOCH):
                set_aside_words(transaction, after=min(reset.keep, reset.word.global_seq))


def part_from(store: Store, common: int, *, epoch: str, state_cache: StateCache) -> Parted:
    """Puts every entry after that one back into the queue."""
    with forgetting_on_failure(state_cache), store.writing() as transaction:
        signed = max((word.global_seq for word in KeptWords.of(transaction).words), default=0)
        held = min(signed, transaction.cursor())
        is_another_epoch = epoch != transaction.setting(LOG_EPOCH)
        set_aside_words(transaction, after=0 if is_another_epoch else common)
        parted = transaction.cursor() > common
        if parted:
            start_over(
                transaction, after=common, device_id=device_id(transaction), state_cache=state_cache
            )
        transaction.set_setting(LOG_EPOCH, epoch)
        transaction.set_setting(SEARCH, "")
        forget(transaction)
        send_again(transaction)
    disowned = max(0, held - common) if is_another_epoch else 0
    return Parted(is_undone=parted, disowned=disowned)


def note_disowned(
    store: Store, parted: Parted, *, epoch: str, at: datetime, user_id: UserId
) -> None:
    """Notes in the audit that the server began an epoch without entries that it had signed: nobody
    but its operator and this device can tell whether a backup was put back.
    """
    if not parted.disowned:
        return
    with store.reading() as snapshot:
        own = device_id(snapshot)
    facts = {"epoch": epoch, "disowned": parted.disowned}
    entry = AuditEntry(
        at=at,
        user_id=user_id,
        device_id=own,
        action="sync",
        outcome="LogDisowned",
        facts=msgspec.json.encode(facts).decode(),
    )
    store.note(entry)


def common_up_to(store: Store, link: Link, page: Page, most: int, *, epoch: str) -> int:
    """The last entry, at most that one, up to which both logs are the same. Raises ``LinkError``
    when a question was not answered, or the answer belongs to another question.
    """
    of_this_search = f"{epoch} {page.cursor} {most}"
    same, differs = _kept_search(store, of_this_search) or (0, most + 1)
    looking = (same + differs) // 2 if (same, differs) != (0, most + 1) else most
    while same + 1 < differs:
        if _is_same(store, link, page, looking, epoch=epoch):
            same = looking
        else:
            differs = looking
        with store.writing(durable=False) as transaction:
            transaction.set_setting(SEARCH, f"{of_this_search} {same} {differs}")
        looking = (same + differs) // 2
    return same


def _kept_search(store: Store, of_this_search: str) -> tuple[int, int] | None:
    with store.reading() as snapshot:
        *search, same, differs = (snapshot.setting(SEARCH) or " ").split(" ")
    return (int(same), int(differs)) if " ".join(search) == of_this_search else None


def _is_same(store: Store, link: Link, page: Page, place: int, *, epoch: str) -> bool:
    """Whether the server's entry at that place has the same hash as ours."""
    with store.reading() as snapshot:
        before, ours = _hash_at(snapshot, place - 1), _hash_at(snapshot, place)
    asked = evolve(page, epoch="", cursor=place - 1, log_hash=before).request(limit=1)
    try:
        answer = link.push(asked)
    except LogReset:  # it is another log before that place already
        return False
    theirs = answer.new
    if answer.log_epoch != epoch or (theirs and theirs[0].global_seq != place):
        raise Unreachable(why="the answer to another question came")
    return bool(theirs) and theirs[0].hash == ours


def _hash_at(snapshot: Snapshot, place: int) -> bytes:
    entries = snapshot.entries(after=place - 1, limit=1) if place else iter(())
    return next((entry.hash for entry in entries), NO_HASH)
