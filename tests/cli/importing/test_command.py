"""``manchengo import``: what it answers, by which exit code, and what it writes beside the file."""

import csv
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from manchengo.application import imported_commits
from manchengo_files import importer
from manchengo_files.error_file import ADDED_COLUMNS
from manchengo_sqlite.errors import DiskFull
from tests.cli.running import Run, arrives, asked, done, one_line, run

HEADER = "lot;produit;fournisseur;date_reception;date_peremption;quantite;prix_unitaire"
GOOD = "M1;LAIT;F001;20/11/2026;25/11/2026;1 250,5;62"
OTHER = "M2;SEL;F001;20/11/2026;;12,5;45"
WRONG = "M3;LAIT;F001;20/11/2026;25/11/2026;12O,5;62"
KEYS = {
    *("import_id", "kind", "file", "rows", "accepted", "changed", "unchanged", "refused"),
    *("changes", "errors", "notices", "left_aside", "warnings", "error_file"),
    *("update", "dry_run", "atomic"),
}

pytestmark = pytest.mark.usefixtures("dairy")


def written(*lines: str, name: str = "lots.csv", encoding: str = "utf-8") -> Path:
    path = Path(name)
    path.write_bytes("".join(f"{line}\r\n" for line in (HEADER, *lines)).encode(encoding))
    return path


def imported(*words: str) -> Run:
    return run("import", "lots", *words)


def refused_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def lots() -> set[str]:
    return {line["lot"] for line in asked("lots", "--all")} & {"M1", "M2", "M3"}


# ------------------------------------------------------------------------------------ the answer


def test_a_good_file_answers_zero_and_the_documented_keys() -> None:
    written(GOOD, OTHER, GOOD)
    ran = imported("lots.csv", "--json")
    assert ran.code == 0
    assert ran.shape.keys() == KEYS
    counts = [ran.shape[key] for key in ("rows", "accepted", "unchanged", "refused")]
    assert counts == [3, 2, 1, 0]
    assert ran.shape["import_id"] == asked("imports")[-1]["import"]
    assert (ran.shape["errors"], ran.shape["error_file"]) == ([], None)


def test_a_refused_row_answers_one_and_is_told_by_row_column_value_rule_and_sentence() -> None:
    written(GOOD, WRONG)
    ran = imported("lots.csv", "--json")
    assert ran.code == 1
    (error,) = ran.shape["errors"]
    assert error.keys() == {"row", "column", "value", "rule", "message", "faults"}
    assert (error["row"], error["column"], error["value"], error["rule"]) == (
        *(3, "quantite", "12O,5"),
        "not_a_number",
    )
    assert lots() == {"M1"}


def test_a_row_with_several_faults_is_one_error_and_its_line_in_the_file_tells_them_all() -> None:
    written("M3;LAIT;F009;20/11/2026;hier;12O,5;62")
    (error,) = imported("lots.csv", "--json").shape["errors"]
    assert (error["column"], error["rule"]) == ("fournisseur", "unknown")
    assert [each["rule"] for each in error["faults"]] == ["unknown", "not_a_date", "not_a_number"]
    output = one_line(imported("lots.csv").out)
    assert "hier" in output
    assert "12O,5" in output
    (row,) = refused_rows(Path("lots.erreurs.csv"))
    assert row["colonne_en_cause"] == "fournisseur | date_peremption | quantite"


def test_a_file_that_changes_nothing_answers_zero_and_names_no_import() -> None:
    written(GOOD)
    done("import", "lots", "lots.csv")
    before = asked("imports")
    again = imported("lots.csv", "--json")
    assert (again.code, again.shape["import_id"], again.shape["unchanged"]) == (0, None, 1)
    assert asked("imports") == before


def test_people_read_the_counts_the_refusals_and_what_to_do_next() -> None:
    written(GOOD, WRONG)
    ran = imported("lots.csv")
    output = one_line(ran.out)
    assert "2 lignes lues : 1 acceptée, 0 sans effet, 1 refusée." in output
    assert "quantite 12O,5 Ce n’est pas un nombre" in output
    assert "manchengo undo-import" in output
    assert "lots.erreurs.csv" in output


def test_of_many_refusals_the_screen_shows_a_few_and_json_all() -> None:
    written(*(f"M{number};X;F001;20/11/2026;;1;1" for number in range(30)))
    assert "et 20 autres lignes refusées" in one_line(imported("lots.csv").out)
    assert len(imported("lots.csv", "--json").shape["errors"]) == 30


# ------------------------------------------------------------------ who is at fault, by exit code


