"""A production order: its states, what each allows, and what it refuses."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import (
    AlreadyExists,
    NothingToDo,
    Refused,
    Timeline,
    WrongState,
    reason_given,
)
from manchengo.domain.ids import ProductId, ProductionOrderId, RecipeId
from manchengo.domain.lot.commands import Role
from manchengo.domain.names import comparison_key, visible
from manchengo.domain.production_order.commands import (
    CancelProduction,
    CompleteProduction,
    ConsumeMaterial,
    MaterialPick,
    Output,
    PlanProduction,
    Produce,
)
from manchengo.domain.production_order.events import (
    MaterialConsumed,
    MaterialTakenBack,
    ProductionCancelled,
    ProductionCompleted,
    ProductionMade,
    ProductionOrderEvent,
    ProductionPlanned,
    ProductionReopened,
    ProductionStarted,
)
from manchengo.domain.recipe import Ingredient
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class MissingMaterial:
    """One ingredient that falls short: wanted, and what could be had."""

    product: str
    wanted: Quantity
    available: Quantity


@frozen(kw_only=True)
class NotEnoughMaterials(Refused):
    """The stock does not cover the whole order; every missing ingredient is listed."""

    order: str
    on: date
    missing: tuple[MissingMaterial, ...]


@frozen(kw_only=True)
class NotAnIngredient(Refused):
    """The scanned lot is of a product that the order does not need."""

    order: str
    lot: str
    product: str


@frozen(kw_only=True)
class LotNotProposed(Refused):
    """Another lot than those proposed was scanned, with no reason given."""

    order: str
    lot: str


@frozen(kw_only=True)
class AnotherProductMade(Refused):
    """The main output is not the product of the order; a by-product may be any product."""

    order: str
    lot: str


@frozen(kw_only=True)
class NothingConsumed(Refused):
    """No material was poured into this order, so nothing can come out."""

    order: str


@frozen(kw_only=True)
class Planned:
    """Nothing is reserved yet."""

    id: ProductionOrderId
    code: str
    product_id: ProductId
    recipe_id: RecipeId
    recipe_version: int
    planned: Quantity
    needs: tuple[Ingredient, ...]
    on: date


@frozen(kw_only=True)
class Started:
    """``picks`` are reserved; ``consumed`` is what was really poured so far."""

    plan: Planned
    picks: tuple[MaterialPick, ...]
    started_on: date
    consumed: tuple[MaterialConsumed, ...] = ()

    @property
    def id(self) -> ProductionOrderId:
        """That of the plan."""
        return self.plan.id

    @property
    def code(self) -> str:
        """That of the plan."""
        return self.plan.code

    def follows_start(self, step: str, on: date) -> None:
        """Refuses a step dated before the start: ``OutOfOrder``."""
        days = Timeline("production_order", self.code)
        days.follows(step, on, after="start", after_on=self.started_on)

    def follows_pouring(self, step: str, on: date) -> None:
        """Refuses a step dated before the last pouring: ``OutOfOrder``."""
        self.follows_start(step, on)
        last = max((scan.on for scan in self.consumed), default=None)
        days = Timeline("production_order", self.code)
        days.follows(step, on, after="consume", after_on=last)


@frozen(kw_only=True)
class Completed:
    """Over: what came out, and what was lost."""

    started: Started
    outputs: tuple[Output, ...]
    lost: Quantity | None
    loss_reason: str
    completed_on: date

    @property
    def id(self) -> ProductionOrderId:
        """That of the plan."""
        return self.started.id

    @property
    def code(self) -> str:
        """That of the plan."""
        return self.started.code

    @property
    def before(self) -> Started:
        """The order before it was over."""
        return self.started


@frozen(kw_only=True)
class Cancelled:
    """Over, with nothing made."""

    before: Planned | Started
    reason: str
    cancelled_on: date

    @property
    def id(self) -> ProductionOrderId:
        """That of the plan."""
        return self.before.id

    @property
    def code(self) -> str:
        """That of the plan."""
        return self.before.code


ProductionOrder = Planned | Started | Completed | Cancelled


def plan(
    command: PlanProduction | Produce,
    *,
    recipe_id: RecipeId,
    recipe_version: int,
    needs: tuple[Ingredient, ...],
) -> ProductionPlanned:
    """The plan with its needs, each in the unit its product is kept in."""
    if not command.planned:
        raise NothingToDo(what="planned quantity")
    return ProductionPlanned(
        order_id=command.order_id,
        code=command.code,
        product_id=command.product_id,
        recipe_id=recipe_id,
        recipe_version=recipe_version,
        planned=command.planned,
        needs=needs,
        on=command.on,
    )


def start(
    order: ProductionOrder, picks: Iterable[MaterialPick], *, on: date
) -> tuple[ProductionOrderEvent, ...]:
    """Starts a planned order with the lots reserved for it."""
    if not isinstance(order, Planned):
        raise wrong_state(order, "start")
    return (ProductionStarted(picks=tuple(picks), on=on),)


def consume(
    order: ProductionOrder,
    command: ConsumeMaterial,
    *,
    lot: str,
    product_id: ProductId,
    product: str,
    happened: bool = False,
) -> tuple[ProductionOrderEvent, ...]:
    """``lot`` and ``product`` are the codes to name; ``product_id`` is what the lot holds.
    ``happened``: whoever poured it had other lots proposed to them.
    """
    order = started(order, "consume")
    order.follows_start("consume", command.on)
    if product_id not in {need.product_id for need in order.plan.needs}:
        raise NotAnIngredient(order=order.code, lot=lot, product=product)
    proposed = any(pick.lot_id == command.lot_id for pick in order.picks)
    reason = visible(command.override_reason)
    if not proposed and not reason and not happened:
        raise LotNotProposed(order=order.code, lot=lot)
    return (
        MaterialConsumed(
            lot_id=command.lot_id,
            product_id=product_id,
            quantity=command.quantity,
            on=command.on,
            override_reason="" if proposed else reason,
        ),
    )


def complete(
    order: ProductionOrder, command: CompleteProduction
) -> tuple[ProductionOrderEvent, ...]:
    """Ends an order into which something was poured."""
    order = started(order, "complete")
    if not order.consumed:
        raise NothingConsumed(order=order.code)
    order.follows_pouring("complete", command.on)
    _worth_telling(command, order=order.code, product_id=order.plan.product_id)
    return (
        ProductionCompleted(
            outputs=command.outputs,
            lost=command.lost,
            loss_reason=command.loss_reason.strip(),
            on=command.on,
        ),
    )


def make(
    plan: ProductionPlanned, picks: tuple[MaterialPick, ...], command: Produce
) -> tuple[ProductionOrderEvent, ...]:
    """All of it at once; ``command`` with its outputs and its loss in the stock units."""
    if not picks:
        raise NothingConsumed(order=plan.code)
    _worth_telling(command, order=plan.code, product_id=plan.product_id)
    return (
        ProductionMade(
            order_id=plan.order_id,
            code=plan.code,
            product_id=plan.product_id,
            recipe_id=plan.recipe_id,
            recipe_version=plan.recipe_version,
            planned=plan.planned,
            needs=plan.needs,
            picks=picks,
            outputs=command.outputs,
            lost=command.lost,
            loss_reason=command.loss_reason.strip(),
            on=command.on,
        ),
    )


def _worth_telling(
    command: CompleteProduction | Produce, *, order: str, product_id: ProductId
) -> None:
    """Something came of it, each lot under its own code, and a loss is explained."""
    if not command.outputs and not command.lost:
        raise NothingToDo(what="outputs")
    if command.lost:
        reason_given(command.loss_reason, "loss")
    for output in command.outputs:
        if output.role is Role.MAIN and output.product_id != product_id:
            raise AnotherProductMade(order=order, lot=output.code)
    codes: dict[str, str] = {}
    for output in command.outputs:
        key = comparison_key(output.code)
        if key in codes:
            raise AlreadyExists(kind="lot", reference=output.code, existing=codes[key])
        codes[key] = output.code


def cancel(order: ProductionOrder, command: CancelProduction) -> tuple[ProductionOrderEvent, ...]:
    """Cancels an order that is not completed, with a reason."""
    if not isinstance(order, Planned | Started):
        raise wrong_state(order, "cancel")
    if isinstance(order, Started):
        order.follows_pouring("cancel", command.on)
    reason = reason_given(command.reason, "cancel")
    return (ProductionCancelled(reason=reason, on=command.on),)


def evolve(order: ProductionOrder | None, event: ProductionOrderEvent) -> ProductionOrder:
    """The production order after the event."""
    match event:
        case ProductionPlanned():
            return _planned(event)
        case ProductionStarted():
            assert isinstance(order, Planned), "only a planned order starts"
            return Started(plan=order, picks=event.picks, started_on=event.on)
        case MaterialConsumed():
            assert isinstance(order, Started), "only a started order is poured into"
            return changed(order, consumed=(*order.consumed, event))
        case MaterialTakenBack():
            assert isinstance(order, Started), "only of a started order something is taken back"
            return changed(order, consumed=_without(order.consumed, event))
        case ProductionCompleted():
            assert isinstance(order, Started), "only a started order is completed"
            return Completed(
                started=order,
                outputs=event.outputs,
                lost=event.lost,
                loss_reason=event.loss_reason,
                completed_on=event.on,
            )
        case ProductionMade():
            return _made(event)
        case ProductionCancelled():
            assert isinstance(order, Planned | Started), "only a living order is cancelled"
            return Cancelled(before=order, reason=event.reason, cancelled_on=event.on)
        case ProductionReopened():
            assert isinstance(order, Completed | Cancelled), "only what is over is reopened"
            return order.before
        case _:
            assert_never(event)


def _without(
    poured: tuple[MaterialConsumed, ...], taken_back: MaterialTakenBack
) -> tuple[MaterialConsumed, ...]:
    """What is left of the scans: the last ones of the lot on that day are taken back first."""
    left = taken_back.quantity
    kept: list[MaterialConsumed] = []
    for scan in reversed(poured):
        if (scan.lot_id, scan.on) != (taken_back.lot_id, taken_back.poured_on):
            kept.append(scan)
            continue
        gone = min(left, scan.quantity)
        left -= gone
        if scan.quantity > gone:
            kept.append(changed(scan, quantity=scan.quantity - gone))
    assert not left, "no more is taken back than was poured"
    return tuple(reversed(kept))


def _planned(event: ProductionPlanned | ProductionMade) -> Planned:
    return Planned(
        id=event.order_id,
        code=event.code,
        product_id=event.product_id,
        recipe_id=event.recipe_id,
        recipe_version=event.recipe_version,
        planned=event.planned,
        needs=event.needs,
        on=event.on,
    )


def _made(event: ProductionMade) -> Completed:
    """As if it had been planned, started, poured pick by pick and completed."""
    poured = [
        MaterialConsumed(
            lot_id=pick.lot_id,
            product_id=pick.product_id,
            quantity=pick.quantity,
            on=event.on,
            override_reason="",
        )
        for pick in event.picks
    ]
    return Completed(
        started=Started(
            plan=_planned(event), picks=event.picks, started_on=event.on, consumed=tuple(poured)
        ),
        outputs=event.outputs,
        lost=event.lost,
        loss_reason=event.loss_reason,
        completed_on=event.on,
    )


STATE_NAMES = {
    Planned: "planned",
    Started: "started",
    Completed: "completed",
    Cancelled: "cancelled",
}


def started(order: ProductionOrder, step: str) -> Started:
    """The order, refused unless it is started: only then does ``step`` make sense."""
    if not isinstance(order, Started):
        raise wrong_state(order, step)
    return order


def wrong_state(order: ProductionOrder, step: str) -> WrongState:
    """The refusal of a step that the order's state does not allow."""
    return WrongState(
        kind="production_order",
        id=order.id,
        code=order.code,
        state=STATE_NAMES[type(order)],
        step=step,
    )
