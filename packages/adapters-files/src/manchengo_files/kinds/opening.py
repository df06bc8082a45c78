"""The opening stock: the lots that were there on the first day."""

from collections.abc import Sequence
from typing import Annotated

from manchengo.commands import EnterOpeningStock
from manchengo.domain.ids import LotId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.lot.decide import DatedAfterOpening
from manchengo.domain.lot.rules import ExpiresBeforeReception
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Quantity, TooFine, Unit, UnitsDiffer
from manchengo.ports.ids import Ids
from manchengo_files.codes import Codes
from manchengo_files.kinds.kind import Kind
from manchengo_files.kinds.line import (
    PRICE_PER,
    Amount,
    Code,
    Day,
    Line,
    MaybeDay,
    MaybePrice,
    MaybeUnit,
    MaybeUnits,
    Reference,
    heading,
)


class OpeningLine(Line):
    """A row of the opening stock: one lot."""

    lot: Annotated[
        Code, heading(*("lot", "numero_lot", "lot_numero"), *("code_lot", "lot_number", "batch"))
    ]
    product: Annotated[Reference, heading("produit", "code_produit", "product_code")]
    on: Annotated[
        Day, heading("date_stock", "date_inventaire", "stock_du", "opening_date", "stock_date")
    ]
    dated: Annotated[
        MaybeDay,
        heading(
            *("date_entree", "date_fabrication", "date_reception", "fabrique_le", "recu_le"),
            *("produced_on", "received_on"),
        ),
    ]
    expires_on: Annotated[
        MaybeDay,
        heading(
            *("date_peremption", "peremption", "dlc", "dluo", "date_limite"),
            *("date_limite_consommation", "expiry", "expiry_date", "expiration_date"),
            "best_before",
        ),
    ]
    quantity: Annotated[Amount, heading("quantite", "qte", "quantite_en_stock", "qty")]
    unit: Annotated[MaybeUnit, heading("unite")]
    unit_price: Annotated[
        MaybePrice, heading("cout_unitaire", "cout", "prix_de_revient", "unit_cost", "cost")
    ]
    price_per: Annotated[MaybeUnits, PRICE_PER]


def enter(lines: Sequence[OpeningLine], codes: Codes, ids: Ids) -> EnterOpeningStock:
    """The command that enters the lot of the line."""
    (line,) = lines
    product = codes.product(line.product)
    return EnterOpeningStock(
        lot_id=LotId(ids.new()),
        code=line.lot,
        product_id=product.id,
        on=line.on,
        dated=line.dated,
        quantity=Quantity(line.quantity, line.unit or Unit(product.unit)),
        expires_on=line.expires_on,
        unit_price=UnitPrice(line.unit_price or 0, line.price_per or 1),
    )


OPENING_STOCK = Kind(
    kind=ImportKind.OPENING_STOCK,
    line=OpeningLine,
    command=enter,
    references={"product": "product"},
    measured_in={"quantity": "product", "unit_price": "product"},
    whole=("quantity",),
    columns={
        "lot": "lot",
        DatedAfterOpening: "dated",
        ExpiresBeforeReception: "expires_on",
        UnitsDiffer: "unit",
        TooFine: "quantity",
    },
)
