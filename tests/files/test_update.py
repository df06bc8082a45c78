"""A price list changes prices and nothing else: what a file does not tell stays as it is."""

from pathlib import Path

import pytest

from manchengo.commands import (
    ArchiveProduct,
    ArchiveRecipe,
    ChangeProduct,
    DefineRecipe,
    RegisterClient,
)
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId
from manchengo.domain.import_batch import SomethingDependsOnIt
from manchengo.domain.recipe import ByProduct, Ingredient
from manchengo.domain.values import Money, Percent, Quantity, Unit
from manchengo.ports.rows import (
    ClientRow,
    FinishedProductRow,
    ProductRow,
    RawProductRow,
    RecipeIngredientRow,
    RecipeRow,
    SupplierRow,
)
from manchengo_files import importer
from tests.support.awful_files import SPECS, awful_file
from tests.support.importing import RECIPES, ImportHarness

PRICES = "code;prix_ht\n"
FULL = "code;type;designation;unite;duree_conservation_jours;prix_ht;tva\n"


def price_of(harness: ImportHarness, code: str) -> int:
    kind: type[ProductRow] = RawProductRow if code in {"LAIT", "SEL"} else FinishedProductRow
    return harness.one(kind, code).price


# ------------------------------------------------------------------------------ what is changed


def test_a_price_list_changes_the_prices_that_differ(harness: ImportHarness) -> None:
    before = harness.one(RawProductRow, "LAIT")
    took = harness.updates("products", PRICES + "LAIT;65\nSEL;38,00\nTOMME;1 250\n")
    assert (took.new_and_changed, took.outcome.unchanged) == ((0, 2), 1)
    assert took.changes == [(2, "LAIT", ("price",)), (4, "TOMME", ("price",))]
    after = harness.one(RawProductRow, "LAIT")
    assert after.price == 6_500
    assert (after.name, after.shelf_life_days, after.vat_class) == (
        *(before.name, before.shelf_life_days),
        before.vat_class,
    )


def test_an_empty_cell_tells_nothing(harness: ImportHarness) -> None:
    took = harness.updates("products", FULL + "LAIT;;;;5;;\nSEL;;Sel fin;;;;\n")
    assert took.changes == [(2, "LAIT", ("shelf_life_days",)), (3, "SEL", ("name",))]
    salt = harness.one(RawProductRow, "SEL")
    assert (salt.name, salt.price, salt.vat_class) == ("Sel fin", 3_800, "normal")


def test_the_same_file_again_changes_nothing(harness: ImportHarness) -> None:
    text = PRICES + "LAIT;65\nTOMME;1250\n"
    harness.updates("products", text)
    before = harness.head()
    again = harness.updates("products", text)
    assert (again.counts, again.outcome.import_id) == ((0, 2, 0), None)
    assert harness.head() == before


def test_a_price_goes_up_and_down_and_up_again(harness: ImportHarness) -> None:
    for price in ("65", "62", "65"):
        took = harness.updates("products", PRICES + f"LAIT;{price}\n")
        assert took.new_and_changed == (0, 1)
    assert price_of(harness, "LAIT") == 6_500


def test_what_is_new_comes_in_as_by_a_plain_import(harness: ImportHarness) -> None:
    text = FULL + "LAIT;;;;;65;\nCREME;MP;Crème;L;3;90;9\n"
    took = harness.updates("products", text)
    assert took.new_and_changed == (1, 1)
    assert harness.one(RawProductRow, "CREME").price == 9_000
    assert harness.takes("products", FULL + "CREME;MP;Crème;L;3;90;9\n").counts == (0, 1, 0)


def test_what_came_in_plainly_is_known_to_an_update_and_the_other_way_round(
    harness: ImportHarness,
) -> None:
    harness.updates("suppliers", "code;nom\nF1;Ferme neuve\n")
    assert harness.takes("suppliers", "code;nom\nF1;Ferme Aït Ali\n").counts == (0, 1, 0)
    assert harness.updates("suppliers", "code;nom\nF1;Ferme Aït Ali\n").new_and_changed == (0, 1)


