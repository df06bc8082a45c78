"""What the shell offers at a press of the tabulator: what is recorded, and not a word more."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from manchengo_cli.main import main
from tests.cli.running import PROGRAM, done, one_line, run
from tests.support.fork_server import start
from tests.support.patience import PATIENCE


def completed(line: str, shell: str = "bash", **more: str) -> "subprocess.CompletedProcess[str]":
    """What a shell is told when the line ends where the tabulator is pressed."""
    words = line.split(" ")
    asked = {
        "_MANCHENGO_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
    }
    keyboard, terminal = os.openpty()
    try:
        environment = os.environ | asked | more
        process = start(at_the_keyboard, env=environment, stdin=terminal, stderr=subprocess.PIPE)
        # A question at this keyboard has no answer, and would wait for ever.
        output, errors = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess((), process.returncode or 0, output, errors)
    finally:
        os.close(keyboard)
        os.close(terminal)


def at_the_keyboard() -> int:
    """The program as the shell starts it, with a terminal and without a word."""
    os.setsid()
    sys.argv[:] = ["manchengo"]
    return main()


def offered(line: str, **more: str) -> list[str]:
    ran = completed(line, **more)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("manchengo receive ", ["SEL", "LAIT"]),
        ("manchengo produce ", ["GOUDA"]),
        ("manchengo receive LAIT 12,5 --supplier ", ["F001"]),
        ("manchengo receive LAIT never --on never --supplier F", ["F001"]),
        ("manchengo sell ", ["C2", "C1"]),
        ("manchengo sell C1 G", ["GOUDA="]),
        ("manchengo block ", ["S1", "L2", "PF-OF-1", "L1"]),
        ("manchengo send-back L", ["L2", "L1"]),
        ("manchengo trace PF", ["PF-OF-1"]),
        ("manchengo order show ", ["CC-2", "CC-1"]),
        ("manchengo deliver ", ["CC-2", "CC-1"]),
        ("manchengo return ", ["BL-1"]),
        ("manchengo return BL-1 ", ["PF-OF-1="]),
        ("manchengo production show ", ["OF-1"]),
        ("manchengo client show ", ["C2", "C1"]),
        ("manchengo supplier change ", ["F001"]),
        ("manchengo supplier add ", []),
        ("manchengo allocate GOUDA 5 --client ", ["C2", "C1"]),
        ("manchengo lots ", ["SEL", "LAIT", "GOUDA"]),
        ("manchengo import four", ["fournisseurs"]),
        ("manchengo receive 'LA", ["LAIT"]),
    ],
)
@pytest.mark.usefixtures("dairy")
def test_what_is_recorded_is_offered(line: str, expected: list[str]) -> None:
    assert offered(line) == expected


def test_a_line_that_makes_no_sense_is_not_complained_of() -> None:
    for line in ("manchengo unheard-of ", "manchengo order unheard-of ", "manchengo --db"):
        assert "unheard-of" not in offered(line)


def test_a_look_changes_no_byte_and_makes_no_file(dairy: Path) -> None:
    def files() -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in dairy.parent.iterdir()}

    before = files()
    assert offered("manchengo block L")
    assert files() == before


def test_what_another_process_has_not_folded_in_yet_is_offered_too(dairy: Path) -> None:
    from manchengo_sqlite import SqliteStore

    with SqliteStore.open(dairy, key=None):
        done("supplier", "add", "F002", "Amrane")
        assert offered("manchengo supplier show ") == ["F002", "F001"]


@pytest.mark.usefixtures("dairy")
def test_zsh_is_told_what_each_is_in_french() -> None:
    done("client", "add", "C3", 'Fromagerie d\'Alger "chez $HOME" [`id`]')
    output = completed("manchengo sell ", "zsh").stdout
    assert '"C2":"Taleb"' in output
    assert '"C3":"Fromagerie d’Alger chez HOME (id)"' in output
    output = completed("manchengo block ", "zsh").stdout
    assert '"L2":"Lait, 500 L, 20/11/2026"' in output
    output = completed("manchengo order show ", "zsh").stdout
    assert '"CC-2":"Taleb, 20/11/2026, confirmée"' in output


def test_the_options_are_explained_in_french() -> None:
    output = completed("manchengo receive --", "zsh").stdout
    assert "--supplier" in output
    assert "Répondre en JSON" in output
    assert "Answer" not in output
    assert "complétion" in completed("manchengo --", "zsh").stdout


def test_what_a_shell_would_take_apart_is_not_offered(dairy: Path) -> None:
    for code in ("F$(id)", "F 9", "F*", "F;9", "F'9"):
        run("supplier", "add", code, "Nom")
    assert offered("manchengo supplier show ") == ["F001"]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_locked_database_asks_nothing_and_offers_nothing(shell: str, tmp_path: Path) -> None:
    os.environ["MANCHENGO_PASSPHRASE"] = "trois mots simples"
    try:
        done("init", "--admin", "amina")
        done("supplier", "add", "F001", "Djebbar")
        assert offered("manchengo supplier show ") == ["F001"]
    finally:
        del os.environ["MANCHENGO_PASSPHRASE"]
    locked = completed("manchengo supplier show ", shell)
    assert (locked.returncode, locked.stderr) == (0, "")
    assert "F001" not in locked.stdout
    file = tmp_path / "phrase"
    file.write_text("trois mots simples\n")
    assert "F001" in completed(f"manchengo --passphrase-file {file} supplier show ", shell).stdout


def test_a_look_asks_nobody_at_a_terminal_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manchengo_cli.database import glanced
    from manchengo_cli.session import Session
    from manchengo_workplace.failures import Failure

    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "trois mots simples")
    done("init", "--admin", "amina")
    monkeypatch.delenv("MANCHENGO_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("manchengo_cli.passphrase.getpass", lambda _: "trois mots simples")
    with pytest.raises(Failure, match="PassphraseMissing"), glanced(Session()):
        pass


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_what_cannot_be_opened_offers_nothing(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "atelier.db").write_bytes(content)
    assert offered("manchengo supplier show ") == []


def test_the_highest_codes_are_offered_and_never_more_than_a_screen_takes(dairy: Path) -> None:
    from manchengo_cli.found import OFFERED

    lines = "\n".join(f"N{number:04};Client {number}" for number in range(OFFERED + 20))
    Path("clients.csv").write_text(f"code;nom\n{lines}\n", encoding="utf-8")
    done("import", "clients", "clients.csv")
    names = offered("manchengo client show N")
    assert len(names) == OFFERED
    assert names[0] == f"N{OFFERED + 19:04}"
    assert offered("manchengo client show N0003") == ["N0003"]


# ------------------------------------------------------------------ setting it up


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def under(shell: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """The program started by that shell, as Typer finds out which it is."""
    line = f"{shlex.join([*PROGRAM, *words])}; exit $?"
    return subprocess.run([shell, "-c", line], capture_output=True, text=True, check=False)


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash on this computer")
def test_setting_it_up_is_said_in_french(home: Path) -> None:
    ran = under("bash", "--install-completion")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "La complétion pour bash est installée dans" in one_line(ran.stdout)
    assert "completion" not in ran.stdout.replace(".bash_completions", "")
    assert "_MANCHENGO_COMPLETE" in (home / ".bash_completions" / "manchengo.sh").read_text()
    shown = under("bash", "--show-completion")
    assert "complete -o default -F" in shown.stdout


@pytest.mark.parametrize("option", ["--install-completion", "--show-completion"])
@pytest.mark.usefixtures("home")
def test_a_shell_that_is_not_known_is_said_in_french(
    option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("tcsh", "/bin/tcsh"))
    ran = run(option)
    assert ran.code == 3
    assert "bash, zsh, fish et PowerShell" in one_line(ran.err)
    assert "not supported" not in ran.out + ran.err
