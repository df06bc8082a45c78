"""From a lot back to the farms and out to the clients, through every make, however deep."""

from collections.abc import Iterator
from typing import Any

import pytest

from manchengo import Manchengo
from manchengo.application.genealogy import Links, Shipment, TraceNode
from manchengo.application.refusals import facts
from manchengo.commands import DefineRecipe, RegisterProduct, RegisterSupplier
from manchengo.domain.delivery import Disposition
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import ProductId, RecipeId, SupplierId
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.lot.commands import Role as Came
from manchengo.domain.product import ProductKind
from manchengo.domain.production_order import Output
from manchengo.domain.recipe import Ingredient
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from tests.support.dairy import (
    A_DAIRY,
    MILK,
    RENNET,
    WHEY,
    a_line,
    abandoned,
    an_id,
    an_output,
    came_back,
    completed,
    confirmed,
    corrected,
    day,
    delivered,
    dinars,
    gone,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    millilitres,
    ordered,
    planned,
    poured,
    prepared,
    recalled,
    received,
    sold,
    started,
)
from tests.support.given import Step, given
from tests.support.story import A_SPREAD, SPREAD, a_fortnight

CULTURE = ProductId(an_id("culture"))
A_CULTURE = (
    RegisterProduct(
        product_id=CULTURE,
        code="LEVAIN",
        kind=ProductKind.FINISHED,
        name="Levain",
        unit=Unit.L,
        price=dinars(0),
    ),
    DefineRecipe(
        recipe_id=RecipeId(an_id("the recipe of the culture")),
        product_id=CULTURE,
        batch=litres(1),
        ingredients=(Ingredient(CULTURE, litres("0.1")), Ingredient(MILK, litres(1))),
        valid_from=day(0),
    ),
)
"""Each day's culture is made of a little of yesterday's."""

BLENDED = (
    A_DAIRY,
    A_SPREAD,
    received("L1", litres(60)),
    received("L2", litres(60), on=day(1)),
    received("R1", millilitres(100), of=RENNET),
    made(
        "O1",
        kg(10),
        on=day(1),
        outputs=(
            an_output("T1", kg(9)),
            an_output("W1", litres(80), of=WHEY, role=Came.BY_PRODUCT),
        ),
    ),
    planned("O2", kg(4), of=SPREAD, on=day(2)),
    started("O2", on=day(2)),
    poured("O2", "T1", kg(1), on=day(2)),
    poured("O2", "T1", kg(1), on=day(2)),
    poured("O2", "L2", litres(2), on=day(2)),
    completed("O2", an_output("C1", kg(4), of=SPREAD), on=day(2)),
    ordered("S1", a_line(kg(5)), a_line(kg(3), of=SPREAD), on=day(3)),
    confirmed("S1", on=day(3)),
    delivered("V1", order="S1", on=day(3)),
    came_back("V1", "C1", kg(1), on=day(4)),
)
"""Two milks blended into a cheese with its whey; the cheese, with more of a milk, in a spread."""


@pytest.fixture(scope="module")
def blended() -> Manchengo:
    return given(BLENDED).dairy


def drawn(node: TraceNode) -> tuple[Any, ...]:
    """A tree as one would draw it: the lot, then via which make, how much of what was poured."""
    return node.lot, node.via, node.used, [drawn(one) for one in node.children]


def test_a_lot_is_traced_back_to_the_milks(blended: Manchengo) -> None:
    origins = blended.trace(lot_id("C1")).origins
    assert drawn(origins) == (
        "C1",
        None,
        None,
        [
            (
                "T1",
                "O2",
                kg(2),
                [
                    ("L1", "O1", litres(60), []),
                    ("L2", "O1", litres(40), []),
                    ("R1", "O1", millilitres(30), []),
                ],
            ),
            ("L2", "O2", litres(2), []),
        ],
    )


def test_a_milk_is_traced_out_to_all_that_was_made_of_it(blended: Manchengo) -> None:
    uses = blended.trace(lot_id("L2")).uses
    made_of_it = {(one.lot, one.via, one.used): drawn(one)[3] for one in uses.children}
    assert made_of_it == {
        ("T1", "O1", litres(40)): [("C1", "O2", kg(2), [])],
        ("W1", "O1", litres(40)): [],
        ("C1", "O2", litres(2)): [],
    }


def test_a_node_says_what_the_lot_is(blended: Manchengo) -> None:
    node = blended.trace(lot_id("W1")).origins
    assert (node.lot_id, node.kind, node.product, node.product_name) == (
        lot_id("W1"),
        "PF",
        "SERUM",
        "Lactosérum",
    )
    assert (node.quantity, node.supplier_reference) == (litres(80), "")
    (first, *_) = node.children
    assert (first.lot, first.kind, first.product) == ("L1", "MP", "LAIT")


def test_a_raw_lot_comes_from_no_other(blended: Manchengo) -> None:
    assert blended.trace(lot_id("L1")).origins.children == ()


