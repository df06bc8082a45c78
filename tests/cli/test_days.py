"""Days past and to come, as the command line answers about them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from manchengo import SystemClock
from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def test_a_delivery_dated_before_its_order_is_refused_with_both_days() -> None:
    ran = run("deliver", "CC-2", "--on", "2026-11-19")
    assert ran.code == 1
    assert one_line(ran.err) == (
        "Date impossible pour cette étape (livrer, commande client CC-2) : 19/11/2026, alors que "
        "la commande est du 20/11/2026. Vérifiez la date : une étape ne peut pas précéder celle "
        "qu’elle suit."
    )
    assert run("deliver", "CC-2", "--on", "2026-11-19", "--json").fault["error"] == "OutOfOrder"


def test_cheese_is_not_dated_before_its_milk_was_poured() -> None:
    done("production", "plan", "GOUDA", "10", "--code", "OF-2", "--on", "2026-11-21")
    done("production", "start", "OF-2", "--on", "2026-11-21")
    done("production", "pour", "OF-2", "L2", "100", "--on", "2026-11-23")
    done("production", "pour", "OF-2", "S1", "0,2", "--on", "2026-11-22")
    early = run("production", "complete", "OF-2", "--on", "2026-11-22", "--json")
    assert (early.code, early.fault["facts"]["after_on"]) == (1, "2026-11-23")
    early = run("production", "cancel", "OF-2", "--reason", "x", "--on", "2026-11-20", "--json")
    assert (early.code, early.fault["error"]) == (1, "OutOfOrder")
    done("production", "complete", "OF-2", "--on", "2026-11-23")


def test_every_past_evening_is_answered() -> None:
    done("sell", "C2", "GOUDA=3", "--code", "CC-3", "--on", "2026-11-22")
    done("deliver", "CC-3", "--on", "2026-11-23")
    for number in range(18, 26):
        gouda = asked("stock", "--at", f"2026-11-{number}")[-1]
        assert float(gouda["usable"]) + float(gouda["reserved"]) == float(gouda["on_hand"])


def test_a_lot_that_expired_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def status() -> str:
        return str(asked("lots", "LAIT")[0]["status"])

    for today, expected in ((26, "AVAILABLE"), (27, "EXPIRED")):
        now = date(2026, 11, today)
        monkeypatch.setattr(SystemClock, "today", lambda _, now=now: now)
        assert status() == expected
    assert "périmé" in done("lots", "LAIT").out
    assert asked("allocate", "LAIT", "1")["skipped"] == [{"lot": "L2", "reason": "expired"}]
    (line,) = [line for line in asked("stock") if line["product"] == "LAIT"]
    assert (line["on_hand"], line["usable"]) == ("500", "0")


def test_a_clock_that_lost_its_battery_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    receives = ("receive", "LAIT", "5", "--supplier", "F001", "--on", DAY)
    assert done(*receives).err == ""
    with monkeypatch.context() as patch:
        patch.setattr(SystemClock, "now", lambda _: datetime(2026, 5, 1, 8, tzinfo=UTC))
        said = one_line(done(*receives).err)
        assert said.startswith("Attention : L’horloge de cet appareil dit 01/05/2026")
        assert done(*receives).err == ""
        patch.setattr(SystemClock, "now", lambda _: datetime(1970, 1, 3, 8, tzinfo=UTC))
        for _ in range(2):
            (warning,) = asked(*receives)["warnings"]
            assert warning["warning"] == "DoubtfulClock"


def test_what_is_received_in_2062_is_no_stock_of_today() -> None:
    before = asked("stock")
    done("receive", "SEL", "5", "--supplier", "F001", "--code", "S2", "--on", "2062-11-28")
    assert asked("stock") == before
    held = {lot["lot"]: (lot["status"], lot["on_hand"]) for lot in asked("lots", "SEL")}
    assert held == {"S1": ("AVAILABLE", "23"), "S2": ("NOT_YET_HERE", "0")}
    at_last = [line for line in asked("stock", "--at", "2062-11-28") if line["product"] == "SEL"]
    assert at_last[0]["on_hand"] == "28"


# ------------------------------------------------------------------------- what is unlikely


def test_a_date_beyond_tomorrow_is_done_and_warned_of() -> None:
    ran = done("receive", "SEL", "5", "--supplier", "F001", "--on", "2062-11-28")
    assert one_line(ran.err) == (
        "Attention : La date 28/11/2062 est au-delà de demain (nous sommes le 24/11/2026). "
        "Ce qui est daté d’avance ne compte dans le stock qu’à partir de son jour : vérifiez la "
        "date."
    )
    tomorrow = done("receive", "SEL", "5", "--supplier", "F001", "--on", "2026-11-25")
    assert tomorrow.err == ""
    answer = asked("receive", "SEL", "5", "--supplier", "F001", "--on", "2016-11-24")
    (warning,) = answer["warnings"]
    assert warning["warning"] == "LongPast"
    assert "remonte à plus de deux ans" in warning["message"]
    assert asked("recall", "S1", "--reason", "x", "--on", "2062-11-28")["warnings"]
    assert asked("production", "plan", "GOUDA", "1", "--on", "2026-12-24")["warnings"] == []


def test_a_yield_far_from_the_recipe_is_done_and_warned_of() -> None:
    ran = done("produce", "GOUDA", "1", "--obtained", "1000", "--code", "OF-9", "--on", DAY)
    assert one_line(ran.err) == (
        "Attention : Rendement inattendu pour OF-9 : 1 000 kg obtenus, alors que la recette donne "
        "1 kg. Vérifiez les deux quantités."
    )
    done("production", "plan", "GOUDA", "10", "--code", "OF-10", "--on", DAY)
    done("production", "start", "OF-10", "--on", DAY)
    done("production", "pour", "OF-10", "L2", "100", "--on", DAY)
    done("production", "pour", "OF-10", "S1", "0,2", "--on", DAY)
    words = ("complete", "OF-10", "--obtained", "5", "--lost", "0,5", "--loss-reason", "brûlé")
    assert "5 kg obtenus" in one_line(done("production", *words, "--on", DAY).err)


def test_an_import_lists_the_rows_to_check(tmp_path: Path) -> None:
    (tmp_path / "lots.csv").write_text(
        "lot;produit;fournisseur;date_reception;quantite\n"
        "M1;SEL;F001;20/11/2026;12,5\nM2;SEL;F001;20/11/2062;3\nM3;SEL;F001;20/11/2016;3\n",
        encoding="utf-8",
    )
    answer = run("import", "lots", "lots.csv", "--dry-run", "--json").shape
    assert [(each["row"], each["warning"]) for each in answer["warnings"]] == [
        (3, "FarAhead"),
        (4, "LongPast"),
    ]
    ran = done("import", "lots", "lots.csv")
    assert "2 lignes acceptées à vérifier" in one_line(ran.out)
    assert "20/11/2062 est au-delà de demain" in one_line(ran.out)


# ---- how fresh, what was lost, what came back


def test_a_client_who_asks_for_ten_days_is_not_delivered_nine() -> None:
    done("sell", "C1", "GOUDA=1", "--code", "CC-9", "--on", DAY)
    late = run("deliver", "CC-9", "--code", "BL-9", "--on", "2027-03-11", "--json")
    assert (late.code, late.fault["error"], late.fault["facts"]["days_left"]) == (
        1,
        "NotFreshEnough",
        9,
    )
    done("delivery", "prepare", "CC-9", "--code", "BL-9", "--on", "2027-03-11")
    load = ("delivery", "load", "BL-9", "PF-OF-1", "1", "--on", "2027-03-11")
    assert "en demande 10" in one_line(run(*load).err)
    done(*load, "--reason", "le client est d'accord")
    done("delivery", "dispatch", "BL-9", "--on", "2027-03-11")


def test_a_make_shows_what_was_lost_and_an_order_what_came_back() -> None:
    words = ("--obtained", "9,5", "--lost", "0,5", "--loss-reason", "croûte")
    done("produce", "GOUDA", "10", *words, "--code", "OF-9", "--on", DAY)
    assert "perdu : 0,5 kg (croûte)" in one_line(done("production", "show", "OF-9").out)
    assert "perdu" not in done("production", "show", "OF-1").out
    done("return", "BL-1", "PF-OF-1=2", "--reason", "trop salé", "--on", DAY)
    assert "rendu : 2 kg de PF-OF-1 (BL-1)" in one_line(done("order", "show", "CC-1").out)
    assert asked("order", "show", "CC-1")["returned"] == [
        {"delivery": "BL-1", "lot": "PF-OF-1", "product": "GOUDA", "quantity": "2", "unit": "kg"}
    ]
