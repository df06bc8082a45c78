"""What a label is stuck on: a lot, a production order, a delivery, by its code or by its label."""

from collections.abc import Iterator
from datetime import date

from manchengo.application.by_id import product_of
from manchengo.application.plant_details import plant_details_of
from manchengo.application.spellings import rows_of_code, spelt_so
from manchengo.commands import (
    Command,
    CompleteProduction,
    Deliver,
    PlanProduction,
    PrepareDelivery,
    Produce,
    ReceiveLot,
)
from manchengo.domain.errors import Ambiguous, Unknown
from manchengo.domain.label import Label, LabelKind
from manchengo.ports.rows import (
    VOIDED,
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    ProductionOrderRow,
    ProductRow,
    RawLotRow,
    RawProductRow,
    RecipeIngredientRow,
    RecipeRow,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters.labels import (
    LabelText,
    delivery_label,
    finished_lot_label,
    production_order_label,
    raw_lot_label,
)

Subject = RawLotRow | FinishedLotRow | ProductionOrderRow | DeliveryRow

ROWS: dict[LabelKind, type[Subject]] = {
    LabelKind.RAW_MATERIAL_LOT: RawLotRow,
    LabelKind.FINISHED_LOT: FinishedLotRow,
    LabelKind.PRODUCTION_ORDER: ProductionOrderRow,
    LabelKind.DELIVERY: DeliveryRow,
}


def kind_of(subject: Subject) -> LabelKind:
    """What the subject's label says that it is stuck on."""
    return next(kind for kind, row in ROWS.items() if isinstance(subject, row))


def subject_of(snapshot: Snapshot, label: Label) -> Subject | None:
    """What the label is stuck on; None where the log does not have it, or not yet."""
    return snapshot.get(ROWS[label.kind], label.subject)


def subject_of_code(snapshot: Snapshot, code: str) -> Subject:
    """What bears that code, as people type it. Raises ``Unknown``; ``Ambiguous`` where it is both,
    say, a lot and an order.
    """
    found = spelt_so(
        code, [row for kind in ROWS.values() for row in rows_of_code(snapshot, code, kind)]
    )
    if not found:
        raise Unknown(kind="lot", reference=code)
    if len(found) > 1:
        named = ", ".join(f"{row.code} ({kind_of(row)})" for row in found)
        raise Ambiguous(kind="lot", reference=code, found=named)
    return found[0]


def lots_entered_on(snapshot: Snapshot, day: date) -> Iterator[RawLotRow | FinishedLotRow]:
    """The lots that were received or made on that day, in the order of their codes, without void
    ones: there is nothing to stick a label on.
    """
    kinds: tuple[type[RawLotRow | FinishedLotRow], ...] = (RawLotRow, FinishedLotRow)
    for kind in kinds:
        rows = (row for row in snapshot.rows(kind, entered_on=day) if row.status != VOIDED)
        yield from sorted(rows, key=lambda row: row.code)


def made_by(snapshot: Snapshot, command: Command) -> Iterator[Subject]:
    """What the command made that bears a label; it was carried out."""
    match command:
        case ReceiveLot():
            found: list[Subject | None] = [snapshot.get(RawLotRow, command.lot_id)]
        case PlanProduction():
            found = [snapshot.get(ProductionOrderRow, command.order_id)]
        case Produce() | CompleteProduction():
            found = [snapshot.get(FinishedLotRow, each.lot_id) for each in command.outputs]
        case PrepareDelivery() | Deliver():
            found = [snapshot.get(DeliveryRow, command.delivery_id)]
        case _:
            found = []
    yield from (subject for subject in found if subject is not None)


def text_of(snapshot: Snapshot, subject: Subject) -> LabelText:
    """What the subject's label says to people."""
    match subject:
        case RawLotRow():
            material = snapshot.get(RawProductRow, subject.product_id)
            assert material is not None, "a lot is of a product"
            supplier = (
                snapshot.get(SupplierRow, subject.supplier_id) if subject.supplier_id else None
            )
            return raw_lot_label(subject, material, supplier)
        case FinishedLotRow():
            product = _made(snapshot, subject)
            return finished_lot_label(
                subject,
                product,
                maker=plant_details_of(snapshot),
                ingredients=_ingredients(snapshot, product),
            )
        case ProductionOrderRow():
            return production_order_label(subject, _made(snapshot, subject))
        case DeliveryRow():
            client = snapshot.get(ClientRow, subject.client_id)
            order = snapshot.get(SalesOrderRow, subject.order_id)
            assert client is not None, "a delivery is a client's"
            assert order is not None, "a delivery is of an order"
            return delivery_label(subject, client, order.code)


def _made(snapshot: Snapshot, subject: FinishedLotRow | ProductionOrderRow) -> FinishedProductRow:
    product = snapshot.get(FinishedProductRow, subject.product_id)
    assert product is not None, "a lot is of a product"
    return product


def _ingredients(snapshot: Snapshot, product: FinishedProductRow) -> list[ProductRow]:
    """What today's recipe takes, the most of it first; none where there is none."""
    recipe = next(snapshot.rows(RecipeRow, product_id=product.id, limit=1), None)
    if recipe is None:
        return []
    lines = snapshot.rows(RecipeIngredientRow, recipe_id=recipe.id, version=recipe.version)
    taken = sorted((line for line in lines if not line.by_product), key=lambda line: -line.quantity)
    return [product_of(snapshot, line.product_id) for line in taken]
