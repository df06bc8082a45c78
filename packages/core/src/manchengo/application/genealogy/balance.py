"""Where every gram of a lot is: what came in, what went out, what is left."""

from typing import Literal

from attrs import frozen

from manchengo.application.genealogy.links import Links
from manchengo.application.genealogy.lots import TracedLot, lot_row
from manchengo.application.stream_queries import lot_movements
from manchengo.domain.ids import LotId
from manchengo.domain.ledger import Movement
from manchengo.domain.resolution import ClaimKind

Figure = Literal[
    "entered", "returned", "consumed", "delivered", "sent_back", "written_off", "adjusted"
]

SIGNS: dict[Figure, int] = {
    "entered": 1,
    "returned": 1,
    "adjusted": 1,
    "consumed": -1,
    "delivered": -1,
    "sent_back": -1,
    "written_off": -1,
}
"""The figures of a balance: 1 where the figure adds to what is on hand, -1 where it takes away."""


def figure_of(movement: Movement) -> Figure:
    """The figure to which a movement adds."""
    match movement:
        case Movement.RECEIPT | Movement.PRODUCTION | Movement.OPENING | Movement.VOID:
            return "entered"
        case Movement.CONSUMPTION | Movement.TAKEN_BACK:
            return "consumed"
        case Movement.DELIVERY:
            return "delivered"
        case Movement.CUSTOMER_RETURN:
            return "returned"
        case Movement.SUPPLIER_RETURN:
            return "sent_back"
        case Movement.WRITE_OFF:
            return "written_off"
        case Movement.COUNT | Movement.COUNT_TAKEN_BACK:
            return "adjusted"


def figure_claimed(kind: ClaimKind) -> Figure | None:
    """The figure to which a claim adds in the balance of a claimed lot. None where it says nothing
    of what came or went: a count says what is left, what was loaded is claimed again as
    delivered, and what was unloaded never left.
    """
    match kind:
        case ClaimKind.RECEIVED | ClaimKind.PRODUCED:
            return "entered"
        case ClaimKind.POURED | ClaimKind.TAKEN_BACK:
            return "consumed"
        case ClaimKind.DELIVERED:
            return "delivered"
        case ClaimKind.RETURNED:
            return "returned"
        case ClaimKind.SENT_BACK:
            return "sent_back"
        case ClaimKind.WRITTEN_OFF:
            return "written_off"
        case (
            ClaimKind.COUNTED
            | ClaimKind.PREPARED
            | ClaimKind.LOADED
            | ClaimKind.UNLOADED
            | ClaimKind.TOUCHED
        ):
            return None


@frozen(kw_only=True)
class LotBalance:
    """The mass balance of one lot, in thousandths of ``unit``; ``adjusted`` is signed.

    entered + returned + adjusted = consumed + delivered + sent_back + written_off + on_hand.

    ``product``: its code, ``product_name``: its name; both "" where no product was accepted.

    ``claimed``: that the lot was touched is only claimed, by itself or by every way that leads to
    it. The figures of a lot that was not accepted (``standing`` "claimed") are those claimed,
    and ``on_hand`` is what they leave.
    """

    lot_id: LotId
    lot: str
    kind: str
    product: str
    product_name: str
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
        """Whether the figures add up: they always do where nothing was falsified."""
        return self.on_hand == _left({figure: getattr(self, figure) for figure in SIGNS})


def balance(links: Links, lot_id: LotId, *, claimed: bool) -> LotBalance:
    """What came into the lot, where it went and what is left, in thousandths of its unit.
    ``claimed``: what devices claim and the server did not accept is counted too.
    """
    lot = links.lot(lot_id)
    row = lot_row(links.snapshot, lot_id)
    figures = _as_claimed(links, lot) if row is None else _as_recorded(links, lot_id)
    return LotBalance(
        lot_id=lot_id,
        lot=lot.code,
        kind=lot.kind,
        product=lot.product,
        product_name=lot.product_name,
        unit=lot.quantity.unit if lot.quantity else "",
        standing=lot.standing,
        claimed=claimed,
        on_hand=_left(figures) if row is None else row.quantity_remaining,
        **figures,
    )


def _as_recorded(links: Links, lot_id: LotId) -> dict[Figure, int]:
    figures = dict.fromkeys(SIGNS, 0)
    for movement in lot_movements(links.snapshot, lot_id):
        figure = figure_of(Movement(movement.kind))
        figures[figure] += SIGNS[figure] * movement.quantity
    return figures


def _as_claimed(links: Links, lot: TracedLot) -> dict[Figure, int]:
    figures = dict.fromkeys(SIGNS, 0)
    for claim in links.claims(*ClaimKind, subject=lot.id):
        figure = figure_claimed(ClaimKind(claim.kind))
        if figure is not None:
            is_reversal = claim.kind == ClaimKind.TAKEN_BACK
            figures[figure] += -claim.quantity if is_reversal else claim.quantity
    return figures


def _left(figures: dict[Figure, int]) -> int:
    return sum(SIGNS[figure] * quantity for figure, quantity in figures.items())
