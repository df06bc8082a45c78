"""What was completed, closed, cancelled or handed over by mistake goes on."""

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

ON = ("--on", DAY)

pytestmark = pytest.mark.usefixtures("dairy")


def undone() -> str:
    return one_line(done("undo", *ON).out)


def status(lot: str) -> str:
    (found,) = [each for each in asked("lots", "--all") if each["lot"] == lot]
    return str(found["status"])


def made() -> None:
    done("production", "plan", "GOUDA", "10", "--code", "OF-9", *ON)
    done("production", "start", "OF-9", *ON)
    done("production", "pour", "OF-9", "L2", "60", *ON)
    done("production", "complete", "OF-9", "--obtained", "6", *ON)


def test_a_make_completed_too_soon_goes_on_and_yields_another_lot() -> None:
    made()
    done("production", "reopen", "OF-9", "--reason", "pas fini", *ON)
    shown = asked("production", "show", "OF-9")
    assert (shown["status"], status("PF-OF-9")) == ("started", "VOIDED")
    assert [each["quantity"] for each in shown["reserved"]] == ["40", "0.2"]
    done("production", "complete", "OF-9", "--obtained", "9", *ON)
    assert [each["lot"] for each in asked("production", "show", "OF-9")["lots"]] == ["PF-OF-9-R2"]
    assert "6 kg, lot PF-OF-9" not in one_line(done("production", "show", "OF-9").out)


def test_undo_reopens_what_was_completed() -> None:
    made()
    assert "OF-9" in undone()
    assert asked("production", "show", "OF-9")["status"] == "started"


def test_a_make_is_not_reopened_once_its_lot_was_counted() -> None:
    made()
    done("count", "PF-OF-9", "6", *ON)
    ran = run("production", "reopen", "OF-9", "--reason", "pas fini", *ON, "--json")
    assert (ran.code, ran.fault["error"]) == (1, "LotWasUsed")


def test_a_make_cancelled_goes_on() -> None:
    done("production", "plan", "GOUDA", "10", "--code", "OF-9", *ON)
    done("production", "start", "OF-9", *ON)
    before = asked("production", "show", "OF-9")
    done("production", "cancel", "OF-9", "--reason", "cuve en panne", *ON)
    undone()
    assert asked("production", "show", "OF-9") == before


def test_an_order_closed_by_mistake_has_its_rest_again() -> None:
    done("delivery", "prepare", "CC-2", "--code", "BL-9", *ON)
    done("delivery", "load", "BL-9", "PF-OF-1", "1", *ON)
    done("delivery", "dispatch", "BL-9", *ON)
    before = asked("order", "show", "CC-2")
    assert before["reserved"]
    done("order", "close", "CC-2", *ON)
    done("order", "reopen", "CC-2", "--reason", "il attend le reste", *ON)
    assert asked("order", "show", "CC-2") == before


def test_an_order_cancelled_by_mistake_is_as_before() -> None:
    before = asked("order", "show", "CC-2")
    done("order", "cancel", "CC-2", "--reason", "erreur", *ON)
    assert "CC-2" in undone()
    assert asked("order", "show", "CC-2") == before


def test_an_order_that_goes_on_is_not_reopened() -> None:
    ran = run("order", "reopen", "CC-2", "--reason", "erreur", *ON)
    assert ran.code == 1
    assert "rouvrir" in ran.err


def test_a_delivery_handed_over_by_mistake_is_on_its_way() -> None:
    before = asked("delivery", "show", "BL-1")
    done("delivery", "received", "BL-1", "--by", "Ali", *ON)
    done("delivery", "reopen", "BL-1", "--reason", "pas le bon client", *ON)
    assert asked("delivery", "show", "BL-1") == before
    done("delivery", "received", "BL-1", "--by", "Omar", *ON)
    done("return", "BL-1", "PF-OF-1=1", "--reason", "abîmé", *ON)
    ran = run("delivery", "reopen", "BL-1", "--reason", "encore", *ON, "--json")
    assert (ran.code, ran.fault["error"]) == (1, "CameBackSince")


def test_undo_says_how_a_make_at_once_is_taken_back() -> None:
    done("produce", "GOUDA", "1", "--code", "OF-9", *ON)
    ran = run("undo", "--json")
    assert (ran.code, ran.fault["error"]) == (1, "NotTakenBack")
    assert "Rouvrez l’ordre" in ran.fault["message"]
