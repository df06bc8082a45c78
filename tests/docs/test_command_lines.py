"""What a page tells to type at the command line is typed here, and ends as the page says.

A ``csv`` block is saved under the name that the text before it ends with. A command ends well,
unless ``echo $?`` under it shows another exit code. ``ID`` stands for the latest import.
"""

import json
import shlex
from pathlib import Path

import pytest

from manchengo_cli.main import main
from tests.docs.pages import ROOT, blocks

HOW_TO = ROOT / "docs" / "how-to"
IMPORT = HOW_TO / "import-a-suppliers-file.md"


@pytest.fixture(autouse=True)
def _an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MANCHENGO_DB", "atelier.db")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "trois fromages et un chat")


def test_a_file_is_imported_corrected_and_undone(capsys: pytest.CaptureFixture[str]) -> None:
    type_all(IMPORT, capsys)
    assert main(["lots", "--json"]) == 0
    assert [lot["lot"] for lot in json.loads(capsys.readouterr().out)] == ["MP-00001"]


@pytest.mark.parametrize("page", ["trace-and-recall-a-lot.md", "back-up-and-restore.md"])
def test_the_commands_of_a_page_are_those_of_the_program(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    type_all(IMPORT, capsys)
    type_all(HOW_TO / page, capsys)


def test_the_opening_stock_is_entered_as_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    type_all(HOW_TO / "enter-the-opening-stock.md", capsys)
    assert main(["lots", "GOUDA", "--json"]) == 0
    lots = json.loads(capsys.readouterr().out)
    assert [lot["lot"] for lot in lots] == ["G-041", "G-042", "G-044"]


def test_people_sign_in_as_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    type_all(HOW_TO / "sign-in.md", capsys)
    assert main(["who", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["people"] == ["amina", "karim"]


def test_prices_and_clients_are_updated_as_the_page_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = HOW_TO / "update-a-price-list.md"
    type_all(page, capsys)
    assert main(["imports", "--json"]) == 0
    prices, clients, _of_the_list = json.loads(capsys.readouterr().out)
    assert (prices["status"], clients["status"]) == ("finished", "undone")
    assert main(["undo-import", prices["import"], "--reason", "mauvais tarif"]) == 0
    capsys.readouterr()
    assert main(["import", "produits", "tarif.csv", "--update", "--dry-run"]) == 0
    shown = next(block.code for block in blocks(page) if block.language == "text")
    assert plain(capsys.readouterr().out) == plain(shown)
    assert main(["client", "show", "C1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["phone"] == "0550112233"


def plain(text: str) -> str:
    return " ".join(text.split())


def type_all(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks(page):
        if block.language == "csv":
            Path(block.named).write_text(block.code, encoding="utf-8")
        elif block.language == "console":
            lines = block.code.splitlines()
            for number, line in enumerate(lines):
                if line.startswith("$ manchengo "):
                    code = main(words(line, capsys))
                    output = capsys.readouterr()
                    assert code == said_to_end(lines[number + 1 :]), f"{line}\n{output.err}"


def words(line: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    typed = shlex.split(line)[2:]
    if "ID" not in typed:
        return typed
    assert main(["imports", "--json"]) == 0
    latest = json.loads(capsys.readouterr().out)[-1]["import"]
    return [latest if word == "ID" else word for word in typed]


def said_to_end(following: list[str]) -> int:
    return int(following[1]) if following[:1] == ["$ echo $?"] else 0
