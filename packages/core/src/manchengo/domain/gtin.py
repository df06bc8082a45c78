"""GTIN: the number under a product's bar code (GS1), whose last digit checks the others."""

from attrs import frozen

from manchengo.domain.errors import Refused

LENGTHS = (8, 12, 13, 14)


@frozen(kw_only=True)
class NotABarcode(Refused):
    """A GTIN is 8, 12, 13 or 14 digits. ``barcode``: what was given."""

    barcode: str


@frozen(kw_only=True)
class BarcodeMistyped(Refused):
    """The check digit of the GTIN is wrong. ``expected``: what it would be."""

    barcode: str
    expected: int


@frozen(kw_only=True)
class BarcodeTaken(Refused):
    """Another product has that GTIN. ``product``: its code."""

    barcode: str
    product: str


def gtin_given(text: str) -> str:
    """The digits of a GTIN, however they were spaced; nothing for nothing.

    Raises ``NotABarcode``, ``BarcodeMistyped``.
    """
    digits = "".join(text.split())
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdigit() and len(digits) in LENGTHS and int(digits)):
        raise NotABarcode(barcode=text.strip())
    expected = check_digit(digits[:-1])
    if int(digits[-1]) != expected:
        raise BarcodeMistyped(barcode=digits, expected=expected)
    return digits


def check_digit(digits: str) -> int:
    """Modulo 10, the digits weighing 3 and 1 in turn from the right (GS1 General Specifications,
    7.9).
    """
    weighed = sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(reversed(digits)))
    return -weighed % 10


def same_number(gtin: str) -> tuple[str, ...]:
    """The ways to write one GTIN, shortest first: a shorter one is a longer one without its leading
    zeros. None for none.
    """
    figure = gtin.lstrip("0")
    if not figure:
        return ()
    return tuple(figure.zfill(length) for length in LENGTHS if len(figure) <= length)
