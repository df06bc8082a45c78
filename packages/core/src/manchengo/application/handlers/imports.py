"""Imports: opened, closed, and undone whole where nothing since depends on them."""

from collections.abc import Container
from typing import Any
from uuid import UUID

from manchengo.application.books import Books, decoded
from manchengo.domain import import_batch as imports
from manchengo.domain.aggregates import DELIVERY, IMPORT, INVOICE
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
    "invoice": (InvoiceRow,),
}

KIND_OF: dict[type[Row], str] = {
    **{row: kind for kind, rows in CODED.items() for row in rows},
    RecipeRow: "recipe",
    RecipeIngredientRow: "recipe",
    SalesOrderLineRow: "sales_order",
    InvoiceLineRow: "invoice",
    PaymentRow: "payment",
}
"""What a row that names an aggregate belongs to."""


def start(books: Books, command: StartImport) -> None:
    books.new(IMPORT, command.import_id)
    books.tell(IMPORT, command.import_id, imports.start(command))


def finish(books: Books, command: FinishImport) -> None:
    batch = books.load(IMPORT, command.import_id)
    books.tell(IMPORT, batch.id, imports.finish(batch, command))


def undo(books: Books, command: UndoImport) -> None:
    batch = books.load(IMPORT, command.import_id)
    undone = imports.undo(batch, command)
    for aggregate_id in reversed(_touched(books, batch.id)):
        made = _made_and_still_last(books, batch.id, aggregate_id)
        if made:
            books.undo(aggregate_id, EntriesUndone(import_id=batch.id, entries=made))
    _nobody_mentions(books, batch.id)
    books.tell(IMPORT, batch.id, undone)


def _touched(books: Books, import_id: ImportId) -> list[UUID]:
    """What the rows of the batch were about, in the order they came."""
    return list(
        dict.fromkeys(
            event.aggregate_id
            for commit in books.snapshot.commits(import_id=import_id)
            for event in commit.events
            if event.aggregate_id != import_id
        )
    )


def _made_and_still_last(books: Books, import_id: ImportId, aggregate_id: UUID) -> int:
    """How many entries there are the batch's own; refused unless nothing came after the first.

    None, where the log refused what the batch recorded.
    """
    standing = _standing(books.snapshot.stream(aggregate_id))
    made = sum(entry.import_id == import_id for entry in standing)
    if any(entry.import_id != import_id for entry in standing[len(standing) - made :]):
        later = next(each for each in reversed(standing) if each.import_id != import_id)
        by = _main_aggregate(books, later)
        raise _depends(
            books, import_id, later.event.aggregate_type, aggregate_id, by, later.import_id
        )
    return made


def _main_aggregate(books: Books, entry: Entry) -> tuple[str, UUID]:
    """What the command that told the entry was about: an order, where it took from a lot."""
    commit = books.snapshot.commit(entry.commit_id)
    assert commit is not None, "an entry is part of a stored commit"
    return commit.events[0].aggregate_type, commit.events[0].aggregate_id


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
                    by = KIND_OF[rows], _aggregate_of(row)
                    raise _depends(books, import_id, kind, aggregate_id, by)
        bill = _bill_of(books, aggregate_id, gone) if kind == DELIVERY.name else None
        if bill:
            raise _depends(books, import_id, kind, aggregate_id, ("invoice", bill.id))


def _aggregate_of(row: Row) -> UUID:
    identifier = row.key()[0]
    assert isinstance(identifier, UUID), "the key of a row begins with its aggregate"
    return identifier


def _bill_of(books: Books, delivery_id: UUID, gone: Container[UUID]) -> InvoiceRow | None:
    """The invoice of its client that names the delivery."""
    delivery = books.snapshot.get(DeliveryRow, delivery_id)
    assert delivery is not None, "a delivery that is undone stood until now"
    return next(
        (
            row
            for row in books.snapshot.rows(InvoiceRow, client_id=delivery.client_id)
            if row.id not in gone and delivery_id in books.load(INVOICE, row.id).delivery_ids
        ),
        None,
    )


def _depends(
    books: Books,
    import_id: ImportId,
    kind: str,
    aggregate_id: UUID,
    by: tuple[str, UUID],
    by_import: ImportId | None = None,
) -> SomethingDependsOnIt:
    by_kind, by_id = by
    brought_it = books.snapshot.stream(by_id)[0].import_id
    return SomethingDependsOnIt(
        import_id=import_id,
        kind=kind,
        code=_code_of(books, kind, aggregate_id),
        on=None,
        by_kind=by_kind,
        by_code=_code_of(books, by_kind, by_id),
        by_import=by_import or (brought_it if brought_it != import_id else None),
    )


def _code_of(books: Books, kind: str, aggregate_id: UUID) -> str:
    """By what people call it; a recipe by its product, what has no name by its identifier."""
    if kind == "recipe":
        recipe = books.snapshot.get(RecipeRow, aggregate_id)
        return _code_of(books, "product", recipe.product_id) if recipe else str(aggregate_id)
    for rows in CODED.get(kind, ()):
        row = books.snapshot.get(rows, aggregate_id)
        if row is not None:
            return str(getattr(row, "code", "") or getattr(row, "number", "") or aggregate_id)
    return str(aggregate_id)
