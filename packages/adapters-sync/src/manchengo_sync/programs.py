"""Programs of different ages at one plant: which of two reads more, as far as they have said.

Nothing depends on it but what people are told: what a program cannot read is kept as it is, on
either side, and read once that program is brought up to date.
"""

from collections.abc import Mapping

import msgspec

from manchengo.ports.store import Snapshot, Store
from manchengo_sync import wire
from manchengo_sync.settings import SERVER_READS
from manchengo_sync.wire import Age


def age(own: Mapping[str, int], other: Mapping[str, int]) -> Age:
    """``own`` and ``other``: the names that each reads, and up to which version."""
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
    """Of this program beside the server's, by what the server said when it last answered."""
    kept = snapshot.setting(SERVER_READS)
    return age(wire.schema_max(), read(kept)) if kept else Age.SAME


def note_server(store: Store, said: Mapping[str, int] | None) -> Age:
    """Keep what the server reads, as its latest answer has it; written where that changed."""
    text = "" if said is None else written(said)
    with store.reading() as snapshot:
        kept = snapshot.setting(SERVER_READS) or ""
    if text != kept:
        with store.writing(durable=False) as transaction:
            transaction.set_setting(SERVER_READS, text)
    return Age.SAME if said is None else age(wire.schema_max(), said)


def written(reads: Mapping[str, int]) -> str:
    """As it is kept: the same for the same."""
    return msgspec.json.encode(reads, order="sorted").decode()


def read(text: str) -> dict[str, int]:
    """The versions that a program reads, by stored name, from their JSON."""
    return msgspec.json.decode(text, type=dict[str, int])
