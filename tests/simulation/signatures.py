"""What authors signed, looked at without the program's own runs.

A signature of its own may be garbled where a later commit of the same key names the commit
(decision 21).
"""

from collections.abc import Sequence

from manchengo import codec
from manchengo.domain.commit import LogEntry
from manchengo_sync.signing import is_signed


def unsigned(entries: Sequence[LogEntry], genuine: set[bytes]) -> LogEntry | None:
    """An entry that names a key which did not sign it; None where there is none.

    ``genuine``: the hashes of entries that were looked at before; those that are signed join them.
    """
    named: set[tuple[bytes, bytes]] = set()
    for entry in reversed(entries):
        part = entry.commit.authorship
        if part is None or entry.hash in genuine:
            continue
        authored = codec.authored_hash(entry.commit, part)
        if (part.key, authored) not in named and not is_signed(
            part.key.hex(), part.signature, authored
        ):
            return entry
        named.add((part.key, part.previous))
        genuine.add(entry.hash)
    return None
