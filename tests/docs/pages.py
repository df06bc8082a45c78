"""A page as its tests read it: the code it shows, and what it says the code prints."""

import io
import re
from code import InteractiveConsole
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
BETWEEN = re.compile(r"\s*")
NAMED = re.compile(r"`([^`\s]+)`\s*:\s*$")


@frozen
class Block:
    """A fenced block of a page; ``line`` is the line of the page on which its code begins.

    ``named``: the name in backquotes with which the text before it ends, if it ends so.
    """

    language: str
    code: str
    line: int
    named: str = ""


@frozen
class Step:
    """A block of Python, and the output that the page shows right under it."""

    block: Block
    shown: str


def pages() -> list[Path]:
    """Every page that this repository shows to a reader."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    found = []
    for fence in FENCE.finditer(text):
        before = NAMED.search(text, 0, fence.start())
        line = text.count("\n", 0, fence.start("code")) + 1
        name = before[1] if before else ""
        found.append(Block(fence["language"], fence["code"], line, name))
    return found


def steps(page: Path) -> list[Step]:
    """The page's Python, in order; a ``text`` block with nothing but space before is its output."""
    text = page.read_text("utf-8")
    found = list(FENCE.finditer(text))
    steps: list[Step] = []
    for number, fence in enumerate(found):
        if fence["language"] != "python":
            continue
        after = found[number + 1] if number + 1 < len(found) else None
        touches = after is not None and BETWEEN.fullmatch(text, fence.end(), after.start())
        shown = after["code"] if after is not None and touches and is_output(after) else ""
        line = text.count("\n", 0, fence.start("code")) + 1
        steps.append(Step(Block("python", fence["code"], line), shown))
    return steps


def is_output(fence: "re.Match[str]") -> bool:
    return fence["language"] == "text"


def follow(page: Path) -> Iterator[tuple[Step, str]]:
    """Run the page from top to bottom, as a reader would; each step with what it printed."""
    names: dict[str, Any] = {"__name__": "__page__"}
    for step in steps(page):
        # As many empty lines in front as the page has, so that a traceback points into the page.
        source = "\n" * (step.block.line - 1) + step.block.code
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(source, str(page), "exec"), names)
        yield step, printed.getvalue()


class Prompt(InteractiveConsole):
    """The prompt of Python 3.11: a blank line ends a block, and each value is shown."""

    def __init__(self) -> None:
        super().__init__({"__name__": "__page__"})
        self.wrong = ""

    def write(self, data: str) -> None:
        self.wrong += data


def pasted(page: Path) -> Iterator[tuple[Step, str]]:
    """Paste the page into a prompt, block by block; each step with what it printed, or what went
    wrong.
    """
    prompt = Prompt()
    for step in steps(page):
        printed = io.StringIO()
        with redirect_stdout(printed):
            for line in [*step.block.code.splitlines(), ""]:
                prompt.push(line)
        yield step, prompt.wrong or printed.getvalue()
