"""Papers as PDF: the calls of a recall, and the note of a delivery."""

from collections.abc import Callable

from attrs import frozen

from manchengo_presenters.delivery_note import DeliveryNote
from manchengo_presenters.recall_paper import RecallPaper
from manchengo_workplace import exports
from manchengo_workplace.workplace import Workplace


@frozen
class DevicePapers:
    """``at_work``: where whoever acts now works; raises ``Problem`` where nobody does. Implements
    ``Papers``.
    """

    _at_work: Callable[[], Workplace]

    def recall(self, paper: RecallPaper) -> bytes:
        """The list of calls."""
        # Late: what draws takes time to import, and nobody prints at once.
        from manchengo_documents.recall_sheet import recall_pdf

        workplace = self._at_work()
        content = recall_pdf(paper, made_at=workplace.clock.now())
        exports.note_recall_list(workplace, paper)
        return content

    def delivery_note(self, note: DeliveryNote) -> bytes:
        """What goes with the goods."""
        from manchengo_documents.note_sheet import delivery_note_pdf  # late, as above

        workplace = self._at_work()
        content = delivery_note_pdf(note, made_at=workplace.clock.now())
        exports.note_delivery_note(workplace, note)
        return content
