"""Whom a recall has to tell: each client with their telephone and what they got."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from manchengo import withheld
from manchengo.application.genealogy import RecallReport, Shipment
from manchengo.application.spellings import rows_of_code
from manchengo.domain.access import Permission, holders
from manchengo.domain.names import search_key
from manchengo.ports.rows import ClientRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.lot_places import claimed


@frozen(kw_only=True)
class Goods:
    """What a client got of one lot by one delivery. ``note``: what came back, and whether it is
    only claimed; "" where there is nothing to say.
    """

    lot: str
    product: str
    quantity: str
    delivery: str
    day: str
    note: str

    @property
    def text(self) -> str:
        """On one line, without the product."""
        text = _("{lot}: {quantity}, {delivery} of {day}").format(
            lot=self.lot, quantity=self.quantity, delivery=self.delivery, day=self.day
        )
        return f"{text}, {self.note}" if self.note else text


@frozen(kw_only=True)
class Call:
    """One client to call. ``code``: "" where nobody knows who got it. ``phone``: "" where none is
    recorded, or the person may not read it. ``goods``: one for each lot of each delivery.
    """

    code: str
    name: str
    phone: str
    goods: tuple[Goods, ...]


def calls(snapshot: Snapshot, found: RecallReport) -> tuple[Call, ...]:
    """The clients reached, by name."""
    by_client: dict[str, list[tuple[str, Shipment]]] = {}
    for lot, each in found.shipments:
        by_client.setdefault(each.client, []).append((lot, each))
    products = {each.lot: each.product_name for each in found.lots}
    lines = [_call(snapshot, code, goods, products) for code, goods in by_client.items()]
    return tuple(sorted(lines, key=lambda each: (search_key(each.name), each.code)))


def _call(
    snapshot: Snapshot,
    code: str,
    goods: list[tuple[str, Shipment]],
    products: Mapping[str, str],
) -> Call:
    row = next(iter(rows_of_code(snapshot, code, ClientRow)), None) if code else None
    return Call(
        code=code,
        name=goods[0][1].client_name or _("Unknown client"),
        phone=row.phone if row is not None and "phone" not in withheld(row) else "",
        goods=tuple(_goods(lot, products.get(lot, ""), each) for lot, each in goods),
    )


def _goods(lot: str, product: str, each: Shipment) -> Goods:
    came_back = ""
    if each.returned:
        came_back = _("{quantity} came back").format(quantity=words.measure(each.returned))
    return Goods(
        lot=lot or "?",
        product=product,
        quantity=words.measure(each.quantity),
        delivery=each.delivery or "?",
        day=day(each.day),
        note=" ".join(filter(None, (came_back, claimed() if each.claimed else ""))),
    )


def who_has_phones() -> str:
    """For a person who may not read telephones: who may."""
    return _("You may not read telephones. These have them: {roles}.").format(
        roles=words.roles(holders(Permission.READ_PARTIES))
    )


def call_lines(calls: tuple[Call, ...]) -> Iterator[str]:
    """The list as text, with a box to tick before each client."""
    for each in calls:
        code = f" ({each.code})" if each.code else ""
        yield f"[ ] {each.name}{code}\u00a0: {each.phone or _('no telephone recorded')}"
        yield from (f"      {goods.text}" for goods in each.goods)
