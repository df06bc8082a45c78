"""Products: a line registers one of them, or changes what is recorded of one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve

from manchengo.commands import Command
from manchengo.domain.gtin import BarcodeTaken
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.product import ProductKind
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Unit
from manchengo.ports.ids import Ids
from manchengo.ports.rows import ProductRow, RawProductRow
from manchengo_files.codes import Codes
from manchengo_files.kinds.kind import Kind
from manchengo_files.kinds.line import Line
from manchengo_files.kinds.register_line import register_line
from manchengo_files.kinds.update import (
    UNCHANGEABLE,
    Change,
    Objection,
    differences,
    new_values,
)
from manchengo_presenters import words
from manchengo_presenters.language import N_, _
from manchengo_presenters.register_entries import change, recorded, registration
from manchengo_presenters.registers import PRODUCT


def register_product(lines: Sequence[Line], _codes: Codes, ids: Ids) -> Command:
    """The command that registers the product of the line."""
    (line,) = lines
    values = line.facts()
    price = UnitPrice(values.pop("price"), values.pop("price_per", 1))
    return registration(PRODUCT, ids.new(), values | {"price": price})


KIND_IS_FIXED = N_(
    "{code} is recorded as {recorded}, and what a product is never changes: leave the cell empty, "
    "or register another product."
)
UNIT_IS_FIXED = N_(
    "{code} is kept in {recorded}, and the unit of a product never changes, or old quantities "
    "would lie: leave the cell empty, or register another product."
)


def change_product(lines: Sequence[Line], codes: Codes, _today: date) -> Change | None:
    """What the line changes of the product that has its code; None where there is none."""
    (line,) = lines
    values = line.facts()
    row = codes.find("product", values["code"])
    if row is None:
        return None
    assert isinstance(row, ProductRow), "looked for among the products"
    objections = tuple(_objections(values, row))
    has_price = "price" in values
    per = values.pop("price_per", None)
    if per is not None or has_price:
        values["price"] = UnitPrice(values.get("price", row.price), per or row.price_per)
    found = differences(values, recorded(codes.snapshot, row))
    command = change(PRODUCT, row, new_values(found))
    if not has_price:  # the line gives its units alone
        found = tuple(
            evolve(each, field="price_per") if each.field == "price" else each for each in found
        )
    return Change(
        code=row.code,
        command=command if found and not objections else None,
        differences=found,
        objections=objections,
    )


def _objections(values: Mapping[str, Any], row: ProductRow) -> Iterator[Objection]:
    kind = ProductKind.RAW if isinstance(row, RawProductRow) else ProductKind.FINISHED
    for field, known, sentence in (
        ("kind", kind, KIND_IS_FIXED),
        ("unit", Unit(row.unit), UNIT_IS_FIXED),
    ):
        if values.get(field, known) != known:
            shown = words.unit_word(1_000, row.unit) if field == "unit" else known
            message = _(sentence).format(code=row.code, recorded=shown)
            yield Objection(field=field, rule=UNCHANGEABLE, message=message)


PRODUCTS = Kind(
    kind=ImportKind.PRODUCTS,
    registers="product",
    line=register_line("ProductLine", PRODUCT.fields),
    command=register_product,
    change=change_product,
    measured_in={"price": "code"},
    columns={"product": "code", BarcodeTaken: "gtin"},
)
