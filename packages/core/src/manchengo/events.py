"""Every event: its stored name, its class, and its nature.

``EVENTS`` is the one table. The codec, the judge and the claims of refused commits read it.
"""

from attrs import frozen

from manchengo.domain import (
    access,
    audit_anchor,
    client,
    credit_note,
    delivery,
    device,
    genesis,
    import_batch,
    invitations,
    invoice,
    label_keys,
    payment,
    person_keys,
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
from manchengo.domain.lot import events as lot
from manchengo.schemas import (
    Schema,
    before_a_last_unsigned_day,
    before_accepting,
    before_labelling,
    before_opening_stock,
    before_price_files,
    before_price_lists,
    before_prices_per,
    before_short_reasons,
    before_wanted_days,
    leaving_the_labelling,
    leaving_the_price_list,
)

Event = (
    supplier.SupplierEvent
    | client.ClientEvent
    | product.ProductEvent
    | price_list.PriceListEvent
    | recipe.RecipeEvent
    | lot.LotEvent
    | production_order.ProductionOrderEvent
    | sales_order.SalesOrderEvent
    | delivery.DeliveryEvent
    | invoice.InvoiceEvent
    | credit_note.CreditNoteEvent
    | payment.PaymentEvent
    | access.UserEvent
    | device.DeviceEvent
    | plant.PlantEvent
    | plant_details.PlantDetailsChanged
    | audit_anchor.AuditAnchored
    | import_batch.ImportEvent
    | import_batch.EntriesUndone
    | resolution.ResolutionEvent
)
"""What a commit may record."""


@frozen
class Fact:
    """It happened, and no judge decides it again: handed over, printed or paid; no stock moved.

    ``derived``: the fields that its command does not say in so many words. They are as recorded,
    whatever the rules at the head would make of them; all others follow from the command.
    """

    derived: tuple[str, ...] = ()


@frozen
class Moved(Fact):
    """A fact of the floor: stock moved. A commit that the log refuses still claims it."""


@frozen
class MovedByLot(Fact):
    """A fact of the floor that other events of the same commit tell lot by lot. Those claim it."""


@frozen
class Intent:
    """Lots chosen by policy, nothing moved yet: chosen again where the choice fails.

    ``chosen``: the field that says which lots.
    """

    chosen: str


@frozen
class Record:
    """What a person decided or wrote down; the event says what its command says."""


@frozen
class Consequence:
    """What the rules make of the rest, on the state at the head."""


Nature = Fact | Intent | Record | Consequence

RECORD = Record()
CONSEQUENCE = Consequence()


@frozen
class EventSchema(Schema[Event]):
    """``nature``: what the log may still change of the event when it judges its commit."""

    nature: Nature


EVENTS: dict[str, EventSchema] = {
    "supplier.registered": EventSchema(supplier.SupplierRegistered, RECORD),
    "supplier.details_changed": EventSchema(supplier.SupplierDetailsChanged, RECORD),
    "supplier.archived": EventSchema(supplier.SupplierArchived, RECORD),
    "client.registered": EventSchema(
        client.ClientRegistered, RECORD, upcasters=(before_price_lists,)
    ),
    "client.details_changed": EventSchema(
        client.ClientDetailsChanged, RECORD, upcasters=(leaving_the_price_list,)
    ),
    "client.archived": EventSchema(client.ClientArchived, RECORD),
    "product.registered": EventSchema(
        product.ProductRegistered, RECORD, upcasters=(before_prices_per, before_labelling)
    ),
    "product.details_changed": EventSchema(
        product.ProductDetailsChanged,
        RECORD,
        upcasters=(before_prices_per, leaving_the_labelling),
    ),
    "product.density_set": EventSchema(product.ProductDensitySet, RECORD),
    "product.archived": EventSchema(product.ProductArchived, RECORD),
    "price_list.registered": EventSchema(price_list.PriceListRegistered, RECORD),
    "price_list.details_changed": EventSchema(price_list.PriceListDetailsChanged, RECORD),
    "price_list.price_set": EventSchema(price_list.PriceSet, RECORD),
    "price_list.archived": EventSchema(price_list.PriceListArchived, RECORD),
    "recipe.defined": EventSchema(recipe.RecipeDefined, RECORD),
    "recipe.archived": EventSchema(recipe.RecipeArchived, RECORD),
    "lot.received": EventSchema(
        lot.LotReceived,
        Moved(("quantity", "expires_on", "quarantined")),
        upcasters=(before_prices_per,),
    ),
    "lot.produced": EventSchema(
        lot.LotProduced,
        Moved(("quantity", "expires_on", "quarantined")),
    ),
    "lot.opening_stock_entered": EventSchema(
        lot.OpeningStockEntered,
        Moved(("kind", "dated", "quantity", "expires_on", "quarantined")),
        upcasters=(before_prices_per,),
    ),
    "lot.quarantined": EventSchema(lot.LotQuarantined, RECORD),
    "lot.blocked": EventSchema(lot.LotBlocked, RECORD),
    "lot.released": EventSchema(lot.LotReleased, RECORD),
    "lot.recalled": EventSchema(lot.LotRecalled, CONSEQUENCE),
    "lot.reserved": EventSchema(lot.LotReserved, CONSEQUENCE),
    "lot.unreserved": EventSchema(lot.LotUnreserved, CONSEQUENCE),
    "lot.consumed": EventSchema(lot.LotConsumed, Moved(("quantity",))),
    "lot.taken_back": EventSchema(lot.LotTakenBack, Moved(("quantity", "on"))),
    "lot.delivered": EventSchema(lot.LotDelivered, Moved()),
    "lot.returned": EventSchema(lot.LotReturned, Moved(("quantity",))),
    "lot.sent_back": EventSchema(lot.LotSentBack, Moved(("quantity",))),
    "lot.written_off": EventSchema(lot.LotWrittenOff, Moved(("quantity",))),
    "lot.counted": EventSchema(lot.LotCounted, Moved(("counted",))),
    "lot.count_taken_back": EventSchema(lot.LotCountTakenBack, RECORD),
    "lot.corrected": EventSchema(lot.LotCorrected, RECORD, upcasters=(before_prices_per,)),
    "lot.voided": EventSchema(lot.LotVoided, RECORD),
    "production_order.planned": EventSchema(production_order.ProductionPlanned, RECORD),
    "production_order.started": EventSchema(
        production_order.ProductionStarted, Intent(chosen="picks")
    ),
    "production_order.material_consumed": EventSchema(
        production_order.MaterialConsumed,
        MovedByLot(("quantity", "override_reason")),
    ),
    "production_order.material_taken_back": EventSchema(
        production_order.MaterialTakenBack, MovedByLot(("quantity", "poured_on"))
    ),
    "production_order.completed": EventSchema(
        production_order.ProductionCompleted, MovedByLot(("lost",))
    ),
    "production_order.made": EventSchema(
        production_order.ProductionMade,
        MovedByLot(("recipe_id", "recipe_version", "planned", "needs", "picks", "lost")),
    ),
    "production_order.cancelled": EventSchema(production_order.ProductionCancelled, RECORD),
    "production_order.reopened": EventSchema(production_order.ProductionReopened, Fact()),
    "sales_order.placed": EventSchema(
        sales_order.SalesOrderPlaced, RECORD, upcasters=(before_prices_per, before_wanted_days)
    ),
    "sales_order.confirmed": EventSchema(sales_order.SalesOrderConfirmed, Intent(chosen="picks")),
    "sales_order.delivered": EventSchema(sales_order.SalesOrderDelivered, MovedByLot()),
    "sales_order.cancelled": EventSchema(sales_order.SalesOrderCancelled, RECORD),
    "sales_order.closed": EventSchema(sales_order.SalesOrderClosed, RECORD),
    "sales_order.reopened": EventSchema(sales_order.SalesOrderReopened, Intent(chosen="picks")),
    "delivery.prepared": EventSchema(delivery.DeliveryPrepared, Intent(chosen="proposed")),
    "delivery.loaded": EventSchema(
        delivery.DeliveryLoaded,
        Moved(("quantity", "override_reason")),
    ),
    "delivery.unloaded": EventSchema(delivery.DeliveryUnloaded, Moved(("quantity",))),
    "delivery.dispatched": EventSchema(
        delivery.DeliveryDispatched, MovedByLot(), upcasters=(before_short_reasons,)
    ),
    "delivery.received": EventSchema(delivery.DeliveryReceived, Fact()),
    "delivery.returned": EventSchema(delivery.DeliveryReturned, MovedByLot(("lines",))),
    "delivery.cancelled": EventSchema(delivery.DeliveryCancelled, RECORD),
    "delivery.reopened": EventSchema(delivery.DeliveryReopened, Fact()),
    "invoice.drafted": EventSchema(invoice.InvoiceDrafted, RECORD, upcasters=(before_prices_per,)),
    "invoice.issued": EventSchema(
        invoice.InvoiceIssued,
        Fact(("buyer_name", "buyer")),
    ),
    "invoice.paid": EventSchema(invoice.InvoicePaid, CONSEQUENCE),
    "invoice.payment_reversed": EventSchema(invoice.InvoicePaymentReversed, CONSEQUENCE),
    "invoice.credited": EventSchema(invoice.InvoiceCredited, CONSEQUENCE),
    "credit_note.drafted": EventSchema(
        credit_note.CreditNoteDrafted, RECORD, upcasters=(before_prices_per,)
    ),
    "credit_note.issued": EventSchema(credit_note.CreditNoteIssued, Fact()),
    "payment.received": EventSchema(payment.PaymentReceived, Fact()),
    "payment.allocated": EventSchema(payment.PaymentAllocated, RECORD),
    "payment.voided": EventSchema(payment.PaymentVoided, RECORD),
    "user.registered": EventSchema(access.UserRegistered, RECORD),
    "user.roles_changed": EventSchema(access.UserRolesChanged, RECORD),
    "user.deactivated": EventSchema(access.UserDeactivated, RECORD),
    "device.enrolled": EventSchema(device.DeviceEnrolled, RECORD),
    "device.renewal_allowed": EventSchema(device.RenewalAllowed, RECORD),
    "device.quota_lifted": EventSchema(device.QuotaLifted, RECORD),
    "device.withdrawn": EventSchema(device.DeviceWithdrawn, RECORD),
    "audit.anchored": EventSchema(audit_anchor.AuditAnchored, RECORD),
    "user.key_admitted": EventSchema(person_keys.KeyAdmitted, RECORD),
    "user.key_withdrawn": EventSchema(person_keys.KeyWithdrawn, RECORD),
    "user.invited": EventSchema(invitations.PersonInvited, RECORD),
    "user.invitation_redeemed": EventSchema(invitations.InvitationRedeemed, RECORD),
    "user.invitation_withdrawn": EventSchema(invitations.PersonInvitationWithdrawn, RECORD),
    "plant.founded": EventSchema(genesis.PlantFounded, RECORD),
    "plant.signing_required": EventSchema(
        plant.SigningRequired, RECORD, upcasters=(before_a_last_unsigned_day,)
    ),
    "plant.server_key_changed": EventSchema(plant.ServerKeyChanged, RECORD),
    "plant.label_key_made": EventSchema(label_keys.LabelKeyMade, RECORD),
    "plant.label_keys_requested": EventSchema(label_keys.LabelKeysRequested, RECORD),
    "plant.label_key_granted": EventSchema(label_keys.LabelKeyGranted, RECORD),
    "plant.label_key_withdrawn": EventSchema(label_keys.LabelKeyWithdrawn, RECORD),
    "plant_details.changed": EventSchema(plant_details.PlantDetailsChanged, RECORD),
    "import.started": EventSchema(
        import_batch.ImportStarted, RECORD, upcasters=(before_opening_stock, before_price_files)
    ),
    "import.finished": EventSchema(import_batch.ImportFinished, RECORD),
    "import.undone_in_part": EventSchema(import_batch.ImportUndoneInPart, RECORD),
    "import.undone": EventSchema(import_batch.ImportUndone, RECORD),
    "entries.undone": EventSchema(import_batch.EntriesUndone, RECORD),
    "resolution.opened": EventSchema(resolution.ItemOpened, CONSEQUENCE),
    "resolution.judged_again": EventSchema(resolution.ItemJudgedAgain, CONSEQUENCE),
    "resolution.resolved": EventSchema(
        resolution.ItemResolved, RECORD, upcasters=(before_accepting,)
    ),
    "resolution.set_aside": EventSchema(resolution.ItemSetAside, RECORD),
    "resolution.taken_up": EventSchema(resolution.ItemTakenUp, RECORD),
}
