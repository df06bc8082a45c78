"""How the demonstration is shown: what is told, what is typed, as wide as the reader's screen."""

import io
import os
import re
import shlex
import sys
from contextlib import redirect_stdout

from manchengo_cli import layout

BOLD, CYAN, PLAIN = "\033[1m", "\033[36m", "\033[0m"


def columns() -> int:
    """Of the terminal, and no more than can be read with ease."""
    return min(layout.width(), layout.FOR_READING)


def say(*paragraphs: str) -> None:
    """Print paragraphs, wrapped to the width of the terminal."""
    for paragraph in paragraphs:
        print("\n".join(layout.wrapped(paragraph)))


def tell(story: str) -> None:
    """What happens at the dairy, before what is typed for it."""
    print()
    for line in layout.wrapped(f"— {story}"):
        print(painted(line, BOLD))


def type_in(typed: str) -> int:
    """Show a command of ours and run it as it stands; its exit code."""
    show(typed)
    sys.stdout.flush()
    return type_in_silence(typed)


def type_in_silence(typed: str) -> int:
    """Run a command line without showing it; its exit code."""
    from manchengo_cli.main import main

    code = main(shlex.split(typed)[1:])
    sys.stderr.flush()
    return code


def overheard(typed: str) -> tuple[int, str]:
    """The same, with what it answered, for what comes next to build on."""
    answered = io.StringIO()
    with redirect_stdout(answered):
        code = type_in_silence(typed)
    show(typed)
    print(answered.getvalue(), end="")
    return code, answered.getvalue()


def show(typed: str) -> None:
    """What is typed, an option never parted from its value."""
    held = re.sub(r"(--\S+) (?!-)", "\\1\u00a0", f"$ {typed}")
    lines = layout.wrapped(held, columns() - 2)
    for line in " \\\n    ".join(lines).replace("\u00a0", " ").splitlines():
        print(painted(line, CYAN))


def painted(line: str, colour: str) -> str:
    """In that colour on a terminal that has any, unless ``NO_COLOR`` asks for none."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in (None, "dumb")
    return line if plain or not sys.stdout.isatty() else f"{colour}{line}{PLAIN}"
