"""A recall tells the truth: whatever may have touched a lot is listed, and marked."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.apart import Apart
from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")

# ------------------------------------------------------------------------- too little to weigh


@pytest.fixture
def ferment(dairy: Path) -> None:
    done("product", "add", "FERM", "Ferment", "--kind", "MP", "--unit", "kg", "--price", "900")
    done("product", "add", "MAN", "Mantouri", "--kind", "PF", "--unit", "kg", "--price", "900")
    recipe = ("LAIT=620", "FERM=0,025", "--batch", "100", "--from", "2026-01-01")
    done("recipe", "add", "MAN", *recipe)


@pytest.mark.usefixtures("ferment")
def test_the_recall_of_a_ferment_reaches_a_make_too_small_to_weigh_it() -> None:
    done("receive", "FERM", "1", "--supplier", "F001", "--code", "F-1", "--on", DAY)
    output = one_line(done("produce", "MAN", "1,9", "--code", "OF-5", "--on", DAY).out)
    assert "versé : 0,001 kg de F-1" in output
    report = asked("recall", "F-1", "--simulate")
    assert [each["lot"] for each in report["lots"]] == ["F-1", "PF-OF-5"]


@pytest.mark.usefixtures("ferment")
@pytest.mark.parametrize("quantity", ["1,9", "100"])
def test_nothing_is_made_without_the_ferment_in_stock(quantity: str) -> None:
    ran = run("produce", "MAN", quantity, "--code", "OF-5", "--on", DAY)
    assert ran.code == 1
    assert "FERM" in ran.err


# ------------------------------------------------------------------------ may have touched it


def both_devices(words: tuple[str, ...], apart: Apart) -> list[Any]:
    return [asked("--db", str(path), *words) for path in (apart.office, apart.phone)]


@pytest.fixture
def made_twice(apart: Apart) -> Apart:
    """Both made cheese of the milk that is left; the phone's make was refused at the log."""
    done("produce", "GOUDA", "40", "--code", "OF-2", "--on", DAY)
    done("sell", "C1", "GOUDA=110", "--code", "CC-4", "--on", DAY)
    apart.on_phone("produce", "GOUDA", "41", "--code", "OF-3", "--on", DAY)
    apart.on_phone("sell", "C2", "GOUDA=90", "--code", "CC-5", "--on", DAY)
    apart.on_phone("deliver", "CC-5", "--code", "BL-5", "--on", DAY)
    apart.exchange(apart.office, apart.phone)
    return apart


def test_a_refused_make_is_in_the_recall_of_its_milk_on_every_device(made_twice: Apart) -> None:
    for report in both_devices(("recall", "L2", "--simulate"), made_twice):
        lots = {each["lot"]: (each["standing"], each["claimed"]) for each in report["lots"]}
        assert lots == {
            "L2": ("released", False),
            "PF-OF-1": ("released", False),
            "PF-OF-2": ("released", False),
            "PF-OF-3": ("claimed", True),
        }
        assert [
            (each["lot"], each["delivery"], each["client"])
            for each in report["deliveries"]
            if each["claimed"]
        ] == [("PF-OF-1", "BL-5", "C2"), ("PF-OF-3", "BL-5", "C2")]
    output = one_line(done("recall", "L2", "--simulate").out)
    assert "PF-OF-3 [déclaré, pas accepté] Gouda" in output
    assert "4 lots, 3 livraisons, 2 clients" in output


@pytest.mark.usefixtures("made_twice")
def test_a_claimed_lot_is_found_by_the_code_on_its_label() -> None:
    origins = asked("trace", "PF-OF-3")["origins"]
    assert (origins["standing"], origins["claimed"], origins["product"]) == (
        "claimed",
        True,
        "GOUDA",
    )
    assert {each["lot"] for each in origins["children"]} == {"L2", "S1"}
    assert "PF-OF-3  Gouda  41 kg  [déclaré, pas accepté]" in (
        done("trace", "PF-OF-3").out.replace("\u00a0", " ")
    )
    assert asked("recall", "PF-OF-3", "--simulate")["clients"] == ["C2"]
    done("recall", "PF-OF-3", "--reason", "goût", "--on", DAY)


