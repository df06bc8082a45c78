"""Makes view rows in several processes, and writes them in this one.

The log is divided by the ids of its aggregates: the rows of one follow from its own events. Other
processes make parts and send them as columns, ready for the driver. This process writes the parts
in their order, so what is written does not depend on who made it. While the next part is not there,
it makes one itself: until the others have started, and in the place of one that failed.
"""

import marshal
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from attrs import define, field, frozen

from manchengo.ports.making_apart import Make
from manchengo.ports.reading_apart import Step
from manchengo_sqlite.child_process import (
    ChildProcess,
    Moment,
    moment_of,
    started,
    useful_processes,
)
from manchengo_sqlite.connection import OpenFile
from manchengo_sqlite.mapping import mapping
from manchengo_sqlite.snapshot import SqliteSnapshot

EVENTS_AT_ONCE = 2_000
"""About so many make a part: half a megabyte of rows."""

PARTS_IN_FLIGHT = 4
"""So many parts for each process are begun before the first of them is written."""

Columns = tuple[Any, ...]

Write = Callable[[str, list[Columns]], None]
"""Executes a statement for each of these rows."""


@frozen
class Range:
    """The aggregates whose ids are at least ``begin`` and below ``end``; without, all the rest."""

    begin: bytes
    end: bytes | None


@frozen
class Part:
    """The rows of a range, by the statement that writes them, and of how many events they are."""

    events: int
    rows: dict[str, list[Columns]]


def put_made(file: OpenFile, snapshot: SqliteSnapshot, make: Make, step: Step, write: Write) -> int:
    """As ``manchengo.ports.making_apart.MakesApart``. ``snapshot``: of the transaction that writes,
    where the log is as everybody sees it.
    """
    work = _Work(snapshot, make)
    written = events = 0
    with work.shared(file):
        for part in work.parts():
            for statement, rows in part.rows.items():
                write(statement, rows)
                written += len(rows)
            events += part.events
            step(events)
    return written


def ranges(snapshot: SqliteSnapshot, events_at_once: int) -> Iterator[Range]:
    """The ids of all aggregates in their order, in ranges of about so many events; a stream is
    never divided.
    """
    begin = b""
    while True:
        last = snapshot.aggregate_at(begin, offset=events_at_once)
        end = None if last is None else snapshot.aggregate_after(last)
        yield Range(begin, end)
        if end is None:
            return
        begin = end


def made(snapshot: SqliteSnapshot, which: Range, make: Make) -> Part:
    """The part of that range."""
    events = 0
    rows: defaultdict[str, list[Columns]] = defaultdict(list)
    for aggregate_id, stream in snapshot.streams_of(which.begin, which.end):
        events += len(stream)
        for row in make(snapshot, aggregate_id, stream):
            table = mapping(type(row))
            rows[table.upsert].append(table.to_columns(row))
    return Part(events, dict(rows))


def made_elsewhere(snapshot: SqliteSnapshot, _: Step, *, which: Range, make: Make) -> bytes:
    """A ``Reading``: the part, as ``marshal`` writes it, which takes half as long as pickling."""
    part = made(snapshot, which, make)
    return marshal.dumps((part.events, part.rows))


@define
class _Work:
    """``todo``: parts that nobody has begun, by their place; None ends whoever takes it.
    ``told``: what others made, None where that failed.
    """

    snapshot: SqliteSnapshot
    make: Make
    todo: "SimpleQueue[tuple[int, Range] | None]" = field(init=False, factory=SimpleQueue)
    told: "SimpleQueue[tuple[int, Range, bytes | None]]" = field(init=False, factory=SimpleQueue)
    ready: dict[int, Part] = field(init=False, factory=dict)
    processes: int = field(init=False, default=1)
    children: list[ChildProcess] = field(init=False, factory=list)

    @contextmanager
    def shared(self, file: OpenFile) -> Iterator[None]:
        """Meanwhile, other processes make parts too, where that is worth it."""
        self.processes = useful_processes(file)
        moment = moment_of(self.snapshot)
        threads = [
            Thread(target=self._drive_child, args=(file, moment), daemon=True)
            for _ in range(self.processes - 1)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            with suppress(Empty):  # of work that was broken off
                while True:
                    self.todo.get_nowait()
            for _ in threads:
                self.todo.put(None)
            for child in self.children:
                child.end()
            for thread in threads:
                thread.join()

    def parts(self) -> Iterator[Part]:
        """All parts, in their order."""
        begun = 0
        waiting = enumerate(ranges(self.snapshot, EVENTS_AT_ONCE))
        following = next(waiting, None)
        place = 0
        while following is not None or place < begun:
            while following is not None and begun - place < self.processes * PARTS_IN_FLIGHT:
                self.todo.put(following)
                begun += 1
                following = next(waiting, None)
            yield self._part(place)
            place += 1

    def _part(self, place: int) -> Part:
        while place not in self.ready:
            try:
                self._take(*self.told.get_nowait())
            except Empty:
                self._make_or_wait()
        return self.ready.pop(place)

    def _make_or_wait(self) -> None:
        try:
            own = self.todo.get_nowait()
        except Empty:
            self._take(*self.told.get())
        else:
            assert own is not None, "only at the end everybody is told to stop"
            place, which = own
            self.ready[place] = made(self.snapshot, which, self.make)

    def _take(self, place: int, which: Range, content: bytes | None) -> None:
        if content is None:
            self.ready[place] = made(self.snapshot, which, self.make)
        else:
            self.ready[place] = Part(*marshal.loads(content))

    def _drive_child(self, file: OpenFile, moment: Moment) -> None:
        """Starts another process, and gives it one part after the other."""
        current: tuple[int, Range] | None = None
        try:
            with started() as child:
                self.children.append(child)
                child.open(file)
                child.begin()
                if child.moment() != moment:
                    return
                while (current := self.todo.get()) is not None:
                    child.send(partial(made_elsewhere, which=current[1], make=self.make))
                    _, content = child.receive()
                    self.told.put((*current, content))
        except Exception:  # whatever it is, the main thread makes that part
            if current is not None:
                self.told.put((*current, None))
