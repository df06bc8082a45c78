"""People name things by their codes: each is found by its code, or the code is refused."""

import pytest
from attrs import evolve

from manchengo import Ambiguous, Manchengo, Unknown
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    FARM,
    MILK,
    RECIPE,
    RENNET,
    SHOP,
    day,
    in_store,
    kg,
    litres,
    lot_id,
    made,
    make_id,
    millilitres,
    planned,
    prepared,
    received,
    sale_id,
    sold,
    van_id,
    written_off,
)
from tests.support.given import given
from tests.support.plant import Plant

FINDERS = (
    Manchengo.product,
    Manchengo.recipe,
    Manchengo.lot,
    Manchengo.supplier,
    Manchengo.client,
    Manchengo.production_order,
    Manchengo.sales_order,
    Manchengo.delivery,
)


def test_each_thing_is_found_by_its_code() -> None:
    dairy = given(
        A_DAIRY, in_store("T1", kg(10)), planned("O1", kg(5)), sold("S1", kg(2)),
        prepared("V1", order="S1"),
    ).dairy  # fmt: skip
    assert (dairy.product("LAIT").id, dairy.product("TOMME").id) == (MILK, CHEESE)
    assert dairy.recipe("TOMME").id == RECIPE
    assert (dairy.supplier("F01").id, dairy.client("C01").id) == (FARM, SHOP)
    assert (dairy.lot("T1").id, dairy.lot("milk of T1").id) == (lot_id("T1"), lot_id("milk of T1"))
    assert dairy.production_order("O1").id == make_id("O1")
    assert (dairy.sales_order("S1").id, dairy.delivery("V1").id) == (sale_id("S1"), van_id("V1"))


@pytest.mark.parametrize("find", FINDERS, ids=lambda find: str(find.__name__))
def test_a_code_that_nothing_bears_is_refused(find: type) -> None:
    with pytest.raises(Unknown) as caught:
        find(given(A_DAIRY).dairy, "F99")
    assert caught.value.reference == "F99"


def test_a_product_without_a_recipe_has_none_to_find() -> None:
    with pytest.raises(Unknown) as caught:
        given(A_DAIRY).dairy.recipe("LAIT")
    assert (caught.value.kind, caught.value.reference) == ("recipe", "LAIT")


def test_one_code_on_two_lots_is_answered_with_both() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, in_store("milk first", kg(3)))
    plant.settle()
    office.does(received("X1", litres(80), on=day(1)))
    phone.does(evolve(received("X2", litres(70), on=day(1)), code="X1"))
    plant.settle()
    for device in (office, phone):
        with pytest.raises(Ambiguous) as caught:
            device.dairy.lot("X1")
        assert caught.value.found == (
            f"X1 ({lot_id('X1')}, released), X1 ({lot_id('X2')}, claimed)"
        )


def test_a_lot_that_is_only_claimed_is_found_by_its_label() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, received("L1", litres(100)))
    office.does(received("R1", millilitres(600), of=RENNET))
    plant.settle()
    office.does(written_off("L1", litres(90)))
    phone.does(made("O7", kg(8), on=day(1)))
    plant.settle()
    for device in (office, phone):
        found = device.dairy.lot("O7")
        assert (found.id, found.standing) == (lot_id("O7"), "claimed")
