"""A campaign: as many kills as one likes, at random moments of everything that writes.

    python3 dev.py kill                 a thousand kills
    python3 dev.py kill 20000 --seed 7  twenty thousand, at other moments

Nine in ten fall on a day's work, the others on what takes a while: imports, undoing, rebuilding,
migrating, backups. The first promise broken ends it (exit code 1): what went wrong is told, with
the folder where the database is kept as it was found. A seed chooses the moments, yet not to the
microsecond: to see a failure again may take more kills than one.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.faults.killing import STEPS, Campaign, Interrupted

ROUND = 100


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py kill", description=__doc__)
    parser.add_argument("kills", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    args = parser.parse_args(words)
    seed = random.randrange(10**6) if args.seed is None else args.seed
    folder = Path(tempfile.mkdtemp(prefix="manchengo-kill-"))
    print(f"{args.kills} kills, --seed {seed}", flush=True)
    try:
        kill(args.kills, random.Random(seed), folder)
    except Exception:
        traceback.print_exc()
        print(f"A promise was broken. The database is in {folder}; --seed {seed}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


def kill(kills: int, chance: random.Random, folder: Path) -> None:
    began, done = time.monotonic(), 0
    writers = Campaign(folder, chance)
    steps = Interrupted(folder, chance)
    while done < kills:
        some = min(ROUND, kills - done)
        on_a_step = some // 10
        writers.run(writers.kills + some - on_a_step)
        if on_a_step:
            name = list(STEPS)[done // ROUND % len(STEPS)]
            scratch = Path(tempfile.mkdtemp(dir=folder))
            steps.folder = scratch
            steps.at_any_moment(on_a_step, *STEPS[name])
            shutil.rmtree(scratch)
        done += some
        print(summary(writers, steps, done, time.monotonic() - began), flush=True)


def summary(writers: Campaign, steps: Interrupted, done: int, seconds: float) -> str:
    return (
        f"{done} kills in {seconds:.0f} s: {writers.acknowledged} commands acknowledged, none"
        f" lost; {writers.unanswered} recorded and not yet acknowledged; {writers.torn} in the"
        f" middle of a write; of the long steps {steps.before} undone, {steps.after} done"
    )


if __name__ == "__main__":
    sys.exit(main())