@pytest.mark.parametrize("words", [("lot", "lots.csv"), ("fromages", "lots.csv")])
def test_an_unknown_kind_is_a_fault_of_the_command_line(words: tuple[str, str]) -> None:
    written(GOOD)
    ran = run("import", *words)
    assert ran.code == 2
    assert "suppliers, clients, products" in one_line(ran.err)


def test_a_missing_column_is_a_fault_of_the_command_line_and_is_named() -> None:
    Path("lots.csv").write_text("lot;produit\nM1;LAIT\n")
    ran = imported("lots.csv", "--json")
    assert ran.code == 2
    assert ran.fault["facts"]["missing"] == ["fournisseur", "date_reception", "quantite"]


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7 \x00\x01\x02\x03" * 50])
def test_a_file_that_cannot_be_read_is_a_fault_of_the_machine(content: bytes | None) -> None:
    if content is not None:
        Path("lots.csv").write_bytes(content)
    ran = imported("lots.csv")
    assert ran.code == 3
    assert ran.err.startswith("lots.csv : ")


def test_who_may_not_import_is_refused_and_the_attempt_is_noted() -> None:
    arrives("karim", "livreur")
    written(GOOD)
    ran = imported("lots.csv", "--user", "karim", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "NotPermitted")
    assert "import.start" in [each["action"] for each in asked("audit")]
    assert lots() == set()


# --------------------------------------------------------------------------------- the error file


def test_the_error_file_once_corrected_goes_in(tmp_path: Path) -> None:
    written(GOOD, WRONG, OTHER.replace("SEL", "SUCRE"))
    ran = imported("lots.csv", "--json")
    errors = tmp_path / "lots.erreurs.csv"
    assert ran.shape["error_file"] == str(errors)
    rows = refused_rows(errors)
    assert [(row["lot"], row["ligne_source"], row["colonne_en_cause"]) for row in rows] == [
        ("M3", "3", "quantite"),
        ("M2", "4", "produit"),
    ]
    corrected = errors.read_text(encoding="utf-8-sig").replace("12O,5;", "120,5;", 1)
    errors.write_text(corrected.replace("SUCRE;F001", "SEL;F001"), encoding="utf-8")
    again = imported(str(errors), "--json")
    assert (again.code, again.shape["accepted"], again.err) == (0, 2, "")
    assert lots() == {"M1", "M2", "M3"}


def test_the_error_file_uncorrected_is_refused_again_the_same_way(tmp_path: Path) -> None:
    written(WRONG)
    first = imported("lots.csv", "--json").shape["errors"]
    again = imported("lots.erreurs.csv", "--json")
    assert [each["rule"] for each in again.shape["errors"]] == [each["rule"] for each in first]
    assert Path(again.shape["error_file"]).name == "lots.erreurs-2.csv"
    assert set(ADDED_COLUMNS) <= refused_rows(tmp_path / "lots.erreurs-2.csv")[0].keys()


def test_no_error_file_is_written_when_no_row_is_refused(tmp_path: Path) -> None:
    written(GOOD)
    done("import", "lots", "lots.csv")
    assert not list(tmp_path.glob("*erreurs*"))


def test_where_the_folder_takes_no_file_the_errors_are_written_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "cle-usb"
    shelf.mkdir()
    written(WRONG, name=str(shelf / "lots.csv"))

    def read_only(*, dir: Path) -> Any:
        if dir == shelf:
            raise PermissionError(dir)
        return tempfile.SpooledTemporaryFile()

    monkeypatch.setattr(tempfile, "TemporaryFile", read_only)
    assert imported(str(shelf / "lots.csv"), "--json").shape["error_file"] == str(
        tmp_path / "lots.erreurs.csv"
    )


# ---------------------------------------------------------------------- rehearsal, all or nothing


def test_a_rehearsal_answers_as_the_import_would_and_records_nothing() -> None:
    written(GOOD, WRONG)
    before = asked("stats")["commits"]
    ran = imported("lots.csv", "--dry-run", "--json")
    assert (ran.code, ran.shape["accepted"], ran.shape["dry_run"]) == (1, 1, True)
    assert ran.shape["import_id"] is None
    assert asked("stats")["commits"] == before


def test_atomic_records_nothing_when_a_row_is_wrong() -> None:
    written(GOOD, WRONG)
    ran = imported("lots.csv", "--atomic", "--json")
    assert (ran.code, ran.shape["accepted"], ran.shape["atomic"]) == (1, 0, True)
    assert lots() == set()
    assert "--atomic" in imported("lots.csv", "--atomic").out


