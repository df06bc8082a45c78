"""What a production order takes: of each ingredient, what is needed, what was poured, which lots
give the rest, and why others do not.
"""

from collections.abc import Collection
from datetime import date

from attrs import frozen

from manchengo.application.permitted_snapshot import whole
from manchengo.application.stock import open_candidates
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import PRODUCTION_ORDER, RECIPE
from manchengo.domain.allocation import Allocation, Passed, Pick, Purpose, allocate
from manchengo.domain.ids import LotId, ProductId, ProductionOrderId
from manchengo.domain.production_order import Planned, ProductionOrder, Started
from manchengo.domain.recipe import Ingredient, at_least_a_thousandth, expected_output
from manchengo.domain.values import MOST, Quantity
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class Material:
    """One ingredient of an order; quantities in the unit of its product.

    ``picks``: the lots that give what is not poured yet, in the order to take them: before the
    start, those that a start would reserve; after it, what is still reserved. ``missing``: what no
    lot gives. ``proposed``: the lots that were reserved at the start. ``others``: what else may be
    poured, with what is free of each lot. ``skipped``: the lots passed over, and why. An order that
    is over has no lots here.
    """

    product_id: ProductId
    needed: Quantity
    poured: Quantity
    picks: tuple[Pick, ...] = ()
    missing: Quantity
    proposed: tuple[LotId, ...] = ()
    others: tuple[Pick, ...] = ()
    skipped: tuple[Passed, ...] = ()


@frozen(kw_only=True)
class OrderMaterials:
    """``materials`` in the order of the recipe. ``expected``: what the recipe gives for what is
    planned. ``by_products``: what it yields beside the product.
    """

    materials: tuple[Material, ...]
    expected: Quantity
    by_products: tuple[ProductId, ...]


def order_materials(snapshot: Snapshot, order_id: ProductionOrderId, *, on: date) -> OrderMaterials:
    """What that order takes, as judged on that day; nothing is changed. Raises ``Unknown`` when
    there is no such order.
    """
    work = UnitOfWork(whole(snapshot))
    order = work.load(PRODUCTION_ORDER, order_id)
    plan = _plan(order)
    version = work.load(RECIPE, plan.recipe_id).versions[plan.recipe_version - 1]
    return OrderMaterials(
        materials=tuple(_material(work, order, need, on) for need in plan.needs),
        expected=expected_output(version, plan.planned),
        by_products=tuple(each.product_id for each in version.by_products),
    )


def _plan(order: ProductionOrder) -> Planned:
    started = _started(order)
    if started is not None:
        return started.plan
    assert not isinstance(order, Started), "it would be started"
    before = order if isinstance(order, Planned) else order.before
    assert isinstance(before, Planned), "what is not started is planned"
    return before


def _started(order: ProductionOrder) -> Started | None:
    """The order as it ran; None where it never started."""
    running = order if isinstance(order, Planned | Started) else order.before
    return running if isinstance(running, Started) else None


def _material(work: UnitOfWork, order: ProductionOrder, need: Ingredient, on: date) -> Material:
    # An order that was planned by an older program may need nothing of an ingredient.
    needed = at_least_a_thousandth(need.quantity)
    poured = _poured(order, need.product_id, needed)
    if isinstance(order, Planned):
        return _before_the_start(work, need.product_id, needed, on)
    if isinstance(order, Started):
        return _running(work, order, need.product_id, needed, poured, on)
    return Material(
        product_id=need.product_id,
        needed=needed,
        poured=poured,
        missing=needed.with_thousandths(0),
    )


def _poured(order: ProductionOrder, product_id: ProductId, needed: Quantity) -> Quantity:
    started = _started(order)
    scans = started.consumed if started else ()
    of_product = (scan.quantity for scan in scans if scan.product_id == product_id)
    return needed.with_thousandths(sum(each.thousandths for each in of_product))


def _before_the_start(
    work: UnitOfWork, product_id: ProductId, needed: Quantity, on: date
) -> Material:
    chosen = _allocated(work, product_id, needed, on)
    picked = {pick.lot_id for pick in chosen.picks}
    return Material(
        product_id=product_id,
        needed=needed,
        poured=needed.with_thousandths(0),
        picks=chosen.picks,
        missing=chosen.shortfall,
        others=_beside(_usable(work, product_id, needed, on), picked),
        skipped=chosen.skipped,
    )


def _running(
    work: UnitOfWork,
    order: Started,
    product_id: ProductId,
    needed: Quantity,
    poured: Quantity,
    on: date,
) -> Material:
    proposed = tuple(
        dict.fromkeys(pick.lot_id for pick in order.picks if pick.product_id == product_id)
    )
    picks = tuple(
        Pick(lot_id, kept)
        for lot_id in proposed
        if (kept := work.lot(lot_id).reserved_for(order.id))
    )
    covered = poured.thousandths + sum(pick.quantity.thousandths for pick in picks)
    usable = _usable(work, product_id, needed, on)
    return Material(
        product_id=product_id,
        needed=needed,
        poured=poured,
        picks=picks,
        missing=needed.with_thousandths(max(0, needed.thousandths - covered)),
        proposed=proposed,
        others=_beside(usable, set(proposed)),
        skipped=tuple(passed for passed in usable.skipped if passed.lot_id not in proposed),
    )


def _usable(work: UnitOfWork, product_id: ProductId, like: Quantity, on: date) -> Allocation:
    """All that may be poured of the product, lot by lot."""
    return _allocated(work, product_id, like.with_thousandths(MOST), on)


def _allocated(work: UnitOfWork, product_id: ProductId, wanted: Quantity, on: date) -> Allocation:
    product = work.product(product_id)
    return allocate(
        open_candidates(work, product, on),
        wanted,
        on=on,
        policy=product.allocation,
        purpose=Purpose.PRODUCTION,
    )


def _beside(usable: Allocation, named: Collection[LotId]) -> tuple[Pick, ...]:
    return tuple(pick for pick in usable.picks if pick.lot_id not in named)
