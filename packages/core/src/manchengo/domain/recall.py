"""A recall: one lot is withdrawn, and with it every lot made from it, however deep."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import LotId


@frozen(kw_only=True)
class RecallLot:
    lot_id: LotId
    on: date
    reason: str
