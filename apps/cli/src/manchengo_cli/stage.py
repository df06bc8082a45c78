"""Where the demonstration is played: what is told, what is typed, on a telephone's screen."""

import io
import re
import shlex
import sys
from contextlib import redirect_stdout

from manchengo_cli import layout

COLUMNS = 46
"""A telephone held upright."""


def say(*paragraphs: str) -> None:
    for paragraph in paragraphs:
        print("\n".join(layout.wrapped(paragraph)))


def tell(story: str) -> None:
    """What happens at the dairy, before what is typed for it."""
    say("", f"— {story}")


def type_in(typed: str) -> int:
    """Show a command of ours and run it as it stands; its exit code."""
    show(typed)
    sys.stdout.flush()
    return type_in_silence(typed)


def type_in_silence(typed: str) -> int:
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
    lines = layout.wrapped(held, COLUMNS - 2)
    print(" \\\n    ".join(lines).replace("\u00a0", " "))
