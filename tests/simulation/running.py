"""One seed from the beginning to the end, and how it came out."""

import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

from attrs import frozen

from tests.simulation.promises import check
from tests.simulation.world import Broken, World


@frozen
class Outcome:
    """``broken``: the promise that was not kept, "" when all were. ``seconds``: of processor."""

    seed: int
    broken: str
    how: str
    story: str
    seconds: float

    @property
    def again(self) -> str:
        """What to type to see it happen."""
        return f"python3 dev.py simulate --seed {self.seed}"

    def __str__(self) -> str:
        return f"{self.story}\n\nseed {self.seed}: {self.broken}\n{self.how}\n\n{self.again}"


CRASHED = "the program stumbled"


def run(seed: int) -> Outcome:
    begun = time.process_time()
    world = World.of(seed)
    broken = how = ""
    try:
        world.run()
        check(world)
    except Broken as found:
        broken, how = found.promise, found.how
    except Exception:  # whatever it is, the story says how it came about
        broken, how = CRASHED, traceback.format_exc()
    finally:
        world.close()
    return Outcome(seed, broken, how, str(world.story), time.process_time() - begun)


def run_all(seeds: Iterable[int], *, at_once: int | None = None) -> Iterator[Outcome]:
    """Each on one core, as they come."""
    with ProcessPoolExecutor(at_once) as pool:
        yield from pool.map(run, seeds, chunksize=2)
