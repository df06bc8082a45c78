"""The rows of one order, or of one recipe, go in together or not at all."""

import tracemalloc
from collections.abc import Iterator

import pytest

from manchengo.ports.rows import (
    RecipeIngredientRow,
    RecipeRow,
    SalesOrderLineRow,
    SalesOrderRow,
)
from manchengo_files.grouping import together
from manchengo_files.rows import SourceRow
from tests.support.importing import RECIPES, ImportHarness

SALES_HEADER = "numero;date;client;produit;quantite;prix_unitaire\n"


def test_the_lines_of_a_recipe_are_one_recipe_and_counted_as_rows(harness: ImportHarness) -> None:
    assert harness.took("recipes", RECIPES).counts == (2, 0, 0)
    assert harness.one(RecipeRow).version == 1


def test_one_order_ends_where_the_next_begins(selling: ImportHarness) -> None:
    sale = SALES_HEADER + "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-2;06/01/2026;C1;TOMME;2;1300\n"
    assert selling.took("sales", sale).counts == (2, 0, 0)
    with selling.store.reading() as snapshot:
        assert [row.code for row in snapshot.rows(SalesOrderRow)] == ["CC-1", "CC-2"]


def test_the_lines_of_an_order_in_another_order_change_nothing(selling: ImportHarness) -> None:
    recipe = RECIPES.splitlines()
    again = "\n".join([recipe[0], recipe[2], recipe[1]])
    assert selling.took("recipes", again).counts == (0, 2, 0)


def test_an_order_whose_line_is_wrong_is_refused_whole(selling: ImportHarness) -> None:
    sale = SALES_HEADER + "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-1;06/01/2026;C1;BRIE;zéro;400\n"
    took = selling.takes("sales", sale + "CC-2;06/01/2026;C1;TOMME;1;1300\n")
    assert took.counts == (1, 0, 2)
    assert took.at_fault == [
        (2, "numero", "with_the_others"),
        (3, "quantite", "not_a_number"),
    ]


def test_a_shortage_is_reported_at_the_lines_that_need_it(selling: ImportHarness) -> None:
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
def test_the_lines_of_an_order_must_agree(selling: ImportHarness, second: str, column: str) -> None:
    selling.took("clients", "code;nom\nC2;Restaurant Taleb\n")
    took = selling.takes("sales", SALES_HEADER + "CC-1;06/01/2026;C1;TOMME;4;1300\n" + second)
    assert took.at_fault[1] == (3, column, "differs_in_group")
    assert took.counts == (0, 0, 2)


def test_the_rows_of_an_order_are_one_order_wherever_they_stand(selling: ImportHarness) -> None:
    sale = "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-2;06/01/2026;C1;TOMME;1;1300\n"
    took = selling.took("sales", SALES_HEADER + sale + "CC-1;06/01/2026;C1;TOMME;2;0\n")
    assert took.counts == (3, 0, 0)
    with selling.store.reading() as snapshot:
        lines = {
            order.code: [
                (line.quantity, line.unit_price)
                for line in snapshot.rows(SalesOrderLineRow, order_id=order.id)
            ]
            for order in snapshot.rows(SalesOrderRow)
        }
    assert lines == {"CC-1": [(4_000, 130_000), (2_000, 0)], "CC-2": [(1_000, 130_000)]}


def test_the_same_rows_shuffled_change_nothing(selling: ImportHarness) -> None:
    rows = [f"CC-{number % 3};06/01/2026;C1;TOMME;0,5;{number}" for number in range(9)]
    selling.took("sales", SALES_HEADER + "\n".join(rows))
    again = selling.took("sales", SALES_HEADER + "\n".join(sorted(rows, reverse=True)))
    assert again.counts == (0, 9, 0)


def test_a_wrong_row_far_below_keeps_its_order_out_whole(selling: ImportHarness) -> None:
    rows = [f"CC-{number};06/01/2026;C1;TOMME;0,001;1300\n" for number in range(1_200)]
    took = selling.takes("sales", SALES_HEADER + "".join(rows) + "CC-0;06/01/2026;C1;X;1;5\n")
    assert took.counts == (1_199, 0, 2)
    assert took.at_fault == [(2, "numero", "with_the_others"), (1_202, "produit", "unknown")]


