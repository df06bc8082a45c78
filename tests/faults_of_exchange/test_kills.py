"""A process killed in the middle of an exchange, on either side: nothing is lost nor doubled."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from manchengo_cli.main import main
from tests.cli.running import one_line
from tests.faults_of_exchange.cable import ENROL, Fault
from tests.faults_of_exchange.oddities import Oddity
from tests.faults_of_exchange.posts import Post, surroundings
from tests.faults_of_exchange.site import Site, standing
from tests.server.running import until
from tests.support.fork_server import start
from tests.support.patience import PATIENCE


def test_a_device_killed_while_it_waits_for_the_answer_offers_all_of_it_again(site: Site) -> None:
    for fault in (Fault.REQUEST_STOPS, Fault.ANSWER_STOPS):
        site.spills(site.phone)
        site.cable.strikes(fault)
        site.phone.types("sync")
        site.cable.has_stopped()
        site.phone.ends()
        assert site.phone.pending == 1, fault
        site.phone.does("sync")
        assert site.phone.pending == 0, fault
    site.check()


def test_a_device_killed_while_it_stores_the_answer_holds_what_it_held(site: Site) -> None:
    site.spills(site.office)
    site.office.does("sync")
    site.spills(site.phone)
    before = standing(site.phone)
    stopped = site.folder / "stopped"
    site.phone.starts(Oddity(stops=str(stopped)))
    site.phone.types("sync")
    until(stopped.exists)
    assert {*site.phone.recorded} <= {entry.commit.id for entry in site.log()}
    site.phone.ends()
    assert standing(site.phone) == before
    received = site.phone.asks("sync")["received"]
    assert received == standing(site.phone)[1] - before[1] >= 2, "its own, and the other's"
    site.check()


def test_a_device_killed_at_the_door_is_let_in_by_the_same_code(site: Site) -> None:
    van = site.another(Post(site.folder / "camion.db"))
    words = ("--join", site.cable.url, "--code", site.code(), "--name", "camion")
    site.cable.strikes(Fault.ANSWER_STOPS, at=ENROL)
    van.types("init", *words)
    site.cable.has_stopped()
    van.ends()
    van.does("sync", *words)
    site.spills(van)
    site.check(van)
    names = [each["device"] for each in site.office.asks("devices")]
    assert names == ["bureau", "telephone", "camion"]


def test_a_server_killed_in_the_middle_of_a_push_is_given_it_again_by_who_watches(
    site: Site,
) -> None:
    stopped = site.folder / "stopped"
    site.starts_again(Oddity(stops=str(stopped)))
    with watching(site.phone, site.folder) as written_to:
        for _ in range(3):
            site.spills(site.phone)
        until(stopped.exists)
        site.server.kill()
        assert not {*site.phone.recorded} & {entry.commit.id for entry in site.log()}
        site.starts()
        until(lambda: site.phone.pending == 0)
        site.cable.strikes(Fault.ANSWER_STOPS)
        site.spills(site.phone)
        site.cable.has_stopped()
        site.server.kill()
        site.starts()
        until(lambda: site.phone.pending == 0)
    output = one_line(written_to.read_text())
    assert "ne répond pas. Rien n’est perdu" in output
    assert "Le serveur répond de nouveau." in output
    site.check()


@contextmanager
def watching(post: Post, folder: Path) -> Iterator[Path]:
    """The program itself, left to watch, until somebody stops it as one does; all that it says."""
    written_to = folder / "watching.txt"
    with written_to.open("w") as written:
        process = start(
            partial(main, ["sync", "--watch"]), env=surroundings(post.database), stdout=written
        )
        try:
            yield written_to
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0, written_to.read_text()
        finally:
            process.kill()
            process.wait(PATIENCE)
