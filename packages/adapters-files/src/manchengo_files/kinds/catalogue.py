"""Products: a line registers one of them, or changes what is recorded of one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from attrs import evolve
from pydantic import PlainValidator

from manchengo.commands import ChangeProduct, RegisterProduct
from manchengo.domain.allocation import Policy
from manchengo.domain.details import details
from manchengo.domain.gtin import BarcodeTaken
from manchengo.domain.ids import ProductId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.product import ProductDetailsChanged, ProductKind, VatClass
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Unit
from manchengo.ports.ids import Ids
from manchengo.ports.rows import ProductRow, RawProductRow
from manchengo_files.choices import choice, vat_class
from manchengo_files.codes import Codes
from manchengo_files.kinds.kind import Kind
from manchengo_files.kinds.line import (
    PRICE_PER,
    Code,
    Line,
    MaybeCode,
    MaybeDays,
    MaybeText,
    MaybeUnits,
    Price,
    Text,
    heading,
    maybe,
    unit,
)
from manchengo_files.kinds.update import (
    UNCHANGEABLE,
    Change,
    Objection,
    differences,
    new_values,
)
from manchengo_presenters import words
from manchengo_presenters.language import N_, _

KINDS = {
    **dict.fromkeys(("MP", "matière première", "raw", "raw material"), ProductKind.RAW),
    **dict.fromkeys(("PF", "produit fini", "finished", "finished product"), ProductKind.FINISHED),
}
YES_OR_NO = {
    **dict.fromkeys(("oui", "o", "vrai", "yes", "y", "true", "1"), True),
    **dict.fromkeys(("non", "n", "faux", "no", "false", "0"), False),
}

policy = choice({each.value: each for each in Policy}, shown=[each.value for each in Policy])
yes_or_no = choice(YES_OR_NO, shown=("oui", "non"))
product_kind = choice(KINDS, shown=("MP", "PF"))


class ProductLine(Line):
    code: Annotated[Code, heading("code", "code_produit", "product_code", "sku")]
    kind: Annotated[ProductKind, PlainValidator(product_kind), heading("type", "nature")]
    name: Annotated[Text, heading("designation", "nom", "libelle")]
    name_ar: Annotated[MaybeText, heading("designation_ar", "nom_ar", "arabic_name")]
    unit: Annotated[Unit, PlainValidator(unit), heading("unite", "unite_stock")]
    shelf_life_days: Annotated[
        MaybeDays, heading("duree_conservation_jours", "duree_conservation", "dlc_jours")
    ]
    price: Annotated[Price, heading("prix_ht", "prix_unitaire", "prix", "unit_price")]
    price_per: Annotated[MaybeUnits, PRICE_PER]
    vat_class: Annotated[
        VatClass | None, PlainValidator(maybe(vat_class)), heading("tva", "taux_tva", "vat")
    ]
    allocation: Annotated[
        Policy | None, PlainValidator(maybe(policy)), heading("ordre_de_sortie", "policy")
    ]
    release_required: Annotated[
        bool | None, PlainValidator(maybe(yes_or_no)), heading("liberation_requise", "a_liberer")
    ]
    gtin: Annotated[MaybeCode, heading("gtin", "code_barres", "ean", "barcode")]


def register_product(lines: Sequence[ProductLine], _codes: Codes, ids: Ids) -> RegisterProduct:
    (line,) = lines
    return RegisterProduct(
        product_id=ProductId(ids.new()),
        code=line.code,
        kind=line.kind,
        name=line.name,
        name_ar=line.name_ar or "",
        unit=line.unit,
        price=UnitPrice(line.price, line.price_per or 1),
        shelf_life_days=line.shelf_life_days,
        vat_class=line.vat_class or VatClass.NORMAL,
        allocation=line.allocation or Policy.FIFO,
        release_required=line.release_required or False,
        gtin=line.gtin or "",
    )


KIND_IS_FIXED = N_(
    "{code} is recorded as {recorded}, and what a product is never changes: leave the cell empty, "
    "or register another product."
)
UNIT_IS_FIXED = N_(
    "{code} is kept in {recorded}, and the unit of a product never changes, or old quantities "
    "would lie: leave the cell empty, or register another product."
)


def change_product(lines: Sequence[ProductLine], codes: Codes, _today: date) -> Change | None:
    (line,) = lines
    row = codes.find("product", line.code)
    if row is None:
        return None
    assert isinstance(row, ProductRow), "looked for among the products"
    said = line.facts()
    objections = tuple(_objections(said, row))
    per = said.pop("price_per", None)
    if per is not None or "price" in said:
        said["price"] = UnitPrice(said.get("price", row.price), per or row.price_per)
    found = differences(said, _details(row))
    asked = ChangeProduct(product_id=row.id, **new_values(found))
    if "price" not in line.facts():  # its units alone were told
        found = tuple(
            evolve(each, field="price_per") if each.field == "price" else each for each in found
        )
    return Change(
        code=row.code,
        command=asked if found and not objections else None,
        differences=found,
        objections=objections,
    )


def _details(row: ProductRow) -> dict[str, Any]:
    """As ``ChangeProduct`` takes them."""
    return {name: getattr(row, name) for name in details(ProductDetailsChanged)} | {
        "price": UnitPrice(row.price, row.price_per),
        "vat_class": VatClass(row.vat_class),
        "allocation": Policy(row.allocation),
    }


def _objections(said: Mapping[str, Any], row: ProductRow) -> Iterator[Objection]:
    kind = ProductKind.RAW if isinstance(row, RawProductRow) else ProductKind.FINISHED
    for field, recorded, sentence in (
        ("kind", kind, KIND_IS_FIXED),
        ("unit", Unit(row.unit), UNIT_IS_FIXED),
    ):
        if said.get(field, recorded) != recorded:
            shown = words.unit_word(1_000, row.unit) if field == "unit" else recorded
            message = _(sentence).format(code=row.code, recorded=shown)
            yield Objection(field=field, rule=UNCHANGEABLE, message=message)


PRODUCTS = Kind(
    kind=ImportKind.PRODUCTS,
    registers="product",
    line=ProductLine,
    command=register_product,
    change=change_product,
    measured_in={"price": "code"},
    columns={"product": "code", BarcodeTaken: "gtin"},
)