def test_the_ingredients_of_a_recipe_may_stand_apart(harness: ImportHarness) -> None:
    header, milk, salt = RECIPES.splitlines()
    brie = "BRIE;10;LAIT;60"
    harness.took("recipes", "\n".join([header, milk, brie, salt]))
    with harness.store.reading() as snapshot:
        assert sum(1 for _ in snapshot.rows(RecipeIngredientRow)) == 3


def test_one_day_written_in_two_ways_is_one_recipe(harness: ImportHarness) -> None:
    text = "produit;pour_quantite;ingredient;quantite;valable_depuis\n"
    text += "TOMME;10;LAIT;100;03/02/2026\nBRIE;10;LAIT;60;\nTOMME;10;SEL;0,2;2026-02-03\n"
    assert harness.took("recipes", text).counts == (3, 0, 0)
    with harness.store.reading() as snapshot:
        assert sum(1 for _ in snapshot.rows(RecipeRow)) == 2


def test_a_number_typed_in_two_ways_is_one_order_refused_whole(selling: ImportHarness) -> None:
    sale = "CC-1;06/01/2026;C1;TOMME;4;1300\ncc-1;06/01/2026;C1;TOMME;1;0\n"
    took = selling.takes("sales", SALES_HEADER + sale)
    assert took.at_fault == [
        (2, "numero", "with_the_others"),
        (3, "numero", "differs_in_group"),
    ]


def test_a_number_that_cannot_be_read_keeps_the_order_above_out(selling: ImportHarness) -> None:
    sale = "CC-1;06/01/2026;C1;TOMME;4;1300\n#N/A;06/01/2026;C1;TOMME;1;0\n"
    took = selling.takes("sales", SALES_HEADER + sale)
    assert took.at_fault == [
        (2, "numero", "with_the_others"),
        (3, "numero", "spreadsheet_error"),
    ]


def test_a_line_that_does_not_say_its_order_keeps_the_one_above_from_going_in_without_it(
    selling: ImportHarness,
) -> None:
    sale = "CC-1;06/01/2026;C1;TOMME;4;1300\n;06/01/2026;C1;TOMME;1;1300\n"
    took = selling.takes("sales", SALES_HEADER + sale + "CC-2;06/01/2026;C1;TOMME;2;1300\n")
    assert took.counts == (1, 0, 2)
    assert took.at_fault == [(2, "numero", "with_the_others"), (3, "numero", "blank")]


def test_one_product_twice_at_one_price_is_reported_at_the_second(selling: ImportHarness) -> None:
    sale = "CC-1;06/01/2026;C1;TOMME;4;1300\nCC-1;06/01/2026;C1;TOMME;1;1300\n"
    took = selling.takes("sales", SALES_HEADER + sale)
    assert took.at_fault == [(2, "numero", "with_the_others"), (3, "produit", "product_twice")]


def test_a_recipe_whose_batches_differ_is_refused_whole(harness: ImportHarness) -> None:
    recipe = RECIPES.replace("TOMME;10;SEL", "TOMME;100;SEL")
    took = harness.takes("recipes", recipe)
    assert took.at_fault == [
        (2, "produit", "with_the_others"),
        (3, "pour_quantite", "differs_in_group"),
    ]


def test_a_second_recipe_needs_a_date_to_be_a_new_version(harness: ImportHarness) -> None:
    harness.took("recipes", RECIPES)
    other = RECIPES.replace("LAIT;100", "LAIT;110")
    assert harness.takes("recipes", other).at_fault == [
        (2, "produit", "already_exists"),
        (3, "produit", "already_exists"),
    ]
    dated = (
        "produit;pour_quantite;ingredient;quantite;valable_depuis\nTOMME;10;LAIT;110;01/02/2026\n"
    )
    assert harness.took("recipes", dated).counts == (1, 0, 0)
    assert harness.took("recipes", dated).counts == (0, 1, 0)
    assert harness.one(RecipeRow).version == 2


def test_memory_does_not_grow_with_the_orders_of_a_file() -> None:
    """Rows wait on the disk: as many as there are, and each with a note of its own."""

    def rows() -> Iterator[SourceRow]:
        for number in range(30_000):
            yield SourceRow(number, (f"CC-{number % 15_000}", f"{number} {'note ' * 100}"))

    tracemalloc.start()
    try:
        sizes = {len(group) for group in together(rows(), lambda row: row.cells[0])}
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sizes == {2}
    assert peak < 1_000_000  # what Python holds: some rows, out of fifteen megabytes of them
