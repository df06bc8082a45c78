"""What a lot was made from and what was made from it, through every make, however deep.

A lot is poured into orders, orders yield lots; blends, rework and by-products are only more
branches. What was recorded and is not accepted is followed too, and marked as claimed: the milk was
poured, even if its record was refused. The trace also lists orders that have yielded nothing, vans
that have not left, and quantities reserved for a client: the lot may have touched what is there.
"""

from manchengo.application.genealogy.balance import LotBalance, balance
from manchengo.application.genealogy.links import Links
from manchengo.application.genealogy.lots import CLAIMED, AnyLot, TracedLot, lot_row, lots_of_code
from manchengo.application.genealogy.reach import (
    RecallReport,
    is_known,
    made_from,
    reached_by_claims,
    recall,
    recalled_origin,
)
from manchengo.application.genealogy.tree import Trace, TraceNode, trace
from manchengo.application.genealogy.whereabouts import (
    ClaimedMovement,
    Pouring,
    Reservation,
    Shipment,
)

__all__ = [
    "CLAIMED",
    "AnyLot",
    "ClaimedMovement",
    "Links",
    "LotBalance",
    "Pouring",
    "RecallReport",
    "Reservation",
    "Shipment",
    "Trace",
    "TraceNode",
    "TracedLot",
    "balance",
    "is_known",
    "lot_row",
    "lots_of_code",
    "made_from",
    "reached_by_claims",
    "recall",
    "recalled_origin",
    "trace",
]
