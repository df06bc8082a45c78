"""One seed from the beginning to the end, and how it came out."""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

from attrs import frozen

from tests.simulation.lives import by_chance, live
from tests.simulation.promises import check
from tests.simulation.scenarios import SCENARIOS
from tests.simulation.world import Broken, World


@frozen
class Outcome:
    """``broken``: the promise that was not kept, "" when all were. ``again``: what to type to see
    it happen. ``seconds``: of processor.
    """

    name: str
    again: str
    broken: str
    how: str
    story: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.story}\n\n{self.name}: {self.broken}\n{self.how}\n\n{self.again}"


CRASHED = "0 the program does not stumble"


def run(seed: int) -> Outcome:
    """As chance has it."""
    return _outcome(f"seed {seed}", f"--seed {seed}", lambda: by_chance(seed))


def tell(scenario: str) -> Outcome:
    """As somebody wrote it down; chance has no part in it."""
    return _outcome(scenario, f'--tell "{scenario}"', SCENARIOS[scenario])


def _outcome(name: str, words: str, begin: Callable[[], World]) -> Outcome:
    begun = time.process_time()
    world: World | None = None
    broken = how = ""
    try:
        world = begin()
        live(world)
        check(world)
    except Broken as found:
        broken, how = found.promise, found.how
    except Exception:  # whatever it is, the story says how it came about
        broken, how = CRASHED, traceback.format_exc()
    finally:
        if world is not None:
            world.close()
    story = str(world.story) if world is not None else ""
    again = f"python3 dev.py simulate {words}"
    return Outcome(name, again, broken, how, story, time.process_time() - begun)


def run_all(seeds: Iterable[int], *, at_once: int | None = None) -> Iterator[Outcome]:
    """Each on one core, as they come."""
    with ProcessPoolExecutor(at_once) as pool:
        yield from pool.map(run, seeds, chunksize=2)
