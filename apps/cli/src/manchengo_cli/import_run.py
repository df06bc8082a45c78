"""An import from the words typed to the answer: the file, the database, the bar, the error file."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from manchengo.domain.access import NotPermitted
from manchengo_cli.database import opened
from manchengo_cli.import_report import Report
from manchengo_cli.output import answer, say
from manchengo_cli.progress import bar
from manchengo_cli.session import Session
from manchengo_files.conventions import Declared
from manchengo_files.error_file import ErrorFile, Fault
from manchengo_files.importer import Importer, Source
from manchengo_files.inspection import digest_of, notices, readable, understood
from manchengo_files.kinds import KINDS, Kind
from manchengo_files.kinds.names import FRENCH
from manchengo_files.reading import Reader
from manchengo_files.rows import SourceRow
from manchengo_files.unreadable import UnreadableFile, WrongColumns
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.spelling import fold
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.workplace import Workplace

BY_UPDATE = N_("To change what is recorded already, import the file with --update.")


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
    with unreadable_files_as_failures():
        sheet = readable(file, chosen, sheet_name)
        columns = understood(sheet, chosen, by_update=BY_UPDATE)
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
    report.notices += [*notices(reader), *columns.warnings]
    if not session.json:
        say(*report.notices)
    with opened(session, acts=True) as workplace:
        with ErrorFile(file, sheet.header, folder=folder, written_as=reader.written_as) as errors:
            _take(workplace, session, reader, report, errors)
        report.error_file = errors.path
    answer(session, shape=report.shape, page=report.page)
    return report


def _take(
    workplace: Workplace, session: Session, reader: Reader[Any], report: Report, errors: ErrorFile
) -> None:
    def hand_back(row: SourceRow, faults: Sequence[Fault]) -> None:
        errors.add(row, faults)
        report.add(row, faults)

    report.rows = reader.row_count
    report.left_aside = reader.left_aside
    with bar(session, _("Importing {name}").format(name=report.file.name)) as step:
        importer = Importer(
            dairy=workplace.dairy,
            reader=reader,
            source=Source(
                file_name=report.file.name,
                digest=digest_of(report.file),
                on=workplace.clock.today(),
            ),
            ids=workplace.ids,
            actor=workplace.actor,
            update=report.update,
            by_update=BY_UPDATE,
            atomic=report.atomic,
            keep=not report.dry_run,
            hand_back=hand_back,
            warn=report.warn,
            report_change=lambda row, change: report.add_change(row, change, reader.heading),
            progress=lambda done: step(done, report.rows),
        )
        try:
            report.outcome = importer.run()
        except NotPermitted as refusal:
            workplace.note_refusal(importer.start, refusal)
            raise
        except BaseException:  # Ctrl-C, a full disk, a fault of ours: whole chunks stay
            if importer.outcome.accepted and not session.json:
                _tell_where_it_stopped(importer.outcome.accepted)
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


@contextmanager
def unreadable_files_as_failures() -> Iterator[None]:
    """A file that gives no rows becomes a ``Failure`` in this block."""
    try:
        yield
    except WrongColumns as error:
        raise Failure.saying(error.name, str(error), error.facts, origin=Origin.REQUEST) from error
    except UnreadableFile as error:
        raise Failure.saying(type(error).__name__, str(error), {"path": str(error.path)}) from error


def _writable(*folders: Path) -> Path:
    """The first of these folders that takes a file, whatever its rights claim; else the last."""
    for folder in folders[:-1]:
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    return folders[-1]


def _tell_where_it_stopped(count: int) -> None:
    message = ngettext("{count} row is recorded.", "{count} rows are recorded.", count)
    again = _("The same command again goes on from there.")
    say(f"{message.format(count=number(count))} {again}")
