"""The server's log is another one from some place on: from there on, everything waits again.

The server says up to which entry the two are the same, as far as it knows; whoever put it back may
not have told it all. Two who hold the same hash hold the same log, so the last entry that both have
is found in a few questions.
"""

from attrs import evolve

from manchengo.application.books import Memo
from manchengo.application.replication.device import start_over
from manchengo.domain.commit import NO_HASH
from manchengo.ports.store import Snapshot, Store
from manchengo_sync.link import Link, LogReset
from manchengo_sync.offering import Page, standing
from manchengo_sync.settings import LOG_EPOCH, SERVER_KEY, device_id
from manchengo_sync.taking import forgetting_on_failure


def rejoin(store: Store, link: Link, *, epoch: str, keep: int, memo: Memo) -> bool:
    """Keep what both logs have in common, let the rest wait again, and note the log's new name.

    ``keep``: the last entry up to which they may be the same; 0 when nobody knows. False when this
    device's log was the server's all along.
    """
    page = standing(store)
    common = common_up_to(store, link, page, min(keep, page.cursor) or page.cursor)
    return part_from(store, common, epoch=epoch, memo=memo)


def note_server_key(store: Store, key: str) -> None:
    """Seal file bundles for that key from now on: a server begun again after it was lost has
    another. "": the server did not say.
    """
    if key:
        with store.writing() as transaction:
            transaction.set_setting(SERVER_KEY, key)


def part_from(store: Store, common: int, *, epoch: str, memo: Memo) -> bool:
    """Let what stands in the log beyond that entry wait again. Whether anything did."""
    with forgetting_on_failure(memo), store.writing() as transaction:
        parted = transaction.cursor() > common
        if parted:
            start_over(transaction, after=common, device_id=device_id(transaction), memo=memo)
        transaction.set_setting(LOG_EPOCH, epoch)
    return parted


def common_up_to(store: Store, link: Link, page: Page, most: int) -> int:
    """The last entry, at most that one, up to which both logs are the same."""
    same, differs = 0, most + 1
    looking = most
    while same + 1 < differs:
        if _is_same(store, link, page, looking):
            same = looking
        else:
            differs = looking
        looking = (same + differs) // 2
    return same


def _is_same(store: Store, link: Link, page: Page, place: int) -> bool:
    """Whether the server's entry in that place has the hash that ours has."""
    with store.reading() as snapshot:
        before, ours = _hash_at(snapshot, place - 1), _hash_at(snapshot, place)
    asked = evolve(page, epoch="", cursor=place - 1, log_hash=before).request(limit=1)
    try:
        theirs = link.push(asked).new
    except LogReset:  # it is another log before that place already
        return False
    return bool(theirs) and (theirs[0].global_seq, theirs[0].hash) == (place, ours)


def _hash_at(snapshot: Snapshot, place: int) -> bytes:
    entries = snapshot.entries(after=place - 1, limit=1) if place else iter(())
    return next((entry.hash for entry in entries), NO_HASH)
