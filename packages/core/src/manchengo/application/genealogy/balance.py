"""Where every gram of a lot is: what came in, what went out, what is left."""

from attrs import frozen

from manchengo.application.genealogy.links import Links
from manchengo.application.genealogy.lots import TracedLot, lot_row
from manchengo.domain.ids import LotId
from manchengo.domain.ledger import Movement
from manchengo.domain.resolution import ClaimKind
from manchengo.ports.rows import MovementRow

FIGURES: dict[Movement, tuple[str, int]] = {
    Movement.RECEIPT: ("entered", 1),
    Movement.PRODUCTION: ("entered", 1),
    Movement.OPENING: ("entered", 1),
    Movement.CONSUMPTION: ("consumed", -1),
    Movement.DELIVERY: ("delivered", -1),
    Movement.CUSTOMER_RETURN: ("returned", 1),
    Movement.SUPPLIER_RETURN: ("sent_back", -1),
    Movement.WRITE_OFF: ("written_off", -1),
    Movement.COUNT: ("adjusted", 1),
}
"""The figure of a balance to which a movement adds, and with what sign. A new movement must say it
here.
"""

CLAIMED_AS: dict[ClaimKind, Movement] = {
    ClaimKind.RECEIVED: Movement.RECEIPT,
    ClaimKind.PRODUCED: Movement.PRODUCTION,
    ClaimKind.POURED: Movement.CONSUMPTION,
    ClaimKind.DELIVERED: Movement.DELIVERY,
    ClaimKind.RETURNED: Movement.CUSTOMER_RETURN,
    ClaimKind.SENT_BACK: Movement.SUPPLIER_RETURN,
    ClaimKind.WRITTEN_OFF: Movement.WRITE_OFF,
}
"""The movements of which the balance of a claimed lot is made: a count says what is left, and not
what went.
"""


@frozen(kw_only=True)
class LotBalance:
    """The mass balance of one lot, in thousandths of ``unit``; ``adjusted`` is signed.

    entered + returned + adjusted = consumed + delivered + sent_back + written_off + on_hand.

    ``claimed``: that the lot was touched is only claimed, by itself or by every way that leads to
    it. The figures of a lot that the books do not have (``standing`` "claimed") are those claimed,
    and ``on_hand`` is what they leave.
    """

    lot_id: LotId
    lot: str
    kind: str
    product: str
    unit: str
    standing: str
    claimed: bool
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


def balance(links: Links, lot_id: LotId, *, claimed: bool) -> LotBalance:
    lot = links.lot(lot_id)
    row = lot_row(links.snapshot, lot_id)
    figures = _as_claimed(links, lot) if row is None else _in_the_books(links, lot_id)
    return LotBalance(
        lot_id=lot_id,
        lot=lot.code,
        kind=lot.kind,
        product=lot.product,
        unit=lot.quantity.unit if lot.quantity else "",
        standing=lot.standing,
        claimed=claimed,
        on_hand=_left(figures) if row is None else row.quantity_remaining,
        **figures,
    )


def _in_the_books(links: Links, lot_id: LotId) -> dict[str, int]:
    figures = _nothing()
    for movement in links.snapshot.rows(MovementRow, lot_id=lot_id):
        figure, sign = FIGURES[Movement(movement.kind)]
        figures[figure] += sign * movement.quantity
    return figures


def _as_claimed(links: Links, lot: TracedLot) -> dict[str, int]:
    figures = _nothing()
    for claim in links.claims(*CLAIMED_AS, subject=lot.id):
        figure, _ = FIGURES[CLAIMED_AS[ClaimKind(claim.kind)]]
        figures[figure] += claim.quantity
    return figures


def _nothing() -> dict[str, int]:
    return dict.fromkeys((figure for figure, _ in FIGURES.values()), 0)


def _left(figures: dict[str, int]) -> int:
    came_in = figures["entered"] + figures["returned"] + figures["adjusted"]
    went = (figures[name] for name in ("consumed", "delivered", "sent_back", "written_off"))
    return came_in - sum(went)
