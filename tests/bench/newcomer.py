"""A new device, in a process of its own: ``python -m tests.bench.newcomer DATABASE``.

It takes the snapshot of the server that the database knows, and prints as JSON what that took: of
the clock, of the CPU in seconds, of memory in bytes.
"""

import gc
import json
import sys
import time
from pathlib import Path

from manchengo import SystemClock, Uuid7Ids
from manchengo.application.unit_of_work import StateCache
from manchengo.system import collect_seldom
from manchengo_sqlite import SqliteStore
from manchengo_sync.http import link_of
from manchengo_sync.snapshot import start
from tests.bench.child import peak
from tests.bench.workshop import ACTOR, KEY


def main(path: Path) -> None:
    gc.disable()  # ends here, as in the command line: what exists by now is not looked through
    collect_seldom()
    with SqliteStore.open(path, key=KEY) as store, link_of(store) as link:
        began, used = time.perf_counter(), time.process_time()
        started = start(
            store,
            link,
            clock=SystemClock(),
            ids=Uuid7Ids(),
            state_cache=StateCache(),
            user_id=ACTOR.user_id,
        )
        assert started.whole, started.why
        print(
            json.dumps(
                {
                    "entries": started.applied.received,
                    "seconds": time.perf_counter() - began,
                    "cpu": time.process_time() - used,
                    "peak": peak(),
                }
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
