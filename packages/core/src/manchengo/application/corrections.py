"""What was written of a lot and corrected since, and what had been done with it by then."""

from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.application.reading import withheld
from manchengo.application.stream_queries import lot_movements
from manchengo.domain.ids import LotId, SupplierId
from manchengo.ports.rows import LotCorrectionRow, MovementRow, SupplierRow
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class CorrectedField:
    """``field`` (of ``LotCorrected``) was ``before`` and is ``after``: ISO days, the codes of
    suppliers, references, centimes; empty where there was or is none.

    Movements numbered up to ``movements`` were recorded on the value ``before``.
    """

    day: date
    field: str
    before: str
    after: str
    reason: str
    movements: int


def corrections(snapshot: Snapshot, lot_id: LotId) -> tuple[CorrectedField, ...]:
    """The corrections of a lot that may be read, in the order they were recorded."""
    return tuple(
        CorrectedField(
            day=row.day,
            field=row.field,
            before=_shown(snapshot, row, row.before),
            after=_shown(snapshot, row, row.after),
            reason=row.reason,
            movements=row.movements,
        )
        for row in snapshot.rows(LotCorrectionRow, lot_id=lot_id)
        if not withheld(row)
    )


def corrected_since(
    known: tuple[CorrectedField, ...], movement: MovementRow
) -> tuple[CorrectedField, ...]:
    """Of these corrections of the movement's lot, those recorded after the movement."""
    return tuple(each for each in known if movement.number <= each.movements)


def fields_corrected_since(snapshot: Snapshot, lot_id: LotId, cause: UUID) -> tuple[str, ...]:
    """The fields corrected after the lot first moved for that order or delivery, each once."""
    known = corrections(snapshot, lot_id)
    if not known:
        return ()
    moved = (row for row in lot_movements(snapshot, lot_id) if row.cause == cause)
    first = min(moved, key=lambda row: row.number, default=None)
    if first is None:
        return ()
    return tuple(dict.fromkeys(each.field for each in corrected_since(known, first)))


def _shown(snapshot: Snapshot, row: LotCorrectionRow, value: str) -> str:
    if row.field != "supplier_id":
        return value
    supplier = snapshot.get(SupplierRow, SupplierId(UUID(value)))
    assert supplier is not None, "a lot came from a supplier"
    return supplier.code
