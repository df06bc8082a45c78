"""The rows of one order, or of one recipe, go in together or not at all."""

import pytest

from manchengo.ports.rows import RecipeRow, SalesOrderRow
from tests.support.importing import RECIPES, Desk

SALES_HEADER = "numero;date;client;produit;quantite;prix_unitaire\n"


def test_the_lines_of_a_recipe_are_one_recipe_and_counted_as_rows(desk: Desk) -> None:
    assert desk.took("recipes", RECIPES).counts == (2, 0, 0)
    assert desk.one(RecipeRow).version == 1


def test_one_order_ends_where_the_next_begins(selling: Desk) -> None:
    sale = SALES_HEADER + "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-2;06/01/2026;C1;TOMME;2;1300\n"
    assert selling.took("sales", sale).counts == (2, 0, 0)
    with selling.store.reading() as snapshot:
        assert [row.code for row in snapshot.rows(SalesOrderRow)] == ["CC-1", "CC-2"]


def test_the_lines_of_an_order_in_another_order_change_nothing(selling: Desk) -> None:
    recipe = RECIPES.splitlines()
    again = "\n".join([recipe[0], recipe[2], recipe[1]])
    assert selling.took("recipes", again).counts == (0, 2, 0)


def test_an_order_whose_line_is_wrong_is_refused_whole(selling: Desk) -> None:
    sale = SALES_HEADER + "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-1;06/01/2026;C1;BRIE;zéro;400\n"
    took = selling.takes("sales", sale + "CC-2;06/01/2026;C1;TOMME;1;1300\n")
    assert took.counts == (1, 0, 2)
    assert took.at_fault == [
        (2, "numero", "with_the_others"),
        (3, "quantite", "not_a_number"),
    ]


def test_what_is_missing_is_told_of_the_lines_that_ask_for_it(selling: Desk) -> None:
    sale = SALES_HEADER + "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-1;06/01/2026;C1;BRIE;3;400\n"
    took = selling.takes("sales", sale)
    assert took.at_fault == [
        (2, "numero", "with_the_others"),
        (3, "quantite", "not_enough_stock"),
    ]
    assert "BRIE" in took.refusals[1].message


@pytest.mark.parametrize(
    ("second", "column"),
    [("CC-1;07/01/2026;C1;BRIE;3;400\n", "date"), ("CC-1;06/01/2026;C2;BRIE;3;400\n", "client")],
)
def test_the_lines_of_an_order_must_agree(selling: Desk, second: str, column: str) -> None:
    selling.took("clients", "code;nom\nC2;Restaurant Taleb\n")
    took = selling.takes("sales", SALES_HEADER + "CC-1;06/01/2026;C1;TOMME;4;1300\n" + second)
    assert took.at_fault[1] == (3, column, "differs_in_group")
    assert took.counts == (0, 0, 2)


def test_an_order_that_comes_back_further_down_is_refused_there(selling: Desk) -> None:
    sale = "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-2;06/01/2026;C1;TOMME;1;1300\n"
    took = selling.takes("sales", SALES_HEADER + sale + "CC-1;06/01/2026;C1;TOMME;2;1300\n")
    assert took.at_fault == [(4, "numero", "already_exists")]


def test_a_line_that_does_not_say_its_order_keeps_the_one_above_from_going_in_without_it(
    selling: Desk,
) -> None:
    sale = "CC-1;06/01/2026;C1;TOMME;4;1300\n;06/01/2026;C1;TOMME;1;1300\n"
    took = selling.takes("sales", SALES_HEADER + sale + "CC-2;06/01/2026;C1;TOMME;2;1300\n")
    assert took.counts == (1, 0, 2)
    assert took.at_fault == [(2, "numero", "with_the_others"), (3, "numero", "blank")]


def test_one_product_twice_in_an_order_is_told_of_the_second(selling: Desk) -> None:
    sale = "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-1;06/01/2026;C1;TOMME;1;1300\n"
    took = selling.takes("sales", SALES_HEADER + sale)
    assert took.at_fault == [(2, "numero", "with_the_others"), (3, "produit", "product_twice")]


def test_a_recipe_whose_batches_differ_is_refused_whole(desk: Desk) -> None:
    recipe = RECIPES.replace("TOMME;10;SEL", "TOMME;100;SEL")
    took = desk.takes("recipes", recipe)
    assert took.at_fault == [
        (2, "produit", "with_the_others"),
        (3, "pour_quantite", "differs_in_group"),
    ]


def test_a_second_recipe_needs_a_date_to_be_a_new_version(desk: Desk) -> None:
    desk.took("recipes", RECIPES)
    other = RECIPES.replace("LAIT;100", "LAIT;110")
    assert desk.takes("recipes", other).at_fault == [
        (2, "produit", "already_exists"),
        (3, "produit", "already_exists"),
    ]
    dated = (
        "produit;pour_quantite;ingredient;quantite;valable_depuis\nTOMME;10;LAIT;110;01/02/2026\n"
    )
    assert desk.took("recipes", dated).counts == (1, 0, 0)
    assert desk.took("recipes", dated).counts == (0, 1, 0)
    assert desk.one(RecipeRow).version == 2
