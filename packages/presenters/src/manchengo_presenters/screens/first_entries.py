"""The first supplier and the first material, without which nothing can be received."""

from collections.abc import Awaitable, Callable

from manchengo.domain.values import Unit
from manchengo_presenters import entering, parsing
from manchengo_presenters.language import _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.words import unit_word


class SupplierForm(Form):
    """A new supplier. ``on_added``: called once it is recorded."""

    def __init__(self, context: ScreenContext, on_added: Callable[[], Awaitable[object]]) -> None:
        super().__init__(
            context.background, {"supplier_name": ""}, beside={"NameMissing": "supplier_name"}
        )
        self._office = context.office
        self.context = context
        self._on_added = on_added

    async def add(self) -> None:
        """Record it."""
        self.require(("supplier_name",))
        if self.is_busy or not self.is_right:
            return
        name = self.values["supplier_name"].strip()
        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: entering.new_supplier(choices, name), lambda *_: name
            )
        )
        if done is not None:
            self.fill()
            self.context.window.tell(done)
            await self._on_added()


class MaterialForm(Form):
    """A new raw material. ``on_added``: called once it is recorded."""

    def __init__(self, context: ScreenContext, on_added: Callable[[], Awaitable[object]]) -> None:
        fields = {"material_name": "", "unit": Unit.L.value, "shelf_life": ""}
        super().__init__(context.background, fields, beside={"NameMissing": "material_name"})
        self._office = context.office
        self.context = context
        self._on_added = on_added

    @property
    def units(self) -> list[tuple[str, str]]:
        """Which units its stock may be kept in, each with its word."""
        return [(unit.value, unit_word(1_000, unit.value)) for unit in Unit]

    @property
    def shelf_life_hint(self) -> str:
        """What is recorded where nothing is typed."""
        return _("Left blank: it does not expire.")

    def choose(self, name: str, key: str) -> None:
        """That unit."""
        self.put(name, key)
        self.changed()

    async def add(self) -> None:
        """Record it."""
        self.require(("material_name",))
        days = self.read("shelf_life", lambda text: parsing.whole_number(text, least=0, most=3_650))
        if self.is_busy or not self.is_right:
            return
        assert days is None or isinstance(days, int)
        name, unit = self.values["material_name"].strip(), Unit(self.values["unit"])
        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: entering.new_material(choices, name, unit, days), lambda *_: name
            )
        )
        if done is not None:
            self.fill()
            self.context.window.tell(done)
            await self._on_added()
