"""Production: from a plan to the lots that come out of it."""

from collections.abc import Iterable
from datetime import date

from attrs import evolve as changed

from manchengo.application.books import Books
from manchengo.application.handlers.recalls import recall_at_birth, recalled_material
from manchengo.application.handlers.registers import NotAFinishedProduct
from manchengo.domain import production_order as production
from manchengo.domain import recipe as recipes
from manchengo.domain.aggregates import LOT, PRODUCTION_ORDER, RECIPE
from manchengo.domain.allocation import Purpose
from manchengo.domain.ids import ProductionOrderId
from manchengo.domain.lot.commands import (
    ConsumeLot,
    ProduceLot,
    ReserveLot,
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
    MissingMaterial,
    NotAnIngredient,
    NotEnoughMaterials,
    Output,
    Planned,
    PlanProduction,
    Produce,
    ProductionPlanned,
    Started,
    StartProduction,
)
from manchengo.domain.recipe import Ingredient
from manchengo.ports.rows import FinishedLotRow, ProductionOrderRow, RawLotRow, RecipeRow


def plan(books: Books, command: PlanProduction) -> None:
    books.tell(PRODUCTION_ORDER, command.order_id, (_planned(books, command),))


def start(books: Books, command: StartProduction) -> None:
    """Reserve all that is needed, or name all that is missing."""
    order = books.load(PRODUCTION_ORDER, command.order_id)
    needs = order.needs if isinstance(order, Planned) else ()
    picks = _picks(books, needs, order=order.code, on=command.on)
    books.tell(PRODUCTION_ORDER, order.id, production.start(order, picks, on=command.on))
    for pick in picks:
        books.ask(
            pick.lot_id,
            ReserveLot(lot_id=pick.lot_id, owner=order.id, quantity=pick.quantity, on=command.on),
        )


def consume(books: Books, command: ConsumeMaterial) -> None:
    order = books.load(PRODUCTION_ORDER, command.order_id)
    lot = books.lot(command.lot_id)
    product = books.product(lot.product_id)
    poured = changed(command, quantity=product.in_stock_unit(command.quantity, command.on))
    events = production.consume(
        order,
        poured,
        lot=lot.code,
        product_id=product.id,
        product=product.code,
        happened=books.facts is not None,
    )
    books.ask(
        lot.id,
        ConsumeLot(lot_id=lot.id, order_id=order.id, quantity=poured.quantity, on=command.on),
    )
    books.tell(PRODUCTION_ORDER, order.id, events)


def complete(books: Books, command: CompleteProduction) -> None:
    order = books.load(PRODUCTION_ORDER, command.order_id)
    outputs = tuple(_whole(books, output, command.on) for output in command.outputs)
    lost = command.lost
    if lost is not None and isinstance(order, Started):
        lost = books.product(order.plan.product_id).whole_in_stock_unit(lost, command.on)
    done = production.complete(order, changed(command, outputs=outputs, lost=lost))
    order = production.started(order, "complete")
    books.tell(PRODUCTION_ORDER, order.id, done)
    recalled = recalled_material(books, order.id, [scan.lot_id for scan in order.consumed])
    for output in outputs:
        _yield_lot(books, order.id, recalled, output, on=command.on)
    _give_back(books, order.id, order.picks, on=command.on)


def cancel(books: Books, command: CancelProduction) -> None:
    order = books.load(PRODUCTION_ORDER, command.order_id)
    books.tell(PRODUCTION_ORDER, order.id, production.cancel(order, command))
    if isinstance(order, Started):
        _give_back(books, order.id, order.picks, on=command.on)


def produce(books: Books, command: Produce) -> None:
    """Take, pour all that was taken, and yield: what is poured at once is kept for nobody first."""
    planned = _planned(books, command)
    picks = _poured(books, planned, on=command.on)
    outputs = tuple(_whole(books, output, command.on) for output in command.outputs)
    lost = command.lost
    if lost is not None:
        lost = books.product(planned.product_id).whole_in_stock_unit(lost, command.on)
    made = production.make(planned, picks, changed(command, outputs=outputs, lost=lost))
    books.tell(PRODUCTION_ORDER, planned.order_id, made)
    for pick in picks:
        books.ask(
            pick.lot_id,
            ConsumeLot(
                lot_id=pick.lot_id,
                order_id=planned.order_id,
                quantity=pick.quantity,
                on=command.on,
            ),
        )
    recalled = recalled_material(books, planned.order_id, [pick.lot_id for pick in picks])
    for output in outputs:
        _yield_lot(books, planned.order_id, recalled, output, on=command.on)


