"""Imports: a file is recognised, rehearsed, brought in, corrected, and undone whole."""

import asyncio
from io import BytesIO

import openpyxl
import pytest

from manchengo import Role
from manchengo.application import imported_commits
from manchengo.ports.rows import RawProductRow, SupplierRow
from manchengo_presenters.screens.file_imports import ImportFile
from manchengo_presenters.screens.file_work import FileWork, Step
from manchengo_presenters.screens.imports import Imports
from tests.support.office_in_memory import OfficeInMemory, WindowInMemory, context

NB = "\u00a0"
NNB = "\u202f"
SUPPLIERS = "code;nom\nF1;Ferme Aït Ali\nF2;Ferme Ziani\n"
WITH_A_BLANK_NAME = "code;nom\nF1;Ferme Aït Ali\nF2;\n"


def file(text: str, name: str = "fournisseurs.csv") -> ImportFile:
    return ImportFile(name=name, content=text.encode())


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory()


@pytest.fixture
def window() -> WindowInMemory:
    return WindowInMemory()


def screen_of(office: OfficeInMemory, window: WindowInMemory | None = None) -> Imports:
    screen = Imports(context(office, window=window))
    asyncio.run(screen.load())
    return screen


def taken(office: OfficeInMemory, text: str, name: str = "fournisseurs.csv") -> Imports:
    screen = screen_of(office)
    asyncio.run(screen.work.take(file(text, name)))
    return screen


def imported(office: OfficeInMemory, text: str, window: WindowInMemory | None = None) -> Imports:
    screen = screen_of(office, window)
    asyncio.run(screen.work.take(file(text)))
    asyncio.run(screen.confirm())
    return screen


def names(office: OfficeInMemory) -> list[str]:
    with office.reading() as snapshot:
        return sorted(row.name for row in snapshot.rows(SupplierRow))


def test_a_file_is_rehearsed_before_anything_is_recorded(office: OfficeInMemory) -> None:
    work = taken(office, SUPPLIERS).work
    assert work.step is Step.REHEARSED
    assert work.request is not None
    assert work.request.kind == "suppliers"
    assert work.counted_rows.startswith(f"2 lignes lues{NB}: 2 acceptées")
    assert work.fate == f"C’était un essai{NB}: rien n’a été enregistré."
    assert work.import_label == "Importer 2 lignes"
    assert names(office) == []


def test_an_import_is_recorded_and_listed(office: OfficeInMemory) -> None:
    screen = imported(office, SUPPLIERS)
    assert screen.work.step is Step.IMPORTED
    assert screen.work.fate == "Tout est enregistré."
    assert names(office) == ["Ferme Aït Ali", "Ferme Ziani"]
    assert screen.page is not None
    (line,) = screen.page.lines
    assert (line.day, line.file, line.kind) == ("24/11/2026", "fournisseurs.csv", "fournisseurs")
    assert (line.accepted, line.unchanged, line.refused) == ("2", "0", "0")


def test_a_refused_row_says_its_column_value_and_rule(office: OfficeInMemory) -> None:
    work = taken(office, WITH_A_BLANK_NAME).work
    assert work.rehearsal is not None
    (cell,) = work.rehearsal.refusals
    assert (cell.row, cell.column, cell.value) == (3, "nom", "")
    assert cell.rule
    assert work.import_label == "Importer 1 ligne"


def test_the_error_file_is_corrected_and_chosen_here(office: OfficeInMemory) -> None:
    screen = imported(office, WITH_A_BLANK_NAME)
    work = screen.work
    assert work.fate == (
        "Les lignes acceptées sont enregistrées. "
        f"1 ligne refusée{NB}: corrigez le fichier d’erreurs et choisissez-le ici."
    )
    assert work.result is not None
    handed_back = work.result.error_file
    assert handed_back is not None
    assert handed_back.name == "fournisseurs.erreurs.csv"
    corrected = handed_back.content.replace(b"F2;;", b"F2;Ferme Ziani;")
    asyncio.run(work.take(ImportFile(name=handed_back.name, content=corrected)))
    asyncio.run(work.bring_in())
    assert work.fate == "Tout est enregistré."
    assert names(office) == ["Ferme Aït Ali", "Ferme Ziani"]


