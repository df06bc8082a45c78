"""An order that was completed or cancelled by mistake is running again."""

from manchengo.domain.errors import Timeline, reason_given
from manchengo.domain.production_order.commands import ReopenProduction
from manchengo.domain.production_order.events import ProductionReopened
from manchengo.domain.production_order.order import (
    Cancelled,
    Completed,
    ProductionOrder,
    wrong_state,
)


def reopen(order: ProductionOrder, command: ReopenProduction) -> tuple[ProductionReopened, ...]:
    """Reopens an order that is over, with a reason."""
    order = over(order, "reopen")
    ended_on = order.completed_on if isinstance(order, Completed) else order.cancelled_on
    days = Timeline("production_order", order.code)
    days.follows("reopen", command.on, after="end", after_on=ended_on)
    outputs = order.outputs if isinstance(order, Completed) else ()
    return (
        ProductionReopened(
            outputs=tuple(output.lot_id for output in outputs),
            reason=reason_given(command.reason, "reopen"),
            on=command.on,
        ),
    )


def over(order: ProductionOrder, step: str) -> Completed | Cancelled:
    """The order, refused unless it is completed or cancelled."""
    if not isinstance(order, Completed | Cancelled):
        raise wrong_state(order, step)
    return order
