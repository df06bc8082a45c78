"""Reads one moment of a database in several processes.

They begin to read while nobody may write, so that all see the same. Whatever goes wrong in one of
them, there is no answer, and the caller reads in its own process.
"""

import pickle
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import Engine

from manchengo.ports.reading_apart import Reading
from manchengo.ports.storage_errors import StorageError
from manchengo_sqlite.child_process import ChildProcess, started, useful_processes
from manchengo_sqlite.connection import open_file, writing

Answer = tuple[int, str, Any]
"""The place of a reading, and "step" with how much it has read or "done" with its answer; or
"failed".
"""


def read_apart(
    engine: Engine, readings: Sequence[Reading], step: Callable[[int, int], None]
) -> list[Any] | None:
    """As ``manchengo.ports.reading_apart.ReadsApart``."""
    file = open_file(engine)
    count = min(useful_processes(file), len(readings))
    if count < 2:
        return None
    try:
        with ExitStack() as all_of_them:
            children = [all_of_them.enter_context(started()) for _ in range(count)]
            for child in children:
                child.open(file)
            with writing(engine, durable=False):
                for child in children:
                    child.begin()
                moments = {child.moment() for child in children}
            assert len(moments) == 1, "nobody wrote meanwhile"
            return _answers(children, readings, step)
    except (OSError, EOFError, pickle.PickleError, StorageError):
        return None


def _answers(
    children: Sequence[ChildProcess], readings: Sequence[Reading], step: Callable[[int, int], None]
) -> list[Any] | None:
    todo: SimpleQueue[int] = SimpleQueue()
    for place in range(len(readings)):
        todo.put(place)
    told: SimpleQueue[Answer] = SimpleQueue()
    for child in children:
        Thread(target=_drive, args=(child, readings, todo, told), daemon=True).start()
    answers: dict[int, Any] = {}
    while len(answers) < len(readings):
        place, what, value = told.get()
        if what == "failed":
            return None
        if what == "step":
            step(place, value)
        else:
            answers[place] = value
    return [answers[place] for place in range(len(readings))]


def _drive(
    child: ChildProcess,
    readings: Sequence[Reading],
    todo: SimpleQueue[int],
    told: SimpleQueue[Answer],
) -> None:
    """Gives the child one reading after the other, as long as there are any."""
    try:
        while True:
            place = todo.get_nowait()
            child.send(readings[place])
            what = ""
            while what != "done":
                what, value = child.receive()
                told.put((place, what, value))
    except Empty:
        return
    except Exception:  # whatever it is, the main thread must not wait for it
        told.put((-1, "failed", None))
