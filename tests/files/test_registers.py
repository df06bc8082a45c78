"""A code is one code however it is typed, a barcode one product's, and a piece is whole."""

import pytest

from tests.support.importing import ImportHarness
from tests.support.twins import OF_EVERY_KIND, as_of_before, keep

PRODUCTS = "code;type;designation;unite;prix_ht;gtin\n"
LOTS = "lot;produit;fournisseur;date_reception;quantite\n"


@pytest.mark.parametrize("code", ["lait", "Lait", "LAIT\u00a0", "ＬＡＩＴ", "LA\u00adIT"])
def test_a_code_that_is_typed_otherwise_is_refused_with_its_spelling(
    harness: ImportHarness, code: str
) -> None:
    took = harness.takes("lots", LOTS + f"L1;{code};F1;05/01/2026;1\n")
    if code.strip() == "LAIT":  # spaces at the ends are no part of a code
        assert not took.refusals
        return
    (refusal,) = took.refusals
    assert refusal.column == "produit"
    assert refusal.rule in {"spelt_otherwise", "control_character"}
    assert refusal.rule == "control_character" or "LAIT" in refusal.message


def test_a_code_of_nothing_is_still_unknown(harness: ImportHarness) -> None:
    took = harness.takes("lots", LOTS + "L1;LAITS;F1;05/01/2026;1\n")
    assert took.at_fault == [(2, "produit", "unknown")]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("suppliers", "code;nom\nf1;Ferme\n"),
        ("products", PRODUCTS + "lait;MP;Lait;L;62;\n"),
        ("clients", "code;nom\nDUR  AND;x\nDUR AND;y\n"),
        ("suppliers", "code;nom\nF8;x\nf8;y\n"),
    ],
)
def test_no_register_has_two_codes_that_read_alike(
    harness: ImportHarness, kind: str, text: str
) -> None:
    took = harness.takes(kind, text)
    assert [(column, rule) for _row, column, rule in took.at_fault] == [("code", "spelt_otherwise")]


def test_of_two_in_an_older_register_each_is_known_by_its_exact_spelling(
    harness: ImportHarness,
) -> None:
    twins = [
        event
        for name in ("raw material", "supplier")
        for event in as_of_before(OF_EVERY_KIND[name], "CRÈME 1", "crème 1")
    ]
    keep(harness.dairy, twins)
    for lot, code in (("L1", "CRÈME 1"), ("L2", "crème 1")):
        harness.took("lots", LOTS + f"{lot};{code};{code};05/01/2026;1\n")
    took = harness.takes("lots", LOTS + "L3;Crème 1;F1;05/01/2026;1\n")
    assert took.at_fault == [(2, "produit", "spelt_otherwise")]


def test_a_delivery_names_its_order_as_it_is_recorded(selling: ImportHarness) -> None:
    selling.took("sales", "numero;date;client;produit;quantite\nCC-1;06/01/2026;C1;TOMME;1\n")
    took = selling.takes("deliveries", "numero;date;commande\nBL-1;06/01/2026;cc-1\n")
    assert took.at_fault == [(2, "commande", "spelt_otherwise")]


def test_a_refused_row_takes_no_code_from_another(harness: ImportHarness) -> None:
    took = harness.takes(
        "products", PRODUCTS + "x1;MP;X;tonneau;1;61300002\nX1;MP;X;kg;1;61300002\n"
    )
    assert took.at_fault == [(2, "unite", "not_a_choice")]


def test_a_barcode_is_of_one_product(harness: ImportHarness) -> None:
    harness.took("products", PRODUCTS + "A;MP;A;kg;1;6130000000121\n")
    text = "B;MP;B;kg;1;6130000000121\nC;MP;C;kg;1;61300002\nD;PF;D;kg;1;61300002\nE;MP;E;kg;1;\n"
    took = harness.takes("products", PRODUCTS + text)
    assert took.at_fault == [(2, "gtin", "barcode_taken"), (4, "gtin", "barcode_taken")]
    assert "A" in took.refusals[0].message


@pytest.mark.parametrize("gtin", ["6,13E+12", "6E+12", "6.13e+12"])
def test_a_barcode_that_a_spreadsheet_shortened_is_refused(
    harness: ImportHarness, gtin: str
) -> None:
    took = harness.takes("products", PRODUCTS + f"A;MP;A;kg;1;{gtin}\n")
    assert took.at_fault == [(2, "gtin", "scientific_notation")]


@pytest.mark.parametrize(("quantity", "fits"), [("10,5", False), ("10", True), ("10,0", True)])
@pytest.mark.parametrize("unit", ["piece", "carton"])
def test_a_piece_is_whole(harness: ImportHarness, unit: str, quantity: str, fits: bool) -> None:
    harness.took("products", PRODUCTS + f"POT;MP;Pot;{unit};9;\n")
    took = harness.takes("lots", LOTS + f"L1;POT;F1;05/01/2026;{quantity}\n")
    assert took.at_fault == ([] if fits else [(2, "quantite", "part_of_a_piece")])
