"""What each kind of file may call its columns, what its cells become, and where a fault is told."""

from datetime import date

import pytest
import typer

from manchengo.domain.import_batch import ImportKind
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    RawLotRow,
    RawProductRow,
    RecipeIngredientRow,
    RecipeRow,
    SalesOrderLineRow,
    SalesOrderRow,
    SupplierRow,
)
from manchengo_cli import parameters
from manchengo_cli.import_run import kind_named
from manchengo_files.headers import match_header
from manchengo_files.kinds import KINDS
from manchengo_files.kinds.line import fields_of
from manchengo_files.sheets import open_sheet
from manchengo_presenters import choices
from manchengo_presenters.field_types import VAT_CLASS
from manchengo_presenters.parsing import Unreadable
from tests.support.importing import IN_ORDER, SAMPLE, ImportHarness

TYPED = parameters.of_type(VAT_CLASS)
"""How a class of VAT is read from the command line."""

ENGLISH = {
    "suppliers": "code,name,commune,city,phone,nif",
    "clients": "code,name,category,commune,town,phone number,nif,nis,rc,minimum shelf life",
    "products": "code,kind,name,unit,shelf life days,unit price,vat",
    "recipes": "product,batch,ingredient,quantity,valid from",
    "opening-stock": "lot number,product,stock date,produced on,expiry date,qty,unit cost",
    "lots": "lot number,product,supplier,received on,expiry date,qty,price,supplier delivery note",
    "production": "order number,production date,product,planned quantity,actual quantity",
    "sales": "order number,order date,customer,product code,qty,price",
    "deliveries": "delivery number,delivery date,order number,driver",
}


# ----------------------------------------------------------------------------------------- columns


@pytest.mark.parametrize(("kind", "name"), IN_ORDER.items())
def test_every_column_of_the_office_is_known(kind: str, name: str) -> None:
    columns = match_header(
        open_sheet(SAMPLE / f"{name}.csv").header, fields_of(KINDS[ImportKind(kind)].line)
    )
    assert (columns.faults, columns.unknown) == ((), ())


@pytest.mark.parametrize(("kind", "header"), ENGLISH.items())
def test_columns_may_be_named_in_english(kind: str, header: str) -> None:
    names = header.split(",")
    columns = match_header(names, fields_of(KINDS[ImportKind(kind)].line))
    assert (columns.faults, columns.unknown) == ((), ())


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_is_known_by_its_name_in_the_code(kind: ImportKind) -> None:
    line = KINDS[kind].line
    columns = match_header(list(line.model_fields), fields_of(line))
    assert (columns.faults, columns.unknown) == ((), ())


def test_a_price_may_be_for_so_many_units(small: ImportHarness) -> None:
    header = "code;type;designation;unite;prix_ht;prix_pour\n"
    small.took("products", header + "ETIQ;MP;Étiquettes;pièce;0,35;100\nPOT;PF;Pot;pièce;12;\n")
    labels, pot = small.one(RawProductRow, "ETIQ"), small.one(FinishedProductRow, "POT")
    assert (labels.price, labels.price_per, pot.price_per) == (35, 100, 1)
    lots = "lot;produit;fournisseur;date_reception;quantite;prix_unitaire;prix_pour\n"
    small.took("lots", lots + "E1;ETIQ;F1;05/01/2026;1000;2,50;7\n")
    lot = small.one(RawLotRow, "E1")
    assert (lot.unit_price, lot.price_per) == (250, 7)
    made = "numero;date;produit;quantite_prevue;quantite_obtenue\nOF-9;05/01/2026;TOMME;2;2\n"
    small.took("production", made)
    sales = "numero;date;client;produit;quantite;prix_unitaire;prix_pour\n"
    small.took("sales", sales + "CC;05/01/2026;C1;TOMME;2;1000;3\n")
    order = small.one(SalesOrderRow, "CC")
    assert order.net == 66_667
    took = small.takes("products", header + "X;MP;X;kg;1;0\n")
    assert took.at_fault[0][1] == "prix_pour"


def test_a_missing_column_is_called_by_its_french_name() -> None:
    columns = match_header(["lot"], fields_of(KINDS[ImportKind.LOTS].line))
    assert columns.missing == ("produit", "fournisseur", "date_reception", "quantite")


# ------------------------------------------------------------------------------------------- cells


def test_a_supplier_keeps_the_zeros_of_its_numbers_and_its_town(small: ImportHarness) -> None:
    small.took(
        "suppliers", "code;nom;commune;ville;telephone;nif\nF3;Ferme;0501;Batna;0550;00297\n"
    )
    row = small.one(SupplierRow, "F3")
    assert (row.commune, row.address, row.phone, row.nif) == ("0501", "Batna", "0550", "00297")


