"""A lot as a trace shows it: as it was accepted, else as somebody claims it."""

from datetime import date

from attrs import frozen

from manchengo.application.spellings import rows_of_code, spelt_so
from manchengo.domain.ids import LotId, ProductId
from manchengo.domain.resolution import ClaimKind
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    VOIDED,
    ClaimRow,
    FinishedLotRow,
    FinishedProductRow,
    RawLotRow,
    RawProductRow,
)
from manchengo.ports.store import Snapshot

CLAIMED = "claimed"
"""The standing of a lot that somebody recorded and that was not accepted."""

AnyLot = RawLotRow | FinishedLotRow

BIRTHS = {ClaimKind.RECEIVED: "MP", ClaimKind.PRODUCED: "PF"}
"""The claims by which a lot comes into being, and the kind of lot."""


@frozen(kw_only=True)
class TracedLot:
    """``quantity``: what it was at birth. ``standing``: as in its row, or ``CLAIMED``. What is not
    known of a claimed lot is empty, its quantity None. ``opening_on``: the day of the
    opening stock from which the lot comes; nothing is known of what came before.
    """

    id: LotId
    code: str
    kind: str
    product: str
    product_name: str
    quantity: Quantity | None
    standing: str
    supplier_reference: str
    opening_on: date | None = None

    @property
    def is_claimed(self) -> bool:
        """Somebody recorded it, and it was not accepted."""
        return self.standing == CLAIMED


def lot_row(snapshot: Snapshot, lot_id: LotId) -> AnyLot | None:
    """The row of the lot, raw or finished; None where the log has no such lot."""
    return snapshot.get(RawLotRow, lot_id) or snapshot.get(FinishedLotRow, lot_id)


def as_accepted(snapshot: Snapshot, row: AnyLot) -> TracedLot:
    """The lot of that row as a node of a trace."""
    code, name = _product(snapshot, row.product_id)
    return TracedLot(
        id=row.id,
        code=row.code,
        kind="MP" if isinstance(row, RawLotRow) else "PF",
        product=code,
        product_name=name,
        quantity=Quantity(row.quantity_initial, Unit(row.unit)),
        standing="voided" if row.status == VOIDED else row.standing,
        supplier_reference=row.supplier_reference if isinstance(row, RawLotRow) else "",
        opening_on=row.opening_on,
    )


def as_claimed(snapshot: Snapshot, lot_id: LotId, birth: ClaimRow | None) -> TracedLot:
    """The lot that ``birth`` claims; None where nothing readable says what it is."""
    code, name = _product(snapshot, birth.product_id if birth else None)
    return TracedLot(
        id=lot_id,
        code=birth.code if birth else "",
        kind=_kind(snapshot, birth) if birth else "",
        product=code,
        product_name=name,
        quantity=Quantity(birth.quantity, Unit(birth.unit)) if birth else None,
        standing=CLAIMED,
        supplier_reference="",
    )


def _kind(snapshot: Snapshot, birth: ClaimRow) -> str:
    """As its product is, where that is known: a cheese of the opening stock was not made here."""
    if birth.product_id and snapshot.get(FinishedProductRow, birth.product_id):
        return "PF"
    return BIRTHS[ClaimKind(birth.kind)]


def is_birth(claim: ClaimRow) -> bool:
    """Whether the claim is that a lot was received or made."""
    return claim.kind in BIRTHS


def lots_of_code(snapshot: Snapshot, code: str) -> list[TracedLot]:
    """The lots that bear this code: the accepted one first, then those that are only claimed.
    Where it is spelt just so on some, those alone.

    Two devices that gave the same code apart have put it on two lots.
    """
    claims = (claim for claim in rows_of_code(snapshot, code, ClaimRow) if claim.open)
    births = (claim for claim in claims if is_birth(claim))
    bearers: list[AnyLot | ClaimRow] = [*lot_rows_of_code(snapshot, code), *births]
    found: dict[LotId, TracedLot] = {}
    for bearer in spelt_so(code, bearers):
        if not isinstance(bearer, ClaimRow):
            found[bearer.id] = as_accepted(snapshot, bearer)
        elif (lot_id := LotId(bearer.subject)) not in found:
            known = lot_row(snapshot, lot_id)
            found[lot_id] = (
                as_accepted(snapshot, known) if known else as_claimed(snapshot, lot_id, bearer)
            )
    return list(found.values())


def lot_rows_of_code(snapshot: Snapshot, code: str) -> list[AnyLot]:
    """The accepted lots of that code, whatever its case and accents."""
    return [
        *rows_of_code(snapshot, code, RawLotRow),
        *rows_of_code(snapshot, code, FinishedLotRow),
    ]


def _product(snapshot: Snapshot, product_id: ProductId | None) -> tuple[str, str]:
    """Its code and name; empty where the product itself was not accepted."""
    if product_id is None:
        return "", ""
    product = snapshot.get(RawProductRow, product_id) or snapshot.get(
        FinishedProductRow, product_id
    )
    return (product.code, product.name) if product else ("", "")
