"""Papers printed at the command line: the calls of a recall, the note of a delivery."""

from pathlib import Path

import pytest

from manchengo import Role
from tests.cli.conftest import DAY
from tests.cli.running import arrives, asked, done, one_line, run
from tests.documents.test_papers import pages

PDF = "papier.pdf"
PHONE = "0550 12 34 56"


@pytest.fixture(autouse=True)
def phone(dairy: Path) -> Path:
    done("client", "change", "C1", "--phone", PHONE)
    return dairy


def text() -> str:
    return " ".join(pages(Path(PDF).read_bytes()))


def test_the_calls_of_a_recall_are_printed_before_it_is_made() -> None:
    out = one_line(done("recall", "L1", "--simulate", "--pdf", PDF).out)
    assert f"Écrit : {PDF}" in out
    for words in ("RAPPEL", "Lot L1", "Ziani (C1)", PHONE, "PF-OF-1", "BL-1"):
        assert words in text(), words
    assert "EXERCICE" not in text()


def test_a_drill_on_paper_says_that_it_is_one() -> None:
    assert asked("recall", "L1", "--drill", "--pdf", PDF)["file"] == PDF
    assert text().startswith("EXERCICE DE RAPPEL")


def test_a_recall_prints_what_it_reaches() -> None:
    recalled = asked("recall", "L1", "--reason", "goût", "--on", DAY, "--pdf", PDF)
    assert recalled["file"] == PDF
    assert "rappelé" in text()


def test_nothing_is_recalled_where_the_paper_cannot_be_written() -> None:
    Path(PDF).write_text("tenu ailleurs", encoding="utf-8")
    for to, error in ((PDF, "AlreadyThere"), ("a.txt", "UnknownForm")):
        ran = run("recall", "L1", "--reason", "goût", "--pdf", to, "--json")
        assert ran.fault["error"] == error
    assert Path(PDF).read_text(encoding="utf-8") == "tenu ailleurs"
    assert asked("recall", "L1", "--simulate")["lots"][0]["standing"] != "recalled"


def test_who_may_not_read_telephones_prints_none() -> None:
    arrives("la-production", Role.PRODUCTION)
    done("recall", "L1", "--simulate", "--pdf", PDF, "--user", "la-production")
    assert PHONE not in text()
    assert "commercial" in text()


def test_a_delivery_note_goes_with_the_goods() -> None:
    done("plant", "change", "--name", "Fromagerie du Djurdjura", "--nif", "000016001234567")
    assert asked("delivery", "note", "BL-1", "--to", PDF) == {"delivery": "BL-1", "file": PDF}
    for words in (
        *("Bon de livraison BL-1", "Fromagerie du Djurdjura", "NIF : 000016001234567"),
        *("Ziani (C1)", f"Tél. : {PHONE}", "PF-OF-1", "Commande client : CC-1"),
        "il ne remplace pas la facture",
    ):
        assert words in text(), words
    assert run("delivery", "note", "BL-1", "--to", PDF, "--json").fault["error"] == "AlreadyThere"
    done("delivery", "note", "BL-1", "--to", PDF, "--force")


def test_there_is_no_note_of_an_empty_van() -> None:
    done("delivery", "prepare", "CC-2", "--code", "BL-9", "--on", DAY)
    ran = run("delivery", "note", "BL-9", "--to", PDF, "--json")
    assert ran.fault["error"] == "NothingToPrint"
    assert not Path(PDF).exists()


def noted() -> list[tuple[str, str, dict[str, object]]]:
    """What the audit says of papers, the newest first."""
    return [
        (each["user"], each["action"], each["facts"])
        for each in asked("audit", "--kind", "export", "--user", "amina")
    ]


def test_the_audit_knows_who_printed_what() -> None:
    arrives("la-production", Role.PRODUCTION)
    done("recall", "L1", "--simulate", "--pdf", PDF, "--user", "la-production")
    done("recall", "L1", "--simulate", "--pdf", "rappel.pdf", "--user", "amina")
    done("delivery", "note", "BL-1", "--to", "bon.pdf", "--user", "amina")
    done("labels", "L1", "BL-1", "--to", "etiquettes.pdf", "--copies", "3", "--user", "amina")
    run("delivery", "note", "BL-9", "--to", "non.pdf", "--user", "amina")
    labels, note, with_telephones, without = noted()
    assert labels == ("amina", "export.labels", {"labels": 6, "codes": ["L1", "BL-1"]})
    assert note == ("amina", "export.delivery_note", {"delivery": "BL-1"})
    assert with_telephones[:2] == ("amina", "export.recall_list")
    assert without[:2] == ("la-production", "export.recall_list")
    assert (with_telephones[2]["telephones"], without[2]["telephones"]) == (True, False)
    assert without[2]["calls"] == with_telephones[2]["calls"]
    shown = one_line(done("audit", "--kind", "export", "--user", "amina").out)
    for words in ("impression d’étiquettes", "d’un bon de livraison", "des appels d’un rappel"):
        assert words in shown
