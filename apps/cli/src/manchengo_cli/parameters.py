"""What is typed becomes a value, or is sent back with the rule it breaks: one rule everywhere.

The figures and dates of a command line are read as those of a file are (``importing.parsing``).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

import typer

from manchengo_presenters.language import _

T = TypeVar("T")

UNITS = {
    "kg": "kg",
    "g": "g",
    "l": "L",
    "ml": "mL",
    "piece": "piece",
    "pieces": "piece",
    "pièce": "piece",
    "pièces": "piece",
    "carton": "carton",
    "cartons": "carton",
}
MEASURE = re.compile(r"(.*[0-9])[\s\u00a0\u202f]*([^\W\d]+)?")


@dataclass(frozen=True)
class Measure:
    """``1250,5 kg``: thousandths, and the unit where one was typed."""

    thousandths: int
    unit: str | None = None


@dataclass(frozen=True)
class Line:
    """``GOUDA-KG=22@1650``: so much of a product or a lot, at a price in centimes where given."""

    code: str
    measure: Measure
    price: int | None = None


def day(text: str) -> date:
    from manchengo_cli.importing import parsing

    return _read(parsing.day, text)


def money(text: str) -> int:
    from manchengo_cli.importing import parsing

    return _read(parsing.money, text)


def percent(text: str) -> int:
    from manchengo_cli.importing import parsing

    return _read(parsing.percent, text)


def whole_number(text: str) -> int:
    from manchengo_cli.importing import parsing

    return _read(parsing.whole_number, text)


def code(text: str) -> str:
    from manchengo_cli.importing import parsing

    return _read(parsing.code, text)


def measure(text: str) -> Measure:
    from manchengo_cli.importing import parsing

    found = MEASURE.fullmatch(text.strip())
    figure, unit = found.groups() if found else (text, None)
    if unit is not None and unit.lower() not in UNITS:
        raise typer.BadParameter(
            _("“{unit}” is not a unit: use kg, g, L, mL, pièce or carton.").format(unit=unit)
        )
    return Measure(_read(parsing.quantity, figure), UNITS[unit.lower()] if unit else None)


def line(text: str) -> Line:
    """``CODE=QUANTITY`` or ``CODE=QUANTITY@PRICE``."""
    named, equals, rest = text.partition("=")
    amount, at, price = rest.partition("@")
    if not equals or not amount.strip() or (at and not price.strip()):
        raise typer.BadParameter(
            _("“{text}” is not CODE=QUANTITY, as in GOUDA-KG=22.").format(text=text)
        )
    return Line(code(named), measure(amount), money(price) if at else None)


def uuid(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        raise typer.BadParameter(
            _("“{text}” is not a UUID, as in 0193b3a0-0000-7000-8000-000000000000.").format(
                text=text
            )
        ) from None


def one_of(*names: str) -> Callable[[str], str]:
    """A parser for a word of a short list, in any case."""

    def parse(text: str) -> str:
        for name in names:
            if name.casefold() == text.strip().casefold():
                return name
        raise typer.BadParameter(
            _("“{text}” is not one of: {names}.").format(text=text, names=", ".join(names))
        )

    return parse


def _read(parse: Callable[[str], T], text: str) -> T:
    """The value, or a fault of the command line that names the rule."""
    try:
        return parse(text)
    except ValueError as fault:
        raise typer.BadParameter(_("“{text}”: {rule}").format(text=text, rule=fault)) from None