def test_a_rehearsal_tells_the_changes_and_makes_none(harness: ImportHarness) -> None:
    before = harness.head()
    took = harness.updates("products", PRICES + "LAIT;65\n", keep=False)
    assert took.changes == [(2, "LAIT", ("price",))]
    assert (harness.head(), price_of(harness, "LAIT")) == (before, 6_200)


def test_rows_of_one_code_make_one_change_wherever_they_stand(
    harness: ImportHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "CHUNK", 1)
    text = FULL + "LAIT;;;;;65;\nSEL;;;;;39;\nLAIT;;Lait entier;;;65;\n"
    took = harness.updates("products", text)
    assert took.changes == [(2, "LAIT", ("name", "price")), (3, "SEL", ("price",))]
    assert took.new_and_changed == (0, 3)


def test_a_list_with_two_prices_for_one_code_changes_neither(harness: ImportHarness) -> None:
    took = harness.updates("products", PRICES + "LAIT;65\nSEL;39\nLAIT;66\nLAIT;65\n")
    assert took.at_fault == [
        *((2, "prix_ht", "differs_in_group"), (4, "prix_ht", "differs_in_group")),
        (5, "prix_ht", "differs_in_group"),
    ]
    assert [each.message.split(" dit")[0] for each in took.refusals] == [
        *("La ligne 4", "La ligne 2", "La ligne 4")
    ]
    assert (price_of(harness, "LAIT"), price_of(harness, "SEL")) == (6_200, 3_900)


def test_a_row_without_a_code_takes_no_other_with_it(harness: ImportHarness) -> None:
    took = harness.updates("products", PRICES + "LAIT;65\n;66\nSEL;;9\n")
    assert took.at_fault == [(3, "code", "blank"), (4, "", "too_many_cells")]
    assert price_of(harness, "LAIT") == 6_500


# ------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("code", ["lait", "Lait", "ＬＡＩＴ"])
def test_a_code_in_another_spelling_is_refused_with_its_own(
    harness: ImportHarness, code: str
) -> None:
    took = harness.updates("products", PRICES + f"{code};65\n")
    assert took.at_fault == [(2, "code", "spelt_otherwise")]
    assert "LAIT" in took.refusals[0].message


@pytest.mark.parametrize(
    ("column", "value", "known"), [("type", "PF", "MP"), ("unite", "kg", "L"), ("unite", "ml", "L")]
)
def test_what_never_changes_is_refused(
    harness: ImportHarness, column: str, value: str, known: str
) -> None:
    took = harness.updates("products", f"code;{column};prix_ht\nLAIT;{value};65\n")
    assert took.at_fault == [(2, column, "unchangeable")]
    assert known in took.refusals[0].message
    assert price_of(harness, "LAIT") == 6_200
    same = harness.updates("products", f"code;{column};prix_ht\nLAIT;{known};65\n")
    assert same.changes == [(2, "LAIT", ("price",))]


def test_an_unknown_code_is_told_what_registers_it(harness: ImportHarness) -> None:
    took = harness.updates("products", "code;unite;prix_ht\nLAIR;L;65\n")
    assert took.at_fault == [(2, "code", "unknown")]
    assert "type, designation" in took.refusals[0].message
    assert "prix_ht" not in took.refusals[0].message


def test_what_is_archived_changes_no_more(harness: ImportHarness) -> None:
    harness.dairy.execute(ArchiveProduct(product_id=harness.one(RawProductRow, "LAIT").id))
    took = harness.updates("products", PRICES + "LAIT;65\nLAIT;65\nSEL;39\n")
    assert took.at_fault == [(2, "code", "archived"), (3, "code", "with_the_others")]
    assert harness.updates("products", PRICES + "LAIT;62\n").counts == (0, 1, 0)


