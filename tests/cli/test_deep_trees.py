"""A pedigree may be thousands of makes deep: cream of cream of cream. It is told like any other."""

import io
import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st

from manchengo import Completeness
from manchengo.application.genealogy import Shipment, Trace, TraceNode
from manchengo.domain.ids import LotId
from manchengo_cli import layout
from manchengo_cli.output import write_json, write_page
from manchengo_cli.pages.tracing import node_shape, trace_page, trace_shape
from manchengo_presenters.legible import legible_json
from tests.support.dairy import an_id, kg

DEPTH = 2_000
NOW = datetime(2026, 11, 27, 8, 42, tzinfo=UTC)

A_SHIPMENT = Shipment(
    delivery="BL-1",
    order="CC-1",
    client="C1",
    client_name="Ziani",
    day=date(2026, 11, 20),
    quantity=kg(3),
    returned=kg(0),
    claimed=False,
)


def a_node(number: int, *children: TraceNode, shipments: tuple[Shipment, ...] = ()) -> TraceNode:
    return TraceNode(
        lot_id=LotId(an_id(f"lot {number}")),
        lot=f"T{number}",
        kind="PF",
        product="CREME",
        product_name="Crème",
        quantity=kg(1),
        standing="released",
        via="OF-1",
        used=kg("0.5"),
        claimed=False,
        supplier_reference="",
        children=children,
        shipments=shipments,
        loaded=(),
        orders=(),
        reserved=(),
        claims=(),
    )


def a_pedigree() -> TraceNode:
    node = a_node(DEPTH, shipments=(A_SHIPMENT,))
    for number in range(DEPTH - 1, 0, -1):
        node = a_node(number, node, shipments=(A_SHIPMENT,) if number % 2 else ())
    return node


def a_trace(node: TraceNode) -> Trace:
    alone = Completeness(now=NOW, is_alone=True, known_until=None, pending=0, devices=())
    return Trace(origins=node, uses=node, completeness=alone)


def in_json(shape: Any) -> str:
    written = io.StringIO()
    write_json(shape, written)
    return written.getvalue()


def test_every_lot_of_a_deep_pedigree_is_told_to_a_program() -> None:
    node = a_pedigree()
    document = in_json(trace_shape(a_trace(node)))
    assert document.count('"product": "CREME"') == 2 * DEPTH
    assert document.count("{") == document.count("}")
    assert len(document) < 15_000_000
    inmost, shape = 0, node_shape(node)
    while shape["children"]:
        (shape,) = shape["children"]
        inmost += 1
    assert (inmost, shape["lot"]) == (DEPTH - 1, f"T{DEPTH}")


def test_every_lot_of_a_deep_pedigree_is_told_to_a_person() -> None:
    node = a_pedigree()
    for columns in (None, 60):
        written = io.StringIO()
        if columns is None:
            write_page(trace_page(a_trace(node)), written)
        else:
            with layout.columns(columns):
                write_page(trace_page(a_trace(node)), written)
        lines = written.getvalue().splitlines()
        for number in (1, 2, DEPTH // 2, DEPTH):
            assert sum(f"T{number}" in line.split() for line in lines) == 2
        assert max(map(len, lines)) < 200


def test_a_tree_is_drawn_in_the_order_of_its_branches() -> None:
    node = a_node(
        1, a_node(2, a_node(3), shipments=(A_SHIPMENT,)), a_node(4), shipments=(A_SHIPMENT,)
    )
    written = io.StringIO()
    write_page(trace_page(a_trace(node)), written)
    drawn = [line[:9].replace("\u00a0", " ") for line in written.getvalue().splitlines()[1:7]]
    assert drawn == ["T1  Crème", "├─ T2  Cr", "│  ├─ T3 ", "│  └─ 3 k", "├─ T4  Cr", "└─ 3 kg →"]


scalars = st.none() | st.booleans() | st.integers() | st.text()
shapes = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200)
@whatever(shapes)
def test_json_is_laid_out_as_everybody_lays_it_out(shape: Any) -> None:
    assert in_json(shape) == legible_json(json.dumps(shape, ensure_ascii=False, indent=2)) + "\n"
