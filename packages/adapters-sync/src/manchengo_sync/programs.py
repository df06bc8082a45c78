"""Compares two programs of one plant: which reads more kinds and versions of events.

It only informs people. What a program cannot read is kept as it is, on either side, and read once
that program is brought up to date.
"""

from collections.abc import Mapping

import msgspec

from manchengo.ports.store import Snapshot, Store
from manchengo_sync import wire
from manchengo_sync.settings import SERVER_READS
from manchengo_sync.wire import Age


def age(own: Mapping[str, int], other: Mapping[str, int]) -> Age:
    """Compares two programs. ``own`` and ``other``: the names that each reads, and up to which
    version.
    """
    match _reads_more(other, own), _reads_more(own, other):
        case True, True:
            return Age.APART
        case True, False:
            return Age.OLDER
        case False, True:
            return Age.NEWER
        case _:
            return Age.SAME


def _reads_more(one: Mapping[str, int], other: Mapping[str, int]) -> bool:
    return any(version > other.get(name, 0) for name, version in one.items())


def age_here(snapshot: Snapshot) -> Age:
    """The age of this program compared with the server's, by the server's latest answer."""
    kept = snapshot.setting(SERVER_READS)
    return age(wire.schema_max(), read(kept)) if kept else Age.SAME


def note_server(store: Store, server_reads: Mapping[str, int] | None) -> Age:
    """Stores what the server reads, by its latest answer; writes only when it has changed."""
    text = "" if server_reads is None else written(server_reads)
    with store.reading() as snapshot:
        kept = snapshot.setting(SERVER_READS) or ""
    if text != kept:
        with store.writing(durable=False) as transaction:
            transaction.set_setting(SERVER_READS, text)
    return Age.SAME if server_reads is None else age(wire.schema_max(), server_reads)


def written(reads: Mapping[str, int]) -> str:
    """The JSON that is stored: equal mappings give equal texts."""
    return msgspec.json.encode(reads, order="sorted").decode()


def read(text: str) -> dict[str, int]:
    """The versions that a program reads, by stored name, from their JSON."""
    return msgspec.json.decode(text, type=dict[str, int])
