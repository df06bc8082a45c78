"""What joins lots: poured into an order, come out of an order, labelled alike; claims included."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from attrs import define, field, frozen

from manchengo.application.corrections import fields_corrected_since
from manchengo.application.genealogy.lots import (
    TracedLot,
    as_accepted,
    as_claimed,
    is_birth,
    lot_row,
    lot_rows_of_code,
)
from manchengo.application.stream_queries import lot_movements, poured_materials
from manchengo.domain.ids import LotId
from manchengo.domain.names import comparison_key
from manchengo.domain.production_order import MaterialConsumed
from manchengo.domain.resolution import ClaimKind
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    ClaimRow,
    FinishedLotRow,
    ProductionOrderRow,
)
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class Link:
    """How much of a lot went into an order. ``order``: its code, empty where nothing says it.
    ``corrected_since``: the fields of the lot that were corrected after it was poured.
    """

    order_id: UUID
    order: str
    used: Quantity
    claimed: bool
    corrected_since: tuple[str, ...]


@define
class Links:
    """``new_claims``: open claims that the views do not show yet."""

    snapshot: Snapshot
    new_claims: tuple[ClaimRow, ...] = ()
    _lots: dict[LotId, TracedLot] = field(factory=dict, init=False)
    _has_claims: bool | None = field(default=None, init=False)

    def lot(self, lot_id: LotId) -> TracedLot:
        """The lot as accepted, else as claimed; each is looked up once."""
        known = self._lots.get(lot_id)
        if known is None:
            row = lot_row(self.snapshot, lot_id)
            known = self._lots[lot_id] = (
                as_accepted(self.snapshot, row)
                if row
                else as_claimed(self.snapshot, lot_id, self._birth(lot_id))
            )
        return known

    def claims(self, *kinds: ClaimKind, **equal: Any) -> Iterator[ClaimRow]:
        """The open claims of these kinds whose columns equal these values."""
        for claim in self._claims(equal):
            if claim.open and claim.kind in kinds:
                yield claim

    def poured_into(self, lot_id: LotId) -> list[Link]:
        """The orders into which this lot was poured: the accepted ones, then those only claimed."""
        scans: dict[UUID, list[MaterialConsumed]] = {}
        for order_id, scan in self._poured_of(lot_id):
            scans.setdefault(order_id, []).append(scan)
        claims: dict[UUID, list[ClaimRow]] = {}
        for claim in self.claims(ClaimKind.POURED, subject=lot_id):
            claims.setdefault(_cause(claim), []).append(claim)
        return [
            *(self._poured(order_id, some, claimed=False) for order_id, some in scans.items()),
            *(self._claimed(order_id, some) for order_id, some in claims.items()),
        ]

    def _poured_of(self, lot_id: LotId) -> Iterator[tuple[UUID, MaterialConsumed]]:
        """What was poured of the lot, order by order, which its movements name."""
        moved = lot_movements(self.snapshot, lot_id)
        for order_id in sorted({row.cause for row in moved if row.cause}):
            for scan in poured_materials(self.snapshot, order_id):
                if scan.lot_id == lot_id:
                    yield order_id, scan

    def yielded_by(self, order_id: UUID) -> list[tuple[LotId, bool]]:
        """The lots that came out of an order, each once, and whether that is only claimed."""
        found = {row.id: False for row in self.snapshot.rows(FinishedLotRow, order_id=order_id)}
        for claim in self.claims(ClaimKind.PRODUCED, cause=order_id):
            found.setdefault(LotId(claim.subject), True)
        return list(found.items())

    def made_of(self, lot_id: LotId) -> list[tuple[LotId, Link]]:
        """The lots poured into the orders that yielded this one."""
        return [
            source
            for order_id, claimed in self._orders_of(lot_id).items()
            for source in self._sources(order_id, claimed=claimed)
        ]

    def claimed_sources(self, order_id: UUID) -> list[LotId]:
        """The lots that somebody claims to have poured into an order, besides the accepted ones."""
        claims = self.claims(ClaimKind.POURED, cause=order_id)
        return list(dict.fromkeys(LotId(claim.subject) for claim in claims))

    def labelled_alike(self, lot_id: LotId) -> list[LotId]:
        """The other lots that bear its code: one label stands on both, nobody can tell them apart.

        Only one accepted lot has a code, so at least one of the two is only claimed.
        """
        code = self.lot(lot_id).code
        claimed = self.claimed_under(code)
        if not claimed:
            return []
        alike = [row.id for row in lot_rows_of_code(self.snapshot, code)]
        return [other for other in dict.fromkeys((*alike, *claimed)) if other != lot_id]

    def claimed_under(self, code: str, *, but: LotId | None = None) -> list[LotId]:
        """The lots that are claimed to bear that code."""
        if not code or not (self.new_claims or self._are_claims_stored()):
            return []
        named = self._claims({"code_key": comparison_key(code)})
        births = (claim for claim in named if claim.open and is_birth(claim))
        lots = dict.fromkeys(LotId(claim.subject) for claim in births)
        return [lot_id for lot_id in lots if lot_id != but]

    def order_code(self, order_id: UUID, claims: Iterable[ClaimRow] = ()) -> str:
        """The code of the production order, of a claim where it was never accepted, else empty."""
        order = self.snapshot.get(ProductionOrderRow, order_id)
        return order.code if order else next((each.code for each in claims if each.code), "")

    def _claims(self, equal: dict[str, Any]) -> Iterator[ClaimRow]:
        if self._are_claims_stored():
            yield from self.snapshot.rows(ClaimRow, **equal)
        for claim in self.new_claims:
            if all(getattr(claim, column) == value for column, value in equal.items()):
                yield claim

    def _are_claims_stored(self) -> bool:
        # Every new lot asks, and most plants have no claim at all: one look for all of them.
        if self._has_claims is None:
            self._has_claims = next(self.snapshot.rows(ClaimRow, limit=1), None) is not None
        return self._has_claims

    def _birth(self, lot_id: LotId) -> ClaimRow | None:
        """The claim that says what the lot is: an open one, else one that was decided on."""
        births = [claim for claim in self._claims({"subject": lot_id}) if is_birth(claim)]
        return next((claim for claim in births if claim.open), next(iter(births), None))

    def _orders_of(self, lot_id: LotId) -> dict[UUID, bool]:
        """The orders that yielded this lot, and whether that is only claimed."""
        row = self.snapshot.get(FinishedLotRow, lot_id)
        found: dict[UUID, bool] = {row.order_id: False} if row and row.order_id else {}
        for claim in self.claims(ClaimKind.PRODUCED, subject=lot_id):
            found.setdefault(_cause(claim), True)
        return found

    def _sources(self, order_id: UUID, *, claimed: bool) -> Iterator[tuple[LotId, Link]]:
        claims: dict[LotId, list[ClaimRow]] = {}
        for claim in self.claims(ClaimKind.POURED, cause=order_id):
            claims.setdefault(LotId(claim.subject), []).append(claim)
        for lot_id, some in claims.items():
            yield lot_id, self._claimed(order_id, some)
        scans: dict[LotId, list[MaterialConsumed]] = {}
        for scan in poured_materials(self.snapshot, order_id):
            scans.setdefault(scan.lot_id, []).append(scan)
        for lot_id, poured in scans.items():
            yield lot_id, self._poured(order_id, poured, claimed=claimed)

    def _poured(self, order_id: UUID, scans: list[MaterialConsumed], *, claimed: bool) -> Link:
        used = sum(scan.quantity.thousandths for scan in scans)
        return Link(
            order_id=order_id,
            order=self.order_code(order_id),
            used=Quantity(used, scans[0].quantity.unit),
            claimed=claimed,
            corrected_since=fields_corrected_since(self.snapshot, scans[0].lot_id, order_id),
        )

    def _claimed(self, order_id: UUID, claims: list[ClaimRow]) -> Link:
        return Link(
            order_id=order_id,
            order=self.order_code(order_id, claims),
            used=Quantity(sum(each.quantity for each in claims), Unit(claims[0].unit)),
            claimed=True,
            corrected_since=(),
        )


def _cause(claim: ClaimRow) -> UUID:
    assert claim.cause is not None, "a lot is poured into an order, and comes out of an order"
    return claim.cause
