"""One recipe, version after version: what a batch takes and yields; or a new one."""

from collections.abc import Mapping
from uuid import UUID

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import ArchiveRecipe
from manchengo.domain.access import Permission
from manchengo.domain.aggregates import RECIPE
from manchengo.domain.ids import RecipeId
from manchengo.domain.recipe import ByProduct, Ingredient, RecipeDefined
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day, number, percent
from manchengo_presenters.language import _
from manchengo_presenters.screens.charts import Chart, charts_of, yield_chart
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.recipe_form import RecipeForm
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.view_model import ScreenModel


@frozen(kw_only=True)
class PartShown:
    """What goes in, or comes out beside, for one batch."""

    code: str
    name: str
    quantity: str


@frozen(kw_only=True)
class VersionShown:
    """``facts``: a name and a value each. ``is_in_force``: whether makes of today follow it."""

    number: int
    facts: tuple[tuple[str, str], ...]
    ingredients: tuple[PartShown, ...]
    by_products: tuple[PartShown, ...]
    is_in_force: bool


@frozen(kw_only=True)
class RecipeDetail:
    """``versions``: the latest first; ``latest``: as it was defined. ``yields``: what makes
    gave.
    """

    product: str
    arabic: str
    is_archived: bool
    versions: tuple[VersionShown, ...]
    latest: RecipeDefined
    yields: Chart


NEXT = "next"
"""The name of the form of the next version."""


class RecipePage(DetailPage[RecipeDetail]):
    """``detail``: None until it is there. ``shown``: the number of the version that is looked at.
    ``form``: of the next version; None while nobody writes one.
    """

    def __init__(self, context: ScreenContext, recipe_id: RecipeId) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.recipe_id = recipe_id
        self.shown = 0
        self.form: RecipeForm | None = None

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """That of the next version."""
        return {} if self.form is None else {NEXT: self.form}

    async def reopen(self, name: str) -> Form | None:
        """That of the next version."""
        if name == NEXT:
            await self.begin()
        return self.form

    @property
    def looked_at(self) -> VersionShown | None:
        """The version that is looked at: the latest, unless another was chosen."""
        versions = self.detail.versions if self.detail else ()
        chosen = (each for each in versions if each.number == self.shown)
        return next(chosen, versions[0] if versions else None)

    @property
    def may_change(self) -> bool:
        """Whether this person may define the next version, or archive it."""
        may = self.context.who.may(Permission.KEEP_RECIPES)
        return may and self.detail is not None and not self.detail.is_archived

    def show(self, version: VersionShown) -> None:
        """Look at that version."""
        self.shown = version.number
        self.changed()

    async def begin(self) -> None:
        """About to define the next version."""
        if self.detail is None or not self.may_change:
            return
        form = RecipeForm(self.context, self._defined, self.detail.latest)
        await form.load()
        self.form, self.problem = form if form.choices else None, form.problem
        self.changed()

    def leave(self) -> None:
        """Define none."""
        self.form = None
        self.changed()

    async def archive(self) -> None:
        """Nothing is made by it from here on."""
        detail = self.detail
        if detail is None or not self.may_change:
            return
        done = await self.attempt(
            lambda: self._office.record(
                lambda _choices: ArchiveRecipe(recipe_id=self.recipe_id),
                lambda *_given: _("{code} is archived: nothing new may use it.").format(
                    code=detail.product
                ),
            )
        )
        if done is not None:
            self.context.window.tell(done)
            await self.load()

    async def confirm(self) -> None:
        """Record the version that is written, or begin one."""
        if self.form is not None:
            await self.form.submit()
        else:
            await self.begin()

    async def _defined(self, _recipe_id: RecipeId) -> None:
        self.form, self.shown = None, 0
        await self.load()

    def _read(self) -> RecipeDetail:
        today = self._office.today()
        with self._office.reading() as snapshot:
            recipe = UnitOfWork(snapshot).load(RECIPE, self.recipe_id)
            product = product_of(snapshot, recipe.product_id)
            in_force = max(
                (each for each in recipe.versions if each.valid_from <= today),
                key=lambda each: (each.valid_from, each.version),
                default=None,
            )
            return RecipeDetail(
                product=product.name,
                arabic=product.name_ar,
                is_archived=recipe.archived,
                versions=tuple(
                    _version(snapshot, each, is_in_force=each is in_force)
                    for each in reversed(recipe.versions)
                ),
                latest=recipe.versions[-1],
                yields=yield_chart(charts_of(snapshot), recipe.product_id, today),
            )


class NewRecipe(ScreenModel):
    """``form``: of the first version of a recipe."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self.context = context
        self.form = RecipeForm(context, self._defined)

    async def load(self) -> None:
        """Read what is chosen from; what was typed stays."""
        await self.form.load()
        self.problem = self.form.problem
        self.changed()

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """That of the first version."""
        return {"": self.form}

    async def reopen(self, name: str) -> Form | None:
        """That of the first version."""
        return self.open_forms.get(name)

    async def confirm(self) -> None:
        """Record it."""
        await self.form.submit()

    async def _defined(self, recipe_id: RecipeId) -> None:
        self.form = RecipeForm(self.context, self._defined)
        await self.context.window.go(Screen.RECIPES)
        await self.context.window.go(Screen.RECIPE, UUID(int=recipe_id.int))


def _version(snapshot: Snapshot, version: RecipeDefined, *, is_in_force: bool) -> VersionShown:
    return VersionShown(
        number=version.version,
        facts=(
            (_("Version"), number(version.version)),
            (_("In force from"), day(version.valid_from)),
            (_("For"), words.measure(version.batch)),
            (_("Expected yield"), percent(version.expected_yield.basis_points)),
        ),
        ingredients=tuple(_part(snapshot, each) for each in version.ingredients),
        by_products=tuple(_part(snapshot, each) for each in version.by_products),
        is_in_force=is_in_force,
    )


def _part(snapshot: Snapshot, part: Ingredient | ByProduct) -> PartShown:
    product = product_of(snapshot, part.product_id)
    return PartShown(code=product.code, name=product.name, quantity=words.measure(part.quantity))
