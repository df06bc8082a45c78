"""Two pieces of work, one after the other and over again, so that a slow moment strikes both."""

import gc
import os
import statistics
import time
from collections.abc import Callable

from attrs import frozen


@frozen
class Spent:
    """What some work took, in seconds: on the clock, and of CPU, that of processes which the work
    started and ended included.
    """

    wall: float
    cpu: float

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


@frozen
class Ratio:
    """The median of what each round gave; ``lowest`` and ``highest`` leave out a tenth each."""

    middle: float
    lowest: float
    highest: float


@frozen
class Rounds:
    """``ours[i]`` and ``beside[i]`` were spent in the same round, on the same amount of work."""

    ours: tuple[Spent, ...]
    beside: tuple[Spent, ...]

    @property
    def time(self) -> Ratio:
        """Our time over the other's."""
        return _ratio([a.wall / b.wall for a, b in self._pairs()])

    @property
    def rate(self) -> Ratio:
        """Our rate over the other's."""
        return _ratio([b.wall / a.wall for a, b in self._pairs()])

    @property
    def cpu_time(self) -> float:
        return statistics.median(a.cpu / b.cpu for a, b in self._pairs())

    @property
    def cpu_rate(self) -> float:
        return statistics.median(b.cpu / a.cpu for a, b in self._pairs())

    @property
    def ours_alone(self) -> Ratio:
        """Seconds on the clock, ours only."""
        return _ratio([spent.wall for spent in self.ours])

    @property
    def our_cpu(self) -> float:
        """Seconds of CPU, ours only."""
        return statistics.median(spent.cpu for spent in self.ours)

    def our_median(self) -> float:
        return statistics.median(spent.wall for spent in self.ours)

    def other_median(self) -> float:
        return statistics.median(spent.wall for spent in self.beside)

    def _pairs(self) -> list[tuple[Spent, Spent]]:
        return list(zip(self.ours, self.beside, strict=True))


def in_turn(rounds: int, *works: Callable[[], Spent]) -> tuple[tuple[Spent, ...], ...]:
    """Each once, then each once more, and so on; what each spent, round by round."""
    kept: list[list[Spent]] = [[] for _ in works]
    for _ in range(rounds):
        gc.collect()
        for work, spent in zip(works, kept, strict=True):
            spent.append(work())
    return tuple(tuple(spent) for spent in kept)


def timed(work: Callable[[], object]) -> Spent:
    wall, cpu = time.perf_counter(), _cpu()
    work()
    return Spent(time.perf_counter() - wall, _cpu() - cpu)


def _cpu() -> float:
    """Of this process and of those that it started and that have ended."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def _ratio(values: list[float]) -> Ratio:
    values = sorted(values)
    tenth = len(values) // 10
    return Ratio(statistics.median(values), values[tenth], values[-1 - tenth])
