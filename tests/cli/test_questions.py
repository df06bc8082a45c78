"""What is asked is answered: for people in French, for programs in JSON."""

from pathlib import Path

import pytest

from tests.cli.apart import Apart
from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def test_the_stock_of_a_past_day_is_that_of_its_end() -> None:
    before = {each["product"]: each["on_hand"] for each in asked("stock", "--at", "2026-11-19")}
    after = {each["product"]: each["on_hand"] for each in asked("stock", "--at", DAY)}
    assert before == {"LAIT": "0", "SEL": "0", "GOUDA": "0"}
    assert after == {"LAIT": "500", "SEL": "23", "GOUDA": "75.3"}


@pytest.mark.parametrize(
    "words",
    ["lots gouda", "movements l1", "trace pf-of-1", "client show c1", "order show cc-1"],
)
def test_a_code_is_found_in_whatever_case_it_is_typed(words: str) -> None:
    *command, code = words.split()
    assert asked(*command, code) == asked(*command, code.upper())


def test_figures_are_french_for_people() -> None:
    done("receive", "LAIT", "1250,5", "--supplier", "F001", "--on", DAY)
    assert "1\u202f750,5\u00a0L" in done("stock", "--at", DAY).out


def test_an_archived_product_is_shown_while_some_is_left() -> None:
    done("product", "add", "BEURRE", "Beurre", "--kind", "PF", "--unit", "kg")
    done("product", "archive", "BEURRE")
    done("product", "archive", "GOUDA")
    assert [each["product"] for each in asked("stock", "--at", DAY)] == ["LAIT", "SEL", "GOUDA"]


def test_lots_are_those_that_hold_something_unless_all_are_asked() -> None:
    assert [each["lot"] for each in asked("lots", "LAIT")] == ["L2"]
    assert [each["lot"] for each in asked("lots", "LAIT", "--all")] == ["L1", "L2"]
    assert {each["lot"] for each in asked("lots")} == {"L2", "S1", "PF-OF-1"}


def test_lots_of_a_past_day_are_those_of_its_end() -> None:
    done("write-off", "L2", "100", "--reason", "perdu", "--on", "2026-11-21")
    done("sell", "C2", "GOUDA=1", "--on", "2026-11-21")
    assert asked("lots", "--at", "2026-11-19") == []
    then = {each["lot"]: each for each in asked("lots", "--at", DAY)}
    assert {lot: each["on_hand"] for lot, each in then.items()} == {
        "L2": "500",
        "S1": "23",
        "PF-OF-1": "75.3",
    }
    assert (then["PF-OF-1"]["reserved"], then["PF-OF-1"]["status"]) == ("5", None)
    assert [each["lot"] for each in asked("lots", "LAIT", "--at", DAY, "--all")] == ["L1", "L2"]


def test_movements_of_a_lot_a_period_a_product() -> None:
    kinds = [each["kind"] for each in asked("movements", "PF-OF-1")]
    assert kinds == ["production", "delivery"]
    of_the_day = asked("movements", "--from", DAY, "--to", DAY)
    assert len(of_the_day) == 8
    assert asked("movements", "--from", "2026-11-21", "--to", "2026-11-30") == []
    of_milk = asked("movements", "--product", "LAIT", "--from", DAY, "--to", DAY)
    assert {each["lot"] for each in of_milk} == {"L1", "L2"}
    assert asked("movements", "L1", "--to", "2026-11-19") == []


def test_an_allocation_says_what_it_would_take_and_why_not_the_rest() -> None:
    done("block", "PF-OF-1", "--reason", "odeur", "--on", DAY)
    answer = asked("allocate", "GOUDA", "10", "--on", DAY)
    assert answer["picks"] == []
    assert answer["shortfall"] == "10"
    assert answer["skipped"] == [{"lot": "PF-OF-1", "reason": "blocked"}]
    output = done("allocate", "GOUDA", "10", "--on", DAY).out
    assert "bloqué" in output
    assert "Il manque 10\u00a0kg de Gouda." in output


def test_an_allocation_for_a_client_asks_for_its_freshness() -> None:
    late = "2027-03-15"  # five days before the Gouda expires; C1 wants ten
    assert asked("allocate", "GOUDA", "1", "--on", late)["shortfall"] == "0"
    answer = asked("allocate", "GOUDA", "1", "--on", late, "--client", "C1")
    assert answer["skipped"] == [{"lot": "PF-OF-1", "reason": "shelf_life_too_short"}]


def test_a_lot_is_traced_both_ways() -> None:
    output = done("trace", "L1").out
    assert "└─ PF-OF-1  Gouda" in output
    assert "22\u00a0kg → Ziani (C1), BL-1 du 20/11/2026" in output
    assert "[BL-7]" in output


def test_a_tree_goes_on_beside_its_branches_on_a_narrow_screen() -> None:
    from manchengo_cli.layout import columns

    with columns(40):
        output = done("trace", "PF-OF-1").out
    assert max(len(line) for line in output.splitlines()) <= 40
    assert "├─ L1" in output
    assert "│ " in output


def test_a_recall_is_simulated_first() -> None:
    report = asked("recall", "L1", "--simulate")
    assert report["clients"] == ["C1"]
    assert [each["lot"] for each in report["lots"]] == ["L1", "PF-OF-1"]
    assert all(each["balanced"] for each in report["lots"])
    assert asked("lots", "GOUDA")[0]["status"] == "AVAILABLE"


def test_a_recall_reaches_all_that_was_made_of_a_lot() -> None:
    output = one_line(done("recall", "L1", "--reason", "antibiotiques", "--on", DAY).out)
    assert "2 lots, 1 livraison, 1 client" in output
    assert asked("lots", "GOUDA")[0]["status"] == "RECALLED"
    assert run("sell", "C2", "GOUDA=1", "--on", DAY).code == 1


def test_a_recall_says_either_that_it_is_simulated_or_why() -> None:
    assert run("recall", "L1").code == 2
    assert run("recall", "L1", "--simulate", "--reason", "essai").code == 2


def test_nothing_is_found_under_an_unknown_code(tmp_path: Path) -> None:
    for words in ("trace X", "lots X", "allocate X 1", "movements X", "recall X --simulate"):
        ran = run(*words.split())
        assert ran.code == 1, words
        assert "«\u00a0X\u00a0»" in ran.err


def test_what_is_claimed_and_not_accepted_is_traced_and_recalled(poured_twice: Apart) -> None:
    phone = ("--db", str(poured_twice.phone))
    done("write-off", "L3", "490", "--reason", "renversé", "--on", DAY)
    done("sell", "C2", "GOUDA=60", "--code", "CC-3", "--on", DAY)
    done("deliver", "CC-3", "--code", "BL-3", "--on", DAY)
    done("sell", "C1", "GOUDA=50", "--code", "CC-4", "--on", DAY, *phone)
    done("deliver", "CC-4", "--code", "BL-4", "--on", DAY, *phone)
    poured_twice.exchange(poured_twice.office, poured_twice.phone)
    (lot,) = asked("trace", "L1")["uses"]["children"]
    assert [(each["delivery"], each["claimed"]) for each in lot["deliveries"]] == [
        ("BL-1", False),
        ("BL-3", False),
        ("BL-4", True),
    ]
    assert "BL-4 du 20/11/2026  [déclaré, pas accepté]" in done("trace", "L1").out
    recall = ("recall", "L1", "--simulate")
    assert asked(*recall)["deliveries"][-1]["claimed"] is True
    output = one_line(done(*recall).out)
    assert "BL-4 [déclaré, pas accepté]" in output
    assert "cela a pu partir quand même" in output
