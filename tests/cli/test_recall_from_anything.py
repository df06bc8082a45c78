"""A recall begins with whatever somebody has in hand, and can be practised."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from manchengo import SystemClock
from manchengo_cli.pages import recalling
from manchengo_sqlite import SqliteStore
from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


@pytest.mark.parametrize(
    ("words", "kind", "lots"),
    [
        (("L1",), "lot", ["L1"]),
        (("BL-7",), "supplier_lot", ["L1"]),
        (("OF-1",), "production_order", ["PF-OF-1"]),
        (("CC-1",), "sales_order", ["PF-OF-1"]),
        (("BL-1",), "delivery", ["PF-OF-1"]),
        (("--supplier", "F001", "--day", "20/11/2026"), "supplier_day", ["L1", "L2", "S1"]),
    ],
)
def test_a_recall_begins_with_what_is_in_hand(
    words: tuple[str, ...], kind: str, lots: list[str]
) -> None:
    for answer in (asked("recall", *words, "--simulate"), asked("trace", *words)):
        assert answer["begun_with"]["kind"] == kind
        assert answer["begun_with"]["lots"] == lots
    assert asked("recall", *words, "--simulate")["clients"] == ["C1"]


def test_a_complaint_about_a_delivery_finds_who_else_has_the_lot() -> None:
    done("deliver", "CC-2", "--code", "BL-2", "--on", DAY)
    output = one_line(done("recall", "BL-1", "--simulate").out)
    assert "Sur le bon de livraison BL-1 : PF-OF-1." in output
    assert "1 lot, 2 livraisons, 2 clients" in output
    output = one_line(done("trace", "BL-1").out)
    assert "Sur le bon de livraison BL-1 : PF-OF-1." in output
    assert "L1 Lait 600 L" in output


def test_all_that_a_supplier_brought_is_recalled_at_once() -> None:
    words = ("--supplier", "F001", "--day", DAY, "--reason", "antibiotiques", "--on", DAY)
    answer = asked("recall", *words, "--command-id", "0193b3a0-0000-7000-8000-000000000001")
    assert len(answer["commits"]) == 3
    assert [each["lot"] for each in answer["recall"]["lots"]] == ["L1", "L2", "S1", "PF-OF-1"]
    assert {each["standing"] for each in answer["recall"]["lots"]} == {"recalled"}
    assert all(each["balanced"] for each in answer["recall"]["lots"])
    again = asked("recall", *words, "--command-id", "0193b3a0-0000-7000-8000-000000000001")
    assert again["commits"] == answer["commits"]
    output = one_line(done("recall", "--supplier", "F001", "--day", DAY, "--simulate").out)
    assert "Reçu de F001 le 20/11/2026 : L1, L2, S1." in output


def test_a_reference_that_may_be_several_things_asks_which() -> None:
    done("receive", "LAIT", "5", "--supplier", "F001", "--code", "L4", "--reference", "OF-1")
    ran = run("recall", "OF-1", "--simulate")
    assert ran.code == 1
    assert one_line(ran.err).startswith(
        "« OF-1 » peut être plusieurs choses : référence du fournisseur, ordre de fabrication."
    )
    assert run("trace", "OF-1", "--json").fault["error"] == "ReferenceOfSeveralKinds"
    found = asked("recall", "OF-1", "--as", "supplier-lot", "--simulate")
    assert found["begun_with"]["lots"] == ["L4"]


def test_a_reference_of_two_suppliers_asks_whose() -> None:
    done("supplier", "add", "F002", "Mansouri")
    done("receive", "LAIT", "5", "--supplier", "F002", "--code", "L4", "--reference", "bl-7")
    ran = run("recall", "BL-7", "--simulate")
    assert "Plusieurs fournisseurs ont donné à des lots la référence « BL-7 » : F001, F002" in (
        one_line(ran.err)
    )
    found = asked("trace", "BL-7", "--supplier", "F002")
    assert (found["lot"], found["begun_with"]["supplier"]) == ("L4", "F002")


def test_what_stands_for_no_lot_says_so() -> None:
    done("production", "plan", "GOUDA", "40", "--code", "OF-9", "--on", DAY)
    ran = run("recall", "OF-9", "--simulate")
    assert ran.code == 1
    assert "Aucun lot n’est encore entré, sorti ou parti : ordre de fabrication « OF-9 »." in (
        one_line(ran.err)
    )
    ran = run("trace", "RIEN")
    assert (
        "lot, référence du fournisseur, ordre, commande, bon de livraison ou facture « RIEN »"
        in (one_line(ran.err))
    )


@pytest.mark.parametrize(
    "words",
    [
        ("recall", "L1"),
        ("recall", "L1", "--simulate", "--drill"),
        ("recall", "L1", "--drill", "--reason", "exercice"),
        ("recall", "--simulate"),
        ("recall", "--supplier", "F001", "--simulate"),
        ("trace",),
        ("trace", "L1", "--day", DAY),
        ("trace", "--day", DAY, "--supplier", "F001", "--as", "lot"),
    ],
)
def test_a_command_line_that_means_nothing_is_sent_back(words: tuple[str, ...]) -> None:
    assert run(*words).code == 2


# ------------------------------------------------------------------------------- practised


def commits(path: Path) -> int:
    with SqliteStore.open(path, key=None) as store, store.reading() as snapshot:
        return snapshot.head()


def test_a_drill_leaves_nothing_but_a_line_in_the_audit(dairy: Path) -> None:
    before = commits(dairy)
    output = one_line(done("recall", "BL-1", "--drill").out)
    assert output.startswith("EXERCICE.")
    assert "EXERCICE terminé : 1 lot, 1 livraison, 1 client, en 1 minute." in output
    assert commits(dairy) == before
    assert asked("lots", "GOUDA")[0]["status"] == "AVAILABLE"
    noted = asked("audit")[0]
    assert (noted["action"], noted["outcome"], noted["user"], noted["kind"]) == (
        "recall.drilled",
        "done",
        "amina",
        "drill",
    )
    assert noted["facts"] == {
        "reference": "BL-1",
        "kind": "delivery",
        "on": None,
        "begun_with": ["PF-OF-1"],
        "lots": 1,
        "deliveries": 1,
        "clients": 1,
        "minutes": 1,
    }
    output = one_line(done("audit", "--limit", "1").out)
    assert "un exercice de rappel BL-1 : 1 lot, 1 livraison, 1 client, en 1 minute" in output


def test_a_drill_at_a_terminal_lasts_until_everybody_was_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [datetime(2026, 11, 24, 8, 0, tzinfo=UTC)]

    def enter(_question: str) -> str:
        now[0] += timedelta(minutes=41, seconds=10)
        return ""

    monkeypatch.setattr(recalling, "is_at_a_terminal", lambda: True)
    monkeypatch.setattr(SystemClock, "now", lambda _: now[0])
    monkeypatch.setattr("builtins.input", enter)
    assert "en 42 minutes" in one_line(done("recall", "L1", "--drill").out)


def test_a_drill_is_answered_in_json_too() -> None:
    drilled, simulated = asked("recall", "L1", "--drill"), asked("recall", "L1", "--simulate")
    assert drilled.pop("drill") == {"minutes": 1}
    assert drilled.keys() == simulated.keys()
    assert asked("audit")[0]["action"] == "recall.drilled"
