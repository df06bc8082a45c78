"""A large import is undone in several commits: each travels, and together they are the whole."""

import pytest
from attrs import evolve

from manchengo import Manchengo, Role
from manchengo.application import entry_size
from manchengo.application.entry_size import TooMuchAtOnce
from manchengo.application.imported_commits import undo_in_parts
from manchengo.application.undoing import NoSuchEntry
from manchengo.commands import Command, FinishImport, StartImport, UndoImport
from manchengo.domain.access import NotPermitted, Permission
from manchengo.domain.errors import WrongState
from manchengo.domain.ids import CommitId, ImportId
from manchengo.domain.import_batch import (
    EntriesUndone,
    ImportKind,
    ImportUndone,
    ImportUndoneInPart,
    SomethingDependsOnIt,
)
from manchengo.ports.rows import ImportRow, RawLotRow, ResolutionItemRow
from tests.support.dairy import (
    A_DAIRY,
    MILK,
    an_id,
    blocked,
    day,
    litres,
    received,
    written_off,
)
from tests.support.given import Given, Step, events_of, given, one_by_one, somebody
from tests.support.plant import Device, Plant

FILE = ImportId(an_id("a file"))
OPENED = StartImport(
    import_id=FILE, kind=ImportKind.LOTS, file_name="lots.csv", digest="ab" * 32, on=day(0)
)
DONE = FinishImport(import_id=FILE, accepted=4, unchanged=0, refused=0)
L1, L2, L3 = (received(code, litres(10)) for code in ("L1", "L2", "L3"))
ROWS = (L1, L2, written_off("L1", litres(4)), L3)
REASON = "wrong file"


def row(number: int) -> CommitId:
    return CommitId(an_id(f"row {number}"))


def imported(dairy: Manchengo, *rows: Step) -> Manchengo:
    """The file as the importer records it: what opens and closes it is part of it."""
    with dairy.batch(import_id=FILE) as batch:
        batch.execute(OPENED, command_id=CommitId(an_id("opened")))
        for number, each in enumerate(one_by_one(rows)):
            batch.execute(each, command_id=row(number))
        batch.execute(DONE, command_id=CommitId(an_id("closed")))
    return dairy


def dairy_with_file() -> Manchengo:
    return imported(given(A_DAIRY).dairy, *ROWS)


def parts(dairy: Manchengo, *, part: int) -> list[UndoImport]:
    with dairy.store.reading() as snapshot:
        return undo_in_parts(snapshot, FILE, REASON, part=part)


def undo(back_to: int | None = None) -> UndoImport:
    return UndoImport(
        import_id=FILE, reason=REASON, back_to=None if back_to is None else row(back_to)
    )


def status(dairy: Manchengo) -> str:
    with dairy.store.reading() as snapshot:
        found = snapshot.get(ImportRow, FILE)
    assert found is not None
    return found.status


def undone(entries: int) -> EntriesUndone:
    return EntriesUndone(import_id=FILE, entries=entries)


def test_a_small_import_is_undone_by_one_command() -> None:
    assert parts(dairy_with_file(), part=100) == [undo()]


def test_the_parts_begin_with_the_last_rows() -> None:
    assert parts(dairy_with_file(), part=2) == [undo(3), undo(1), undo()]


def test_each_part_takes_back_what_its_rows_did() -> None:
    dairy = dairy_with_file()
    told = [events_of(dairy.execute(each)) for each in parts(dairy, part=2)]
    assert told == [
        [undone(1), ImportUndoneInPart(reason=REASON, back_to=row(3))],
        [undone(1), undone(1), ImportUndoneInPart(reason=REASON, back_to=row(1))],
        [undone(1), ImportUndone(reason=REASON)],
    ]


@pytest.mark.parametrize("part", [1, 2, 3, 5, 100])
def test_in_however_many_parts_the_dairy_is_as_before_the_file(part: int) -> None:
    dairy = dairy_with_file()
    for each in parts(dairy, part=part):
        dairy.execute(each)
    assert dairy.verify().sound
    assert status(dairy) == "undone"
    assert dairy.stock.on_hand(MILK) == litres(0)
    with dairy.store.reading() as snapshot:
        assert not list(snapshot.rows(RawLotRow))


def test_between_two_parts_the_first_rows_stand() -> None:
    dairy = dairy_with_file()
    dairy.execute(undo(1))
    assert status(dairy) == "undoing"
    assert dairy.stock.on_hand(MILK) == litres(10)
    assert parts(dairy, part=1) == [undo(0), undo()]
    given_dairy = Given(dairy)
    given_dairy.when(DONE).refused(WrongState, state="undoing", step="finish")
    given_dairy.when(undo()).then(undone(1), ImportUndone(reason=REASON))