def _planned(books: Books, command: PlanProduction | Produce) -> ProductionPlanned:
    """The order, new and under a new code, with what the recipe in force says it needs."""
    books.new(PRODUCTION_ORDER, command.order_id)
    books.new_code("production_order", command.code, ProductionOrderRow)
    product = books.product(command.product_id).active()
    if product.kind is not ProductKind.FINISHED:
        raise NotAFinishedProduct(product=product.code)
    in_stock_unit = changed(
        command, planned=product.whole_in_stock_unit(command.planned, command.on)
    )
    row = next(books.snapshot.rows(RecipeRow, product_id=product.id, limit=1), None)
    if row is None:
        raise recipes.NoRecipeInForce(product=product.code, on=command.on)
    version = books.load(RECIPE, row.id).in_force(command.on, product=product.code)
    return production.plan(
        in_stock_unit,
        recipe_id=row.id,
        recipe_version=version.version,
        needs=recipes.needs(version, in_stock_unit.planned),
    )


def _picks(
    books: Books, needs: Iterable[Ingredient], *, order: str, on: date
) -> tuple[MaterialPick, ...]:
    """Lots that give every need whole; ``order`` is the code to name where some is missing."""
    picks: list[MaterialPick] = []
    missing: list[MissingMaterial] = []
    for need in needs:
        product = books.product(need.product_id)
        # An order that was planned by an older program may need nothing of an ingredient.
        wanted = recipes.at_least_a_thousandth(need.quantity)
        chosen = books.choose(product, wanted, on=on, purpose=Purpose.PRODUCTION)
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


def _poured(books: Books, planned: ProductionPlanned, *, on: date) -> tuple[MaterialPick, ...]:
    """The lots of a make told at once: those that were poured, where that happened already."""
    if books.facts is None:
        return _picks(books, planned.needs, order=planned.code, on=on)
    for pick in books.facts.picks:
        lot = books.lot(pick.lot_id)
        if lot.product_id != pick.product_id:
            product = books.product(lot.product_id)
            raise NotAnIngredient(order=planned.code, lot=lot.code, product=product.code)
    return books.facts.picks


def _whole(books: Books, output: Output, on: date) -> Output:
    """The output with its quantity in the stock unit and its expiry reckoned where not given."""
    product = books.product(output.product_id).active()
    if product.kind is not ProductKind.FINISHED:
        raise NotAFinishedProduct(product=product.code)
    came_out = books.facts.next(output.lot_id, LotProduced) if books.facts else None
    if came_out is not None:
        return changed(output, quantity=came_out.quantity, expires_on=came_out.expires_on)
    return changed(
        output,
        quantity=product.whole_in_stock_unit(output.quantity, on),
        expires_on=product.expiry(output.expires_on, on=on),
    )


def _yield_lot(
    books: Books,
    order_id: ProductionOrderId,
    recalled: Lot | None,
    output: Output,
    *,
    on: date,
) -> None:
    """``recalled``: the material for which whatever comes out is recalled at once."""
    books.new(LOT, output.lot_id)
    books.new_code("lot", output.code, RawLotRow, FinishedLotRow)
    product = books.product(output.product_id)
    books.ask(
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
    recall_at_birth(books, output.lot_id, code=output.code, material=recalled, on=on)


def _give_back(
    books: Books, order_id: ProductionOrderId, picks: Iterable[MaterialPick], *, on: date
) -> None:
    """Free what the order still holds of the lots it had picked."""
    for lot_id in dict.fromkeys(pick.lot_id for pick in picks):
        held = books.lot(lot_id).reserved_for(order_id)
        if held:
            books.ask(lot_id, UnreserveLot(lot_id=lot_id, owner=order_id, quantity=held, on=on))
