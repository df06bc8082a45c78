"""A mistake gets one sentence on standard error and the exit code that says whose it is."""

import errno
import io
import os
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pytest

from manchengo_cli import failures, main
from tests.cli.running import asked, one_line, run

MISUSES = {
    "receive SEL abc --supplier F001": "QUANTITÉ : « abc » : Ce n’est pas un nombre",
    "receive SEL": "Il manque QUANTITÉ",
    "receive SEL 1": "Il manque --supplier",
    "receive SEL 1 2 --supplier F001": "un mot de trop : 2",
    "receive SEL 1litre --supplier F001": "« litre » n’est pas une unité",
    "receive SEL 1 --supplier F001 --on 31/02/2026": "Ce jour n’existe pas dans le calendrier",
    "receive SEL 1 --supplier F001 --on 3/4/26": "année",
    "receive SEL 1 --supplier F001 --on 03/02/26": "Écrivez l’année avec quatre chiffres.",
    "receive SEL -10 --supplier F001": "Rien n’est négatif ici",
    "receive SEL 1 --supplier F001 --code=": "--code : Rien n’est écrit",
    "count S1 1e3": "Écrivez le nombre avec tous ses chiffres",
    "receive SEL 1 --supplier F001 --command-id 12": "n’est pas un UUID",
    "receiv": "Il n’y a pas de commande « receiv ». Vouliez-vous dire receive",
    "supplier lis": "Il n’y a pas de commande « lis ». Vouliez-vous dire list ?",
    "stock --jso": "Il n’y a pas d’option --jso. Vouliez-vous dire --json ?",
    "stock --at": "L’option --at doit être suivie d’une valeur",
    "stock --json=1": "L’option --json ne prend pas de valeur",
    "sell C1 GOUDA": "« GOUDA » n’est pas de la forme CODE=QUANTITÉ",
    "sell C1 GOUDA=": "« GOUDA= » n’est pas de la forme",
    "sell C1 GOUDA=2@": "« GOUDA=2@ » n’est pas de la forme",
    "product add X X --kind XX --unit kg": "« XX » : Écrivez l’un de ceux-ci : MP, PF",
    "user add karim chef": "Choisissez parmi : admin, appro",
    "movements --from 02/11/2026 --to 01/11/2026": "La période du 02/11/2026 au 01/11/2026 finit",
    "audit --from 02/11/2026 --to 01/11/2026": "échangez les deux jours",
    "init --clear --keyring": "--clear ne crée pas de clé",
}


@pytest.mark.usefixtures("dairy")
@pytest.mark.parametrize(("words", "sentence"), MISUSES.items(), ids=MISUSES)
def test_a_wrong_command_line_is_explained_in_french(words: str, sentence: str) -> None:
    ran = run(*words.split())
    assert (ran.code, ran.out) == (2, "")
    assert sentence in one_line(ran.err)


@pytest.mark.usefixtures("dairy")
@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("product show X", "vérifiez-le, ou enregistrez-le d’abord"),
        ("trace X", "Rien ne porte ce nom : vérifiez-le"),
        ("conflicts show abc", "Rien ne porte ce nom : vérifiez-le"),
        ("undo-import abc --reason x", "Rien ne porte ce nom : vérifiez-le"),
    ],
)
def test_only_what_a_person_can_record_is_to_be_recorded_first(words: str, advice: str) -> None:
    refused = run(*words.split())
    assert refused.code == 1
    said = one_line(refused.err)
    assert advice in said
    assert said.count("enregistrez-le d’abord") == advice.count("enregistrez-le d’abord")


@pytest.mark.parametrize("words", ["", "supplier", "production"])
def test_a_command_without_its_words_shows_its_help(words: str) -> None:
    ran = run(*words.split())
    assert ran.code == 2
    assert "Commandes" in ran.err or "Pour commencer" in ran.err


