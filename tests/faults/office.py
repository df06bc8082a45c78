"""Files brought in as the command does it, short of the terminal."""

from collections.abc import Sequence
from pathlib import Path

from manchengo import Actor, Manchengo
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.ids import Ids
from manchengo_files.error_file import ErrorFile, Fault
from manchengo_files.importer import Importer, Outcome, Source
from manchengo_files.inspection import readable, understood
from manchengo_files.kinds import KINDS
from manchengo_files.reading import Reader
from manchengo_files.rows import SourceRow
from manchengo_files.unreadable import UnreadableFile
from tests.support.dairy import day


def bring_in(
    dairy: Manchengo, kind: str, file: Path, *, actor: Actor, ids: Ids
) -> tuple[Outcome, Path | None] | None:
    """The outcome and the error file; None where the file was not taken at all."""
    chosen = KINDS[ImportKind(kind)]
    try:
        sheet = readable(file, chosen)
        columns = understood(sheet, chosen)
    except UnreadableFile as error:
        if file.name not in str(error):
            raise
        return None
    reader = Reader(sheet, columns, chosen)
    with ErrorFile(file, sheet.header, written_as=reader.written_as) as errors:

        def hand_back(row: SourceRow, faults: Sequence[Fault]) -> None:
            assert faults, "a row is refused for a reason"
            errors.add(row, faults)

        importer = Importer(
            dairy=dairy,
            reader=reader,
            source=Source(file_name=file.name, digest="0" * 64, on=day(0)),
            ids=ids,
            actor=actor,
            hand_back=hand_back,
        )
        outcome = importer.run()
    assert outcome.rows == reader.row_count
    assert outcome.refused == errors.count
    return outcome, errors.path
