"""Production: from a plan to the lots that come out of it."""

from collections.abc import Iterable
from datetime import date

from attrs import evolve as changed

from manchengo.application.handlers.recalls import recall_at_birth, recalled_material
from manchengo.application.handlers.registers import NotAFinishedProduct
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain import production_order as production
from manchengo.domain import recipe as recipes
from manchengo.domain.aggregates import LOT, PRODUCTION_ORDER, RECIPE
from manchengo.domain.allocation import Purpose
from manchengo.domain.ids import ProductionOrderId
from manchengo.domain.lot.commands import (
    ConsumeLot,
    ProduceLot,
    ReserveLot,
    TakeBackLot,
    UnreserveLot,
)
from manchengo.domain.lot.events import LotProduced
from manchengo.domain.lot.state import Lot
from manchengo.domain.product import ProductKind
from manchengo.domain.production_order import (
    CancelProduction,
    CompleteProduction,
    ConsumeMaterial,
    MaterialPick,
    MaterialTakenBack,
    MissingMaterial,
    NotAnIngredient,
    NotEnoughMaterials,
    Output,
    Planned,
    PlanProduction,
    Produce,
    ProductionOrder,
    ProductionPlanned,
    Started,
    StartProduction,
    TakeBackMaterial,
)
from manchengo.domain.recipe import Ingredient
from manchengo.domain.values import Quantity
from manchengo.ports.rows import RecipeRow


def plan(work: UnitOfWork, command: PlanProduction) -> None:
    """Plans a production order by the recipe in force on its day."""
    work.record(PRODUCTION_ORDER, command.order_id, (_planned(work, command),))


def start(work: UnitOfWork, command: StartProduction) -> None:
    """Reserve all that is needed, or name all that is missing."""
    order = work.load(PRODUCTION_ORDER, command.order_id)
    needs = order.needs if isinstance(order, Planned) else ()
    picks = _picks(work, needs, order=order.code, on=command.on)
    work.record(PRODUCTION_ORDER, order.id, production.start(order, picks, on=command.on))
    for pick in picks:
        work.ask(
            pick.lot_id,
            ReserveLot(lot_id=pick.lot_id, owner=order.id, quantity=pick.quantity, on=command.on),
        )


def consume(work: UnitOfWork, command: ConsumeMaterial) -> None:
    """Pours a scanned lot into the order."""
    order = work.load(PRODUCTION_ORDER, command.order_id)
    lot = work.lot(command.lot_id)
    product = work.product(lot.product_id)
    poured = changed(command, quantity=product.in_stock_unit(command.quantity, command.on))
    events = production.consume(
        order,
        poured,
        lot=lot.code,
        product_id=product.id,
        product=product.code,
        happened=work.facts is not None,
    )
    work.ask(
        lot.id,
        ConsumeLot(lot_id=lot.id, order_id=order.id, quantity=poured.quantity, on=command.on),
    )
    work.record(PRODUCTION_ORDER, order.id, events)


def take_back(work: UnitOfWork, command: TakeBackMaterial) -> None:
    """Takes back what was poured of a lot, in the stock unit of its product."""
    order = work.load(PRODUCTION_ORDER, command.order_id)
    lot = work.lot(command.lot_id)
    happened = work.facts.taken_back(order.id) if work.facts else ()
    events = production.take_back(
        order,
        command,
        _taken_back(work, order, lot, command, happened),
        lot=lot.code,
        product_id=lot.product_id,
        happened=happened,
    )
    for event in events:
        kept = production.kept_again(
            production.started(work.load(PRODUCTION_ORDER, order.id), "take back"), event
        )
        work.record(PRODUCTION_ORDER, order.id, (event,))
        work.ask(
            lot.id,
            TakeBackLot(
                lot_id=lot.id,
                order_id=order.id,
                quantity=event.quantity,
                kept=event.quantity.with_thousandths(kept),
                on=event.poured_on,
            ),
        )


def _taken_back(
    work: UnitOfWork,
    order: ProductionOrder,
    lot: Lot,
    command: TakeBackMaterial,
    happened: tuple[MaterialTakenBack, ...],
) -> Quantity:
    """How much is taken back: what is recorded to have been, what the command says, or all."""
    scans = order.consumed if isinstance(order, Started) else ()
    poured = [scan.quantity for scan in scans if scan.lot_id == lot.id]
    if happened:
        return lot.on_hand.with_thousandths(sum(each.quantity.thousandths for each in happened))
    if command.quantity is None:
        return lot.on_hand.with_thousandths(sum(each.thousandths for each in poured))
    product = work.product(lot.product_id)
    return product.whole_in_stock_unit(command.quantity, command.on, beside=poured)


def complete(work: UnitOfWork, command: CompleteProduction) -> None:
    """Yields the lots of the order, and gives back what was reserved and not poured."""
    order = work.load(PRODUCTION_ORDER, command.order_id)
    outputs = tuple(_whole(work, output, command.on) for output in command.outputs)
    lost = command.lost
    if lost is not None and isinstance(order, Started):
        lost = work.product(order.plan.product_id).whole_in_stock_unit(lost, command.on)
    done = production.complete(order, changed(command, outputs=outputs, lost=lost))
    order = production.started(order, "complete")
    work.record(PRODUCTION_ORDER, order.id, done)
    recalled = recalled_material(work, order.id, [scan.lot_id for scan in order.consumed])
    for output in outputs:
        _yield_lot(work, order.id, recalled, output, on=command.on)
    _give_back(work, order.id, order.picks, on=command.on)


