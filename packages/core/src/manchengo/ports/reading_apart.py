"""Several readings of one moment of a store, on all processors at once."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from manchengo.ports.store import Snapshot

Step = Callable[[int], None]
"""Called now and then with how much was read."""

Reading = Callable[[Snapshot, Step], Any]
"""What is read, and its answer. It is sent to another process, and so is the answer: a function of
a module, or a ``functools.partial`` of one, and plain values.
"""


@runtime_checkable
class ReadsApart(Protocol):
    """A store that can read in several processes. Others need not have the method."""

    def read_apart(
        self, readings: Sequence[Reading], step: Callable[[int, int], None]
    ) -> list[Any] | None:
        """The answers of these readings, all of one and the same moment, in their order. ``step``
        is called in the calling thread, with the place of a reading and how much it has read.

        None where that cannot be done or is not worth it: on one processor, for a small database,
        where a process cannot be started, or where one of them failed.
        """
