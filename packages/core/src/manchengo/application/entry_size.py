"""How large an entry of the log may become: what no answer can carry stops every device."""

from collections.abc import Iterable

from attrs import frozen

from manchengo.domain.commit import Commit, LogEntry, Recorded
from manchengo.domain.errors import Refused

MOST_BYTES = 56 * 1024 * 1024
"""Of an entry as it travels, in JSON: an answer that holds it alone is read by every device."""

MOST_RECORDED = MOST_BYTES // 2
"""Of a commit as it is recorded: the server takes it in one request, and the log may give it as
many effects again.
"""

MEGABYTE = 1_000_000

BESIDE_THE_PAYLOAD = 400
"""Bytes of an event that are not its payload: names, ids and versions; of a commit, hashes too."""


@frozen(kw_only=True)
class TooMuchAtOnce(Refused):
    """What the command does is too much for one commit: no exchange would carry it. ``size``,
    ``most``: megabytes.
    """

    command: str
    size: int
    most: int


def check_size(commit: Commit) -> None:
    """``TooMuchAtOnce`` where no server would take the commit in."""
    size = _size_of(commit)
    if size > MOST_RECORDED:
        raise TooMuchAtOnce(
            command=commit.command_type,
            size=-(-size // MEGABYTE),
            most=MOST_RECORDED // MEGABYTE,
        )


def size_of(entry: LogEntry) -> int:
    """About how many bytes the entry has as it travels, no fewer."""
    return _size_of(entry.commit) + _events(entry.effective or ())


def _size_of(commit: Commit) -> int:
    return 4 * BESIDE_THE_PAYLOAD + _in_json(commit.command) + _events(commit.events)


def _events(events: Iterable[Recorded]) -> int:
    return sum(BESIDE_THE_PAYLOAD + _in_json(event.payload) for event in events)


def _in_json(content: bytes) -> int:
    """Bytes travel as text, in base 64."""
    return (len(content) + 2) // 3 * 4
