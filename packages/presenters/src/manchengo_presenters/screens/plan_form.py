"""A new production order: what, how much, for which day."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.commands import PlanProduction
from manchengo.domain.ids import ProductId
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import FinishedProductRow, RecipeRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, entering_production, parsing, words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext

BESIDE = {
    "Archived": "product",
    "NoRecipeInForce": "product",
    "NothingToDo": "quantity",
    "PartOfAPiece": "quantity",
    "TooFine": "quantity",
}


@frozen(kw_only=True)
class Makeable:
    """A product that has a recipe. ``batch``: what its recipe is written for."""

    key: str
    words: str
    unit: str
    batch: str


class PlanForm(Form):
    """``products``: what may be made; None until they are there. ``on_end``: called when the form
    is no longer needed.
    """

    def __init__(self, context: ScreenContext, on_end: Callable[[], object]) -> None:
        super().__init__(
            context.background, {"product": "", "quantity": "", "day": ""}, beside=BESIDE
        )
        self._office = context.office
        self.context = context
        self._on_end = on_end
        self.products: tuple[Makeable, ...] | None = None

    async def load(self) -> None:
        """Read what may be made."""
        found = await self.attempt(self._makeable)
        if found is not None:
            self.products = found
            self.changed()

    def choose(self, name: str, key: str) -> None:
        """That product."""
        self.put(name, key)
        self.changed()

    @property
    def chosen(self) -> Makeable | None:
        """The product that is chosen."""
        known = self.products or ()
        return next((each for each in known if each.key == self.values["product"]), None)

    @property
    def quantity_label(self) -> str:
        """With the unit of the product."""
        chosen = self.chosen
        if chosen is None:
            return _("Quantity")
        return _("Quantity ({unit})").format(unit=words.unit_word(2_000, chosen.unit))

    @property
    def quantity_hint(self) -> str:
        """What the recipe is written for."""
        chosen = self.chosen
        return _("The recipe is for {quantity}.").format(quantity=chosen.batch) if chosen else ""

    @property
    def day_hint(self) -> str:
        """What is recorded where nothing is typed."""
        return _("Left blank: today, {day}.").format(day=day(self._office.today()))

    def leave(self) -> None:
        """Plan nothing."""
        self._on_end()

    async def confirm(self) -> None:
        """Record it, and show the order."""
        self.require(("product", "quantity"))
        chosen = self.chosen
        self.require_found("product", chosen)
        amount = self.read("quantity", lambda text: parsing.quantity(text, least=1))
        on = self.read("day", parsing.day)
        if self.is_busy or not self.is_right or chosen is None:
            return
        assert isinstance(amount, int)
        assert on is None or isinstance(on, date)
        quantity = Quantity(amount, Unit(chosen.unit))
        product_id = ProductId(UUID(chosen.key))

        def sentence(snapshot: Snapshot, planned: PlanProduction) -> str:
            return next(iter(confirmations.production(snapshot, planned.order_id, planned.on)))

        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: entering_production.plan(
                    choices, product_of(choices.snapshot, product_id), quantity
                ),
                sentence,
                on=on,
            )
        )
        if done is not None:
            command = done.command
            assert isinstance(command, PlanProduction), "it was built so"
            self._on_end()
            self.context.window.tell(done)
            await self.context.window.go(Screen.PRODUCTION_ORDER, command.order_id)

    def _makeable(self) -> tuple[Makeable, ...]:
        with self._office.reading() as snapshot:
            found = []
            for recipe in snapshot.rows(RecipeRow):
                product = snapshot.get(FinishedProductRow, recipe.product_id)
                if product is not None and not (recipe.archived or product.archived):
                    found.append(
                        Makeable(
                            key=str(product.id),
                            words=f"{product.name} ({product.code})",
                            unit=product.unit,
                            batch=words.measured(recipe.batch, recipe.unit),
                        )
                    )
        return tuple(sorted(found, key=lambda each: each.words))
