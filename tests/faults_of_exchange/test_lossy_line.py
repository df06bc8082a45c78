"""Every other answer is lost, and the device dies now and then: each answered try is a step."""

import time
from pathlib import Path
from random import Random

from tests.faults_of_exchange.site import Site

CLIENTS = 800


def a_file_of_clients(folder: Path) -> Path:
    file = folder / "clients.csv"
    rows = [f"N{number};Client {number}" for number in range(CLIENTS)]
    file.write_text("\n".join(("code;nom", *rows)), encoding="utf-8")
    return file


def test_every_other_answer_lost_and_kills_at_any_moment_and_all_of_it_drains(site: Site) -> None:
    site.office.does("import", "clients", str(a_file_of_clients(site.folder)))
    chance = Random(11)
    site.cable.loses_every_other_answer(chance)
    tries = 0
    while site.office.pending:
        tries += 1
        assert tries < 200, "nothing moves any more"
        if chance.random() < 0.5:
            site.office.types("sync")
            time.sleep(chance.random() / 2)
            site.office.ends()
            continue
        before = site.office.pending
        ran = site.office.tries("sync", "--json")
        assert ran.code in (0, 3)
        if ran.out:  # anything was answered
            assert ran.shape["received"] > 0
            assert before - site.office.pending == ran.shape["sent"]
    site.cable.loses_every_other_answer(None)
    entries = site.check()
    assert sum(entry.commit.command_type == "client.register" for entry in entries) >= CLIENTS
