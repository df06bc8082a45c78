"""The aggregates of the dairy: a stored name, and how their events are folded into a state."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from attrs import frozen

from manchengo.domain import (
    access,
    audit_anchor,
    client,
    credit_note,
    delivery,
    device,
    import_batch,
    invoice,
    payment,
    plant,
    plant_details,
    price_list,
    product,
    production_order,
    recipe,
    resolution,
    sales_order,
    supplier,
)
from manchengo.domain.import_batch import EntriesUndone
from manchengo.domain.lot import events as lot_events
from manchengo.domain.lot import state as lot_state

S = TypeVar("S")
E = TypeVar("E")


@frozen
class Aggregate(Generic[S, E]):
    """``name`` is stored in every event and never changes."""

    name: str
    evolve: Callable[[S | None, E], S]

    def fold(self, events: Iterable[E | EntriesUndone]) -> S | None:
        """The state after these events; None when nothing happened, or all was undone."""
        state: S | None = None
        for event in not_undone(events):
            state = self.evolve(state, event)
        return state


def not_undone(events: Iterable[E | EntriesUndone]) -> list[E]:
    """The events that were not undone by a later one, in order."""
    kept: list[E] = []
    for event in events:
        if isinstance(event, EntriesUndone):
            assert event.entries <= len(kept), "no more is undone than was done"
            del kept[len(kept) - event.entries :]
        else:
            kept.append(event)
    return kept


SUPPLIER = Aggregate("supplier", supplier.evolve)
CLIENT = Aggregate("client", client.evolve)
PRODUCT = Aggregate("product", product.evolve)
PRICE_LIST = Aggregate("price_list", price_list.evolve)
RECIPE = Aggregate("recipe", recipe.evolve)
LOT = Aggregate("lot", lot_state.evolve)
PRODUCTION_ORDER = Aggregate("production_order", production_order.evolve)
SALES_ORDER = Aggregate("sales_order", sales_order.evolve)
DELIVERY = Aggregate("delivery", delivery.evolve)
INVOICE = Aggregate("invoice", invoice.evolve)
CREDIT_NOTE = Aggregate("credit_note", credit_note.evolve)
PAYMENT = Aggregate("payment", payment.evolve)
USER = Aggregate("user", access.evolve)
DEVICE = Aggregate("device", device.evolve)
PLANT = Aggregate("plant", plant.evolve)
PLANT_DETAILS = Aggregate("plant_details", plant_details.evolve)
IMPORT = Aggregate("import", import_batch.evolve)
RESOLUTION = Aggregate("resolution", resolution.evolve)
AUDIT = Aggregate("audit", audit_anchor.evolve)

State = (
    supplier.Supplier
    | client.Client
    | product.Product
    | price_list.PriceList
    | recipe.Recipe
    | lot_state.Lot
    | production_order.ProductionOrder
    | sales_order.SalesOrder
    | delivery.Delivery
    | invoice.Invoice
    | credit_note.CreditNote
    | payment.Payment
    | access.User
    | device.Device
    | plant.Plant
    | plant_details.PlantDetails
    | import_batch.ImportBatch
    | resolution.ResolutionItem
    | audit_anchor.AnchoredAudit
)

AnyAggregate = (
    Aggregate[supplier.Supplier, supplier.SupplierEvent]
    | Aggregate[client.Client, client.ClientEvent]
    | Aggregate[product.Product, product.ProductEvent]
    | Aggregate[price_list.PriceList, price_list.PriceListEvent]
    | Aggregate[recipe.Recipe, recipe.RecipeEvent]
    | Aggregate[lot_state.Lot, lot_events.LotEvent]
    | Aggregate[production_order.ProductionOrder, production_order.ProductionOrderEvent]
    | Aggregate[sales_order.SalesOrder, sales_order.SalesOrderEvent]
    | Aggregate[delivery.Delivery, delivery.DeliveryEvent]
    | Aggregate[invoice.Invoice, invoice.InvoiceEvent]
    | Aggregate[credit_note.CreditNote, credit_note.CreditNoteEvent]
    | Aggregate[payment.Payment, payment.PaymentEvent]
    | Aggregate[access.User, access.UserEvent]
    | Aggregate[device.Device, device.DeviceEvent]
    | Aggregate[plant.Plant, plant.PlantEvent]
    | Aggregate[plant_details.PlantDetails, plant_details.PlantDetailsChanged]
    | Aggregate[import_batch.ImportBatch, import_batch.ImportEvent]
    | Aggregate[resolution.ResolutionItem, resolution.ResolutionEvent]
    | Aggregate[audit_anchor.AnchoredAudit, audit_anchor.AuditAnchored]
)

AGGREGATES: dict[str, AnyAggregate] = {
    aggregate.name: aggregate
    for aggregate in (
        SUPPLIER,
        CLIENT,
        PRODUCT,
        PRICE_LIST,
        RECIPE,
        LOT,
        PRODUCTION_ORDER,
        SALES_ORDER,
        DELIVERY,
        INVOICE,
        CREDIT_NOTE,
        PAYMENT,
        USER,
        DEVICE,
        PLANT,
        PLANT_DETAILS,
        IMPORT,
        RESOLUTION,
        AUDIT,
    )
}
