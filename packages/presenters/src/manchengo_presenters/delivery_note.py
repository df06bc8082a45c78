"""A delivery note (bon de livraison) in words: who sends what to whom, lot by lot."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from manchengo.application.by_id import lot_of, product_of
from manchengo.application.plant_details import plant_details_of
from manchengo.application.reading import withheld
from manchengo.ports.rows import ClientRow, DeliveryLineRow, DeliveryRow, SalesOrderRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _
from manchengo_presenters.open_orders import client_of
from manchengo_presenters.registers import LABELS

PARTICULARS = (
    *("legal_form", "capital", "address", "commune", "phone", "email"),
    *("rc", "nif", "nis", "ai", "approval"),
)
"""What a paper says of a party, in this order."""

CALLED = LABELS | {"phone": N_("Tel."), "address": "", "commune": "", "email": ""}
"""What each stands behind; "": it explains itself."""


@frozen(kw_only=True)
class PartyOnPaper:
    """``role``: what it is on this paper. ``lines``: its address and registrations."""

    role: str
    name: str
    lines: tuple[str, ...]


@frozen(kw_only=True)
class NoteLine:
    """What was delivered of one lot. ``arabic``: the name of the product in Arabic, "" where it has
    none; ``expires``: "" where it does not; ``returned``: "" where nothing came back.
    """

    product: str
    arabic: str
    lot: str
    expires: str
    quantity: str
    returned: str


@frozen(kw_only=True)
class DeliveryNote:
    """``state``: what is to be known before anybody relies on it, "" where it left and holds.
    ``facts``: a name and a value each. ``mention``: what the paper is not. ``signatures``: who
    signs, each with what is known of it.
    """

    title: str
    code: str
    state: str
    seller: PartyOnPaper
    client: PartyOnPaper
    facts: tuple[tuple[str, str], ...]
    lines: tuple[NoteLine, ...]
    totals: tuple[str, ...]
    mention: str
    signatures: tuple[tuple[str, str], ...]


def delivery_note(snapshot: Snapshot, row: DeliveryRow) -> DeliveryNote | None:
    """The note of that delivery; None where nothing is in the van nor left with it: there is
    nothing to sign for. ``snapshot``: as far as the person may see it: what they may not read of
    the client is not on it.
    """
    lines = [line for line in snapshot.rows(DeliveryLineRow, delivery_id=row.id) if line.quantity]
    if not lines:
        return None
    return DeliveryNote(
        title=_("Delivery note"),
        code=row.code,
        state=_state(row),
        seller=_seller(snapshot),
        client=_client(client_of(snapshot, row.client_id)),
        facts=tuple(_facts(snapshot, row)),
        lines=tuple(_line(snapshot, line) for line in lines),
        totals=tuple(_totals(snapshot, lines)),
        mention=_("This note goes with the goods; it does not replace the invoice."),
        signatures=(
            (_("Handed over by"), ""),
            (_("Driver"), row.carrier),
            (_("Received by"), row.received_by),
        ),
    )


def _state(row: DeliveryRow) -> str:
    if row.status == "cancelled":
        return _("CANCELLED: these goods did not leave")
    return "" if row.dispatched_on else _("Not gone yet: what is in the van may still change")


def _seller(snapshot: Snapshot) -> PartyOnPaper:
    known = plant_details_of(snapshot)
    values = {each: getattr(known, each, "") for each in PARTICULARS}
    return PartyOnPaper(role=_("Seller"), name=known.name, lines=tuple(_particulars(values)))


def _client(row: ClientRow) -> PartyOnPaper:
    hidden = withheld(row)
    values = {each: getattr(row, each, "") for each in PARTICULARS if each not in hidden}
    return PartyOnPaper(
        role=_("Client"), name=f"{row.name} ({row.code})", lines=tuple(_particulars(values))
    )


def _particulars(values: Mapping[str, str]) -> Iterator[str]:
    for name, value in values.items():
        label = CALLED[name]
        if value:
            yield _("{name}: {value}").format(name=_(label), value=value) if label else value


def _facts(snapshot: Snapshot, row: DeliveryRow) -> Iterator[tuple[str, str]]:
    yield _("Date"), day(row.dispatched_on or row.day)
    order = snapshot.get(SalesOrderRow, row.order_id)
    if order is not None:
        yield _("Sales order"), order.code
        yield _("Ordered on"), day(order.day)
    if row.carrier:
        yield _("Driver"), row.carrier


def _line(snapshot: Snapshot, line: DeliveryLineRow) -> NoteLine:
    lot, product = lot_of(snapshot, line.lot_id), product_of(snapshot, line.product_id)
    return NoteLine(
        product=product.name,
        arabic=product.name_ar,
        lot=lot.code,
        expires=day(lot.expires_on) if lot.expires_on else "",
        quantity=words.measured(line.quantity, line.unit),
        returned=words.measured(line.returned, line.unit) if line.returned else "",
    )


def _totals(snapshot: Snapshot, lines: list[DeliveryLineRow]) -> Iterator[str]:
    """Of the products of which there are several lots."""
    for product_id in dict.fromkeys(line.product_id for line in lines):
        of_it = [line for line in lines if line.product_id == product_id]
        if len(of_it) > 1:
            total = words.measured(sum(line.quantity for line in of_it), of_it[0].unit)
            name = product_of(snapshot, product_id).name
            yield _("{product}, in all: {quantity}").format(product=name, quantity=total)
