"""A lot on one line of a list: the same everywhere."""

from datetime import date, timedelta
from uuid import UUID

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.application.shelf import USABLE, LotOnDay
from manchengo.domain.ids import LotId
from manchengo.ports.rows import ProductRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day, days_away
from manchengo_presenters.language import _
from manchengo_presenters.screens.tones import Tone, lot_state, tone_of_lot

SOON_DAYS = 3


@frozen(kw_only=True)
class LotLine:
    """``away``: how far the last day of use is; ``reserved``: "" where nothing is."""

    lot_id: LotId
    code: str
    product: str
    arabic: str
    entered: str
    expires: str
    away: str
    away_tone: Tone
    on_hand: str
    reserved: str
    state: str
    tone: Tone


class Products:
    """The products of lots, each read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[UUID, ProductRow] = {}

    def of(self, product_id: UUID) -> ProductRow:
        """That product."""
        if product_id not in self._known:
            self._known[product_id] = product_of(self._snapshot, product_id)
        return self._known[product_id]


def is_soon(held: LotOnDay, today: date) -> bool:
    """Whether a lot that may be used must be used within days."""
    last = held.row.expires_on
    is_usable = held.status in USABLE
    return is_usable and last is not None and last <= today + timedelta(days=SOON_DAYS)


def lot_line(held: LotOnDay, product: ProductRow, today: date) -> LotLine:
    """The line of that lot."""
    row, soon, status = held.row, is_soon(held, today), held.status or ""
    tone = Tone.WARN if soon else tone_of_lot(status)
    late = Tone.BAD if status == "EXPIRED" else Tone.WARN if soon else Tone.PLAIN
    return LotLine(
        lot_id=row.id,
        code=row.code,
        product=product.name,
        arabic=product.name_ar,
        entered=day(row.entered_on),
        expires=day(row.expires_on) if row.expires_on else _("does not expire"),
        away=days_away(row.expires_on, today) if row.expires_on else "",
        away_tone=late,
        on_hand=words.measured(held.on_hand, row.unit),
        reserved=words.measured(held.reserved, row.unit) if held.reserved else "",
        state=_("to use soon") if soon else lot_state(status),
        tone=tone,
    )
