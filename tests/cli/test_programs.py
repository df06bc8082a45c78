"""Programs of different ages at one plant: who is told what, and what to do about it."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from manchengo_server import bundles
from manchengo_sync import wire
from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run, watching
from tests.cli.test_sync import Site, site
from tests.support.patience import PATIENCE

__all__ = ["site"]

OF_TODAY = wire.schema_max()
NEWER = {**OF_TODAY, "lot.sung_to": 1}
OLDER = {name: version for name, version in OF_TODAY.items() if "quarantine" not in name}
TO_UPDATE = "Ce programme est plus ancien que celui du serveur : mettez-le à jour."
MEANWHILE = "ce qui en dépend ne peut pas être modifié sur cet appareil"
THE_SERVER = "Mettez le serveur à jour."
BOTH = "mettez les deux à jour"

Reads = Callable[[dict[str, int]], None]


@pytest.fixture
def server_reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """The server's program from here on."""
    return lambda reads: monkeypatch.setattr("manchengo_server.programs.schema_max", lambda: reads)


@pytest.mark.parametrize(
    ("reads", "program", "sentence"),
    [
        (NEWER, "older", TO_UPDATE),
        (OLDER, "newer", THE_SERVER),
        ({**OLDER, "lot.sung_to": 1}, "apart", BOTH),
    ],
)
def test_who_exchanges_is_told_which_program_to_bring_up_to_date(
    reads: dict[str, int], program: str, sentence: str, site: Site, server_reads: Reads
) -> None:
    site.joins()
    assert asked("sync")["program"] == asked("sync", "--status")["program"] == "same"
    server_reads(reads)
    output = one_line(done("sync").out)
    assert output.count(sentence) == 1
    assert one_line(done("sync", "--status").out).count(sentence) == 1
    assert asked("sync")["program"] == asked("sync", "--status")["program"] == program
    server_reads(OF_TODAY)
    assert sentence not in one_line(done("sync").out)
    assert sentence not in one_line(done("sync", "--status").out)


def test_an_older_program_is_told_what_it_cannot_do_meanwhile(
    site: Site, server_reads: Reads
) -> None:
    server_reads(NEWER)
    words = ("--join", site.url, "--code", site.first_code(), "--name", "bureau")
    assert MEANWHILE in one_line(done("sync", *words).out)


def test_a_database_of_no_server_has_no_program_beside_it(dairy: Path) -> None:
    assert asked("sync", "--status")["program"] is None


def test_an_answer_in_a_file_tells_it_too(site: Site, server_reads: Reads) -> None:
    site.joins()
    server_reads(NEWER)
    done("sync", "--export", "aller.mnch")
    answered = bundles.answer(site.service, Path("aller.mnch").read_bytes())
    Path("retour.mnch").write_bytes(answered.sealed)
    assert TO_UPDATE in one_line(done("sync", "--import", "retour.mnch").out)


def test_an_administrator_asks_which_devices_to_bring_up_to_date(
    site: Site, server_reads: Reads
) -> None:
    site.joins()
    done("sync")
    assert "program" not in asked("devices")[0]
    assert "Programme" not in done("devices").out
    server_reads(NEWER)
    listed = asked("devices", "--programs")
    assert [(each["device"], each["program"]) for each in listed] == [
        ("bureau", "older"),
        ("telephone", "older"),
    ]
    assert "à mettre à jour" in one_line(done("devices", "--programs").out)
    server_reads(OF_TODAY)
    assert "à mettre à jour" not in one_line(done("devices", "--programs").out)


def test_which_programs_run_is_not_known_without_the_server(dairy: Path) -> None:
    ran = run("devices", "--programs")
    assert ran.code == 3
    assert "n’échange encore avec aucun serveur" in one_line(ran.err)


def test_who_watches_is_told_once(site: Site, server_reads: Reads) -> None:
    site.joins()
    server_reads(NEWER)
    site.on_phone("sync")
    with watching("--db", str(site.phone)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        output = ""
        for times in (1, 2):
            done("write-off", "L2", "1", "--reason", "renversé", "--on", DAY)
            done("sync")
            while output.count("Reçu") < times:
                line = process.stdout.readline()
                assert line, process.stderr.read()
                output += line
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=PATIENCE)
    assert one_line(output + rest).count(TO_UPDATE) == 1
