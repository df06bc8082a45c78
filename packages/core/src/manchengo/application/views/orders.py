"""Production orders, sales orders and deliveries, as rows."""

from collections.abc import Iterator

from manchengo.domain.delivery import Delivery
from manchengo.domain.lot.commands import Role
from manchengo.domain.production_order import (
    STATE_NAMES,
    Cancelled,
    Completed,
    Planned,
    ProductionOrder,
    Started,
)
from manchengo.domain.sales_order import SalesOrder
from manchengo.ports.rows import (
    DeliveryLineRow,
    DeliveryRow,
    ProductionOrderRow,
    Row,
    SalesOrderLineRow,
    SalesOrderRow,
)


def production_order(state: ProductionOrder) -> Iterator[Row]:
    """The row of a production order."""
    plan, _ = plan_and_start(state)
    done = state if isinstance(state, Completed) else None
    obtained = [out.quantity for out in done.outputs if out.role is Role.MAIN] if done else []
    yield ProductionOrderRow(
        id=plan.id,
        code=plan.code,
        product_id=plan.product_id,
        recipe_id=plan.recipe_id,
        recipe_version=plan.recipe_version,
        status=STATE_NAMES[type(state)],
        day=plan.on,
        completed_on=done.completed_on if done else None,
        planned=plan.planned.thousandths,
        obtained=sum(quantity.thousandths for quantity in obtained),
        lost=done.lost.thousandths if done and done.lost else 0,
        unit=plan.planned.unit.value,
        reason=state.reason if isinstance(state, Cancelled) else done.loss_reason if done else "",
    )


def plan_and_start(state: ProductionOrder) -> tuple[Planned, Started | None]:
    """What was planned, and what was started of it, if it was."""
    match state:
        case Planned():
            return state, None
        case Started():
            return state.plan, state
        case Completed():
            return state.started.plan, state.started
        case Cancelled():
            return plan_and_start(state.before)


def sales_order(state: SalesOrder) -> Iterator[Row]:
    """The rows of a sales order and of its lines."""
    yield SalesOrderRow(
        id=state.id,
        code=state.code,
        client_id=state.client_id,
        status=state.status.value,
        day=state.on,
        wanted_on=state.wanted_on,
        due_on=state.wanted_on or state.on,
        net=sum(line.unit_price.centimes_of(line.quantity) for line in state.lines),
        reason=state.reason,
    )
    served = zip(state.lines, state.shipped_by_line(), strict=True)
    for number, (line, shipped) in enumerate(served, 1):
        yield SalesOrderLineRow(
            order_id=state.id,
            number=number,
            product_id=line.product_id,
            quantity=line.quantity.thousandths,
            shipped=shipped,
            unit=line.quantity.unit.value,
            unit_price=line.unit_price.centimes,
            price_per=line.unit_price.per,
        )


def delivery(state: Delivery) -> Iterator[Row]:
    """The rows of a delivery."""
    yield DeliveryRow(
        id=state.id,
        code=state.code,
        order_id=state.order_id,
        client_id=state.client_id,
        status=state.status.value,
        day=state.on,
        dispatched_on=state.dispatched_on,
        carrier=state.carrier,
        short_reason=state.short_reason,
        received_by=state.received_by,
        proof=state.proof,
        reason=state.reason,
    )
    for number, pick in enumerate(state.shipped(), 1):
        reasons = [scan.override_reason for scan in state.loaded if scan.lot_id == pick.lot_id]
        back = [line.quantity.thousandths for line in state.returned if line.lot_id == pick.lot_id]
        yield DeliveryLineRow(
            delivery_id=state.id,
            number=number,
            lot_id=pick.lot_id,
            product_id=pick.product_id,
            quantity=pick.quantity.thousandths,
            returned=sum(back),
            unit=pick.quantity.unit.value,
            override_reason=" ; ".join(reason for reason in reasons if reason),
        )
