"""What one delivery shows: its lots, what the van still lacks, the steps that it allows."""

from datetime import date
from enum import Enum

from attrs import frozen

from manchengo.application.by_id import lot_of, product_of
from manchengo.application.holds import holds_of_order, waiting_for
from manchengo.domain.delivery import ALLOWED, GONE
from manchengo.domain.ids import DeliveryId, LotId
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import DeliveryLineRow, DeliveryRow, SalesOrderRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.delivery_note import DeliveryNote, delivery_note
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _
from manchengo_presenters.open_orders import client_of
from manchengo_presenters.screens.bills_shown import BillShown, bills_shown
from manchengo_presenters.screens.tones import Tone, tone_of_delivery


class Step(Enum):
    """What a person does with a delivery; the value is the words of its button."""

    DISPATCH = N_("Let the van leave")
    RECEIVE = N_("The client has it")
    LOAD = N_("Load another lot")
    RETURN = N_("Take back a return")
    REOPEN = N_("Reopen the delivery")
    CANCEL = N_("Cancel the delivery")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


@frozen(kw_only=True)
class LotOfDelivery:
    """A lot that is to be loaded or is in the van. ``waiting``: what of it is still to be loaded;
    ``unfit``: why it may not leave any more, "" where it may.
    """

    lot_id: LotId
    code: str
    product: str
    waiting: str
    loaded: str
    returned: str
    unfit: str


@frozen(kw_only=True)
class DeliveryDetail:
    """``facts``: a name and a value each. ``missing``: what the van still lacks, in a sentence, ""
    where it lacks nothing. ``steps``: those that its state allows. ``bills``: the invoices that
    bill it; ``has_left``: whether it may be billed. ``note``: its paper; None while nothing is
    in the van.
    """

    code: str
    client: str
    state: str
    tone: Tone
    order: SalesOrderRow
    facts: tuple[tuple[str, str], ...]
    lots: tuple[LotOfDelivery, ...]
    missing: str
    steps: tuple[Step, ...]
    may_load: bool
    bills: tuple[BillShown, ...]
    has_left: bool
    note: DeliveryNote | None


def delivery_detail(snapshot: Snapshot, row: DeliveryRow, today: date) -> DeliveryDetail:
    """That delivery at that moment."""
    order = snapshot.get(SalesOrderRow, row.order_id)
    assert order is not None, "a delivery is of an order"
    is_open = row.status in ALLOWED["load"]
    waiting = waiting_for(snapshot, row) if is_open else {}
    facts = [(_("Order"), order.code), (_("Prepared on"), day(row.day))]
    if row.dispatched_on:
        facts.append((_("Left on"), day(row.dispatched_on)))
    named = (
        (_("Driver"), row.carrier),
        (_("Left with less"), row.short_reason),
        (_("Received by"), row.received_by),
        (_("Proof"), row.proof),
        (_("Reason"), row.reason),
    )
    facts.extend((name, value) for name, value in named if value)
    return DeliveryDetail(
        code=row.code,
        client=client_of(snapshot, row.client_id).name,
        state=words.state("delivery", row.status),
        tone=tone_of_delivery(row.status),
        order=order,
        facts=tuple(facts),
        lots=_lots(snapshot, row, waiting, today),
        missing=_missing(snapshot, waiting),
        steps=tuple(step for step in Step if row.status in ALLOWED[step.name.lower()]),
        may_load=is_open,
        bills=bills_shown(snapshot, row.id),
        has_left=row.status in GONE,
        note=delivery_note(snapshot, row),
    )


def _lots(
    snapshot: Snapshot, row: DeliveryRow, waiting: dict[LotId, int], today: date
) -> tuple[LotOfDelivery, ...]:
    """First what is to be loaded, in the order in which it is proposed."""
    unfit = {
        hold.lot: words.word(words.SKIPPED, hold.why)
        for hold in holds_of_order(snapshot, row.order_id, today)
        if hold.why
    }
    lines: dict[LotId, DeliveryLineRow] = {
        line.lot_id: line for line in snapshot.rows(DeliveryLineRow, delivery_id=row.id)
    }
    found = []
    for lot_id in dict.fromkeys([*waiting, *lines]):
        lot, line = lot_of(snapshot, lot_id), lines.get(lot_id)
        left, loaded = waiting.get(lot_id, 0), line.quantity if line else 0
        returned = line.returned if line else 0
        found.append(
            LotOfDelivery(
                lot_id=lot_id,
                code=lot.code,
                product=product_of(snapshot, lot.product_id).name,
                waiting=words.measured(left, lot.unit) if left else "",
                loaded=words.measured(loaded, lot.unit) if loaded else "",
                returned=words.measured(returned, lot.unit) if returned else "",
                unfit=unfit.get(lot.code, ""),
            )
        )
    return tuple(found)


def _missing(snapshot: Snapshot, waiting: dict[LotId, int]) -> str:
    sums: dict[object, Quantity] = {}
    names: dict[object, str] = {}
    for lot_id, left in waiting.items():
        lot = lot_of(snapshot, lot_id)
        amount = Quantity(left, Unit(lot.unit))
        before = sums.get(lot.product_id)
        sums[lot.product_id] = before + amount if before else amount
        names[lot.product_id] = product_of(snapshot, lot.product_id).name
    if not sums:
        return ""
    said = ", ".join(f"{words.measure(sums[each])} ({names[each]})" for each in sums)
    return _("The van still lacks {lacking}.").format(lacking=said)


def delivery_row(snapshot: Snapshot, delivery_id: DeliveryId) -> DeliveryRow:
    """The row of a delivery that was opened where it is listed."""
    row = snapshot.get(DeliveryRow, delivery_id)
    assert row is not None, "it was opened where it is listed"
    return row
