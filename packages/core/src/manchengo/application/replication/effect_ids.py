"""The ids of the events that a verdict adds: whoever judges a commit gives them the same ones."""

from uuid import uuid5

from manchengo.domain.commit import Commit
from manchengo.domain.ids import EventId


def derived_id(commit: Commit, index: int, event_type: str, payload: bytes) -> EventId:
    """The id of an event that a verdict adds at that place among the effects: the same on every
    device. It depends on the content too, since a later verdict on the same commit may add another
    event.
    """
    return EventId(uuid5(commit.id, f"{index} {event_type} {payload.decode(errors='replace')}"))
