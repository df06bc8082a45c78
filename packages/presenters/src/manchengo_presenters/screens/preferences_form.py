"""The preferences of this computer: each takes effect where it is chosen."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from manchengo.domain.access import Permission
from manchengo_presenters import language
from manchengo_presenters.formatting import length_of_time
from manchengo_presenters.language import LANGUAGES
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.label_file import LabelPaper
from manchengo_presenters.screens.preferences import (
    LANGUAGE_NAMES,
    LOCK_DELAYS,
    Preferences,
    Theme,
)
from manchengo_presenters.screens.screen_context import ScreenContext


class PreferencesForm(Form):
    """``is_to_folder``: labels go into a folder, or are about to."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background, {"folder": ""}, beside={"NoFolder": "folder"})
        self._office = context.office
        self._window = context.window
        self.may_set_lock = context.who.may(Permission.MANAGE_DEVICES)
        self.is_to_folder = False
        self.keep_up_with(self.chosen)

    @property
    def chosen(self) -> Preferences:
        """What counts now."""
        return self._window.preferences

    def keep_up_with(self, chosen: Preferences) -> None:
        """Show these; a folder that is being typed stays."""
        if chosen.label_folder is not None:
            self.is_to_folder = True
            if not self.values["folder"]:
                self.fill(folder=str(chosen.label_folder))

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Those that the screens speak, each in its own words."""
        return [(each, LANGUAGE_NAMES[each]) for each in LANGUAGES]

    @property
    def language(self) -> str:
        """The one in use."""
        return self.chosen.language or language.current()

    @property
    def lock_delays(self) -> list[tuple[int, str]]:
        """After how long this computer may lock, in words; the one that counts among them."""
        seconds = sorted({*LOCK_DELAYS, self.chosen.locks_after})
        return [(each, length_of_time(timedelta(seconds=each))) for each in seconds]

    async def set_theme(self, theme: Theme) -> None:
        """Look like that."""
        await self._prefer(theme=theme)

    async def set_language(self, chosen: str) -> None:
        """Speak that language."""
        await self._prefer(language=chosen)

    async def set_lock(self, seconds: int) -> None:
        """Lock after so long."""
        if self.may_set_lock:
            await self._prefer(locks_after=seconds)

    async def set_paper(self, paper: LabelPaper) -> None:
        """Propose that paper for labels."""
        await self._prefer(label_paper=paper)

    async def ask_where(self) -> None:
        """Somebody chooses where each label goes."""
        self.is_to_folder = False
        self.fill()
        await self._prefer(label_folder=None)

    def begin_folder(self) -> None:
        """Labels are about to go into a folder, which is typed next."""
        self.is_to_folder = True
        self.changed()

    async def set_folder(self) -> None:
        """Labels go into the folder that was typed."""
        self.require(("folder",))
        if self.is_right:
            folder = Path(self.values["folder"].strip()).expanduser()
            await self._prefer(label_folder=folder)

    async def _prefer(self, **changed: Any) -> None:
        if self.is_busy:
            return
        wanted = evolve(self.chosen, **changed)
        if await self.attempt(lambda: self._kept(wanted)):
            await self._window.adopt(wanted)
            self.changed()

    def _kept(self, wanted: Preferences) -> bool:
        self._office.keep_preferences(wanted)
        return True
