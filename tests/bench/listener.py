"""Another device, in a process of its own: ``python -m tests.bench.listener DATABASE``.

It listens to the server that the database knows, and prints a line whenever more of the log is
here: where it ends, and when that was (a clock that all processes of the machine share).
"""

import gc
import sys
import time
from pathlib import Path
from threading import Event, Thread

from manchengo import SystemClock, Uuid7Ids
from manchengo.system import collect_seldom
from manchengo_sqlite import SqliteStore
from manchengo_sync.http import link_of
from manchengo_sync.worker import Worker
from tests.bench.workshop import ACTOR, KEY

LOOK_EVERY = 0.02


def main(path: Path) -> None:
    gc.disable()  # ends here, as in the command line: what exists by now is not looked through
    collect_seldom()
    stop = Event()
    with SqliteStore.open(path, key=KEY) as store, link_of(store) as link:
        worker = Worker(
            store=store, link=link, clock=SystemClock(), ids=Uuid7Ids(), user_id=ACTOR.user_id
        )
        Thread(target=_until_told, args=(stop,), daemon=True).start()
        Thread(target=_tell, args=(path, stop), daemon=True).start()
        worker.run(stop)


def _until_told(stop: Event) -> None:
    sys.stdin.read()
    stop.set()


def _tell(path: Path, stop: Event) -> None:
    with SqliteStore.open(path, key=KEY) as store:
        known = -1
        while not stop.wait(LOOK_EVERY):
            with store.reading() as snapshot:
                cursor = snapshot.cursor()
            if cursor != known:
                print(cursor, time.monotonic(), flush=True)
                known = cursor


if __name__ == "__main__":
    main(Path(sys.argv[1]))
