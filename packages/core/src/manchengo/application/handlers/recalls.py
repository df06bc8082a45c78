"""A lot that is recalled as it comes into being: what it is made of was recalled before."""

from collections.abc import Iterable
from datetime import date

from manchengo.application.genealogy import Links, recalled_origin
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.allocation import Standing
from manchengo.domain.ids import LotId, ProductionOrderId
from manchengo.domain.lot.commands import FlagRecalled
from manchengo.domain.lot.state import Lot


def recalled_material(
    work: UnitOfWork, order_id: ProductionOrderId, poured: Iterable[LotId]
) -> Lot | None:
    """A recalled lot that is in the vat: poured, or claimed to have been, itself or in another."""
    for lot_id in poured:
        material = work.lot(lot_id)
        if material.standing is Standing.RECALLED:
            return material
    links = Links(work.snapshot)
    return _first_recalled(work, links, links.claimed_sources(order_id))


def recall_at_birth(
    work: UnitOfWork, lot_id: LotId, *, code: str, material: Lot | None, on: date
) -> None:
    """Recall a new lot for its material, or because its label stands on a recalled lot, too: a
    lot that is only claimed bears the same code.
    """
    links = Links(work.snapshot)
    source = material or _first_recalled(work, links, links.claimed_under(code, but=lot_id))
    if source is not None:
        work.ask(
            lot_id,
            FlagRecalled(lot_id=lot_id, source=source.id, on=on, reason=source.standing_reason),
        )


def _first_recalled(work: UnitOfWork, links: Links, lots: Iterable[LotId]) -> Lot | None:
    origins = (recalled_origin(links, lot_id) for lot_id in lots)
    origin = next((origin for origin in origins if origin is not None), None)
    return None if origin is None else work.lot(origin)
