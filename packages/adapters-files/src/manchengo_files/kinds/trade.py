"""What is sold and what leaves: an order of several lines, and the van that takes it whole."""

from collections.abc import Sequence
from typing import Annotated

from manchengo.application.offered_prices import price_for
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Deliver, Sell
from manchengo.domain.errors import NothingToDo, OutOfOrder, Refused
from manchengo.domain.ids import ClientId, DeliveryId, SalesOrderId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.lot.rules import LotUnfit, NotEnoughInLot
from manchengo.domain.sales_order import NoPrice, NotEnoughStock, OrderLine, ProductTwice
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
    MaybeText,
    MaybeUnit,
    MaybeUnits,
    Reference,
    heading,
)


class SaleLine(Line):
    """A row of orders: one line of one order."""

    number: Annotated[Code, heading("numero", "commande", "numero_commande", "order_number")]
    on: Annotated[Day, heading("date", "date_commande", "order_date", "day")]
    wanted_on: Annotated[
        MaybeDay, heading("souhaite_le", "livraison_souhaitee", "date_souhaitee", "wanted_on")
    ]
    client: Annotated[Reference, heading("client", "code_client", "client_code", "customer")]
    product: Annotated[Reference, heading("produit", "code_produit", "article", "product_code")]
    quantity: Annotated[Amount, heading("quantite", "qte", "qty")]
    unit: Annotated[MaybeUnit, heading("unite")]
    unit_price: Annotated[
        MaybePrice, heading("prix_unitaire", "prix", "prix_unitaire_ht", "pu", "pu_ht", "price")
    ]
    price_per: Annotated[MaybeUnits, PRICE_PER]


class DeliveryLine(Line):
    """A row of deliveries: one order that left."""

    number: Annotated[
        Code, heading("numero", "bl", "numero_bl", "delivery_number", "delivery_note")
    ]
    on: Annotated[Day, heading("date", "date_livraison", "livre_le", "delivery_date", "day")]
    order: Annotated[Reference, heading("commande", "numero_commande", "order_number")]
    carrier: Annotated[MaybeText, heading("transporteur", "livreur", "chauffeur", "driver")]


def sell(lines: Sequence[SaleLine], codes: Codes, ids: Ids) -> Sell:
    """The command that sells what the lines of one order say."""
    first = lines[0]
    return Sell(
        order_id=SalesOrderId(ids.new()),
        code=first.number,
        client_id=ClientId(codes.id("client", first.client)),
        lines=tuple(_order_line(line, codes) for line in lines),
        on=first.on,
        wanted_on=first.wanted_on,
    )


def _order_line(line: SaleLine, codes: Codes) -> OrderLine:
    product = codes.product(line.product)
    return OrderLine(
        product_id=product.id,
        quantity=Quantity(line.quantity, line.unit or Unit(product.unit)),
        unit_price=_price(line),
    )


def _price(line: SaleLine) -> UnitPrice | None:
    return None if line.unit_price is None else UnitPrice(line.unit_price, line.price_per or 1)


def deliver(lines: Sequence[DeliveryLine], codes: Codes, ids: Ids) -> Deliver:
    """The command that delivers the order of the line."""
    (line,) = lines
    return Deliver(
        delivery_id=DeliveryId(ids.new()),
        code=line.number,
        order_id=SalesOrderId(codes.id("sales_order", line.order)),
        on=line.on,
        carrier=line.carrier or "",
    )


def _culprits(refusal: Refused, lines: Sequence[SaleLine], codes: Codes) -> Sequence[int]:
    match refusal:
        case NotEnoughStock():
            short = {missing.product for missing in refusal.missing}
            return [at for at, line in enumerate(lines) if line.product in short]
        case ProductTwice():
            return _after_the_first(refusal, lines, codes)
        case NoPrice():
            return [
                at
                for at, line in enumerate(lines)
                if line.unit_price is None and codes.product(line.product).code == refusal.product
            ]
        case UnitsDiffer(found=found) | TooFine(unit=found):
            return [at for at, line in enumerate(lines) if line.unit is found]
        case _:
            return range(len(lines))


def _offered(line: SaleLine, codes: Codes) -> UnitPrice | None:
    """The price of a line that says none."""
    client, product = codes.id("client", line.client), codes.product(line.product)
    found = price_for(UnitOfWork(codes.snapshot), ClientId(client), product.id, line.on)
    return found.price if found else None


def _after_the_first(
    refusal: ProductTwice, lines: Sequence[SaleLine], codes: Codes
) -> Sequence[int]:
    """The lines that name the product again at a price it has already."""
    prices: set[UnitPrice | None] = set()
    again = []
    for at, line in enumerate(lines):
        product = codes.product(line.product)
        if product.id == refusal.product_id:
            stated = _price(line)
            price = _offered(line, codes) if stated is None else stated
            if price in prices:
                again.append(at)
            prices.add(price)
    return again


SALES = Kind(
    kind=ImportKind.SALES,
    line=SaleLine,
    command=sell,
    references={"client": "client", "product": "product"},
    measured_in={"quantity": "product", "unit_price": "product"},
    whole=("quantity",),
    group=("number",),
    agree=("on", "wanted_on", "client"),
    columns={
        "sales_order": "number",
        NotEnoughStock: "quantity",
        ProductTwice: "product",
        NoPrice: "unit_price",
        UnitsDiffer: "unit",
        TooFine: "quantity",
        OutOfOrder: "wanted_on",
    },
    culprits=_culprits,
)
DELIVERIES = Kind(
    kind=ImportKind.DELIVERIES,
    line=DeliveryLine,
    command=deliver,
    references={"order": "sales_order"},
    columns={
        "delivery": "number",
        NothingToDo: "order",
        LotUnfit: "on",
        NotEnoughInLot: "order",
    },
)