def test_a_client_may_ask_for_freshness_and_call_from_abroad(small: ImportHarness) -> None:
    header = "code;nom;categorie;adresse;ville;telephone;fraicheur_minimale_jours\n"
    small.took("clients", header + "C2;Hôtel;gros;3, rue Didouche;Alger;+213 550 12;10\n")
    row = small.one(ClientRow, "C2")
    assert (row.category, row.address, row.phone) == (
        *("gros", "3, rue Didouche, Alger"),
        "+213 550 12",
    )
    assert row.minimum_shelf_life_days == 10


@pytest.mark.parametrize(
    ("written", "vat_class"),
    [("19", "normal"), ("19,00 %", "normal"), ("9 %", "reduced"), ("0", "exempt"), ("", "normal")],
)
def test_the_rate_in_percent_is_a_class(small: ImportHarness, written: str, vat_class: str) -> None:
    small.took("products", f"code;type;designation;unite;prix_ht;tva\nX;MP;X;kg;1;{written}\n")
    row = small.one(RawProductRow, "X")
    assert row.vat_class == vat_class


@pytest.mark.parametrize(
    ("written", "unit"),
    [("KG", "kg"), ("l", "L"), ("ML", "mL"), ("Pièces", "piece"), ("CARTON", "carton")],
)
def test_a_unit_is_known_in_any_case(small: ImportHarness, written: str, unit: str) -> None:
    small.took("products", f"code;type;designation;unite;prix_ht\nX;pf;X;{written};1\n")
    row = small.one(FinishedProductRow, "X")
    assert row.unit == unit


def test_a_product_may_leave_by_expiry_and_wait_for_its_release(small: ImportHarness) -> None:
    header = "code;type;designation;unite;prix_ht;ordre_de_sortie;liberation_requise;gtin\n"
    small.took("products", header + "X;Produit fini;X;kg;1;fefo;Oui;06130001000014\n")
    row = small.one(FinishedProductRow, "X")
    assert (row.allocation, row.release_required, row.gtin) == ("FEFO", True, "06130001000014")


def test_a_quantity_may_come_in_a_unit_of_its_own(small: ImportHarness) -> None:
    """A column that was ignored would turn grams into kilograms."""
    header = "lot;produit;fournisseur;date_reception;quantite;unite\n"
    small.took("lots", header + "S2;SEL;F1;05/01/2026;2500;g\n")
    row = small.one(RawLotRow, "S2")
    assert (row.quantity_initial, row.unit) == (2_500, "kg")


def test_a_recipe_without_a_date_was_always_in_force(small: ImportHarness) -> None:
    recipe = small.one(RecipeRow)
    assert recipe.valid_from.year == 1990
    with small.store.reading() as snapshot:
        parts = [part.quantity for part in snapshot.rows(RecipeIngredientRow, recipe_id=recipe.id)]
    assert parts == [100_000, 200]


def test_a_make_yields_a_lot_named_after_its_order(small: ImportHarness) -> None:
    small.took(
        "production",
        "numero;date;produit;quantite_prevue;quantite_obtenue\nOF-1;06/01/2026;TOMME;10;9,8\n",
    )
    lot = small.one(FinishedLotRow)
    assert (lot.code, lot.quantity_initial, str(lot.expires_on)) == (
        *("PF-OF-1", 9_800),
        "2026-03-07",
    )


def test_a_sale_without_a_price_takes_the_product_s_and_is_delivered_whole(
    small: ImportHarness,
) -> None:
    small.took(
        "production",
        "numero;date;produit;quantite_prevue;quantite_obtenue\nOF-1;06/01/2026;TOMME;10;9,8\n",
    )
    small.took("sales", "numero;date;client;produit;quantite\nCC-1;07/01/2026;C1;TOMME;4\n")
    small.took("deliveries", "numero;date;commande;transporteur\nBL-1;08/01/2026;CC-1;Karim\n")
    line, delivery = small.one(SalesOrderLineRow), small.one(DeliveryRow)
    assert (line.unit_price, line.shipped) == (120_000, 4_000)
    assert (delivery.status, delivery.carrier) == ("dispatched", "Karim")


def test_a_shelf_life_of_more_than_a_century_is_a_slip_of_the_hand(small: ImportHarness) -> None:
    header = "code;type;designation;unite;duree_conservation_jours;prix_ht\n"
    took = small.takes("products", header + "X;PF;X;kg;99999999;1\n")
    assert took.at_fault == [(2, "duree_conservation_jours", "too_large")]


