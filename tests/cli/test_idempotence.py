"""The same command id any number of times has one effect and gives the same answer."""

from uuid import uuid4

import pytest

from tests.cli.conftest import A_DAIRY, DAY
from tests.cli.running import asked, done, run

pytestmark = pytest.mark.usefixtures("dairy")

TWICE = {
    "a reception": f"receive LAIT 10 --supplier F001 --on {DAY}",
    "a make": f"produce GOUDA 5 --on {DAY}",
    "a plan": f"production plan GOUDA 5 --on {DAY}",
    "a sale": f"sell C2 GOUDA=1 --on {DAY}",
    "a delivery": f"deliver CC-2 --on {DAY}",
    "a write-off": f"write-off L2 5 --reason perdu --on {DAY}",
    "a recipe": "recipe change GOUDA --batch 100 LAIT=990 SEL=2",
    "a product": "product add BEURRE Beurre --kind PF --unit kg",
    "a user": "user add karim livreur",
    "a recall": f"recall L2 --reason essai --on {DAY}",
}


@pytest.mark.parametrize("words", TWICE.values(), ids=TWICE)
def test_a_script_that_tries_again_does_it_once(words: str) -> None:
    command_id = str(uuid4())
    first = asked(*words.split(), "--command-id", command_id)
    again = asked(*words.split(), "--command-id", command_id)
    assert first["commit"] == command_id
    assert again == first
    assert asked("stats")["commits"] == len(first_commits()) + 1


def first_commits() -> list[str]:
    """The commits of ``A_DAIRY``, and those of ``init``: the plant, and its key for labels."""
    return ["init", "label-keys make", *A_DAIRY]


def test_what_was_chosen_the_first_time_stays_chosen() -> None:
    command_id = str(uuid4())
    first = asked("sell", "C2", "GOUDA=1", "--command-id", command_id, "--on", DAY)
    done("product", "change", "GOUDA", "--price", "1800")
    again = asked("sell", "C2", "GOUDA=1", "--command-id", command_id, "--on", DAY)
    assert again == first
    order = asked("order", "show", first["codes"]["order"])
    assert order["lines"][0]["unit_price"] == "1650.00"


def test_an_id_used_for_something_else_is_refused() -> None:
    command_id = str(uuid4())
    done("count", "L2", "400", "--command-id", command_id, "--on", DAY)
    ran = run("count", "L2", "300", "--command-id", command_id, "--on", DAY, "--json")
    assert ran.code == 1
    assert ran.fault["error"] == "CommandIdReused"


def test_a_code_that_was_asked_for_is_not_changed() -> None:
    taken = ("receive", "SEL", "1", "--supplier", "F001", "--code", "L1", "--on", DAY, "--json")
    assert run(*taken).fault["error"] == "AlreadyExists"
