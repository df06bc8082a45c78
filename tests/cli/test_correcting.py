"""What was written of a lot is corrected, and everything done with it stays in sight."""

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")

LABEL = ("--reason", "étiquette mal lue", "--on", "2026-11-21")


def test_the_expiry_and_the_note_of_a_lot_are_corrected_and_say_what_they_were() -> None:
    output = one_line(
        done("correct", "L2", "--expires", "24/11/2026", "--reference", "BL-9", *LABEL).out
    )
    assert "Péremption : 26/11/2026 → 24/11/2026, corrigé le 21/11/2026" in output
    assert "Référence du fournisseur : — → BL-9" in output
    (lot,) = [each for each in asked("lots", "LAIT") if each["lot"] == "L2"]
    assert lot["expires_on"] == "2026-11-24"
    for movement in asked("movements", "L2"):
        expiry, note = movement["corrected_since"]
        assert expiry == {
            "field": "expiry",
            "before": "2026-11-26",
            "after": "2026-11-24",
            "date": "2026-11-21",
            "reason": "étiquette mal lue",
        }
        assert (note["field"], note["before"], note["after"]) == (
            "supplier_reference",
            None,
            "BL-9",
        )
    assert "Péremption : 26/11/2026" in one_line(done("movements", "L2").out)


def test_what_is_done_after_the_correction_is_not_marked() -> None:
    done("correct", "L2", "--expires", "25/11/2026", *LABEL)
    done("write-off", "L2", "1", "--reason", "renversé", "--on", "2026-11-21")
    marked = [len(each["corrected_since"]) for each in asked("movements", "L2")]
    assert marked == [1, 1, 0]


def test_the_supplier_is_corrected_and_the_trace_shows_both() -> None:
    done("supplier", "add", "F002", "Aït Ali")
    done("correct", "L1", "--supplier", "F002", *LABEL)
    origins = asked("trace", "PF-OF-1")["origins"]
    milk = origins["children"][0]
    assert (milk["lot"], milk["corrected_since"]) == ("L1", ["supplier"])
    (correction,) = milk["corrections"]
    assert (correction["before"], correction["after"]) == ("F001", "F002")
    assert "avant la correction : Fournisseur" in one_line(done("trace", "PF-OF-1").out)


def test_an_order_that_holds_what_may_not_leave_any_more_is_named() -> None:
    output = one_line(done("correct", "PF-OF-1", "--expires", "20/11/2026", *LABEL).out)
    assert "Attention : 5 kg de PF-OF-1 restent réservés pour CC-2" in output
    assert "(périmé)" in output
    assert "Attention" not in done("correct", "PF-OF-1", "--no-expiry", *LABEL).out


def test_the_pages_of_orders_and_deliveries_show_what_may_not_leave() -> None:
    done("delivery", "prepare", "CC-2", "--code", "BL-2", "--on", DAY)
    done("delivery", "load", "BL-2", "PF-OF-1", "5", "--on", DAY)
    done("block", "PF-OF-1", "--reason", "analyse", "--on", DAY)
    (kept,) = asked("order", "show", "CC-2")["reserved"]
    (line,) = asked("delivery", "show", "BL-2")["lines"]
    assert (kept["unfit"], line["unfit"]) == ("blocked", "blocked")
    for page in (("order", "show", "CC-2"), ("delivery", "show", "BL-2")):
        assert "[ne peut plus partir : bloqué]" in one_line(done(*page).out)


def test_a_van_that_holds_it_is_named_by_its_note() -> None:
    done("delivery", "prepare", "CC-2", "--code", "BL-2", "--on", DAY)
    done("delivery", "load", "BL-2", "PF-OF-1", "5", "--on", DAY)
    output = one_line(done("correct", "PF-OF-1", "--expires", "20/11/2026", *LABEL).out)
    assert "réservés pour CC-2, chargés dans BL-2" in output


def test_what_is_right_already_is_said_so() -> None:
    output = one_line(done("correct", "L2", "--expires", "26/11/2026", *LABEL).out)
    assert "C’est déjà ainsi : rien n’est corrigé." in output


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("L2",), 1, "NothingToDo"),
        (("L2", "--expires", "19/11/2026"), 1, "ExpiresBeforeReception"),
        (("PF-OF-1", "--supplier", "F001"), 1, "NoSupplierToCorrect"),
        (("L2", "--supplier", "F009"), 1, "Unknown"),
        (("L2", "--expires", "25/11/2026", "--no-expiry"), 2, "BadParameter"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    words: tuple[str, ...], code: int, name: str
) -> None:
    ran = run("correct", *words, *LABEL, "--json")
    assert (ran.code, ran.fault["error"]) == (code, name)


def test_a_script_that_tries_again_corrects_once() -> None:
    words = ("correct", "L2", "--expires", "25/11/2026", *LABEL)
    again = ("--command-id", "0193b3a0-0000-7000-8000-000000000001")
    assert asked(*words, *again) == asked(*words, *again)
    assert len(asked("movements", "L2")[0]["corrected_since"]) == 1


def test_a_lot_typed_twice_is_void() -> None:
    words = ("receive", "LAIT", "150", "--supplier", "F001", "--code", "L9", "--on", DAY)
    before = asked("stock")
    done(*words)
    done("void", "L9", "--reason", "saisi deux fois", "--on", DAY)
    assert asked("stock") == before
    (lot,) = [each for each in asked("lots", "--all") if each["lot"] == "L9"]
    assert (lot["status"], lot["on_hand"]) == ("VOIDED", "0")
    again = run("count", "L9", "10", "--on", DAY)
    assert again.code == 1
    assert "(lot L9) est «\u00a0annulé\u00a0»" in again.err
