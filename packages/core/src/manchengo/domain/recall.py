"""A recall: one lot is withdrawn, and with it every lot made from it, however deep."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import LotId


@frozen(kw_only=True)
class RecallLot:
    """Withdraws the lot for good, and every lot made from it, at every level.

    Refused: ``ReasonMissing``.
    """

    lot_id: LotId
    on: date
    reason: str
