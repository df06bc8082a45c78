"""The refused rows, in a file of their own that can be corrected and imported again.

It has the columns of the file it comes from, in the same order, and after them six of ours. Five
tell what is wrong, and an import ignores them; the last says how the columns of the source write
their figures and their days, since the few rows left cannot show it any more.

Nothing in it is a formula, whoever sent the source: a cell that a spreadsheet would run (it begins
with ``=``, ``+``, ``-``, ``@``, a tab or a line break) gets an apostrophe in front, and a plain
number such as ``-4`` does not. So does what stands behind a comma, a semicolon, a bar or a break
inside a cell: a spreadsheet of another country takes that for the beginning of another cell.
``as_it_was`` takes the apostrophes away when the file comes back, so that importing it again,
uncorrected, gives the very same text.
"""

import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from attrs import frozen

from manchengo.system import give_name, private_draft
from manchengo_files.rows import BLANK, SourceRow

REASONS = ("ligne_source", "colonne_en_cause", "valeur", "regle", "message")
"""The columns by which such a file is known when it comes back."""

WRITTEN_AS = "lecture"
ADDED_COLUMNS = (*REASONS, WRITTEN_AS)

RUN = frozenset("=+-@＝＋－＠")
"""What a formula begins with; some spreadsheets take the wide letters of Asian keyboards too."""

QUOTES = "'\""
BREAKS = frozenset("\t\r\n")

INNER = re.compile(r"(?<=[,;|\t\r\n])[^,;|\t\r\n]+")
"""What would be a cell of its own under another separator."""

NUMBER = re.compile(r"[+-]?[0-9](?:[0-9 \u00a0\u202f']*[0-9])?(?:[.,][0-9]+)?")
OUR_SUFFIX = re.compile(r"\.erreurs(-[0-9]+)?$")


@frozen(kw_only=True)
class Fault:
    """Why a row was refused: the column as the file names it, its text, the rule, a sentence."""

    column: str
    value: str
    rule: str
    message: str


class ErrorFile:
    """Refused rows, written as they come; the file appears whole, at the end, or not at all.

    ``with ErrorFile(source, header) as errors: errors.add(row, faults)``. Afterwards ``path`` is
    the file made, in ``folder`` or else beside the source: ``lots.csv`` gives ``lots.erreurs.csv``,
    then ``lots.erreurs-2.csv``, since an earlier one may hold corrections. It is None when no row
    was added. An exception inside the ``with`` leaves no file. ``written_as`` says how the figures
    and days of a row are written.
    """

    def __init__(
        self,
        source: Path,
        header: Sequence[str],
        *,
        folder: Path | None = None,
        written_as: Callable[[SourceRow], str] = lambda _row: "",
    ) -> None:
        self.path: Path | None = None
        self.count = 0
        self._written_as = written_as
        self._target = (folder or source.parent) / source.name
        self._width = len(header)
        ours = {name.casefold() for name in ADDED_COLUMNS}
        again = ADDED_COLUMNS[0] in [name.casefold() for name in header]
        self._kept = [
            at for at, name in enumerate(header) if not (again and name.casefold() in ours)
        ]
        self._header = [header[at] for at in self._kept]
        self._draft: Path | None = None
        self._out: TextIO | None = None

    def add(self, row: SourceRow, faults: Sequence[Fault]) -> None:
        """Hand back one row with everything that is wrong with it."""
        if self._out is None:
            self._draft = private_draft(self._target)
            self._out = self._draft.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._out, delimiter=";")
            self._writer.writerow([*map(harmless, self._header), *ADDED_COLUMNS])
        cells = [row.cells[at] for at in self._kept]
        beyond = row.cells[self._width :]
        ours = (
            str(row.number),
            " | ".join(fault.column for fault in faults),
            " | ".join(fault.value for fault in faults),
            " | ".join(fault.rule for fault in faults),
            " | ".join(fault.message for fault in faults),
            self._written_as(row),
        )
        # Cells beyond the header stay beyond ours, so that the row is still seen to be too wide.
        self._writer.writerow(map(harmless, [*cells, *ours, *beyond]))
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._out is None or self._draft is None:
            return
        self._out.close()
        try:
            if kind is None:
                self.path = _named(self._draft, self._target)
        finally:
            self._draft.unlink(missing_ok=True)


def harmless(text: str) -> str:
    """Text that no spreadsheet runs as a formula; numbers and ordinary text are unchanged."""
    return _marked(INNER.sub(lambda inner: _marked(inner[0]), text))


def as_it_was(text: str) -> str:
    """What ``harmless`` was given."""
    return INNER.sub(lambda inner: _unmarked(inner[0]), _unmarked(text))


def _marked(text: str) -> str:
    return f"'{text}" if _risky(text) else text


def _unmarked(text: str) -> str:
    return text[1:] if text.startswith("'") and _risky(text) else text


def _risky(text: str) -> bool:
    """The same with one apostrophe more in front: else none could be taken away again."""
    shown = text.lstrip(BLANK + QUOTES).rstrip(BLANK)
    begins = shown[:1] in RUN or text.lstrip("'")[:1] in BREAKS
    return begins and not NUMBER.fullmatch(shown)


def _named(draft: Path, source: Path) -> Path:
    """Give the draft the first free name beside the source; an earlier error file is kept."""
    stem = OUR_SUFFIX.sub("", source.stem)
    attempt = 1
    while True:
        number = f"-{attempt}" if attempt > 1 else ""
        path = source.with_name(f"{stem}.erreurs{number}.csv")
        try:
            give_name(draft, path)
        except FileExistsError:
            attempt += 1
        else:
            return path
