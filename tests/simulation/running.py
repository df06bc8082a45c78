"""One seed from the beginning to the end, and how it came out."""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from itertools import repeat

from attrs import frozen

from tests.simulation.lives import by_chance, live
from tests.simulation.promises import check, everywhere
from tests.simulation.scenarios import SCENARIOS
from tests.simulation.world import Broken, World


@frozen
class Outcome:
    """``broken``: the promise that was not kept, "" when all were. ``again``: what to type to see
    it happen. ``digest``: of the story and of every log, byte by byte. ``seconds``: of processor.
    """

    name: str
    again: str
    broken: str
    how: str
    story: str
    digest: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.story}\n\n{self.name}: {self.broken}\n{self.how}\n\n{self.again}"


CRASHED = "0 the program does not stumble"


def run(seed: int, *given: str) -> Outcome:
    """As chance has it, but for what is ``given``."""
    words = " ".join([f"--seed {seed}", *(f"--with {each}" for each in given)])
    return _outcome(f"seed {seed}", words, lambda: by_chance(seed, given=given))


def run_scenario(scenario: str) -> Outcome:
    """As somebody wrote it down; chance has no part in it."""
    return _outcome(scenario, f'--scenario "{scenario}"', SCENARIOS[scenario])


def _outcome(name: str, words: str, begin: Callable[[], World]) -> Outcome:
    begun = time.process_time()
    world: World | None = None
    broken = how = digest = ""
    try:
        world = begin()
        live(world)
        check(world)
        digest = digest_of(world)
    except Broken as found:
        broken, how = found.promise, found.how
    except Exception:  # whatever it is, the story says how it came about
        broken, how = CRASHED, traceback.format_exc()
    finally:
        if world is not None:
            world.close()
    story = str(world.story) if world is not None else ""
    again = f"python3 dev.py simulate {words}"
    return Outcome(name, again, broken, how, story, digest, time.process_time() - begun)


def digest_of(world: World) -> str:
    hasher = sha256(str(world.story).encode())
    for _, disk in everywhere(world):
        with disk.store.reading() as snapshot:
            hasher.update(snapshot.log_hash())
    return hasher.hexdigest()


def run_all(
    seeds: Iterable[int], given: Sequence[str] = (), *, at_once: int | None = None
) -> Iterator[Outcome]:
    """Each on one core, as they come; with PostgreSQL one by one, which is a process beside."""
    if "postgres" in given:
        yield from (run(seed, *given) for seed in seeds)
        return
    with ProcessPoolExecutor(at_once) as pool:
        yield from pool.map(_run, seeds, repeat(given), chunksize=2)


def _run(seed: int, given: Sequence[str]) -> Outcome:
    return run(seed, *given)
