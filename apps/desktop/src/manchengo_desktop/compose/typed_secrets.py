"""Passphrases and PINs that were typed in a field, where the workplace asks for them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from manchengo_desktop.compose.problems import PassphraseNeeded, of_field


class Passphrases:
    """Implements ``manchengo_workplace.database_keys.Passphrases``: what was typed in a field."""

    def __init__(self, typed: str | None) -> None:
        self._typed = typed

    def existing(self, database: Path) -> str:  # noqa: ARG002 - one was typed for it
        if self._typed is None:
            raise PassphraseNeeded
        return self._typed

    def new(
        self,
        database: Path,  # noqa: ARG002 - as above
        *,
        check: Callable[[str], object],
    ) -> str:
        assert self._typed is not None, "a new database is made with a passphrase"
        with of_field("passphrase"):
            check(self._typed)
        return self._typed


class Secrets:
    """Implements ``manchengo_workplace.person_secrets.PersonSecrets``: what was typed."""

    def __init__(self, typed: str | None = None) -> None:
        self.typed = typed
        self.on_wait: Callable[[int], None] | None = None

    @contextmanager
    def typing(self, secret: str) -> Iterator[None]:
        """That was typed, for what is done in this block alone."""
        self.typed = secret
        try:
            yield
        finally:
            self.typed = None

    def at_hand(self) -> str | None:
        return None

    def existing(self, person: str, *, is_pin: bool) -> str | None:  # noqa: ARG002 - as above
        return self.typed

    def new(
        self,
        person: str,  # noqa: ARG002 - as above
        *,
        is_pin: bool,  # noqa: ARG002 - as above
        check: Callable[[str], object],
    ) -> str:
        assert self.typed is not None, "a person begins with a passphrase or PIN"
        with of_field("secret"):
            check(self.typed)
        return self.typed

    def wait(self, seconds: float) -> None:
        if seconds and self.on_wait:
            self.on_wait(round(seconds))
        time.sleep(seconds)
