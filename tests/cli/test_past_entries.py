"""An entry dated in the past is shown before it is recorded, and confirmed at the terminal."""

import io
import sys
from typing import Any

import pytest
from click import Context
from typer.main import get_command

from manchengo_cli import executing
from manchengo_cli.main import app
from tests.cli.running import Run, asked, done, one_line, run
from tests.cli.test_rights import ASKS

pytestmark = pytest.mark.usefixtures("dairy")

LATE = ("receive", "LAIT", "100", "--supplier", "F001", "--on", "2026-11-19")


def stock_of_milk() -> str:
    line = next(each for each in asked("stock") if each["product"] == "LAIT")
    return str(line["on_hand"])


def answered(reply: str, monkeypatch: pytest.MonkeyPatch, *words: str) -> Run:
    monkeypatch.setattr(executing, "is_at_a_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{reply}\n"))
    return run(*words)


def test_a_preview_says_what_changes_and_records_nothing() -> None:
    page = one_line(done(*LATE, "--preview").out)
    assert "datée du passé : elle change ce qui est connu depuis le 19/11/2026" in page
    assert "Lait 20/11/2026 500 L 600 L" in page
    assert "OF-1 a pris L1 le 20/11/2026" in page
    assert stock_of_milk() == "500"


def test_a_preview_records_nothing_whatever_the_command() -> None:
    recorded = asked("stats")["commits"]
    tried = [words for words in ASKS if offers_preview(words.split())]
    for words in tried:
        run(*words.split(), "--preview")
        assert asked("stats")["commits"] == recorded, words
    assert "receive LAIT 10 --supplier F001" in tried
    assert not offers_preview(["recall"])
    assert not offers_preview(["scan"])


def offers_preview(words: list[str]) -> bool:
    command: Any = get_command(app)
    for word in words:
        if not hasattr(command, "get_command"):
            break
        command = command.get_command(Context(command), word)
    return any(each.name == "preview" for each in command.params)


def test_today_changes_nothing_of_the_past() -> None:
    page = done("write-off", "L2", "5", "--reason", "perdu", "--preview").out
    assert "ne change rien aux jours passés" in page


def test_a_preview_of_what_is_refused_shows_the_balance_below_zero() -> None:
    page = one_line(done("count", "L2", "5", "--on", "2026-11-21").out)
    assert "5 L en stock" in page
    done("write-off", "L2", "5", "--reason", "perdu", "--on", "2026-11-22")
    refused = one_line(done("count", "L2", "4", "--on", "2026-11-21", "--preview").out)
    assert "Lot L2 22/11/2026 0 L \u22121 L" in refused
    shape = asked("count", "L2", "4", "--on", "2026-11-21", "--preview")
    assert shape["refused"]["error"] == "CountContradictsLater"


def test_a_person_at_the_terminal_says_no_and_nothing_is_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran = answered("n", monkeypatch, *LATE)
    assert ran.code == 1
    assert ran.out == ""
    assert "Enregistrer ? [o/N]" in one_line(ran.err)
    assert "Rien n’a été enregistré." in ran.err
    assert stock_of_milk() == "500"


def test_a_person_at_the_terminal_says_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = answered("o", monkeypatch, *LATE)
    assert (ran.code, stock_of_milk()) == (0, "600")
    assert "serait parti d’abord" in one_line(ran.err)


@pytest.mark.parametrize("option", ["--yes", "--json"])
def test_who_asks_not_to_be_asked_is_not(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = answered("", monkeypatch, *LATE, option)
    assert (ran.code, ran.err, stock_of_milk()) == (0, "", "600")


def test_a_script_without_a_terminal_is_not_asked() -> None:
    assert run(*LATE).err == ""
    assert stock_of_milk() == "600"


def test_what_the_rules_refuse_is_refused_without_a_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = ("write-off", "L2", "501", "--reason", "perdu", "--on", "2026-11-21")
    ran = answered("o", monkeypatch, *late)
    assert ran.code == 1
    assert "Enregistrer ?" not in ran.err
    assert "Il n’y a pas assez dans le lot L2" in one_line(ran.err)
