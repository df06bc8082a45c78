"""A lot's two trees: its origins, down to the suppliers; its uses, out to the clients."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen

from manchengo import ReferenceKind, StartingLots
from manchengo.application.genealogy import Shipment, Trace, TraceNode
from manchengo_cli.database import opened
from manchengo_cli.output import Branch, Lines, Part, answer
from manchengo_cli.pages.heard import completeness_page
from manchengo_cli.pages.starting import start_shape
from manchengo_cli.session import Session
from manchengo_presenters import corrections, trace_text, words
from manchengo_presenters.beginnings import Start, start_line
from manchengo_presenters.completeness import completeness_shape
from manchengo_presenters.formatting import plain
from manchengo_presenters.language import _
from manchengo_presenters.lot_places import (
    Place,
    place_text,
    places,
    places_shape,
    shipment_shape,
)


def show_trace(session: Session, asked: Start) -> None:
    """Answer where the lot of that code comes from and where it went."""
    with opened(session) as workplace:
        start = asked.lots(workplace.dairy)
        traces = [workplace.dairy.trace(lot_id) for lot_id in start.lots]
        answer(
            session,
            shape=lambda: traces_shape(start, traces),
            page=lambda: traces_page(start, traces),
        )


def traces_shape(start: StartingLots, traces: Sequence[Trace]) -> dict[str, Any]:
    """That of the first lot, and beside it those of the others that the reference stands for."""
    first, *others = map(trace_shape, traces)
    bear_one_code = start.kind is ReferenceKind.LOT
    return first | {
        "same_code": others if bear_one_code else [],
        "begun_with": start_shape(start, [each.origins.lot for each in traces]),
        "others": [] if bear_one_code else others,
    }


def trace_shape(found: Trace) -> dict[str, Any]:
    """A trace as JSON."""
    return {
        "lot": found.origins.lot,
        "origins": node_shape(found.origins),
        "uses": node_shape(found.uses),
        "completeness": completeness_shape(found.completeness),
    }


def node_shape(root: TraceNode) -> dict[str, Any]:
    """The node and all below it; a pedigree may be deeper than the program's own stack."""
    shape = _alone(root)
    waiting = [(root, shape)]
    while waiting:
        node, shape_of_node = waiting.pop()
        shape_of_node["children"] = [_alone(child) for child in node.children]
        waiting.extend(zip(node.children, shape_of_node["children"], strict=True))
    return shape


def _alone(node: TraceNode) -> dict[str, Any]:
    return {
        "lot": node.lot,
        "kind": node.kind,
        "product": node.product,
        "quantity": plain(node.quantity.thousandths if node.quantity else 0),
        "unit": node.quantity.unit if node.quantity is not None else "",
        "used": None if node.used is None else plain(node.used.thousandths),
        "used_unit": None if node.used is None else node.used.unit,
        "order": node.via,
        "claimed": node.claimed,
        "opening_stock": node.opening_on.isoformat() if node.opening_on else None,
        "corrections": [corrections.shape(each) for each in node.corrections],
        "corrected_since": corrections.names(node.corrected_since),
        "children": [],
        "deliveries": [shipment_shape(shipment) for shipment in node.shipments],
        "standing": node.standing,
        **places_shape(node),
    }


# ------------------------------------------------------------------------------- for people


@frozen
class Gone:
    """What left for a client, told from what is still in a van."""

    shipment: Shipment


def traces_page(start: StartingLots, traces: Sequence[Trace]) -> Iterable[Part]:
    """The trace of a lot, and of the others that bear its code."""
    line = start_line(start, [each.origins.lot for each in traces])
    if line:
        yield line
    for number, found in enumerate(traces):
        if number and start.kind is ReferenceKind.LOT:
            yield Lines(
                [
                    "",
                    _(
                        "Another lot bears the same code: two devices gave it apart. "
                        "See “manchengo conflicts”."
                    ),
                    "",
                ]
            )
        elif number:
            yield Lines(["", f"— {found.origins.lot} —", ""])
        yield from trace_page(found)


def trace_page(found: Trace) -> Iterable[Part]:
    """The trace of a lot as two trees."""
    yield Lines([_("Origins"), *tree(found.origins)])
    yield Lines(["", _("Uses"), *tree(found.uses), ""])
    yield from completeness_page(found.completeness)


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
            yield Branch(before + lead, before + under + "  ", _leaf(each))


Below = TraceNode | Gone | Place


def _below(node: TraceNode, before: str) -> list[tuple[str, bool, Below]]:
    """What hangs below a node, the first one last: what is drawn before it, whether it is the last,
    and itself.
    """
    gone = [Gone(shipment) for shipment in node.shipments]
    below: list[Below] = [*node.children, *gone, *places(node)]
    return [(before, each is below[-1], each) for each in reversed(below)]


DEEPEST = 60
"""So many columns are drawn before a line: below twenty levels, the tree moves to the left."""


def _moved_left(before: str) -> str:
    return before if len(before) <= DEEPEST else "…" + before[1 - DEEPEST :]


def _bar(node: TraceNode) -> str:
    """What joins a node with what hangs below it."""
    return "│" if node.children or node.shipments or places(node) else " "


def _leaf(each: Gone | Place) -> str:
    return trace_text.shipment(each.shipment) if isinstance(each, Gone) else place_text(each)


def _node(node: TraceNode) -> str:
    quantity = words.measure(node.quantity) if node.quantity is not None else "?"
    named = (node.lot or "?", node.product_name or "?", quantity)
    return "  ".join((*named, *trace_text.notes(node)))
