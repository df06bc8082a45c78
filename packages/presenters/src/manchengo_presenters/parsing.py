"""Text becomes a value exactly, or is refused by the name of the rule it breaks.

Nothing is guessed and nothing is rounded: a weight read wrong is worse than a row handed back.
Numbers come out as whole thousandths, centimes and basis points. Every parser is pure, takes the
text of one cell and raises ``Unreadable``; whoever calls it decides whether a blank is allowed.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import NoReturn

from manchengo_presenters.language import N_, _


class Rule(StrEnum):
    """What a cell may break. The text is what error files and scripts see; it does not change."""

    BLANK = "blank"
    SPREADSHEET_ERROR = "spreadsheet_error"
    FORMULA = "formula"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"
    NOT_A_NUMBER = "not_a_number"
    SCIENTIFIC = "scientific_notation"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_MANY_DIGITS = "too_many_digits"
    NEGATIVE = "negative"
    ZERO = "zero"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_DATE = "not_a_date"
    SHORT_DATE = "one_digit_day_or_month"
    TWO_DIGIT_YEAR = "two_digit_year"
    MONTH_FIRST = "month_first"
    IMPOSSIBLE_DATE = "impossible_date"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    DAY_FIRST = "day_first"
    TWO_READINGS_OF_A_FIGURE = "two_readings_of_a_figure"
    TWO_READINGS_OF_A_DAY = "two_readings_of_a_day"


SENTENCES = {
    Rule.BLANK: N_("The cell is empty."),
    Rule.SPREADSHEET_ERROR: N_("The spreadsheet shows an error here, not a value."),
    Rule.FORMULA: N_("This is a formula: type its result instead."),
    Rule.CONTROL_CHARACTER: N_("It holds a character that cannot be read: type it again."),
    Rule.TOO_LONG: N_("The text has more than {limit} characters."),
    Rule.TOO_MANY_CELLS: N_("The row has more cells than the header: a separator is in a value."),
    Rule.NOT_A_NUMBER: N_("This is not a number: write it like 1250,5."),
    Rule.SCIENTIFIC: N_("The spreadsheet shortened this number (E+): format the column as text."),
    Rule.TOO_MANY_DECIMALS: N_("More than {limit} decimals: nothing is rounded here."),
    Rule.TOO_MANY_DIGITS: N_("The number has more than {limit} digits."),
    Rule.NEGATIVE: N_("A number below zero makes no sense here."),
    Rule.ZERO: N_("Zero makes no sense here."),
    Rule.TOO_SMALL: N_("The number is too small here."),
    Rule.TOO_LARGE: N_("The number is too large here."),
    Rule.NOT_A_DATE: N_("This is not a date: write it like 23/04/2026."),
    Rule.SHORT_DATE: N_(
        "Write the day and the month with two digits each, and the year with four."
    ),
    Rule.TWO_DIGIT_YEAR: N_("Write the year with four digits."),
    Rule.MONTH_FIRST: N_("The month comes first here: write the day first, 23/04/2026."),
    Rule.IMPOSSIBLE_DATE: N_("There is no such day in the calendar."),
    Rule.YEAR_OUT_OF_RANGE: N_("The year must lie between 1990 and 2100."),
    Rule.DAY_FIRST: N_("The day comes first here, and the file was said to have the month first."),
    Rule.TWO_READINGS_OF_A_FIGURE: N_(
        "This can be {first} or {second}, and {reason}: write it without a mark of thousands, "
        "or say which mark the decimals have, --decimal-mark , or --decimal-mark ."
    ),
    Rule.TWO_READINGS_OF_A_DAY: N_(
        "This can be {first} or {second}, and {reason}: write it like 2026-04-23, "
        "or say how the days are written, --date-order jma or --date-order mja."
    ),
}


class Unreadable(ValueError):
    """A cell whose text is not the value it should be. ``str()`` is a sentence for the reader.

    ``limit`` is the length or the number of digits that the rule allows, where it allows one;
    ``first`` and ``second`` are the two readings of a cell that has two, ``reason`` why none wins.
    """

    def __init__(
        self,
        rule: Rule,
        value: str,
        limit: int = 0,
        *,
        first: str = "",
        second: str = "",
        reason: str = "",
    ) -> None:
        super().__init__(rule, value, limit)
        self.rule = rule
        self.value = value
        self.limit = limit
        self.first = first
        self.second = second
        self.reason = reason

    def __str__(self) -> str:
        return _(SENTENCES[self.rule]).format(
            limit=self.limit, first=self.first, second=self.second, reason=self.reason
        )


# ----------------------------------------------------------------------------------- numbers

DIGITS = 15
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ")
LIKENESS = {ord("’"): "'", ord("−"): "-"}

# Whole part plain or in groups of three, then at most one decimal mark. Of two kinds of mark the
# last is the decimal one, and a mark that comes twice is none. A lone comma or point is read as the
# decimal one here; where it stands in a column of a file, ``conventions`` has the word.
PLAIN = re.compile(r"(-?)([0-9]+)(?:[.,]([0-9]+))?")
SPACED = re.compile(r"(-?)([0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,3}(?:'[0-9]{3})+)(?:[.,]([0-9]+))?")
POINTED = re.compile(r"(-?)([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)")
COMMAED = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)")
TWICE = re.compile(r"(-?)([0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,}))()")
NO_DIGIT = re.compile("[^0-9]")
SHORTENED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?[eE][+-]?[0-9]+")
CURRENCY = re.compile(r"\s*(?:DA|DZD)\.?$", re.IGNORECASE)


def bare_figure(text: str) -> str:
    """The digits and marks of a figure, with plain spaces and without what stands behind them."""
    written = text.strip().translate(SPACES).translate(LIKENESS)
    return CURRENCY.sub("", written).removesuffix("%").rstrip()


def quantity(text: str, *, least: int = 0) -> int:
    """Whole thousandths of a unit: ``1 250,5`` is 1250500. At most 3 decimals, 15 digits.

    ``least`` is the smallest value accepted, in thousandths: 1 where zero makes no sense.
    """
    return _scaled(text, places=3, least=least)


def money(text: str, *, least: int = 0) -> int:
    """Whole centimes: ``15 495,24``, ``15495.24 DA`` are 1549524. At most 2 decimals."""
    return _scaled(CURRENCY.sub("", text.strip()), places=2, least=least, shown=text)


def percent(text: str, *, least: int = 0, most: int = 10_000) -> int:
    """Basis points of a percentage: ``19``, ``19 %`` are 1900. ``0,19`` is 19, not 1900."""
    return _scaled(text.strip().removesuffix("%"), places=2, least=least, most=most, shown=text)


def whole_number(text: str, *, least: int = 0, most: int | None = None) -> int:
    """A count: ``180``, ``1 250``. No decimals, not even zeros."""
    return _scaled(text, places=0, least=least, most=most)


def _scaled(
    text: str, *, places: int, least: int, most: int | None = None, shown: str | None = None
) -> int:
    shown = text if shown is None else shown
    figure = _present(text, shown).translate(SPACES).translate(LIKENESS)
    for layout in (PLAIN, SPACED, POINTED, COMMAED, TWICE):
        if found := layout.fullmatch(figure):
            break
    else:
        _refuse_figure(figure, shown)
    sign, grouped, decimals = found.groups(default="")
    whole = NO_DIGIT.sub("", grouped)
    if len(whole.lstrip("0")) + len(decimals) > DIGITS:
        raise Unreadable(Rule.TOO_MANY_DIGITS, shown, DIGITS)
    if len(decimals) > places:
        raise Unreadable(Rule.TOO_MANY_DECIMALS, shown, places)
    value = int(f"{sign}{whole}{decimals:0<{places}}")
    if value < least:
        senseless = Rule.ZERO if value == 0 else Rule.NEGATIVE if value < 0 <= least else None
        raise Unreadable(senseless or Rule.TOO_SMALL, shown)
    if most is not None and value > most:
        raise Unreadable(Rule.TOO_LARGE, shown)
    return value


def _refuse_figure(figure: str, shown: str) -> NoReturn:
    if figure.startswith(("=", "@", "+")):
        raise Unreadable(Rule.FORMULA, shown)
    if SHORTENED.fullmatch(figure):
        raise Unreadable(Rule.SCIENTIFIC, shown)
    raise Unreadable(Rule.NOT_A_NUMBER, shown)


# ------------------------------------------------------------------------------------- dates

FIRST_YEAR, LAST_YEAR = 1990, 2100
HOUR = r"(?:[ T](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)?"
DAY_FIRST = re.compile(rf"([0-9]{{1,2}})([/.-])([0-9]{{1,2}})\2([0-9]{{4}}|[0-9]{{2}}){HOUR}")
YEAR_FIRST = re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){HOUR}")


def day(text: str) -> date:
    """A calendar date: ``23/04/2026``, ``23-04-2026``, ``23.04.2026`` or ``2026-04-23``.

    An hour after it, as spreadsheets export, is dropped. What two people could read differently is
    refused: two-digit years, the month first, days and months of one digit (as exports of American
    spreadsheets have them).
    """
    written = _present(text)
    if found := YEAR_FIRST.fullmatch(written):
        return _calendar(text, *map(int, found.groups()))
    found = DAY_FIRST.fullmatch(written)
    if not found:
        raise Unreadable(Rule.FORMULA if written[0] in "=@+" else Rule.NOT_A_DATE, text)
    first, _mark, second, year = found.groups()
    if len(year) == 2:
        raise Unreadable(Rule.TWO_DIGIT_YEAR, text)
    if len(first) == 1 or len(second) == 1:
        raise Unreadable(Rule.SHORT_DATE, text)
    if int(first) <= 12 < int(second) <= 31:
        raise Unreadable(Rule.MONTH_FIRST, text)
    return _calendar(text, int(year), int(second), int(first))


def _calendar(text: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise Unreadable(Rule.IMPOSSIBLE_DATE, text) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(Rule.YEAR_OUT_OF_RANGE, text)
    return found


# -------------------------------------------------------------------------------------- text

CODE_LENGTH = 64
ERRORS = {
    *("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"),
    *("#N/D", "#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!"),
}
UNWRITTEN = {"Cc", "Cs", "Co", "Cn"}
"""Kinds of characters that no text holds; marks of writing direction are text."""

EXPONENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+[0-9]+")


def code(text: str, *, longest: int = CODE_LENGTH) -> str:
    """A short name that identifies: trimmed, on one line, with plain spaces, never a formula.

    Leading zeros stay, so account and tax numbers are codes too; one that a spreadsheet shortened
    to ``1,39E+14`` has lost its digits and is refused.
    """
    written = unicodedata.normalize("NFC", _present(text))
    if written[0] in "=@+":
        raise Unreadable(Rule.FORMULA, text)
    if EXPONENT.fullmatch(written):
        raise Unreadable(Rule.SCIENTIFIC, text)
    plain = written.translate(SPACES)
    if not plain.isprintable():
        raise Unreadable(Rule.CONTROL_CHARACTER, text)
    return _legible(plain, text, longest)


def prose(text: str, *, longest: int) -> str:
    """A name or a remark: trimmed; it may have several lines, tabs and any script."""
    written = unicodedata.normalize("NFC", _present(text))
    if written.startswith("="):
        raise Unreadable(Rule.FORMULA, text)
    lines = written.replace("\r\n", "\n").replace("\r", "\n")
    odd = [letter for letter in lines if not letter.isprintable() and letter not in "\n\t"]
    if any(unicodedata.category(letter) in UNWRITTEN for letter in odd):
        raise Unreadable(Rule.CONTROL_CHARACTER, text)
    return _legible(lines, text, longest)


def is_blank(text: str) -> bool:
    """Nothing but spaces, of any kind."""
    return not text.strip()


def _present(text: str, shown: str | None = None) -> str:
    written = text.strip()
    shown = text if shown is None else shown
    if not written:
        raise Unreadable(Rule.BLANK, shown)
    if written.upper() in ERRORS:
        raise Unreadable(Rule.SPREADSHEET_ERROR, shown)
    return written


def _legible(written: str, text: str, longest: int) -> str:
    if len(written) > longest:
        raise Unreadable(Rule.TOO_LONG, text, longest)
    if "\ufffd" in written:  # another program could not read this letter either
        raise Unreadable(Rule.CONTROL_CHARACTER, text)
    return written
