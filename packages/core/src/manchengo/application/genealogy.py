"""What a lot was made from and what was made from it, through every make, however deep.

A lot is poured into orders, orders yield lots; blends, rework and by-products are only more
branches. Nothing can be poured into an order that has already yielded, so no path comes back to its
start.

What was recorded and is not accepted is followed too, and marked as claimed: the milk was poured,
even if the books refuse it.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from attrs import define, evolve, field, frozen

from manchengo.application.corrections import (
    CorrectedField,
    corrections,
    fields_corrected_since,
)
from manchengo.domain.ids import LotId, ProductionOrderId
from manchengo.domain.resolution import ClaimKind
from manchengo.ports.rows import (
    ClaimRow,
    ClientRow,
    ConsumptionRow,
    DeliveryLineRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    MovementRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot

GONE = {"dispatched", "received"}

CLAIMED = "CLAIMED"
"""The status of a lot that somebody recorded and that the books do not have."""


@frozen(kw_only=True)
class Shipment:
    """So much of a lot went to a client. ``quantity`` less what came back, in thousandths.

    ``claimed``: somebody recorded it, and it is not accepted; what is not known of it is empty.
    ``corrected_since``: the fields of the lot that were corrected after it left.
    """

    delivery: str
    order: str
    client: str
    client_name: str
    day: str
    quantity: int
    returned: int
    unit: str
    claimed: bool
    corrected_since: tuple[str, ...] = ()


@frozen(kw_only=True)
class TraceNode:
    """A lot in the tree. ``quantity``: what it was at birth, in thousandths of ``unit``.

    ``used``: of the two lots joined here, how much of the one poured went into ``via`` (the code of
    the production order); None at the root. ``claimed``: somebody recorded it, and it is not
    accepted. ``corrections`` of the lot itself; ``corrected_since``: the fields of the lot poured
    that were corrected after it was poured.
    """

    lot_id: LotId
    lot: str
    kind: str
    product: str
    product_name: str
    quantity: int
    unit: str
    via: str | None
    used: int | None
    used_unit: str | None
    claimed: bool
    corrections: tuple[CorrectedField, ...] = ()
    corrected_since: tuple[str, ...] = ()
    supplier_reference: str
    children: tuple["TraceNode", ...]
    shipments: tuple[Shipment, ...]


@frozen(kw_only=True)
class Trace:
    """Both ways from one lot: ``origins`` down to the suppliers, ``uses`` out to the clients."""

    origins: TraceNode
    uses: TraceNode


AnyLot = RawLotRow | FinishedLotRow


@frozen(kw_only=True)
class LotBalance:
    """The mass balance of one lot, in thousandths of ``unit``; ``adjusted`` is signed.

    entered + returned + adjusted = consumed + delivered + sent_back + written_off + on_hand.
    """

    lot_id: LotId
    lot: str
    kind: str
    product: str
    unit: str
    entered: int
    returned: int
    consumed: int
    delivered: int
    sent_back: int
    written_off: int
    adjusted: int
    on_hand: int

    @property
    def balanced(self) -> bool:
        return self.entered + self.returned + self.adjusted == (
            self.consumed + self.delivered + self.sent_back + self.written_off + self.on_hand
        )


@frozen(kw_only=True)
class RecallReport:
    """What a recall of a lot reaches: lots with their balance, and every shipment of them."""

    lots: tuple[LotBalance, ...]
    shipments: tuple[tuple[str, Shipment], ...]

    @property
    def clients(self) -> tuple[str, ...]:
        """The codes of the clients reached, in order."""
        return tuple(sorted({shipment.client for _, shipment in self.shipments}))


def lot_row(snapshot: Snapshot, lot_id: LotId) -> AnyLot | None:
    return snapshot.get(RawLotRow, lot_id) or snapshot.get(FinishedLotRow, lot_id)


def made_from(snapshot: Snapshot, lot_id: LotId) -> list[LotId]:
    """Every lot made from this one, nearest first, each once; the lot itself not among them. Those
    that are only claimed, and do not stand in the books, are passed through and left out.
    """
    return [row.id for row in _offspring(snapshot, lot_id) if row.status != CLAIMED]


def _offspring(snapshot: Snapshot, lot_id: LotId) -> list[AnyLot]:
    found: dict[LotId, AnyLot] = {}
    waiting = deque([lot_id])
    while waiting:
        for child, _ in _yielded(snapshot, waiting.popleft()):
            if child.id not in found:
                found[child.id] = child
                waiting.append(child.id)
    return list(found.values())


def trace(snapshot: Snapshot, lot_id: LotId) -> Trace | None:
    """Both trees of a lot; None when there is no such lot."""
    row = lot_row(snapshot, lot_id)
    if row is None:
        return None
    return Trace(
        origins=_Tree(snapshot, forward=False).from_root(row),
        uses=_Tree(snapshot, forward=True).from_root(row),
    )


def recall(snapshot: Snapshot, lot_id: LotId) -> RecallReport | None:
    """What a recall of this lot would reach; None when there is no such lot."""
    root = lot_row(snapshot, lot_id)
    if root is None:
        return None
    balances: list[LotBalance] = []
    reached: list[tuple[str, Shipment]] = []
    for row in (root, *_offspring(snapshot, lot_id)):
        if row.status != CLAIMED:
            balances.append(balance(snapshot, row))
        reached.extend((row.code, shipment) for shipment in _shipments(snapshot, row.id))
    return RecallReport(lots=tuple(balances), shipments=tuple(reached))


def balance(snapshot: Snapshot, row: AnyLot) -> LotBalance:
    totals: dict[str, int] = {}
    for movement in snapshot.rows(MovementRow, lot_id=row.id):
        totals[movement.kind] = totals.get(movement.kind, 0) + movement.quantity
    return LotBalance(
        lot_id=row.id,
        lot=row.code,
        kind=_kind(row),
        product=_product(snapshot, row)[0],
        unit=row.unit,
        entered=totals.get("receipt", 0) + totals.get("production", 0),
        returned=totals.get("customer_return", 0),
        consumed=-totals.get("consumption", 0),
        delivered=-totals.get("delivery", 0),
        sent_back=-totals.get("supplier_return", 0),
        written_off=-totals.get("write_off", 0),
        adjusted=totals.get("count", 0),
        on_hand=row.quantity_remaining,
    )


@frozen
class _Link:
    """How much of a lot went into an order."""

    order: str
    used: int
    unit: str
    claimed: bool
    corrected_since: tuple[str, ...] = ()


@define
class _Tree:
    """One direction from a lot, grown from its leaves: each lot is looked up once, however many
    paths lead to it, and a pedigree may be deeper than the program's own stack.
    """

    snapshot: Snapshot
    forward: bool
    _grown: dict[LotId, TraceNode] = field(factory=dict)

    def from_root(self, root: AnyLot) -> TraceNode:
        waiting = [root]
        branches: dict[LotId, list[tuple[AnyLot, _Link]]] = {}
        while waiting:
            row = waiting[-1]
            if row.id not in branches:
                branches[row.id] = list(self._branches(row))
                waiting.extend(child for child, _ in branches[row.id])
            else:
                waiting.pop()
                if row.id not in self._grown:
                    self._grown[row.id] = self._node(row, branches[row.id])
        return self._grown[root.id]

    def _branches(self, row: AnyLot) -> Iterator[tuple[AnyLot, _Link]]:
        return _yielded(self.snapshot, row.id) if self.forward else _poured(self.snapshot, row)

    def _node(self, row: AnyLot, branches: list[tuple[AnyLot, _Link]]) -> TraceNode:
        product, name = _product(self.snapshot, row)
        return TraceNode(
            lot_id=row.id,
            lot=row.code,
            kind=_kind(row),
            product=product,
            product_name=name,
            quantity=row.quantity_initial,
            unit=row.unit,
            via=None,
            used=None,
            used_unit=None,
            claimed=row.status == CLAIMED,
            corrections=corrections(self.snapshot, row.id),
            supplier_reference=row.supplier_reference if isinstance(row, RawLotRow) else "",
            children=tuple(
                evolve(
                    self._grown[child.id],
                    via=join.order,
                    used=join.used,
                    used_unit=join.unit,
                    claimed=join.claimed or child.status == CLAIMED,
                    corrected_since=join.corrected_since,
                )
                for child, join in branches
            ),
            shipments=tuple(_shipments(self.snapshot, row.id)) if self.forward else (),
        )


def _yielded(snapshot: Snapshot, lot_id: LotId) -> Iterator[tuple[AnyLot, _Link]]:
    """The lots that came out of the orders this lot was poured into."""
    poured: dict[UUID, list[ConsumptionRow]] = {}
    for row in snapshot.rows(ConsumptionRow, lot_id=lot_id):
        poured.setdefault(row.order_id, []).append(row)
    for order_id, scans in poured.items():
        link = _link(snapshot, scans)
        for child in _outputs(snapshot, order_id):
            yield child, link
    for claim in _open_claims(snapshot, ClaimKind.POURED, subject=lot_id):
        assert claim.cause is not None, "milk is poured into an order"
        for child in _outputs(snapshot, claim.cause):
            yield child, _claimed_link(snapshot, claim)


def _poured(snapshot: Snapshot, row: AnyLot) -> Iterator[tuple[AnyLot, _Link]]:
    """The lots poured into the order that yielded this one."""
    if isinstance(row, RawLotRow):
        return
    for claim in _open_claims(snapshot, ClaimKind.POURED, cause=row.order_id):
        source = lot_row(snapshot, LotId(claim.subject))
        if source is not None:
            yield source, _claimed_link(snapshot, claim)
    poured: dict[LotId, list[ConsumptionRow]] = {}
    for scan in snapshot.rows(ConsumptionRow, order_id=row.order_id):
        poured.setdefault(scan.lot_id, []).append(scan)
    for lot_id, scans in poured.items():
        parent = lot_row(snapshot, lot_id)
        assert parent is not None, "a lot that was poured has a row"
        yield parent, _link(snapshot, scans)


def _link(snapshot: Snapshot, scans: list[ConsumptionRow]) -> _Link:
    order = snapshot.get(ProductionOrderRow, scans[0].order_id)
    assert order is not None, "what was poured was poured into an order"
    return _Link(
        order.code,
        sum(scan.quantity for scan in scans),
        scans[0].unit,
        claimed=False,
        corrected_since=fields_corrected_since(snapshot, scans[0].lot_id, order.id),
    )


def _claimed_link(snapshot: Snapshot, claim: ClaimRow) -> _Link:
    order = snapshot.get(ProductionOrderRow, claim.cause or claim.subject)
    return _Link(order.code if order else claim.code, claim.quantity, claim.unit, claimed=True)


def _outputs(snapshot: Snapshot, order_id: UUID) -> Iterator[AnyLot]:
    """The lots that came out of an order: those in the books, then those only claimed."""
    yield from snapshot.rows(FinishedLotRow, order_id=order_id)
    for claim in _open_claims(snapshot, ClaimKind.PRODUCED, cause=order_id):
        assert claim.product_id is not None, "what is produced is of a product"
        yield FinishedLotRow(
            id=LotId(claim.subject),
            code=claim.code,
            product_id=claim.product_id,
            unit=claim.unit,
            status=CLAIMED,
            standing="",
            standing_reason="",
            entered_on=claim.day,
            expires_on=None,
            quantity_initial=claim.quantity,
            quantity_remaining=0,
            quantity_reserved=0,
            order_id=ProductionOrderId(order_id),
            role="",
        )


def _open_claims(snapshot: Snapshot, kind: ClaimKind, **equal: Any) -> Iterator[ClaimRow]:
    for claim in snapshot.rows(ClaimRow, **equal):
        if claim.kind == kind and claim.open:
            yield claim


def _shipments(snapshot: Snapshot, lot_id: LotId) -> Iterator[Shipment]:
    for line in snapshot.rows(DeliveryLineRow, lot_id=lot_id):
        delivery = snapshot.get(DeliveryRow, line.delivery_id)
        if delivery is None or delivery.status not in GONE:
            continue
        client = snapshot.get(ClientRow, delivery.client_id)
        order = snapshot.get(SalesOrderRow, delivery.order_id)
        assert client is not None, "a delivery goes to a client"
        assert order is not None, "a delivery serves an order"
        yield Shipment(
            delivery=delivery.code,
            order=order.code,
            client=client.code,
            client_name=client.name,
            day=(delivery.dispatched_on or delivery.day).isoformat(),
            quantity=line.quantity,
            returned=line.returned,
            unit=line.unit,
            claimed=False,
            corrected_since=fields_corrected_since(snapshot, lot_id, delivery.id),
        )
    yield from _claimed_shipments(snapshot, lot_id)


def _claimed_shipments(snapshot: Snapshot, lot_id: LotId) -> Iterator[Shipment]:
    """What left or was loaded by a commit that does not stand: it may be on somebody's shelf."""
    gone = list(_open_claims(snapshot, ClaimKind.DELIVERED, subject=lot_id))
    known = {claim.cause for claim in gone}
    loaded = _open_claims(snapshot, ClaimKind.LOADED, subject=lot_id)
    for claim in [*gone, *(each for each in loaded if each.cause not in known)]:
        assert claim.cause is not None, "a lot leaves by a delivery"
        delivery = snapshot.get(DeliveryRow, claim.cause)
        prepared = next(_open_claims(snapshot, ClaimKind.PREPARED, subject=claim.cause), None)
        client_id = delivery.client_id if delivery else prepared and prepared.cause
        client = snapshot.get(ClientRow, client_id) if client_id else None
        order = snapshot.get(SalesOrderRow, delivery.order_id) if delivery else None
        yield Shipment(
            delivery=delivery.code if delivery else prepared.code if prepared else "",
            order=order.code if order else "",
            client=client.code if client else "",
            client_name=client.name if client else "",
            day=claim.day.isoformat(),
            quantity=claim.quantity,
            returned=0,
            unit=claim.unit,
            claimed=True,
        )


def _kind(row: AnyLot) -> str:
    return "MP" if isinstance(row, RawLotRow) else "PF"


def _product(snapshot: Snapshot, row: AnyLot) -> tuple[str, str]:
    kind = RawProductRow if isinstance(row, RawLotRow) else FinishedProductRow
    product = snapshot.get(kind, row.product_id)
    assert product is not None, "a lot is of a product"
    return product.code, product.name
