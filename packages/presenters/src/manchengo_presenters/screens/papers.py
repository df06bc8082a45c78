"""What screens ask of the device for papers: files to print, for a recall or a delivery."""

from typing import Protocol

from manchengo_presenters.delivery_note import DeliveryNote
from manchengo_presenters.recall_paper import RecallPaper


class Papers(Protocol):
    """Draws papers as PDF. Each method may take long, and raises ``Problem``."""

    def recall(self, paper: RecallPaper) -> bytes:
        """Whom to call, what to hold back, and the mass balance."""
        ...

    def delivery_note(self, note: DeliveryNote) -> bytes:
        """What goes with the goods."""
        ...
