"""Where new identifiers come from."""

from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    def new(self) -> UUID:
        """A UUID never given before, of version 7 so that newer ones sort later."""
