"""An import from the words typed to the answer: the file, the database, the bar, the error file."""

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from manchengo import codec
from manchengo.application.refusals import facts
from manchengo.domain.access import NotPermitted
from manchengo.ports.audit import AuditEntry
from manchengo_cli.database import opened
from manchengo_cli.importing.asides import Aside
from manchengo_cli.importing.conventions import Declared
from manchengo_cli.importing.error_file import ErrorFile, Fault
from manchengo_cli.importing.headers import Columns, KnownHeadings, fold, match_header
from manchengo_cli.importing.importer import Importer, Source
from manchengo_cli.importing.kinds import KINDS, Kind
from manchengo_cli.importing.kinds.line import fields_of
from manchengo_cli.importing.kinds.names import FRENCH
from manchengo_cli.importing.kinds.update import BY_UPDATE
from manchengo_cli.importing.reading import Reader
from manchengo_cli.importing.report import Report
from manchengo_cli.importing.rows import Sheet, SourceRow
from manchengo_cli.importing.sheets import open_sheet
from manchengo_cli.importing.unreadable import UnreadableFile
from manchengo_cli.output import answer
from manchengo_cli.progress import bar
from manchengo_cli.session import Session
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.opening import Workplace

SHOWN_ROWS = 10
LEFT_ASIDE = {
    Aside.TOTAL: N_("Left aside, as rows of totals: {rows}."),
    Aside.HEADER: N_("Left aside, as the header again: {rows}."),
}


def import_file(
    session: Session,
    kind: str,
    file: Path,
    *,
    dry_run: bool,
    atomic: bool,
    update: bool = False,
    declared: Declared,
    sheet_name: str | None = None,
) -> Report:
    """Import, answer, and give what was answered."""
    chosen = kind_to_update(kind) if update else kind_named(kind)
    sheet = readable(file, chosen, sheet_name)
    columns = understood(sheet, chosen)
    report = Report(
        kind=chosen.kind.value,
        file=file,
        dry_run=dry_run,
        atomic=atomic,
        update=update,
        keeps_all=session.json,
    )
    folder = _writable(file.absolute().parent, Path.cwd(), Path(tempfile.gettempdir()))
    reader = Reader(sheet, columns, chosen, declared)
    for notice in (*notices(reader), *columns.warnings):
        print(notice, file=sys.stderr)
    with opened(session) as place:
        with ErrorFile(file, sheet.header, folder=folder, written_as=reader.written_as) as errors:
            _take(place, session, reader, report, errors)
        report.error_file = errors.path
    answer(session, shape=report.shape, page=report.page)
    return report


def _take(
    place: Workplace, session: Session, reader: Reader[Any], report: Report, errors: ErrorFile
) -> None:
    def hand_back(row: SourceRow, faults: Sequence[Fault]) -> None:
        errors.add(row, faults)
        report.add(row, faults)

    report.rows = reader.row_count
    report.left_aside = reader.left_aside
    with bar(session, _("Importing {name}").format(name=report.file.name)) as step:
        importer = Importer(
            dairy=place.dairy,
            reader=reader,
            source=Source(
                file_name=report.file.name,
                digest=digest_of(report.file),
                on=place.clock.today(),
            ),
            ids=place.ids,
            actor=place.actor,
            update=report.update,
            atomic=report.atomic,
            keep=not report.dry_run,
            hand_back=hand_back,
            warn=report.warn,
            tell=lambda row, change: report.tell(row, change, reader.heading),
            progress=lambda done: step(done, report.rows),
        )
        try:
            report.outcome = importer.run()
        except NotPermitted as refusal:
            _note(place, importer, refusal)
            raise
        except KeyboardInterrupt:
            _tell_where_it_stopped(importer)
            raise


def kind_named(name: str) -> Kind[Any]:
    """By its name in English or in French."""
    known = {fold(each.value): kind for each, kind in KINDS.items()}
    known |= {fold(word): KINDS[each] for each, words in FRENCH.items() for word in words}
    found = known.get(fold(name))
    if found is not None:
        return found
    names = [each.value for each in KINDS]
    french = [word for words in FRENCH.values() for word in words if word not in names]
    unknown = _("“{name}” is no kind of file. There are: {names}.").format(
        name=name, names=", ".join([*names, *french])
    )
    near = get_close_matches(fold(name), known, n=1)
    hint = _("Did you mean {names}?").format(names=near[0]) if near else ""
    raise Failure.saying(
        "UnknownKind",
        f"{unknown} {hint}".rstrip(),
        {"kind": name, "kinds": names},
        origin=Origin.REQUEST,
    )


