"""A recall tells the truth: whatever may have touched a lot is listed, and marked."""

from pathlib import Path

import pytest

from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run

pytestmark = pytest.mark.usefixtures("dairy")

# ------------------------------------------------------------------------- too little to weigh


@pytest.fixture
def ferment(dairy: Path) -> None:
    done("product", "add", "FERM", "Ferment", "--kind", "MP", "--unit", "kg", "--price", "900")
    done("product", "add", "MAN", "Mantouri", "--kind", "PF", "--unit", "kg", "--price", "900")
    recipe = ("LAIT=620", "FERM=0,025", "--batch", "100", "--from", "2026-01-01")
    done("recipe", "add", "MAN", *recipe)


@pytest.mark.usefixtures("ferment")
def test_the_recall_of_a_ferment_reaches_a_make_too_small_to_weigh_it() -> None:
    done("receive", "FERM", "1", "--supplier", "F001", "--code", "F-1", "--on", DAY)
    said = one_line(done("produce", "MAN", "1,9", "--code", "OF-5", "--on", DAY).out)
    assert "versé : 0,001 kg de F-1" in said
    report = asked("recall", "F-1", "--simulate")
    assert [each["lot"] for each in report["lots"]] == ["F-1", "PF-OF-5"]


@pytest.mark.usefixtures("ferment")
@pytest.mark.parametrize("quantity", ["1,9", "100"])
def test_nothing_is_made_without_the_ferment_in_stock(quantity: str) -> None:
    ran = run("produce", "MAN", quantity, "--code", "OF-5", "--on", DAY)
    assert ran.code == 1
    assert "FERM" in ran.err
