"""Whatever two devices did, a trace and a recall show what a walk over the raw commits finds."""

from collections import Counter
from uuid import UUID

from hypothesis import given as whatever
from hypothesis import strategies as st

from manchengo.application import genealogy
from manchengo.application.genealogy import RecallReport, TraceNode, lot_row
from manchengo.domain.ids import DeviceId, LotId
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.store import Snapshot
from tests.support.campaigns import examples
from tests.support.floor import Amounts, Floor
from tests.support.random_dairy import MIXTURE, Act, RandomDairy

NOBODY = DeviceId(UUID(int=0))

acts = st.tuples(
    st.sampled_from(MIXTURE), st.integers(0, 1), st.integers(0, 40_000), st.integers(0, 40_000)
)


@examples(15, campaign=60)
@whatever(st.lists(acts, min_size=10, max_size=60))
def test_a_trace_and_a_recall_show_what_happened_on_the_floor(story: list[Act]) -> None:
    dairy = RandomDairy()
    for act in story:
        dairy.act(act)
    look_everywhere(dairy)
    dairy.plant.settle()
    assert len(dairy.plant.digests()) == 1
    look_everywhere(dairy)


def look_everywhere(dairy: RandomDairy) -> None:
    for store in (dairy.plant.store, *(device.store for device in dairy.plant.devices)):
        with store.reading() as snapshot:
            floor = Floor.of(snapshot)
            for lot in floor.lots():
                look_at(snapshot, floor, lot)


def look_at(snapshot: Snapshot, floor: Floor, lot: str) -> None:
    lot_id = LotId(UUID(lot))
    report = genealogy.recall(snapshot, lot_id, device_id=NOBODY, now=START_OF_MEMORY)
    assert report is not None
    reached = floor.reach(lot)
    assert {str(one.lot_id): one.claimed for one in report.lots} == reached
    assert {one.lot for one in report.lots} == {floor.code(each) for each in reached}
    assert whereabouts(report) == expected(floor, reached)
    trace = genealogy.trace(snapshot, lot_id, device_id=NOBODY, now=START_OF_MEMORY)
    assert trace is not None
    same_tree(trace.uses, floor.below(lot), floor, forward=True)
    same_tree(trace.origins, floor.above(lot), floor, forward=False)
    if lot in floor.recalled:
        books = {each for each in reached if lot_row(snapshot, LotId(UUID(each)))}
        assert books == {each for each in reached if floor.as_accepted(each)}
        assert books <= floor.recalled


def whereabouts(report: RecallReport) -> dict[str, Amounts]:
    return {
        "shipments": Counter(
            (lot, van.delivery, van.claimed, van.quantity.thousandths)
            for lot, van in report.shipments
        ),
        "loaded": Counter(
            (lot, van.delivery, van.claimed, van.quantity.thousandths) for lot, van in report.loaded
        ),
        "orders": Counter(
            (lot, each.order, each.claimed, each.used.thousandths) for lot, each in report.orders
        ),
        "reserved": Counter(
            (lot, each.order, each.quantity.thousandths) for lot, each in report.reserved
        ),
        "claims": Counter(
            (lot, each.kind, each.quantity.thousandths if each.quantity else 0)
            for lot, each in report.claims
        ),
    }


def expected(floor: Floor, reached: dict[str, bool]) -> dict[str, Amounts]:
    found: dict[str, Amounts] = {
        name: Counter() for name in ("shipments", "loaded", "orders", "reserved", "claims")
    }
    for lot in reached:
        code = floor.code(lot)
        left, waits = floor.in_vans(lot)
        found["shipments"] += Counter({(code, *van): number for van, number in left.items()})
        found["loaded"] += Counter({(code, *van): number for van, number in waits.items()})
        for (order, claimed), amount in floor.fruitless(lot).items():
            found["orders"][code, order, claimed, amount] += 1
        for (order,), amount in floor.reserved(lot).items():
            found["reserved"][code, order, amount] += 1
        for each, number in floor.claimed_otherwise(lot).items():
            found["claims"][code, *each] += number
    return found


def same_tree(root: TraceNode, lots: set[str], floor: Floor, *, forward: bool) -> None:
    """The same lots, joined as they were; of a circle, the last join may be left out."""
    seen: dict[str, TraceNode] = {}
    joins: set[tuple[str, str]] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for child in node.children:
            joins.add((str(node.lot_id), str(child.lot_id)))
            waiting.append(child)
        seen[str(node.lot_id)] = node
    assert set(seen) == lots
    edges = {
        (source, child) if forward else (child, source)
        for source, child, _, _ in floor.edges()
        if (source if forward else child) in lots
    }
    assert joins <= edges
    grow = floor.below if forward else floor.above
    assert all(above in grow(below) for above, below in edges - joins)
    assert all(node.claimed for lot, node in seen.items() if not floor.as_accepted(lot))
