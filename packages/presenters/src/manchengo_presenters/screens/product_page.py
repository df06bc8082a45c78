"""One product of the register, with charts of what is there of it, or a new product."""

from uuid import UUID

from manchengo.domain.ids import ProductId
from manchengo.ports.rows import FinishedProductRow
from manchengo_presenters.registers import PRODUCT
from manchengo_presenters.screens.charts import (
    Chart,
    charts_of,
    expiry_chart,
    stock_chart,
    yield_chart,
)
from manchengo_presenters.screens.register_page import RegisterPage
from manchengo_presenters.screens.screen_context import ScreenContext


class ProductPage(RegisterPage):
    """``charts``: its stock over time, what expires, and of a product that is made what makes
    gave; None until they are there, and of a new product.
    """

    def __init__(self, context: ScreenContext, entry_id: UUID | None) -> None:
        super().__init__(context, entry_id, PRODUCT)
        self.charts: tuple[Chart, ...] | None = None

    async def load(self) -> None:
        """Read the entry anew, then its charts: the fields do not wait for them."""
        await super().load()
        if self.entry is None:
            return
        found = await self.attempt_quietly(self._read_charts)
        if found is not None:
            self.charts = found
            self.changed()

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
