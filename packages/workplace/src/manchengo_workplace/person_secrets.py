"""The port through which the passphrase or PIN of a person comes in."""

from collections.abc import Callable
from typing import Protocol


class PersonSecrets(Protocol):
    """Where the passphrase or PIN of a person comes from: the person at a screen, or a file."""

    def at_hand(self) -> str | None:
        """What was put down for a script; None where nothing was."""
        ...

    def existing(self, person: str, *, is_pin: bool) -> str | None:
        """What the person types; None where nobody is there to be asked."""
        ...

    def new(self, person: str, *, is_pin: bool, check: Callable[[str], object]) -> str:
        """A new one, which ``check`` does not refuse with a ``Failure``. Raises ``Failure`` where
        nobody is there to choose one.
        """
        ...

    def wait(self, seconds: float) -> None:
        """Wait before the next try, and say so."""
        ...
