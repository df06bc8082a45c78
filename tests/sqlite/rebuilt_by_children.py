"""A rebuild of which children make every part, killed in the middle: a process of its own."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from manchengo_sqlite import SqliteStore, child_process, making_apart
from tests.sqlite.witness import KEY
from tests.support.given import open_dairy

PARTS_WRITTEN = 3


def all_made_by_children(patch: Any) -> None:
    """``patch`` has ``setattr``. However small the database is, this process makes no part that a
    child can make; parts are small.
    """
    patch.setattr(child_process, "WORTH_IT", 0)
    patch.setattr(child_process, "processors", lambda: 3)
    patch.setattr(making_apart, "EVENTS_AT_ONCE", 5)
    patch.setattr(making_apart._Work, "_make_or_wait", lambda work: work._take(*work.told.get()))


class _ForGood:
    setattr = staticmethod(setattr)


def main(path: Path) -> None:
    all_made_by_children(_ForGood)
    pids: list[int] = []
    opened = child_process.ChildProcess.open

    def noted(child: child_process.ChildProcess, file: Any) -> None:
        pids.append(child.process.pid)
        opened(child, file)

    _ForGood.setattr(child_process.ChildProcess, "open", noted)
    steps = 0

    def step(_: int, __: int) -> None:
        nonlocal steps
        steps += 1
        if steps == PARTS_WRITTEN:
            print(*pids, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    with SqliteStore.open(path, key=KEY) as store:
        open_dairy(store).rebuild(progress=step)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
