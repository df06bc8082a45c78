"""What is written into a file that leaves the database: the audit knows what, of what, and by whom.

It is noted before the file is handed out, so that none leaves unnoted because the program was
stopped in between. Where nothing can be kept, as on a full disk, the paper is printed all the same:
a recall does not wait for its audit.
"""

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from manchengo.ports.storage_errors import StorageError
from manchengo_presenters.delivery_note import DeliveryNote
from manchengo_presenters.recall_paper import RecallPaper
from manchengo_workplace.label_printing import ReadyLabel
from manchengo_workplace.workplace import Workplace

MOST_NAMED = 20
"""Codes that one record names; the number of labels says how many there are."""


def note_delivery_note(workplace: Workplace, note: DeliveryNote) -> None:
    """That note is written."""
    _note(workplace, "export.delivery_note", {"delivery": note.code})


def note_recall_list(workplace: Workplace, paper: RecallPaper) -> None:
    """That list of clients to call is written, with their telephones or without."""
    facts = {"begun_with": paper.begun_with, "calls": len(paper.calls)}
    _note(workplace, "export.recall_list", facts | {"telephones": not paper.phones})


def note_labels(workplace: Workplace, labels: Sequence[ReadyLabel], *, copies: int = 1) -> None:
    """These labels are written, so many times each."""
    codes = [each.subject.code for each in labels[:MOST_NAMED]]
    _note(workplace, "export.labels", {"labels": len(labels) * copies, "codes": codes})


def _note(workplace: Workplace, action: str, facts: dict[str, object]) -> None:
    with suppress(StorageError):
        workplace.note(action, msgspec.json.encode(facts).decode())
