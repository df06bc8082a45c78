"""What an operator reads: French figures, dates and spans of time, exact to the last unit."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manchengo_presenters import formatting, language

TODAY = date(2026, 4, 23)
INTEGERS = st.integers(min_value=-(10**18), max_value=10**18)


@pytest.fixture(autouse=True)
def in_french() -> None:
    language.use("fr")


@pytest.mark.parametrize(
    ("thousandths", "text"),
    [
        *((1_250_500, "1\u202f250,5"), (671_720, "671,72"), (2, "0,002"), (0, "0")),
        *((1_000, "1"), (100_000, "100"), (-4_500, "\u22124,5"), (-2, "\u22120,002")),
        *((1_234_567_891, "1\u202f234\u202f567,891"), (999_999, "999,999")),
    ],
)
def test_a_weight_has_a_comma_narrow_spaces_and_no_idle_zero(thousandths: int, text: str) -> None:
    assert formatting.quantity(thousandths) == text


def test_a_weight_and_its_unit_stay_on_one_line() -> None:
    assert formatting.quantity(1_250_500, "kg") == "1\u202f250,5\u00a0kg"


def test_an_amount_always_shows_its_centimes() -> None:
    assert formatting.money(1_549_524) == "15\u202f495,24\u00a0DA"
    assert formatting.money(6_200) == "62,00\u00a0DA"
    assert formatting.money(-5, currency="") == "\u22120,05"


def test_a_rate_shows_only_the_decimals_it_has() -> None:
    assert [formatting.percent(points) for points in (1_900, 950, 0, 1_234)] == [
        *("19\u00a0%", "9,5\u00a0%", "0\u00a0%", "12,34\u00a0%")
    ]


@pytest.mark.parametrize(
    ("thousandths", "text"),
    [(1_250_500, "1250.5"), (0, "0"), (100_000, "100"), (2, "0.002"), (-4_500, "-4.5")],
)
def test_programs_get_a_plain_decimal(thousandths: int, text: str) -> None:
    assert formatting.plain(thousandths) == text


@given(INTEGERS)
def test_nothing_is_lost_between_the_integer_and_its_decimal(scaled: int) -> None:
    assert Decimal(formatting.plain(scaled)) * 1_000 == scaled
    assert Decimal(formatting.plain_money(scaled)) * 100 == scaled


@given(INTEGERS)
def test_the_figures_for_people_and_for_programs_are_the_same_number(scaled: int) -> None:
    shown = formatting.quantity(scaled).replace("\u202f", "").replace(",", ".")
    assert shown.replace("\u2212", "-") == formatting.plain(scaled)


@given(INTEGERS, st.sampled_from(["", "kg", "L", "pièce"]))
def test_no_figure_can_be_broken_at_the_end_of_a_line(scaled: int, unit: str) -> None:
    for text in (
        formatting.quantity(scaled, unit),
        formatting.money(scaled),
        formatting.percent(scaled),
        formatting.plural(scaled, "lot", "lots"),
        formatting.duration(timedelta(seconds=scaled % 10**9)),
    ):
        assert " " not in text


def test_the_plural_begins_at_two() -> None:
    counted = [formatting.plural(count, "lot", "lots") for count in (0, 1, 2, 1_250)]
    assert counted == ["0\u00a0lot", "1\u00a0lot", "2\u00a0lots", "1\u202f250\u00a0lots"]


def test_a_date_has_its_day_first_and_all_its_digits() -> None:
    assert formatting.day(date(2026, 4, 3)) == "03/04/2026"
    assert formatting.day(date(800, 12, 25)) == "25/12/0800"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        *((0, "aujourd’hui"), (1, "demain"), (-1, "hier"), (2, "dans 2 jours")),
        *((-2, "il y a 2 jours"), (1_500, "dans 1\u202f500 jours")),
    ],
)
def test_a_date_near_today_is_said_in_words(days: int, text: str) -> None:
    assert formatting.days_away(TODAY + timedelta(days=days), TODAY) == text


@pytest.mark.parametrize(
    ("since", "text"),
    [
        *((timedelta(seconds=-40), "à l’instant"), (timedelta(seconds=59), "à l’instant")),
        *((timedelta(seconds=60), "il y a 1 minute"), (timedelta(minutes=59), "il y a 59 minutes")),
        *((timedelta(hours=1), "il y a 1 heure"), (timedelta(hours=23.9), "il y a 23 heures")),
        *((timedelta(days=1), "il y a 1 jour"), (timedelta(days=40), "il y a 40 jours")),
    ],
)
def test_how_long_ago_is_said_in_the_largest_whole_unit(since: timedelta, text: str) -> None:
    assert formatting.elapsed(since) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        *(
            (timedelta(), "0 s"),
            (timedelta(seconds=45.9), "45 s"),
            (timedelta(minutes=5), "5 min 00 s"),
        ),
        *(
            (timedelta(hours=2, minutes=5), "2 h 05 min"),
            (timedelta(days=50), "1\u202f200 h 00 min"),
        ),
        *((timedelta(seconds=-90), "\u22121 min 30 s"), (timedelta(milliseconds=-1), "0 s")),
    ],
)
def test_a_length_of_time_has_two_units(length: timedelta, text: str) -> None:
    assert formatting.duration(length) == text.replace(" ", "\u00a0")


def test_words_follow_the_language_and_figures_stay_french() -> None:
    language.use("en")
    assert formatting.days_away(TODAY + timedelta(days=1_500), TODAY) == "in 1\u202f500 days"
    language.use("fr")
