"""What screens ask about the exchange with the server. Implemented by each app."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from attrs import frozen

from manchengo.application.completeness import Completeness
from manchengo.domain.ids import DeviceId

Progress = Callable[[int, int], object]
"""Called with how much is done, and of how much."""


@frozen(kw_only=True)
class Entrance:
    """How this computer is let in at a server: its address, the one-time code of this computer, and
    what the others call it.
    """

    address: str
    code: str
    name: str


@frozen(kw_only=True)
class ExchangeDone:
    """What an exchange did. ``refused``: what the plant did not take as it was recorded, whoever
    did; ``pending``: what waits here still; ``notes``: sentences for whoever looks after it.
    """

    sent: int
    received: int
    refused: int
    pending: int
    notes: tuple[str, ...] = ()


@frozen(kw_only=True)
class WrongClocks:
    """Devices that recorded at an odd time. ``ahead``: this one's clock, of the server's."""

    fast: frozenset[DeviceId] = frozenset()
    slow: frozenset[DeviceId] = frozenset()
    ahead: timedelta = timedelta()


class Exchanges(Protocol):
    """Exchanges go on beside the window by themselves; this is for a person who looks after them.
    Each method may take long, and raises ``Problem``.
    """

    def join(self, entrance: Entrance, progress: Progress) -> ExchangeDone:
        """Bring this dairy, which works alone, to a server, and exchange for the first time."""
        ...

    def exchange(self, progress: Progress) -> ExchangeDone:
        """Exchange now, until nothing waits and nothing is new."""
        ...

    def export(self) -> bytes:
        """What waits here, sealed for the server, to be carried to it."""
        ...

    def take_answer(self, answer: bytes, name: str) -> ExchangeDone:
        """Take in what the server answered; ``name``: of the file."""
        ...

    def heard(self) -> Completeness:
        """Up to when each other device was heard."""
        ...

    def noted(self) -> tuple[str, ...]:
        """What exchanges beside the window told that a person ought to know, in sentences, since
        the program began.
        """
        ...

    def trouble(self) -> str:
        """Why the last exchange failed, in a sentence; "" where it did not."""
        ...

    def wrong_clocks(self) -> WrongClocks:
        """Devices whose clock is wrong."""
        ...
