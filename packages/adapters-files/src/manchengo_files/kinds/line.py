"""What every line of a file is: pydantic fields under a French heading, read by our own parsers.

A field is named in English in the code and by its ``heading`` in the file. A blank cell is None
where the field may be None, and a fault of rule ``blank`` where it may not. Typed values, not text,
make a line's identity: ``62``, ``62,00`` and a workbook's number 62 are the same price.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, TypeVar, get_args

from attrs import frozen
from pydantic import BaseModel, ConfigDict, PlainValidator
from pydantic import Field as PydanticField

from manchengo.domain.unit_price import MOST_UNITS
from manchengo.domain.values import Unit
from manchengo_files.conventions import DayOrder, Shape
from manchengo_files.headers import Field, Hint
from manchengo_presenters import parsing
from manchengo_presenters.choices import unit
from manchengo_presenters.spelling import fold

T = TypeVar("T")

REPEATED = 8_192
"""How many texts that come back row after row (a day, a code, a price) are read only once."""


class Line(BaseModel):
    """One row of a file, whole and readable."""

    model_config = ConfigDict(frozen=True)

    def facts(self) -> dict[str, Any]:
        """The cells that were filled in, by field: what makes this line this line."""
        return {name: value for name, value in self.__dict__.items() if value is not None}

    def value(self, field: str) -> Any:
        """What the line says there; None where the cell is blank or its kind has no such field."""
        return self.__dict__.get(field)


def heading(name: str, *synonyms: str) -> Any:
    """What the column is called in our own files, and the other names people give it."""
    return PydanticField(validation_alias=name, json_schema_extra={"synonyms": list(synonyms)})


@lru_cache(REPEATED)
def heading_of(line: type[Line], field: str) -> str:
    name = line.model_fields[field].validation_alias
    assert isinstance(name, str), "every field of a line has a heading"
    return name


def fields_of(line: type[Line]) -> tuple[Field, ...]:
    """The table by which a file's header is read; the name in the code is a synonym too."""
    return tuple(
        Field(
            heading_of(line, name),
            (name, *_synonyms(info.json_schema_extra)),
            required=type(None) not in get_args(info.annotation),
            hint=_hint_of(info.metadata),
        )
        for name, info in line.model_fields.items()
    )


def shapes_of(line: type[Line]) -> dict[str, Shape]:
    """The columns of figures and of days, by heading."""
    return {
        heading_of(line, name): shape
        for name, info in line.model_fields.items()
        for shape in info.metadata
        if isinstance(shape, Shape)
    }


def _hint_of(metadata: Sequence[object]) -> Callable[[str], Hint | None]:
    readers = [each.read for each in metadata if isinstance(each, InBrackets)]
    return readers[0] if readers else lambda _text: None


def _synonyms(extra: object) -> list[str]:
    assert isinstance(extra, dict), "every field of a line has a heading"
    return [str(name) for name in extra["synonyms"]]


# ------------------------------------------------------------------------------------- cells


def maybe(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """The same parser, for a cell that may be blank."""

    def parse_or_none(text: str) -> T | None:
        return parse(text) if text.strip() else None

    return parse_or_none


def known(parse: Callable[[str], T]) -> Callable[[str], T]:
    """The same parser, for texts that many rows share."""
    return lru_cache(REPEATED)(parse)


def more_than_zero(text: str) -> int:
    """Thousandths, of a quantity above zero. Raises ``Unreadable``."""
    return parsing.quantity(text, least=1)


def units(text: str) -> int:
    """For how many units a price is."""
    return parsing.whole_number(text, least=1, most=MOST_UNITS)


def name(text: str) -> str:
    """A name of at most 200 characters. Raises ``Unreadable``."""
    return parsing.prose(text, longest=200)


# ------------------------------------------------------------------- in brackets in a header


@frozen
class InBrackets:
    """What the header of such a column may say in brackets: ``Quantité (kg)``."""

    read: Callable[[str], Hint | None]


def unit_in_brackets(text: str) -> Hint | None:
    """The unit in the brackets of a heading; None where it is none."""
    try:
        return Hint(unit=unit(text))
    except ValueError:
        return None


def currency_in_brackets(text: str) -> Hint | None:
    """``DA``, ``DA HT``; ``DA/kg`` is the price of a kilogram."""
    currency, slash, measure = text.partition("/")
    if fold(currency) not in {"da", "dzd", "daht", "ht", "dinars"}:
        return None
    return unit_in_brackets(measure) if slash else Hint()


def order_in_brackets(text: str) -> Hint | None:
    """``jj/mm/aaaa``, ``MM/DD/YYYY``."""
    letters = fold(text)
    if re.fullmatch(r"[jd]{1,2}m{1,2}[ay]{2,4}", letters):
        return Hint(day_order=DayOrder.DAY_FIRST)
    if re.fullmatch(r"m{1,2}[jd]{1,2}[ay]{2,4}", letters):
        return Hint(day_order=DayOrder.MONTH_FIRST)
    return None


QUANTITY, PRICE, DAY = map(InBrackets, (unit_in_brackets, currency_in_brackets, order_in_brackets))

_day = known(parsing.day)
_price = known(parsing.money)
_reference = known(parsing.code)

Code = Annotated[str, PlainValidator(parsing.code)]
Reference = Annotated[str, PlainValidator(_reference)]
MaybeCode = Annotated[str | None, PlainValidator(maybe(parsing.code))]
Text = Annotated[str, PlainValidator(name)]
MaybeText = Annotated[str | None, PlainValidator(maybe(name))]
Day = Annotated[date, PlainValidator(_day), Shape.DAY, DAY]
MaybeDay = Annotated[date | None, PlainValidator(maybe(_day)), Shape.DAY, DAY]
Amount = Annotated[int, PlainValidator(more_than_zero), Shape.FIGURE, QUANTITY]
MaybeUnit = Annotated[Unit | None, PlainValidator(maybe(known(unit)))]
Price = Annotated[int, PlainValidator(_price), Shape.FIGURE, PRICE]
MaybePrice = Annotated[int | None, PlainValidator(maybe(_price)), Shape.FIGURE, PRICE]
MaybeUnits = Annotated[int | None, PlainValidator(maybe(units)), Shape.FIGURE]

PRICE_PER = heading("prix_pour", "prix_par", "unites_du_prix")
"""For how many units the price of the row is; one when left out."""
