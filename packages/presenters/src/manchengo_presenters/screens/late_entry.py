"""An entry dated in the past: what it changes is shown, then it is confirmed or corrected."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from manchengo.application.choices import Choices
from manchengo.commands import Command
from manchengo_presenters import parsing
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.past_changes import ChangesInWords, together
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.office import Office

DAY = "day"
"""The field of a form that says when it happened; blank: today."""


class DatedForm(Form):
    """A form of what may have happened on another day. ``late``: that day, and what it changes of
    days before today.
    """

    late: "LateEntry"

    def put(self, name: str, text: str) -> None:
        """What the person typed; what was shown of the past is looked at anew."""
        self.late.withdraw()
        super().put(name, text)


class LateEntry:
    """The day of a form. ``shown``: what the person has to look at; None where there is nothing."""

    def __init__(self, form: Form, office: Office) -> None:
        """``form``: what is typed in it is recorded; it is drawn again when ``shown`` changes."""
        self._form = form
        self._office = office
        self._waiting: Callable[[], Awaitable[None]] | None = None
        self.shown: ChangesInWords | None = None

    @property
    def on(self) -> date:
        """The day that is typed; today where none is, or none that can be read."""
        try:
            return parsing.day(self._form.values.get(DAY, "").strip())
        except parsing.Unreadable:
            return self._office.today()

    @property
    def hint(self) -> str:
        """What is recorded where no day is typed."""
        return _("Left blank: today, {day}.").format(day=day(self._office.today()))

    def check(self) -> None:
        """A day that cannot be read is said beside its field."""
        self._form.read(DAY, parsing.day)

    async def record(
        self, build: Callable[[Choices], Command], record: Callable[[], Awaitable[None]]
    ) -> None:
        """Call ``record``, which records what ``build`` makes: at once where that changes no day
        before today, else once the person confirms what it changes.
        """
        await self.record_all((build,), record)

    async def record_all(
        self,
        builds: Sequence[Callable[[Choices], Command]],
        record: Callable[[], Awaitable[None]],
    ) -> None:
        """As ``record``, of what these make, which is recorded together."""
        if await self._may_be_recorded(builds, self.on):
            await record()
        elif self.shown is not None:
            self._waiting = record

    async def confirm(self) -> None:
        """It is recorded, as it was looked at."""
        record = self._waiting
        self.withdraw()
        if record is not None and not self._form.is_busy:
            await record()

    async def _may_be_recorded(
        self, builds: Sequence[Callable[[Choices], Command]], on: date
    ) -> bool:
        """Whether it may be recorded without a question: it changes no day before today. Else what
        it changes is shown, or what stands in the way is shown in the form.
        """
        if on >= self._office.today():
            return True
        found = await self._form.attempt(
            lambda: [self._office.past_changes(build, on=on) for build in builds]
        )
        if found is None:
            return False
        self.shown = together(found)
        self._form.changed()
        return self.shown is None

    def withdraw(self) -> None:
        """Something else is typed, or it is confirmed: what was shown is of no use any more."""
        self._waiting = None
        if self.shown is not None:
            self.shown = None
            self._form.changed()
