"""Papers written to a file: the calls of a recall, the note of a delivery."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from manchengo import RecallReport, StartingLots
from manchengo.application.plant_details import plant_details_of
from manchengo.domain.access import Permission
from manchengo.ports.rows import DeliveryRow
from manchengo_cli import new_files
from manchengo_cli.database import opened
from manchengo_cli.output import answer
from manchengo_cli.session import Session
from manchengo_presenters.delivery_note import delivery_note
from manchengo_presenters.language import N_, _
from manchengo_presenters.recall_paper import recall_paper
from manchengo_workplace import exports, lookups
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.workplace import Workplace


@dataclass(frozen=True)
class PdfFile:
    """Where a paper is to be written. It is asked before anything is recorded whether it can be."""

    path: Path
    replaces: bool = False

    @classmethod
    def of(cls, path: Path, *, replaces: bool = False) -> "PdfFile":
        """Raises ``Failure`` where no PDF can be written there."""
        if path.suffix.lower() != ".pdf":
            raise Failure(
                "UnknownForm",
                N_("This is written as PDF. Give a name that ends in .pdf."),
                {"path": str(path)},
                origin=Origin.REQUEST,
            )
        if not replaces:
            new_files.must_be_new(path)
        return cls(path, replaces)

    def write(self, content: bytes) -> None:
        """Raises ``Failure`` where somebody else wrote there meanwhile."""
        new_files.write(self.path, content, replaces=self.replaces)

    @property
    def sentence(self) -> str:
        """That it was written."""
        return _("Written: {path}").format(path=self.path)


@dataclass(frozen=True)
class RecallFile:
    """The paper of a recall; ``to``: None where none was asked for."""

    to: PdfFile | None
    is_drill: bool = False

    def write(self, workplace: Workplace, start: StartingLots, found: RecallReport) -> None:
        """The calls, with what the person may read."""
        if self.to is None:
            return
        from manchengo_documents.recall_sheet import recall_pdf  # late: it takes time

        now = workplace.clock.now()
        with workplace.dairy.reading() as snapshot:
            paper = recall_paper(
                snapshot,
                start,
                found,
                plant=plant_details_of(snapshot).name,
                at=now,
                may_read_phones=workplace.actor.may(Permission.READ_PARTIES),
                is_drill=self.is_drill,
            )
        content = recall_pdf(paper, made_at=now)
        exports.note_recall_list(workplace, paper)
        self.to.write(content)

    @property
    def shape(self) -> Mapping[str, str]:
        """For JSON, beside the report."""
        return {"file": str(self.to.path)} if self.to else {}

    @property
    def page(self) -> Iterable[str]:
        """Below the report."""
        return (self.to.sentence,) if self.to else ()


def print_note(session: Session, code: str, to: PdfFile) -> None:
    """Write the note of the delivery of that code."""
    from manchengo_documents.note_sheet import delivery_note_pdf  # late: it takes time

    with opened(session) as workplace:
        with workplace.dairy.reading() as snapshot:
            row = lookups.coded(snapshot, DeliveryRow, code)
            note = delivery_note(snapshot, row)
        if note is None:
            raise Failure(
                "NothingToPrint",
                N_("Nothing is in the van of {code}: load it first."),
                {"code": row.code},
                origin=Origin.REQUEST,
            )
        content = delivery_note_pdf(note, made_at=workplace.clock.now())
        exports.note_delivery_note(workplace, note)
        to.write(content)
    answer(
        session,
        shape=lambda: {"delivery": row.code, "file": str(to.path)},
        page=lambda: [to.sentence],
    )
