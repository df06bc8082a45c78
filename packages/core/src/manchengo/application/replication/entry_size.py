"""How large an entry of the log may become: what no answer can carry stops every device."""

from collections.abc import Iterable

from manchengo.domain.commit import LogEntry, Recorded

MOST_BYTES = 56 * 1024 * 1024
"""Of an entry as it travels, in JSON: an answer that holds it alone is read by every device."""

BESIDE_THE_PAYLOAD = 400
"""Bytes of an event that are not its payload: names, ids and versions; of a commit, hashes too."""


def size_of(entry: LogEntry) -> int:
    """About how many bytes the entry has as it travels, no fewer."""
    commit = entry.commit
    made_otherwise = entry.effective or ()
    head = 4 * BESIDE_THE_PAYLOAD + _in_json(commit.command)
    return head + _events(commit.events) + _events(made_otherwise)


def _events(events: Iterable[Recorded]) -> int:
    return sum(BESIDE_THE_PAYLOAD + _in_json(event.payload) for event in events)


def _in_json(content: bytes) -> int:
    """Bytes travel as text, in base 64."""
    return (len(content) + 2) // 3 * 4
