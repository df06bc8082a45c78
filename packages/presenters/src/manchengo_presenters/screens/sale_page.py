"""One client's order: its lines, the lots for it, what has left, and the steps that it allows."""

from collections.abc import Callable
from datetime import date
from enum import Enum

from attrs import evolve, frozen

from manchengo.application.bill_lines import unbilled
from manchengo.application.by_id import product_of
from manchengo.application.holds import holds_of_order
from manchengo.application.reading import withheld
from manchengo.commands import (
    CancelSalesOrder,
    CloseSalesOrder,
    Command,
    ConfirmSalesOrder,
    ReopenSalesOrder,
)
from manchengo.domain.access import Permission
from manchengo.domain.ids import ProductId, SalesOrderId
from manchengo.domain.sales_order import ALLOWED
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import DeliveryRow, SalesOrderLineRow, SalesOrderRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _
from manchengo_presenters.open_orders import client_of
from manchengo_presenters.screens.allocation_view import (
    HeldLot,
    ProductAllocation,
    held_lots,
    proposals,
)
from manchengo_presenters.screens.bills_shown import BillShown, bills_shown
from manchengo_presenters.screens.deciding import Deciding
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.sale_line import SaleLine, sale_line
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class Step(Enum):
    """What a person does with an order; the value is the words of its button."""

    CONFIRM = N_("Confirm and reserve")
    CLOSE = N_("Close the order")
    REOPEN = N_("Reopen the order")
    CANCEL = N_("Cancel the client's order")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)

    @property
    def takes_reason(self) -> bool:
        """Whether it is refused without a reason."""
        return self in (Step.CANCEL, Step.REOPEN)


COMMANDS: dict[Step, Callable[..., Command]] = {
    Step.CLOSE: CloseSalesOrder,
    Step.CANCEL: CancelSalesOrder,
    Step.REOPEN: ReopenSalesOrder,
}


@frozen(kw_only=True)
class LineOfOrder:
    """A product that is ordered; ``price``: of one unit, "" for who may not read it."""

    product: str
    ordered: str
    shipped: str
    price: str


@frozen(kw_only=True)
class DeliveryOfOrder:
    """A delivery of the order; ``bills``: the invoices that bill it."""

    code: str
    day: str
    state: str
    bills: tuple[BillShown, ...]


@frozen(kw_only=True)
class SaleDetail:
    """``facts``: a name and a value each. ``proposed``: the lots that confirming would reserve;
    ``held``: those that are reserved. ``steps``: those that its state allows. ``is_to_bill``:
    whether something left of which there is no invoice.
    """

    line: SaleLine
    facts: tuple[tuple[str, str], ...]
    lines: tuple[LineOfOrder, ...]
    proposed: tuple[ProductAllocation, ...]
    held: tuple[HeldLot, ...]
    deliveries: tuple[DeliveryOfOrder, ...]
    steps: tuple[Step, ...]
    is_to_bill: bool


