"""What a trace says of a lot and of what left for a client, in words."""

from collections.abc import Iterator
from datetime import date

from manchengo.application.genealogy import Shipment, TraceNode
from manchengo_presenters import command_view, corrections, words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.lot_places import claimed


def notes(node: TraceNode) -> Iterator[str]:
    """What there is to say of a lot besides its code, its product and its quantity."""
    if node.used is not None:
        yield _("({used} through {order})").format(
            used=words.measure(node.used), order=node.via or "?"
        )
    if node.supplier_reference:
        yield f"[{node.supplier_reference}]"
    if node.opening_on is not None:
        yield opening(node.opening_on)
    yield from before_correction(node.corrected_since)
    for each in node.corrections:
        yield corrections.field_change(each)
    if node.claimed:
        yield claimed()


def opening(on: date) -> str:
    """In the place of a supplier or an order: nothing is known of what came before."""
    return _("[opening stock of {day}]").format(day=day(on))


def before_correction(fields: tuple[str, ...]) -> Iterator[str]:
    """Beside what was done on a value that was corrected since."""
    if fields:
        named = ", ".join(command_view.label(each) for each in fields)
        yield _("[before the correction: {fields}]").format(fields=named)


def shipment(each: Shipment) -> str:
    """``3 kg → Épicerie Ziani (C0002), BL-00012 du 01/11/2025``."""
    text = _("{quantity} → {client} ({code}), {delivery} of {day}").format(
        quantity=words.measure(each.quantity),
        client=each.client_name or "?",
        code=each.client or "?",
        delivery=each.delivery or "?",
        day=day(each.day),
    )
    if each.returned:
        back = words.measure(each.returned)
        text += _(", {quantity} came back").format(quantity=back)
    marks = [*before_correction(each.corrected_since), *([claimed()] if each.claimed else [])]
    return "  ".join((text, *marks))
