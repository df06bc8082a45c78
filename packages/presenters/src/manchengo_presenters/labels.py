"""What stands on a label, in words: the same on a sheet of paper and from a label printer."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from manchengo.domain.plant_details import NOTHING_KNOWN, PlantDetails
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    ProductionOrderRow,
    ProductRow,
    RawLotRow,
    RawProductRow,
    SupplierRow,
)
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _


@frozen(kw_only=True)
class LabelText:
    """The words of one label.

    ``kind``: what it is stuck on. ``code``: what people call it, printed large. ``title``,
    ``arabic_title``: the product. ``facts``: a name and a value each, the most important first; a
    small label shows the first ones. ``note``: ingredients and allergens. Large labels say it in
    Arabic, too: ``arabic_names`` of the facts, in their order, and ``arabic_note``.
    """

    kind: str
    code: str
    title: str
    arabic_title: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""
    arabic_names: tuple[str, ...] = ()
    arabic_note: str = ""


ARABIC = {
    N_("Made on"): "تاريخ الصنع",
    N_("Use by"): "يستهلك قبل",
    N_("Keep at"): "يحفظ في",
    N_("Quantity"): "الكمية",
    N_("Fat"): "المادة الدسمة",
    N_("Made by"): "صنع من طرف",
    N_("Approval"): "رقم الاعتماد",
}
"""What a packet of food must say in Arabic, whatever the language of the program."""


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
            *([(_("Use by"), day(lot.expires_on))] if lot.expires_on else []),
            (_("Quantity"), words.measured(lot.quantity_initial, lot.unit)),
            *came_from,
        ),
    )


def finished_lot_label(
    lot: FinishedLotRow,
    product: FinishedProductRow,
    *,
    maker: PlantDetails = NOTHING_KNOWN,
    ingredients: Sequence[ProductRow] = (),
) -> LabelText:
    """The label of a finished lot. ``maker``: the plant. ``ingredients``: the one of which there is
    most first, as the recipe has them.
    """
    size = product.net_quantity or words.measured(lot.quantity_initial, lot.unit)
    facts = _given(
        (N_("Made on"), day(lot.entered_on)),
        (N_("Use by"), day(lot.expires_on) if lot.expires_on else ""),
        (N_("Keep at"), product.storage),
        (N_("Quantity"), size),
        (N_("Fat"), product.fat),
        (N_("Approval"), maker.approval),
        (N_("Made by"), ", ".join(filter(None, (maker.name, maker.address)))),
    )
    return LabelText(
        kind=_("Finished lot"),
        code=lot.code,
        title=product.name,
        arabic_title=product.name_ar,
        facts=tuple((_(name), value) for name, value in facts),
        arabic_names=tuple(ARABIC[name] for name, _value in facts),
        note=_composition(product, ingredients),
        arabic_note=_composition_in_arabic(product, ingredients),
    )


def _given(*facts: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The facts that are known."""
    return tuple((name, value) for name, value in facts if value)


def _composition(product: ProductRow, ingredients: Sequence[ProductRow]) -> str:
    names = ", ".join(each.name for each in ingredients)
    allergens = ", ".join(_allergens(product, ingredients, "allergens"))
    sentences = (
        _("Ingredients: {names}.").format(names=names) if names else "",
        _("Contains: {allergens}.").format(allergens=allergens) if allergens else "",
    )
    return " ".join(filter(None, sentences))


def _allergens(
    product: ProductRow, ingredients: Sequence[ProductRow], column: str
) -> Iterable[str]:
    """What is recorded of the product itself, else of its ingredients, each allergen once."""
    own = getattr(product, column)
    named = [own] if own else [getattr(each, column) for each in ingredients]
    each_one = (one.strip() for text in named for one in text.replace("،", ",").split(","))
    return dict.fromkeys(filter(None, each_one))


def _composition_in_arabic(product: ProductRow, ingredients: Sequence[ProductRow]) -> str:
    names = [each.name_ar for each in ingredients]
    allergens = "، ".join(_allergens(product, ingredients, "allergens_ar"))
    sentences = (
        f"المكونات: {'، '.join(names)}." if names and all(names) else "",
        f"يحتوي على: {allergens}." if allergens else "",
    )
    return " ".join(filter(None, sentences))


def production_order_label(order: ProductionOrderRow, product: FinishedProductRow) -> LabelText:
    """The label of a production order, for the vat or the trolley that it is about."""
    return LabelText(
        kind=_("Production order"),
        code=order.code,
        title=product.name,
        arabic_title=product.name_ar,
        facts=(
            (_("Date"), day(order.day)),
            (_("Planned"), words.measured(order.planned, order.unit)),
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
