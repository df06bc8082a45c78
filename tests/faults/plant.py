"""A dairy on an encrypted file, and a working day that can be told from any command on.

Its founder began the plant by a genesis, so everybody signs; somebody works at each of a few
devices, with a key there. Each command of the day has a number, and its id follows from the number:
whoever was interrupted asks again for the same one, as a real client does, and nothing happens
twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manchengo import Actor, Commit, Manchengo, Role, SystemClock, Uuid7Ids
from manchengo.commands import Command, RegisterUser
from manchengo.domain.ids import CommitId, ImportId
from manchengo.domain.import_batch import FinishImport, ImportKind, StartImport, UndoImport
from manchengo.ports.rows import RawLotRow
from manchengo.ports.signer import Signer
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import reading
from tests.sqlite.witness import KEY
from tests.support.blank_files import new_file
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    an_id,
    day,
    delivered,
    kg,
    litres,
    made,
    millilitres,
    received,
    sold,
)
from tests.support.founding import a_genesis
from tests.support.given import somebody
from tests.support.signers import admitting, signer_of

THE_IMPORT = ImportId(an_id("the import"))

LENGTH_OF_A_ROUND = 5
"""Milk, rennet, a make, a sale, a delivery."""


DEVICES = range(1, 5)


def key_at(device: int) -> Signer:
    """Of whoever works at that device."""
    return signer_of("faults", device)


def _founding() -> Command:
    founder = somebody(Role.ADMIN)
    return a_genesis(founder.device_id, founder_id=founder.user_id, signer=key_at(1))


def _people() -> Iterator[Command]:
    for device in DEVICES[1:]:
        person = somebody(Role.ADMIN, device=device)
        yield RegisterUser(user_id=person.user_id, name=f"poste {device}", roles=person.roles)
        yield admitting(person.user_id, person.device_id, key_at(device))


BEFORE_THE_DAY: tuple[Command, ...] = (_founding(), *A_DAIRY, *_people())
"""What a new plant knows: its founder, its farm, its shop, its products, its recipe, its people."""


@contextmanager
def plant(path: Path, *, device: int = 1, create: bool = False) -> Iterator[Manchengo]:
    """The dairy at work on its file, with the machine's own clock and chance."""
    with SqliteStore.open(path, key=KEY, create=create) as store:
        yield signing(store, device)


def signing(store: SqliteStore, device: int = 1) -> Manchengo:
    """The dairy of whoever works at that device."""
    return at_work(store, somebody(Role.ADMIN, device=device), key_at(device))


def at_work(store: SqliteStore, actor: Actor, signer: Signer | None = None) -> Manchengo:
    return Manchengo(store, clock=SystemClock(), ids=Uuid7Ids(), actor=actor, signer=signer)


def new_plant(path: Path) -> Path:
    """A closed database that knows what is known before the day."""
    new_file(path, key=KEY).close()
    with plant(path) as dairy:
        for number, command in enumerate(BEFORE_THE_DAY):
            dairy.execute(command, command_id=CommitId(an_id(f"before the day {number}")))
    return path


def command_id(number: int, day_of: str = "") -> CommitId:
    return CommitId(an_id(f"command {number} of {day_of}"))


def command(number: int, day_of: str = "") -> Command:
    """What is asked at that point of the day; ``day_of`` tells two working days apart."""
    on = day(number // 1000)
    turn, step = divmod(number, LENGTH_OF_A_ROUND)
    name = f"{day_of}{turn}"
    match step:
        case 0:
            return received(f"milk {name}", litres(120), on=on)
        case 1:
            return received(f"rennet {name}", millilitres(37), of=RENNET, on=on)
        case 2:
            return made(f"make {name}", kg(10), on=on)
        case 3:
            return sold(f"sale {name}", kg(8), on=on)
        case _:
            return delivered(f"van {name}", order=f"sale {name}", on=on)


def do(dairy: Manchengo, number: int, day_of: str = "") -> Commit:
    return dairy.execute(command(number, day_of), command_id=command_id(number, day_of))


def import_lots(dairy: Manchengo, rows: int) -> None:
    """A file of so many lots, all of them in one transaction; again, it changes nothing."""
    started = StartImport(
        import_id=THE_IMPORT,
        kind=ImportKind.LOTS,
        file_name="lots.csv",
        digest="0" * 64,
        on=day(0),
    )
    dairy.execute(started, command_id=CommitId(an_id("start of the import")))
    with dairy.batch(import_id=THE_IMPORT) as batch:
        for number in range(rows):
            row = received(f"row {number}", litres(10 + number % 7), on=day(number % 28))
            batch.execute(row, command_id=CommitId(an_id(f"row {number}")))
    finished = FinishImport(import_id=THE_IMPORT, accepted=rows, unchanged=0, refused=0)
    dairy.execute(finished, command_id=CommitId(an_id("end of the import")))


def undo_import(dairy: Manchengo) -> None:
    undo = UndoImport(import_id=THE_IMPORT, reason="the wrong file")
    dairy.execute(undo, command_id=CommitId(an_id("undoing of the import")))


def imported(dairy: Manchengo) -> int:
    """How many rows of the import stand."""
    with dairy.store.reading() as snapshot:
        return sum(row.code.startswith("row ") for row in snapshot.rows(RawLotRow))


def page_check(dairy: Manchengo) -> list[str]:
    """What SQLite finds wrong with its own pages and indexes: nothing, one hopes."""
    assert isinstance(dairy.store, SqliteStore)
    with reading(dairy.store.engine) as connection:
        answers = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        torn = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [str(answer) for answer in answers if answer != "ok"] + [str(row) for row in torn]