def test_a_claimed_pouring_into_an_open_order_is_shown(poured_twice: Apart) -> None:
    for found in both_devices(("trace", "L2"), poured_twice):
        assert found["uses"]["orders"] == [
            {"order": "OF-2", "status": "started", "used": "400", "used_unit": "L"}
            | {"claimed": False},
            {"order": "OF-3", "status": "started", "used": "410", "used_unit": "L"}
            | {"claimed": True},
        ]
    for report in both_devices(("recall", "L2", "--simulate"), poured_twice):
        assert [(each["lot"], each["order"], each["claimed"]) for each in report["orders"]] == [
            ("L2", "OF-2", False),
            ("L2", "OF-3", True),
        ]
    shown = "410 L versés dans OF-3 (en cours) : aucun lot n’en est sorti [déclaré, pas accepté]"
    assert shown in one_line(done("trace", "L2").out)
    assert shown in one_line(done("recall", "L2", "--simulate").out)


def test_what_was_poured_into_an_order_that_was_given_up_is_shown() -> None:
    done("production", "plan", "GOUDA", "40", "--code", "OF-2", "--on", DAY)
    done("production", "start", "OF-2", "--on", DAY)
    done("production", "pour", "OF-2", "L2", "300", "--on", DAY)
    done("production", "cancel", "OF-2", "--reason", "cuve fendue", "--on", DAY)
    assert "300 L versés dans OF-2 (annulé)" in one_line(done("trace", "L2").out)
    (order,) = asked("recall", "L2", "--simulate")["orders"]
    assert (order["lot"], order["order"], order["status"]) == ("L2", "OF-2", "cancelled")


def test_a_recall_lists_the_order_and_the_van_that_still_hold_the_lot() -> None:
    done("delivery", "prepare", "CC-2", "--code", "BL-2", "--on", DAY)
    done("delivery", "load", "BL-2", "PF-OF-1", "3", "--on", DAY)
    report = asked("recall", "L1", "--simulate")
    (van,), (kept,) = report["loaded"], report["reserved"]
    assert (van["lot"], van["delivery"], van["client"], van["quantity"]) == (
        "PF-OF-1",
        "BL-2",
        "C2",
        "3",
    )
    assert (kept["lot"], kept["kind"], kept["order"], kept["quantity"]) == (
        "PF-OF-1",
        "sales",
        "CC-2",
        "5",
    )
    assert report["clients"] == ["C1"]
    output = one_line(done("recall", "L1", "--reason", "listeria", "--on", DAY).out)
    assert "3 kg dans la camionnette pour Taleb (C2), BL-2, pas encore partie" in output
    assert "5 kg de côté pour Taleb (C2), CC-2" in output


def test_two_lots_under_one_code_are_both_shown(apart: Apart) -> None:
    done("receive", "LAIT", "10", "--supplier", "F001", "--code", "L9", "--on", DAY)
    apart.on_phone("receive", "LAIT", "11", "--supplier", "F001", "--code", "L9", "--on", DAY)
    apart.exchange(apart.office, apart.phone)
    for found in both_devices(("trace", "L9"), apart):
        (other,) = found["same_code"]
        assert (found["uses"]["quantity"], other["uses"]["quantity"]) == ("10", "11")
        assert (found["uses"]["claimed"], other["uses"]["claimed"]) == (False, True)
    assert "Un autre lot porte le même code" in done("trace", "L9").out
    for report in both_devices(("recall", "L9", "--simulate"), apart):
        assert [(each["lot"], each["claimed"]) for each in report["lots"]] == [
            ("L9", False),
            ("L9", True),
        ]


def test_the_code_of_a_claimed_lot_is_not_proposed_again(apart: Apart) -> None:
    done("write-off", "L2", "450", "--reason", "renversé", "--on", DAY)
    claimed = asked("--db", str(apart.phone), "produce", "GOUDA", "40", "--on", DAY)["codes"]
    apart.exchange(apart.office, apart.phone)
    assert asked("trace", f"PF-{claimed['order']}")["origins"]["standing"] == "claimed"
    again = asked("--db", str(apart.phone), "produce", "GOUDA", "1", "--on", DAY)["codes"]
    assert again["order"] != claimed["order"]
