"""Break one rule after the other on purpose: those who should notice must.

    python3 dev.py mutants                    all of them, on all cores
    python3 dev.py mutants NAME ...           those whose names begin so, and what was said of each
    python3 dev.py mutants --source WHERE     a definition as the lists of mutants quote it

The code is 1 where a mutant survived, or where a test that should notice one fails without it.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from tests.mutants.every_mutant import EVERY_MUTANT
from tests.mutants.mutant import AsItIs, Mutant, Trial
from tests.mutants.running import Outcome, Result, run_all
from tests.mutants.source import NotFoundOnce, definition

WORDS = {Result.SUCCEEDED: "as expected", Result.FAILED: "NOT NOTICED", Result.SKIPPED: "skipped"}


def main(words: list[str]) -> int:
    options = argparse.ArgumentParser(
        prog="mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--source", metavar="WHERE")
    options.add_argument("--at-once", type=int, metavar="N", help="as many processes as this")
    args = options.parse_args(words)
    if args.source:
        return quote(args.source)
    mutants = [each for each in EVERY_MUTANT if each.name.startswith(tuple(args.names) or "")]
    if not mutants:
        options.error("no mutant has a name that begins so")
    began = time.monotonic()
    outcomes = []
    for outcome in run_all([*as_it_is(mutants), *mutants], at_once=args.at_once):
        outcomes.append(outcome)
        show(outcome, in_full=bool(args.names))
    print(f"\n{len(mutants)} mutants, {time.monotonic() - began:.0f} s")
    return summary(outcomes)


def quote(where: str) -> int:
    """Print the definition of that name; 1 where there is none, or several."""
    try:
        print(definition(where).text)
    except NotFoundOnce as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def as_it_is(mutants: Sequence[Trial]) -> tuple[AsItIs, ...]:
    tests = dict.fromkeys(each.killed_by for each in mutants if isinstance(each, Mutant))
    return (AsItIs(tuple(tests)),) if tests else ()


def show(outcome: Outcome, *, in_full: bool) -> None:
    if in_full:
        print(f"{outcome.output}\n{outcome.name}: {WORDS[outcome.result]}\n")
    else:
        print(
            {Result.SUCCEEDED: ".", Result.FAILED: "F", Result.SKIPPED: "s"}[outcome.result], end=""
        )
    sys.stdout.flush()


def summary(outcomes: Sequence[Outcome]) -> int:
    """Name those that survived with what was said, and those that were skipped with the reason."""
    for outcome in outcomes:
        if outcome.result is Result.FAILED:
            print(f"\n{outcome.output}\n{WORDS[outcome.result]}: {outcome.name}")
        elif outcome.result is Result.SKIPPED:
            print(f"{WORDS[outcome.result]}: {outcome.name}: {outcome.output}")
    return int(any(outcome.result is Result.FAILED for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
