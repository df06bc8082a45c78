"""Threads that have something to write at the same time share one transaction.

Each transaction that must be durable waits for the disk, and in a plant one writes at a time.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from attrs import define, field

T = TypeVar("T")


@define(eq=False)
class _Item(Generic[T]):
    content: T
    is_done: bool = False
    error: Exception | None = None


@define(eq=False)
class SharedWrites(Generic[T]):
    """``write``: writes all of these in one transaction. While one thread does, what the others
    bring is collected; the next writes all of it.
    """

    write: Callable[[Sequence[T]], None]
    _waiting: list[_Item[T]] = field(factory=list)
    _guard: Lock = field(factory=Lock)
    _turn: Lock = field(factory=Lock)

    def add(self, content: T) -> None:
        """Returns once it is written, by whichever thread; raises what ``write`` raised for those
        with which it was.
        """
        item = _Item(content)
        with self._guard:
            self._waiting.append(item)
        with self._turn:
            if not item.is_done:
                self._write_all()
        if item.error is not None:
            raise item.error

    def _write_all(self) -> None:
        with self._guard:
            items, self._waiting = self._waiting, []
        try:
            self.write([each.content for each in items])
        except Exception as error:
            for each in items:
                each.error = error
        finally:
            for each in items:
                each.is_done = True
