"""Quantities, money and percentages: whole numbers of the smallest thing that counts."""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import assume
from hypothesis import given as whatever
from hypothesis import strategies as st

from manchengo.domain.values import (
    MOST,
    Density,
    Money,
    Percent,
    Quantity,
    TooFine,
    TooLarge,
    Unit,
    UnitsDiffer,
    days_after,
    half_up,
    total,
)
from tests.support.dairy import amount, dinars, kg, litres, millilitres

numbers = st.integers(min_value=0, max_value=10**15)


def test_what_differs_in_unit_is_neither_added_nor_compared() -> None:
    for together in (
        lambda: kg(1) + litres(1),
        lambda: kg(1) - litres(1),
        lambda: kg(1) < litres(1),
        lambda: kg(1) <= litres(1),
        lambda: kg(1) > litres(1),
        lambda: kg(1) >= litres(1),
    ):
        with pytest.raises(UnitsDiffer) as caught:
            together()
        assert (caught.value.expected, caught.value.found) == (Unit.KG, Unit.L)
    assert kg(1) != litres(1)


@pytest.mark.parametrize("wrong", [-1, 1.0, "1"])
def test_a_quantity_is_a_whole_number_and_never_negative(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        Quantity(wrong, Unit.KG)
    with pytest.raises((TypeError, ValueError)):
        Money(wrong)
    with pytest.raises((TypeError, ValueError)):
        Percent(wrong)


@pytest.mark.parametrize("weightless", [0, -1])
def test_a_litre_weighs_something(weightless: int) -> None:
    with pytest.raises(ValueError, match="must be > 0"):
        Density(weightless)


def test_less_than_nothing_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="must be >= 0"):
        kg(1) - kg(2)


def test_only_something_is_true() -> None:
    assert not kg(0)
    assert kg("0.001")
    assert not dinars(0)
    assert dinars("0.01")


@pytest.mark.parametrize(
    ("quantity", "unit", "same"),
    [
        (kg("1.5"), Unit.G, amount(1500, Unit.G)),
        (amount(1500, Unit.G), Unit.KG, kg("1.5")),
        (litres("0.001"), Unit.ML, millilitres(1)),
        (millilitres(1), Unit.L, litres("0.001")),
        (kg(2), Unit.KG, kg(2)),
    ],
)
def test_thousands_convert_exactly(quantity: Quantity, unit: Unit, same: Quantity) -> None:
    assert quantity.converted(unit) == same


def test_half_a_millilitre_is_too_fine_for_a_tank_in_litres() -> None:
    with pytest.raises(TooFine) as caught:
        millilitres("0.5").converted(Unit.L)
    assert (caught.value.thousandths, caught.value.unit, caught.value.target) == (
        500,
        Unit.ML,
        Unit.L,
    )


def test_litres_and_kilograms_meet_through_a_density() -> None:
    assert litres(100).converted(Unit.KG, Density(1032)) == kg("103.2")
    assert kg("103.2").converted(Unit.L, Density(1032)) == litres(100)


@pytest.mark.parametrize(("found", "target"), [(kg(1), Unit.L), (kg(1), Unit.PIECE)])
def test_litres_and_kilograms_do_not_meet_without_one(found: Quantity, target: Unit) -> None:
    with pytest.raises(UnitsDiffer) as caught:
        found.converted(target)
    assert (caught.value.expected, caught.value.found) == (target, Unit.KG)


def test_pieces_have_no_density() -> None:
    with pytest.raises(UnitsDiffer):
        amount(1, Unit.PIECE).converted(Unit.KG, Density(1000))


