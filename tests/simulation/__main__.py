"""Devices, server, network and disks, under any number of seeds.

    python3 dev.py simulate                   two hundred seeds
    python3 dev.py simulate --seeds 5000      as many as these, on all cores
    python3 dev.py simulate --start 5001      others than the first
    python3 dev.py simulate --seed 17         one, and its story
    python3 dev.py simulate --scenario "two copies of one database go on"
                                              a story that somebody wrote down
    python3 dev.py simulate --with postgres   with that, which is else left to chance or left out;
                                              said twice, with both

The code is 1 where a promise was not kept; each such seed is named with what it takes to see it
again, and the first one's story is printed.
"""

import argparse
import logging
import sys
from collections.abc import Sequence

import pytest

from tests.simulation.nature import GIVEN
from tests.simulation.running import run, run_all, run_scenario
from tests.simulation.scenarios import SCENARIOS


def main(words: list[str]) -> int:
    options = argparse.ArgumentParser(
        prog="simulate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seeds", type=int, default=200, help="how many")
    options.add_argument("--start", type=int, default=1, help="the first of them")
    options.add_argument("--seed", type=int, help="this one alone")
    options.add_argument(
        "--scenario", choices=SCENARIOS, metavar="SCENARIO", help="this scenario alone"
    )
    options.add_argument(
        "--with",
        dest="given",
        choices=GIVEN,
        action="append",
        default=[],
        help="not left to chance",
    )
    args = options.parse_args(words)
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # connections are cut here on purpose
    try:
        return simulate(args)
    except pytest.skip.Exception as missing:  # there is no PostgreSQL here
        print(missing)
        return 3


def simulate(args: argparse.Namespace) -> int:
    if args.seed is not None or args.scenario is not None:
        outcome = (
            run(args.seed, *args.given) if args.scenario is None else run_scenario(args.scenario)
        )
        print(outcome if outcome.broken else f"{outcome.story}\n\nEvery promise was kept.")
        return int(bool(outcome.broken))
    return campaign(range(args.start, args.start + args.seeds), args.given)


def campaign(seeds: range, given: Sequence[str]) -> int:
    failed, seconds = 0, 0.0
    for outcome in run_all(seeds, given):
        seconds += outcome.seconds
        if outcome.broken:
            failed += 1
            print(outcome if failed == 1 else _in_short(outcome.broken, outcome.again), flush=True)
    print(f"{failed} of {len(seeds)} seeds failed; {seconds:.0f} s of processor.")
    return int(bool(failed))


def _in_short(broken: str, again: str) -> str:
    return f"{again}    # {broken}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
