"""Where new identifiers come from."""

from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    """Where new identifiers come from: time and chance, or a counter in a test."""

    def new(self) -> UUID:
        """A UUID of version 7 never given before, greater than all that were given before in this
        process.
        """