@pytest.mark.usefixtures("dairy")
def test_an_error_is_an_object_for_programs() -> None:
    refused = run("receive", "SEL", "1", "--supplier", "F999", "--json")
    assert refused.code == 1
    assert list(refused.fault) == ["error", "facts", "message"]
    assert refused.fault["error"] == "Unknown"
    assert refused.fault["facts"] == {"kind": "supplier", "reference": "F999"}
    misused = run("receive", "SEL", "x", "--supplier", "F001", "--json")
    assert misused.fault["error"] == "BadParameter"
    assert run("--json", "stock", "--db", "nulle-part.db").fault["error"] == "DatabaseMissing"


def test_a_fault_of_ours_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_words: object) -> None:
        raise RuntimeError("le fromage a coulé")

    monkeypatch.setattr(main, "program", lambda: Broken(fails))
    ran = run("stock")
    assert ran.code == 3
    assert "C’est une erreur de Manchengo, pas la vôtre : RuntimeError" in one_line(ran.err)
    assert "Traceback" not in ran.err
    monkeypatch.setenv("MANCHENGO_DEBUG", "1")
    assert "Traceback" in run("stock").err


def test_an_interruption_is_said_and_has_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "program", lambda: Broken(interrupted))
    ran = run("stock")
    assert (ran.code, ran.err) == (
        130,
        "Interrompu : rien de plus n’a été enregistré.\n".replace(" :", "\u00a0:"),
    )


class Broken:
    """The program, of which every command fails."""

    def __init__(self, fails: Any) -> None:
        self.main = lambda *_words, **_more: fails()


class FullDisk(io.StringIO):
    """An answer that is written to a file finds no room."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("dairy")
def test_a_lost_answer_is_not_taken_for_a_lost_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    said = io.StringIO()
    with redirect_stderr(said), monkeypatch.context() as patch:
        patch.setattr("sys.stdout", FullDisk())
        assert main.main(["receive", "LAIT", "5", "--supplier", "F001", "--code", "L9"]) == 3
    assert "seule la réponse n’a pas pu être écrite : le disque est plein" in one_line(
        said.getvalue()
    )
    assert any(line["lot"] == "L9" for line in asked("lots"))


@pytest.mark.usefixtures("dairy")
def test_a_reader_who_leaves_early_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", buffering=1) as pipe, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", pipe)
        assert main.main(["stock"]) == 0


@pytest.mark.usefixtures("dairy")
def test_closed_streams_stop_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        for name in ("stdin", "stdout", "stderr"):
            patch.setattr(f"sys.{name}", None)
        assert main.main(["receive", "LAIT", "5", "--supplier", "F001", "--code", "L9"]) == 0
        assert main.main(["stock", "--at"]) == 2
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            stream.close()
    assert any(line["lot"] == "L9" for line in asked("lots"))


def test_the_machines_refusals_are_the_machines(tmp_path: Path) -> None:
    ran = run("backup", str(tmp_path), "--json", "--db", "x.db")
    assert ran.code == 3
    explanation = failures.explain(PermissionError(13, "Permission denied", "/root/x"))
    assert (explanation.exit_code, explanation.facts) == (3, {"path": "/root/x"})


ODD = {
    "a key that stuck": "receive LAIT 9999999999 --supplier F001",
    "a price that stuck": "order place C1 GOUDA=1@99999999999",
    "a million years": "product change LAIT --shelf-life 99999999",
    "a litre that weighs nothing": "product density LAIT 0",
    "half a letter": "supplier add F9 Ferme\udcff",
    "a blank name": "supplier change F001 --name \u00a0",
    "less than nothing": "receive LAIT --supplier F001 -- -5",
    "another century": "stock --at 1850-01-01",
}


@pytest.mark.usefixtures("dairy")
@pytest.mark.parametrize("words", ODD.values(), ids=ODD)
def test_no_odd_value_is_taken_for_a_fault_of_ours(words: str) -> None:
    ran = run(*words.split(" "))
    assert ran.code == 2, ran.err
