"""What screens ask of the device for labels: a file to print, for a lot or an order."""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from attrs import field, frozen

from manchengo_presenters.language import N_, _


class LabelPaper(Enum):
    """What the labels are printed on; the value is its words."""

    LARGE = N_("100 × 50 mm")
    SMALL = N_("50 × 30 mm")
    SHEET = N_("Sheet of 24")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


@frozen(kw_only=True)
class LabelFile:
    """A file to print. ``name``: as it is proposed when it is saved."""

    name: str
    content: bytes = field(repr=False)


class Labels(Protocol):
    """Draws labels, signed under the key of the site."""

    def file(self, subjects: Sequence[UUID], paper: LabelPaper) -> LabelFile:
        """One label for each lot, production order or delivery of these ids. Raises ``Problem``,
        also where this device has no key for labels.
        """
        ...

    def put(self, file: LabelFile, folder: Path) -> None:
        """Put that file into a folder of this computer, in the place of one of the same name.
        Raises ``Problem``, also where there is no such folder.
        """
        ...