def test_a_cell_that_cannot_be_read_keeps_its_row_out(harness: ImportHarness) -> None:
    took = harness.updates("products", "code;prix_ht;tva\nLAIT;6O;\nSEL;39;17\nTOMME;1250;9\n")
    assert took.at_fault == [(2, "prix_ht", "not_a_number"), (3, "tva", "not_a_choice")]
    assert price_of(harness, "TOMME") == 125_000


def test_a_barcode_moves_from_one_product_to_another(harness: ImportHarness) -> None:
    barcodes = "code;gtin\n"
    harness.updates("products", barcodes + "LAIT;6130001000014\nSEL;6130001000021\n")
    assert harness.updates("products", barcodes + "TOMME;6130001000014\n").at_fault == [
        (2, "gtin", "barcode_taken")
    ]
    took = harness.updates(
        "products", barcodes + "LAIT;6130001000038\nTOMME;6130001000014\nSEL;6130001000021\n"
    )
    assert (took.new_and_changed, took.outcome.unchanged) == ((0, 2), 1)


@pytest.mark.parametrize(
    ("columns", "cells", "fields", "becomes"),
    [
        ("prix_ht;prix_pour", "40;", ("price",), (4_000, 100)),
        ("prix_ht;prix_pour", "40;1000", ("price",), (4_000, 1_000)),
        ("prix_pour", "1000", ("price_per",), (3_500, 1_000)),
        ("prix_ht;prix_pour", "35;100", (), (3_500, 100)),
    ],
)
def test_a_price_for_so_many_units_keeps_what_the_row_leaves_out(
    harness: ImportHarness,
    columns: str,
    cells: str,
    fields: tuple[str, ...],
    becomes: tuple[int, int],
) -> None:
    harness.took(
        "products",
        "code;type;designation;unite;prix_ht;prix_pour\nETIQ;MP;Étiquette;piece;35;100\n",
    )
    took = harness.updates("products", f"code;{columns}\nETIQ;{cells}\n")
    assert took.changes == ([(2, "ETIQ", fields)] if fields else [])
    row = harness.one(RawProductRow, "ETIQ")
    assert (row.price, row.price_per) == becomes


def test_a_plain_import_of_a_known_code_names_the_way_out(harness: ImportHarness) -> None:
    took = harness.takes("suppliers", "code;nom\nF1;Autre nom\n")
    assert took.at_fault == [(2, "code", "already_exists")]
    assert "comme mise à jour" in took.refusals[0].message
    harness.took(
        "lots", "lot;produit;fournisseur;date_reception;quantite\nL1;SEL;F1;05/01/2026;1\n"
    )
    lots = "lot;produit;fournisseur;date_reception;quantite\nL1;SEL;F1;05/01/2026;2\n"
    assert "comme mise à jour" not in harness.takes("lots", lots).refusals[0].message


# -------------------------------------------------------------------------- parties, addresses


def test_a_client_keeps_what_the_file_does_not_tell(harness: ImportHarness) -> None:
    harness.took("clients", "code;nom;telephone;nif;categorie\nC1;Ziani;0550;00012;gros\n")
    text = "code;telephone;type;fraicheur_minimale_jours\nC1;0660;;10\n"
    assert harness.updates("clients", text).changes == [
        (2, "C1", ("phone", "minimum_shelf_life_days"))
    ]
    row = harness.one(ClientRow, "C1")
    assert (row.phone, row.nif, row.category, row.minimum_shelf_life_days) == (
        *("0660", "00012"),
        *("gros", 10),
    )


