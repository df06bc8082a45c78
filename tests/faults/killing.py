"""Kill a process at any moment, and see that what it was promised still stands (P3).

Nothing here depends on *when* the kill comes: whatever was acknowledged must be there, whatever was
not is there whole or not at all.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from manchengo import Manchengo, Uuid7Ids
from manchengo.ports.rows import RawLotRow
from manchengo_sqlite import SqliteStore, keys
from manchengo_sqlite.backup import backup, restore
from manchengo_sqlite.errors import WrongKey
from manchengo_sqlite.incremental_backup import refresh
from manchengo_sync.signed_log import SignedLog
from tests.faults import newcomer, victims
from tests.faults.office import bring_in
from tests.faults.plant import (
    BEFORE_THE_DAY,
    command_id,
    do,
    import_lots,
    imported,
    new_plant,
    page_check,
    plant,
    undo_import,
)
from tests.sqlite.witness import KEY
from tests.support.cheap_keys import CHEAP
from tests.support.fork_server import FORK_SERVER, HAS_FORK_SERVER
from tests.support.given import BOSS
from tests.support.patience import PATIENCE


@define
class Victim:
    """A process at work, and what it has said so far."""

    process: Any
    words: Connection
    heard: list[Any] = field(factory=list)

    def listen(self) -> Any:
        """The next thing it says; None when it is over."""
        assert self.words.poll(PATIENCE), "the process is stuck"
        try:
            self.heard.append(self.words.recv())
        except EOFError:
            return None
        return self.heard[-1]

    def kill(self) -> list[Any]:
        """As ``kill -9`` does; all that it had said until then."""
        self.process.kill()
        assert self.end() <= 0, "it came to grief before it was killed"
        return self.heard

    def end(self) -> int:
        """Let it come to its end; its exit code, below zero where a signal ended it."""
        while self.listen() is not None:
            pass
        self.process.join()
        return int(self.process.exitcode)


@contextmanager
def victim(task: Callable[..., None], *facts: Any, born: Any = FORK_SERVER) -> Iterator[Victim]:
    """A process that does the task; dead at the end, whatever happens."""
    ours, theirs = born.Pipe(duplex=False)
    process = born.Process(target=task, args=(theirs, *facts), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Victim(process, ours)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


# ---------------------------------------------------------------- a writer


@define
class Campaign:
    """A day's work, interrupted again and again. ``run`` says what happened, or fails."""

    folder: Path
    chance: random.Random
    kills_a_database: int = 25
    kills: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    torn: int = 0
    databases: int = 0

    def run(self, kills: int) -> None:
        while self.kills < kills:
            self.databases += 1
            path = new_plant(self.folder / f"plant {self.databases}.db")
            self._one_database(path, min(kills - self.kills, self.kills_a_database))
            path.unlink()

    def _one_database(self, path: Path, kills: int) -> None:
        acknowledged = 0
        for number in range(1, kills + 1):
            acknowledged = self._one_kill(path, acknowledged)
            # Not after every kill: the next process, too, must cope with what it finds.
            if number == kills or self.chance.random() < 0.5:
                standing = check_day(path, acknowledged)
                check_once_more(path, standing)
                self.unanswered += standing - acknowledged
        self.acknowledged += acknowledged

    def _one_kill(self, path: Path, acknowledged: int) -> int:
        """Work on from the last command that was acknowledged, until killed."""
        start = max(0, acknowledged - 1)
        rest = self.chance.choice([None, None, 3])
        torn = HAS_FORK_SERVER and self.chance.random() < 0.25
        limit = self.chance.randrange(40_000, 500_000) if torn else None
        with victim(victims.work, path, start, rest, limit) as worker:
            if torn:
                assert worker.end() < 0
                self.torn += 1
            else:
                for _ in range(self.chance.randrange(8)):
                    worker.listen()
                time.sleep(self.chance.uniform(0, 0.004))
                worker.kill()
            heard = worker.heard
        assert heard == list(range(start, start + len(heard)))
        self.kills += 1
        return max(acknowledged, start + len(heard))


def check_day(path: Path, acknowledged: int) -> int:
    """Everything acknowledged is there, once, and nothing else but what was asked last.

    The number of commands of the day that stand.
    """
    with plant(path) as dairy:
        return check_standing(dairy, acknowledged)


def check_standing(dairy: Manchengo, acknowledged: int) -> int:
    assert page_check(dairy) == []
    verdict = dairy.verify(SignedLog())
    assert verdict.sound, verdict
    standing = verdict.commits - len(BEFORE_THE_DAY)
    assert acknowledged <= standing <= acknowledged + 1
    ids = {command_id(number) for number in range(standing)}
    with dairy.store.reading() as snapshot:
        assert snapshot.known(ids) == ids
    return standing


