"""Fills view tables that were made anew: a database opened by a program whose row classes changed.

A stream that makes no sense any more, or bytes that cannot be read, keep no database closed: what
stands in them is left out, and ``verify`` names the commit.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

from manchengo.application.views.rebuild import BATCH, BrokenHistory, rows_of_events
from manchengo.ports.rows import Row
from manchengo.ports.store import Garbled, Transaction

Progress = Callable[[int], None]
"""Called, as it goes on, with the number of events that are read."""


def refill(
    transaction: Transaction, kinds: Collection[type[Row]], *, progress: Progress | None = None
) -> None:
    """Write the rows of these kinds from the log. Their tables are empty."""
    batch: list[Row] = []
    for row in _rows(transaction, kinds, progress or (lambda _: None)):
        batch.append(row)
        if len(batch) >= BATCH:
            transaction.put(batch)
            batch = []
    transaction.put(batch)


def _rows(
    transaction: Transaction, kinds: Collection[type[Row]], progress: Progress
) -> Iterator[Row]:
    read = reported = 0
    shown = {kind.AGGREGATE for kind in kinds}
    with suppress(Garbled):
        for aggregate_id, events in transaction.streams():
            if events[0].aggregate_type in shown:
                with suppress(BrokenHistory):
                    made = rows_of_events(transaction, aggregate_id, events)
                    yield from (row for row in made if type(row) in kinds)
            read += len(events)
            if read >= reported + BATCH:
                progress(read)
                reported = read
    progress(read)
