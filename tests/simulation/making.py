"""Milk comes in, cheese is made of it, and lots are counted, kept back and written off."""

from datetime import timedelta

from manchengo import commands
from manchengo.application.by_id import lot_of
from manchengo.application.unit_of_work import NeedsNewerProgram, UnitOfWork
from manchengo.domain.ids import (
    LotId,
    ProductionOrderId,
)
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.production_order import Output
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    FinishedLotRow,
    LotRow,
    MovementRow,
    ProductionOrderRow,
    RawLotRow,
)
from tests.simulation.day import Day, Deed, NothingThere
from tests.support.dairy import CHEESE, MILK, RENNET
from tests.support.pourings import all_pourings

UNITS = {MILK: Unit.L, RENNET: Unit.ML, CHEESE: Unit.KG}


# ---------------------------------------------------------------- stock


def receive(day: Day) -> Deed:
    product = day.one([MILK, MILK, MILK, RENNET])
    code, on = day.code("L"), day.on()
    return commands.ReceiveLot(
        lot_id=LotId(day.id_for(code)),
        code=code,
        product_id=product,
        supplier_id=day.supplier(),
        on=on,
        quantity=Quantity(day.random.randrange(20_000, 160_000), UNITS[product]),
        expires_on=day.one([None, None, on + timedelta(days=day.random.randrange(1, 9))]),
    )


def enter_opening_stock(day: Day) -> Deed:
    product = day.one([MILK, CHEESE, CHEESE])
    code, on = day.code("L"), day.on()
    return commands.EnterOpeningStock(
        lot_id=LotId(day.id_for(code)),
        code=code,
        product_id=product,
        on=on,
        dated=on - timedelta(days=day.random.randrange(-1, 20)),
        quantity=Quantity(day.random.randrange(1_000, 9_000), UNITS[product]),
    )


def write_off(day: Day) -> Deed:
    lot = day.a_lot()
    quantity = Quantity(day.amount(lot.quantity_remaining // 3), Unit(lot.unit))
    return commands.WriteOffLot(lot_id=lot.id, quantity=quantity, on=day.on(), reason=day.reason())


def send_back(day: Day) -> Deed:
    lot = day.row(RawLotRow)
    quantity = Quantity(day.amount(lot.quantity_remaining // 3), Unit(lot.unit))
    return commands.SendBackToSupplier(
        lot_id=lot.id, quantity=quantity, on=day.on(), reason=day.reason()
    )


def count(day: Day) -> Deed:
    lot = day.a_lot()
    seen = max(0, lot.quantity_remaining + day.random.randrange(-9_000, 9_000))
    return commands.CountLot(lot_id=lot.id, counted=Quantity(seen, Unit(lot.unit)), on=day.on())


def take_back_count(day: Day) -> Deed:
    counts = [row for row in day.snapshot.rows(MovementRow) if row.kind == "count"]
    seen = day.one(sorted(counts, key=lambda row: (row.lot_id, row.number)))
    lot = lot_of(day.snapshot, seen.lot_id)
    try:
        ledger = UnitOfWork(day.snapshot).lot(lot.id).ledger
    except NeedsNewerProgram as unread:  # nobody sees there what was counted
        raise NothingThere from unread
    found = next(line.balance for line in ledger.lines if line.number == seen.number)
    return commands.TakeBackCount(
        lot_id=lot.id,
        counted=Quantity(found, Unit(lot.unit)),
        on=seen.day,
        reason=day.reason(),
    )


def correct(day: Day) -> Deed:
    lot = day.a_lot()
    last = day.one([None, lot.entered_on + timedelta(days=day.random.randrange(-1, 30))])
    return commands.CorrectLot(
        lot_id=lot.id,
        on=day.on(),
        reason=day.reason(),
        expiry=Expiry(last),
        supplier_id=day.one([None, day.supplier()]),
    )


def quarantine(day: Day) -> Deed:
    return commands.QuarantineLot(lot_id=day.a_lot().id, on=day.on(), reason=day.reason())


def block(day: Day) -> Deed:
    return commands.BlockLot(lot_id=day.a_lot().id, on=day.on(), reason=day.reason())


def release(day: Day) -> Deed:
    kept: list[LotRow] = [
        lot
        for kind in (RawLotRow, FinishedLotRow)
        for lot in day.snapshot.rows(kind)
        if lot.standing != "released"
    ]
    return commands.ReleaseLot(lot_id=day.one(kept).id, on=day.on())


def recall(day: Day) -> Deed:
    return commands.RecallLot(lot_id=day.a_lot().id, on=day.on(), reason=day.reason())


def void(day: Day) -> Deed:
    return commands.VoidLot(lot_id=day.a_lot().id, on=day.on(), reason=day.reason())


# ---------------------------------------------------------------- production


def produce(day: Day) -> Deed:
    code, quantity = day.code("O"), some_cheese(day)
    return commands.Produce(
        order_id=ProductionOrderId(day.id_for(code)),
        code=code,
        product_id=CHEESE,
        planned=quantity,
        on=day.on(),
        outputs=(an_output(day, quantity),),
    )


def some_cheese(day: Day) -> Quantity:
    return Quantity(day.random.randrange(1_000, 9_000), Unit.KG)


def an_output(day: Day, quantity: Quantity) -> Output:
    code = day.code("T")
    return Output(
        lot_id=LotId(day.id_for(code)),
        code=code,
        product_id=CHEESE,
        quantity=quantity,
        expires_on=day.one([None, day.today + timedelta(days=day.random.randrange(3, 30))]),
    )


def plan(day: Day) -> Deed:
    code = day.code("O")
    return commands.PlanProduction(
        order_id=ProductionOrderId(day.id_for(code)),
        code=code,
        product_id=CHEESE,
        planned=some_cheese(day),
        on=day.on(),
    )


def start(day: Day) -> Deed:
    order = day.row(ProductionOrderRow, status="planned")
    return commands.StartProduction(order_id=order.id, on=day.on())


def pour(day: Day) -> Deed:
    order = day.one(
        [row for row in day.snapshot.rows(ProductionOrderRow) if row.status == "started"]
    )
    lot = day.row(RawLotRow)
    return commands.ConsumeMaterial(
        order_id=order.id,
        lot_id=lot.id,
        quantity=Quantity(day.amount(lot.quantity_remaining), Unit(lot.unit)),
        on=day.on(),
        override_reason=day.one(["", "autre cuve"]),
    )


def take_back(day: Day) -> Deed:
    order_id, scan = day.one(all_pourings(day.snapshot))
    some = Quantity(day.amount(scan.quantity.thousandths), scan.quantity.unit)
    return commands.TakeBackMaterial(
        order_id=order_id, lot_id=scan.lot_id, on=day.on(), quantity=day.one([None, some])
    )


def complete(day: Day) -> Deed:
    order = day.row(ProductionOrderRow, status="started")
    return commands.CompleteProduction(
        order_id=order.id,
        outputs=(an_output(day, Quantity(max(1, order.planned), Unit.KG)),),
        on=day.on(),
    )


def cancel_production(day: Day) -> Deed:
    order = day.one(
        [
            row
            for row in day.snapshot.rows(ProductionOrderRow)
            if row.status in ("planned", "started")
        ]
    )
    return commands.CancelProduction(order_id=order.id, on=day.on(), reason=day.reason())


def reopen_production(day: Day) -> Deed:
    over = [
        row
        for row in day.snapshot.rows(ProductionOrderRow)
        if row.status in ("completed", "cancelled")
    ]
    return commands.ReopenProduction(order_id=day.one(over).id, on=day.on(), reason=day.reason())
