"""What only waited may be given other lots, and people are told; what left is told as it left."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.apart import Apart
from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line

ON = ("--on", DAY)


def on(database: Path, *words: str) -> Any:
    return asked(*words, "--db", str(database))


def loaded(database: Path, delivery: str) -> list[tuple[str, str]]:
    note = on(database, "delivery", "show", delivery)
    return [(line["lot"], line["quantity"]) for line in note["lines"]]


@pytest.fixture
def two_sold_the_same(apart: Apart) -> Apart:
    """Of the 70.3 kg that are left, each sold 60; a second lot came out that the phone ignores."""
    done("receive", "LAIT", "500", "--supplier", "F001", "--code", "L3", *ON)
    done("produce", "GOUDA", "90", "--obtained", "88", "--code", "OF-4", *ON)
    done("sell", "C2", "GOUDA=60", "--code", "CC-3", *ON)
    apart.exchange(apart.office)
    apart.on_phone("sell", "C1", "GOUDA=60", "--code", "CC-4", *ON)
    return apart


def test_who_only_ordered_is_given_other_lots_by_name(two_sold_the_same: Apart) -> None:
    apart = two_sold_the_same
    apart.exchange(apart.phone, apart.office)
    for database in (apart.office, apart.phone):
        (order,) = on(database, "conflicts", "--chosen-again")
        assert (order["kind"], order["order"]) == ("sales_order", "CC-4")
        assert {pick["product"] for pick in (*order["before"], *order["after"])} == {"GOUDA"}
        before, after = ({p["lot"] for p in order[side]} for side in ("before", "after"))
        assert before == {"PF-OF-1"}
        assert "PF-OF-4" in after
        assert on(database, "conflicts") == []
        output = one_line(done("conflicts", "--db", str(database)).out)
        assert "Lots choisis à nouveau (commande client CC-4)" in output
        assert "60 kg de PF-OF-1 →" in output


def test_a_van_that_left_is_never_given_other_lots(two_sold_the_same: Apart) -> None:
    apart = two_sold_the_same
    apart.on_phone("deliver", "CC-4", "--code", "BL-4", *ON)
    left_with = loaded(apart.phone, "BL-4")
    assert left_with == [("PF-OF-1", "60")]
    apart.exchange(apart.phone, apart.office)
    for database in (apart.office, apart.phone):
        assert loaded(database, "BL-4") == left_with
        assert on(database, "conflicts") == []
        assert on(database, "conflicts", "--chosen-again") == []


def test_a_van_that_left_with_what_others_delivered_waits_for_a_person(
    two_sold_the_same: Apart,
) -> None:
    apart = two_sold_the_same
    done("deliver", "CC-3", "--code", "BL-3", *ON)
    apart.exchange(apart.office)
    apart.on_phone("deliver", "CC-4", "--code", "BL-4", *ON)
    apart.exchange(apart.phone, apart.office)
    (item,) = on(apart.office, "conflicts")
    assert (item["command"], item["refusal"]) == ("delivery.deliver", "NotEnoughInLot")
    shown = on(apart.office, "conflicts", "show", item["item"])
    claimed = [(claim["kind"], claim["subject"]) for claim in shown["claims"]]
    assert ("delivered", "PF-OF-1") in claimed


def test_nothing_was_chosen_again_at_first(apart: Apart) -> None:
    assert on(apart.office, "conflicts", "--chosen-again") == []
    output = one_line(done("conflicts", "--chosen-again").out)
    assert "les lots choisis sur son appareil" in output
