"""Lists at the command line: searched, sorted, a page at a time; and the page of the day."""

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def codes(*words: str, name: str = "lot") -> list[str]:
    return [each[name] for each in asked(*words)]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("djebbar", ["L2", "S1"]),
        ("DJEBBAR lait", ["L2"]),
        ("bl-7", []),
        ("gouda", ["PF-OF-1"]),
        ("s1", ["S1"]),
        ("nobody", []),
    ],
)
def test_lots_are_found_by_code_product_and_supplier(search: str, found: list[str]) -> None:
    assert codes("lots", "--search", search) == found


def test_used_up_lots_are_found_when_all_are_asked() -> None:
    assert codes("lots", "--search", "bl-7", "--all") == ["L1"]
    assert codes("lots", "LAIT", "--search", "djebbar", "--all") == ["L1", "L2"]


def test_lots_come_in_the_order_that_is_asked_for_page_by_page() -> None:
    by_code = codes("lots", "--sort", "code", "--all")
    assert by_code == ["L1", "L2", "PF-OF-1", "S1"]
    assert codes("lots", "--sort", "code", "--all", "--reverse") == by_code[::-1]
    assert codes("lots", "--sort", "code", "--all", "--limit", "2") == by_code[:2]
    assert codes("lots", "--sort", "code", "--all", "--limit", "2", "--after", "l2") == by_code[2:]
    assert codes("lots", "--sort", "expires", "--all") == ["L1", "L2", "PF-OF-1", "S1"]


def test_orders_are_found_by_client_and_sorted_by_the_day_they_are_wanted() -> None:
    done("order", "place", "C2", "GOUDA=1", "--code", "CC-3", "--wanted", "2026-12-24")
    done("order", "place", "C1", "GOUDA=1", "--code", "CC-4", "--wanted", "2026-12-01")
    assert codes("order", "list", "--search", "taleb", name="order") == ["CC-2", "CC-3"]
    wanted = ["order", "list", "--all", "--sort", "wanted"]
    assert codes(*wanted, name="order")[:2] == ["CC-4", "CC-3"]
    assert codes("order", "list", "--limit", "1", "--after", "cc-2", name="order") == ["CC-3"]
    assert codes("delivery", "list", "--all", "--search", "ziani", name="delivery") == ["BL-1"]
    assert codes("production", "list", "--all", "--search", "gouda", name="order") == ["OF-1"]
    assert codes("production", "list", "--search", "gouda", name="order") == []


def test_the_day_an_order_is_wanted_is_said() -> None:
    output = one_line(
        done("order", "place", "C2", "GOUDA=1", "--code", "CC-3", "--wanted", "2026-12-24").out
    )
    assert "voulue pour le 24/12/2026" in output
    assert asked("order", "show", "CC-3")["wanted"] == "2026-12-24"
    assert "24/12/2026" in done("order", "list").out


def test_nothing_is_wanted_before_it_is_ordered() -> None:
    ran = run("order", "place", "C2", "GOUDA=1", "--wanted", "2026-11-01")
    assert ran.code == 1
    assert "01/11/2026" in ran.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("lots --sort prix", "« prix »"),
        ("lots --sort wanted", "recorded, code, entered, expires"),
        ("order list --sort entered", "recorded, code, date, wanted"),
        ("lots --search lait --at 2026-11-20", "Un jour passé"),
        ("lots --limit beaucoup", "beaucoup"),
    ],
)
def test_a_list_that_there_is_not_is_a_mistake_of_who_asks(words: str, sentence: str) -> None:
    ran = run(*words.split())
    assert ran.code == 2
    assert sentence in one_line(ran.err)


def test_a_list_begins_behind_what_there_is() -> None:
    assert run("lots", "--after", "nothing").code == 1
    assert run("order", "list", "--after", "nothing").code == 1


# ------------------------------------------------------------------------------- the page of a day


def test_the_dashboard_says_what_is_late_what_runs_out_and_what_waits() -> None:
    done("order", "place", "C2", "GOUDA=1", "--code", "CC-3", "--on", DAY, "--wanted", "2026-11-23")
    done("production", "plan", "GOUDA", "1", "--code", "OF-2")
    done("delivery", "prepare", "CC-2", "--code", "BL-2")
    found = asked("dashboard")
    assert {name: found[name] for name in ("expiring_lots", "late_orders", "orders_to_start")} == {
        "expiring_lots": 1,
        "late_orders": 2,
        "orders_to_start": 1,
    }
    assert [each["lot"] for each in found["expiring"]] == ["L2"]
    assert [each["order"] for each in found["late"]] == ["CC-2", "CC-3"]
    assert [(each["product"], each["days"]) for each in found["stock"]] == [
        ("LAIT", 15),
        ("GOUDA", 95),
        ("SEL", 345),
    ]
    (waiting,) = found["to_load"]
    assert (waiting["delivery"], waiting["missing"][0]["proposed"]) == ("BL-2", "5")


def test_the_dashboard_is_french_for_people() -> None:
    done("order", "place", "C2", "GOUDA=1", "--code", "CC-3", "--on", DAY, "--wanted", "2026-11-23")
    done("delivery", "prepare", "CC-2", "--code", "BL-2")
    output = done("dashboard").out
    for words in (
        "À utiliser d’abord\u00a0:",
        "Taleb",
        "26/11/2026",
        "À charger\u00a0:",
        "15 jours",
    ):
        assert words in output
    assert "Cet appareil est seul" in output
