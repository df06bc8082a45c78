"""Hands a server that was put back from a backup what it signed since, as far as it is held here.

The server asks from the end to the beginning: the hash of the last entry is in its own word, and
that of each entry before it follows. So it takes back nothing that it did not sign. What this
device holds beyond its last such word is offered again later, and judged again.

A device that changed its id hands back under the one that the server knows: until the recovery
ends, no other comes into the log.
"""

from collections.abc import Iterator
from itertools import islice

from manchengo.domain.commit import NO_HASH, LogEntry
from manchengo.ports.store import Snapshot, Store
from manchengo_sync import wire
from manchengo_sync.link import Link, Recovering, Unreachable, UntrustedWord
from manchengo_sync.server_word import KeptWords
from manchengo_sync.settings import LOG_EPOCH, known_as

ASKED_AGAIN = "the server asks for entries that it was handed already"


def return_tail(store: Store, link: Link, recovering: Recovering) -> int:
    """How many entries were handed back. Raises ``LinkError`` where the server did not take one;
    what it took before that stays there. Raises ``UntrustedWord`` where it signed another log than
    it has.
    """
    with store.reading() as snapshot:
        first = first_request(snapshot, recovering.keep)
        epoch = snapshot.setting(LOG_EPOCH) or ""
    if first is None:
        return 0
    handed, request = 0, first
    answer = link.return_tail(request)
    while answer.up_to:
        before = answer.up_to
        with store.reading() as snapshot:
            request = page_up_to(snapshot, first.word, before, keep=recovering.keep)
        answer = link.return_tail(request)
        if not request.entries or answer.up_to >= before:
            raise Unreachable(why=ASKED_AGAIN)
        handed += len(request.entries)
    if answer.differs and epoch == recovering.log_epoch:
        raise UntrustedWord(code="two_histories", entry=first.word.global_seq)
    return handed


def first_request(snapshot: Snapshot, keep: int) -> wire.TailRequest | None:
    """Names the last place of this log that the server signed; None where that is not beyond
    ``keep``, where its log ended in the backup.
    """
    cursor = snapshot.cursor()
    reached = [word for word in KeptWords.of(snapshot).words if keep < word.global_seq <= cursor]
    if not reached:
        return None
    return wire.TailRequest(replica_id=known_as(snapshot), word=reached[-1])


def all_requests(snapshot: Snapshot, keep: int, *, most: int) -> Iterator[wire.TailRequest]:
    """All pages, for a file of at most about so many bytes: what does not fit is left out, from the
    beginning of the tail, and nothing at all is taken back then.
    """
    first = first_request(snapshot, keep)
    up_to = first.word.global_seq if first is not None else 0
    while first is not None and up_to > keep and most > 0:
        request = page_up_to(snapshot, first.word, up_to, keep=keep)
        yield request
        most -= len(wire.encode(request))
        up_to = request.entries[0].global_seq - 1


def page_up_to(
    snapshot: Snapshot, word: wire.ServerWord, up_to: int, *, keep: int
) -> wire.TailRequest:
    """As many entries before that one, and itself, as make a page."""
    begin = max(keep, up_to - wire.MOST_COMMITS)
    held = list(islice(snapshot.entries(after=begin), up_to - begin))
    entries: list[LogEntry] = []
    weight = 0
    for entry in reversed(held):
        weight += len(wire.encode(entry))
        if entries and weight > wire.MOST_BYTES:
            break
        entries.insert(0, entry)
    before = entries[0].global_seq - 1 if entries else 0
    last = next(snapshot.entries(after=before - 1, limit=1), None) if before else None
    return wire.TailRequest(
        replica_id=known_as(snapshot),
        word=word,
        entries=tuple(entries),
        previous=last.hash if last is not None else NO_HASH,
    )
