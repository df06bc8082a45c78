"""What is there: by product, by lot, today or at a past date."""

# Help then says ``Quantity``, and not the module that it comes from.
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import cast

from attrs import frozen

from manchengo.application.genealogy import AnyLot
from manchengo.application.permitted_snapshot import whole
from manchengo.application.unit_of_work import UnitOfWork, folded, lots_of
from manchengo.domain.aggregates import CLIENT, LOT, AnyAggregate
from manchengo.domain.allocation import Allocation, Candidate, Purpose, allocate
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import ClientId, LotId, ProductId
from manchengo.domain.lot.state import Lot
from manchengo.domain.product import Product
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.clock import Clock
from manchengo.ports.rows import (
    FinishedLotRow,
    FinishedProductRow,
    ProductRow,
    RawLotRow,
    RawProductRow,
    ReservationRow,
    reserved_on,
)
from manchengo.ports.stock_lines import by_product
from manchengo.ports.store import Snapshot, StockLine


@frozen(kw_only=True)
class ProductStock:
    """One product and what is there of it; quantities in the product's unit."""

    product: ProductRow
    on_hand: Quantity
    reserved: Quantity
    usable: Quantity
    open_lots: int


@frozen
class Stock:
    """Questions about quantities, each in the unit that its product is kept in. Each answer is of
    one consistent moment.
    """

    _reading: Callable[[], AbstractContextManager[Snapshot]]
    _clock: Clock

    def on_hand(self, product_id: ProductId, *, at: date | None = None) -> Quantity:
        """What is there of the product ``product_id``: now, or when the day ``at`` ended.

        Raises ``Unknown`` when there is no such product.
        """
        for line in self.by_product(at=at):
            if line.product.id == product_id:
                return line.on_hand
        raise Unknown(kind="product", reference=str(product_id))

    def by_product(self, *, at: date | None = None) -> list[ProductStock]:
        """Every product, in the order of kind and code. ``at`` None: now. What is dated after today
        is not there yet and has not left yet, but what is promised for a later day is promised.
        """
        with self._reading() as snapshot:
            today = self._clock.today()
            known = {
                line.product_id: line
                for line in (
                    _lines_now(whole(snapshot), today) if at is None else stock_at(snapshot, at)
                )
            }
            return [_stock_of(product, known.get(product.id)) for product in _products(snapshot)]

    def preview(
        self,
        product_id: ProductId,
        wanted: Quantity,
        *,
        on: date | None = None,
        client: ClientId | None = None,
    ) -> Allocation:
        """What a reservation of ``wanted`` of the product ``product_id`` would take, lot by lot,
        what would be missing, and why each open lot was passed over. Nothing is reserved.

        ``wanted``: in any unit that the product converts from. ``on``: the day of use, today when
        left out. ``client``: who buys, for the days of life that he asks for; when left out, the
        goods go into a make. Raises ``Unknown`` when there is no such product or client,
        ``UnitsDiffer`` and ``TooFine`` when the unit does not fit it.
        """
        day = on or self._clock.today()
        with self._reading() as snapshot:
            work = UnitOfWork(whole(snapshot))
            product = work.product(product_id)
            buyer = None if client is None else work.load(CLIENT, client)
            return allocate(
                list(open_candidates(work, product, day)),
                product.in_stock_unit(wanted, day),
                on=day,
                policy=product.allocation,
                purpose=Purpose.SALE if buyer else Purpose.PRODUCTION,
                minimum_shelf_life_days=buyer.minimum_shelf_life_days if buyer else 0,
            )


def stock_at(snapshot: Snapshot, day: date) -> list[StockLine]:
    """What was there when ``day`` ended, usable as judged on that day."""
    lots = {lot_id: held for lot_id, held in snapshot.held_at(day).items() if held > 0}
    held = {
        lot_id: (on_hand, _reserved_at(snapshot, lot_id, day)) for lot_id, on_hand in lots.items()
    }
    raw = snapshot.rows_with_ids(RawLotRow, lots)
    finished = snapshot.rows_with_ids(FinishedLotRow, lots.keys() - raw.keys())
    return by_product([*raw.values(), *finished.values()], held, day)


def _reserved_at(snapshot: Snapshot, lot_id: LotId, day: date) -> int:
    return reserved_on(day, snapshot.rows(ReservationRow, lot_id=lot_id)).get(lot_id, 0)


def _lines_now(snapshot: Snapshot, today: date) -> Iterator[StockLine]:
    """The lines of the store, without what moves on a later day than today."""
    lines = {line.product_id: line for line in snapshot.stock(on=today)}
    for lot_id in snapshot.moved_after(today):
        lot: Lot = folded(cast(AnyAggregate, LOT), snapshot.stream(lot_id)).state
        line = _added(lines.get(lot.product_id), lot, lot.ledger.on_hand, today, times=-1)
        lines[lot.product_id] = _added(line, lot, lot.ledger.balance_on(today), today, times=1)
    return (line for line in lines.values() if line.open_lots)


def _added(line: StockLine | None, lot: Lot, on_hand: int, today: date, *, times: int) -> StockLine:
    """The line with (``times`` -1: without) what the lot adds to it when it holds so much."""
    known = line or StockLine(
        product_id=lot.product_id, on_hand=0, reserved=0, usable=0, open_lots=0
    )
    if on_hand <= 0:
        return known
    fit = lot.unfit(today, Purpose.SALE) is None
    usable = lot.candidate(today).free.thousandths if times > 0 else on_hand - lot.reserved
    return StockLine(
        product_id=lot.product_id,
        on_hand=known.on_hand + times * on_hand,
        reserved=known.reserved + times * lot.reserved,
        usable=known.usable + times * (max(0, usable) if fit else 0),
        open_lots=known.open_lots + times,
    )


def _stock_of(product: ProductRow, line: StockLine | None) -> ProductStock:
    unit = Unit(product.unit)
    return ProductStock(
        product=product,
        on_hand=Quantity(line.on_hand if line else 0, unit),
        reserved=Quantity(line.reserved if line else 0, unit),
        usable=Quantity(line.usable if line else 0, unit),
        open_lots=line.open_lots if line else 0,
    )


def _products(snapshot: Snapshot) -> list[ProductRow]:
    raw = sorted(snapshot.rows(RawProductRow), key=lambda product: product.code)
    finished = sorted(snapshot.rows(FinishedProductRow), key=lambda product: product.code)
    return [*raw, *finished]


def open_candidates(work: UnitOfWork, product: Product, on: date) -> Iterator[Candidate]:
    """Every lot of the product that holds something, as allocation sees it on that day."""
    rows: Iterator[AnyLot] = work.snapshot.rows(lots_of(product), product_id=product.id)
    for row in rows:
        if row.quantity_remaining > 0:
            yield work.lot(row.id).candidate(on)
