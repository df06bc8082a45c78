"""Commands that several apps build alike: from what a person said, and what is proposed."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import TypeVar

from manchengo import UnitPrice
from manchengo.application.by_id import lot_of
from manchengo.application.choices import Choices
from manchengo.application.genealogy import AnyLot
from manchengo.application.holds import waiting_for
from manchengo.commands import (
    Deliver,
    LoadLot,
    PlaceSalesOrder,
    PrepareDelivery,
    RecallLot,
    ReceiveLot,
    RegisterProduct,
    RegisterSupplier,
    ReturnDelivery,
    Sell,
)
from manchengo.domain.delivery import Disposition, ReturnLine
from manchengo.domain.ids import ClientId, DeliveryId, LotId, ProductId, SalesOrderId, SupplierId
from manchengo.domain.product import ProductKind
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    ProductRow,
    RawLotRow,
    RawProductRow,
    Row,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters.beginnings import Start, lots_to_recall


def reception(
    choices: Choices,
    product: ProductRow,
    supplier_id: SupplierId,
    quantity: Quantity,
    *,
    expires: date | None,
    price: UnitPrice | None,
    reference: str,
    quarantined: bool,
    code: str | None = None,
) -> ReceiveLot:
    """A raw material that a supplier brought, under the next free code unless one is given, at the
    price of the product unless another is.
    """
    return ReceiveLot(
        lot_id=LotId(choices.id("lot_id")),
        code=choices.code(code, "MP", RawLotRow, FinishedLotRow),
        product_id=product.id,
        supplier_id=supplier_id,
        on=choices.day,
        quantity=quantity,
        expires_on=choices.expiry(expires),
        unit_price=choices.settle(
            price,
            "unit_price",
            read=lambda found: UnitPrice(found["centimes"], found.get("per", 1)),
            otherwise=lambda: UnitPrice(product.price, product.price_per),
        ),
        supplier_reference=reference,
        quarantined=quarantined,
    )


S = TypeVar("S", bound=PlaceSalesOrder | Sell)


def sales_order(
    kind: type[S],
    choices: Choices,
    client_id: ClientId,
    lines: Sequence[OrderLine],
    *,
    wanted_on: date | None,
    code: str | None = None,
) -> S:
    """A client's order under the next free code unless one is given; ``kind``: ``PlaceSalesOrder``,
    or ``Sell``, which reserves its lots too.
    """
    return kind(
        order_id=SalesOrderId(choices.id("order_id")),
        code=choices.code(code, "CC", SalesOrderRow),
        client_id=client_id,
        lines=tuple(lines),
        on=choices.day,
        wanted_on=wanted_on,
    )


D = TypeVar("D", bound=PrepareDelivery | Deliver)


def delivery(
    kind: type[D],
    choices: Choices,
    order_id: SalesOrderId,
    *,
    code: str | None = None,
    **more: str,
) -> D:
    """A delivery of what is reserved for that order, under the next free code unless one is given;
    ``kind``: ``PrepareDelivery``, or ``Deliver``, which is on its way at once.
    """
    return kind(
        delivery_id=DeliveryId(choices.id("delivery_id")),
        code=choices.code(code, "BL", DeliveryRow),
        order_id=order_id,
        on=choices.day,
        **more,
    )


def loading(
    choices: Choices, row: DeliveryRow, lot: AnyLot, quantity: int | None, *, reason: str
) -> LoadLot:
    """A lot into the van. ``quantity``: in thousandths; None: what is still to be loaded of it, and
    of a lot that is not proposed, what is missing of its product as far as it is free.
    """
    return LoadLot(
        delivery_id=row.id,
        lot_id=lot.id,
        quantity=Quantity(
            min(loadable(choices.snapshot, row, lot)) if quantity is None else quantity,
            Unit(lot.unit),
        ),
        on=choices.day,
        override_reason=reason,
    )


def loadable(snapshot: Snapshot, row: DeliveryRow, lot: AnyLot) -> tuple[int, int]:
    """What the van still lacks of that lot, or of its product where the lot is not proposed; and
    what the lot can give. In thousandths.
    """
    left = waiting_for(snapshot, row)
    if lot.id in left:
        return left[lot.id], left[lot.id]
    lacking = sum(
        quantity
        for lot_id, quantity in left.items()
        if lot_of(snapshot, lot_id).product_id == lot.product_id
    )
    return lacking, max(0, lot.quantity_remaining - lot.quantity_reserved)


def return_of_a_lot(
    choices: Choices,
    delivery_id: DeliveryId,
    lot: AnyLot,
    quantity: int,
    *,
    reason: str,
    is_destroyed: bool,
) -> ReturnDelivery:
    """So many thousandths of a lot that the client gave back; destroyed, or back in stock."""
    line = ReturnLine(
        lot_id=lot.id,
        quantity=Quantity(quantity, Unit(lot.unit)),
        disposition=Disposition.DESTROY if is_destroyed else Disposition.RESTOCK,
    )
    return ReturnDelivery(delivery_id=delivery_id, lines=(line,), on=choices.day, reason=reason)


def new_supplier(choices: Choices, name: str) -> RegisterSupplier:
    """A supplier of whom no more than the name is known yet."""
    return RegisterSupplier(
        supplier_id=SupplierId(choices.id("supplier_id")),
        code=next_number(choices.snapshot, "F", SupplierRow),
        name=name,
    )


def new_material(
    choices: Choices, name: str, unit: Unit, shelf_life_days: int | None
) -> RegisterProduct:
    """A raw material of which no price is known yet."""
    return RegisterProduct(
        product_id=ProductId(choices.id("product_id")),
        code=next_number(choices.snapshot, "M", RawProductRow, FinishedProductRow),
        kind=ProductKind.RAW,
        name=name,
        unit=unit,
        price=UnitPrice(0),
        shelf_life_days=shelf_life_days,
    )


def next_number(snapshot: Snapshot, prefix: str, *kinds: type[Row]) -> str:
    """``F001``, or the first number after it that none of these rows bears."""
    numbered = (f"{prefix}{number:03}" for number in count(1))
    return next(code for code in numbered if not snapshot.has_code(code, *kinds))


def recalls(choices: Choices, start: Start, reason: str) -> Sequence[RecallLot]:
    """One recall of each lot that ``start`` stands for."""
    lots = lots_to_recall(start.lots_in(choices.snapshot))
    return [RecallLot(lot_id=each, on=choices.day, reason=reason) for each in lots]