def test_an_import_undone_can_be_made_again() -> None:
    written(GOOD, OTHER)
    made = asked("import", "lots", "lots.csv")
    done("undo-import", made["import_id"], "--reason", "mauvais fichier")
    assert lots() == set()
    assert asked("import", "lots", "lots.csv")["accepted"] == 2


def test_a_large_import_is_undone_whole_in_several_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported_commits, "PART", 1)
    written(GOOD, OTHER)
    made = asked("import", "lots", "lots.csv")
    undone = asked("undo-import", made["import_id"], "--reason", "mauvais fichier")
    assert lots() == set()
    assert undone["commit"] == undone["commits"][-1]
    assert len(undone["commits"]) > 1


# ------------------------------------------------------------------------------ strangers' files


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_one_file_in_any_encoding_and_with_any_separator_is_the_same_file(
    encoding: str, separator: str
) -> None:
    text = "code;nom;ville\nF7;Ferme Aït Ali;Béjaïa\nF8;Crèmerie d'été;Sétif\n"
    Path("avant.csv").write_text(text, encoding="utf-8")
    Path("apres.csv").write_text(text.replace(";", separator), encoding=encoding)
    assert asked("import", "suppliers", "avant.csv")["accepted"] == 2
    assert asked("import", "suppliers", "apres.csv")["unchanged"] == 2


def test_a_column_that_is_not_known_is_ignored_with_a_warning() -> None:
    Path("lots.csv").write_text(f"{HEADER};remarque\n{GOOD};à l’aube\n", encoding="utf-8")
    ran = done("import", "lots", "lots.csv", "--dry-run", "--json")
    assert ran.shape["accepted"] == 1
    (notice,) = ran.shape["notices"]
    assert "« remarque »" in one_line(notice)
    assert ran.err == ""
    assert one_line(done("import", "lots", "lots.csv").err) == one_line(notice)


def test_the_name_of_a_column_gives_the_terminal_no_orders() -> None:
    Path("lots.csv").write_text(f"{HEADER};\x1b[31mremarque\n{GOOD};rouge\n", encoding="utf-8")
    ran = done("import", "lots", "lots.csv")
    assert "<U+001B>[31mremarque" in ran.err
    assert "\x1b" not in ran.err


def test_a_disk_that_fills_up_leaves_whole_chunks_and_says_how_many_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written(GOOD, OTHER, GOOD.replace("M1", "M3"))
    take_chunk, chunks = importer.Importer._import_chunk, count()

    def full(*words: Any, **more: Any) -> importer.Outcome:
        if next(chunks) in (1, 4):
            raise DiskFull(path=Path("atelier.db"))
        return take_chunk(*words, **more)

    with monkeypatch.context() as patch:
        patch.setattr(importer, "CHUNK", 1)
        patch.setattr(importer.Importer, "_import_chunk", full)
        assert imported("lots.csv", "--json").fault["error"] == "DiskFull"
        ran = imported("lots.csv")
        assert ran.code == 3
        assert one_line(ran.err) == (
            "1 ligne est enregistrée. La même commande, relancée, continue à partir de là. "
            "Le disque est plein : rien de plus n’a été enregistré dans atelier.db. "
            "Faites de la place et réessayez."
        )
        assert lots() == {"M1", "M2"}


def test_an_error_of_the_spreadsheet_is_explained_by_its_cell() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER.split(";"))
    sheet.append(["M1", "#N/A", "F001", "20/11/2026", None, 12, 62])
    sheet["B2"].data_type = "e"
    sheet.append(["M2", "LAIT", "F001", "20/11/2026", "=1/0", 12, 62])
    book.save("lots.xlsx")
    errors = imported("lots.xlsx", "--json").shape["errors"]
    assert [(each["row"], each["column"]) for each in errors] == [
        (2, "produit"),
        (3, "date_peremption"),
    ]
    assert "B2 : #N/A" in errors[0]["message"]
    assert "E3 : =1/0" in errors[1]["message"]


# ---------------------------------------------------- a column before a cell, an order before a row


def test_a_ton_of_milk_is_not_a_spoonful() -> None:
    written(GOOD.replace("1 250,5", "12.500,75"), OTHER.replace("12,5", "1.250"))
    done("import", "lots", "lots.csv")
    quantities = {line["lot"]: line["on_hand"] for line in asked("lots", "--all")}
    assert (quantities["M1"], quantities["M2"]) == ("12500.75", "1250")


