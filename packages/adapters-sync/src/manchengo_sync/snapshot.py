"""A new device starts from the server's snapshot: the whole log in one file, then what came since.

The file is the log's own entries, each linked to the one before, so it is believed no more than an
answer to a push. If it fails, the entries applied so far stay, and the rest is pulled.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import Protocol

from attrs import field, frozen

from manchengo.application.replication.device_log import AnotherLog
from manchengo.application.unit_of_work import StateCache
from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import UserId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Store
from manchengo_sync import wire
from manchengo_sync.apply_entries import MOST_ENTRIES, Applied, begin
from manchengo_sync.device_identity import apply_resolving_forks
from manchengo_sync.exchange import Progress
from manchengo_sync.link import LinkError

LONGEST_LINE = 2 * wire.LARGEST_BODY
"""An entry holds a commit, which fits into a body, and may hold as much again that happened."""
UNPACKED_AT_ONCE = 256 * 1024


class SnapshotSource(Protocol):
    """Where the server keeps its snapshot: ``http.HttpLink``."""

    def snapshot(self) -> AbstractContextManager[Iterator[bytes]]:
        """A gzip file, piece by piece: ``wire.SnapshotHeader``, then one log entry a line."""


@frozen(kw_only=True)
class Started:
    """``applied``: what the snapshot brought. ``whole``: all that it announced came, and the view
    rows made of it are those of the server, as far as the two programs read the same; otherwise
    ``why`` not.
    """

    applied: Applied = field(factory=Applied)
    whole: bool
    why: str = ""


def start(
    store: Store,
    source: SnapshotSource,
    *,
    clock: Clock,
    ids: Ids,
    state_cache: StateCache,
    user_id: UserId,
    progress: Progress = lambda _sent, _received, _head: None,
) -> Started:
    """Take the server's snapshot in, where this device is new; exchange afterwards in any case.

    Where there is something here already nothing is asked for. Raises nothing of the network's.
    """
    applied = Applied()
    with store.reading() as snapshot:
        if snapshot.cursor() or snapshot.count_pending():
            return Started(whole=False, why="this device is not new")
    try:
        with source.snapshot() as pieces:
            lines = _lines(_unpacked(pieces))
            header = wire.decode(next(lines, b""), wire.SnapshotHeader)
            begin(store, header.log_epoch)
            left: list[LogEntry] = []  # what only the lines behind it can prove
            while read := [wire.decode(line, LogEntry) for line in islice(lines, MOST_ENTRIES)]:
                apply_resolving_forks(
                    store,
                    left + read,
                    epoch=header.log_epoch,
                    clock=clock,
                    ids=ids,
                    state_cache=state_cache,
                    user_id=user_id,
                    applied=applied,
                    more=True,
                )
                left = _not_held(store, left + read)
                progress(0, applied.received, header.global_seq)
    except (LinkError, wire.NotUnderstood, AnotherLog, zlib.error) as error:
        return Started(applied=applied, whole=False, why=f"{type(error).__name__}: {error}")
    why = _what_is_wrong(store, header)
    return Started(applied=applied, whole=not why, why=why)


def _not_held(store: Store, entries: Iterable[LogEntry]) -> list[LogEntry]:
    with store.reading() as snapshot:
        cursor = snapshot.cursor()
    return [entry for entry in entries if entry.global_seq > cursor]


def _what_is_wrong(store: Store, header: wire.SnapshotHeader) -> str:
    with store.reading() as snapshot:
        if snapshot.cursor() != header.global_seq:
            return f"{header.global_seq} entries announced, {snapshot.cursor()} came"
        if header.schema != wire.schema_max():
            return ""  # what one reads and the other does not makes other rows
        if digest(stored_rows(snapshot)) != header.digest:
            return "the view rows are not those of the server"
        return ""


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A few bytes may unpack to very many: never more at once than are worth keeping."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        rest = piece
        while rest:
            yield unpacking.decompress(rest, UNPACKED_AT_ONCE)
            rest = unpacking.unconsumed_tail
    yield unpacking.flush()
    if not unpacking.eof:
        raise wire.NotUnderstood("the file was cut")


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    begun = bytearray()
    for piece in pieces:
        begun += piece
        *whole, rest = begun.split(b"\n")
        yield from map(bytes, whole)
        begun = rest
        if len(begun) > LONGEST_LINE:
            raise wire.NotUnderstood("a line is longer than any")
    if begun:
        yield bytes(begun)
