"""The particulars of the plant, typed by an administrator and printed on a label."""

from pathlib import Path

import pytest

from tests.cli.running import asked, done, run
from tests.cli.test_labels import PDF, text_in

pytestmark = pytest.mark.usefixtures("dairy")

WHERE = "Zone d'activité, 15000 Tizi Ouzou"


def test_what_was_recorded_is_shown_and_what_is_missing_is_named() -> None:
    page = done("plant", "change", "--name", "Fromagerie Djurdjura", "--approval", "15 123").out
    assert page == done("plant").out
    assert "Agrément sanitaire  15 123" in page
    assert "Pas encore enregistré" in page
    assert "NIF" in page.partition("Pas encore enregistré")[2]
    assert "Agrément sanitaire" not in page.partition("Pas encore enregistré")[2]


def test_a_program_reads_every_particular() -> None:
    done("plant", "change", "--nif", "001516000123456", "--legal-form", "SARL")
    known = asked("plant")
    assert (known["nif"], known["legal_form"], known["phone"]) == ("001516000123456", "SARL", "")
    assert list(known) == [
        *("name", "legal_form", "activity", "capital", "address", "phone", "email"),
        *("nif", "nis", "rc", "ai", "approval"),
    ]


def test_nothing_given_changes_nothing() -> None:
    done("plant", "change", "--name", "Fromagerie Djurdjura")
    assert run("plant", "change").code == 0
    assert asked("plant")["name"] == "Fromagerie Djurdjura"


def test_a_label_says_who_made_it_where_and_under_which_approval() -> None:
    done(
        *("plant", "change", "--name", "Fromagerie Djurdjura"),
        *("--approval", "15 123", "--address", WHERE),
    )
    done("labels", "PF-OF-1", "--to", PDF)
    text = text_in(Path(PDF))
    for said in ("Agrément", "123", "Fromagerie Djurdjura, Zone d'activité"):
        assert said in text, text
