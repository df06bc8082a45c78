"""Where a person can go, where they are, and what they left there."""

from collections.abc import Mapping
from uuid import UUID

from attrs import field, frozen

from manchengo_presenters.screens.form import Form, HoldsForms
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.screen_table import SCREENS, Group
from manchengo_presenters.screens.view_model import ScreenModel


@frozen(kw_only=True)
class Destination:
    """One entry of the navigation. ``key``: the letter after G that leads there, "" for none;
    ``closed_because``: why it is not for this person.
    """

    screen: Screen
    group: Group
    label: str
    key: str
    closed_because: str


@frozen(kw_only=True)
class Place:
    """``subject``: what the screen is about, as the id of a lot; None where it is about nothing in
    particular.
    """

    screen: Screen
    subject: UUID | None = None

    @property
    def key(self) -> str:
        """As what is typed there is kept."""
        return self.screen.name if self.subject is None else f"{self.screen.name} {self.subject}"


OF = "/"
"""Between the key of a place and the name of a form there."""


@frozen(eq=False)
class Workspace:
    """The screens of one person, with what they have typed in them. ``drafts``: by the key of a
    form, which is that of its place with its name there, what they had typed in it before the
    program ended.
    """

    context: ScreenContext
    drafts: Mapping[str, Mapping[str, str]] = field(factory=dict)
    models: dict[Place, ScreenModel] = field(factory=dict)
    _resumed: set[Place] = field(factory=set, init=False)
    _seen: set[str] = field(factory=set, init=False)

    @property
    def who(self) -> SignedIn:
        """Whose they are."""
        return self.context.who

    def at(self, place: Place) -> ScreenModel:
        """What is shown there, made the first time."""
        model = self.models.get(place)
        if model is None:
            model = SCREENS[place.screen].make(self.context, place.subject)
            self.models[place] = model
        return model

    def forget_words(self) -> None:
        """The language is another: of every screen, and every form that is open there."""
        for model in self.models.values():
            model.forget_words()
            for form in model.open_forms.values() if isinstance(model, HoldsForms) else ():
                if form is not model:
                    form.forget_words()

    async def resume(self, place: Place) -> list[Form]:
        """Fill in anew what was typed there before the program ended, once the screen is read: the
        forms that hold it. What fits no more is left out; what somebody types already stays.
        """
        model = self.models[place]
        if place in self._resumed or not isinstance(model, HoldsForms) or model.problem is not None:
            return []
        self._resumed.add(place)
        resumed = []
        for key, draft in self.drafts.items():
            of, _, name = key.partition(OF)
            form = await model.reopen(name) if of == place.key else None
            if form is not None and form.keeps_drafts and not form.draft():
                form.resume(draft)
                self._seen.add(key)
                resumed.append(form)
        return resumed

    def typed(self) -> dict[str, dict[str, str]]:
        """By the key of a form, what is typed there and not recorded; empty of one in which
        something was typed, and is no more.
        """
        typed = {
            place.key + (OF + name if name else ""): form.draft()
            for place, model in self.models.items()
            if place in self._resumed and isinstance(model, HoldsForms)
            for name, form in model.open_forms.items()
            if form.keeps_drafts
        }
        gone = self._seen - typed.keys()
        self._seen.update(typed)
        return {**typed, **{key: {} for key in gone}}


HOME = Place(screen=Screen.DASHBOARD)