class SalePage(DetailPage[SaleDetail], Deciding[Step]):
    """``detail``: None until it is there. ``deciding``: the step that the person is about to take,
    and says why; None while they are not.
    """

    def __init__(self, context: ScreenContext, order_id: SalesOrderId) -> None:
        super().__init__(context.background, {"reason": ""}, beside={"ReasonMissing": "reason"})
        self._office = context.office
        self.context = context
        self._may_sell = context.who.may(Permission.SELL)
        self._may_bill = context.who.may(Permission.ISSUE_INVOICES)
        self.may_see_bills = context.who.may(Permission.READ_PRICES)
        self.order_id = order_id

    @property
    def steps(self) -> tuple[Step, ...]:
        """What this person may do with it."""
        return self.detail.steps if self.detail and self._may_sell else ()

    @property
    def primary(self) -> Step | None:
        """The step that goes on with it; not what ends it or begins it again."""
        return Step.CONFIRM if Step.CONFIRM in self.steps else None

    @property
    def may_bill(self) -> bool:
        """Whether this person may invoice what was delivered of it."""
        return self._may_bill and self.detail is not None and self.detail.is_to_bill

    async def bill(self) -> None:
        """To the invoice that would be issued for what was delivered of it."""
        await self.context.window.go(Screen.NEW_INVOICE, self.order_id)

    async def open_bill(self, bill: BillShown) -> None:
        """To that invoice."""
        await self.context.window.go(Screen.INVOICE, bill.invoice_id)

    @property
    def fitting(self) -> tuple[Step, ...]:
        """Those of which the person says why."""
        return tuple(step for step in self.steps if step is not Step.CONFIRM)

    def begin(self, action: Step | None) -> None:
        """About to take that step, of which the person says why; None: leave it."""
        self.deciding = action
        self.fill()

    async def press(self, step: Step) -> None:
        """Begin that step; confirming needs no words, and is done at once."""
        if step is Step.CONFIRM:
            await self.take(step)
        else:
            self.begin(step)

    async def decide(self) -> None:
        """Take the step that was begun."""
        step = self.deciding
        if step is None or self.is_busy:
            return
        self.require(("reason",) if step.takes_reason else ())
        if self.is_right:
            await self.take(step, self.values["reason"].strip())

    async def take(self, step: Step, reason: str = "") -> None:
        """Record that step."""
        if self.is_busy:
            return
        order_id = self.order_id

        def build(on: date) -> Command:
            if step is Step.CONFIRM:
                return ConfirmSalesOrder(order_id=order_id, on=on)
            return COMMANDS[step](order_id=order_id, on=on, reason=reason)

        today = self._office.today()
        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: build(choices.day),
                lambda snapshot, _: next(
                    iter(confirmations.sales_order(snapshot, order_id, today))
                ),
            )
        )
        if done is not None:
            self.deciding = None
            self.fill()
            self.context.window.tell(done)
            await self.load()

    async def confirm(self) -> None:
        """Take the step that was begun, or else the one that goes on with the order."""
        if self.deciding is not None:
            await self.decide()
        elif self.primary is not None:
            await self.take(self.primary)

    def _read(self) -> SaleDetail:
        today = self._office.today()
        with self._office.reading() as snapshot:
            row = _order(snapshot, self.order_id)
            lines = list(snapshot.rows(SalesOrderLineRow, order_id=row.id))
            detail = sale_detail(snapshot, row, lines, today)
        if Step.CONFIRM not in detail.steps:
            return detail
        return evolve(
            detail, proposed=proposals(self._office, _wanted(lines), client_id=row.client_id)
        )


def sale_detail(
    snapshot: Snapshot, row: SalesOrderRow, lines: list[SalesOrderLineRow], today: date
) -> SaleDetail:
    """That order at that moment, without what would be reserved for it."""
    line = sale_line(row, client_of(snapshot, row.client_id), today)
    facts = [(_("Ordered on"), line.ordered)]
    if line.wanted:
        facts.append((_("Wanted by"), " · ".join(filter(None, (line.wanted, line.away)))))
    if line.net:
        facts.append((_("Before tax"), line.net))
    if row.reason:
        facts.append((_("Reason"), row.reason))
    return SaleDetail(
        line=line,
        facts=tuple(facts),
        lines=tuple(_line(snapshot, each) for each in lines),
        proposed=(),
        held=held_lots(holds_of_order(snapshot, row.id, today)),
        deliveries=tuple(
            DeliveryOfOrder(
                code=note.code,
                day=day(note.dispatched_on or note.day),
                state=words.state("delivery", note.status),
                bills=bills_shown(snapshot, note.id),
            )
            for note in snapshot.rows(DeliveryRow, order_id=row.id)
        ),
        steps=tuple(step for step in Step if row.status in ALLOWED[step.name.lower()]),
        is_to_bill=bool(unbilled(snapshot, row.id)),
    )


def _order(snapshot: Snapshot, order_id: SalesOrderId) -> SalesOrderRow:
    row = snapshot.get(SalesOrderRow, order_id)
    assert row is not None, "it was opened where it is listed"
    return row


def _wanted(lines: list[SalesOrderLineRow]) -> dict[ProductId, Quantity]:
    """All that is asked of each product."""
    sums: dict[ProductId, Quantity] = {}
    for line in lines:
        asked = Quantity(line.quantity, Unit(line.unit))
        sums[line.product_id] = sums[line.product_id] + asked if line.product_id in sums else asked
    return sums


def _line(snapshot: Snapshot, row: SalesOrderLineRow) -> LineOfOrder:
    priced = "unit_price" not in withheld(row)
    return LineOfOrder(
        product=product_of(snapshot, row.product_id).name,
        ordered=words.measured(row.quantity, row.unit),
        shipped=words.measured(row.shipped, row.unit) if row.shipped else "",
        price=words.price(row.unit_price, row.price_per, row.unit) if priced else "",
    )
