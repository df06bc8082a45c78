"""The opening stock: what was on the shelf on the first day.

Such a lot has no reception and no make behind it. It is an entry of its own, so that a trace ends
there and says so.
"""

from datetime import date

from attrs import field, frozen

from manchengo.domain.ids import LotId, ProductId
from manchengo.domain.unit_price import NOTHING, UnitPrice, for_one
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class EnterOpeningStock:
    """Enters a lot, raw material or finished product, that was in stock on ``on``.

    ``dated``: the day it was received or made, which decides its turn in FIFO; ``on`` when left
    out. ``expires_on``: by the product's shelf life from ``dated`` when left out. ``unit_price``:
    what one unit of it cost. ``quantity``: above zero, in any unit the product converts from.

    Refused: ``AlreadyExists``, ``Archived``, ``CodeMissing``, ``DatedAfterOpening``,
    ``ExpiresBeforeReception``, ``NothingToDo``, ``PartOfAPiece``, ``TooFine``, ``UnitsDiffer``.
    """

    lot_id: LotId
    code: str
    product_id: ProductId
    on: date
    quantity: Quantity
    dated: date | None = None
    expires_on: date | None = None
    unit_price: UnitPrice = field(default=NOTHING, converter=for_one)
    quarantined: bool = False