@pytest.mark.parametrize(
    ("recorded", "address", "town", "becomes"),
    [
        ("", "12 rue X", "Sétif", "12 rue X, Sétif"),
        ("Sétif", "", "Batna", "Batna"),
        ("Sétif", "", "Sétif", "Sétif"),
        ("12 rue X, Sétif", "", "Sétif", "12 rue X, Sétif"),
        ("12 rue X, Sétif", "12 rue X", "", "12 rue X, Sétif"),
        ("12 rue X, Sétif", "14 rue Y", "Batna", "14 rue Y, Batna"),
        ("12 rue X, Sétif", "14 rue Y, Batna", "", "14 rue Y, Batna"),
        ("12 rue X, Sétif", "", "", "12 rue X, Sétif"),
        ("12 rue X", "14 rue Y", "", "14 rue Y"),
    ],
)
def test_an_address_becomes_what_its_row_tells(
    harness: ImportHarness, recorded: str, address: str, town: str, becomes: str
) -> None:
    register = RegisterClient(
        client_id=ClientId(harness.ids.new()),
        code="C1",
        name="A",
        identity=Identity(address=recorded),
    )
    harness.dairy.execute(register)
    took = harness.updates("clients", f"code;adresse;ville\nC1;{address};{town}\n")
    assert took.outcome.changed == (recorded != becomes)
    assert harness.one(ClientRow, "C1").address == becomes


@pytest.mark.parametrize(
    ("cells", "column"), [("14 rue Y;", "adresse"), (";Batna", "ville"), (";X, Batna", "ville")]
)
def test_half_an_address_is_refused_where_it_cannot_be_known_which(
    harness: ImportHarness, cells: str, column: str
) -> None:
    harness.took("suppliers", "code;nom;adresse;ville\nF9;A;12 rue X;Sétif\n")
    took = harness.updates("suppliers", f"code;adresse;ville\nF9;{cells}\n")
    assert took.at_fault == [(2, column, "address_or_town")]
    assert harness.one(SupplierRow, "F9").address == "12 rue X, Sétif"


# ---------------------------------------------------------------------------------------- recipes

RECIPE_ROWS = "produit;pour_quantite;ingredient;quantite;unite;valable_depuis\n"


@pytest.fixture
def making(harness: ImportHarness) -> ImportHarness:
    harness.took("recipes", RECIPES)
    return harness


def recipe(harness: ImportHarness) -> tuple[int, dict[str, int]]:
    """The latest version, and what it takes."""
    row = harness.one(RecipeRow)
    codes = {harness.one(RawProductRow, code).id: code for code in ("LAIT", "SEL")}
    with harness.store.reading() as snapshot:
        parts = snapshot.rows(RecipeIngredientRow, recipe_id=row.id, version=row.version)
        return row.version, {codes[part.product_id]: part.quantity for part in parts}


def test_a_changed_recipe_becomes_a_new_version_from_today(making: ImportHarness) -> None:
    text = RECIPE_ROWS + "TOMME;10;LAIT;98;;\nTOMME;10;SEL;200;g;\n"
    took = making.updates("recipes", text)
    assert took.new_and_changed == (0, 2)
    assert took.changes == [(2, "TOMME", ("quantity", "valid_from"))]
    assert recipe(making) == (2, {"LAIT": 98_000, "SEL": 200})
    assert making.one(RecipeRow).valid_from.isoformat() == "2026-01-05"
    assert making.updates("recipes", text).counts == (0, 2, 0)


def test_the_same_recipe_in_another_order_and_unit_is_no_new_version(
    making: ImportHarness,
) -> None:
    text = RECIPE_ROWS + "TOMME;10;SEL;200;g;\nTOMME;10;LAIT;100 000;mL;\n"
    assert making.updates("recipes", text).counts == (0, 2, 0)
    assert recipe(making)[0] == 1


def test_the_rows_of_a_product_are_its_whole_recipe(making: ImportHarness) -> None:
    took = making.updates("recipes", RECIPE_ROWS + "TOMME;10;LAIT;100;;\n")
    assert took.changes == [(2, "TOMME", ("quantity", "valid_from"))]
    assert recipe(making) == (2, {"LAIT": 100_000})


def test_a_dated_recipe_is_compared_with_the_version_of_its_day(making: ImportHarness) -> None:
    june = RECIPE_ROWS + "TOMME;10;LAIT;90;;01/06/2026\n"
    assert making.updates("recipes", june).new_and_changed == (0, 1)
    both = june + "TOMME;10;LAIT;100;;01/05/2026\nTOMME;10;SEL;0,2;;01/05/2026\n"
    assert making.updates("recipes", both).counts == (0, 3, 0)
    again = RECIPE_ROWS + "TOMME;10;LAIT;89;;01/06/2026\n"
    assert making.updates("recipes", again).changes == [(2, "TOMME", ("quantity",))]
    assert recipe(making) == (3, {"LAIT": 89_000})