def shipment(code: str, quantity: Quantity, returned: Quantity) -> Shipment:
    return Shipment(
        delivery=code,
        order="S1",
        client="C01",
        client_name="Épicerie El Baraka",
        day=day(3),
        quantity=quantity,
        returned=returned,
        claimed=False,
    )


def test_at_the_leaves_stand_the_clients_with_what_came_back(blended: Manchengo) -> None:
    uses = blended.trace(lot_id("T1")).uses
    assert uses.shipments == (shipment("V1", kg(5), kg(0)),)
    (spread,) = uses.children
    assert spread.shipments == (shipment("V1", kg(3), kg(1)),)
    assert blended.trace(lot_id("T1")).origins.shipments == ()


def test_returns_in_two_boxes_are_shown_as_one() -> None:
    dairy = given(BLENDED, came_back("V1", "C1", kg("0.5"), on=day(6))).dairy
    assert dairy.trace(lot_id("C1")).uses.shipments == (shipment("V1", kg(3), kg("1.5")),)


def test_what_is_still_in_the_yard_reached_nobody() -> None:
    dairy = given(
        BLENDED,
        sold("S2", kg(2), on=day(5)),
        prepared("V2", order="S2", on=day(5)),
        loaded("V2", "T1", kg(2), on=day(5)),
    ).dairy
    assert [one.delivery for one in dairy.trace(lot_id("T1")).uses.shipments] == ["V1"]
    dairy.execute(gone("V2", on=day(6)))
    shipped = dairy.trace(lot_id("T1")).uses.shipments
    assert {(one.delivery, one.day) for one in shipped} == {
        ("V1", day(3)),
        ("V2", day(6)),
    }


def test_what_was_poured_is_found_lot_by_lot() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(60)),
        received("L2", litres(60), on=day(1)),
        received("R1", millilitres(100), of=RENNET),
        made("T1", kg(8), on=day(1)),
        made("T2", kg(2), on=day(2)),
    ).dairy
    with dairy.store.reading() as snapshot:
        links = Links(snapshot)
        used = {
            code: {link.order: link.used for link in links.poured_into(lot_id(code))}
            for code in ("L1", "L2")
        }
    assert used == {
        "L1": {"T1": litres(60)},
        "L2": {"T1": litres(20), "T2": litres(20)},
    }


def test_milk_poured_into_a_make_given_up_went_nowhere() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(60)),
        received("R1", millilitres(100), of=RENNET),
        planned("O1", kg(1)),
        started("O1"),
        poured("O1", "L1", litres(10)),
        abandoned("O1"),
    ).dairy
    assert dairy.trace(lot_id("L1")).uses.children == ()


def test_an_unknown_lot_has_no_history() -> None:
    dairy = given(A_DAIRY).dairy
    for question in (dairy.trace, dairy.simulate_recall):
        with pytest.raises(Unknown) as caught:
            question(lot_id("L9"))
        assert facts(caught.value) == {"kind": "lot", "reference": str(lot_id("L9"))}


# ----------------------------------------------------------------------------------------- recall


def standing(dairy: Manchengo) -> dict[str, str]:
    with dairy.store.reading() as snapshot:
        rows = [*snapshot.rows(RawLotRow), *snapshot.rows(FinishedLotRow)]
    return {row.code: row.standing for row in rows}


def test_a_recall_flags_every_lot_made_of_it_and_no_other() -> None:
    dairy = given(BLENDED, recalled("L1", on=day(5))).dairy
    assert standing(dairy) == {
        "L1": "recalled",
        "L2": "released",
        "R1": "released",
        "T1": "recalled",
        "W1": "recalled",
        "C1": "recalled",
    }


def test_a_recalled_cheese_recalls_neither_its_milk_nor_its_whey() -> None:
    dairy = given(BLENDED, recalled("T1", on=day(5))).dairy
    assert {lot for lot, state in standing(dairy).items() if state == "recalled"} == {"T1", "C1"}


def test_a_simulated_recall_tells_who_is_reached_and_changes_nothing(blended: Manchengo) -> None:
    report = blended.simulate_recall(lot_id("L1"))
    assert {balance.lot for balance in report.lots} == {"L1", "T1", "W1", "C1"}
    assert report.lots[0].lot == "L1"
    assert set(report.shipments) == {
        ("T1", shipment("V1", kg(5), kg(0))),
        ("C1", shipment("V1", kg(3), kg(1))),
    }
    assert report.clients == ("C01",)
    assert set(standing(blended).values()) == {"released"}


def test_what_comes_out_after_the_recall_is_recalled_as_it_comes_out() -> None:
    dairy = given(
        BLENDED,
        planned("O3", kg(2), of=SPREAD, on=day(5)),
        started("O3", on=day(5)),
        poured("O3", "T1", kg(1), on=day(5)),
        recalled("L1", on=day(6)),
        completed("O3", an_output("C2", kg(2), of=SPREAD), on=day(6)),
    ).dairy
    assert standing(dairy)["C2"] == "recalled"
    assert {one.lot for one in dairy.simulate_recall(lot_id("L1")).lots} >= {"C1", "C2"}


