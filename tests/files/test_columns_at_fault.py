"""Every refusal is told of the column that must be corrected, the first in the file first."""

import pytest

from manchengo.commands import ArchiveClient, ArchiveProduct, ArchiveSupplier, ChangeProduct
from manchengo.domain.values import Money
from manchengo.ports.rows import ClientRow, FinishedProductRow, RawProductRow, SupplierRow
from tests.support.importing import ImportHarness

LOTS = "lot;produit;fournisseur;date_reception;date_peremption;quantite;unite\n"
PRODUCTION = "numero;date;produit;quantite_prevue;quantite_obtenue;unite\n"
SALES = "numero;date;client;produit;quantite;unite\n"
RECIPES = "produit;pour_quantite;ingredient;quantite;unite\n"
DELIVERIES = "numero;date;commande\n"
PRODUCTS = "code;type;designation;unite;prix_ht;tva\n"


@pytest.mark.parametrize(
    ("kind", "text", "column", "rule"),
    [
        ("suppliers", "code;nom\nF1;Autre\n", "code", "already_exists"),
        ("clients", "code;nom\nC1;Autre\n", "code", "already_exists"),
        ("products", PRODUCTS + "LAIT;MP;Autre;L;62;0\n", "code", "already_exists"),
        ("products", PRODUCTS + "X;XX;X;L;62;0\n", "type", "not_a_choice"),
        ("products", PRODUCTS + "X;MP;X;tonneau;62;0\n", "unite", "not_a_choice"),
        ("products", PRODUCTS + "X;MP;X;L;62;17\n", "tva", "not_a_choice"),
        ("products", PRODUCTS + "X;MP;X;L;62;1900\n", "tva", "too_large"),
        ("products", PRODUCTS + "X;MP;;L;62;0\n", "designation", "blank"),
        ("recipes", RECIPES + "X;10;LAIT;1;\n", "produit", "unknown"),
        ("recipes", RECIPES + "LAIT;10;SEL;1;\n", "produit", "not_a_finished_product"),
        ("recipes", RECIPES + "TOMME;10;X;1;\n", "ingredient", "unknown"),
        ("recipes", RECIPES + "TOMME;10;LAIT;0;\n", "quantite", "zero"),
        ("lots", LOTS + "L1;SEL;F1;05/01/2026;;1;\n", "lot", "already_exists"),
        ("lots", LOTS + "L2;X;F1;05/01/2026;;1;\n", "produit", "unknown"),
        ("lots", LOTS + "L2;TOMME;F1;05/01/2026;;1;\n", "produit", "not_a_raw_material"),
        ("lots", LOTS + "L2;LAIT;F9;05/01/2026;;1;\n", "fournisseur", "unknown"),
        (
            *("lots", LOTS + "L2;LAIT;F1;05/01/2026;04/01/2026;1;\n"),
            *("date_peremption", "expires_before_reception"),
        ),
        ("lots", LOTS + "L2;LAIT;F1;05/01/2026;;1;kg\n", "unite", "units_differ"),
        ("lots", LOTS + "L2;SEL;F1;05/01/2026;;0,5;g\n", "quantite", "too_fine"),
        ("production", PRODUCTION + "O;05/01/2026;X;1;1;\n", "produit", "unknown"),
        ("production", PRODUCTION + "O;05/01/2026;SEL;1;1;\n", "produit", "not_a_finished_product"),
        (
            *("production", PRODUCTION + "O;05/01/2026;TOMME;99;9;\n"),
            *("quantite_prevue", "not_enough_materials"),
        ),
        ("production", PRODUCTION + "O;05/01/1980;TOMME;1;1;\n", "date", "year_out_of_range"),
        ("production", PRODUCTION + "O;05/01/2026;TOMME;1;1;L\n", "unite", "units_differ"),
        ("sales", SALES + "CC;05/01/2026;C9;TOMME;1;\n", "client", "unknown"),
        ("sales", SALES + "CC;05/01/2026;C1;X;1;\n", "produit", "unknown"),
        ("sales", SALES + "CC;05/01/2026;C1;TOMME;1;\n", "quantite", "not_enough_stock"),
        ("sales", SALES + "CC;05/01/2026;C1;TOMME;1;L\n", "unite", "units_differ"),
        ("deliveries", DELIVERIES + "BL;05/01/2026;CC-9\n", "commande", "unknown"),
    ],
)
def test_a_refusal_is_reported_at_the_column_at_fault(
    small: ImportHarness, kind: str, text: str, column: str, rule: str
) -> None:
    before = small.head()
    took = small.takes(kind, text)
    assert took.at_fault == [(2, column, rule)]
    assert took.refusals[0].message.endswith(".")
    assert small.head() == before


