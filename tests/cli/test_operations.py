"""Each command of the day does its one thing, and says so."""

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def on_hand(lot: str) -> str:
    (found,) = [each for each in asked("lots", "--all") if each["lot"] == lot]
    return str(found["on_hand"])


def state(lot: str) -> str:
    (found,) = [each for each in asked("lots", "--all") if each["lot"] == lot]
    return str(found["status"])


def test_milk_is_received_with_a_decimal_comma_and_keeps_as_long_as_its_product() -> None:
    output = done("receive", "LAIT", "1250,5", "--supplier", "F001", "--on", "23/11/2026").out
    assert "Lot MP-20261123-001" in output
    assert "27/11/2026" in output
    assert on_hand("MP-20261123-001") == "1250.5"


def test_the_next_free_code_of_the_day_is_proposed() -> None:
    for number in range(1, 6):
        made = asked("receive", "SEL", "1", "--supplier", "F001", "--on", DAY)
        assert made["codes"] == {"lot": f"MP-20261120-00{number}"}


def test_a_code_taken_out_of_turn_is_passed_over() -> None:
    done("receive", "SEL", "1", "--supplier", "F001", "--on", DAY, "--code", "MP-20261120-001")
    made = asked("receive", "SEL", "1", "--supplier", "F001", "--on", DAY)
    assert made["codes"] == {"lot": "MP-20261120-002"}


def test_a_quantity_may_have_its_own_unit() -> None:
    made = asked("receive", "SEL", "500g", "--supplier", "F001", "--on", DAY)
    assert on_hand(made["codes"]["lot"]) == "0.5"


def test_a_lot_may_come_in_quarantined_and_be_released() -> None:
    done("receive", "SEL", "9", "--supplier", "F001", "--code", "S2", "--quarantine", "--on", DAY)
    assert state("S2") == "QUARANTINED"
    done("release", "S2", "--on", DAY)
    assert state("S2") == "AVAILABLE"


def test_a_make_takes_the_oldest_lots_first_and_yields_its_lot() -> None:
    shown = asked("production", "show", "OF-1")
    poured = [(each["lot"], each["quantity"]) for each in shown["poured"]]
    assert poured == [("L1", "600"), ("L2", "400"), ("S1", "2")]
    assert [each["lot"] for each in shown["lots"]] == ["PF-OF-1"]
    assert shown["obtained"] == "97.3"


def test_a_make_may_lose_some_and_give_a_by_product() -> None:
    done("product", "add", "PETIT-LAIT", "Petit-lait", "--kind", "PF", "--unit", "L")
    made = asked(
        *("produce", "GOUDA", "10", "--obtained", "9", "--lost", "1"),
        *("--loss-reason", "moule cassé", "--by-product", "PETIT-LAIT=80", "--on", DAY),
    )
    assert made["codes"]["lots"] == ["PF-OF-20261120-001", "PF-OF-20261120-001-2"]
    assert on_hand("PF-OF-20261120-001-2") == "80"


def test_a_sale_takes_the_price_given_or_the_products() -> None:
    assert asked("order", "show", "CC-1")["net"] == "37400.00"
    assert asked("order", "show", "CC-2")["lines"][0]["unit_price"] == "1650.00"


def test_a_price_may_be_for_a_hundred() -> None:
    labels = ("product", "add", "ETIQ", "Etiquettes", "--kind", "MP", "--unit", "piece")
    done(*labels, "--price", "0,35/100")
    shown = asked("product", "show", "ETIQ")
    assert (shown["price"], shown["price_per"]) == ("0.35", 100)
    assert "0,35 DA les 100 pièces" in one_line(done("product", "list").out)
    for code, price in (("E1", ()), ("E2", ("--price", "2,50/7"))):
        receive = ("receive", "ETIQ", "1000", "--supplier", "F001", "--on", DAY, "--code", code)
        done(*receive, *price)
    costs = {each["lot"]: each for each in asked("lots", "--all")}
    assert (costs["E1"]["unit_price"], costs["E1"]["price_per"]) == ("0.35", 100)
    assert (costs["E2"]["unit_price"], costs["E2"]["price_per"]) == ("2.50", 7)
    done("correct", "E2", "--price", "2,60/7", "--reason", "lu de travers", "--on", DAY)
    done("sell", "C2", "GOUDA=3@100/3", "--code", "CC-9", "--on", DAY)
    order = asked("order", "show", "CC-9")
    assert order["net"] == "100.00"
    assert (order["lines"][0]["unit_price"], order["lines"][0]["price_per"]) == ("100.00", 3)
    assert "100,00 DA les 3 kg" in one_line(done("order", "show", "CC-9").out)


