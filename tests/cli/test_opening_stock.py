"""What was on the shelf on the day the books begin is entered, by hand and from a file."""

from pathlib import Path

import pytest

from tests.cli.running import arrives, asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")

OPENED = ("--on", "2026-11-01")


def test_a_cheese_that_was_there_is_entered_and_its_trace_ends_there() -> None:
    words = ("GOUDA", "42,5", "--dated", "12/10/2026", "--cost", "900", "--code", "T0")
    output = one_line(done("opening-stock", *words, *OPENED).out)
    assert "Lot T0 : 42,5 kg de Gouda au stock initial du 01/11/2026, daté du 12/10/2026." in output
    assert "À utiliser au plus tard le 09/02/2027." in output
    (lot,) = [each for each in asked("lots", "GOUDA") if each["lot"] == "T0"]
    assert (lot["opening_stock"], lot["entered_on"], lot["unit_price"]) == (
        "2026-11-01",
        "2026-10-12",
        "900.00",
    )
    origins = asked("trace", "T0")["origins"]
    assert (origins["opening_stock"], origins["children"]) == ("2026-11-01", [])
    assert "[stock initial du 01/11/2026]" in one_line(done("trace", "T0").out)
    assert "stock initial" in done("movements", "T0").out


def test_it_leaves_before_what_was_made_since_and_its_recall_is_balanced() -> None:
    done("opening-stock", "GOUDA", "2", "--dated", "12/10/2026", "--code", "T0", *OPENED)
    done("sell", "C2", "GOUDA=3", "--code", "CC-9", "--on", "2026-11-21")
    kept = {each["lot"]: each["quantity"] for each in asked("order", "show", "CC-9")["reserved"]}
    assert kept == {"T0": "2", "PF-OF-1": "1"}
    done("deliver", "CC-9", "--code", "BL-9", "--on", "2026-11-21")
    report = asked("recall", "T0", "--simulate")
    assert report["clients"] == ["C2"]
    (balance,) = report["lots"]
    assert (balance["entered"], balance["delivered"], balance["on_hand"]) == ("2", "2", "0")


def test_the_next_free_code_is_that_of_its_kind() -> None:
    assert asked("opening-stock", "GOUDA", "2", *OPENED)["codes"] == {"lot": "PF-20261101-001"}
    assert asked("opening-stock", "SEL", "2", *OPENED)["codes"] == {"lot": "MP-20261101-001"}


@pytest.mark.parametrize("kind", ["opening-stock", "stock-initial"])
def test_a_whole_shelf_comes_from_a_file(kind: str, tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text(
        "lot;produit;date_stock;date_fabrication;quantite;cout_unitaire\n"
        "T0;GOUDA;01/11/2026;12/10/2026;42,5;900\n"
        "S0;SEL;01/11/2026;;25;45\n",
        encoding="utf-8",
    )
    assert asked("import", kind, "stock.csv")["accepted"] == 2
    assert {each["lot"] for each in asked("lots")} >= {"T0", "S0"}
    (batch,) = asked("imports")
    assert batch["kind"] == "opening-stock"
    done("undo-import", batch["import"], "--reason", "mauvais fichier")
    assert not {each["lot"] for each in asked("lots", "--all")} & {"T0", "S0"}


def test_only_an_administrator_enters_it() -> None:
    arrives("karim", "production")
    refused = run("opening-stock", "GOUDA", "2", *OPENED, "--user", "karim", "--json")
    assert (refused.code, refused.fault["error"]) == (1, "NotPermitted")
    assert "saisir le stock initial" in refused.fault["message"]


def test_what_came_in_since_is_no_opening_stock() -> None:
    refused = run("opening-stock", "GOUDA", "2", "--dated", "02/11/2026", *OPENED, "--json")
    assert (refused.code, refused.fault["error"]) == (1, "DatedAfterOpening")
