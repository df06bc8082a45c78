"""A version of a recipe as it is typed: the batch, what goes in, what comes out beside it."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.application.choices import Choices
from manchengo.commands import DefineRecipe
from manchengo.domain.ids import ProductId, RecipeId
from manchengo.domain.recipe import WHOLE_YIELD, ByProduct, Ingredient, RecipeDefined
from manchengo.domain.values import Percent, Quantity, Unit
from manchengo.ports.rows import FinishedProductRow, ProductRow, RawProductRow, RecipeRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import parsing, words
from manchengo_presenters.formatting import day, percent
from manchengo_presenters.formatting import quantity as written_quantity
from manchengo_presenters.language import _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen_context import ScreenContext

FIELDS = ("product", "batch", "expected_yield", "valid_from", "ingredient", "by_product")
BESIDE = {
    "AlreadyExists": "product",
    "Archived": "product",
    "IngredientTwice": "ingredient",
    "NothingToDo": "ingredient",
    "PartOfAPiece": "batch",
    "TooFine": "batch",
}
PARTS = "parts"
"""Under which what goes in and comes out is kept beside the fields."""

Choice = tuple[str, str]


@frozen(kw_only=True)
class Part:
    """A product that goes in, or comes out beside (``is_by_product``)."""

    product_id: ProductId
    name: str
    unit: Unit
    is_by_product: bool

    @property
    def field(self) -> str:
        """The name of the field of its quantity."""
        return f"part-{self.product_id}-{'out' if self.is_by_product else 'in'}"

    @property
    def label(self) -> str:
        """Its name, with the unit that is typed."""
        unit = words.unit_word(2_000, self.unit)
        return _("{product} ({unit})").format(product=self.name, unit=unit)


@frozen(kw_only=True)
class RecipeChoices:
    """Products to choose from, by id and words. ``makes``: those that have no recipe yet;
    ``units``: of each of them.
    """

    makes: tuple[Choice, ...]
    ingredients: tuple[Choice, ...]
    units: dict[str, Unit]
    names: dict[str, str]


class RecipeForm(Form):
    """``before``: the version that was defined last; None of a new recipe. ``parts``: what is typed
    of what goes in and comes out. ``choices``: None until they are read. ``on_end``: called with
    the recipe once it is recorded.
    """

    def __init__(
        self,
        context: ScreenContext,
        on_end: Callable[[RecipeId], Awaitable[None]],
        before: RecipeDefined | None = None,
    ) -> None:
        super().__init__(context.background, dict.fromkeys(FIELDS, ""), beside=BESIDE)
        self._office = context.office
        self._context = context
        self._on_end = on_end
        self.before = before
        self.parts: tuple[Part, ...] = ()
        self.choices: RecipeChoices | None = None

    async def load(self) -> None:
        """Read what is chosen from; what was typed stays."""
        is_first = self.choices is None
        found = await self.attempt(self._read)
        if found is None:
            return
        self.choices, parts = found
        if is_first:
            self.parts = parts
            self.fill_recorded(self._written())
        self.changed()

    # -------------------------------------------------------------------------- what is typed

    def chosen_beside(self) -> dict[str, str]:
        """The products that go in and come out, where they are others than those before."""
        if self.choices is None or set(self.parts) == set(self._known_parts()):
            return {}
        parts = [(str(each.product_id), each.is_by_product) for each in self.parts]
        return {PARTS: json.dumps(parts)}

    def choose_beside(self, draft: Mapping[str, str]) -> None:
        """Those products, as far as there are any such."""
        self.parts = tuple(self._known_parts())
        if PARTS in draft and self.choices is not None:
            self.parts = ()
            for key, is_by_product in json.loads(draft[PARTS]):
                if key in self.choices.names:
                    self._add(key, is_by_product=is_by_product)

    @property
    def unit(self) -> Unit | None:
        """Of the product that is made; None while none is chosen."""
        if self.before is not None:
            return self.before.batch.unit
        return self.choices.units.get(self.values["product"]) if self.choices else None

    @property
    def batch_label(self) -> str:
        """With the unit of the product."""
        if self.unit is None:
            return _("For")
        return _("For ({unit})").format(unit=words.unit_word(2_000, self.unit))

    def put(self, name: str, text: str) -> None:
        """What the person typed; what it changes is said anew."""
        super().put(name, text)
        self.changed()

    def choose(self, name: str, key: str) -> None:
        """The product of a new recipe, or one that goes in or comes out."""
        if name == "product":
            self.put(name, key)
        elif self.choices is not None and key in self.choices.names:
            self._add(key, is_by_product=name == "by_product")
        self.changed()

    def _add(self, key: str, *, is_by_product: bool) -> None:
        assert self.choices is not None, "it is chosen from them"
        part = Part(
            product_id=ProductId(UUID(key)),
            name=self.choices.names[key],
            unit=self.choices.units[key],
            is_by_product=is_by_product,
        )
        if part not in self.parts:
            self.parts = (*self.parts, part)
            self.put(part.field, self.values.get(part.field, ""))

    def remove(self, part: Part) -> None:
        """It goes in, or comes out, no more."""
        self.parts = tuple(each for each in self.parts if each != part)
        self.errors.pop(part.field, None)
        self.changed()

    @property
    def changes(self) -> tuple[str, ...]:
        """What differs from the version before, in sentences, as far as it can be read."""
        return tuple(self._changes()) if self.before is not None else ()

    def _changes(self) -> Iterator[str]:
        now, was = self._typed_parts(), self._known_parts()
        for name, label in (
            ("batch", self.batch_label),
            ("expected_yield", _("Expected yield")),
        ):
            before = self._written()[name]
            if self.values[name].strip() != before:
                yield _("{field}: {before} → {after}").format(
                    field=label, before=before, after=self.values[name].strip() or "—"
                )
        for part, quantity in now.items():
            before_it = was.get(part)
            if before_it is None:
                yield _("{product}: added").format(product=part.name)
            elif quantity is not None and quantity != before_it:
                yield _("{product}: {before} → {after}").format(
                    product=part.name,
                    before=words.measure(before_it),
                    after=words.measure(quantity),
                )
        for part in was:
            if part not in now:
                yield _("{product}: left out").format(product=part.name)

    def _typed_parts(self) -> dict[Part, Quantity | None]:
        found: dict[Part, Quantity | None] = {}
        for part in self.parts:
            try:
                typed = parsing.quantity(self.values.get(part.field, ""), least=1)
            except parsing.Unreadable:
                found[part] = None
            else:
                found[part] = Quantity(typed, part.unit)
        return found

    def _known_parts(self) -> dict[Part, Quantity]:
        if self.before is None:
            return {}
        assert self.choices is not None, "they are read"
        known: tuple[Ingredient | ByProduct, ...] = self.before.ingredients
        return {
            Part(
                product_id=each.product_id,
                name=self.choices.names[str(each.product_id)],
                unit=each.quantity.unit,
                is_by_product=isinstance(each, ByProduct),
            ): each.quantity
            for each in (*known, *self.before.by_products)
        }

    # ----------------------------------------------------------------------------- what is done

    async def submit(self) -> None:
        """Record the version."""
        if self.is_busy or self.choices is None:
            return
        needed = ["batch", *(part.field for part in self.parts)]
        self.require(needed if self.before else ["product", *needed])
        if not any(not part.is_by_product for part in self.parts):
            self.errors["ingredient"] = _("Choose at least one ingredient.")
        batch = self._quantity("batch")
        amounts = {part: self._quantity(part.field) for part in self.parts}
        share = self.read("expected_yield", lambda text: parsing.percent(text, least=1))
        since = self.read("valid_from", parsing.day)
        if not self.is_right:
            return
        if self.before is not None and not self.changes and self._is_since(since):
            self._context.window.say(_("Nothing was changed."))
            return
        asked: dict[str, Any] = {
            "expected_yield": Percent(share) if isinstance(share, int) else WHOLE_YIELD,
            "ingredients": tuple(_ingredients(amounts)),
            "by_products": tuple(_by_products(amounts)),
        }
        await self._record(batch, since if isinstance(since, date) else None, asked)

    def _is_since(self, since: object) -> bool:
        return self.before is not None and since in (None, self.before.valid_from)

    async def _record(self, batch: int, since: date | None, asked: dict[str, Any]) -> None:
        unit = self.unit
        assert unit is not None, "its product was chosen"

        def build(choices: Choices) -> DefineRecipe:
            recipe_id, product_id = self._recipe(choices)
            return DefineRecipe(
                recipe_id=recipe_id,
                product_id=product_id,
                batch=Quantity(batch, unit),
                valid_from=since or choices.day,
                **asked,
            )

        done = await self.attempt(lambda: self._office.record(build, recorded_words))
        if done is not None:
            self._context.window.tell(done)
            assert isinstance(done.command, DefineRecipe), "it is what was built"
            await self._on_end(done.command.recipe_id)

    def _recipe(self, choices: Choices) -> tuple[RecipeId, ProductId]:
        if self.before is not None:
            return self.before.recipe_id, self.before.product_id
        return RecipeId(choices.id("recipe_id")), ProductId(UUID(self.values["product"]))

    def _quantity(self, name: str) -> int:
        found = self.read(name, lambda text: parsing.quantity(text, least=1))
        return found if isinstance(found, int) else 0

    # ---------------------------------------------------------------------------------- reading

    def _written(self) -> dict[str, str]:
        """What the fields hold at first: the version before, in force from today on."""
        known = {"valid_from": day(self._office.today())}
        if self.before is None:
            return known
        amounts = {
            part.field: written_quantity(quantity.thousandths)
            for part, quantity in self._known_parts().items()
        }
        return {
            **known,
            **amounts,
            "batch": written_quantity(self.before.batch.thousandths),
            "expected_yield": percent(self.before.expected_yield.basis_points),
        }

    def _read(self) -> tuple[RecipeChoices, tuple[Part, ...]]:
        with self._office.reading() as snapshot:
            self.choices = known = _choices(snapshot, self.before)
        return known, tuple(self._known_parts())


def recorded_words(snapshot: Snapshot, command: DefineRecipe) -> str:
    """Which version was recorded, of which product."""
    row = snapshot.get(RecipeRow, command.recipe_id)
    assert row is not None, "it was just recorded"
    return _("Recipe of {product}: version {version}, in force from {day}.").format(
        product=product_of(snapshot, command.product_id).name,
        version=row.version,
        day=day(command.valid_from),
    )


def _ingredients(amounts: dict[Part, int]) -> Iterator[Ingredient]:
    for part, thousandths in amounts.items():
        if not part.is_by_product:
            yield Ingredient(part.product_id, Quantity(thousandths, part.unit))


def _by_products(amounts: dict[Part, int]) -> Iterator[ByProduct]:
    for part, thousandths in amounts.items():
        if part.is_by_product:
            yield ByProduct(part.product_id, Quantity(thousandths, part.unit))


def _choices(snapshot: Snapshot, before: RecipeDefined | None) -> RecipeChoices:
    finished = list(snapshot.rows(FinishedProductRow))
    products: Sequence[ProductRow] = [*snapshot.rows(RawProductRow), *finished]
    having = {row.product_id for row in snapshot.rows(RecipeRow)} if before is None else set()
    in_use = sorted(
        (each for each in products if not each.archived), key=lambda each: each.search_text
    )
    return RecipeChoices(
        makes=tuple(
            _choice(each) for each in finished if not each.archived and each.id not in having
        ),
        ingredients=tuple(_choice(each) for each in in_use),
        units={str(each.id): Unit(each.unit) for each in products},
        names={str(each.id): each.name for each in products},
    )


def _choice(product: ProductRow) -> Choice:
    return str(product.id), f"{product.name} ({product.code})"
