"""Amounts as people type them: ``1250,5``, ``500 g``, ``GOUDA-KG=22@1650``."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from manchengo.domain.unit_price import UnitPrice

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
"""The stored unit by what is typed, in lower case."""

MEASURE = re.compile(r"(.*[0-9])[\s\u00a0\u202f]*([^\W\d]+)?")
"""A figure, and the unit where one was typed."""


@dataclass(frozen=True)
class Measure:
    """``1250,5 kg``: thousandths, and the unit where one was typed."""

    thousandths: int
    unit: str | None = None


@dataclass(frozen=True)
class Line:
    """``GOUDA-KG=22@1650``: so much of a product or a lot, at a price where given."""

    code: str
    measure: Measure
    price: "UnitPrice | None" = None
