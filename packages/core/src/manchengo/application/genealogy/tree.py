"""Both ways from a lot: its origins, down to the suppliers; its uses, out to the clients."""

from collections.abc import Collection
from datetime import date, datetime

from attrs import define, evolve, field, frozen

from manchengo.application.completeness import Completeness, completeness
from manchengo.application.corrections import CorrectedField, corrections
from manchengo.application.genealogy.links import Link, Links
from manchengo.application.genealogy.reach import is_known
from manchengo.application.genealogy.whereabouts import (
    ClaimedMovement,
    Pouring,
    Reservation,
    Shipment,
    Whereabouts,
    whereabouts,
)
from manchengo.domain.ids import DeviceId, LotId
from manchengo.domain.values import Quantity
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class TraceNode:
    """A lot in the tree. ``quantity``: what it was at birth, None where nobody knows it.

    ``used``: of the two lots joined here, how much of the one poured went into ``via`` (the code of
    the production order); None at the root. ``claimed``: somebody recorded it, and it is not
    accepted; what is not known of it is empty. ``shipments`` and all below it: of the uses alone.

    ``opening_on``: the day of the opening stock from which the lot comes. ``corrections`` of the
    lot itself; ``corrected_since``: the fields of the lot poured that were corrected after that.
    """

    lot_id: LotId
    lot: str
    kind: str
    product: str
    product_name: str
    quantity: Quantity | None
    standing: str
    via: str | None
    used: Quantity | None
    claimed: bool
    supplier_reference: str
    children: tuple["TraceNode", ...]
    shipments: tuple[Shipment, ...]
    loaded: tuple[Shipment, ...]
    orders: tuple[Pouring, ...]
    reserved: tuple[Reservation, ...]
    claims: tuple[ClaimedMovement, ...]
    opening_on: date | None = None
    corrections: tuple[CorrectedField, ...] = ()
    corrected_since: tuple[str, ...] = ()


@frozen(kw_only=True)
class Trace:
    """Both ways from one lot: ``origins`` down to the suppliers, ``uses`` out to the clients; and
    up to when both are complete.
    """

    origins: TraceNode
    uses: TraceNode
    completeness: Completeness


def trace(snapshot: Snapshot, lot_id: LotId, *, device_id: DeviceId, now: datetime) -> Trace | None:
    """Both trees of a lot; None when nothing is known of such a lot. ``device_id``: of this device;
    ``now``: when it is asked.
    """
    links = Links(snapshot)
    if not is_known(links, lot_id):
        return None
    origins = _Tree(links, forward=False)
    return Trace(
        origins=origins.from_root(lot_id),
        uses=_Tree(links, forward=True).from_root(lot_id),
        completeness=completeness(snapshot, [lot_id], origins.lots, device_id=device_id, now=now),
    )


Branches = list[tuple[LotId, Link]]


@define
class _Tree:
    """One direction from a lot, grown from its leaves: each lot is looked up once, however many
    paths lead to it, and a pedigree may be deeper than the program's own stack.

    Claims may join lots in a circle: a lot that stands above itself is not drawn a second time.
    """

    links: Links
    forward: bool
    _grown: dict[LotId, TraceNode] = field(factory=dict)

    @property
    def lots(self) -> Collection[LotId]:
        """All lots in the tree."""
        return self._grown

    def from_root(self, root: LotId) -> TraceNode:
        waiting = [(root, False)]
        branches: dict[LotId, Branches] = {}
        while waiting:
            lot_id, has_its_branches = waiting.pop()
            if has_its_branches:
                self._grown[lot_id] = self._node(lot_id, branches[lot_id])
            elif lot_id not in branches:
                branches[lot_id] = self._branches(lot_id)
                waiting.append((lot_id, True))
                waiting.extend((child, False) for child, _ in branches[lot_id])
        return self._grown[root]

    def _branches(self, lot_id: LotId) -> Branches:
        if not self.forward:
            return self.links.made_of(lot_id)
        return [
            (child, evolve(link, claimed=link.claimed or claimed))
            for link in self.links.poured_into(lot_id)
            for child, claimed in self.links.yielded_by(link.order_id)
        ]

    def _node(self, lot_id: LotId, branches: Branches) -> TraceNode:
        lot = self.links.lot(lot_id)
        place = whereabouts(self.links, lot_id) if self.forward else Whereabouts()
        return TraceNode(
            lot_id=lot_id,
            lot=lot.code,
            kind=lot.kind,
            product=lot.product,
            product_name=lot.product_name,
            quantity=lot.quantity,
            standing=lot.standing,
            via=None,
            used=None,
            claimed=lot.is_claimed,
            supplier_reference=lot.supplier_reference,
            children=tuple(
                self._joined(child, link) for child, link in branches if child in self._grown
            ),
            shipments=place.shipments,
            loaded=place.loaded,
            orders=place.orders,
            reserved=place.reserved,
            claims=place.claims,
            opening_on=lot.opening_on,
            corrections=corrections(self.links.snapshot, lot_id),
        )

    def _joined(self, child: LotId, link: Link) -> TraceNode:
        node = self._grown[child]
        return evolve(
            node,
            via=link.order,
            used=link.used,
            claimed=link.claimed or node.claimed,
            corrected_since=link.corrected_since,
        )