@whatever(numbers, st.integers(min_value=1, max_value=10**9))
def test_a_half_goes_up_and_nothing_else_is_nearer(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = half_up(numerator, denominator)
    assert exact - Fraction(1, 2) < rounded <= exact + Fraction(1, 2)


@whatever(numbers, numbers, numbers)
def test_scaling_is_exact_but_for_one_rounding(thousandths: int, up: int, down: int) -> None:
    exact = Fraction(thousandths * up, down + 1)
    assume(exact < MOST)
    scaled = Quantity(thousandths, Unit.KG).scaled(up, down + 1)
    assert abs(scaled.thousandths - exact) <= Fraction(1, 2)


@pytest.mark.parametrize("value", [MOST + 1, 2**63, 2**80])
@pytest.mark.parametrize("kind", [lambda value: Quantity(value, Unit.KG), Money])
def test_what_no_dairy_has_is_refused(kind: Callable[[int], object], value: int) -> None:
    with pytest.raises(TooLarge) as caught:
        kind(value)
    assert caught.value.value == value


def test_a_number_too_large_is_damage_where_it_is_read() -> None:
    stored = b'{"thousandths":%d,"unit":"kg"}' % (2**80)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(stored, type=Quantity)


@whatever(st.lists(numbers))
def test_a_total_is_the_sum_in_any_order(some: list[int]) -> None:
    assume(sum(some) <= MOST)
    quantities = [Quantity(one, Unit.L) for one in some]
    assert total(quantities, Unit.L) == total(reversed(quantities), Unit.L)
    assert total(quantities, Unit.L).thousandths == sum(some)


def test_a_total_of_different_things_is_refused() -> None:
    with pytest.raises(UnitsDiffer):
        total([kg(1)], Unit.L)


def test_a_share_is_rounded_half_up_to_the_centime() -> None:
    assert Percent(1_900).of(Money(50)) == Money(10)
    assert Percent(900).of(Money(50)) == Money(5)


@pytest.mark.parametrize(
    ("day", "days", "later"),
    [
        (date(2026, 1, 5), 30, date(2026, 2, 4)),
        (date(2026, 1, 5), 0, date(2026, 1, 5)),
        (date(2026, 1, 5), MOST, date.max),
        (date.max, 1, date.max),
    ],
)
def test_days_are_counted_to_the_end_of_the_calendar(day: date, days: int, later: date) -> None:
    assert days_after(day, days) == later


# ------------------------------------------------------------------------------------------- texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Quantity(1_250_500, Unit.KG), "1250.5 kg"),
        (Quantity(25, Unit.L), "0.025 L"),
        (Quantity(3_000, Unit.PIECE), "3 piece"),
        (Quantity(0, Unit.ML), "0 mL"),
        (Money(62_00), "62.00 DZD"),
        (Money(5), "0.05 DZD"),
        (Percent(1900), "19%"),
        (Percent(950), "9.5%"),
        (Density(1032), "1032 g/L"),
    ],
)
def test_a_value_reads_as_people_write_it(value: object, text: str) -> None:
    assert str(value) == text


@whatever(numbers, st.sampled_from(Unit))
def test_the_text_of_a_value_is_read_back_exactly(number: int, unit: Unit) -> None:
    assert Quantity.parse(str(Quantity(number, unit))) == Quantity(number, unit)
    assert Money.parse(str(Money(number))) == Money(number)
    assert Percent.parse(str(Percent(number))) == Percent(number)


def test_money_is_read_without_its_currency_too() -> None:
    assert Money.parse("62.00") == Money.parse("62") == Money.parse("62.0") == Money(62_00)


@pytest.mark.parametrize(
    ("parse", "text", "why"),
    [
        (Quantity.parse, "1250.5", "such as '1250.5 kg'"),
        (Quantity.parse, "1250.5 KG", "such as '1250.5 kg'"),
        (Quantity.parse, "1250.5  kg", "such as '1250.5 kg'"),
        (Quantity.parse, "1250,5 kg", "a point before decimals"),
        (Quantity.parse, "-1 kg", "digits"),
        (Quantity.parse, "1e3 kg", "digits"),
        (Quantity.parse, "\u0661 kg", "digits"),
        (Quantity.parse, "0.0005 kg", "more than 3 decimals"),
        (Quantity.parse, ".5 kg", "digits"),
        (Quantity.parse, "9" * 5000 + " kg", "digits"),
        (Quantity.parse, "9999999999999 kg", "Too large: what thousandths"),
        (Money.parse, "62.005", "more than 2 decimals"),
        (Money.parse, "62.00 EUR", "digits"),
        (Money.parse, "", "digits"),
        (Percent.parse, "19", "such as '19%'"),
        (Percent.parse, "19 %", "digits"),
    ],
)
def test_any_other_text_is_no_value(parse: Callable[[str], object], text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        parse(text)