def test_a_new_version_keeps_the_by_products_and_the_yield(making: ImportHarness) -> None:
    known, milk = making.one(RecipeRow), making.one(RawProductRow, "LAIT")
    whey = ByProduct(making.one(FinishedProductRow, "BRIE").id, Quantity(2_000, Unit.PIECE))
    making.dairy.execute(
        DefineRecipe(
            recipe_id=known.id,
            product_id=known.product_id,
            batch=Quantity(10_000, Unit.KG),
            ingredients=(Ingredient(milk.id, Quantity(100_000, Unit.L)),),
            by_products=(whey,),
            expected_yield=Percent(9_500),
            valid_from=known.valid_from,
        )
    )
    making.updates("recipes", RECIPE_ROWS + "TOMME;10;LAIT;98;;\n")
    row = making.one(RecipeRow)
    with making.store.reading() as snapshot:
        parts = snapshot.rows(RecipeIngredientRow, recipe_id=row.id, version=3, by_product=True)
        assert [(part.product_id, part.quantity) for part in parts] == [(whey.product_id, 2_000)]
    assert (row.version, row.expected_yield) == (3, 9_500)


def test_a_recipe_that_is_new_comes_in(making: ImportHarness) -> None:
    took = making.updates("recipes", RECIPE_ROWS + "BRIE;10;LAIT;20;;\n")
    assert (took.new_and_changed, took.refusals) == ((1, 0), [])


