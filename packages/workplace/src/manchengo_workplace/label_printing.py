"""Labels for what the database knows, each with its text and the code that a scanner reads."""

from collections.abc import Iterable

from attrs import frozen

from manchengo.domain.label import Label
from manchengo.ports.store import Snapshot
from manchengo_presenters.labels import LabelText
from manchengo_qr.payload import label_text
from manchengo_qr.site_keys import SiteKeys
from manchengo_workplace.label_subjects import Subject, kind_of, text_of


@frozen(kw_only=True)
class ReadyLabel:
    """``payload``: what its QR code says. ``text``: what stands beside it."""

    subject: Subject
    payload: str
    text: LabelText

    @property
    def modules(self) -> tuple[tuple[bool, ...], ...]:
        """The squares of its QR code, row by row, True for black."""
        from manchengo_qr.drawing import draw  # late: only what prints draws

        return draw(self.payload).rows


def labels_for(snapshot: Snapshot, subjects: Iterable[Subject], keys: SiteKeys) -> list[ReadyLabel]:
    """A label for each, signed under the current key of the site."""
    return [
        ReadyLabel(
            subject=subject,
            payload=label_text(Label(kind=kind_of(subject), subject=subject.id), keys),
            text=text_of(snapshot, subject),
        )
        for subject in subjects
    ]
