"""Where a lot comes from, down to the suppliers, and where it went, out to the clients: as lines of
two trees.
"""

from attrs import frozen

from manchengo.application.genealogy import Trace, TraceNode
from manchengo.domain.ids import LotId
from manchengo.ports.rows import RawLotRow, SupplierRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import trace_text, words
from manchengo_presenters.completeness import completeness_lines
from manchengo_presenters.lot_places import place_text, places

MOST_LINES = 300
"""Lines of a tree that are drawn."""


@frozen(kw_only=True)
class TraceLine:
    """One line. ``depth``: how many lots stand between it and the lot that is traced. ``lot_id``:
    the lot, which can be opened; None for where some of it is or went. ``note``: how much of it
    was used and what else there is to say, on a line of its own, so that no figure is cut.
    """

    depth: int
    lot_id: LotId | None
    code: str
    text: str
    note: str = ""


@frozen(kw_only=True)
class LotTrace:
    """Both trees, and the sentences that say how complete they are. ``is_cut``: there are more
    lines than are drawn.
    """

    origins: tuple[TraceLine, ...]
    uses: tuple[TraceLine, ...]
    completeness: tuple[str, ...]
    is_cut: bool


def lot_trace(snapshot: Snapshot, found: Trace) -> LotTrace:
    """The trace as it is drawn."""
    origins, uses = _lines(snapshot, found.origins), _lines(snapshot, found.uses)
    return LotTrace(
        origins=tuple(origins[:MOST_LINES]),
        uses=tuple(uses[:MOST_LINES]),
        completeness=tuple(completeness_lines(found.completeness)),
        is_cut=len(origins) > MOST_LINES or len(uses) > MOST_LINES,
    )


def lots_of_tree(snapshot: Snapshot, root: TraceNode) -> list[TraceLine]:
    """The lots of that tree alone, each before those that hang below it."""
    return [line for line in _lines(snapshot, root) if line.lot_id is not None]


def _lines(snapshot: Snapshot, root: TraceNode) -> list[TraceLine]:
    """The root and all below it, each before what hangs below it; a pedigree may be deeper than the
    program's own stack.
    """
    lines: list[TraceLine] = []
    waiting: list[tuple[int, TraceNode]] = [(0, root)]
    while waiting and len(lines) <= MOST_LINES:
        depth, node = waiting.pop()
        lines.append(_lot(snapshot, node, depth))
        lines.extend(_place(trace_text.shipment(each), depth + 1) for each in node.shipments)
        lines.extend(_place(place_text(each), depth + 1) for each in places(node))
        waiting.extend((depth + 1, child) for child in reversed(node.children))
    return lines


def _lot(snapshot: Snapshot, node: TraceNode, depth: int) -> TraceLine:
    quantity = words.measure(node.quantity) if node.quantity is not None else "?"
    supplier = _supplier(snapshot, node)
    named = (node.product_name or "?", quantity, *([supplier] if supplier else []))
    return TraceLine(
        depth=depth,
        lot_id=node.lot_id,
        code=node.lot or "?",
        text=" · ".join(named),
        note=" · ".join(trace_text.notes(node)),
    )


def _supplier(snapshot: Snapshot, node: TraceNode) -> str:
    row = snapshot.get(RawLotRow, node.lot_id)
    supplier = snapshot.get(SupplierRow, row.supplier_id) if row and row.supplier_id else None
    return supplier.name if supplier else ""


def _place(text: str, depth: int) -> TraceLine:
    return TraceLine(depth=depth, lot_id=None, code="", text=text)
