"""Days past and to come, as the command line answers about them."""

from datetime import date

import pytest

from manchengo import SystemClock
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")


def test_a_delivery_dated_before_its_order_is_refused_with_both_days() -> None:
    ran = run("deliver", "CC-2", "--on", "2026-11-19")
    assert ran.code == 1
    assert one_line(ran.err) == (
        "Date impossible pour cette étape (livrer, commande client CC-2) : 19/11/2026, alors que "
        "la commande est du 20/11/2026. Vérifiez la date : une étape ne peut pas précéder celle "
        "qu'elle suit."
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


def test_what_is_received_in_2062_is_no_stock_of_today() -> None:
    before = asked("stock")
    done("receive", "SEL", "5", "--supplier", "F001", "--code", "S2", "--on", "2062-11-28")
    assert asked("stock") == before
    held = {lot["lot"]: (lot["status"], lot["on_hand"]) for lot in asked("lots", "SEL")}
    assert held == {"S1": ("AVAILABLE", "23"), "S2": ("NOT_YET_HERE", "0")}
    at_last = [line for line in asked("stock", "--at", "2062-11-28") if line["product"] == "SEL"]
    assert at_last[0]["on_hand"] == "28"