# ------------------------------------------------------------------ by which words


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *(("fournisseurs", "suppliers"), ("Clients", "clients"), ("PRODUITS", "products")),
        *(("recettes", "recipes"), ("lots", "lots"), ("réceptions", "lots")),
        *(("production", "production"), ("commandes", "sales"), ("ventes", "sales")),
        *(("livraisons", "deliveries"), (" suppliers ", "suppliers")),
        *(("stock-initial", "opening-stock"), ("Stock initial", "opening-stock")),
    ],
)
def test_a_kind_of_file_has_a_french_and_an_english_name(word: str, kind: str) -> None:
    assert kind_named(word).kind == kind


@pytest.mark.parametrize(
    ("text", "vat_class"),
    [
        *(
            ("normal", "normal"),
            ("Normale", "normal"),
            ("réduit", "reduced"),
            ("REDUIT", "reduced"),
        ),
        *(("exonéré", "exempt"), ("exempt", "exempt"), ("19", "normal"), ("9", "reduced")),
        *(("0", "exempt"), ("19 %", "normal"), ("19,00 %", "normal"), ("9%", "reduced")),
    ],
)
def test_a_class_of_vat_is_said_in_the_same_words_in_a_file_and_on_the_command_line(
    text: str, vat_class: str
) -> None:
    assert choices.vat_class(text) == TYPED(text) == vat_class


@pytest.mark.parametrize("text", ["17", "0,19", "19,5", "moyen", "", "1900", "-19"])
def test_another_rate_is_refused_in_both(text: str) -> None:
    with pytest.raises((choices.NotAChoice, Unreadable)):
        choices.vat_class(text)
    with pytest.raises(typer.BadParameter):
        TYPED(text)


def test_a_lot_without_a_date_expires_by_the_shelf_life_of_its_product(
    small: ImportHarness,
) -> None:
    small.took(
        "products", "code;type;nom;unite;prix_ht;duree_conservation_jours\nCREME;MP;Crème;L;90;6\n"
    )
    small.took(
        "lots",
        "lot;produit;fournisseur;date_reception;date_peremption;quantite\n"
        "C1;CREME;F1;05/01/2026;;10\nC2;CREME;F1;05/01/2026;20/01/2026;10\n",
    )
    expiries = [small.one(RawLotRow, code).expires_on for code in ("C1", "C2")]
    assert expiries == [date(2026, 1, 11), date(2026, 1, 20)]


def test_the_opening_stock_holds_both_raw_materials_and_cheese(small: ImportHarness) -> None:
    header = "lot;produit;date_stock;date_entree;peremption;quantite;cout_unitaire\n"
    took = small.took(
        "opening-stock",
        header
        + "T0;TOMME;01/10/2026;12/09/2026;;42,5;812,40\n"
        + "S0;SEL;01/10/2026;;;25;\n"
        + "T8;TOMME;01/10/2026;12/09/2026;20/09/2026;1;800\n",
    )
    assert took.counts == (3, 0, 0)
    cheese = small.one(FinishedLotRow, "T0")
    assert (cheese.opening_on, cheese.entered_on) == (date(2026, 10, 1), date(2026, 9, 12))
    assert (cheese.expires_on, cheese.unit_price) == (date(2026, 11, 11), 81_240)
    salt = small.one(RawLotRow, "S0")
    assert (salt.supplier_id, salt.entered_on, salt.quantity_initial) == (
        None,
        date(2026, 10, 1),
        25_000,
    )


def test_an_opening_stock_that_makes_no_sense_says_where(small: ImportHarness) -> None:
    header = "lot;produit;date_stock;date_entree;peremption;quantite\n"
    took = small.takes(
        "opening-stock",
        small.file(
            header
            + "T0;TOMME;01/10/2026;02/10/2026;;42,5\n"
            + "T1;TOMME;01/10/2026;12/09/2026;11/09/2026;1\n"
            + "T2;GOUDA;01/10/2026;;;1\n"
        ),
    )
    assert took.at_fault == [
        (2, "date_entree", "dated_after_opening"),
        (3, "peremption", "expires_before_reception"),
        (4, "produit", "unknown"),
    ]


def test_the_opening_stock_is_the_same_the_second_time_and_is_undone_whole(
    small: ImportHarness,
) -> None:
    text = "lot;produit;date_stock;quantite\nT0;TOMME;01/10/2026;42,5\nS0;SEL;01/10/2026;25\n"
    took = small.took("opening-stock", text)
    assert small.takes("opening-stock", text).counts == (0, 2, 0)
    small.undo(took.outcome.import_id)
    with small.store.reading() as snapshot:
        assert list(snapshot.rows(FinishedLotRow)) == []
        assert [row.code for row in snapshot.rows(RawLotRow)] == ["L1", "S1"]
