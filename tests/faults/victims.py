"""What a process does while it waits to be killed, saying what it has been promised.

Run in processes of their own by ``killing``; what they say goes over a pipe.
"""

import time
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from manchengo import Manchengo, Uuid7Ids
from manchengo.commands import ChangeProduct
from manchengo.domain.ids import CommitId
from manchengo.domain.lot.rules import NotEnoughInLot
from manchengo.domain.production_order import NotEnoughMaterials
from manchengo_files import importer
from manchengo_sqlite import (
    SqliteStore,
    backup_additions,
    fair_file_lock,
    incremental_backup,
    keys,
)
from manchengo_sqlite.backup import backup, restore
from manchengo_sqlite.driver import connect
from tests.faults import newcomer
from tests.faults.hardship import die_at_byte
from tests.faults.office import bring_in
from tests.faults.plant import do, import_lots, plant, undo_import
from tests.sqlite.witness import KEY
from tests.support.cheap_keys import CHEAP
from tests.support.dairy import (
    CHEESE,
    an_id,
    dinars,
    kg,
    litres,
    made,
    received,
    written_off,
)
from tests.support.given import BOSS

OLD_PHRASE, NEW_PHRASE = "phrase de passe ancienne", "phrase de passe nouvelle"

GO, DONE = "go", "done"

ROWS_AT_ONCE = 40
EVENTS_AT_ONCE = 50


def work(words: Connection, path: Path, start: int, rest: int | None, limit: int | None) -> None:
    """Go through the day from command ``start`` on, saying each number once it is acknowledged.

    ``rest``: close the database after that many commands, and open it again, so that its log is
    folded in. ``limit``: no file grows beyond.
    """
    if limit is not None:
        die_at_byte(limit)
    numbers = count(start)
    while True:
        with plant(path) as dairy:
            for number in numbers:
                do(dairy, number)
                words.send(number)
                if rest is not None and (number + 1) % rest == 0:
                    break


def bring_in_batch(words: Connection, path: Path, rows: int) -> None:
    with plant(path) as dairy:
        words.send(GO)
        import_lots(dairy, rows)
        words.send(DONE)


def bring_in_file(words: Connection, path: Path, file: Path) -> None:
    """As the command does it: many transactions, one after the other."""
    importer.CHUNK = ROWS_AT_ONCE
    with plant(path) as dairy:
        words.send(GO)
        came = bring_in(dairy, "lots", file, actor=BOSS, ids=Uuid7Ids())
        assert came is not None
        words.send(DONE)


def take_out(words: Connection, path: Path) -> None:
    with plant(path) as dairy:
        words.send(GO)
        undo_import(dairy)
        words.send(DONE)


def rebuild(words: Connection, path: Path) -> None:
    with plant(path) as dairy:
        words.send(GO)
        dairy.rebuild()
        words.send(DONE)


def make(words: Connection, path: Path) -> None:
    words.send(GO)
    with SqliteStore.open(path, key=KEY, create=True):
        words.send(DONE)


def back_up(words: Connection, path: Path, to: Path) -> None:
    with SqliteStore.open(path, key=KEY) as store:
        words.send(GO)
        backup(store.engine, to)
        words.send(DONE)


def change_the_passphrase(words: Connection, path: Path) -> None:
    words.send(GO)
    keys.change_passphrase(path, old=OLD_PHRASE, new=NEW_PHRASE, cost=CHEAP)
    words.send(DONE)


def begin_to_sign(words: Connection, path: Path, code: str) -> None:
    with SqliteStore.open(path, key=KEY) as store:
        words.send(GO)
        newcomer.begin(store, path, code)
        words.send(DONE)


def bring_up_to_date(words: Connection, path: Path, to: Path) -> None:
    backup_additions.AT_ONCE = EVENTS_AT_ONCE
    with SqliteStore.open(path, key=KEY) as store:
        words.send(GO)
        incremental_backup.refresh(store.engine, to)
        words.send(DONE)


def bring_half_up_to_date(words: Connection, path: Path, to: Path) -> None:
    """Stop when nearly all was added, and wait there for the end."""

    def stop(done: int, events: int) -> None:
        if done > events * 3 // 4:
            words.send((done, events))
            time.sleep(600)

    backup_additions.AT_ONCE = EVENTS_AT_ONCE
    vars(incremental_backup)["connect"] = with_little_memory
    with SqliteStore.open(path, key=KEY) as store:
        incremental_backup.refresh(store.engine, to, progress=stop)


def with_little_memory(path: Path, key: bytes | None, *, how: str) -> Any:
    """SQLite writes to the file long before the end of its transaction."""
    connection = connect(path, key, how=how)
    connection.execute("PRAGMA cache_size = 20")
    return connection


def back_up_half(words: Connection, path: Path, to: Path) -> None:
    """Stop in the middle of the copy, and wait there for the end."""

    def stop(copied: int, pages: int) -> None:
        words.send((copied, pages))
        time.sleep(600)

    with SqliteStore.open(path, key=KEY) as store:
        backup(store.engine, to, progress=stop)


def put_back(words: Connection, source: Path, path: Path) -> None:
    words.send(GO)
    restore(source, path, key=KEY)
    words.send(DONE)


# ---------------------------------------------------------------- and while it is left alive


def import_in_batches(words: Connection, path: Path, batches: int, size: int) -> None:
    """One transaction after the other, without a pause, as a long import does."""
    with plant(path, device=2) as dairy:
        words.send(GO)
        for number in range(batches):
            with dairy.batch() as batch:
                for row in range(size):
                    name = f"import {number}-{row}"
                    asked = received(name, litres(10))
                    batch.execute(asked, command_id=CommitId(an_id(name)))
        words.send(DONE)


def keep_asking(words: Connection, path: Path, commands: int) -> None:
    """A clerk's commands; for each, how many of others' came once the clerk stood in line."""
    with plant(path, device=1) as dairy:
        in_line: list[int] = []
        lock = fair_file_lock.lock

        def watched(descriptor: int, byte: int) -> None:
            lock(descriptor, byte)
            if byte == fair_file_lock.DOOR:
                in_line.append(head(dairy))

        fair_file_lock.lock = watched
        words.send(GO)
        for number in range(commands):
            commit = do(dairy, number)
            with dairy.store.reading() as snapshot:
                since = [each.id for each in snapshot.commits()][in_line[-1] :]
            words.send(since.index(commit.id))
        words.send(DONE)


def head(dairy: Manchengo) -> int:
    with dairy.store.reading() as snapshot:
        return snapshot.head()


def pour_all(words: Connection, path: Path, device: int, together: Any) -> None:
    """Make cheese, and spill, as long as there is milk; how many litres of it were taken."""
    with plant(path, device=device) as dairy:
        together.wait()
        taken = 0
        for number in count():
            make = number % 3 > 0
            asked = made(f"{device}-{number}", kg(1)) if make else written_off("the lot", litres(1))
            try:
                dairy.execute(asked)
            except NotEnoughMaterials:
                continue
            except NotEnoughInLot:
                break
            taken += 10 if make else 1
        words.send(taken)


def change_the_price(words: Connection, path: Path, device: int, times: int, together: Any) -> None:
    """Each process changes the same product again and again."""
    with plant(path, device=device) as dairy:
        together.wait()
        for number in range(times):
            price = dinars(10_000 * device + number)
            dairy.execute(ChangeProduct(product_id=CHEESE, price=price))
        words.send(DONE)
