"""The orders of which something may leave: opening one prepares its delivery."""

from manchengo.commands import PrepareDelivery
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, entering
from manchengo_presenters.screens.sale_line import SaleLine
from manchengo_presenters.screens.sale_list import Filter, SaleList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class NewDelivery(SaleList):
    """The list of orders, of those alone that have lots reserved."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context)
        self.filter = Filter.TO_DELIVER

    @property
    def is_filtered(self) -> bool:
        """It is of these orders alone, whatever is searched."""
        return False

    def unfilter(self) -> None:
        """The others have nothing to deliver."""

    async def opened(self, line: SaleLine) -> None:
        """Prepare the delivery of what is reserved for that order, and go there."""
        today = self._office.today()

        def sentence(snapshot: Snapshot, prepared: PrepareDelivery) -> str:
            return next(iter(confirmations.delivery(snapshot, prepared.delivery_id, today)))

        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: entering.delivery(PrepareDelivery, choices, line.order_id), sentence
            )
        )
        if done is None:
            return
        command, window = done.command, self.context.window
        assert isinstance(command, PrepareDelivery), "it is what was asked for"
        window.tell(done)
        await window.go(Screen.DELIVERIES)
        await window.go(Screen.DELIVERY, command.delivery_id)

    async def confirm(self) -> None:
        """Prepare the delivery of the order that is selected."""
        await self.enter()
