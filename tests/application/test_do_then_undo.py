"""What is undone at once is as if it had not been done, whatever happened before.

Everything that a later decision looks at is compared: balances day by day, reservations, which lots
are proposed and in what order, and what the orders and the deliveries still wait for.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from attrs import evolve
from hypothesis import assume
from hypothesis import given as whatever
from hypothesis import strategies as st

from manchengo import Refused
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Command, TakeBackMaterial, UnloadLot
from manchengo.domain.allocation import Policy
from manchengo.domain.lot.state import Lot
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    VOIDED,
    DeliveryLineRow,
    DeliveryRow,
    FinishedLotRow,
    ProductionOrderRow,
    RawLotRow,
    SalesOrderLineRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot
from tests.support.campaigns import examples
from tests.support.dairy import (
    CHEESE,
    MILK,
    RENNET,
    abandoned,
    an_output,
    called_off,
    closed,
    completed,
    count_taken_back,
    counted,
    day,
    handed_over,
    in_opening_stock,
    in_store,
    kg,
    loaded,
    make_reopened,
    poured,
    received,
    sale_reopened,
    stayed,
    van_reopened,
    voided,
)
from tests.support.plant import Device
from tests.support.pourings import all_pourings
from tests.support.random_dairy import MIXTURE, Act, RandomDairy

T = TypeVar("T")

DAYS = [day(number) for number in range(-1, 5)]
acts = st.tuples(
    st.sampled_from([*MIXTURE, "prepare", "load"]),
    st.just(0),
    st.integers(0, 40_000),
    st.integers(0, 40_000),
)
histories = st.lists(acts, max_size=40)


def all_that_decides(device: Device) -> dict[str, Any]:
    """All that the next decision, list or proposal looks at."""
    with device.store.reading() as snapshot:
        return {
            "lots": [_as_decided_on(lot) for lot in lots_of(snapshot)],
            "proposed": [
                list(snapshot.candidates(kind, product, policy, on=on))
                for kind, product in (
                    (RawLotRow, MILK),
                    (RawLotRow, RENNET),
                    (FinishedLotRow, CHEESE),
                )
                for policy in Policy
                for on in DAYS
            ],
            "orders": [
                sorted(snapshot.rows(kind), key=lambda row: row.key())
                for kind in (
                    ProductionOrderRow,
                    SalesOrderRow,
                    SalesOrderLineRow,
                    DeliveryRow,
                    DeliveryLineRow,
                )
            ],
            "pourings": all_pourings(snapshot),
            "stock": [device.dairy.stock.by_product(at=on) for on in (None, *DAYS)],
        }


def lots_of(snapshot: Snapshot) -> Iterator[Lot]:
    work = UnitOfWork(snapshot)
    for kind in (RawLotRow, FinishedLotRow):
        for row in sorted(snapshot.rows(kind), key=lambda row: row.id):
            if row.status != VOIDED:
                yield work.lot(row.id)


def _as_decided_on(lot: Lot) -> dict[str, Any]:
    return {
        "id": lot.id,
        "kept": lot.kept,
        "standing": lot.standing,
        "expires_on": lot.expires_on,
        "balances": [lot.ledger.balance_on(on) for on in DAYS],
        "free": [lot.free(on) for on in DAYS],
    }


def nothing_is_promised_twice(device: Device) -> bool:
    """A count may find less than was promised; then a promise that was given up is not renewed."""
    with device.store.reading() as snapshot:
        return all(lot.reserved <= lot.ledger.on_hand for lot in lots_of(snapshot))


@examples(20, campaign=60)
@whatever(histories, st.integers(0, 9), st.integers(0, 9), st.integers(1, 30_000))
def test_a_material_poured_and_taken_back(
    history: list[Act], make: int, lot: int, millilitres: int
) -> None:
    device = after([*history, ("plan", 0, 1, 0), ("pour", 0, 0, 1)])
    with device.store.reading() as snapshot:
        into = picked(list(snapshot.rows(ProductionOrderRow, status="started")), make)
        source = picked(list(snapshot.rows(RawLotRow)), lot)
    quantity = Quantity(millilitres, Unit(source.unit))
    pour = evolve(
        poured("", "", quantity, on=day(2), reason="celui-là"),
        order_id=into.id,
        lot_id=source.id,
    )
    back = TakeBackMaterial(order_id=into.id, lot_id=source.id, quantity=pour.quantity, on=day(2))
    undone_is_not_done(device, pour, back)


@examples(15, campaign=40)
@whatever(histories, st.integers(1, 30_000), st.booleans(), st.sampled_from(DAYS))
def test_a_lot_that_came_and_is_void(
    history: list[Act], amount: int, is_opening: bool, on: date
) -> None:
    device = after(history)
    come: Command = received("new", Quantity(amount, Unit.L), on=on)
    if is_opening:
        come = in_opening_stock("new", Quantity(amount, Unit.KG), on=on)
    undone_is_not_done(device, come, voided("new", on=on))


@examples(20, campaign=60)
@whatever(histories, st.integers(0, 9), st.integers(0, 90_000), st.sampled_from(DAYS))
def test_a_lot_that_is_counted_and_not(history: list[Act], lot: int, amount: int, on: date) -> None:
    device = after(history)
    with device.store.reading() as snapshot:
        shelf = picked(list(snapshot.rows(RawLotRow)), lot)
    found = Quantity(amount, Unit(shelf.unit))
    count = evolve(counted("", found, on=on), lot_id=shelf.id)
    undone_is_not_done(device, count, evolve(count_taken_back("", found, on=on), lot_id=shelf.id))


@examples(20, campaign=60)
@whatever(histories, st.integers(0, 9), st.integers(0, 5))
def test_a_make_that_ends_and_is_reopened(history: list[Act], make: int, two: int) -> None:
    device = after([*history, ("plan", 0, 1, 0), ("pour", 0, 0, 1)])
    with device.store.reading() as snapshot:
        order = picked(list(snapshot.rows(ProductionOrderRow, status="started")), make)
    output = an_output("reopened", kg(1 + two), of=order.product_id)
    end: Any = completed("", output, on=day(2)) if two else abandoned("", on=day(2))
    back = evolve(make_reopened("", on=day(2)), order_id=order.id)
    undone_is_not_done(device, evolve(end, order_id=order.id), back)


@examples(20, campaign=60)
@whatever(histories, st.integers(0, 9), st.booleans())
def test_a_sale_that_ends_and_is_reopened(history: list[Act], sale: int, is_close: bool) -> None:
    device = after([*history, ("sell", 0, 1, 0), ("sell", 0, 2, 1)])
    with device.store.reading() as snapshot:
        order = picked(list(snapshot.rows(SalesOrderRow)), sale)
    end: Any = closed("", on=day(2)) if is_close else called_off("", on=day(2))
    back = evolve(sale_reopened("", on=day(2)), order_id=order.id)
    undone_is_not_done(device, evolve(end, order_id=order.id), back)


@examples(15, campaign=40)
@whatever(histories, st.integers(0, 9), st.booleans())
def test_a_van_that_arrives_or_stays_and_is_reopened(
    history: list[Act], van: int, arrives: bool
) -> None:
    to_go = [("sell", 0, 1, 0), ("sell", 0, 1, 1), ("prepare", 0, 7, 0), ("load", 0, 3, 7)]
    device = after([*history, *to_go])
    with device.store.reading() as snapshot:
        status = "dispatched" if arrives else "prepared"
        delivery = picked(list(snapshot.rows(DeliveryRow, status=status)), van)
    end: Any = handed_over("", on=day(2)) if arrives else stayed("", on=day(2))
    back = evolve(van_reopened("", on=day(2)), delivery_id=delivery.id)
    undone_is_not_done(device, evolve(end, delivery_id=delivery.id), back)


def undone_is_not_done(device: Device, command: Command, undo: Command) -> None:
    assume(nothing_is_promised_twice(device))
    before = all_that_decides(device)
    try:
        device.dairy.execute(command)
    except Refused:
        return  # nothing was done
    device.dairy.execute(undo)
    assert all_that_decides(device) == before


def after(history: list[Act]) -> Device:
    """With two more cheeses, so that there is something to choose from."""
    dairy = RandomDairy()
    dairy.plant.devices[0].does(in_store("T2", kg(2)), in_store("T3", kg(5), on=day(1)))
    for act in history:
        dairy.act(act)
    return dairy.plant.devices[0]


def picked(some: Sequence[T], number: int) -> T:
    assume(some)
    return some[number % len(some)]


@examples(20, campaign=60)
@whatever(histories, st.integers(0, 9), st.integers(0, 9), st.integers(1, 1_500))
def test_a_lot_loaded_and_taken_off_again(
    history: list[Act], van: int, lot: int, grams: int
) -> None:
    to_load = [("sell", 0, 1, 1), ("prepare", 0, 7, 0), ("load", 0, 3, 7)]
    device = after([*history, *to_load])
    with device.store.reading() as snapshot:
        into = picked(list(snapshot.rows(DeliveryRow, status="prepared")), van)
        scanned = picked(list(snapshot.rows(FinishedLotRow, product_id=CHEESE)), lot)
    quantity = evolve(kg(1), thousandths=grams)
    load = evolve(
        loaded("", "", quantity, on=day(2), reason="plus près"),
        delivery_id=into.id,
        lot_id=scanned.id,
    )
    unload = UnloadLot(delivery_id=into.id, lot_id=scanned.id, quantity=load.quantity, on=day(2))
    undone_is_not_done(device, load, unload)
