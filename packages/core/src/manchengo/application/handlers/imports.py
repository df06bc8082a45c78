"""Imports: opened, closed, and undone whole where nothing since depends on them."""

from collections import Counter
from typing import Any
from uuid import UUID

from manchengo.application.books import Books, decoded
from manchengo.domain import import_batch as imports
from manchengo.domain.aggregates import IMPORT
from manchengo.domain.ids import ImportId
from manchengo.domain.import_batch import (
    EntriesUndone,
    FinishImport,
    SomethingDependsOnIt,
    StartImport,
    UndoImport,
)
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    InvoiceLineRow,
    InvoiceRow,
    PaymentRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    RecipeIngredientRow,
    RecipeRow,
    Row,
    SalesOrderLineRow,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.store import Entry

MENTIONS: dict[str, tuple[tuple[type[Row], str], ...]] = {
    "supplier": ((RawLotRow, "supplier_id"),),
    "client": (
        (SalesOrderRow, "client_id"),
        (InvoiceRow, "client_id"),
        (PaymentRow, "client_id"),
    ),
    "product": (
        (RawLotRow, "product_id"),
        (FinishedLotRow, "product_id"),
        (RecipeRow, "product_id"),
        (RecipeIngredientRow, "product_id"),
        (SalesOrderLineRow, "product_id"),
        (InvoiceLineRow, "product_id"),
    ),
    "recipe": ((ProductionOrderRow, "recipe_id"),),
    "sales_order": ((DeliveryRow, "order_id"),),
}
"""Who names an aggregate from outside its own stream, and would be left pointing at nothing."""

CODED: dict[str, tuple[type[Row], ...]] = {
    "supplier": (SupplierRow,),
    "client": (ClientRow,),
    "product": (RawProductRow, FinishedProductRow),
    "lot": (RawLotRow, FinishedLotRow),
    "production_order": (ProductionOrderRow,),
    "sales_order": (SalesOrderRow,),
    "delivery": (DeliveryRow,),
}


def start(books: Books, command: StartImport) -> None:
    books.new(IMPORT, command.import_id)
    books.tell(IMPORT, command.import_id, imports.start(command))


def finish(books: Books, command: FinishImport) -> None:
    batch = books.load(IMPORT, command.import_id)
    books.tell(IMPORT, batch.id, imports.finish(batch, command))


def undo(books: Books, command: UndoImport) -> None:
    batch = books.load(IMPORT, command.import_id)
    undone = imports.undo(batch, command)
    made: Counter[UUID] = Counter()
    kinds: dict[UUID, str] = {}
    for commit in books.snapshot.commits(import_id=batch.id):
        for event in commit.events:
            if event.aggregate_id != batch.id:
                made[event.aggregate_id] += 1
                kinds[event.aggregate_id] = event.aggregate_type
    for aggregate_id, entries in reversed(made.items()):
        _still_last(books, batch.id, kinds[aggregate_id], aggregate_id, entries)
        books.undo(aggregate_id, EntriesUndone(import_id=batch.id, entries=entries))
    _nobody_mentions(books, batch.id)
    books.tell(IMPORT, batch.id, undone)


def _still_last(
    books: Books, import_id: ImportId, kind: str, aggregate_id: UUID, entries: int
) -> None:
    last = _standing(books.snapshot.stream(aggregate_id))[-entries:]
    if any(entry.import_id != import_id for entry in last):
        raise _depends(books, import_id, kind, aggregate_id)


def _standing(stream: list[Entry]) -> list[Entry]:
    """The entries of a stream that no undoing took back; the undoing of another import is none."""
    kept: list[Entry] = []
    for entry, event in zip(stream, decoded(stream), strict=True):
        if isinstance(event, EntriesUndone):
            del kept[len(kept) - event.entries :]
        else:
            kept.append(entry)
    return kept


def _nobody_mentions(books: Books, import_id: ImportId) -> None:
    """Nothing outside the batch points at what the undoing leaves without a life."""
    gone = {
        aggregate_id: aggregate.name
        for aggregate, aggregate_id, _, after in books.changes()
        if after is None
    }
    for aggregate_id, kind in gone.items():
        for rows, column in MENTIONS.get(kind, ()):
            mention: dict[str, Any] = {column: aggregate_id}
            for row in books.snapshot.rows(rows, **mention):
                if row.key()[0] not in gone:
                    raise _depends(books, import_id, kind, aggregate_id)


def _depends(
    books: Books, import_id: ImportId, kind: str, aggregate_id: UUID
) -> SomethingDependsOnIt:
    for rows in CODED.get(kind, ()):
        row = books.snapshot.get(rows, aggregate_id)
        if row is not None:
            return SomethingDependsOnIt(
                import_id=import_id, kind=kind, code=str(getattr(row, "code", "")), on=None
            )
    return SomethingDependsOnIt(import_id=import_id, kind=kind, code=str(aggregate_id), on=None)
