"""The rows shipped with the house: places, units, TVA rates and stamp duty."""

import csv
from collections import Counter
from datetime import date

import pytest

from tests.house.sources import ROOT

REFERENCE = ROOT / "packages/adapters-sqlite/src/manchengo_sqlite/reference"


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


WILAYAS = {row["code"]: row for row in rows("wilayas.csv")}
COMMUNES = {row["code"]: row for row in rows("communes.csv")}
STAMPS = rows("stamp_duty.csv")


def test_there_are_69_wilayas_numbered_without_a_gap() -> None:
    assert list(WILAYAS) == [f"{number:02}" for number in range(1, 70)]


def test_there_are_1541_communes_each_with_its_own_four_digit_code() -> None:
    assert len(rows("communes.csv")) == len(COMMUNES) == 1541
    assert all(len(code) == 4 and code.isdecimal() for code in COMMUNES)


def test_every_commune_lies_in_a_wilaya_and_every_wilaya_has_communes() -> None:
    assert {row["wilaya_code"] for row in COMMUNES.values()} == set(WILAYAS)


def test_every_place_is_named_in_french_and_in_arabic() -> None:
    for row in [*WILAYAS.values(), *COMMUNES.values()]:
        assert row["name_fr"].strip()
        assert any("\u0600" <= letter <= "\u06ff" for letter in row["name_ar"])


def test_108_communes_move_to_the_eleven_new_wilayas_on_one_day() -> None:
    moved = [row for row in COMMUNES.values() if row["previous_wilaya_code"]]
    assert len(moved) == 108
    assert {row["valid_from"] for row in moved} == {"2027-01-01"}
    new = {code for code, row in WILAYAS.items() if row["valid_from"] == "2027-01-01"}
    assert {row["wilaya_code"] for row in moved} == new == {str(code) for code in range(59, 70)}
    # The old code is the one the ONS number of the commune begins with.
    assert all(row["previous_wilaya_code"] == row["code"][:2] for row in moved)


@pytest.mark.parametrize(
    ("code", "name", "wilaya"),
    [("1301", "Tlemcen", "Tlemcen"), ("1601", "Alger-centre", "Alger"), ("2601", "Médéa", "Médéa")],
)
def test_a_well_known_commune_is_where_people_know_it(code: str, name: str, wilaya: str) -> None:
    commune = COMMUNES[code]
    assert commune["name_fr"] == name
    assert WILAYAS[commune["wilaya_code"]]["name_fr"] == wilaya


def test_80_communes_share_their_name_so_only_the_code_is_a_key() -> None:
    bearers = Counter(row["name_fr"] for row in COMMUNES.values())
    assert sum(count for count in bearers.values() if count > 1) == 80


def test_the_units_are_the_ones_a_dairy_weighs_pours_and_counts_in() -> None:
    units = {row["code"]: (row["dimension"], int(row["factor"])) for row in rows("units.csv")}
    assert units == {
        "kg": ("mass", 1000),
        "g": ("mass", 1),
        "L": ("volume", 1000),
        "mL": ("volume", 1),
        "piece": ("count", 1),
        "carton": ("carton", 1),
    }


def test_tva_has_one_rate_a_class_today() -> None:
    rates = {row["class"]: int(row["basis_points"]) for row in rows("vat_rates.csv")}
    assert rates == {"normal": 1900, "reduced": 900, "exempt": 0}


@pytest.mark.parametrize("name", ["vat_rates.csv", "stamp_duty.csv"])
def test_every_rule_has_its_own_name_its_days_and_its_source(name: str) -> None:
    rules = rows(name)
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["source"]
        assert date.fromisoformat(rule["valid_from"]) <= end(rule)


@pytest.mark.parametrize(
    ("paid", "stamp"),
    [
        (30_000, 0),
        (30_001, 500),
        (100_001, 1_100),
        (1_190_000, 11_900),
        (2_500_000, 25_000),
        (3_000_000, 30_000),
        (3_000_001, 45_150),
        (3_500_000, 52_500),
        (5_000_000, 75_000),
        (10_000_000, 150_000),
        (10_000_001, 200_200),
        (35_000_000, 700_000),
    ],
)
def test_the_stamp_of_2026_follows_the_band_of_the_whole_amount(paid: int, stamp: int) -> None:
    assert stamp_on(date(2026, 11, 1), paid) == stamp


@pytest.mark.parametrize(("year", "ceiling"), [(2022, 250_000), (2023, 1_000_000)])
def test_the_stamp_had_a_ceiling_until_2024(year: int, ceiling: int) -> None:
    assert stamp_on(date(year, 12, 31), 1_000_000_000) == ceiling
    assert stamp_on(date(year, 12, 31), 10_000) == 500


def stamp_on(day: date, paid: int) -> int:
    """The stamp on `paid` centimes of cash; the unpacking insists on exactly one band."""
    (band,) = (
        row
        for row in STAMPS
        if date.fromisoformat(row["valid_from"]) <= day <= end(row)
        and int(row["above"]) < paid <= int(row["up_to"] or paid)
    )
    slices = -(-paid // int(band["slice"]))
    due = max(int(band["minimum"]), slices * int(band["per_slice"]))
    return min(due, int(band["maximum"] or due))


def end(rule: dict[str, str]) -> date:
    return date.fromisoformat(rule["valid_to"]) if rule["valid_to"] else date.max
