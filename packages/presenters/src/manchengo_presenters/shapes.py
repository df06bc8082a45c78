"""Values as JSON gives them: decimals and money as text with a point, dates in ISO form."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from attrs import fields, has

from manchengo import withheld
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Money, Percent, Quantity
from manchengo_presenters.formatting import plain as decimal
from manchengo_presenters.formatting import plain_money, plain_price


def plain(value: Any) -> Any:
    """Any value of the domain. A quantity is ``{"quantity": "1250.5", "unit": "kg"}``."""
    match value:
        case None | bool() | int():
            return value
        case Quantity():
            return {"quantity": decimal(value.thousandths), "unit": value.unit.value}
        case Money():
            return plain_money(value.centimes)
        case UnitPrice():
            return plain_price(value.centimes, value.per)
        case Percent():
            return plain_money(value.basis_points)
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case UUID() | str():
            return str(value)
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case frozenset() | set():
            return sorted(plain(each) for each in value)
        case list() | tuple():
            return [plain(each) for each in value]
        case _ if has(type(value)):
            return {each.name: plain(getattr(value, each.name)) for each in fields(type(value))}
        case _:
            raise TypeError(f"no shape for {type(value).__name__}")


def unit_price(row: Any) -> dict[str, Any]:
    """The price of a lot or an order line; nothing where whoever asked may not read it."""
    if "unit_price" in withheld(row):
        return {}
    return {"unit_price": plain_money(row.unit_price), "price_per": row.price_per}
