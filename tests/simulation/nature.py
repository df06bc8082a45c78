"""How hard a seed is on everybody: drawn once, so that some runs are calm and some are awful."""

from random import Random
from typing import Any

from attrs import frozen

from tests.simulation.programs import UPGRADES, Program


@frozen(kw_only=True)
class Nature:
    """``page``: how many entries an answer holds. ``on_files``: how many of the nodes, the server
    first, keep a real database; ``postgres``: the server keeps its own in PostgreSQL. ``http``:
    messages travel as HTTP; ``strict``: there nobody may ask often. ``only_files``: nobody has a
    network but to join. ``ahead``: who has much to say sends page after page of it. The rest are
    chances: of a message, a write, a step.
    """

    devices: int
    steps: int
    on_files: int
    page: int
    work: float
    lose: float
    cut: float
    stale: float
    part: float
    die: float
    restore: float
    restore_server: float
    clone: float
    poison: float
    lock_out: float
    join: float
    jump: float
    upgrade: tuple[Program, Program] | None
    http: bool
    portal: float
    strict: bool
    files: float
    only_files: bool
    postgres: bool
    sever: float
    ahead: bool
    lie: float
    forge: float
    two_histories: float
    rewrite: float
    mend: float

    @classmethod
    def of(cls, random: Random) -> "Nature":
        hard = random.choice((0.0, 0.5, 1.0, 1.0, 2.0))

        def chance(often: float, *, seeds: float = 0.6) -> float:
            """In so many seeds it happens at all."""
            return often * hard if random.random() < seeds else 0.0

        devices = random.choice((2, 2, 3, 3, 4, 5))
        return cls(
            devices=devices,
            steps=random.randrange(40, 121),
            on_files=random.choice((0,) * 16 + (1, 2, 2, devices + 1)),
            page=random.choice((1, 2, 3, 5, 10, 50)),
            work=random.choice((0.6, 0.75, 0.9)),
            lose=chance(0.15, seeds=0.8),
            cut=chance(0.05),
            stale=chance(0.05),
            part=chance(0.04),
            die=chance(0.06),
            restore=chance(0.03),
            restore_server=chance(0.02),
            clone=chance(0.015, seeds=0.4),
            poison=chance(0.03, seeds=0.4),
            lock_out=chance(0.02),
            join=chance(0.01),
            jump=chance(0.03),
            upgrade=random.choice(UPGRADES) if random.random() < 0.35 else None,
            http=random.random() < 0.2,
            portal=chance(0.12),
            strict=random.random() < 0.2,
            files=chance(0.1, seeds=0.3),
            only_files=random.random() < 0.1,
            postgres=False,
            sever=chance(0.1, seeds=0.8),
            ahead=random.random() < 0.3,
            lie=0.0,
            forge=0.0,
            two_histories=0.0,
            rewrite=0.0,
            mend=0.0,
        )

    @property
    def is_founded(self) -> bool:
        """The plant begins with a genesis; where none does, people may sign or not."""
        return bool(self.forge or self.rewrite)

    @property
    def everybody_signs(self) -> bool:
        return bool(self.is_founded or self.two_histories)

    @classmethod
    def calm(cls, devices: int) -> "Nature":
        """Nothing befalls anybody but what is done to them."""
        return cls(
            devices=devices,
            steps=0,
            on_files=0,
            page=50,
            work=0.0,
            lose=0.0,
            cut=0.0,
            stale=0.0,
            part=0.0,
            die=0.0,
            restore=0.0,
            restore_server=0.0,
            clone=0.0,
            poison=0.0,
            lock_out=0.0,
            join=0.0,
            jump=0.0,
            upgrade=None,
            http=False,
            portal=0.0,
            strict=False,
            files=0.0,
            only_files=False,
            postgres=False,
            sever=0.0,
            ahead=False,
            lie=0.0,
            forge=0.0,
            two_histories=0.0,
            rewrite=0.0,
            mend=0.0,
        )


GIVEN: dict[str, dict[str, Any]] = {
    "ahead": {"ahead": True},
    "http": {"http": True},
    "files": {"files": 0.15},
    "postgres": {"postgres": True},
    "files-alone": {"only_files": True},
    "lies": {"lie": 0.3, "http": False},
    "histories": {
        "two_histories": 0.06,
        "http": False,
        "only_files": False,
        "files": 0.0,
        "restore_server": 0.0,
        "upgrade": None,
    },
    "forgeries": {"forge": 0.15, "http": False, "restore_server": 0.0},
    "mending": {
        "mend": 0.03,
        "http": False,
        "only_files": False,
        "restore_server": 0.0,
        "upgrade": None,
    },
    "rewritings": {"rewrite": 0.2, "http": False, "only_files": False, "restore_server": 0.0},
}
"""What may be asked of a seed that chance gave otherwise."""
