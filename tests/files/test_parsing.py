"""A value is read exactly as it was meant, or refused by the rule it breaks; never guessed."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manchengo_presenters import formatting, language
from manchengo_presenters.parsing import (
    SENTENCES,
    Rule,
    Unreadable,
    code,
    day,
    is_blank,
    money,
    percent,
    prose,
    quantity,
    whole_number,
)

MARK = st.sampled_from([",", "."])
GROUPED_BY = st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009", "'", "’"])


@pytest.fixture(autouse=True)
def in_french() -> None:
    language.use("fr")


def rule_broken(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(Unreadable) as refusal:
        parse(text)
    assert refusal.value.value == text
    return refusal.value.rule


# ------------------------------------------------------------------------------- quantities


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [
        *(("671,72", 671_720), ("671.72", 671_720), ("0,002", 2), ("17424", 17_424_000)),
        *(("1 250,5", 1_250_500), ("1\u00a0250,5", 1_250_500), ("1\u202f250,5", 1_250_500)),
        *(("1'250.5", 1_250_500), ("1’250,5", 1_250_500), ("1 234 567", 1_234_567_000)),
        *(("1.250,5", 1_250_500), ("1,250.5", 1_250_500), ("1.234.567,8", 1_234_567_800)),
        *(("1.250.000", 1_250_000_000), ("1,250,000", 1_250_000_000)),
        *(("1,234", 1_234), ("1.234", 1_234), (" 12,5 ", 12_500), ("\u00a012,5\t", 12_500)),
        *(("0", 0), ("007", 7_000), ("999999999999,999", 999_999_999_999_999)),
    ],
)
def test_a_weight_is_read_in_thousandths(text: str, thousandths: int) -> None:
    assert quantity(text) == thousandths


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *(("", Rule.BLANK), (" \u00a0", Rule.BLANK), ("-4", Rule.NEGATIVE)),
        *(("12O,5", Rule.NOT_A_NUMBER), ("NaN", Rule.NOT_A_NUMBER), ("inf", Rule.NOT_A_NUMBER)),
        *(("12 kg", Rule.NOT_A_NUMBER), ("1 25,5", Rule.NOT_A_NUMBER), ("٣", Rule.NOT_A_NUMBER)),
        *((",5", Rule.NOT_A_NUMBER), ("12,", Rule.NOT_A_NUMBER), ("--4", Rule.NOT_A_NUMBER)),
        *(("1 250.500,5", Rule.NOT_A_NUMBER), ("1.25,5", Rule.NOT_A_NUMBER)),
        *(("1,250.000,5", Rule.NOT_A_NUMBER), ("1_000", Rule.NOT_A_NUMBER)),
        *(("1e3", Rule.SCIENTIFIC), ("1,2E+05", Rule.SCIENTIFIC), ("=1+1", Rule.FORMULA)),
        *(("@SUM(A1)", Rule.FORMULA), ("+5", Rule.FORMULA), ("#N/A", Rule.SPREADSHEET_ERROR)),
        *(("#valeur!", Rule.SPREADSHEET_ERROR), ("1,2345", Rule.TOO_MANY_DECIMALS)),
        *(("1,0000", Rule.TOO_MANY_DECIMALS), ("9" * 20, Rule.TOO_MANY_DIGITS)),
        *(("9999999999999,999", Rule.TOO_MANY_DIGITS), ("1" * 16, Rule.TOO_MANY_DIGITS)),
    ],
)
def test_a_weight_that_could_be_wrong_is_refused(text: str, rule: Rule) -> None:
    assert rule_broken(quantity, text) == rule


def test_nothing_is_too_small_where_something_must_be_received() -> None:
    assert quantity("0") == 0
    assert rule_broken(lambda text: quantity(text, least=1), "0") == Rule.ZERO
    assert rule_broken(lambda text: quantity(text, least=500), "0,499") == Rule.TOO_SMALL


def test_a_negative_weight_is_read_where_it_makes_sense() -> None:
    assert quantity("-4,5", least=-10_000) == quantity("−4,5", least=-10_000) == -4_500


@given(
    thousandths=st.integers(min_value=0, max_value=10**15 - 1),
    mark=MARK,
    space=GROUPED_BY,
)
def test_however_a_weight_is_written_it_is_the_same(
    thousandths: int, mark: str, space: str
) -> None:
    whole, decimals = divmod(thousandths, 1_000)
    written = f"{whole:,}".replace(",", space) + f"{mark}{decimals:03}"
    assert quantity(written) == thousandths


@given(thousandths=st.integers(min_value=0, max_value=10**15 - 1))
def test_the_last_of_two_kinds_of_marks_is_the_decimal_one(thousandths: int) -> None:
    english = f"{thousandths // 1_000:,}.{thousandths % 1_000:03}"
    french = english.translate(str.maketrans(",.", ".,"))
    assert quantity(english) == quantity(french) == thousandths


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_a_weight_as_we_print_it_is_read_back(thousandths: int) -> None:
    assert quantity(formatting.quantity(thousandths), least=-(10**15)) == thousandths
    assert quantity(formatting.plain(thousandths), least=-(10**15)) == thousandths


@given(st.text(max_size=12) | st.text(alphabet="0123456789,.' -", max_size=12))
def test_a_number_is_its_digits_around_the_last_mark_or_is_refused(text: str) -> None:
    try:
        thousandths = quantity(text, least=-(10**15))
    except Unreadable:
        return
    figure = re.sub(r"[^0-9,.-]", "", text.replace("−", "-"))
    at = max(figure.rfind(","), figure.rfind("."), 0) or len(figure)
    if figure.count(figure[at : at + 1] or " ") > 1:  # twice the same mark: neither is decimal
        at = len(figure)
    whole = re.sub(r"[,.]", "", figure[:at])
    assert Decimal(f"{whole}.{figure[at + 1 :]}") * 1_000 == thousandths


# -------------------------------------------------------------------- money, rates and counts


@pytest.mark.parametrize(
    ("text", "centimes"),
    [
        *(("62", 6_200), ("62,50", 6_250), ("62,5", 6_250), ("0", 0)),
        *(("15 495,24 DA", 1_549_524), ("15495.24DZD", 1_549_524), ("15.495,24", 1_549_524)),
    ],
)
def test_a_price_is_read_in_centimes(text: str, centimes: int) -> None:
    assert money(text) == centimes


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *(("62,505", Rule.TOO_MANY_DECIMALS), ("-62", Rule.NEGATIVE), ("62 €", Rule.NOT_A_NUMBER)),
        *(("DA", Rule.BLANK), ("gratuit", Rule.NOT_A_NUMBER)),
    ],
)
def test_a_price_that_could_be_wrong_is_refused(text: str, rule: Rule) -> None:
    assert rule_broken(money, text) == rule


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_a_price_as_we_print_it_is_read_back(centimes: int) -> None:
    assert money(formatting.money(centimes), least=-(10**15)) == centimes
    assert money(formatting.plain_money(centimes), least=-(10**15)) == centimes


@pytest.mark.parametrize(("text", "points"), [("19", 1_900), ("19 %", 1_900), ("9,5%", 950)])
def test_a_rate_is_read_in_basis_points(text: str, points: int) -> None:
    assert percent(text) == points


@pytest.mark.parametrize(
    ("text", "rule"),
    [("100,01", Rule.TOO_LARGE), ("-1", Rule.NEGATIVE), ("1,234", Rule.TOO_MANY_DECIMALS)],
)
def test_a_rate_that_could_be_wrong_is_refused(text: str, rule: Rule) -> None:
    assert rule_broken(percent, text) == rule


@given(st.integers(min_value=0, max_value=10_000))
def test_a_rate_as_we_print_it_is_read_back(points: int) -> None:
    assert percent(formatting.percent(points)) == points


def test_a_count_has_no_decimals() -> None:
    assert whole_number("1 250") == 1_250
    assert rule_broken(whole_number, "180,0") == Rule.TOO_MANY_DECIMALS


# ------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    "text",
    [
        *("23/04/2026", "23-04-2026", "23.04.2026", "2026-04-23", " 23/04/2026\u00a0"),
        *("2026-04-23 00:00:00", "2026-04-23T14:05:09.123", "23/04/2026 00:00"),
    ],
)
def test_a_day_is_read_whichever_way_it_is_written(text: str) -> None:
    assert day(text) == date(2026, 4, 23)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *(("", Rule.BLANK), ("demain", Rule.NOT_A_DATE), ("46135", Rule.NOT_A_DATE)),
        *(("03/04/26", Rule.TWO_DIGIT_YEAR), ("3/4/26", Rule.TWO_DIGIT_YEAR)),
        *(("04/23/2026", Rule.MONTH_FIRST), ("3/4/2026", Rule.SHORT_DATE)),
        *(("31/02/2026", Rule.IMPOSSIBLE_DATE), ("2026-02-30", Rule.IMPOSSIBLE_DATE)),
        *(("00/01/2026", Rule.IMPOSSIBLE_DATE), ("31/13/2026", Rule.IMPOSSIBLE_DATE)),
        *(("29/02/2025", Rule.IMPOSSIBLE_DATE), ("0000-01-01", Rule.IMPOSSIBLE_DATE)),
        *(("01/01/1989", Rule.YEAR_OUT_OF_RANGE), ("01/01/2101", Rule.YEAR_OUT_OF_RANGE)),
        *(("23/04-2026", Rule.NOT_A_DATE), ("2026/04/23", Rule.NOT_A_DATE)),
        *(("2026-04-23 25:00", Rule.NOT_A_DATE), ("2026-04-23T10:00:00Z", Rule.NOT_A_DATE)),
        *(("=TODAY()", Rule.FORMULA), ("#REF!", Rule.SPREADSHEET_ERROR)),
        *(("٢٣/٠٤/٢٠٢٦", Rule.NOT_A_DATE), ("23 avril 2026", Rule.NOT_A_DATE)),
    ],
)
def test_a_day_that_could_be_another_is_refused(text: str, rule: Rule) -> None:
    assert rule_broken(day, text) == rule


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_as_we_print_it_is_read_back(when: date) -> None:
    assert day(formatting.day(when)) == day(when.isoformat()) == when


# -------------------------------------------------------------------------- codes and prose


@pytest.mark.parametrize(
    ("text", "read"),
    [
        *((" MP-00001 ", "MP-00001"), ("00087", "00087"), ("BL\u00a0226", "BL 226")),
        *(("16/00-0013767 B 00", "16/00-0013767 B 00"), ("Cre\u0300me", "Crème")),
        *(("-12", "-12"), ("1E5", "1E5"), ("x" * 64, "x" * 64)),
    ],
)
def test_a_code_is_kept_as_it_is_written(text: str, read: str) -> None:
    assert code(text) == read


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *(("", Rule.BLANK), ("x" * 65, Rule.TOO_LONG), ("x" * 400, Rule.TOO_LONG)),
        *(("=A1", Rule.FORMULA), ("+33", Rule.FORMULA), ("@a", Rule.FORMULA)),
        *(("MP\n1", Rule.CONTROL_CHARACTER), ("MP\x071", Rule.CONTROL_CHARACTER)),
        *(("MP\u202e1", Rule.CONTROL_CHARACTER), ("S\ufffdtif", Rule.CONTROL_CHARACTER)),
        *(
            ("1,39987E+14", Rule.SCIENTIFIC),
            ("6E+12", Rule.SCIENTIFIC),
            ("#N/A", Rule.SPREADSHEET_ERROR),
        ),
    ],
)
def test_a_code_that_could_be_another_is_refused(text: str, rule: Rule) -> None:
    assert rule_broken(code, text) == rule


def test_a_remark_may_have_lines_and_any_script() -> None:
    assert prose(" lait\r\nfroid\t4° ", longest=50) == "lait\nfroid\t4°"
    assert prose("ملبنة\u200f سطيف", longest=50) == "ملبنة\u200f سطيف"
    assert prose("+213 661 00 00 00", longest=50) == "+213 661 00 00 00"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *(("", Rule.BLANK), ("=cmd()", Rule.FORMULA), ("x" * 51, Rule.TOO_LONG)),
        *(("a\0b", Rule.CONTROL_CHARACTER), ("a\x1bb", Rule.CONTROL_CHARACTER)),
    ],
)
def test_a_remark_that_is_none_is_refused(text: str, rule: Rule) -> None:
    assert rule_broken(lambda cell: prose(cell, longest=50), text) == rule


@given(st.text())
def test_a_code_read_once_reads_the_same_again(text: str) -> None:
    try:
        read = code(text)
    except Unreadable:
        return
    assert code(read) == read


def test_spaces_of_any_kind_are_blank() -> None:
    assert is_blank("")
    assert is_blank(" \u00a0\u202f\t")
    assert not is_blank("0")


def test_a_refusal_says_how_much_would_have_been_right() -> None:
    with pytest.raises(Unreadable, match="Plus de 3 décimales"):
        quantity("1,2345")
    with pytest.raises(Unreadable, match="plus de 64 caractères"):
        code("x" * 65)


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_its_sentence_in_french(rule: Rule) -> None:
    sentence = str(Unreadable(rule, "x"))
    assert sentence
    assert sentence != SENTENCES[rule]
