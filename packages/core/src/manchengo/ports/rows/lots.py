"""Lots, their movements and their reservations."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from attrs import frozen

from manchengo.domain.allocation import Policy
from manchengo.domain.ids import LotId, ProductId, ProductionOrderId, SupplierId
from manchengo.ports.rows.orders import ProductionOrderRow
from manchengo.ports.rows.registers import FinishedProductRow, RawProductRow, SupplierRow
from manchengo.ports.rows.row import CODE_KEY, REFERENCE_KEY, SEARCH_TEXT, Row
from manchengo.ports.rows.table import Index, Named, OrNever

OPEN_LOTS = "quantity_remaining > 0"
"""The condition for a lot to hold something, in SQL."""

VOIDED = "VOIDED"
"""The status of a lot that was recorded by mistake: it never came."""

FREE_LOTS = f"status = 'AVAILABLE' AND {OPEN_LOTS}"
"""The condition for something of a lot to be free, in SQL."""

ORDER_OF: dict[Policy, tuple[str | OrNever, ...]] = {
    Policy.FIFO: ("entered_on", OrNever("expires_on"), "id"),
    Policy.FEFO: (OrNever("expires_on"), "entered_on", "id"),
}
"""By policy, the columns in whose order the lots of a product are used."""


@frozen(kw_only=True)
class LotRow(Row):
    """A lot, raw or finished.

    ``status``: AVAILABLE while something is free, else RESERVED, QUARANTINED, BLOCKED, RECALLED,
    EXHAUSTED or VOIDED. ``quantity_remaining`` is on hand, reservations included. ``opening_on``:
    the day of the opening stock, if the lot is part of it; ``entered_on`` is when it was received
    or made.
    ``unit_price``: in centimes, for ``price_per`` units.
    """

    AGGREGATE = "lot"
    # The look-up of candidates reads nothing else: lots that are used up do not slow it down. Those
    # that are not free stand in there as well, so that the stock is summed up from it. Any other
    # policy sorts the open lots of the product.
    INDEXES: ClassVar[tuple[Index, ...]] = (
        Index(
            Policy.FIFO.value.lower(),
            ("product_id", *ORDER_OF[Policy.FIFO]),
            only=OPEN_LOTS,
            covering=("status", "quantity_remaining", "expires_on"),
        ),
    )
    SORTED = ("code_key", "entered_on", "expires_on")
    id: LotId
    code: str
    product_id: ProductId
    unit: str
    status: str
    standing: str
    standing_reason: str
    entered_on: date
    expires_on: date | None
    quantity_initial: int
    quantity_remaining: int
    quantity_reserved: int


@frozen(kw_only=True)
class RawLotRow(LotRow):
    """A lot of a raw material (lot matière première)."""

    TABLE = "lots_mp"
    FIXED = (
        "code",
        "code_key",
        "product_id",
        "entered_on",
        "expires_on",
        "opening_on",
        "supplier_id",
        "supplier_reference",
        "reference_key",
        "search_text",
    )
    LOOK_UPS = ("code_key", "product_id")
    INDEXES: ClassVar[tuple[Index, ...]] = (
        *LotRow.INDEXES,
        Index("reference", ("reference_key",), only="reference_key IS NOT NULL"),
    )
    COVERING = ("search_text", "product_id", "supplier_id", "entered_on", "expires_on")
    SEARCHED = ("code", "supplier_reference")
    NAMES = (
        Named("product_id", (RawProductRow,)),
        Named("supplier_id", (SupplierRow,)),
    )
    supplier_id: SupplierId | None
    supplier_reference: str
    unit_price: int
    opening_on: date | None
    code_key: str = CODE_KEY
    reference_key: str | None = REFERENCE_KEY
    price_per: int = 1
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class FinishedLotRow(LotRow):
    """A lot of a finished product (lot produit fini)."""

    TABLE = "lots_pf"
    FIXED = (
        "code",
        "code_key",
        "product_id",
        "entered_on",
        "expires_on",
        "opening_on",
        "order_id",
        "search_text",
    )
    LOOK_UPS = ("code_key", "product_id", "order_id")
    COVERING = ("search_text", "product_id", "order_id", "entered_on", "expires_on")
    SEARCHED = ("code",)
    NAMES = (
        Named("product_id", (FinishedProductRow,)),
        Named("order_id", (ProductionOrderRow,)),
    )
    order_id: ProductionOrderId | None
    role: str
    unit_price: int
    opening_on: date | None
    code_key: str = CODE_KEY
    price_per: int = 1
    search_text: str = SEARCH_TEXT


def here_from(lot: RawLotRow | FinishedLotRow) -> date:
    """The first day on which the lot is here: one of the opening stock is older than that."""
    return lot.opening_on or lot.entered_on


@frozen(kw_only=True)
class MovementRow(Row):
    """A movement of stock (mouvement de stock): ``quantity`` is signed. ``cause``: the order or
    delivery behind it.

    They are kept day by day, as reports read them, and what is recorded today is written in one
    place. Those of one lot are ``lot_movements``, from its stream.
    """

    TABLE = "stock_movements"
    AGGREGATE = "lot"
    KEY = ("day", "lot_id", "number")
    OWNER = "lot_id"
    NAMES = (
        Named("lot_id", (RawLotRow, FinishedLotRow)),
        Named("product_id", (RawProductRow, FinishedProductRow)),
    )
    lot_id: LotId
    number: int
    product_id: ProductId
    day: date
    kind: str
    quantity: int
    unit: str
    cause: UUID | None
    reason: str


@frozen(kw_only=True)
class ReservationRow(Row):
    """A change of what is reserved for an order. ``quantity`` is signed: positive where it is
    reserved, negative where it is released or used. A use may be dated before the reservation that
    it ends: what is reserved on a day is ``reserved_on``.
    """

    TABLE = "lot_reservations"
    AGGREGATE = "lot"
    KEY = ("lot_id", "number")
    LOOK_UPS = ("owner",)
    lot_id: LotId
    number: int
    product_id: ProductId
    owner: UUID
    day: date
    quantity: int


@frozen(kw_only=True)
class LotCorrectionRow(Row):
    """A value recorded of a lot and corrected since. ``field`` was ``before`` and is ``after``: a
    day (``""``: does not expire), the id of a supplier, a reference, centimes. ``movements``: those
    numbered up to it were recorded on the value before.
    """

    TABLE = "lot_corrections"
    AGGREGATE = "lot"
    KEY = ("lot_id", "number")
    lot_id: LotId
    number: int
    day: date
    field: str
    before: str
    after: str
    reason: str
    movements: int


def reserved_on(day: date, reservations: Iterable[ReservationRow]) -> dict[LotId, int]:
    """By lot, what was reserved when ``day`` ended. Each owner keeps what it had reserved by then
    less what it had used or given back by then, and never less than nothing.
    """
    kept: Counter[tuple[LotId, UUID]] = Counter()
    for row in reservations:
        if row.day <= day:
            kept[row.lot_id, row.owner] += row.quantity
    reserved: Counter[LotId] = Counter()
    for (lot_id, _), quantity in kept.items():
        reserved[lot_id] += max(0, quantity)
    return reserved