def test_a_culture_carried_on_for_weeks_is_recalled_to_the_last_day() -> None:
    dairy = given(A_DAIRY, A_CULTURE, *carried_on(25)).dairy
    dairy.execute(recalled("K3", on=day(40)))
    states = standing(dairy)
    assert {lot for lot, state in states.items() if state == "recalled"} == {
        f"K{number}" for number in range(3, 26)
    }


def test_a_culture_carried_on_for_more_than_a_year_is_traced_to_its_first_day() -> None:
    dairy = given(A_DAIRY, A_CULTURE, *carried_on(400)).dairy
    path = [node.lot for node in along(dairy.trace(lot_id("K400")).origins)]
    assert path == [f"K{number}" for number in range(400, -1, -1)]


def along(node: TraceNode) -> Iterator[TraceNode]:
    """From culture to culture."""
    yield node
    for child in node.children:
        if child.product == "LEVAIN":
            yield from along(child)


def carried_on(days: int) -> Iterator[Step]:
    """A first culture of nothing but milk, then one a day, each from the one before."""
    yield received("L1", litres(1_000))
    yield planned("first", kg(1))
    yield received("R1", millilitres(10), of=RENNET)
    yield started("first")
    yield poured("first", "L1", litres(1))
    yield completed("first", culture(0, role=Came.BY_PRODUCT))
    for number in range(1, days + 1):
        yield planned(f"M{number}", litres(1), of=CULTURE, on=day(number))
        yield started(f"M{number}", on=day(number))
        yield poured(f"M{number}", "L1", litres(1), on=day(number))
        yield poured(
            f"M{number}", f"K{number - 1}", litres("0.1"), on=day(number), reason="the freshest"
        )
        yield completed(f"M{number}", culture(number), on=day(number))


def culture(number: int, *, role: Came = Came.MAIN) -> Output:
    return an_output(f"K{number}", litres(1), of=CULTURE, role=role)


# ----------------------------------------------------------------------------------- mass balance


def test_the_balance_of_a_lot_tells_where_every_gram_went(blended: Manchengo) -> None:
    dairy = given(BLENDED, came_back("V1", "T1", kg(1), then=Disposition.DESTROY, on=day(6))).dairy
    cheese = {one.lot: one for one in dairy.simulate_recall(lot_id("T1")).lots}["T1"]
    assert (cheese.entered, cheese.returned, cheese.adjusted) == (9_000, 1_000, 0)
    assert (cheese.consumed, cheese.delivered) == (2_000, 5_000)
    assert (cheese.written_off, cheese.sent_back, cheese.on_hand) == (1_000, 0, 2_000)
    assert cheese.balanced


def test_every_lot_of_a_fortnight_is_balanced() -> None:
    dairy = a_fortnight()
    with dairy.store.reading() as snapshot:
        lots = [*snapshot.rows(RawLotRow), *snapshot.rows(FinishedLotRow)]
    for lot in lots:
        report = dairy.simulate_recall(lot.id)
        assert all(balance.balanced for balance in report.lots)
        assert report.lots[0].on_hand == lot.quantity_remaining


def test_what_left_before_a_correction_left_on_the_old_value() -> None:
    dairy = given(
        BLENDED,
        corrected("T1", on=day(4), expiry=Expiry(day(20))),
        corrected("L1", on=day(4), reference="bon 12"),
        sold("S2", kg(2), on=day(5)),
        delivered("V2", order="S2", on=day(5)),
    ).dairy
    uses = dairy.trace(lot_id("T1")).uses
    assert [(one.field, one.after) for one in uses.corrections] == [("expiry", day(20).isoformat())]
    assert {one.delivery: one.corrected_since for one in uses.shipments} == {
        "V1": ("expiry",),
        "V2": (),
    }
    poured_lots = {child.lot: child for child in dairy.trace(lot_id("T1")).origins.children}
    assert poured_lots["L1"].corrected_since == ("supplier_reference",)
    assert poured_lots["L1"].supplier_reference == "bon 12"
    assert poured_lots["R1"].corrected_since == ()


def test_a_corrected_supplier_is_shown_by_its_code() -> None:
    other = RegisterSupplier(
        supplier_id=SupplierId(an_id("F02")), code="F02", name="Ferme Oubraham"
    )
    dairy = given(
        A_DAIRY,
        other,
        received("L1", litres(10)),
        corrected("L1", on=day(1), supplier=other.supplier_id),
    ).dairy
    (one,) = dairy.trace(lot_id("L1")).origins.corrections
    assert (one.before, one.after, one.movements) == ("F01", "F02", 1)