def test_two_readings_are_told_with_the_way_to_choose_one() -> None:
    written(GOOD.replace("1 250,5", "1.250"))
    output = one_line(imported("lots.csv").out)
    assert "1250 ou 1,25" in output
    assert "--decimal-mark" in output
    done("import", "lots", "lots.csv", "--decimal-mark", ",")
    assert lots() == {"M1"}


def test_the_order_of_days_and_months_can_be_said() -> None:
    written(GOOD.replace("20/11/2026", "11/20/2026").replace("25/11/2026", "11/25/2026"))
    assert imported("lots.csv").code == 1
    done("import", "lots", "lots.csv", "--date-order", "mja")
    assert lots() == {"M1"}


@pytest.mark.parametrize("words", [("--decimal-mark", ";"), ("--date-order", "amj")])
def test_another_mark_or_order_is_a_fault_of_the_command_line(words: tuple[str, str]) -> None:
    written(GOOD)
    assert imported("lots.csv", *words).code == 2


def test_an_order_whose_rows_stand_apart_goes_in_whole_or_not_at_all() -> None:
    header = "numero;date;client;produit;quantite;prix_unitaire\n"
    rows = ["CC1;20/11/2026;C1;GOUDA;1;1600\n", "CC2;20/11/2026;C1;GOUDA;1;1600\n"]
    Path("ventes.csv").write_text(header + "".join(rows) + "CC1;20/11/2026;C1;X;1;5\n")
    ran = run("import", "sales", "ventes.csv", "--json")
    assert [(each["row"], each["rule"]) for each in ran.shape["errors"]] == [
        (2, "with_the_others"),
        (4, "unknown"),
    ]
    assert {order["order"] for order in asked("order", "list", "--all")} & {"CC1", "CC2"} == {"CC2"}


# ----------------------------------------------------------------------------- order of the rows


def test_lots_of_one_day_leave_in_the_order_of_the_file() -> None:
    codes = [f"R{(number * 37) % 101:03}" for number in range(1, 61)]
    written(*[f"{code};SEL;F001;19/11/2026;;1;45" for code in codes])
    imported("lots.csv")
    picks = [each["lot"] for each in asked("allocate", "SEL", "60", "--on", "2026-11-20")["picks"]]
    assert picks == codes


# ------------------------------------------------------------------------------------- undoing


def test_the_beginning_of_an_identifier_is_enough_to_undo_an_import() -> None:
    written(GOOD)
    made = asked("import", "lots", "lots.csv")["import_id"].replace("-", "")
    shown = one_line(run("imports").out)
    assert made[:8] in shown
    assert made not in shown
    done("undo-import", made[:8], "--reason", "mauvais fichier")
    assert lots() == set()


def test_a_beginning_of_several_imports_is_asked_about_and_of_none_is_unknown() -> None:
    written(GOOD)
    first = asked("import", "lots", "lots.csv")["import_id"]
    written(OTHER)
    second = asked("import", "lots", "lots.csv")["import_id"]
    same = next(first[:end] for end in range(36, 0, -1) if second.startswith(first[:end]))
    ran = run("undo-import", same, "--reason", "x", "--json")
    assert (ran.code, ran.fault["error"]) == (2, "AmbiguousImport")
    assert set(ran.fault["facts"]["items"]) == {first, second}
    assert run("undo-import", "ffffffff", "--reason", "x").code == 1


def test_an_import_that_cannot_be_undone_names_what_depends_on_it_and_a_way_that_exists() -> None:
    Path("clients.csv").write_text("code;nom\nC9;Nouveau\n")
    client = asked("import", "clients", "clients.csv")["import_id"]
    Path("ventes.csv").write_text(
        "numero;date;client;produit;quantite\nCC9;20/11/2026;C9;GOUDA;1\n"
    )
    sale = asked("import", "sales", "ventes.csv")["import_id"]
    ran = run("undo-import", client, "--reason", "x")
    output = one_line(ran.err)
    assert ran.code == 1
    assert "C9" in output
    assert "CC9" in output
    assert f"undo-import {sale}" in output
    done("undo-import", sale, "--reason", "x")
    done("undo-import", client, "--reason", "x")


def test_what_was_typed_by_hand_is_named_too_with_what_to_do_instead() -> None:
    written(GOOD)
    made = asked("import", "lots", "lots.csv")["import_id"]
    done("write-off", "M1", "1", "--reason", "renversé", "--on", "2026-11-20")
    output = one_line(run("undo-import", made, "--reason", "x").err)
    assert "M1" in output
    assert "mise au rebut" in output