def check_once_more(path: Path, standing: int) -> None:
    """What was asked last is asked again, as whoever got no answer does: it has one effect."""
    with plant(path) as dairy:
        for number in range(max(0, standing - 2), standing):
            assert do(dairy, number).id == command_id(number)
        check_standing(dairy, standing)


# ---------------------------------------------------------------- one long step


@define
class Interrupted:
    """One step that takes a while, killed at moments spread over the time it takes."""

    folder: Path
    chance: random.Random
    before: int = 0
    after: int = 0

    def at_any_moment(
        self,
        kills: int,
        prepare: Callable[[Path], tuple[Any, ...]],
        task: Callable[..., None],
        check: Callable[..., bool],
    ) -> None:
        """``prepare`` a folder, giving the facts of ``task``; ``check`` then says whether the task
        took place, having seen that it did whole or not at all.
        """
        ready = Ready.made(self.folder / f"{task.__name__} ready", prepare)
        span = self._span(ready, task)
        for number in range(kills):
            facts = ready.copied(self.folder / f"{task.__name__} {number}")
            with victim(task, *facts) as worker:
                assert worker.listen() == victims.GO
                time.sleep(self.chance.uniform(0, 1.1 * span))
                heard = worker.kill()
            happened = check(*facts)
            assert happened or victims.DONE not in heard, "what was promised is not there"
            self.after += happened
            self.before += not happened

    def _span(self, ready: "Ready", task: Callable[..., None]) -> float:
        facts = ready.copied(self.folder / f"{task.__name__} undisturbed")
        with victim(task, *facts) as worker:
            assert worker.listen() == victims.GO
            began = time.monotonic()
            assert worker.listen() == victims.DONE
            return time.monotonic() - began


@frozen
class Ready:
    """What a step needs, made once and copied for each time that the step is taken. ``facts``: of
    its task; the paths among them lie in ``folder``.
    """

    folder: Path
    facts: tuple[Any, ...]

    @classmethod
    def made(cls, folder: Path, prepare: Callable[[Path], tuple[Any, ...]]) -> "Ready":
        folder.mkdir()
        return cls(folder, prepare(folder))

    def copied(self, to: Path) -> tuple[Any, ...]:
        """The facts of the copy."""
        shutil.copytree(self.folder, to, dirs_exist_ok=True)
        return tuple(
            to / each.relative_to(self.folder) if isinstance(each, Path) else each
            for each in self.facts
        )


ROWS = 120


def a_plant(folder: Path) -> tuple[Path, int]:
    return new_plant(folder / "atelier.db"), ROWS


def check_import(path: Path, rows: int) -> bool:
    with plant(path) as dairy:
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        found = imported(dairy)
        assert found in (0, rows)
        import_lots(dairy, rows)
        assert imported(dairy) == rows
        verdict = dairy.verify(SignedLog())
        assert verdict.sound
        assert verdict.commits == len(BEFORE_THE_DAY) + rows + 2
    return found == rows


def a_plant_and_a_file(folder: Path) -> tuple[Path, Path]:
    file = folder / "lots.csv"
    lines = (f"row {n};LAIT;F01;05/01/2026;{10 + n % 7},5" for n in range(ROWS))
    header = "lot;produit;fournisseur;date_reception;quantite"
    file.write_text("\n".join([header, *lines, ""]), "utf-8")
    return new_plant(folder / "atelier.db"), file


def check_file(path: Path, file: Path) -> bool:
    """Whole chunks, from the first row on; the same file again brings in the others."""
    with plant(path) as dairy:
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        with dairy.store.reading() as snapshot:
            codes = {row.code for row in snapshot.rows(RawLotRow)}
        assert codes == {f"row {number}" for number in range(len(codes))}
        assert len(codes) % victims.ROWS_AT_ONCE == 0
        came = bring_in(dairy, "lots", file, actor=BOSS, ids=Uuid7Ids())
        assert came is not None
        assert (came[0].accepted, came[0].unchanged) == (ROWS - len(codes), len(codes))
        assert imported(dairy) == ROWS
        assert dairy.verify(SignedLog()).sound
    return len(codes) == ROWS


def an_imported_plant(folder: Path) -> tuple[Path]:
    path = new_plant(folder / "atelier.db")
    with plant(path) as dairy:
        import_lots(dairy, ROWS)
    return (path,)


