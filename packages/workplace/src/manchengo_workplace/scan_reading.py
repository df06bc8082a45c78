"""A scanned text: what it is, and what of the dairy it is stuck on."""

from contextlib import suppress
from datetime import date
from enum import StrEnum

from attrs import frozen

from manchengo.application.barcodes import products_with_barcode
from manchengo.domain.access import Actor
from manchengo.domain.errors import Unknown
from manchengo.domain.label import LabelKind, NotALabel
from manchengo.ports.rows import (
    DeliveryRow,
    FinishedLotRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters.scan_view import (
    SUPPLIER_CODE,
    ScanView,
    delivery_view,
    lot_view,
    production_order_view,
    supplier_code_view,
)
from manchengo_presenters.screens.scans import Goods, Looked
from manchengo_qr.recognition import recognise
from manchengo_qr.supplier_codes import SupplierCode
from manchengo_workplace.label_keys import site_keys
from manchengo_workplace.label_subjects import (
    Subject,
    kind_of,
    subject_of,
    subject_of_code,
    text_of,
)

LOTS = (LabelKind.RAW_MATERIAL_LOT, LabelKind.FINISHED_LOT)


class Source(StrEnum):
    """What the text was; stored in the records of scans."""

    LABEL = "label"
    """One of our labels."""
    SUPPLIER = "supplier"
    """A code that a supplier printed."""
    TYPED = "typed"
    """The code of a lot, an order or a delivery, typed by hand."""
    NONE = "none"
    """Nothing that could be read."""


@frozen(kw_only=True)
class Scanned:
    """One of ``subject`` and ``supplier_code`` is there."""

    source: Source
    subject: Subject | None = None
    supplier_code: SupplierCode | None = None

    @property
    def kind(self) -> str:
        """A ``LabelKind``, or ``SUPPLIER_CODE``."""
        return kind_of(self.subject).value if self.subject is not None else SUPPLIER_CODE


def read(snapshot: Snapshot, text: str) -> Scanned:
    """What this text is: a label, a supplier's code, or else a code that somebody typed.

    Raises the refusals of ``manchengo.domain.label``, and ``Unknown`` where the log has not heard
    of what the label is stuck on.
    """
    try:
        found = recognise(text, site_keys(snapshot))
    except NotALabel:
        with suppress(Unknown):
            subject = subject_of_code(snapshot, text.strip())
            return Scanned(source=Source.TYPED, subject=subject)
        raise
    if isinstance(found, SupplierCode):
        return Scanned(source=Source.SUPPLIER, supplier_code=found)
    labelled = subject_of(snapshot, found)
    if labelled is None:
        kind = "lot" if found.kind in LOTS else _KINDS[found.kind]
        raise Unknown(kind=kind, reference=str(found.subject))
    return Scanned(source=Source.LABEL, subject=labelled)


_KINDS = {LabelKind.PRODUCTION_ORDER: "production_order", LabelKind.DELIVERY: "delivery"}


def view_of(snapshot: Snapshot, scanned: Scanned, actor: Actor, on: date) -> ScanView:
    """What it is, and what that person can do with it on that day."""
    subject = scanned.subject
    if subject is None:
        return _view_of_supplier_code(snapshot, scanned, actor, on)
    text = text_of(snapshot, subject)
    match subject:
        case RawLotRow() | FinishedLotRow():
            return lot_view(snapshot, subject, text, actor, on)
        case ProductionOrderRow():
            return production_order_view(subject, text, actor)
        case DeliveryRow():
            return delivery_view(snapshot, subject, text, actor)


def looked_at(snapshot: Snapshot, scanned: Scanned, actor: Actor, on: date) -> Looked:
    """The same for a screen: with what it is stuck on, or what a supplier says of the goods."""
    view = view_of(snapshot, scanned, actor, on)
    if scanned.subject is not None:
        return Looked(view=view, rows=type(scanned.subject), subject=scanned.subject.id)
    code = _code_of_supplier(scanned)
    product = next(products_with_barcode(snapshot, RawProductRow, code.gtin), None)
    goods = Goods(
        product_id=product.id if product else None, batch=code.batch, last_day=code.last_day
    )
    return Looked(view=view, goods=goods)


def _code_of_supplier(scanned: Scanned) -> SupplierCode:
    assert scanned.supplier_code is not None, "what is no label of ours is a supplier's code"
    return scanned.supplier_code


def _view_of_supplier_code(
    snapshot: Snapshot, scanned: Scanned, actor: Actor, on: date
) -> ScanView:
    code = _code_of_supplier(scanned)
    return supplier_code_view(
        gtin=code.gtin,
        batch=code.batch,
        produced_on=code.produced_on,
        best_before=code.best_before,
        expires_on=code.expires_on,
        product=next(products_with_barcode(snapshot, RawProductRow, code.gtin), None),
        actor=actor,
        on=on,
    )
