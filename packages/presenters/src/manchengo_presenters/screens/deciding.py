"""A form of several things that may be done about one thing, of which one is begun."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Generic, TypeVar

from manchengo_presenters.screens.form import Form

A = TypeVar("A", bound=Enum)


class Deciding(Form, Generic[A]):
    """``deciding``: what the person is about to do; None while they are not."""

    deciding: A | None = None

    @property
    def fitting(self) -> Iterable[A]:
        """What this person may begin now."""
        raise NotImplementedError

    def begin(self, action: A | None) -> None:
        """About to do that; None: leave it."""
        raise NotImplementedError

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """Itself, while something is begun."""
        return {} if self.deciding is None else {self.deciding.name: self}

    async def reopen(self, name: str) -> Form | None:
        """Begin that, where it still fits."""
        action = next((each for each in self.fitting if each.name == name), None)
        if action is None:
            return None
        self.begin(action)
        return self