def test_a_file_of_nothing_new_is_not_imported(office: OfficeInMemory) -> None:
    screen = imported(office, SUPPLIERS)
    asyncio.run(screen.work.take(file(SUPPLIERS)))
    assert screen.work.fate == "Rien de ce fichier ne serait enregistré."
    asyncio.run(screen.confirm())
    assert screen.work.step is Step.REHEARSED
    assert screen.page is not None
    assert len(screen.page.lines) == 1


def test_a_file_that_is_not_recognised_waits_for_its_kind(office: OfficeInMemory) -> None:
    work = taken(office, SUPPLIERS, "liste.csv").work
    assert (work.step, work.request and work.request.kind) == (Step.ASKED, "")
    assert ("suppliers", "fournisseurs") in work.kinds
    asyncio.run(work.choose_kind("suppliers"))
    assert work.step is Step.REHEARSED


def test_columns_of_another_kind_say_what_is_missing(office: OfficeInMemory) -> None:
    work = taken(office, SUPPLIERS).work
    asyncio.run(work.choose_kind("products"))
    assert work.step is Step.ASKED
    assert work.problem is not None
    assert "manque" in work.problem.sentence
    assert "--" not in work.problem.sentence, "a screen names no option"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_file_that_gives_no_rows_says_why(office: OfficeInMemory, content: bytes) -> None:
    screen = screen_of(office)
    asyncio.run(screen.work.take(ImportFile(name="photo.csv", content=content)))
    assert screen.work.step is Step.NO_FILE
    assert screen.work.problem is not None
    assert screen.work.problem.sentence.startswith("photo.csv")


def test_of_several_sheets_one_is_chosen(office: OfficeInMemory) -> None:
    book = openpyxl.Workbook()
    for sheet, title in ((book.worksheets[0], "Clients"), (book.create_sheet(), "Fermes")):
        sheet.title = title
        sheet.append(["code", "nom"])
        sheet.append(["F1", title])
    stored = BytesIO()
    book.save(stored)
    screen = screen_of(office)
    picked = ImportFile(name="fournisseurs.xlsx", content=stored.getvalue())
    asyncio.run(screen.work.take(picked))
    assert screen.work.sheets == ("Clients", "Fermes")
    asyncio.run(screen.work.choose_sheet("Fermes"))
    asyncio.run(screen.confirm())
    assert names(office) == ["Fermes"]


PRODUCTS = "code;type;designation;unite;prix_ht\nLAIT;MP;Lait;L;62\n"


def test_prices_are_changed_where_that_is_asked(office: OfficeInMemory) -> None:
    screen = taken(office, PRODUCTS, "produits.csv")
    asyncio.run(screen.confirm())
    asyncio.run(screen.work.take(file(PRODUCTS.replace("62", "65"), "produits.csv")))
    work = screen.work
    assert (work.admitted, work.can_update) == (0, True)
    assert work.rehearsal is not None
    assert "--update" not in work.rehearsal.refusals[0].rule
    asyncio.run(work.set_update(True))
    assert work.rehearsal is not None
    (change,) = work.rehearsal.changes
    assert change.sentence.startswith(f"LAIT{NB}: prix_ht 62,00")
    asyncio.run(screen.confirm())
    with office.reading() as snapshot:
        (milk,) = snapshot.rows(RawProductRow)
    assert milk.price == 6_500


def test_what_happened_cannot_be_changed_by_a_file(office: OfficeInMemory) -> None:
    work = taken(office, "lot;produit;quantite;date_inventaire\nA;LAIT;5;01/01/2026\n").work
    assert work.request is not None
    assert (work.request.kind, work.can_update) == ("opening-stock", False)


