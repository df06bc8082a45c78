"""What the rows of a file are about, by the names of its columns and its own."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import frozen

from manchengo.domain.import_batch import ImportKind
from manchengo_files.headers import KnownHeadings, match_header
from manchengo_files.kinds import KINDS, Kind
from manchengo_files.kinds.line import fields_of
from manchengo_files.kinds.names import FRENCH
from manchengo_files.sheets import open_sheet
from manchengo_presenters.spelling import fold


@frozen(kw_only=True)
class Recognised:
    """``is_update``: the columns change what is recorded, and do not suffice for anything new."""

    kind: ImportKind
    is_update: bool


def recognised(file: Path, sheet_name: str | None = None) -> Recognised | None:
    """What the file is, as far as that can be told: None where its columns are those of no kind, or
    equally of several, and its name decides for none. Raises ``UnreadableFile``.
    """
    header = open_sheet(file, _EveryKind(), sheet_name=sheet_name).header
    for is_update in (False, True):
        found = list(_fitting(header, is_update=is_update))
        if found:
            named = fold(file.stem)
            ranked = [((*score, _is_called(kind, named)), kind) for kind, score in found]
            best = max(rank for rank, _kind in ranked)
            kinds = [kind for rank, kind in ranked if rank == best]
            return Recognised(kind=kinds[0], is_update=is_update) if len(kinds) == 1 else None
    return None


def _fitting(
    header: Sequence[str], *, is_update: bool
) -> Iterator[tuple[ImportKind, tuple[int, int]]]:
    """The kinds that such a file can be, each with how many columns it knows and does not know."""
    for kind in KINDS.values():
        if is_update and not kind.registers:
            continue
        chosen = kind.for_update() if is_update else kind
        columns = match_header(header, fields_of(chosen.line))
        known = len(columns.positions)
        if not columns.faults and known >= (2 if is_update else 1):
            yield kind.kind, (known, -len(columns.unknown))


def _is_called(kind: ImportKind, name: str) -> bool:
    """Whether a file of that name says that it is of that kind."""
    return any(fold(word) in name for word in (kind.value, *FRENCH[kind]))


@frozen
class _EveryKind:
    """The headings of all kinds, by which a table is found. See ``Headings``."""

    def known(self, cells: Sequence[str]) -> int:
        return max(each.known(cells) for each in self._kinds)

    def suffice(self, cells: Sequence[str]) -> bool:
        return any(each.suffice(cells) for each in self._kinds)

    @cached_property
    def _kinds(self) -> Sequence[KnownHeadings]:
        return [_headings(kind) for kind in KINDS.values()]


def _headings(kind: Kind[Any]) -> KnownHeadings:
    return KnownHeadings(fields_of(kind.line))
