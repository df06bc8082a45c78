"""The view rows of all streams, made on all processors at once and written in one transaction."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID

from manchengo.ports.reading_apart import Step
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot, StreamEvent

Make = Callable[[Snapshot, UUID, Sequence[StreamEvent]], list[Row]]
"""The rows of one stream, as ``Snapshot.streams`` gives it. It is sent to another process: a
function of a module.
"""


@runtime_checkable
class MakesApart(Protocol):
    """A transaction that can have rows made in several processes. Others lack the method."""

    def put_made(self, make: Make, step: Step) -> int:
        """Write the rows that ``make`` gives of every stream, as ``put`` would in the order of
        ``streams``; how many they are. Nothing was added to the log in this transaction.

        ``step`` is called in the calling thread with how many events were read. Raises what
        ``make`` raises of the first stream of which it raises anything.
        """
