"""Print a label: on which paper, and where the file goes that comes of it."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from manchengo_presenters.language import _
from manchengo_presenters.screens.label_file import LabelFile, LabelPaper
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.view_model import ViewModel


class LabelForm(ViewModel):
    """``paper``: what is printed on. ``subjects``: what bears the labels. ``folder``: where the
    file goes; None: whoever prints chooses.
    """

    def __init__(self, context: ScreenContext, subjects: Sequence[UUID]) -> None:
        super().__init__(context.background)
        self._office = context.office
        self._window = context.window
        self.subjects = tuple(subjects)
        self.paper = context.window.preferences.label_paper

    def choose(self, paper: LabelPaper) -> None:
        """That paper."""
        self.paper = paper
        self.changed()

    async def file(self) -> LabelFile | None:
        """The file to print; None where it could not be made, and ``problem`` says why."""
        subjects, paper = self.subjects, self.paper
        return await self.attempt(lambda: self._office.labels.file(subjects, paper))

    @property
    def folder(self) -> Path | None:
        """Where it goes without a question."""
        return self._window.preferences.label_folder

    async def put(self) -> bool:
        """Make the file and put it into the folder; whether it is there."""
        folder = self.folder
        assert folder is not None, "it is offered where there is one"
        file = await self.file()
        if file is None:
            return False
        made = file
        if not await self.attempt(lambda: self._put(made, folder)):
            return False
        said = _("The label {name} is in the folder {folder}.")
        self._window.say(said.format(name=made.name, folder=folder))
        return True

    def _put(self, file: LabelFile, folder: Path) -> bool:
        self._office.labels.put(file, folder)
        return True

    @property
    def not_printed(self) -> str:
        """Why there is no label, and that nothing is lost by it."""
        why = self.problem.sentence if self.problem else ""
        return _("The label is not printed; what it is for is recorded. {why}").format(why=why)