def kind_to_update(name: str) -> Kind[Any]:
    """By its name, as the file of an update is read."""
    chosen = kind_named(name)
    if chosen.change is not None:
        return chosen.for_update()
    names = [each.kind.value for each in KINDS.values() if each.change]
    raise Failure.saying(
        "NothingToUpdate",
        _(
            "Only what a register holds can be updated from a file: {names}. What happened stays "
            "as it was recorded; a lot is corrected with “manchengo correct”."
        ).format(names=", ".join(names)),
        {"kind": chosen.kind.value, "kinds": names},
        origin=Origin.REQUEST,
    )


def readable(file: Path, kind: Kind[Any] | None = None, sheet_name: str | None = None) -> Sheet:
    """The table of that kind in the file."""
    least = 2 if kind and kind.complete else 1
    headings = KnownHeadings(fields_of(kind.line), least) if kind else None
    try:
        return open_sheet(file, headings, sheet_name=sheet_name)
    except UnreadableFile as error:
        raise Failure.saying(type(error).__name__, str(error), {"path": str(file)}) from error


def understood(sheet: Sheet, kind: Kind[Any]) -> Columns:
    """Where the columns of that kind stand in the file."""
    columns = match_header(sheet.header, fields_of(kind.line))
    if columns.faults:
        raise Failure.saying(
            "ColumnsMissing" if columns.missing else "ColumnsClaimedTwice",
            " ".join(
                [
                    f"{whereabouts(sheet)} :",
                    *columns.faults,
                    columns.found,
                    *_way_out(columns, kind),
                ]
            ),
            {
                "path": str(sheet.path),
                "missing": list(columns.missing),
                "found": [name for name in columns.header if name],
                "row": sheet.place.header_row,
                "sheet": sheet.place.sheet,
                "other_sheets": list(sheet.place.other_sheets),
            },
            origin=Origin.REQUEST,
        )
    if kind.complete and len(columns.positions) < 2:
        raise Failure.saying(
            "NothingToUpdate",
            f"{whereabouts(sheet)} : "
            + _("No column beside the code tells what is to change.")
            + f" {columns.found}",
            {"path": str(sheet.path), "found": [name for name in columns.header if name]},
            origin=Origin.REQUEST,
        )
    return columns


def _way_out(columns: Columns, kind: Kind[Any]) -> Iterator[str]:
    """A price list lacks what registers a product, and changes one very well."""
    is_register = kind.registers and not kind.complete
    if is_register and columns.missing and "code" in columns.positions:
        yield _(BY_UPDATE)


def whereabouts(sheet: Sheet) -> str:
    """The file, the sheet and the row in which a header was looked for."""
    place = sheet.place
    if place.sheet is None:
        return _("{file}, row {row}").format(file=sheet.path.name, row=place.header_row)
    return _("{file}, sheet {sheet}, row {row}").format(
        file=sheet.path.name, sheet=place.sheet, row=place.header_row
    )


def notices(reader: Reader[Any]) -> Iterator[str]:
    """What a person would not expect of how the file is read."""
    place = reader.sheet.place
    if place.above:
        yield _("The names of the columns were found in row {row}.").format(row=place.header_row)
    if place.other_sheets:
        yield _("The sheet {sheet} is read. These are not: {others}.").format(
            sheet=place.sheet, others=", ".join(place.other_sheets)
        )
    for why, sentence in LEFT_ASIDE.items():
        rows = [row for row, found in reader.left_aside.items() if found is why]
        if rows:
            shown = ", ".join(map(number, rows[:SHOWN_ROWS]))
            more = "…" if len(rows) > SHOWN_ROWS else ""
            yield _(sentence).format(rows=f"{shown}{more}")


def digest_of(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _writable(*folders: Path) -> Path:
    """The first of these folders that takes a file, whatever its rights claim; else the last."""
    for folder in folders[:-1]:
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    return folders[-1]


def _note(place: Workplace, importer: Importer[Any], refusal: NotPermitted) -> None:
    """Who tried what they may not do."""
    place.store.note(
        AuditEntry(
            at=place.clock.now(),
            user_id=place.actor.user_id,
            device_id=place.actor.device_id,
            action=codec.commands.name(importer.start),
            outcome=type(refusal).__name__,
            facts=msgspec.json.encode(facts(refusal)).decode(),
        )
    )


def _tell_where_it_stopped(importer: Importer[Any]) -> None:
    count = importer.outcome.accepted
    said = ngettext("{count} row is recorded.", "{count} rows are recorded.", count)
    again = _("The same command again goes on from there.")
    print(said.format(count=number(count)), again, file=sys.stderr)
