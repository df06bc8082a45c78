"""A fault that somebody could put into the replication one day, and the promise that it breaks.

A promise that no fault can break is only a wish. The lists follow the code; ``tests.mutants`` runs
them, each in a process that loads the program with the fault.
"""

from attrs import frozen

from tests.mutants.source import Change

FEW_SEEDS = 40


@frozen(kw_only=True)
class Mutant:
    """``breaks``: the number of the promise that does not hold, or of any of several.
    ``scenario``: the one that notices; "" where random seeds do, with what is ``given``, of which
    ``first_seed`` is the first that is tried.
    """

    name: str
    changes: tuple[Change, ...]
    breaks: str
    scenario: str = ""
    given: tuple[str, ...] = ()
    first_seed: int = 1
    needs_postgres: bool = False

    def succeeds(self) -> bool:
        """Print the story of the first seed that notices; whether the promise named is broken."""
        # Only now: the program must be loaded with the changes.
        from tests.simulation import running
        from tests.support.postgres import postgres

        if self.needs_postgres:
            postgres()  # or this is skipped, as all that needs it
        if self.scenario:
            outcomes = iter([running.run_scenario(self.scenario)])
        else:
            seeds = range(self.first_seed, self.first_seed + FEW_SEEDS)
            outcomes = (running.run(seed, *self.given) for seed in seeds)
        for outcome in outcomes:
            if outcome.broken:
                print(f"{outcome}\n\n{outcome.name} notices: {outcome.broken}")
                return outcome.broken.split(" ")[0] in self.breaks.split(" ")
        print("nobody notices")
        return False
