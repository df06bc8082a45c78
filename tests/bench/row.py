"""What a row of the table says, and what it may cost.

Only ratios decide, taken in one run between two things that took turns: the machine may be slow,
shared or busy, but it is so for both.
"""

from collections.abc import Callable
from cProfile import Profile
from pathlib import Path
from pstats import Stats

from attrs import field, frozen

from tests.bench.in_turn import Rounds


@frozen
class AtLeast:
    """Our rate over the other's; more is better."""

    bound: float

    def kept(self, value: float) -> bool:
        return value >= self.bound

    def __str__(self) -> str:
        return f"≥ {self.bound:g}"


@frozen
class AtMost:
    """Our time over the other's, or a figure with a ceiling of its own; less is better."""

    bound: float
    unit: str = ""

    def kept(self, value: float) -> bool:
        return value <= self.bound

    def __str__(self) -> str:
        return f"≤ {self.bound:g}{self.unit}"


Budget = AtLeast | AtMost


@frozen(kw_only=True)
class Finding:
    """One line of the table. Without ``ours`` nothing was measured, and ``note`` says why.

    ``ours`` and ``beside`` are for people; ``value`` is compared with ``budget``, ``lowest`` and
    ``highest`` are its spread over the rounds; ``by_cpu`` is the same ratio in CPU time, which a
    busy disk or neighbour disturbs less. ``figures`` go to the JSON file.
    """

    name: str
    ours: str = ""
    beside: str = ""
    value: float | None = None
    lowest: float | None = None
    highest: float | None = None
    by_cpu: float | None = None
    budget: Budget | None = None
    note: str = ""
    figures: dict[str, float] = field(factory=dict)

    @property
    def missed(self) -> bool:
        if self.budget is None or self.value is None:
            return False
        return not self.budget.kept(self.value)

    @property
    def verdict(self) -> str:
        if not self.ours:
            return "skipped"
        if self.budget is None or self.value is None:
            return ""
        return "missed" if self.missed else "ok"


@frozen(kw_only=True)
class Setting:
    """How much to measure, and where files may be made.

    ``lots``: how many the larger of two databases holds, in which lots are looked up. ``size``: of
    the big database, in bytes.
    """

    folder: Path
    quick: bool
    lots: int
    size: int

    def a_folder(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir(parents=True, exist_ok=True)
        return made


@frozen(kw_only=True)
class Row:
    """Some work, how to measure it, and how to see where its time goes."""

    name: str
    about: str
    measure: Callable[[Setting], list[Finding]]
    profiled: Callable[[Setting], Stats]


def stats_of(work: Callable[[], object]) -> Stats:
    with Profile() as profile:
        work()
    return Stats(profile)


def compared_by_rate(
    name: str, rounds: Rounds, count: int, unit: str, budget: Budget | None, *, note: str = ""
) -> Finding:
    """Our rate over the other's, where each round did ``count`` of ``unit``."""
    ours, beside = count / rounds.our_median(), count / rounds.other_median()
    return Finding(
        name=name,
        ours=f"{ours:,.0f} {unit}",
        beside=f"{beside:,.0f} {unit}",
        value=rounds.rate.middle,
        lowest=rounds.rate.lowest,
        highest=rounds.rate.highest,
        by_cpu=rounds.cpu_rate,
        budget=budget,
        note=note,
        figures={"ours_per_second": ours, "beside_per_second": beside},
    )


def compared_by_time(
    name: str, rounds: Rounds, budget: Budget | None, *, note: str = ""
) -> Finding:
    """Our time over the other's, for the same work."""
    ours, beside = rounds.our_median(), rounds.other_median()
    return Finding(
        name=name,
        ours=readable(ours),
        beside=readable(beside),
        value=rounds.time.middle,
        lowest=rounds.time.lowest,
        highest=rounds.time.highest,
        by_cpu=rounds.cpu_time,
        budget=budget,
        note=note,
        figures={"ours_seconds": ours, "beside_seconds": beside},
    )


def within(name: str, rounds: Rounds, budget: AtMost, *, note: str = "") -> Finding:
    """Our time itself, in milliseconds, where a person waits for it. What other programs take of
    the machine is in it; the CPU time, beside it, says how much that may be.
    """
    ours, beside = rounds.ours_alone, rounds.other_median()
    return Finding(
        name=name,
        ours=f"{readable(ours.middle)}, CPU {readable(rounds.our_cpu)}",
        beside=readable(beside),
        value=1_000 * ours.middle,
        lowest=1_000 * ours.lowest,
        highest=1_000 * ours.highest,
        by_cpu=rounds.cpu_time,
        budget=budget,
        note=note,
        figures={
            "ours_seconds": ours.middle,
            "ours_cpu_seconds": rounds.our_cpu,
            "beside_seconds": beside,
        },
    )


def readable(seconds: float) -> str:
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.1f} ms"
    return f"{seconds:.2f} s"
