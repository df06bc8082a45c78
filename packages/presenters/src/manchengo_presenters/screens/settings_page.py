"""Settings: the particulars of the plant, and what there is to know of this computer."""

from collections.abc import Mapping
from typing import Any

from attrs import asdict, frozen

from manchengo.application.plant_details import plant_details_of
from manchengo.commands import NEEDS, ChangePlantDetails
from manchengo_presenters.field_values import VALUES
from manchengo_presenters.formatting import size
from manchengo_presenters.language import _
from manchengo_presenters.registers import PLANT, RegisterField
from manchengo_presenters.screens.database_care import AboutDatabase
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.preferences_form import PreferencesForm
from manchengo_presenters.screens.screen_context import ScreenContext


@frozen(kw_only=True)
class PlantField:
    """A particular of the plant, as it is filled in."""

    name: str
    label: str
    hint: str


@frozen(kw_only=True)
class Known:
    """``plant``: what is recorded of it, by field; ``computer``: facts, with labels."""

    plant: Mapping[str, str]
    computer: tuple[tuple[str, str], ...]


class SettingsPage(Form):
    """``known``: None until it is there. ``preferences``: what may be chosen for this computer."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(
            context.background,
            {each.name: "" for each in PLANT.fields},
            beside={"NameMissing": "name"},
        )
        self._office = context.office
        self.context = context
        self.known: Known | None = None
        self.preferences = PreferencesForm(context)

    @property
    def may_change(self) -> bool:
        """Whether the person may change the particulars of the plant."""
        return self.context.who.may(NEEDS[ChangePlantDetails])

    @property
    def fields(self) -> list[PlantField]:
        """What is filled in."""
        return [_view(each) for each in PLANT.fields]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is recorded of the plant, with labels."""
        plant = self.known.plant if self.known else {}
        return [(_(each.label), plant.get(each.name) or "–") for each in PLANT.fields]

    @property
    def missing(self) -> str:
        """What labels and invoices still lack, in a sentence; "" where they lack nothing."""
        plant = self.known.plant if self.known else {}
        lacking = [_(each.label) for each in PLANT.fields if not plant.get(each.name)]
        if not lacking:
            return ""
        return _("Not recorded yet: {missing}.").format(missing=", ".join(lacking))

    async def load(self) -> None:
        """Read it anew; what was typed stays."""
        found = await self.attempt_again(self._read, self.known)
        if found is not None:
            self.known = found
            self.keep_up(found.plant)
            self.preferences.keep_up_with(self.context.window.preferences)

    def forget_words(self) -> None:
        """Nor beside what is chosen for this computer."""
        self.preferences.forget_words()
        super().forget_words()

    async def save(self) -> None:
        """Record what was changed."""
        if self.is_busy or self.known is None or not self.may_change:
            return
        before = self.known.plant
        changed = [
            each for each in PLANT.fields if self.values[each.name].strip() != before[each.name]
        ]
        self.errors = {}
        given = {each.name: self._typed(each) for each in changed}
        if not self.is_right:
            return
        if not given:
            self.context.window.say(_("Nothing was changed."))
            return
        done = await self.attempt(
            lambda: self._office.record(
                lambda _choices: ChangePlantDetails(**given),
                lambda *_given: _("The particulars of the plant are recorded."),
            )
        )
        if done is not None:
            self.context.window.tell(done)
            self.put_back(self.values | given)
            await self.load()

    async def confirm(self) -> None:
        """Record what was changed."""
        await self.save()

    def _typed(self, field: RegisterField) -> Any:
        parse = VALUES[field.type].parse
        assert parse is not None, "what is filled in is read"
        return self.read(field.name, parse) or ""

    def _read(self) -> Known:
        about = self._office.care.about()
        with self._office.reading() as snapshot:
            plant = plant_details_of(snapshot)
        return Known(plant=asdict(plant), computer=tuple(_computer(about)))


def _view(field: RegisterField) -> PlantField:
    hint = _(field.help) if field.help else ""
    return PlantField(name=field.name, label=_(field.label), hint=hint)


def _computer(about: AboutDatabase) -> list[tuple[str, str]]:
    return [
        (_("Device"), _("{name} (mark {mark})").format(name=about.device, mark=about.mark))
        if about.mark
        else (_("Device"), _("not enrolled at a server")),
        (_("Database"), str(about.path)),
        (_("Size"), size(about.bytes)),
        (_("Encrypted"), _("yes") if about.is_encrypted else _("no")),
        (_("Version"), about.version),
    ]
