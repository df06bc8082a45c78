"""A page of plain text, as wide as whoever reads it: from a telephone to a large screen."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from manchengo_presenters.legible import legible

NARROWEST, USUAL, WIDEST = 40, 80, 200
FOR_READING = 100
"""Running text wider than this is tiring; tables may go on to ``WIDEST``."""

Definitions = list[tuple[str, str]]

BESIDE = 26
"""A name longer than this has its explanation underneath."""


_fixed: ContextVar[int | None] = ContextVar("columns", default=None)


def width() -> int:
    """The columns of the terminal (or ``COLUMNS``), within what we lay out well."""
    columns = _fixed.get() or shutil.get_terminal_size((0, 0)).columns or _columns_beside()
    return max(NARROWEST, min(columns, WIDEST))


def _columns_beside() -> int:
    """Of the terminal that standard error writes to where the answer goes into a pipe or a file."""
    try:
        return os.get_terminal_size(sys.__stderr__.fileno()).columns  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        return USUAL


def is_fixed() -> bool:
    """Whether what is written is laid out for a screen although it may go elsewhere."""
    return _fixed.get() is not None


@contextmanager
def columns(count: int) -> Iterator[None]:
    """Lay everything out for a screen of so many columns."""
    token = _fixed.set(count)
    try:
        yield
    finally:
        _fixed.reset(token)


def wrapped(
    text: str, room: int | None = None, *, indent: str = "", hanging: str | None = None
) -> list[str]:
    """Lines no longer than the page; a no-break space does not break, nor does a long word."""
    return textwrap.wrap(
        legible(text),
        room or min(width(), FOR_READING),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent.rstrip()]


def to_copy(words: Sequence[str], *, indent: str = "  ") -> list[str]:
    """A command on one line where it fits, else over several that a shell reads as one; a word is
    never parted.
    """
    whole = indent + " ".join(words)
    if len(whole) <= width() or os.name == "nt":
        return [whole]
    lines = [indent + words[0]]
    for word in words[1:]:
        if len(f"{lines[-1]} {word} \\") <= width():
            lines[-1] += f" {word}"
        else:
            lines[-1] += " \\"
            lines.append(f"{indent}  {word}")
    return lines


class Page:
    """Lines added one after the other; ``str()`` is the whole."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.columns = min(width(), FOR_READING)

    def add(self, *paragraphs: str) -> None:
        """Add paragraphs, wrapped to the width of the page."""
        for paragraph in paragraphs:
            self.lines.extend(wrapped(paragraph, self.columns))

    def section(self, heading: str, rows: Definitions) -> None:
        """Names and what they mean; nothing at all without rows."""
        if not rows:
            return
        self.lines += ["", heading]
        longest = max((len(name) for name, _ in rows if len(name) <= BESIDE), default=0)
        beside = longest + 4 if self.columns >= 72 else 0
        for name, meaning in rows:
            self.lines.extend(self._defined(name, meaning, beside))

    def verbatim(self, heading: str, lines: Iterable[str]) -> None:
        """Commands to copy: never wrapped."""
        self.lines += ["", heading, *[f"  {line}" for line in lines]]

    def _defined(self, name: str, meaning: str, beside: int) -> list[str]:
        if beside and len(name) <= BESIDE:
            lines = wrapped(meaning, self.columns - beside)
            first = f"  {name}".ljust(beside) + lines[0]
            return [first.rstrip(), *[" " * beside + line for line in lines[1:]]]
        indent = " " * (beside or 6)
        lines = wrapped(name, self.columns, indent="  ", hanging="    ")
        return [*lines, *(wrapped(meaning, self.columns, indent=indent) if meaning else [])]

    def __str__(self) -> str:
        return "\n".join(self.lines)
