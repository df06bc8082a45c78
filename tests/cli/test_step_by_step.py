"""Production, sales and deliveries one step at a time, as the workshop and the van do them."""

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import asked, done, run

pytestmark = pytest.mark.usefixtures("dairy")


def test_a_make_from_its_plan_to_its_lot() -> None:
    done("production", "plan", "GOUDA", "10", "--code", "OF-2", "--on", DAY)
    assert asked("production", "show", "OF-2")["status"] == "planned"
    done("production", "start", "OF-2", "--on", DAY)
    reserved = asked("production", "show", "OF-2")["reserved"]
    assert [(each["lot"], each["quantity"]) for each in reserved] == [("L2", "100"), ("S1", "0.2")]
    done("production", "pour", "OF-2", "L2", "99", "--on", DAY)
    done("production", "pour", "OF-2", "S1", "0,2", "--on", DAY)
    done("production", "complete", "OF-2", "--obtained", "9,8", "--lot", "G2", "--on", DAY)
    shown = asked("production", "show", "OF-2")
    assert shown["status"] == "completed"
    assert shown["reserved"] == []
    assert [(each["lot"], each["quantity"]) for each in shown["lots"]] == [("G2", "9.8")]


def test_what_was_poured_by_mistake_is_taken_back() -> None:
    done("production", "plan", "GOUDA", "10", "--code", "OF-2", "--on", DAY)
    done("production", "start", "OF-2", "--on", DAY)
    before = asked("production", "show", "OF-2")
    done("production", "pour", "OF-2", "L2", "99", "--on", DAY)
    done("production", "take-back", "OF-2", "L2", "9", "--on", DAY)
    poured = [each["quantity"] for each in asked("production", "show", "OF-2")["poured"]]
    assert poured == ["90"]
    done("production", "take-back", "OF-2", "L2", "--on", DAY)
    assert asked("production", "show", "OF-2") == before
    again = run("production", "take-back", "OF-2", "L2", "--on", DAY)
    assert again.code == 1
    assert "Du lot L2, 0\u00a0L ont été versés dans l’ordre OF-2" in again.err


def test_another_lot_than_proposed_needs_a_reason() -> None:
    newer = ("--code", "L3", "--expires", "2026-11-29", "--on", DAY)
    done("receive", "LAIT", "150", "--supplier", "F001", *newer)
    done("production", "plan", "GOUDA", "10", "--code", "OF-2", "--on", DAY)
    done("production", "start", "OF-2", "--on", DAY)
    assert run("production", "pour", "OF-2", "L3", "9", "--on", DAY).code == 1
    done("production", "pour", "OF-2", "L3", "9", "--reason", "L2 au fond", "--on", DAY)


def test_a_make_given_up_gives_its_materials_back() -> None:
    done("production", "plan", "GOUDA", "10", "--code", "OF-2", "--on", DAY)
    done("production", "start", "OF-2", "--on", DAY)
    done("production", "cancel", "OF-2", "--reason", "cuve en panne", "--on", DAY)
    assert asked("production", "show", "OF-2")["reserved"] == []


def test_only_what_is_not_over_is_listed_unless_all_is_asked() -> None:
    assert [each["order"] for each in asked("production", "list")] == []
    assert [each["order"] for each in asked("production", "list", "--all")] == ["OF-1"]
    assert [each["order"] for each in asked("order", "list")] == ["CC-2"]
    assert [each["order"] for each in asked("order", "list", "--all")] == ["CC-1", "CC-2"]


def test_an_order_from_its_placing_to_the_clients_hands() -> None:
    done("order", "place", "C2", "GOUDA=4", "--code", "CC-3", "--on", DAY)
    assert asked("order", "show", "CC-3")["status"] == "placed"
    done("order", "confirm", "CC-3", "--on", DAY)
    done("delivery", "prepare", "CC-3", "--code", "BL-3", "--on", DAY)
    done("delivery", "load", "BL-3", "PF-OF-1", "3", "--on", DAY)
    done("delivery", "dispatch", "BL-3", "--carrier", "Karim", "--short", "rupture", "--on", DAY)
    done("delivery", "received", "BL-3", "--by", "Mme Taleb", "--on", DAY)
    shown = asked("delivery", "show", "BL-3")
    assert (shown["status"], shown["received_by"]) == ("received", "Mme Taleb")
    assert shown["short_reason"] == "rupture"
    assert asked("order", "show", "CC-3")["status"] == "partly_delivered"
    done("order", "close", "CC-3", "--on", DAY)
    assert asked("order", "show", "CC-3")["reserved"] == []


def test_a_lot_loaded_by_mistake_comes_off_the_van() -> None:
    before = asked("order", "show", "CC-2")["reserved"]
    done("delivery", "prepare", "CC-2", "--code", "BL-2", "--on", DAY)
    done("delivery", "load", "BL-2", "PF-OF-1", "3", "--on", DAY)
    done("delivery", "unload", "BL-2", "PF-OF-1", "1", "--on", DAY)
    assert [each["quantity"] for each in asked("delivery", "show", "BL-2")["lines"]] == ["2"]
    done("delivery", "unload", "BL-2", "PF-OF-1", "--on", DAY)
    assert asked("delivery", "show", "BL-2")["lines"] == []
    assert asked("order", "show", "CC-2")["reserved"] == before
    again = run("delivery", "unload", "BL-2", "PF-OF-1", "--on", DAY)
    assert again.code == 1
    assert "Du lot PF-OF-1, la camionnette de BL-2 contient 0\u00a0kg" in again.err


def test_an_order_given_up_frees_its_lots() -> None:
    done("order", "cancel", "CC-2", "--reason", "le client renonce", "--on", DAY)
    shown = asked("order", "show", "CC-2")
    assert (shown["status"], shown["reserved"]) == ("cancelled", [])


def test_a_van_that_does_not_leave_keeps_the_orders_lots() -> None:
    done("delivery", "prepare", "CC-2", "--code", "BL-2", "--on", DAY)
    done("delivery", "cancel", "BL-2", "--reason", "route coupée", "--on", DAY)
    assert asked("order", "show", "CC-2")["reserved"] != []
    assert [each["delivery"] for each in asked("delivery", "list")] == ["BL-1"]
    assert [each["delivery"] for each in asked("delivery", "list", "--all")] == ["BL-1", "BL-2"]
