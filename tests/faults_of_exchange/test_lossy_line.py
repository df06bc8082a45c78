"""Every other answer is lost, and the device dies now and then: each answered try is a step."""

import time
from pathlib import Path
from random import Random

import pytest

from tests.faults_of_exchange.site import Site

FEW, MANY = 800, 10_000


def a_file_of_clients(folder: Path, count: int) -> Path:
    file = folder / "clients.csv"
    rows = [f"N{number};Client {number}" for number in range(count)]
    file.write_text("\n".join(("code;nom", *rows)), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("clients", "longest_life"),
    [
        pytest.param(FEW, 0.5, id="800"),
        pytest.param(MANY, 3.0, id="10000", marks=[pytest.mark.slow, pytest.mark.timeout(1_800)]),
    ],
)
def test_every_other_answer_lost_and_kills_at_any_moment_and_all_of_it_drains(
    site: Site, clients: int, longest_life: float
) -> None:
    """``longest_life``: seconds after which a device that dies in an exchange is dead."""
    site.office.does("import", "clients", str(a_file_of_clients(site.folder, clients)))
    chance = Random(11)
    site.cable.loses_every_other_answer(chance)
    tries, left = 0, site.office.pending
    assert left > clients
    while left:
        tries += 1
        assert tries < clients // 4, "nothing moves any more"
        before = left
        if chance.random() < 0.5:
            site.office.types("sync")
            time.sleep(chance.random() * longest_life)
            site.office.ends()
            left = site.office.pending
            assert left <= before
            continue
        ran = site.office.tries("sync", "--json")
        left = site.office.pending
        assert ran.code in (0, 3)
        if ran.out:  # anything was answered
            assert ran.shape["received"] > 0
            assert before - left == ran.shape["sent"]
    site.cable.loses_every_other_answer(None)
    entries = site.check()
    assert sum(entry.commit.command_type == "client.register" for entry in entries) >= clients
