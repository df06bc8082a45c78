"""Ids out of the file, where they are 16 bytes."""

from functools import lru_cache
from uuid import UUID

REPEATED = 4_096
"""How many ids that come back row after row are made only once."""


def unique_id(stored: bytes) -> UUID:
    """An id that no other row has. ``ValueError`` or ``TypeError`` where it is none."""
    return UUID(bytes=stored)


repeated_id = lru_cache(REPEATED)(unique_id)
"""As ``unique_id``, of people, devices, products: to make an id takes ten times as long."""
