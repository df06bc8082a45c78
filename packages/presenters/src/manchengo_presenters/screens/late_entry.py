"""An entry dated in the past: what it changes is shown, then it is confirmed or corrected."""

from collections.abc import Callable
from datetime import date

from manchengo.application.choices import Choices
from manchengo.commands import Command
from manchengo_presenters.past_changes import ChangesInWords
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.office import Office


class LateEntry:
    """``shown``: what the person has to look at; None where there is nothing."""

    def __init__(self, form: Form, office: Office) -> None:
        """``form``: what is typed in it is recorded; it is drawn again when ``shown`` changes."""
        self._form = form
        self._office = office
        self.shown: ChangesInWords | None = None

    async def may_be_recorded(self, build: Callable[[Choices], Command], on: date) -> bool:
        """Whether it may be recorded without a question: it changes no day before today. Else what
        it changes is shown, or what stands in the way is shown in the form.
        """
        if on >= self._office.today():
            return True
        # In a tuple: that nothing changes is an answer, too, and no failure.
        found = await self._form.attempt(lambda: (self._office.past_changes(build, on=on),))
        if found is None:
            return False
        (self.shown,) = found
        self._form.changed()
        return self.shown is None

    def withdraw(self) -> None:
        """Something else is typed, or it is confirmed: what was shown is of no use any more."""
        if self.shown is not None:
            self.shown = None
            self._form.changed()
