"""What a person chooses for one computer: how it looks and speaks, when it locks, its labels."""

from enum import Enum
from pathlib import Path

from attrs import frozen

from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.label_file import LabelPaper


class Theme(Enum):
    """How the screens look; the value is its words."""

    SYSTEM = N_("As the computer")
    LIGHT = N_("Light")
    DARK = N_("Dark")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


LANGUAGE_NAMES = {"fr": "Français", "en": "English"}
"""Each in its own words, for who does not read the other."""

LOCK_DELAYS = (5 * 60, 15 * 60, 30 * 60, 60 * 60)
"""Seconds without anything done that can be chosen, after which nobody acts any more."""


@frozen(kw_only=True)
class Preferences:
    """``language``: one of ``LANGUAGES``; "" as the environment says. ``locks_after``: seconds
    without anything done. ``label_folder``: where labels go without a question; None: somebody
    chooses each time.
    """

    locks_after: int
    theme: Theme = Theme.SYSTEM
    language: str = ""
    label_paper: LabelPaper = LabelPaper.LARGE
    label_folder: Path | None = None
