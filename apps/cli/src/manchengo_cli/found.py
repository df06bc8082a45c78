"""What is recorded and may be typed: its code, and a few words by which it is recognised."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from manchengo.application.coded_rows import CODED_ROWS
from manchengo.ports.rows import (
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    LotRow,
    PartyRow,
    PriceListRow,
    ProductionOrderRow,
    ProductRow,
    RawLotRow,
    RawProductRow,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli.database import glanced
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.open_orders import OPEN_STATES, client_of
from manchengo_workplace.lookups import product_of

LOOKED_AT, OFFERED = 2_000, 100
"""So many of the highest codes are looked at, and so many offered: one more letter finds others."""

TYPED_AS_IT_IS = re.compile(r"[\w.,/+@%][\w.,/+@%-]*")
"""A code that no shell takes apart. Others can be typed between quotes."""

COMPLETED_ROWS: dict[str, tuple[type[Any], ...]] = {
    **CODED_ROWS,
    "recipe": (FinishedProductRow,),
    "raw_material": (RawProductRow,),
    "finished_product": (FinishedProductRow,),
    "raw_lot": (RawLotRow,),
    "finished_lot": (FinishedLotRow,),
    "reference": (RawLotRow, FinishedLotRow, ProductionOrderRow, SalesOrderRow, DeliveryRow),
}
"""The rows whose codes complete a value; a recipe is known by the code of its product."""


def found(session: Session, what: str, beginning: str) -> list[tuple[str, str]]:
    """Those of that sort whose code begins so, what is not over first."""
    if what == "import_kind":
        return list(import_kinds())
    with glanced(session) as glance:
        rows = [
            row
            for kind in COMPLETED_ROWS[what]
            for row in glance.latest(kind, beginning, limit=LOOKED_AT)
        ]
        rows = [row for row in rows if TYPED_AS_IT_IS.fullmatch(row.code)]
        rows.sort(key=is_over)
        return [(row.code, described(glance, row)) for row in islice(rows, OFFERED)]


def import_kinds() -> Iterator[tuple[str, str]]:
    """The names of each kind of file, with what it holds."""
    from manchengo_files.kinds.names import FRENCH

    for kind, names in FRENCH.items():
        for name in dict.fromkeys((*names, kind.value)):
            yield name, _("A file of {kind}.").format(kind=names[0])


def is_over(row: Any) -> bool:
    """Whether there is little reason to name it again: archived, exhausted, closed."""
    if isinstance(row, (PartyRow, PriceListRow, ProductRow)):
        return row.archived
    if isinstance(row, LotRow):
        return row.quantity_remaining == 0
    return row.status not in OPEN_STATES[type(row)]


def described(snapshot: Snapshot, row: Any) -> str:
    """What a row is, in a few words, for a list of completions."""
    match row:
        case PartyRow() | PriceListRow() | ProductRow():
            return row.name
        case LotRow():
            remaining = words.measured(row.quantity_remaining, row.unit)
            product = product_of(snapshot, row.product_id).name
            return ", ".join((product, remaining, day(row.entered_on)))
        case ProductionOrderRow():
            product = product_of(snapshot, row.product_id).name
            state = words.state("production_order", row.status)
            return ", ".join((product, words.measured(row.planned, row.unit), state))
        case SalesOrderRow() | DeliveryRow():
            kind = "sales_order" if isinstance(row, SalesOrderRow) else "delivery"
            state = words.state(kind, row.status)
            return ", ".join((client_of(snapshot, row.client_id).name, day(row.day), state))
        case _:
            raise AssertionError(row)
