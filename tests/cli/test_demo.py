"""The demonstration runs as anybody runs it, reads on a telephone, and leads somewhere."""

import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from manchengo_cli import demo_database
from manchengo_cli.demonstration import next_commands, our_name
from tests.cli.running import done, one_line, run


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demonstration that was kept, and what it said."""
    place = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("COLUMNS", "46")
        return place, done("demo", "--keep", "essai").out


def test_it_reads_on_a_telephone(day: tuple[Path, str]) -> None:
    _, output = day
    for line in output.splitlines():
        lonely_path = len(line.removesuffix(" \\").split()) == 1 and "/" in line
        is_code = line.strip().startswith("--code ")  # with the fingerprint of its plant
        assert len(line) <= 48 or lonely_path or is_code, "a path or a code may be longer"


@pytest.mark.parametrize(("terminal", "read"), [("90", 90), ("300", 100)])
def test_it_is_as_wide_as_the_screen_and_as_can_be_read(
    terminal: str, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", terminal)
    assert demo_database.columns() == read


def test_what_is_typed_has_a_colour_where_the_terminal_has_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert (
        demo_database.painted("$ manchengo stock", demo_database.CYAN)
        == "\033[36m$ manchengo stock\033[0m"
    )
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert (
                demo_database.painted("$ manchengo stock", demo_database.CYAN)
                == "$ manchengo stock"
            )


def test_it_is_in_french_and_tells_the_day(day: tuple[Path, str]) -> None:
    output = one_line(day[1])
    for part in (
        "Base créée",
        "lots les plus anciens partent d’abord",
        "versé : 471,72 L de MP-00001",
        "chargé : 120 pièces de PF-OF-1",
        "538,5 L en stock",
        "2 lots, 2 livraisons, 2 clients",
        "Restaurant Taleb",
        "il manque du stock",
        "La chaîne d’empreintes est entière",
        "À essayer maintenant",
    ):
        assert part in output


def test_two_devices_pour_the_same_milk_and_agree_again(day: tuple[Path, str]) -> None:
    output = one_line(day[1].partition("Le lendemain.")[2])
    for part in (
        "appareil de « Laiterie » : bureau",
        "pour OF-2 MP-00002",
        "pour OF-3 MP-00002",
        "Refusé : 1. 1 conflit attend une décision",
        "versement d’une matière : MP-00002, 280 L, OF-3",
        "--lot LAIT-1",
        "enregistré avec un autre lot.",
        "Le même, et chaque kilogramme a son compte.",
    ):
        assert part in output, part
    bureau, phone = (
        line.split()[1] for line in day[1].splitlines() if line.startswith(("  bureau", "  télé"))
    )
    assert bureau == phone


def test_it_ends_no_other_program_and_leaves_no_server_behind(day: tuple[Path, str]) -> None:
    url = next(word for word in day[1].split() if word.startswith("http://127.0.0.1:"))
    with socket.socket() as door:
        assert door.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


def test_where_there_is_no_server_the_first_day_is_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    output = one_line(done("demo").out)
    assert list(tmp_path.iterdir()) == []
    assert "La chaîne d’empreintes est entière" in output
    assert "manchengo-server, et il n’est pas installé ici" in output
    assert "Le lendemain" not in output


def test_its_database_is_encrypted(day: tuple[Path, str]) -> None:
    place, _ = day
    assert not (place / "essai/atelier.db").read_bytes().startswith(b"SQLite")


def test_the_three_commands_work_as_they_are_printed(
    day: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, output = day
    monkeypatch.chdir(place)
    monkeypatch.delenv("MANCHENGO_DB")
    printed = output.rpartition("À essayer maintenant\u00a0:\n")[2].replace("\\\n", " ")
    commands = [line.strip() for line in printed.splitlines()]
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command)
        done(*words[words.index("manchengo") + 1 :])


def test_one_of_them_as_a_shell_runs_it(day: tuple[Path, str]) -> None:
    place, output = day
    printed = output.rpartition("À essayer maintenant\u00a0:\n")[2].replace("\\\n", " ")
    command = printed.splitlines()[0].replace("python3 ", f"{shlex.quote(sys.executable)} ", 1)
    ran = subprocess.run(command, shell=True, cwd=place, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "PF-OF-1" in ran.stdout


@pytest.mark.campaign
def test_without_keeping_nothing_is_left_of_both_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    output = done("demo").out
    assert "La base est jetée." in output
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)  # one day more is enough
    for words in next_commands(None):
        line = shlex.split(" ".join(words))
        done(*line[line.index("manchengo") + 1 :])


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "essai").mkdir()
    (tmp_path / "essai/notes.txt").write_text("à moi")
    ran = run("demo", "--keep", "essai", "--help")
    assert ran.code == 0
    ran = run("demo", "--keep", "essai")
    assert ran.code == 3
    assert "contient déjà quelque chose" in one_line(ran.err)


def test_it_calls_itself_as_it_was_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    assert our_name() == ["manchengo"]
    (tmp_path / "dev.py").touch()
    assert our_name() == ["python3", "dev.py", "run manchengo"]
