"""Tables on a terminal, text anywhere else, JSON when asked: whatever the width or the signs."""

import io
import json
import os
import pty
import re
import termios

import pytest

from manchengo_cli import layout
from manchengo_cli.layout import columns
from manchengo_cli.main import main
from manchengo_cli.output import Heading, Lines, Table, prepare_streams, write_json, write_page

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


STOCK = Table(
    [Heading("Produit"), Heading("Nom"), Heading("En stock", figures=True)],
    [("LAIT-V", "Lait cru de vache", "1\u202f250,5\u00a0L"), ("SEL", "Sel fin", "25\u00a0kg")],
    empty="Rien.",
)


def written(*parts: object, width: int | None = None, screen: bool = True) -> str:
    to = Screen() if screen else io.StringIO()
    if width is None:
        write_page(parts, to)  # type: ignore[arg-type]
    else:
        with columns(width):
            write_page(parts, to)  # type: ignore[arg-type]
    return COLOUR.sub("", to.getvalue())


def test_a_terminal_gets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = written(STOCK)
    assert "─" in text
    assert "1\u202f250,5\u00a0L" in text


def test_colours_are_left_out_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    screen = Screen()
    write_page([STOCK], screen)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", screen.getvalue())


@pytest.mark.parametrize("width", [40, 48, 60, 80, 200])
def test_a_table_fits_any_screen(width: int) -> None:
    text = written(STOCK, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "Lait cru de vache" in text


def test_a_file_gets_columns_of_text_however_wide() -> None:
    assert written(STOCK, screen=False).splitlines() == [
        "Produit  Nom                 En stock",
        "LAIT-V   Lait cru de vache  1\u202f250,5\u00a0L",
        "SEL      Sel fin                25\u00a0kg",
    ]


def test_an_empty_table_says_so() -> None:
    assert written(Table(STOCK.columns, [], empty="Rien."), screen=False) == "Rien.\n"


def test_a_sentence_is_wrapped_on_a_screen_alone() -> None:
    sentence = "Un mot " * 30
    assert len(written(sentence, width=40).splitlines()) > 4
    assert len(written(sentence, screen=False).splitlines()) == 1


@pytest.mark.parametrize("is_screen", [True, False])
def test_an_error_is_wrapped_on_a_screen_alone(
    is_screen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stderr", to := Screen() if is_screen else io.StringIO())
    assert main(["--db", "nulle-part/atelier.db", "stock"]) == 3
    lines = to.getvalue().splitlines()
    assert (len(lines) > 1) == is_screen
    assert (max(map(len, lines)) <= 60) == is_screen


def test_errors_are_as_wide_as_their_own_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    shell, screen = pty.openpty()
    termios.tcsetwinsize(screen, (24, 50))
    monkeypatch.delenv("COLUMNS")
    with open(os.devnull, "w") as nowhere, os.fdopen(screen, "w") as err, os.fdopen(shell):
        monkeypatch.setattr("sys.__stdout__", nowhere)
        monkeypatch.setattr("sys.__stderr__", err)
        assert layout.width() == 50


def test_a_command_to_copy_is_never_wrapped() -> None:
    command = "manchengo " + "x" * 200
    assert written(Lines([command]), width=40) == command + "\n"


def test_a_long_list_is_written_as_it_comes() -> None:
    to = io.StringIO()
    write_json(({"n": number} for number in range(3)), to)
    assert json.loads(to.getvalue()) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert len(to.getvalue().splitlines()) == 5
    empty = io.StringIO()
    write_json(iter(()), empty)
    assert json.loads(empty.getvalue()) == []


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp850", "utf-8"])
def test_no_sign_stops_a_command_on_an_old_console(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_ = io.BytesIO()
    console = io.TextIOWrapper(bytes_, encoding=encoding)
    monkeypatch.setattr("sys.stdout", console)
    prepare_streams()
    print("└─ 1\u202f250,5\u00a0L → « Ziani » الجبن")
    console.flush()
    text = bytes_.getvalue().decode(encoding)
    assert "250,5" in text
    assert ("->" in text) == (encoding != "utf-8")


def test_json_is_whole_on_an_old_console() -> None:
    bytes_ = io.BytesIO()
    console = io.TextIOWrapper(bytes_, encoding="cp1252")
    write_json({"name": "الجبن"}, console)
    console.flush()
    assert json.loads(bytes_.getvalue()) == {"name": "الجبن"}


def test_an_error_in_json_is_whole_on_an_old_console(monkeypatch: pytest.MonkeyPatch) -> None:
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stderr", console)
    assert main(["stock", "--json"]) == 3
    console.flush()
    error = json.loads(console.buffer.getvalue())
    assert error["error"] == "DatabaseMissing"
    assert error["message"].startswith("Il n’y a pas de base à cet endroit\u00a0:")