@pytest.mark.parametrize("price", ["1/0", "1/", "1/2,5", "/3", "1/2/3"])
def test_a_price_for_no_whole_number_of_units_is_misuse(price: str) -> None:
    assert run("product", "change", "GOUDA", "--price", price).code == 2


def test_a_product_without_a_price_is_sold_at_one_that_is_typed() -> None:
    done("product", "change", "GOUDA", "--price", "0")
    refused = run("sell", "C2", "GOUDA=1", "--code", "CC-9", "--on", DAY)
    assert refused.code == 1
    assert "GOUDA n’a pas de prix" in one_line(refused.err)
    done("sell", "C2", "GOUDA=1@0", "--code", "CC-9", "--on", DAY)
    assert asked("order", "show", "CC-9")["lines"][0]["unit_price"] == "0.00"


def test_a_sale_keeps_its_lots_until_they_leave() -> None:
    assert asked("order", "show", "CC-2")["reserved"] == [
        {"lot": "PF-OF-1", "quantity": "5", "unit": "kg", "unfit": None}
    ]
    done("deliver", "CC-2", "--on", DAY)
    shown = asked("order", "show", "CC-2")
    assert shown["status"] == "delivered"
    assert shown["reserved"] == []


def test_a_count_says_what_is_there() -> None:
    output = done("count", "L2", "480,5", "--on", DAY, "--reason", "inventaire").out
    assert "480,5" in output
    assert on_hand("L2") == "480.5"


def test_what_is_spoiled_is_written_off() -> None:
    done("write-off", "L2", "12", "--reason", "renversé", "--on", DAY)
    assert on_hand("L2") == "488"


def test_raw_material_goes_back_to_its_supplier() -> None:
    done("send-back", "L2", "50", "--reason", "acide", "--on", DAY)
    assert on_hand("L2") == "450"


def test_a_lot_is_blocked_quarantined_and_released() -> None:
    done("block", "L2", "--reason", "listeria suspectée", "--on", DAY)
    assert state("L2") == "BLOCKED"
    done("release", "L2", "--reason", "analyse bonne", "--on", DAY)
    done("quarantine", "L2", "--reason", "odeur", "--on", DAY)
    assert state("L2") == "QUARANTINED"


def test_a_client_gives_some_back() -> None:
    done("return", "BL-1", "PF-OF-1=2", "--reason", "abîmé", "--on", DAY)
    assert on_hand("PF-OF-1") == "77.3"
    done("return", "BL-1", "PF-OF-1=1,5", "--reason", "abîmé", "--destroy", "--on", DAY)
    assert on_hand("PF-OF-1") == "77.3"
    (line,) = asked("delivery", "show", "BL-1")["lines"]
    assert line["returned"] == "3.5"


def test_what_a_command_left_is_given_to_programs() -> None:
    made = asked("receive", "SEL", "1", "--supplier", "F001", "--on", DAY)
    assert made["command"] == "lot.receive"
    assert made["on"] == DAY
    assert [event["type"] for event in made["events"]] == ["lot.received"]


def test_a_refusal_says_what_why_and_what_to_do() -> None:
    ran = run("write-off", "L2", "501", "--reason", "perdu", "--on", DAY)
    assert ran.code == 1
    assert one_line(ran.err) == (
        "Il n’y a pas assez dans le lot L2 : 501 L demandés, 500 L libres le 20/11/2026. "
        "Baissez la quantité, prenez le reste dans un autre lot, "
        "ou faites l’inventaire de celui-ci."
    )
    assert on_hand("L2") == "500"
