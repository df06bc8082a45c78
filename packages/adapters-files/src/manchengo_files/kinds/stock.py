"""What comes in and what is made: lots received, and whole makes."""

from collections.abc import Sequence
from typing import Annotated

from manchengo.application.handlers.lots import NotARawMaterial
from manchengo.application.handlers.registers import NotAFinishedProduct
from manchengo.commands import Produce, ReceiveLot
from manchengo.domain.errors import NothingToDo
from manchengo.domain.ids import LotId, ProductionOrderId, SupplierId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.lot.rules import ExpiresBeforeReception
from manchengo.domain.production_order import NotEnoughMaterials, NothingConsumed, Output
from manchengo.domain.recipe import NoRecipeInForce
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
    MaybeCode,
    MaybeDay,
    MaybePrice,
    MaybeUnit,
    MaybeUnits,
    Reference,
    heading,
)

OUTPUT = "PF-{order}"
"""What the lot that an imported order yields is called."""


class LotLine(Line):
    """A row of receptions: one lot."""

    lot: Annotated[
        Code, heading(*("lot", "numero_lot", "lot_numero"), *("code_lot", "lot_number", "batch"))
    ]
    product: Annotated[
        Reference, heading("produit", "code_produit", "matiere", "product_code", "material")
    ]
    supplier: Annotated[
        Reference, heading("fournisseur", "code_fournisseur", "supplier_code", "vendor")
    ]
    on: Annotated[
        Day,
        heading("date_reception", "reception", "recu_le", "date_entree", "received", "received_on"),
    ]
    expires_on: Annotated[
        MaybeDay,
        heading(
            *(
                "date_peremption",
                "peremption",
                "dlc",
                "dluo",
                "date_limite",
                "date_limite_consommation",
                "expiry",
            ),
            *("expiry_date", "expiration_date", "best_before"),
        ),
    ]
    quantity: Annotated[Amount, heading("quantite", "qte", "quantite_recue", "qte_recue", "qty")]
    unit: Annotated[MaybeUnit, heading("unite")]
    unit_price: Annotated[
        MaybePrice, heading("prix_unitaire", "prix", "prix_unitaire_ht", "pu", "pu_ht", "price")
    ]
    price_per: Annotated[MaybeUnits, PRICE_PER]
    supplier_reference: Annotated[
        MaybeCode, heading("bl_fournisseur", "bl", "bon_de_livraison", "supplier_delivery_note")
    ]


class ProductionLine(Line):
    """A row of past production: one make."""

    number: Annotated[Code, heading("numero", "of", "ordre", "order_number", "order")]
    on: Annotated[Day, heading("date", "date_fabrication", "fabrique_le", "production_date", "day")]
    product: Annotated[Reference, heading("produit", "code_produit", "product_code")]
    planned: Annotated[Amount, heading("quantite_prevue", "prevue", "planned_quantity")]
    obtained: Annotated[
        Amount, heading("quantite_obtenue", "obtenue", "obtained_quantity", "actual_quantity")
    ]
    unit: Annotated[MaybeUnit, heading("unite")]


def receive(lines: Sequence[LotLine], codes: Codes, ids: Ids) -> ReceiveLot:
    """The command that receives the lot of the line."""
    (line,) = lines
    product = codes.product(line.product)
    return ReceiveLot(
        lot_id=LotId(ids.new()),
        code=line.lot,
        product_id=product.id,
        supplier_id=SupplierId(codes.id("supplier", line.supplier)),
        on=line.on,
        quantity=Quantity(line.quantity, line.unit or Unit(product.unit)),
        expires_on=line.expires_on,
        unit_price=UnitPrice(line.unit_price or 0, line.price_per or 1),
        supplier_reference=line.supplier_reference or "",
    )


def produce(lines: Sequence[ProductionLine], codes: Codes, ids: Ids) -> Produce:
    """The command that makes at once what the line says."""
    (line,) = lines
    product = codes.product(line.product)
    unit = line.unit or Unit(product.unit)
    return Produce(
        order_id=ProductionOrderId(ids.new()),
        code=line.number,
        product_id=product.id,
        planned=Quantity(line.planned, unit),
        on=line.on,
        outputs=(
            Output(
                lot_id=LotId(ids.new()),
                code=OUTPUT.format(order=line.number),
                product_id=product.id,
                quantity=Quantity(line.obtained, unit),
            ),
        ),
    )


LOTS = Kind(
    kind=ImportKind.LOTS,
    line=LotLine,
    command=receive,
    references={"product": "product", "supplier": "supplier"},
    measured_in={"quantity": "product", "unit_price": "product"},
    whole=("quantity",),
    columns={
        "lot": "lot",
        NotARawMaterial: "product",
        ExpiresBeforeReception: "expires_on",
        UnitsDiffer: "unit",
        TooFine: "quantity",
    },
)
PRODUCTION = Kind(
    kind=ImportKind.PRODUCTION,
    line=ProductionLine,
    command=produce,
    references={"product": "product"},
    measured_in={"planned": "product", "obtained": "product"},
    whole=("planned", "obtained"),
    columns={
        "production_order": "number",
        "lot": "number",
        "recipe": "product",
        NotAFinishedProduct: "product",
        NoRecipeInForce: "product",
        NotEnoughMaterials: "planned",
        NothingConsumed: "planned",
        NothingToDo: "planned",
        UnitsDiffer: "unit",
        TooFine: "planned",
    },
)
