"""Recipes: what each finished product takes, the version that was defined last."""

from enum import Enum
from uuid import UUID

from attrs import frozen

from manchengo.domain.access import Permission
from manchengo.ports.lists import Cursor, ListQuery, OneOf
from manchengo.ports.rows import FinishedProductRow, RecipeRow
from manchengo_presenters import words
from manchengo_presenters.formatting import day, number, percent
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class Filter(Enum):
    """Which recipes are listed; the value is its words."""

    IN_USE = N_("In use")
    ARCHIVED = N_("Archived ones")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


@frozen(kw_only=True)
class RecipeLine:
    """``batch``: what the quantities of its version are for."""

    recipe_id: UUID
    code: str
    product: str
    version: str
    batch: str
    expected: str
    valid_from: str


class RecipeList(PagedList[RecipeLine]):
    """``filter``: which recipes are listed."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.may_define = context.who.may(Permission.KEEP_RECIPES)
        self.filter = Filter.IN_USE

    async def set_filter(self, chosen: Filter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    async def opened(self, line: RecipeLine) -> None:
        """To that recipe."""
        await self.context.window.go(Screen.RECIPE, line.recipe_id)

    async def begin(self) -> None:
        """To a new recipe."""
        await self.context.window.go(Screen.NEW_RECIPE)

    async def confirm(self) -> None:
        """A new recipe."""
        if self.may_define:
            await self.begin()

    def counted(self, count: int) -> str:
        """As in "3 recipes"."""
        return ngettext("{count} recipe", "{count} recipes", count).format(count=number(count))

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[RecipeLine]:
        """The page there, beside the loop."""
        is_archived = self.filter is Filter.ARCHIVED
        query = ListQuery(where=(OneOf("archived", (is_archived,)),), search=self.search)
        lists = self._office.lists()
        found = lists.page(RecipeRow, query=query, size=SIZE, after=after, before=before)
        lines = []
        for row in found.rows:
            product = found.named[row.product_id]
            assert isinstance(product, FinishedProductRow), "a recipe is of a finished product"
            lines.append(_line(row, product))
        return ListPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(RecipeRow, query=query),
        )


def _line(row: RecipeRow, product: FinishedProductRow) -> RecipeLine:
    return RecipeLine(
        recipe_id=row.id,
        code=product.code,
        product=product.name,
        version=number(row.version),
        batch=words.measured(row.batch, row.unit),
        expected=percent(row.expected_yield),
        valid_from=day(row.valid_from),
    )
