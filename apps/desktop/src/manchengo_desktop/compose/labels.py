"""Labels as a PDF, for whoever acts."""

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from attrs import frozen

from manchengo.ports.store import Snapshot
from manchengo_desktop.compose.problems import problems
from manchengo_presenters.language import _
from manchengo_presenters.screens.label_file import LabelFile, LabelPaper
from manchengo_presenters.screens.problem import Problem
from manchengo_workplace import exports, label_keys
from manchengo_workplace.label_printing import ReadyLabel, labels_for
from manchengo_workplace.label_subjects import ROWS, Subject
from manchengo_workplace.workplace import Workplace

DPI = 203
"""Dots to the inch of the label printers that are common."""


@frozen
class DeviceLabels:
    """``at_work``: where whoever acts now works; raises ``Problem`` where nobody does. Implements
    ``Labels``.
    """

    _at_work: Callable[[], Workplace]

    def file(self, subjects: Sequence[UUID], paper: LabelPaper) -> LabelFile:
        """One label for each of them, in one PDF."""
        workplace = self._at_work()
        with problems():
            keys = label_keys.printing_keys(workplace)
            with workplace.dairy.reading() as snapshot:
                found = [_subject(snapshot, each) for each in subjects]
                ready = labels_for(snapshot, found, keys)
            content = _drawn(workplace, ready, paper)
            exports.note_labels(workplace, ready)
        name = found[0].code if len(found) == 1 else f"{workplace.clock.today():%Y%m%d}"
        return LabelFile(name=f"etiquette-{name}.pdf", content=content)

    def put(self, file: LabelFile, folder: Path) -> None:
        """Put that file into a folder of this computer."""
        self._at_work()
        must_be_there(folder)
        try:
            draft = folder / f".{file.name}.part"  # what watches the folder prints whole files
            draft.write_bytes(file.content)
            draft.replace(folder / file.name)
        except OSError as error:
            sentence = _("This folder takes no file: {why}.").format(why=error.strerror or error)
            raise Problem("NoFolder", sentence) from error


def must_be_there(folder: Path) -> None:
    """``Problem`` where there is no such folder on this computer."""
    if not folder.is_dir():
        raise Problem("NoFolder", _("There is no such folder on this computer."))


def _subject(snapshot: Snapshot, subject_id: UUID) -> Subject:
    rows = (snapshot.get(kind, subject_id) for kind in ROWS.values())
    found = next((row for row in rows if row is not None), None)
    assert found is not None, "a label is asked for what is shown"
    return found


def _drawn(workplace: Workplace, ready: Sequence[ReadyLabel], paper: LabelPaper) -> bytes:
    # Late: what draws takes time to import, and nobody prints at once.
    from manchengo_documents.label_sizes import RollSize, SheetSize
    from manchengo_documents.labels import PrintedLabel, label_roll, label_sheets

    labels = [PrintedLabel(text=each.text, modules=each.modules) for each in ready]
    made_at = workplace.clock.now()
    if paper is LabelPaper.SHEET:
        return label_sheets(labels, size=SheetSize.TWENTY_FOUR, made_at=made_at)
    size = RollSize.LARGE if paper is LabelPaper.LARGE else RollSize.SMALL
    return label_roll(labels, size=size, dpi=DPI, made_at=made_at)
