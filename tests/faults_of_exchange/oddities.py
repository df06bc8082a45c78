"""What may be odd about a process: its clock, its age, or that it stops in mid-transaction.

An oddity is put on before the program begins, and worn until the process ends: the program itself
has no switch for any of this.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from attrs import frozen

from manchengo import system
from manchengo.application.replication import server_log
from manchengo_server.main import main
from manchengo_sync import apply_entries, wire
from tests.simulation.programs import Program


@frozen(kw_only=True)
class Oddity:
    """``days_ahead``: of the machine's clock; below zero, behind. ``protocol``: that it speaks.
    ``lacks``: the stored names that it never heard of. ``stops``: the file that it makes once
    commits are stored and nothing is final, in which moment it stays.
    """

    days_ahead: int = 0
    protocol: int = wire.PROTOCOL
    lacks: tuple[str, ...] = ()
    stops: str = ""

    def server(self, words: Sequence[str]) -> int:
        """The program of a server that wears it."""
        with worn(self):
            return main(words)


NOTHING = Oddity()


@contextmanager
def worn(oddity: Oddity) -> Iterator[None]:
    if oddity.days_ahead:
        _set_the_clock(timedelta(days=oddity.days_ahead))
    vars(wire)["PROTOCOL"] = oddity.protocol
    if oddity.stops:
        for module, task in ((apply_entries, "apply_confirmed"), (server_log, "enter")):
            vars(module)[task] = _stopping(vars(module)[task], Path(oddity.stops))
    with Program("odd", frozenset(oddity.lacks)).running():
        yield


def _set_the_clock(ahead: timedelta) -> None:
    """Of this process alone, where it asks the machine: for the hour, and for new ids."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime.now(tz) + ahead

    def time_ns() -> int:
        return time.time_ns() + ahead // timedelta(microseconds=1) * 1_000

    vars(system)["datetime"] = Wrong
    vars(system)["time"] = SimpleNamespace(time_ns=time_ns)


def _stopping(task: Callable[..., object], file: Path) -> Callable[..., None]:
    """Whatever it is: done, and there it stays."""

    def done(*facts: Any, **named: Any) -> None:
        task(*facts, **named)
        file.touch()
        time.sleep(600)  # until it is killed

    return done
