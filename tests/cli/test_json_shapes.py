"""Every shape that ``docs/reference/json.md`` shows is what the command answers, key by key."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from manchengo_cli.output import SHAPE
from tests.cli.conftest import DAY
from tests.cli.running import asked, run

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/json.md"
SHOWN = re.compile(
    r"^### `manchengo (?P<words>[^`]+)`\n(?:(?!^###).)*?^```json\n(?P<json>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
EXAMPLES = [(found["words"], found["json"]) for found in SHOWN.finditer(PAGE.read_text("utf-8"))]
ANYTHING = "…"


APART = ("conflicts",)
"""Commands whose examples are those of two devices (``poured_twice``)."""


@pytest.mark.usefixtures("dairy")
@pytest.mark.parametrize(("words", "shown"), EXAMPLES, ids=[words for words, _ in EXAMPLES])
def test_the_page_shows_what_the_command_answers(
    words: str, shown: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if words.startswith(APART):
        request.getfixturevalue("poured_twice")
        words = words.replace("ID", asked("conflicts")[0]["item"])
    (tmp_path / "lots.csv").write_text(
        "lot;produit;fournisseur;date_reception;quantite\n"
        "L9;LAIT;F001;20/11/2026;12,5\n"
        "L8;LAIT;F999;20/11/2026;3\n",
        encoding="utf-8",
    )
    (tmp_path / "prix.csv").write_text("code;prix\nLAIT;65\nSEL;45\n", encoding="utf-8")
    if words.startswith("audit"):
        run("write-off", "L2", "501", "--reason", "perdu", "--on", DAY)
    ran = run(*shlex.split(words))
    assert_alike(json.loads(ran.out or ran.err), json.loads(shown), "answer")


def assert_alike(answered: Any, shown: Any, where: str) -> None:
    if shown == ANYTHING:
        return
    if isinstance(shown, dict):
        assert list(answered) == list(shown), where
        for name, value in shown.items():
            assert_alike(answered[name], value, f"{where}.{name}")
    elif isinstance(shown, list):
        assert len(answered) == len(shown), where
        for number, value in enumerate(shown):
            assert_alike(answered[number], value, f"{where}[{number}]")
    else:
        assert answered == shown, where


def test_the_page_says_which_shape_it_documents() -> None:
    assert f"**version {SHAPE}**" in PAGE.read_text("utf-8")


def test_every_answer_is_documented() -> None:
    """Each command that answers with ``--json`` is named on the page."""
    from manchengo_cli.main import COMMANDS

    page = PAGE.read_text("utf-8")
    unnamed = [name for name in COMMANDS if not re.search(rf"[`\s]{name}[`\s]", page)]
    assert unnamed == ["demo"]