def cancel(work: UnitOfWork, command: CancelProduction) -> None:
    """Cancels the order, and gives back what was reserved for it."""
    order = work.load(PRODUCTION_ORDER, command.order_id)
    work.record(PRODUCTION_ORDER, order.id, production.cancel(order, command))
    if isinstance(order, Started):
        _give_back(work, order.id, order.picks, on=command.on)


def produce(work: UnitOfWork, command: Produce) -> None:
    """Take, pour all that was taken, and yield: what is poured at once is kept for nobody first."""
    planned = _planned(work, command)
    picks = _poured(work, planned, on=command.on)
    outputs = tuple(_whole(work, output, command.on) for output in command.outputs)
    lost = command.lost
    if lost is not None:
        lost = work.product(planned.product_id).whole_in_stock_unit(lost, command.on)
    made = production.make(planned, picks, changed(command, outputs=outputs, lost=lost))
    work.record(PRODUCTION_ORDER, planned.order_id, made)
    for pick in picks:
        work.ask(
            pick.lot_id,
            ConsumeLot(
                lot_id=pick.lot_id,
                order_id=planned.order_id,
                quantity=pick.quantity,
                on=command.on,
            ),
        )
    recalled = recalled_material(work, planned.order_id, [pick.lot_id for pick in picks])
    for output in outputs:
        _yield_lot(work, planned.order_id, recalled, output, on=command.on)


def _planned(work: UnitOfWork, command: PlanProduction | Produce) -> ProductionPlanned:
    """The order, new and under a new code, with what the recipe in force says it needs."""
    work.new(PRODUCTION_ORDER, command.order_id)
    work.new_code("production_order", command.code)
    product = work.product(command.product_id).active()
    if product.kind is not ProductKind.FINISHED:
        raise NotAFinishedProduct(product=product.code)
    in_stock_unit = changed(
        command, planned=product.whole_in_stock_unit(command.planned, command.on)
    )
    row = next(work.snapshot.rows(RecipeRow, product_id=product.id, limit=1), None)
    if row is None:
        raise recipes.NoRecipeInForce(product=product.code, on=command.on)
    version = work.load(RECIPE, row.id).in_force(command.on, product=product.code)
    return production.plan(
        in_stock_unit,
        recipe_id=row.id,
        recipe_version=version.version,
        needs=recipes.needs(version, in_stock_unit.planned),
    )


def _picks(
    work: UnitOfWork, needs: Iterable[Ingredient], *, order: str, on: date
) -> tuple[MaterialPick, ...]:
    """Lots that give every need whole; ``order`` is the code to name where some is missing."""
    picks: list[MaterialPick] = []
    missing: list[MissingMaterial] = []
    for need in needs:
        product = work.product(need.product_id)
        # An order that was planned by an older program may need nothing of an ingredient.
        wanted = recipes.at_least_a_thousandth(need.quantity)
        chosen = work.choose(product, wanted, on=on, purpose=Purpose.PRODUCTION)
        picks.extend(
            MaterialPick(lot_id=pick.lot_id, product_id=product.id, quantity=pick.quantity)
            for pick in chosen.picks
        )
        if chosen.shortfall:
            missing.append(
                MissingMaterial(
                    product=product.code,
                    wanted=wanted,
                    available=wanted - chosen.shortfall,
                )
            )
    if missing:
        raise NotEnoughMaterials(order=order, on=on, missing=tuple(missing))
    return tuple(picks)


def _poured(work: UnitOfWork, planned: ProductionPlanned, *, on: date) -> tuple[MaterialPick, ...]:
    """The lots that a production takes: where it already happened, those that were poured."""
    if work.facts is None:
        return _picks(work, planned.needs, order=planned.code, on=on)
    for pick in work.facts.picks:
        lot = work.lot(pick.lot_id)
        if lot.product_id != pick.product_id:
            product = work.product(lot.product_id)
            raise NotAnIngredient(order=planned.code, lot=lot.code, product=product.code)
    return work.facts.picks


def _whole(work: UnitOfWork, output: Output, on: date) -> Output:
    """The output with its quantity in the stock unit and its expiry reckoned where not given."""
    product = work.product(output.product_id).active()
    if product.kind is not ProductKind.FINISHED:
        raise NotAFinishedProduct(product=product.code)
    came_out = work.facts.next(output.lot_id, LotProduced) if work.facts else None
    if came_out is not None:
        return changed(output, quantity=came_out.quantity, expires_on=came_out.expires_on)
    return changed(
        output,
        quantity=product.whole_in_stock_unit(output.quantity, on),
        expires_on=product.expiry(output.expires_on, on=on),
    )


def _yield_lot(
    work: UnitOfWork,
    order_id: ProductionOrderId,
    recalled: Lot | None,
    output: Output,
    *,
    on: date,
) -> None:
    """``recalled``: the material for which whatever comes out is recalled at once."""
    work.new(LOT, output.lot_id)
    work.new_code("lot", output.code)
    product = work.product(output.product_id)
    work.ask(
        output.lot_id,
        ProduceLot(
            lot_id=output.lot_id,
            code=output.code,
            product_id=output.product_id,
            order_id=order_id,
            on=on,
            quantity=output.quantity,
            expires_on=output.expires_on,
            role=output.role,
            quarantined=product.release_required,
        ),
    )
    recall_at_birth(work, output.lot_id, code=output.code, material=recalled, on=on)


def _give_back(
    work: UnitOfWork, order_id: ProductionOrderId, picks: Iterable[MaterialPick], *, on: date
) -> None:
    """Free what the order still holds of the lots it had picked."""
    for lot_id in dict.fromkeys(pick.lot_id for pick in picks):
        held = work.lot(lot_id).reserved_for(order_id)
        if held:
            work.ask(lot_id, UnreserveLot(lot_id=lot_id, owner=order_id, quantity=held, on=on))
