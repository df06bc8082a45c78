"""A step recorded by mistake is taken back by one command."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.apart import Apart
from tests.cli.conftest import DAY
from tests.cli.running import arrives, asked, done, one_line, run

ON = ("--on", DAY)
RECEIVE = ("receive", "LAIT", "10", "--supplier", "F001", *ON)

pytestmark = pytest.mark.usefixtures("dairy")


def undone(*words: str) -> str:
    return one_line(done("undo", *words, *ON).out)


def status(lot: str) -> str:
    (found,) = [each for each in asked("lots", "--all") if each["lot"] == lot]
    return str(found["status"])


def loaded() -> list[str]:
    return [each["lot"] for each in asked("delivery", "show", "BL-9")["lines"]]


# -------------------------------------------------------------------------------- the steps


def test_a_reception_is_void() -> None:
    done(*RECEIVE, "--code", "L9")
    assert "Annulé : réception : L9, 10 L, LAIT." in undone()
    assert status("L9") == "VOIDED"


def test_what_was_loaded_comes_off() -> None:
    done("delivery", "prepare", "CC-2", "--code", "BL-9", *ON)
    done("delivery", "load", "BL-9", "PF-OF-1", "3", *ON)
    assert loaded() == ["PF-OF-1"]
    assert "PF-OF-1, 3 kg" in undone("last")
    assert loaded() == []


def test_what_was_poured_is_in_the_lot_again() -> None:
    done("production", "plan", "GOUDA", "10", "--code", "OF-9", *ON)
    done("production", "start", "OF-9", *ON)
    done("production", "pour", "OF-9", "L2", "60", *ON)
    assert "L2, 60 L, OF-9" in undone()
    (left,) = [each for each in asked("lots") if each["lot"] == "L2"]
    assert left["on_hand"] == "500"


def test_an_import_is_undone_whole() -> None:
    done("supplier", "add", "F8", "Haddad")
    Path("fournisseurs.csv").write_text("code;nom\nF6;Amrane\nF7;Ziri\n", encoding="utf-8")
    done("import", "suppliers", "fournisseurs.csv")
    undone()
    assert [each["status"] for each in asked("imports")] == ["undone"]
    assert "F8" in undone()


def test_a_loss_is_refused_with_what_people_do() -> None:
    done("write-off", "L2", "4", "--reason", "renversé", *ON)
    ran = run("undo", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "NotTakenBack")
    assert "Faites l’inventaire des lots concernés" in ran.fault["message"]


def test_a_count_of_the_wrong_lot_is_taken_back() -> None:
    before = asked("lots", "--search", "L2")
    done("count", "L2", "400", *ON)
    assert asked("lots", "--search", "L2") != before
    assert "L2" in undone()
    assert asked("lots", "--search", "L2") == before
    assert "inventaire repris" in done("movements", "L2").out


def test_what_a_later_step_rests_on_is_refused() -> None:
    commit = asked(*RECEIVE, "--code", "L9")["commit"]
    done("count", "L9", "9", *ON)
    ran = run("undo", commit, "--json")
    assert (ran.code, ran.fault["error"]) == (1, "LotWasUsed")


def test_the_reason_and_the_day_are_those_given() -> None:
    done("sell", "C2", "GOUDA=1", "--code", "CC-9", *ON)
    answer = asked("undo", "--reason", "mauvais client", "--on", "2026-11-21")
    assert answer["on"] == "2026-11-21"
    assert asked("order", "show", "CC-9")["reason"] == "mauvais client"


# --------------------------------------------------------------------------------- which one


def test_said_twice_it_takes_back_the_one_before() -> None:
    done(*RECEIVE, "--code", "L8")
    done(*RECEIVE, "--code", "L9")
    assert "L9" in undone()
    assert "L8" in undone()
    assert (status("L8"), status("L9")) == ("VOIDED", "VOIDED")


def test_what_was_taken_back_by_hand_is_not_passed_over() -> None:
    done(*RECEIVE, "--code", "L8")
    done(*RECEIVE, "--code", "L9")
    done("void", "L9", "--reason", "erreur", *ON)
    ran = run("undo", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "NotTakenBack")
    assert status("L8") == "AVAILABLE"


def test_one_that_is_further_back_is_named() -> None:
    commit = asked(*RECEIVE, "--code", "L8")["commit"]
    done(*RECEIVE, "--code", "L9")
    assert "L8" in undone(commit)
    assert (status("L8"), status("L9")) == ("VOIDED", "AVAILABLE")
    assert "L9" in undone()


def test_the_same_one_is_taken_back_once() -> None:
    done("delivery", "prepare", "CC-2", "--code", "BL-9", *ON)
    done("delivery", "load", "BL-9", "PF-OF-1", "1", *ON)
    commit = asked("delivery", "load", "BL-9", "PF-OF-1", "1", *ON)["commit"]
    first = asked("undo", commit, *ON)
    assert asked("undo", commit, "--reason", "encore") == first
    (line,) = asked("delivery", "show", "BL-9")["lines"]
    assert line["quantity"] == "1"


def test_the_beginning_of_an_id_is_enough_where_no_other_begins_so() -> None:
    first = str(uuid4())
    commit = str(uuid4())
    alike = commit[:8] + str(uuid4())[8:]
    done(*RECEIVE, "--code", "L7", "--command-id", first)
    done(*RECEIVE, "--code", "L8", "--command-id", commit)
    done(*RECEIVE, "--code", "L9", "--command-id", alike)
    assert "L7" in undone(first[:8])
    ran = run("undo", commit[:8], "--json")
    assert ran.fault["error"] == "AmbiguousCommit"
    assert {*ran.fault["facts"]["items"]} == {commit, alike}
    assert "L8" in undone(commit)


@pytest.mark.parametrize("beginning", ["0123456", "hier"])
def test_too_little_of_an_id_is_a_wrong_command_line(beginning: str) -> None:
    assert run("undo", beginning).code == 2


def test_an_id_that_nothing_bears_is_refused() -> None:
    ran = run("undo", "00000000", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "NoSuchEntry")


def test_last_is_what_the_same_person_recorded() -> None:
    arrives("karim", "appro")
    done(*RECEIVE, "--code", "L8", "--user", "karim")
    done(*RECEIVE, "--code", "L9", "--user", "amina")
    assert "L8" in undone("--user", "karim")
    assert (status("L8"), status("L9")) == ("VOIDED", "AVAILABLE")


def test_somebody_elses_is_taken_back_where_it_is_named() -> None:
    arrives("karim", "appro")
    commit = asked(*RECEIVE, "--code", "L9", "--user", "amina")["commit"]
    assert "L9" in undone(commit, "--user", "karim")


def test_who_may_not_is_refused() -> None:
    arrives("lila", "livreur")
    commit = asked(*RECEIVE, "--code", "L9", "--user", "amina")["commit"]
    ran = run("undo", commit, "--user", "lila", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "NotPermitted")
    noted = asked("audit", "--limit", "1", "--user", "amina")[0]
    assert (noted["user"], noted["action"], noted["outcome"]) == (
        "lila",
        "lot.void",
        "NotPermitted",
    )


def test_who_has_recorded_nothing_here_is_told_so() -> None:
    arrives("lila", "livreur")
    ran = run("undo", "--user", "lila", "--json")
    assert ran.fault["error"] == "NothingToUndo"
    assert "Vous n’avez rien enregistré sur cet appareil" in ran.fault["message"]


def test_last_is_what_was_recorded_at_the_same_device(apart: Apart) -> None:
    done(*RECEIVE, "--code", "L8")
    apart.on_phone(*RECEIVE, "--code", "L9")
    apart.exchange(apart.office, apart.phone)
    assert "L8" in undone()
    assert status("L9") == "AVAILABLE"


def test_the_answer_names_what_was_taken_back() -> None:
    commit = asked(*RECEIVE, "--code", "L9")["commit"]
    answer = asked("undo", *ON)
    assert (answer["command"], answer["undone"]) == ("lot.void", commit)
    assert asked("stats")["json_shape"] == 1
