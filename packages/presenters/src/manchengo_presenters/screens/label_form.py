"""Print a label: on which paper, and the file that comes of it."""

from collections.abc import Sequence
from uuid import UUID

from manchengo_presenters.language import _
from manchengo_presenters.screens.label_file import LabelFile, LabelPaper
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.view_model import ViewModel


class LabelForm(ViewModel):
    """``paper``: what is printed on. ``subjects``: what bears the labels."""

    def __init__(self, context: ScreenContext, subjects: Sequence[UUID]) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.subjects = tuple(subjects)
        self.paper = LabelPaper.LARGE

    def choose(self, paper: LabelPaper) -> None:
        """That paper."""
        self.paper = paper
        self.changed()

    async def file(self) -> LabelFile | None:
        """The file to print; None where it could not be made, and ``problem`` says why."""
        subjects, paper = self.subjects, self.paper
        return await self.attempt(lambda: self._office.labels.file(subjects, paper))

    @property
    def not_printed(self) -> str:
        """Why there is no label, and that nothing is lost by it."""
        why = self.problem.sentence if self.problem else ""
        return _("The label is not printed; what it is for is recorded. {why}").format(why=why)
