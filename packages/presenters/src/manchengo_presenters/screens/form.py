"""Fields that a person fills in, and what stands in the way of sending them."""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from manchengo_presenters.language import _
from manchengo_presenters.parsing import Unreadable
from manchengo_presenters.screens.view_model import Background, ScreenModel

T = TypeVar("T")


SECRETS = frozenset(
    ("passphrase", "passphrase_again", "secret", "secret_again", "new_secret", "new_secret_again")
)
"""Fields that are typed hidden, in whatever form, and never kept."""


@runtime_checkable
class HoldsForms(Protocol):
    """A screen with forms, of which what is typed is kept until it is recorded."""

    @property
    def open_forms(self) -> "Mapping[str, Form]":
        """Those that the person fills in now. The name of each says also what it is for, as a step
        or a lot, and stays the same when the program is started again.
        """
        ...

    async def reopen(self, name: str) -> "Form | None":
        """The form of that name, opened as the person had it; None where it fits no more. The
        screen was read.
        """
        ...


class Form(ScreenModel):
    """``values``: what was typed, by field. ``errors``: what is wrong, by field, in words.
    ``number``: counted up when the fields are filled anew. ``is_resumed``: they hold what was typed
    before the program ended.
    """

    keeps_drafts: ClassVar[bool] = True
    """Whether what is typed is kept until it is recorded: not where nothing is recorded of it."""

    def __init__(
        self,
        background: Background,
        fields: Mapping[str, str],
        *,
        beside: Mapping[str, str] | None = None,
    ) -> None:
        """``fields``: each with what it holds at first. ``beside``: by the name of a problem, the
        field beside which it is shown.
        """
        super().__init__(background)
        self._beside = beside or {}
        self._blank = dict(fields)
        self._filled = dict(fields)
        self._recorded: dict[str, str] = {}
        self.values = dict(fields)
        self.errors: dict[str, str] = {}
        self.number = 0
        self.is_resumed = False

    def put(self, name: str, text: str) -> None:
        """What the person typed in that field; what was wrong with it before is said no longer."""
        self.values[name] = text
        if self.errors.pop(name, None) is not None:
            self.changed()

    def fill(self, **values: str) -> None:
        """Fill fields anew; those that are not given are blank. Nobody typed it."""
        self._filled = self._blank | values
        self.is_resumed = False
        self._put_all(self._filled)

    def fill_recorded(self, values: Mapping[str, str]) -> None:
        """Fill fields anew with what is recorded, which nobody typed and no draft keeps."""
        self._recorded = dict(values)
        self.fill(**values)

    def put_back(self, values: Mapping[str, str]) -> None:
        """As if the person had typed it again."""
        self._put_all(self._blank | {**values})

    def _put_all(self, values: Mapping[str, str]) -> None:
        self.values = {**values}
        self.errors = {}
        self.problem = None
        self.number += 1
        self.changed()

    def keep_up(self, now: Mapping[str, str]) -> None:
        """Fields that hold what was recorded before hold what is recorded ``now``; what was typed
        stays.
        """
        before = self._blank | self._recorded
        for name, text in now.items():
            if self.values[name] == before[name] != text:
                self.values[name] = text
                self.number += 1
        self._recorded = dict(now)
        self._filled |= now
        self.changed()

    @property
    def open_forms(self) -> "Mapping[str, Form]":
        """Itself: what is not a part of a screen is the screen."""
        return {"": self}

    async def reopen(self, name: str) -> "Form | None":
        """Itself."""
        return self.open_forms.get(name)

    def forget_words(self) -> None:
        """What is wrong is said again, in the other language, at the next try."""
        self.errors = {}
        super().forget_words()

    def draft(self) -> dict[str, str]:
        """What was typed and is not recorded, to be kept; empty where nothing was."""
        chosen = self.chosen_beside()
        typed = {name: text for name, text in self.values.items() if name not in SECRETS}
        if typed.items() <= self._filled.items() and not chosen:
            return {}
        return chosen | {
            name: text for name, text in typed.items() if text != self._recorded.get(name, "")
        }

    def resume(self, draft: Mapping[str, str]) -> None:
        """Go on where the program ended."""
        self.choose_beside(draft)
        typed = {name: text for name, text in draft.items() if name in self.values}
        self.put_back(self._recorded | typed)
        self.is_resumed = True

    def discard(self) -> None:
        """Begin anew."""
        self.choose_beside({})
        self.fill(**self._recorded)

    def chosen_beside(self) -> dict[str, str]:
        """What the person chose that no field holds, to be kept with them."""
        return {}

    def choose_beside(self, draft: Mapping[str, str]) -> None:
        """Choose that again; empty: as at first."""

    async def attempt(self, work: Callable[[], T]) -> T | None:
        """As ``ViewModel.attempt``; a problem of one field is shown beside it."""
        answer = await super().attempt(work)
        problem = self.problem
        if problem is not None:
            field = problem.field or self._beside.get(problem.name, "")
            if field in self.values:
                self.errors[field] = problem.sentence
                self.problem = None
                self.changed()
        return answer

    def require(self, names: Iterable[str]) -> None:
        """Begin to check anew: each of these fields holds something."""
        self.errors = {}
        for name in names:
            if not self.values[name].strip():
                self.errors[name] = _("Fill this in.")

    def require_found(self, name: str, found: object | None) -> None:
        """What was chosen there, before the program ended, may be no longer to be had: then it is
        chosen anew.
        """
        if found is None:
            self.errors.setdefault(name, _("Fill this in."))

    def read(self, name: str, parse: Callable[[str], object]) -> object | None:
        """The value of that field; None where it is blank or cannot be read."""
        text = self.values[name].strip()
        if not text:
            return None
        try:
            return parse(text)
        except Unreadable as unreadable:
            self.errors[name] = str(unreadable)
            return None

    @property
    def is_right(self) -> bool:
        """Whether nothing stands in the way; else the errors are shown."""
        if self.errors:
            self.changed()
        return not self.errors
