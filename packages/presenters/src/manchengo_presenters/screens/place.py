"""Where a person can go, where they are, and what they left there."""

from collections.abc import Mapping
from uuid import UUID

from attrs import field, frozen

from manchengo_presenters.screens.form import Form
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


@frozen(eq=False)
class Workspace:
    """The screens of one person, with what they have typed in them. ``drafts``: by the key of a
    place, what they had typed there before the program ended.
    """

    context: ScreenContext
    drafts: Mapping[str, Mapping[str, str]] = field(factory=dict)
    models: dict[Place, ScreenModel] = field(factory=dict)

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
            if place.key in self.drafts and isinstance(model, Form) and model.keeps_drafts:
                model.resume(self.drafts[place.key])
        return model

    def typed(self) -> dict[str, dict[str, str]]:
        """By the key of a place where the person was, what is typed there and not recorded."""
        return {
            place.key: model.draft()
            for place, model in self.models.items()
            if isinstance(model, Form) and model.keeps_drafts
        }


HOME = Place(screen=Screen.DASHBOARD)
