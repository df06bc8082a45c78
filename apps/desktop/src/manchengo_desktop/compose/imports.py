"""Files that come in: opened, recognised, rehearsed and recorded for whoever acts."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from attrs import define, evolve, field, frozen

from manchengo import Actor, Manchengo
from manchengo.application.doubts import Doubt
from manchengo.commands import Command
from manchengo.domain.access import NotPermitted
from manchengo.domain.errors import Refused
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo_desktop.compose.problems import problems
from manchengo_presenters import doubts
from manchengo_presenters.import_words import RowCounts
from manchengo_presenters.language import N_
from manchengo_presenters.screens.file_imports import (
    FileKind,
    ImportAnswer,
    ImportFile,
    ImportRequest,
    Looked,
    Progress,
    RefusedCell,
    RowNote,
)
from manchengo_presenters.screens.problem import Problem

if TYPE_CHECKING:  # what reads files is slow to import, and imported once there is one
    from manchengo_files.error_file import Fault
    from manchengo_files.kinds.update import Change
    from manchengo_files.reading import Reader
    from manchengo_files.rows import SourceRow

BY_UPDATE = N_("To change what is recorded already, tick “Change what is recorded already, too”.")
SHOWN = 200
"""Rows of each kind that are shown; the error file has all that are refused."""


class Desk(Protocol):
    """Who imports, and where: as ``manchengo_workplace.workplace.Workplace``."""

    @property
    def dairy(self) -> Manchengo: ...
    @property
    def ids(self) -> Ids: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def actor(self) -> Actor: ...
    def note_refusal(self, command: Command, refusal: Refused) -> None: ...


@frozen
class DeviceImports:
    """``desk``: whoever acts now; raises ``Problem`` where nobody does. Implements
    ``FileImports``.
    """

    _desk: Callable[[], Desk]

    def kinds(self) -> tuple[FileKind, ...]:
        """What a file may be of."""
        from manchengo_files.kinds import KINDS

        return tuple(
            FileKind(name=name.value, can_update=kind.change is not None)
            for name, kind in KINDS.items()
        )

    def look(self, request: ImportRequest) -> Looked:
        """What the file is of, as far as that can be told."""
        from manchengo_files.recognition import recognised
        from manchengo_files.unreadable import SeveralSheets

        with _on_disk(request.file) as path:
            try:
                found = recognised(path, request.sheet or None)
            except SeveralSheets as several:
                return Looked(request=request, sheets=several.sheets)
        if found is None:
            return Looked(request=request)
        return Looked(request=evolve(request, kind=found.kind.value, is_update=found.is_update))

    def rehearse(self, request: ImportRequest, progress: Progress) -> ImportAnswer:
        """Try the file by the rules, and record nothing."""
        return self._run(request, progress, keep=False)

    def bring_in(self, request: ImportRequest, progress: Progress) -> ImportAnswer:
        """Record the rows that the rules admit."""
        return self._run(request, progress, keep=True)

    def _run(self, request: ImportRequest, progress: Progress, *, keep: bool) -> ImportAnswer:
        from manchengo_files.error_file import ErrorFile
        from manchengo_files.inspection import notices

        with _on_disk(request.file) as path:
            reader = _reader(request, path)
            notes = _Notes(reader)
            with ErrorFile(path, reader.sheet.header, written_as=reader.written_as) as errors:

                def hand_back(row: "SourceRow", faults: "Sequence[Fault]") -> None:
                    errors.add(row, faults)
                    notes.refuse(row, faults)

                counts, import_id = self._import(
                    request, reader, notes, hand_back, progress, keep=keep
                )
            return ImportAnswer(
                request=request,
                counts=counts,
                import_id=import_id,
                refusals=tuple(notes.refusals),
                changes=tuple(notes.changes),
                warnings=tuple(notes.warnings),
                notices=(*notices(reader), *reader.columns.warnings),
                error_file=_handed_back(errors.path) if errors.path else None,
            )

    def _import(
        self,
        request: ImportRequest,
        reader: "Reader[Any]",
        notes: "_Notes",
        hand_back: Callable[..., None],
        progress: Progress,
        *,
        keep: bool,
    ) -> tuple[RowCounts, Any]:
        from manchengo_files.importer import Importer, Source

        desk, rows = self._desk(), reader.row_count
        importer = Importer(
            dairy=desk.dairy,
            reader=reader,
            source=Source(
                file_name=request.file.name,
                digest=hashlib.sha256(request.file.content).hexdigest(),
                on=desk.clock.today(),
            ),
            ids=desk.ids,
            actor=desk.actor,
            update=request.is_update,
            by_update=BY_UPDATE,
            keep=keep,
            hand_back=hand_back,
            warn=notes.warn,
            report_change=notes.change,
            progress=lambda done: progress(done, rows),
        )
        progress(0, rows)
        try:
            outcome = importer.run()
        except NotPermitted as refusal:
            desk.note_refusal(importer.start, refusal)
            raise
        counts = RowCounts(
            rows=rows,
            accepted=outcome.accepted,
            changed=outcome.changed,
            unchanged=outcome.unchanged,
            refused=outcome.refused,
        )
        return counts, outcome.import_id


@define
class _Notes:
    """The first rows of which a person should know something."""

    _reader: "Reader[Any]"
    refusals: list[RefusedCell] = field(factory=list)
    changes: list[RowNote] = field(factory=list)
    warnings: list[RowNote] = field(factory=list)

    def refuse(self, row: "SourceRow", faults: "Sequence[Fault]") -> None:
        if len(self.refusals) < SHOWN:
            self.refusals.extend(
                RefusedCell(row=row.number, column=each.column, value=each.value, rule=each.message)
                for each in faults
            )

    def warn(self, row: "SourceRow", doubt: Doubt) -> None:
        if len(self.warnings) < SHOWN:
            self.warnings.append(RowNote(row=row.number, sentence=doubts.sentence(doubt)))

    def change(self, row: "SourceRow", change: "Change") -> None:
        from manchengo_files.differences import lines

        if len(self.changes) < SHOWN:
            self.changes.extend(
                RowNote(row=row.number, sentence=line)
                for line in lines(change, self._reader.heading)
            )


def _reader(request: ImportRequest, path: Path) -> "Reader[Any]":
    from manchengo_files.inspection import readable, understood
    from manchengo_files.kinds import KINDS
    from manchengo_files.reading import Reader

    kind = KINDS[ImportKind(request.kind)]
    if request.is_update:
        kind = kind.for_update()
    sheet = readable(path, kind, request.sheet or None)
    return Reader(sheet, understood(sheet, kind, by_update=BY_UPDATE), kind)


@contextmanager
def _on_disk(file: ImportFile) -> Iterator[Path]:
    """The file in a folder of its own, which nobody else reads, while the block lasts; what it is
    not or may not becomes a ``Problem``.
    """
    from manchengo_files.unreadable import UnreadableFile

    with problems(), TemporaryDirectory(prefix="manchengo-") as folder:
        path = Path(folder) / (Path(file.name).name or "fichier")
        path.write_bytes(file.content)
        try:
            yield path
        except UnreadableFile as error:
            raise Problem(type(error).__name__, str(error)) from error


def _handed_back(path: Path) -> ImportFile:
    return ImportFile(name=path.name, content=path.read_bytes())
