"""A step of the migration: note the waiting commits that no program can read.

Programs of before commands were checked whole sealed values of the wrong type as they were given.
The core sets aside what is noted here when it opens the database.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from manchengo import codec

UNREADABLE = "unreadable_commits"

WAITING = """
SELECT c.id, c.business_date, c.command_type, c.command_version, c.command
FROM _commits c JOIN _sync_queue q ON q.commit_position = c.position ORDER BY c.position
"""
THEIR_EVENTS = """
SELECT c.id, e.event_type, e.schema_version, e.payload
FROM _events e JOIN _commits c ON c.position = e.commit_position
JOIN _sync_queue q ON q.commit_position = c.position
"""


def note_unreadable_commits(connection: Connection) -> None:
    """The step: a setting names those commits, where there are any."""
    found: dict[bytes, None] = {}
    for commit_id, day, *content in connection.exec_driver_sql(WAITING):
        if not (_is_a_day(day) and _is_readable(codec.commands.decode, *content)):
            found[commit_id] = None
    for commit_id, *content in connection.exec_driver_sql(THEIR_EVENTS):
        if not _is_readable(codec.events.decode, *content):
            found[commit_id] = None
    if found:
        connection.exec_driver_sql(
            "INSERT INTO _config (name, value) VALUES (?, ?)",
            (UNREADABLE, " ".join(str(UUID(bytes=each)) for each in found)),
        )


def _is_readable(
    decode: Callable[[str, int, bytes], object], name: str, version: int, content: bytes
) -> bool:
    """What a newer program wrote is not for this step to judge."""
    try:
        decode(name, version, content)
    except codec.UnknownEvent:
        return True
    except codec.Damaged:
        return False
    return True


def _is_a_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
