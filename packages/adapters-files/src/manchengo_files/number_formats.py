"""What a spreadsheet shows of a number: ``42`` under the format ``0000`` is seen as ``0042``.

Only what a format adds to the digits is read here, because only that makes another code, rate or
quantity: leading zeros, signs between the digits, a percentage, a scale of thousands, words around
the number. Rounding is not followed: what a cell hides behind its decimals is still its value.
"""

import re
from decimal import Decimal

from attrs import frozen

BUILT_IN = {9: "0%", 10: "0.00%"}
"""The numbers of the formats that every workbook has and that are read here."""

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[[^\]]*\]|(?P<digits>[0#?][0#?,]*)'
    r"|(?P<point>\.[0#?]*,*)|(?P<exponent>[Ee][+-][0#?]+)|(?P<sign>.)",
    re.DOTALL,
)
DATE = re.compile(r"[ymdhsYMDHS]|general|@", re.IGNORECASE)
UNQUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@frozen
class NumberFormat:
    """``parts``: literal text, or the digit places of a group. ``scale``: a power of ten."""

    parts: tuple[tuple[bool, str], ...]
    scale: int

    def figure(self, value: float) -> str:
        """The number that is seen, without what stands around its digits."""
        return f"{Decimal(f'{value:.15g}').scaleb(self.scale).normalize():f}"

    def shown(self, value: float) -> str:
        """The number as it is seen, exact: no digit is rounded away."""
        number = Decimal(self.figure(value))
        whole, _point, decimals = f"{abs(number):f}".partition(".")
        groups = [text for is_digits, text in self.parts if is_digits]
        filled = _filled(whole, groups)
        if decimals:
            filled[-1] = f"{filled[-1]}.{decimals}"
        digits = iter(filled)
        text = "".join(next(digits) if is_digits else text for is_digits, text in self.parts)
        return f"-{text}" if number < 0 else text


def number_format(code: str) -> NumberFormat | None:
    """How a format shows a positive number; None where it shows the digits and nothing else."""
    section = code.split(";")[0]
    if DATE.search(UNQUOTED.sub("", section)):
        return None
    parts: list[tuple[bool, str]] = []
    scale = 0
    for found in TOKEN.finditer(section):
        kind, text = found.lastgroup, found[found.lastgroup or 0]
        if kind == "exponent":
            return None
        if kind in {"digits", "point"}:
            scale -= 3 * (len(text) - len(text.rstrip(",")))
        if kind == "digits":
            parts.append((True, text.replace(",", "")))
        elif kind in {"quoted", "escaped", "sign"} and text:
            scale += 2 if text == "%" and kind == "sign" else 0
            parts.append((False, text))
    digits = [text for is_digits, text in parts if is_digits]
    plain = len(parts) == 1 and digits and digits[0].count("0") <= 1 and not scale
    return None if plain or not digits else NumberFormat(tuple(parts), scale)


def _filled(whole: str, groups: list[str]) -> list[str]:
    """The digits dealt to the groups from the right; the first takes all that is left."""
    filled: list[str] = []
    left = "" if whole == "0" else whole
    for at in range(len(groups) - 1, -1, -1):
        size = len(left) if at == 0 else len(groups[at])
        mine, left = (left[-size:], left[:-size]) if size else ("", left)
        filled.append(mine.rjust(groups[at].count("0"), "0"))
    return filled[::-1]
