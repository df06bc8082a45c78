"""Labels written to a file: which, in which form, and that no file is lost by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from manchengo.commands import Command
from manchengo.ports.store import Snapshot
from manchengo_cli import new_files
from manchengo_cli.database import opened
from manchengo_cli.output import answer
from manchengo_cli.session import Session
from manchengo_documents.label_sizes import RollSize, SheetSize
from manchengo_documents.labels import PrintedLabel, label_roll, label_sheets
from manchengo_presenters.language import N_, ngettext
from manchengo_qr.site_keys import SiteKeys
from manchengo_workplace import exports, label_keys, label_subjects
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.label_printing import ReadyLabel, labels_for
from manchengo_workplace.label_subjects import Subject, made_by
from manchengo_workplace.workplace import Workplace

MOST_LABELS = 2_000
"""In one file: a label takes about 5 ms, and nobody means to print more at once."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for. ``sheet``: how many labels a sheet has; None for single labels."""

    to: Path
    codes: tuple[str, ...] = ()
    entered_on: date | None = None
    size: str = "100x50"
    sheet: int | None = None
    used: int = 0
    copies: int = 1
    dpi: int = 203
    force: bool = False

    @property
    def in_zpl(self) -> bool:
        """Whether the file is for a label printer, by its ending."""
        return self.to.suffix.lower() == ".zpl"


def print_labels(session: Session, wanted: Wanted) -> None:
    """Write the labels that are wanted, and say how many."""
    _check_form(wanted)
    with opened(session) as workplace:
        with workplace.dairy.reading() as snapshot:
            subjects = list(_subjects(snapshot, wanted))
        _check_count(subjects, wanted)
        ready = _written(workplace, wanted, subjects, label_keys.printing_keys(workplace))
    count = len(ready) * wanted.copies
    answer(
        session,
        shape=lambda: {
            "file": str(wanted.to),
            "labels": count,
            "printed": [_shape(label) for label in ready],
        },
        page=lambda: [labels_written(count, wanted.to)],
    )


def labels_written(count: int, path: Path) -> str:
    """That so many labels are in that file."""
    sentence = ngettext("{count} label written: {path}", "{count} labels written: {path}", count)
    return sentence.format(count=count, path=path)


@dataclass(frozen=True)
class LabelFile:
    """Where the labels of what a command is about to make are to be written: it is asked before
    anything is recorded whether they can be.
    """

    path: Path
    keys: SiteKeys

    @classmethod
    def of(cls, workplace: Workplace, path: Path) -> "LabelFile":
        """Raises ``Failure`` where nothing could be written there, or no key is here."""
        _check_form(_single(path))
        new_files.must_be_new(path)
        return cls(path, label_keys.printing_keys(workplace))

    def write(self, workplace: Workplace, command: Command) -> str:
        """A label for each thing that the command made; what there is to say of it, "" where it
        made nothing that bears one.
        """
        with workplace.dairy.reading() as snapshot:
            subjects = list(made_by(snapshot, command))
        if not subjects:
            return ""
        _written(workplace, _single(self.path), subjects, self.keys)
        return labels_written(len(subjects), self.path)


def _single(path: Path) -> Wanted:
    return Wanted(to=path)


def _written(
    workplace: Workplace, wanted: Wanted, subjects: Sequence[Subject], keys: SiteKeys
) -> list[ReadyLabel]:
    with workplace.dairy.reading() as snapshot:
        ready = labels_for(snapshot, subjects, keys)
    content = _file(ready, wanted, workplace.clock.now())
    exports.note_labels(workplace, ready, copies=wanted.copies)
    new_files.write(wanted.to, content, replaces=wanted.force)
    return ready


def _shape(label: ReadyLabel) -> dict[str, Any]:
    return {
        "kind": label_subjects.kind_of(label.subject).value,
        "code": label.subject.code,
        "payload": label.payload,
    }


def _subjects(snapshot: Snapshot, wanted: Wanted) -> Iterator[Subject]:
    """Each once, in the order in which they were named."""
    found: dict[Any, Subject] = {}
    for code in wanted.codes:
        subject = label_subjects.subject_of_code(snapshot, code)
        found.setdefault(subject.id, subject)
    if wanted.entered_on:
        for lot in label_subjects.lots_entered_on(snapshot, wanted.entered_on):
            found.setdefault(lot.id, lot)
    yield from found.values()


def _file(ready: Sequence[ReadyLabel], wanted: Wanted, made_at: datetime) -> bytes:
    drawn = [
        PrintedLabel(text=label.text, modules=label.modules)
        for label in ready
        for _copy in range(wanted.copies)
    ]
    if wanted.in_zpl:
        from manchengo_documents.zpl import label_zpl  # late: it draws the pages, which takes time

        return label_zpl(drawn, size=RollSize(wanted.size), dpi=wanted.dpi, made_at=made_at)
    if wanted.sheet:
        return label_sheets(drawn, size=SheetSize(wanted.sheet), made_at=made_at, used=wanted.used)
    return label_roll(drawn, size=RollSize(wanted.size), dpi=wanted.dpi, made_at=made_at)


def _check_form(wanted: Wanted) -> None:
    if wanted.to.suffix.lower() not in (".pdf", ".zpl"):
        raise Failure(
            "UnknownForm",
            N_("Labels are written as PDF or as ZPL. Give a name that ends in .pdf or .zpl."),
            {"path": str(wanted.to)},
            origin=Origin.REQUEST,
        )
    if wanted.in_zpl and wanted.sheet:
        raise Failure(
            "SheetsArePdf",
            N_("A label printer takes no sheets. Leave out --sheet, or write a .pdf file."),
            {"path": str(wanted.to)},
            origin=Origin.REQUEST,
        )
    if wanted.used and (not wanted.sheet or wanted.used >= wanted.sheet):
        raise Failure(
            "NoPlaceLeft",
            N_(
                "Of a sheet with {sheet} labels, {used} cannot be gone. Give --sheet, and a "
                "smaller number with --used."
            ),
            {"sheet": wanted.sheet or 0, "used": wanted.used},
            origin=Origin.REQUEST,
        )


def _check_count(subjects: Sequence[Subject], wanted: Wanted) -> None:
    if not subjects:
        raise Failure(
            "NothingToPrint",
            N_("There is nothing to print. Give codes, or a day on which lots were entered."),
            {},
            origin=Origin.REQUEST,
        )
    count = len(subjects) * wanted.copies
    if count > MOST_LABELS:
        raise Failure(
            "TooManyLabels",
            N_("That is {count} labels; one file has at most {most}. Print them in parts."),
            {"count": count, "most": MOST_LABELS},
            origin=Origin.REQUEST,
        )