def check_undo(path: Path) -> bool:
    with plant(path) as dairy:
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        found = imported(dairy)
        assert found in (0, ROWS)
        undo_import(dairy)
        assert imported(dairy) == 0
        assert dairy.verify(SignedLog()).sound
    return found == 0


def a_busy_plant(folder: Path) -> tuple[Path]:
    (path,) = an_imported_plant(folder)
    with plant(path) as dairy:
        for number in range(20):
            do(dairy, number)
    return (path,)


def check_rebuild(path: Path) -> bool:
    with plant(path) as dairy:
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        assert imported(dairy) == ROWS
    return True  # what it leaves is what was there


def no_plant(folder: Path) -> tuple[Path]:
    return (folder / "atelier.db",)


def check_making(path: Path) -> bool:
    made = path.exists()
    with plant(path, create=True) as dairy:
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        for asked in BEFORE_THE_DAY:
            dairy.execute(asked)
    return made


def a_plant_and_a_place(folder: Path) -> tuple[Path, Path]:
    (path,) = a_busy_plant(folder)
    return path, folder / "copy.db"


def check_backup(path: Path, to: Path) -> bool:
    check_rebuild(path)
    if to.exists():
        check_rebuild(to)
    return to.exists()


def a_plant_and_an_old_backup(folder: Path) -> tuple[Path, Path]:
    copy, path = a_plant_and_a_backup(folder)
    return path, copy


def check_increment(path: Path, to: Path) -> bool:
    """The backup of before or that of now; put back either way, and brought up to date again."""
    again = path.with_name("again.db")
    restore(to, again, key=KEY)
    with plant(again) as dairy:
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        found = imported(dairy)
    assert found in (0, ROWS)
    with SqliteStore.open(path, key=KEY) as store:
        refresh(store.engine, to)
    check_rebuild(path)
    with plant(to) as dairy:
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        assert imported(dairy) == ROWS
    return found == ROWS


def a_plant_under_a_passphrase(folder: Path) -> tuple[Path]:
    path = new_plant(folder / "atelier.db")
    keys.wrap_with_passphrase(path, KEY, victims.OLD_PHRASE, cost=CHEAP)
    return (path,)


def check_passphrase(path: Path) -> bool:
    """One of the two opens it, and the other does not."""
    opens = []
    for phrase in (victims.OLD_PHRASE, victims.NEW_PHRASE):
        with suppress(WrongKey):
            assert keys.unwrap(path, phrase) == KEY
            opens.append(phrase)
    (found,) = opens
    with plant(path) as dairy:
        assert dairy.verify(SignedLog()).sound
    return bool(found == victims.NEW_PHRASE)


def a_plant_and_a_backup(folder: Path) -> tuple[Path, Path]:
    """A backup, and the database that went on without it for a while."""
    path = new_plant(folder / "atelier.db")
    copy = folder / "copy.db"
    with SqliteStore.open(path, key=KEY) as store:
        backup(store.engine, copy)
    with plant(path) as dairy:
        import_lots(dairy, ROWS)
    return copy, path


def check_restore(copy: Path, path: Path) -> bool:
    with plant(path) as dairy:
        assert page_check(dairy) == []
        assert dairy.verify(SignedLog()).sound
        found = imported(dairy)
        assert found in (0, ROWS)
    if found == 0:
        with plant(path.with_name("atelier.db.before-restore")) as dairy:
            assert dairy.verify(SignedLog()).sound
            assert imported(dairy) == ROWS
    with plant(copy) as dairy:
        assert dairy.verify(SignedLog()).sound
    return found == 0


STEPS: dict[str, tuple[Any, Any, Any]] = {
    "batch": (a_plant, victims.bring_in_batch, check_import),
    "import": (a_plant_and_a_file, victims.bring_in_file, check_file),
    "undo": (an_imported_plant, victims.take_out, check_undo),
    "rebuild": (a_busy_plant, victims.rebuild, check_rebuild),
    "making and migrating": (no_plant, victims.make, check_making),
    "backup": (a_plant_and_a_place, victims.back_up, check_backup),
    "backup brought up to date": (
        a_plant_and_an_old_backup,
        victims.bring_up_to_date,
        check_increment,
    ),
    "change of the passphrase": (
        a_plant_under_a_passphrase,
        victims.change_the_passphrase,
        check_passphrase,
    ),
    "a key begun": (newcomer.an_invited_person, victims.begin_to_sign, newcomer.check),
    "restoration": (a_plant_and_a_backup, victims.put_back, check_restore),
}
"""What takes a while: what it needs, the task, and how to see that it happened whole or not."""
