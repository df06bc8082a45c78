"""A lot's two trees: its origins, down to the suppliers; its uses, out to the clients."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from manchengo.application.genealogy import Shipment, Trace, TraceNode
from manchengo_cli import lookups, recorded
from manchengo_cli.compose import opened
from manchengo_cli.output import Branch, Lines, Part, answer
from manchengo_cli.pages import corrections
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day, plain
from manchengo_presenters.language import _


def show_trace(session: Session, code: str) -> None:
    with opened(session) as place:
        with place.store.reading() as snapshot:
            lot = lookups.lot(snapshot, code)
        found = place.dairy.trace(lot.id)
        answer(session, shape=lambda: trace_shape(found), page=lambda: trace_page(found))


def trace_shape(found: Trace) -> dict[str, Any]:
    return {
        "lot": found.origins.lot,
        "origins": node_shape(found.origins),
        "uses": node_shape(found.uses),
    }


def node_shape(root: TraceNode) -> dict[str, Any]:
    """The node and all below it; a pedigree may be deeper than the program's own stack."""
    shape = _alone(root)
    waiting = [(root, shape)]
    while waiting:
        node, told = waiting.pop()
        told["children"] = [_alone(child) for child in node.children]
        waiting.extend(zip(node.children, told["children"], strict=True))
    return shape


def _alone(node: TraceNode) -> dict[str, Any]:
    return {
        "lot": node.lot,
        "kind": node.kind,
        "product": node.product,
        "quantity": plain(node.quantity),
        "unit": node.unit,
        "used": None if node.used is None else plain(node.used),
        "used_unit": node.used_unit,
        "order": node.via,
        "claimed": node.claimed,
        "corrections": [corrections.shape(each) for each in node.corrections],
        "corrected_since": corrections.names(node.corrected_since),
        "children": [],
        "deliveries": [shipment_shape(shipment) for shipment in node.shipments],
    }


def shipment_shape(shipment: Shipment) -> dict[str, Any]:
    return {
        "delivery": shipment.delivery,
        "order": shipment.order,
        "client": shipment.client,
        "client_name": shipment.client_name,
        "date": shipment.day,
        "quantity": plain(shipment.quantity),
        "returned": plain(shipment.returned),
        "unit": shipment.unit,
        "claimed": shipment.claimed,
        "corrected_since": corrections.names(shipment.corrected_since),
    }


# ------------------------------------------------------------------------------- for people


def trace_page(found: Trace) -> Iterable[Part]:
    yield Lines([_("Origins"), *tree(found.origins)])
    yield Lines(["", _("Uses"), *tree(found.uses)])


def tree(root: TraceNode) -> Iterator[Branch]:
    """The node and all below it, drawn with branches."""
    yield Branch("", _bar(root) + "  ", _node(root))
    waiting = _below(root, "")
    while waiting:
        before, last, each = waiting.pop()
        lead, under = ("└─ ", "   ") if last else ("├─ ", "│  ")
        if isinstance(each, TraceNode):
            yield Branch(before + lead, before + under + _bar(each) + "  ", _node(each))
            waiting += _below(each, _moved_left(before + under))
        else:
            yield Branch(before + lead, before + under + "  ", shipment(each))


def _below(node: TraceNode, before: str) -> list[tuple[str, bool, TraceNode | Shipment]]:
    """What hangs below a node, the first one last: what is drawn before it, whether it is the last,
    and itself.
    """
    below: list[TraceNode | Shipment] = [*node.children, *node.shipments]
    return [(before, each is below[-1], each) for each in reversed(below)]


DEEPEST = 60
"""So many columns are drawn before a line: below twenty levels, the tree moves to the left."""


def _moved_left(before: str) -> str:
    return before if len(before) <= DEEPEST else "…" + before[1 - DEEPEST :]


def _bar(node: TraceNode) -> str:
    """What joins a node with what hangs below it."""
    return "│" if node.children or node.shipments else " "


def _node(node: TraceNode) -> str:
    told = f"{node.lot}  {node.product_name}  {words.measured(node.quantity, node.unit)}"
    if node.used is not None and node.used_unit is not None:
        told += "  " + _("({used} through {order})").format(
            used=words.measured(node.used, node.used_unit), order=node.via
        )
    if node.supplier_reference:
        told += f"  [{node.supplier_reference}]"
    told += before_correction(node.corrected_since)
    for each in node.corrections:
        told += f"  {corrections.said(each)}"
    return f"{told}  {claimed()}" if node.claimed else told


def before_correction(fields: tuple[str, ...]) -> str:
    """Beside what was done on a value that was corrected since."""
    if not fields:
        return ""
    named = ", ".join(recorded.label(each) for each in fields)
    return "  " + _("[before the correction: {fields}]").format(fields=named)


def shipment(each: Shipment) -> str:
    """``3 kg → Épicerie Ziani (C0002), BL-00012 du 01/11/2025``."""
    told = _("{quantity} → {client} ({code}), {delivery} of {day}").format(
        quantity=words.measured(each.quantity, each.unit),
        client=each.client_name or "?",
        code=each.client or "?",
        delivery=each.delivery or "?",
        day=day(date.fromisoformat(each.day)),
    )
    if each.returned:
        back = words.measured(each.returned, each.unit)
        told += _(", {quantity} came back").format(quantity=back)
    told += before_correction(each.corrected_since)
    return f"{told}  {claimed()}" if each.claimed else told


def claimed() -> str:
    """Beside what somebody recorded and the books refuse: it may have happened all the same."""
    return _("[claimed, not accepted]")