class Leaving:
    """Presses the button that leaves, as soon as so many rows are done."""

    def __init__(self, work: FileWork, after: int) -> None:
        self.seen: list[tuple[int, int]] = []
        self._work, self._after = work, after
        work.subscribe(self._look)

    def _look(self) -> None:
        if self._work.is_running:
            self.seen.append(self._work.progress)
            if self._work.progress[0] >= self._after:
                self._work.leave()


def many(rows: int) -> str:
    return "code;nom\n" + "".join(f"F{row};Ferme {row}\n" for row in range(rows))


def test_a_rehearsal_that_is_left_records_nothing(office: OfficeInMemory) -> None:
    screen = screen_of(office)
    leaving = Leaving(screen.work, after=500)
    asyncio.run(screen.work.take(file(many(1_200))))
    assert (500, 1_200) in leaving.seen
    assert screen.work.step is Step.ASKED
    assert screen.work.problem is None
    assert names(office) == []


def test_an_import_that_is_left_goes_on_with_the_same_file(office: OfficeInMemory) -> None:
    screen = taken(office, many(1_200))
    Leaving(screen.work, after=500)
    asyncio.run(screen.confirm())
    assert screen.work.fate.startswith("Arrêté après ")
    recorded = len(names(office))
    assert 0 < recorded < 1_200
    again = taken(office, many(1_200))
    assert again.work.admitted == 1_200 - recorded


def test_an_import_is_undone_whole_with_a_reason(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = imported(office, SUPPLIERS, window)
    screen.ask_to_undo_result()
    asyncio.run(screen.undoing.undo())
    assert screen.undoing.errors == {"reason": "À remplir."}
    screen.undoing.put("reason", "mauvais fichier")
    asyncio.run(screen.undoing.undo())
    assert names(office) == []
    assert window.done[-1].sentence == "L’import de fournisseurs.csv est annulé en entier."
    assert screen.work.request is None
    assert screen.page is not None
    assert screen.page.lines[0].is_undone
    asyncio.run(screen.enter())
    assert screen.undoing.import_id is None, "once is enough"


def test_a_large_import_is_undone_whole_in_several_commits(
    office: OfficeInMemory, window: WindowInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imported_commits, "PART", 1)
    screen = imported(office, SUPPLIERS, window)
    screen.ask_to_undo_result()
    screen.undoing.put("reason", "mauvais fichier")
    asyncio.run(screen.undoing.undo())
    assert names(office) == []
    assert [done.sentence for done in window.done][-1:] == [
        "L’import de fournisseurs.csv est annulé en entier."
    ]
    with office.store.reading() as snapshot:
        told = [commit.command_type for commit in snapshot.commits()]
    assert told.count("import.undo") > 1


def test_another_file_in_hand_stays_when_an_import_is_undone(office: OfficeInMemory) -> None:
    screen = imported(office, SUPPLIERS)
    asyncio.run(screen.work.take(file(PRODUCTS, "produits.csv")))
    asyncio.run(screen.enter())
    screen.undoing.put("reason", "mauvais fichier")
    asyncio.run(screen.undoing.undo())
    assert screen.work.step is Step.REHEARSED


def test_who_may_not_record_such_rows_is_refused_and_noted(office: OfficeInMemory) -> None:
    office.roles = frozenset({Role.PRODUCTION})
    work = taken(office, SUPPLIERS).work
    assert work.problem is not None
    assert work.problem.name == "NotPermitted"
    office.roles = frozenset({Role.DRIVER})
    asyncio.run(work.choose_kind("suppliers"))
    assert [type(refusal).__name__ for _command, refusal in office.refused][-1] == "NotPermitted"


def test_who_may_not_undo_is_not_asked(office: OfficeInMemory) -> None:
    screen = imported(office, SUPPLIERS)
    assert screen.may_undo
    office.roles = frozenset({Role.ACCOUNTANT})
    screen = screen_of(office)
    assert not screen.may_undo
    asyncio.run(screen.enter())
    assert screen.undoing.import_id is None
