"""One product of the register, with charts of what is there of it and its price in each list, or a
new product.
"""

from uuid import UUID

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.access import Permission
from manchengo.domain.aggregates import PRICE_LIST
from manchengo.domain.ids import PriceListId, ProductId
from manchengo.ports.rows import FinishedProductRow, ListPriceRow
from manchengo_presenters.field_values import list_price
from manchengo_presenters.formatting import day
from manchengo_presenters.registers import PRODUCT
from manchengo_presenters.screens.charts import (
    Chart,
    charts_of,
    expiry_chart,
    stock_chart,
    yield_chart,
)
from manchengo_presenters.screens.line_choice import LineChoice
from manchengo_presenters.screens.register_page import RegisterPage
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


@frozen(kw_only=True)
class PriceByList:
    """What the product costs today by one list."""

    price_list_id: PriceListId
    code: str
    name: str
    price: str
    since: str


class ProductPage(LineChoice[PriceByList], RegisterPage):
    """``charts``: its stock over time, what expires, and of a product that is made what makes
    gave; None until they are there, and of a new product. ``lists``: its price today in each list
    that has one; empty for who may not read prices.
    """

    def __init__(self, context: ScreenContext, entry_id: UUID | None) -> None:
        super().__init__(context, entry_id, PRODUCT)
        self.charts: tuple[Chart, ...] | None = None
        self.lists: tuple[PriceByList, ...] = ()

    async def load(self) -> None:
        """Read the entry anew, then its charts: the fields do not wait for them."""
        await super().load()
        if self.entry is None:
            return
        if self.context.who.may(Permission.READ_PRICES):
            self.lists = await self.attempt_quietly(self._read_lists) or ()
        found = await self.attempt_quietly(self._read_charts)
        if found is not None:
            self.charts = found
            self.changed()

    @property
    def lines_shown(self) -> tuple[PriceByList, ...]:
        """Its prices by the lists."""
        return self.lists

    async def opened(self, price: PriceByList) -> None:
        """To that price list."""
        await self.context.window.go(Screen.PRICE_LIST, price.price_list_id)

    def _read_lists(self) -> tuple[PriceByList, ...]:
        assert self.entry_id is not None, "it is recorded"
        product_id, today = ProductId(self.entry_id), self._office.today()
        with self._office.reading() as snapshot:
            unit = product_of(snapshot, product_id).unit
            rows = snapshot.rows(ListPriceRow, product_id=product_id)
            work, found = UnitOfWork(snapshot), []
            for list_id in dict.fromkeys(row.price_list_id for row in rows):
                known = work.load(PRICE_LIST, list_id)
                in_force = known.in_force(product_id, today)
                if in_force is not None:
                    price, since = in_force
                    found.append(
                        PriceByList(
                            price_list_id=known.id,
                            code=known.code,
                            name=known.name,
                            price=list_price(price, unit),
                            since=day(since),
                        )
                    )
        return tuple(sorted(found, key=lambda each: each.name))

    def _read_charts(self) -> tuple[Chart, ...]:
        assert self.entry_id is not None, "it is recorded"
        product_id, today = ProductId(self.entry_id), self._office.today()
        with self._office.reading() as snapshot:
            charts = charts_of(snapshot)
            found = [
                stock_chart(charts, product_id, today),
                expiry_chart(charts, product_id, today),
            ]
            if snapshot.get(FinishedProductRow, product_id) is not None:
                found.append(yield_chart(charts, product_id, today))
        return tuple(found)