@pytest.mark.parametrize("again", [1, 2, 3])
def test_a_part_is_undone_once(again: int) -> None:
    dairy = dairy_with_file()
    dairy.execute(undo(1))
    Given(dairy).when(undo(again)).refused(WrongState, state="undoing", step="undo")


def test_a_part_begins_with_a_commit_of_the_file() -> None:
    dairy = dairy_with_file()
    of_nobody = evolve(undo(), back_to=CommitId(an_id("no such row")))
    Given(dairy).when(of_nobody).refused(NoSuchEntry, reference=str(of_nobody.back_to))
    beside = dairy.execute(received("L9", litres(1)))
    Given(dairy).when(evolve(undo(), back_to=beside.id)).refused(NoSuchEntry)


def test_what_rests_on_a_row_keeps_only_its_part() -> None:
    dairy = dairy_with_file()
    dairy.execute(blocked("L1"))
    history = Given(dairy)
    history.when(undo(2)).refused(SomethingDependsOnIt, code="L1")
    history.when(undo(3)).then(undone(1), ImportUndoneInPart(reason=REASON, back_to=row(3)))
    history.when(undo()).refused(SomethingDependsOnIt, code="L1")


def test_parts_that_are_executed_together_are_undone_together_or_not_at_all() -> None:
    dairy = dairy_with_file()
    dairy.execute(blocked("L2"))
    commands = parts(dairy, part=1)

    def all_of_them() -> None:
        with dairy.batch() as batch:
            for number, each in enumerate(commands):
                batch.execute(each, command_id=CommitId(an_id(f"part {number}")))

    with pytest.raises(SomethingDependsOnIt):
        all_of_them()
    assert status(dairy) == "finished"
    with dairy.store.reading() as snapshot:
        (noted,) = snapshot.audit(limit=1)
    assert (noted.action, noted.outcome) == ("import.undo", "SomethingDependsOnIt")


def test_a_part_asks_for_the_rights_of_its_rows() -> None:
    """Who may not receive undoes no reception."""
    Given(dairy_with_file()).when(undo(3), by=somebody(Role.SALES)).refused(
        NotPermitted, permission=Permission.RECEIVE
    )


# ------------------------------------------------------------------------- a commit has to travel


def test_a_command_that_no_exchange_would_carry_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    dairy = dairy_with_file()
    together = parts(dairy, part=1)
    monkeypatch.setattr(entry_size, "MOST_RECORDED", 3_000)
    Given(dairy).when(undo()).refused(TooMuchAtOnce, command="import.undo")
    for each in together:
        dairy.execute(each)
    assert status(dairy) == "undone"


# --------------------------------------------------------------------------------- across devices


def devices_with_file() -> tuple[Plant, Device, Device]:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY)
    imported(office.dairy, *ROWS)
    plant.settle()
    return plant, office, phone


def refusals(plant: Plant) -> list[str]:
    """Of the conflicts that wait for a person."""
    with plant.store.reading() as snapshot:
        return [item.refusal for item in snapshot.rows(ResolutionItemRow)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([undo(3), undo(1), undo()], [undo(3), undo(1), undo()]),
        ([undo(3), undo(1), undo()], [undo()]),
        ([undo()], [undo(3), undo(1), undo()]),
        ([undo(2), undo()], [undo(3), undo(1), undo()]),
        ([undo(3), undo(1)], [undo(2)]),
        ([undo(3)], [undo(1)]),
        ([undo(1)], [undo(3)]),
    ],
)
def test_two_devices_that_undo_the_file_apart_agree(
    one: list[Command], other: list[Command]
) -> None:
    plant, office, phone = devices_with_file()
    office.does(*one)
    phone.does(*other)
    plant.settle()
    assert len(plant.digests()) == 1
    assert not refusals(plant)
    assert office.dairy.verify().sound
    whole = undo() in (*one, *other)
    assert status(office.dairy) == ("undone" if whole else "undoing")


def test_what_another_device_did_meanwhile_keeps_the_rest_of_the_file() -> None:
    plant, office, phone = devices_with_file()
    phone.does(blocked("L1"))
    phone.push()
    office.does(undo(3), undo(0))
    plant.settle()
    assert len(plant.digests()) == 1
    assert status(office.dairy) == "undoing"
    assert office.dairy.stock.on_hand(MILK) == litres(16)
    assert refusals(plant) == ["SomethingDependsOnIt"]
