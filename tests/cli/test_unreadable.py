"""What an older program stored and nobody can read: it is named, set aside, and work goes on."""

from pathlib import Path

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line
from tests.server.running import PHRASE
from tests.support.unreadable import BUILT_ON_ONE, UNREADABLE, copied


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", PHRASE)
    return copied(tmp_path / "atelier.db")


def test_verify_says_whose_it_is_and_that_nothing_was_changed() -> None:
    verdict = asked("verify")
    assert verdict["sound"] is True
    assert verdict["tampered"] is None
    assert {each["commit"]: each["command"] for each in verdict["unreadable"]} == UNREADABLE
    assert {each["user"] for each in verdict["unreadable"]} == {"amina"}
    assert [each["on"] for each in verdict["unreadable"]].count("2026-11-21") == 2
    output = one_line(done("verify").out)
    assert "FALSIFIÉ" not in output
    assert "Illisible tel qu’il a été enregistré, et non modifié depuis" in output
    assert "réception, par amina, le 21/11/2026" in output


def test_the_device_works_with_all_else() -> None:
    lots = {each["lot"] for each in asked("lots", "LAIT")}
    assert lots == {"L2", "L-BON"}
    (milk,) = [each for each in asked("stock", "--at", "2026-11-22") if each["product"] == "LAIT"]
    assert milk["on_hand"] == "800"
    assert asked("client", "list")[-1]["code"] == "C3"
    done("produce", "GOUDA", "30", "--code", "OF-2", "--on", "2026-11-22")
    done("product", "add", "CREME", "Crème", "--kind", "MP", "--unit", "L", "--price", "90")
    done("receive", "LAIT", "300", "--supplier", "F001", "--code", "L-HEURE", "--on", DAY)
    done("rebuild")
    assert asked("verify")["sound"] is True


def test_each_is_put_before_a_person_who_records_it_again_and_closes_it() -> None:
    items = asked("conflicts")
    parked = {each["commit"] for each in asked("verify")["unreadable"]}
    assert [each["command"] for each in items].count(BUILT_ON_ONE) == 1
    assert len(items) == len(parked) + 1
    for item in items:
        if item["refusal"] == "Damaged":
            output = one_line(done("conflicts", "show", item["item"][:8]).out)
            assert "Enregistrez-le à nouveau" in output
            assert "Tel qu’il a été écrit" in output
            done("conflicts", "resolve", item["item"][:8], "--void", "--reason", "resaisi")
    assert asked("verify")["unreadable"] == []


def test_it_is_set_aside_once_and_no_more_than_it() -> None:
    before = [each["item"] for each in asked("conflicts")]
    assert [each["item"] for each in asked("conflicts")] == before
    assert asked("verify")["commits"] == 21