@pytest.mark.parametrize(
    ("rows", "column", "rule"),
    [
        ("TOMME;10;LAIT;98;kg;", "unite", "units_differ"),
        ("TOMME;10;LAIT;98;;\nTOMME;10;LAIT;1;;", "ingredient", "with_the_others"),
        ("TOMME;10;;98;;", "ingredient", "blank"),
        ("TOMME;10;CREME;98;;", "ingredient", "unknown"),
        ("TOMME;;LAIT;98;;", "pour_quantite", "blank"),
        ("LAIT;10;SEL;1;;", "produit", "not_a_finished_product"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(
    making: ImportHarness, rows: str, column: str, rule: str
) -> None:
    took = making.updates("recipes", RECIPE_ROWS + rows + "\n")
    first = took.at_fault[0]
    assert first == (2, column, rule) or rule == "with_the_others"
    assert recipe(making)[0] == 1


def test_an_archived_recipe_is_not_brought_back_by_a_file(making: ImportHarness) -> None:
    making.dairy.execute(ArchiveRecipe(recipe_id=making.one(RecipeRow).id))
    took = making.updates("recipes", RECIPE_ROWS + "TOMME;10;LAIT;98;;\n")
    assert took.at_fault == [(2, "produit", "archived")]


# --------------------------------------------------------------------------------------- undoing


def test_undoing_an_update_puts_the_former_values_back(making: ImportHarness) -> None:
    updates = [
        making.updates("products", PRICES + "LAIT;65\nTOMME;1250\n"),
        making.updates("recipes", RECIPE_ROWS + "TOMME;10;LAIT;98;;\n"),
        making.updates("suppliers", "code;nom;telephone\nF1;Ferme;0550\nF3;Neuve;\n"),
    ]
    for took in updates:
        making.undo(took.outcome.import_id)
    assert (price_of(making, "LAIT"), price_of(making, "TOMME")) == (6_200, 120_000)
    assert recipe(making) == (1, {"LAIT": 100_000, "SEL": 200})
    farm = making.one(SupplierRow, "F1")
    assert (farm.name, farm.phone) == ("Ferme Aït Ali", "")
    assert making.dairy.verify().sound
    again = making.updates("suppliers", "code;nom;telephone\nF1;Ferme;0550\nF3;Neuve;\n")
    assert again.new_and_changed == (1, 1)


def test_an_update_stays_where_somebody_changed_the_same_thing_since(
    harness: ImportHarness,
) -> None:
    took = harness.updates("products", PRICES + "LAIT;65\nSEL;39\n")
    salt = harness.one(RawProductRow, "SEL")
    harness.dairy.execute(ChangeProduct(product_id=salt.id, price=Money(4_000)))
    with pytest.raises(SomethingDependsOnIt) as refused:
        harness.undo(took.outcome.import_id)
    assert (refused.value.kind, refused.value.code) == ("product", "SEL")
    assert refused.value.by_import is None, "it was typed; the import of the product is not the way"
    assert (price_of(harness, "LAIT"), price_of(harness, "SEL")) == (6_500, 4_000)


def test_what_a_later_update_changed_is_undone_first(harness: ImportHarness) -> None:
    first = harness.updates("products", PRICES + "LAIT;65\n").outcome.import_id
    second = harness.updates("products", PRICES + "LAIT;66\n").outcome.import_id
    with pytest.raises(SomethingDependsOnIt) as refused:
        harness.undo(first)
    assert refused.value.by_import == second
    harness.undo(second)
    assert price_of(harness, "LAIT") == 6_500
    harness.undo(first)
    assert price_of(harness, "LAIT") == 6_200


def test_the_import_of_a_register_stays_under_a_later_update(harness: ImportHarness) -> None:
    clients = harness.took("clients", "code;nom\nC1;Ziani\n").outcome.import_id
    harness.updates("clients", "code;telephone\nC1;0550\n")
    with pytest.raises(SomethingDependsOnIt):
        harness.undo(clients)


# ---------------------------------------------------------------------------------- awful files

REGISTERS = {"suppliers": "nom", "clients": "nom", "products": "designation"}


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", REGISTERS)
def test_each_row_of_an_awful_update_meets_its_fate(kind: str, seed: int, tmp_path: Path) -> None:
    """All codes are recorded under other names: a good row changes its own, and an empty cell is
    no fault of a row that has a code.
    """
    harness, name = ImportHarness(folder=tmp_path), REGISTERS[kind]
    records = [SPECS[kind].record(n)[0] for n in range(1, 15)]
    header = [column for column in SPECS[kind].columns if column not in {"tva", "telephone"}]
    lines = [[*(str(each[column]) for column in header)] for each in records]
    for line in lines:
        line[header.index(name)] = "Ancien nom"
    harness.took(kind, "\n".join(";".join(line) for line in [header, *lines]) + "\n")
    expected = awful_file(kind, seed, tmp_path)
    refused = {
        row: (column, rule)
        for row, (column, rule) in expected.refused.items()
        if rule != "blank" or column in CODE_NAMES
    }
    took = harness.updates(kind, expected.path)
    assert {row: (column, rule) for row, column, rule in took.at_fault} == refused
    assert took.outcome.accepted == took.outcome.changed
    assert took.outcome.changed + took.outcome.unchanged == (
        expected.accepted + expected.unchanged + len(expected.refused) - len(refused)
    )
    recorded = {row.code: row.name for row in rows_of(harness, kind)}
    for good in expected.good:
        assert recorded[str(good["code"])] == good[name]
    again = harness.updates(kind, expected.path)
    assert (again.outcome.accepted, again.at_fault) == (0, took.at_fault)
    assert harness.dairy.verify().sound


CODE_NAMES = {name.strip() for kind in REGISTERS for name in SPECS[kind].columns["code"]}


def rows_of(harness: ImportHarness, kind: str) -> list[SupplierRow | ClientRow | ProductRow]:
    tables: dict[str, tuple[type[SupplierRow | ClientRow | ProductRow], ...]] = {
        "suppliers": (SupplierRow,),
        "clients": (ClientRow,),
        "products": (RawProductRow, FinishedProductRow),
    }
    with harness.store.reading() as snapshot:
        return [row for table in tables[kind] for row in snapshot.rows(table)]