def test_a_missing_price_is_reported_at_its_column(
    small: ImportHarness,
) -> None:
    small.dairy.execute(
        ChangeProduct(product_id=small.one(FinishedProductRow, "TOMME").id, price=Money(0))
    )
    header = "numero;date;client;produit;quantite;prix_unitaire\n"
    rows = "CC;05/01/2026;C1;TOMME;1;0\nCC;05/01/2026;C1;TOMME;1;\n"
    assert (3, "prix_unitaire", "no_price") in small.takes("sales", header + rows).at_fault


def test_of_several_faults_the_first_in_the_file_is_told_and_all_are_written(
    small: ImportHarness,
) -> None:
    took = small.takes("lots", "quantite;lot;produit;fournisseur;date_reception\n-1;L2;X;F9;hier\n")
    assert took.at_fault == [(2, "quantite", "negative")]
    assert [fault.column for fault in took.refusals[0].faults] == [
        *("quantite", "produit"),
        *("fournisseur", "date_reception"),
    ]


def test_an_unknown_code_is_told_before_an_unreadable_cell_behind_it(small: ImportHarness) -> None:
    took = small.takes("lots", LOTS + "L2;X;F1;05/01/2026;;douze;\n")
    assert took.at_fault == [(2, "produit", "unknown")]


def test_a_separator_too_many_is_reported_at_the_row(small: ImportHarness) -> None:
    took = small.takes("suppliers", "code;nom\nF2;Ferme;Ziani\n")
    assert took.at_fault == [(2, "", "too_many_cells")]


def test_archived_parties_and_products_are_reported_at_their_columns(small: ImportHarness) -> None:
    salt, ziani, farm = (
        small.one(RawProductRow, "SEL").id,
        small.one(ClientRow, "C1").id,
        small.one(SupplierRow, "F1").id,
    )
    for command in (
        ArchiveProduct(product_id=salt),
        ArchiveClient(client_id=ziani),
        ArchiveSupplier(supplier_id=farm),
    ):
        small.dairy.execute(command)
    lots = small.takes("lots", LOTS + "L2;SEL;F2;05/01/2026;;1;\nL3;LAIT;F1;05/01/2026;;1;\n")
    sales = small.takes("sales", SALES + "CC;05/01/2026;C1;TOMME;1;\n")
    assert [*lots.at_fault, *sales.at_fault] == [
        (2, "produit", "archived"),
        (3, "fournisseur", "archived"),
        (2, "client", "archived"),
    ]


def test_an_ingredient_twice_is_reported_at_the_second(small: ImportHarness) -> None:
    took = small.takes("recipes", RECIPES + "BRIE;10;LAIT;1;\nBRIE;10;SEL;1;\nBRIE;10;LAIT;1;\n")
    assert took.at_fault == [
        (2, "produit", "with_the_others"),
        (3, "produit", "with_the_others"),
        (4, "ingredient", "ingredient_twice"),
    ]


def test_an_order_delivered_already_is_reported_at_the_order(small: ImportHarness) -> None:
    small.took("production", PRODUCTION + "OF;05/01/2026;TOMME;10;10;\n")
    small.took("sales", SALES + "CC;06/01/2026;C1;TOMME;4;\n")
    small.took("deliveries", DELIVERIES + "BL-1;07/01/2026;CC\n")
    took = small.takes("deliveries", DELIVERIES + "BL-2;08/01/2026;CC\n")
    assert took.at_fault == [(2, "commande", "wrong_state")]


def test_a_van_that_leaves_after_the_expiry_is_reported_at_the_day(
    small: ImportHarness,
) -> None:
    small.took("production", PRODUCTION + "OF;05/01/2026;TOMME;10;10;\n")
    small.took("sales", SALES + "CC;06/01/2026;C1;TOMME;4;\n")
    took = small.takes("deliveries", DELIVERIES + "BL-1;08/03/2026;CC\n")
    assert took.at_fault == [(2, "date", "lot_unfit")]


def test_a_lot_called_as_its_product_is_not_taken_for_it(small: ImportHarness) -> None:
    row = "LAIT;LAIT;F1;05/01/2026;;1;\n"
    small.took("lots", LOTS + row)
    assert small.takes("lots", LOTS + row.replace(";1;", ";2;")).at_fault == [
        (2, "lot", "already_exists")
    ]
