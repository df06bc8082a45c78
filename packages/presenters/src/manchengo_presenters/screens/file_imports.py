"""What the screen of imports asks of the device: a file looked at, rehearsed, brought in."""

from collections.abc import Callable
from typing import Protocol

from attrs import field, frozen

from manchengo.domain.ids import ImportId
from manchengo_presenters.import_words import RowCounts
from manchengo_presenters.screens.problem import Problem

Progress = Callable[[int, int], None]
"""Called with the rows that are done and all there are. Raises ``Left`` to end the work there."""


class Left(Problem):
    """The person left the work before its end."""

    def __init__(self) -> None:
        super().__init__("Left", "")


@frozen(kw_only=True)
class ImportFile:
    """A file that was chosen, or one that is handed back."""

    name: str
    content: bytes = field(repr=False)


@frozen(kw_only=True)
class ImportRequest:
    """``kind``: what the rows are about, as ``ImportKind`` names it; "" where nobody said.
    ``is_update``: the rows may change what is recorded. ``sheet``: of a workbook; "" for its only
    one.
    """

    file: ImportFile
    kind: str = ""
    is_update: bool = False
    sheet: str = ""


@frozen(kw_only=True)
class FileKind:
    """``name``: as ``ImportKind`` has it. ``can_update``: whether a file of it may change what is
    recorded.
    """

    name: str
    can_update: bool


@frozen(kw_only=True)
class RefusedCell:
    """Why a row is refused: its number in the file, the column, what stands there, the rule."""

    row: int
    column: str
    value: str
    rule: str


@frozen(kw_only=True)
class RowNote:
    """What is to be known of a row that goes in: what it changes, or what is unlikely about it."""

    row: int
    sentence: str


@frozen(kw_only=True)
class ImportAnswer:
    """What became of the rows, or would. ``refusals``, ``changes`` and ``warnings``: the first of
    each. ``notices``: what a person would not expect of how the file is read. ``error_file``: the
    refused rows, to be corrected; None where there are none.
    """

    request: ImportRequest
    counts: RowCounts
    import_id: ImportId | None = None
    refusals: tuple[RefusedCell, ...] = ()
    changes: tuple[RowNote, ...] = ()
    warnings: tuple[RowNote, ...] = ()
    notices: tuple[str, ...] = ()
    error_file: ImportFile | None = None


@frozen(kw_only=True)
class Looked:
    """``request``: with what the file was recognised as. ``sheets``: which of them is meant must be
    said first; empty where there is no doubt.
    """

    request: ImportRequest
    sheets: tuple[str, ...] = ()


class FileImports(Protocol):
    """Every method but ``kinds`` may take long. Each raises ``Problem``."""

    def kinds(self) -> tuple[FileKind, ...]:
        """What a file may be of, in the order of a first import."""
        ...

    def look(self, request: ImportRequest) -> Looked:
        """What the file is of, as far as that can be told."""
        ...

    def rehearse(self, request: ImportRequest, progress: Progress) -> ImportAnswer:
        """Try the file by the rules, and record nothing."""
        ...

    def bring_in(self, request: ImportRequest, progress: Progress) -> ImportAnswer:
        """Record the rows that the rules admit."""
        ...
