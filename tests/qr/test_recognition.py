"""A scanned text is a label of the dairy, a supplier's code, or nothing, whatever the keyboard."""

import string
from contextlib import suppress
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manchengo import refusals
from manchengo.domain.label import Label
from manchengo_qr.keyboard import as_american
from manchengo_qr.payload import label_text
from manchengo_qr.recognition import recognise
from manchengo_qr.supplier_codes import SupplierCode, read_supplier_code
from tests.support.labels import LABELS, OURS

RENNET = SupplierCode(gtin="06291041500213", batch="LOT/7", expires_on=date(2026, 12, 31))


@given(LABELS)
def test_a_label_is_a_label(label: Label) -> None:
    assert recognise(label_text(label, OURS), OURS) == label


@pytest.mark.parametrize(
    "text",
    [
        "https://id.example/01/06291041500213/10/LOT%2F7?17=261231",
        "HTTPS://ID.EXAMPLE/01/06291041500213/10/LOT%2F7?17=261231",
        "]Q1https://id.example/01/06291041500213/10/LOT%2F7?17=261231",
        "]d2010629104150021317261231" + "10LOT/7",
        "]C1010629104150021310LOT/7\x1d17261231",
        "010629104150021310LOT/7\x1d17261200",
        "(01)06291041500213(10)LOT/7(17)261231",
        " (17) 261231 (01) 06291041500213 (10) LOT/7 ",
    ],
)
def test_a_suppliers_code_tells_article_lot_and_last_day(text: str) -> None:
    assert recognise(text, OURS) == RENNET


def test_a_suppliers_dates_are_told_apart() -> None:
    code = read_supplier_code("0106291041500213112611011527010117270201")
    assert code.produced_on == date(2026, 11, 1)
    assert code.best_before == date(2027, 1, 1)
    assert code.expires_on == date(2027, 2, 1)


def test_a_bar_code_alone_tells_the_article() -> None:
    assert recognise("6291041500213", OURS) == SupplierCode(gtin="6291041500213")


def test_a_code_typed_by_a_scanner_with_the_other_keyboard_is_put_right() -> None:
    typed = "".join(_french(letter) for letter in "010629104150021310LOT-7M")
    assert typed.startswith("à&à-éç")
    assert recognise(typed, OURS) == SupplierCode(gtin="06291041500213", batch="LOT-7M")


def _french(letter: str) -> str:
    """What a French keyboard types where an American one types that letter."""
    if letter == FNC1:
        return letter
    return next(key for key in map(chr, range(0x20, 0x100)) if as_american(key) == letter)


FNC1 = "\x1d"
GTINS = st.integers(10**12, 10**13 - 1).map(lambda number: f"{number}{_check_digit(number)}")
DAYS = st.dates(date(2020, 1, 1), date(2049, 12, 31)).map(lambda day: f"{day:%y%m%d}")
LETTERS = string.ascii_letters + string.digits + "!\"%&'()*+,-./_:;<=>?"
"""What GS1 allows in a lot."""


def _check_digit(number: int) -> int:
    odd = sum(map(int, str(number)[::2])) * 3
    return -(odd + sum(map(int, str(number)[1::2]))) % 10


@st.composite
def suppliers_codes(draw: st.DrawFn) -> str:
    gtin, day = draw(GTINS), draw(DAYS)
    batch = draw(st.text(LETTERS, min_size=1, max_size=20))
    return draw(
        st.sampled_from(
            [
                gtin,
                f"01{gtin}17{day}10{batch}",
                f"]d201{gtin}10{batch}{FNC1}17{day}",
                f"https://id.example/01/{gtin}/10/{quote(batch, safe='')}?17={day}",
            ]
        )
    )


@given(suppliers_codes())
def test_putting_a_keyboard_right_never_makes_another_code(text: str) -> None:
    code = read_supplier_code(text)
    assert code
    assert recognise("".join(map(_french, text)), OURS) == code
    assert read_supplier_code(as_american(text)) in (SupplierCode(), code)


@pytest.mark.parametrize(
    "text",
    [
        *("", "bonjour", "123456", "(un) deux", "http://exemple.dz/"),
        *("6291041500214", "0106291041500214", "010629104150021410LOT-7"),
        *("(01)06291041500214(10)LOT-7", "(10)", "(17)271399"),
    ],
)
def test_what_is_neither_is_refused(text: str) -> None:
    assert not read_supplier_code(text)
    with pytest.raises(refusals.NotALabel):
        recognise(text, OURS)


@given(st.text())
def test_no_text_ends_in_anything_but_a_code_or_a_refusal(text: str) -> None:
    with suppress(refusals.Refused):
        assert isinstance(recognise(text, OURS), SupplierCode)


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=60))
def test_putting_a_keyboard_right_loses_no_letter(text: str) -> None:
    assert len(as_american(text)) == len(text)
