"""All faults that the simulation must notice, each with the promise it breaks.

    python -m tests.simulation.mutants "No guard"      the story of the first seed that notices

What a mutant says is what would then be true of the dairy. The list follows the code.
"""

import sys

from tests.simulation.mutant import Mutant, install
from tests.simulation.mutants_of_the_log import OF_THE_LOG
from tests.simulation.mutants_of_the_way import OF_THE_WAY

MUTANTS: tuple[Mutant, ...] = (*OF_THE_LOG, *OF_THE_WAY)

FEW_SEEDS = 40


def main(words: list[str]) -> int:
    """``NAME``. The last line says who noticed, and which promise was broken."""
    mutant = next(each for each in MUTANTS if each.name.startswith(words[0]))
    install(mutant)
    from tests.simulation import running

    outcomes = [mutant.told] if mutant.told else range(1, FEW_SEEDS + 1)
    for each in outcomes:
        outcome = running.tell(each) if isinstance(each, str) else running.run(each, *mutant.given)
        if outcome.broken:
            print(f"{outcome}\n\n{each} notices: {outcome.broken}")
            return 1
    print("nobody notices")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
