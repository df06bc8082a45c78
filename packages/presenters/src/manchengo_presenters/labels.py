"""What stands on a label, in words: the same on a sheet of paper and from a label printer."""

from collections.abc import Sequence

from attrs import frozen

from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    SupplierRow,
)
from manchengo_presenters.formatting import day, quantity
from manchengo_presenters.language import _


@frozen(kw_only=True)
class LabelText:
    """The words of one label.

    ``kind``: what it is stuck on. ``code``: what people call it, printed large. ``title``,
    ``arabic_title``: the product. ``facts``: a name and a value each, the most important first; a
    small label shows the first ones. ``note``: ingredients and the like, on large labels only.
    """

    kind: str
    code: str
    title: str
    arabic_title: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""


def raw_lot_label(
    lot: RawLotRow, product: RawProductRow, supplier: SupplierRow | None
) -> LabelText:
    """The label of a raw-material lot. ``supplier``: None where nobody is known to have delivered
    it, as in the opening stock.
    """
    came_from = [(_("Supplier"), supplier.name)] if supplier else []
    return LabelText(
        kind=_("Raw-material lot"),
        code=lot.code,
        title=product.name,
        arabic_title=product.name_ar,
        facts=(
            (_("Received on"), day(lot.entered_on)),
            *_last_day(lot),
            (_("Quantity"), quantity(lot.quantity_initial, lot.unit)),
            *came_from,
        ),
    )


def finished_lot_label(
    lot: FinishedLotRow,
    product: FinishedProductRow,
    *,
    maker: str = "",
    ingredients: Sequence[str] = (),
) -> LabelText:
    """The label of a finished lot. ``maker``: the name of the plant. ``ingredients``: by name, the
    one of which there is most first, as the recipe has them.
    """
    made_by = [(_("Made by"), maker)] if maker else []
    note = _("Ingredients: {names}.").format(names=", ".join(ingredients)) if ingredients else ""
    return LabelText(
        kind=_("Finished lot"),
        code=lot.code,
        title=product.name,
        arabic_title=product.name_ar,
        facts=(
            (_("Made on"), day(lot.entered_on)),
            *_last_day(lot),
            (_("Quantity"), quantity(lot.quantity_initial, lot.unit)),
            *made_by,
        ),
        note=note,
    )


def _last_day(lot: RawLotRow | FinishedLotRow) -> list[tuple[str, str]]:
    return [(_("Use by"), day(lot.expires_on))] if lot.expires_on else []


def production_order_label(order: ProductionOrderRow, product: FinishedProductRow) -> LabelText:
    """The label of a production order, for the vat or the trolley that it is about."""
    return LabelText(
        kind=_("Production order"),
        code=order.code,
        title=product.name,
        arabic_title=product.name_ar,
        facts=(
            (_("Date"), day(order.day)),
            (_("Planned"), quantity(order.planned, order.unit)),
        ),
    )


def delivery_label(delivery: DeliveryRow, client: ClientRow, order_code: str) -> LabelText:
    """The label of a delivery, for its boxes and its delivery note."""
    driver = [(_("Driver"), delivery.carrier)] if delivery.carrier else []
    return LabelText(
        kind=_("Delivery note"),
        code=delivery.code,
        title=client.name,
        facts=(
            (_("Date"), day(delivery.dispatched_on or delivery.day)),
            (_("Sales order"), order_code),
            *driver,
        ),
    )
