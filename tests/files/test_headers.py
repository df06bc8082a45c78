"""A column is known by any of its names, and what is missing or doubtful is said before reading."""

from typing import Any

import pytest

from manchengo.domain.import_batch import ImportKind
from manchengo.domain.values import Unit
from manchengo_files.conventions import DayOrder
from manchengo_files.error_file import ADDED_COLUMNS
from manchengo_files.headers import (
    ClaimedTwice,
    Field,
    Hint,
    key_of,
    match_header,
)
from manchengo_files.kinds import KINDS, Kind
from manchengo_files.kinds.line import fields_of
from manchengo_files.rows import SourceRow
from manchengo_presenters import language
from manchengo_presenters.parsing import Rule, Unreadable
from manchengo_presenters.spelling import fold
from tests.cli.running import one_line

LOTS = [
    Field("lot", ("numéro de lot", "lot number", "n° lot"), required=True),
    Field("reception_date", ("date de réception", "date_reception"), required=True),
    Field("quantity", ("quantité", "qté"), required=True),
    Field("price", ("prix unitaire", "valeur")),
]


@pytest.fixture(autouse=True)
def in_french() -> None:
    language.use("fr")


@pytest.mark.parametrize(
    "name",
    [
        *("date de réception", "Date_de_reception", "DATE DE RÉCEPTION", " date-de  réception. "),
        *("Date re\u0301ception", "reception_date", "Reception Date", "dateréception"),
    ],
)
def test_a_column_is_known_however_its_name_is_typed(name: str) -> None:
    columns = match_header(["lot", name, "qte"], LOTS)
    assert columns.positions == {"lot": 0, "reception_date": 1, "quantity": 2}
    assert columns.faults == columns.warnings == ()


def test_ligatures_and_signs_do_not_hide_a_name() -> None:
    assert fold("Œuf n° 1 (cœur)") == fold("oeuf N 1 coeur") == "oeufn1coeur"


def test_a_unit_in_brackets_is_not_dropped_from_a_name() -> None:
    columns = match_header(["lot", "date_reception", "Quantité (g)"], LOTS)
    assert (columns.missing, columns.unknown) == (("quantity",), ("Quantité (g)",))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("N° lot", "numéro de lot"), ("n°_lot", "No. du lot"), ("№ LOT", "Num lot")),
        *(("Date de la réception", "date_reception"), ("l'expiration", "expiration")),
    ],
)
def test_small_words_and_signs_for_number_make_no_difference(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize("name", ["n", "de", "La", "N°", "nom", "non", "note", "notre_lot"])
def test_a_name_is_never_dropped_whole_and_words_that_begin_alike_stay(name: str) -> None:
    assert key_of(name) not in {"", "numerom", "numerote"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_every_documented_name_names_its_own_column(kind: Kind[Any]) -> None:
    fields = fields_of(kind.line)
    for field in fields:
        for name in (field.name, *field.synonyms):
            columns = match_header([f" {name.replace('_', ' ').upper()} "], fields)
            assert columns.positions == {field.name: 0}


def test_a_header_may_say_its_unit_its_currency_and_how_its_days_are_written() -> None:
    header = ["N° lot", "Produit", "Fournisseur", "Date de réception (jj/mm/aaaa)"]
    header += ["Quantité (L)", "Prix unitaire [DA/kg]", "DLC (MM/DD/YYYY)"]
    columns = match_header(header, fields_of(KINDS[ImportKind.LOTS].line))
    assert columns.faults == columns.warnings == ()
    assert columns.hints == {
        "date_reception": Hint(day_order=DayOrder.DAY_FIRST),
        "quantite": Hint(unit=Unit.L),
        "prix_unitaire": Hint(unit=Unit.KG),
        "date_peremption": Hint(day_order=DayOrder.MONTH_FIRST),
    }


@pytest.mark.parametrize("name", ["Quantité (tonneaux)", "Quantité (L ou kg)", "Prix (€)"])
def test_brackets_that_are_not_understood_leave_the_column_aside(name: str) -> None:
    columns = match_header([name], fields_of(KINDS[ImportKind.LOTS].line))
    assert columns.unknown == (name,)


def test_a_missing_column_is_told_with_the_nearest_name_of_the_file() -> None:
    columns = match_header(["lot", "Qantité", "date_reception"], LOTS)
    (fault,) = columns.faults
    assert one_line(fault) == (
        "La colonne « quantity » manque. Est-ce « Qantité » ? Nommez-la « quantity »."
    )
    assert one_line(columns.found) == (
        "Colonnes trouvées : « lot », « Qantité », « date_reception »."
    )


def test_what_is_required_and_absent_is_named() -> None:
    columns = match_header(["lot", "prix unitaire"], LOTS)
    assert columns.missing == ("reception_date", "quantity")
    assert one_line(columns.faults[0]) == "La colonne « reception_date » manque."


def test_what_is_optional_and_absent_reads_as_blank() -> None:
    columns = match_header(["qte", "date_reception", "lot"], LOTS)
    cells = columns.cells(SourceRow(2, ("5", "01/11/2025", "MP-1")))
    assert cells == {"lot": "MP-1", "reception_date": "01/11/2025", "quantity": "5", "price": ""}


def test_an_unknown_column_is_left_aside_with_a_warning() -> None:
    columns = match_header(["lot", "remarque", "", "date_reception", "qte"], LOTS)
    assert columns.unknown == ("remarque",)
    (warning,) = columns.warnings
    assert one_line(warning) == "La colonne « remarque » n’est pas connue ici : elle est ignorée."
    assert columns.faults == ()


def test_two_columns_for_one_thing_are_refused_by_name() -> None:
    columns = match_header(["lot", "Qté", "quantité", "date_reception", "n° lot"], LOTS)
    assert set(columns.claimed_twice) == {
        ClaimedTwice("quantity", ("Qté", "quantité")),
        ClaimedTwice("lot", ("lot", "n° lot")),
    }
    assert len(columns.faults) == 2


def test_the_file_s_own_name_of_a_column_is_what_its_owner_is_told() -> None:
    columns = match_header(["N° lot", "Date réception", "QTÉ"], LOTS)
    assert [columns.heading(field.name) for field in LOTS] == [
        *("N° lot", "Date réception", "QTÉ"),
        "price",
    ]


def test_the_columns_of_our_error_files_are_ignored_without_a_word() -> None:
    columns = match_header(["lot", "date_reception", "qte", *ADDED_COLUMNS], LOTS)
    assert columns.warnings == columns.faults == ()
    assert "price" not in columns.positions


def test_such_a_name_in_another_file_is_an_ordinary_column() -> None:
    columns = match_header(["lot", "date_reception", "qte", "valeur"], LOTS)
    assert columns.positions["price"] == 3


def test_a_row_wider_than_the_header_is_refused_whole() -> None:
    columns = match_header(["lot", "date_reception", "qte"], LOTS)
    with pytest.raises(Unreadable) as refusal:
        columns.cells(SourceRow(2, ("MP-1", "01/11/2025", "12", "5", "x")))
    assert (refusal.value.rule, refusal.value.value) == (Rule.TOO_MANY_CELLS, "5 | x")


def test_two_fields_of_one_table_cannot_share_a_name() -> None:
    with pytest.raises(AssertionError):
        match_header(["lot"], [Field("lot"), Field("batch", ("LOT",))])
