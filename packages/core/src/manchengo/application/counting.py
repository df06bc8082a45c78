"""How far long work is: counts what is read from a snapshot."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from attrs import define

from manchengo.ports.reading_apart import Step
from manchengo.ports.store import Snapshot

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is to do, in a unit of its own."""

OFTEN = 500
"""After so many commits, entries, events or rows a reading says how far it is."""


def nobody_told(_done: int, _whole: int) -> None:
    """A ``Progress`` for nobody."""


def counted(snapshot: Snapshot, step: Step) -> Snapshot:
    """The same snapshot, which tells ``step`` how many commits, entries, events of streams, and
    rows were read from it so far.
    """
    return cast("Snapshot", _Counting(snapshot, step))


@define
class _Counting:
    inner: Snapshot
    step: Step
    count: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def commits(self, **which: Any) -> Iterator[Any]:
        return self._each(self.inner.commits(**which))

    def entries(self, **which: Any) -> Iterator[Any]:
        return self._each(self.inner.entries(**which))

    def pending(self, **which: Any) -> Iterator[Any]:
        return self._each(self.inner.pending(**which))

    def streams(self) -> Iterator[Any]:
        return self._each(self.inner.streams(), size=lambda stream: len(stream[1]))

    def rows(self, kind: Any, **which: Any) -> Iterator[Any]:
        return self._each(self.inner.rows(kind, **which))

    def _each(self, found: Iterator[T], size: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
        for each in found:
            before = self.count
            self.count += size(each)
            if self.count // OFTEN > before // OFTEN:
                self.step(self.count)
            yield each
