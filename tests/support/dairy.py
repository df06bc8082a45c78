"""The dairy that the tests tell about, in its own words.

Lots, orders and vans are named by their codes: ``received("L1", litres(100))`` is a command about
the lot ``L1``, and ``lot_id("L1")`` its identifier. What is said of a thing is the command that
makes it so, which reads as well after *given* as after *when*.
"""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from manchengo.commands import (
    BlockLot,
    CancelDelivery,
    CancelProduction,
    CancelSalesOrder,
    CloseSalesOrder,
    Command,
    CompleteProduction,
    ConfirmReception,
    ConfirmSalesOrder,
    ConsumeMaterial,
    CorrectLot,
    CountLot,
    DefineRecipe,
    Deliver,
    DispatchDelivery,
    EnterOpeningStock,
    LoadLot,
    PlaceSalesOrder,
    PlanProduction,
    PrepareDelivery,
    Produce,
    QuarantineLot,
    RecallLot,
    ReceiveLot,
    RegisterClient,
    RegisterProduct,
    RegisterSupplier,
    ReleaseLot,
    ReopenDelivery,
    ReopenProduction,
    ReopenSalesOrder,
    ReturnDelivery,
    Sell,
    SendBackToSupplier,
    StartProduction,
    TakeBackCount,
    TakeBackMaterial,
    UnloadLot,
    VoidLot,
    WriteOffLot,
)
from manchengo.domain.delivery import Disposition, ReturnLine
from manchengo.domain.ids import (
    ClientId,
    DeliveryId,
    LotId,
    ProductId,
    ProductionOrderId,
    RecipeId,
    SalesOrderId,
    SupplierId,
)
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.lot.commands import Role as Came
from manchengo.domain.product import ProductKind
from manchengo.domain.production_order import Output
from manchengo.domain.recipe import Ingredient
from manchengo.domain.sales_order import OrderLine, PricedLine
from manchengo.domain.values import FREE_OF_CHARGE, Money, Quantity, Unit

MONDAY = date(2026, 1, 5)


def day(number: int) -> date:
    """That many days after the Monday on which everything here begins."""
    return MONDAY + timedelta(days=number)


# ------------------------------------------------------------------------------ amounts and names


def amount(written: str | int, unit: Unit) -> Quantity:
    thousandths = Decimal(written) * 1000
    assert thousandths == int(thousandths), f"{written} is finer than a thousandth"
    return Quantity(int(thousandths), unit)


def kg(written: str | int) -> Quantity:
    return amount(written, Unit.KG)


def litres(written: str | int) -> Quantity:
    return amount(written, Unit.L)


def millilitres(written: str | int) -> Quantity:
    return amount(written, Unit.ML)


def dinars(written: str | int) -> Money:
    return Money(int(Decimal(written) * 100))


def an_id(words: str) -> UUID:
    """The same UUID of version 7 for the same words."""
    scrambled = int.from_bytes(sha256(words.encode()).digest()[:16], "big")
    return UUID(int=scrambled & ~(0xF << 76) & ~(0x3 << 62) | 7 << 76 | 2 << 62)


def lot_id(code: str) -> LotId:
    return LotId(an_id(f"lot {code}"))


def make_id(code: str) -> ProductionOrderId:
    return ProductionOrderId(an_id(f"make {code}"))


def sale_id(code: str) -> SalesOrderId:
    return SalesOrderId(an_id(f"sale {code}"))


def van_id(code: str) -> DeliveryId:
    return DeliveryId(an_id(f"van {code}"))


# -------------------------------------------------------------------------------------- the dairy

FARM = SupplierId(an_id("the farm"))
SHOP = ClientId(an_id("the shop"))
MILK = ProductId(an_id("milk"))
RENNET = ProductId(an_id("rennet"))
CHEESE = ProductId(an_id("cheese"))
WHEY = ProductId(an_id("whey"))
RECIPE = RecipeId(an_id("the recipe of the cheese"))

PRICE = dinars(1200)

A_DAIRY: tuple[Command, ...] = (
    RegisterSupplier(supplier_id=FARM, code="F01", name="Ferme Aït Ali"),
    RegisterClient(client_id=SHOP, code="C01", name="Épicerie El Baraka"),
    RegisterProduct(
        product_id=MILK,
        code="LAIT",
        kind=ProductKind.RAW,
        name="Lait de vache",
        unit=Unit.L,
        price=dinars(60),
    ),
    RegisterProduct(
        product_id=RENNET,
        code="PRESURE",
        kind=ProductKind.RAW,
        name="Présure",
        unit=Unit.ML,
        price=dinars(2),
    ),
    RegisterProduct(
        product_id=CHEESE,
        code="TOMME",
        kind=ProductKind.FINISHED,
        name="Tomme",
        unit=Unit.KG,
        price=PRICE,
        shelf_life_days=60,
    ),
    RegisterProduct(
        product_id=WHEY,
        code="SERUM",
        kind=ProductKind.FINISHED,
        name="Lactosérum",
        unit=Unit.L,
        price=dinars(5),
    ),
    DefineRecipe(
        recipe_id=RECIPE,
        product_id=CHEESE,
        batch=kg(10),
        ingredients=(Ingredient(MILK, litres(100)), Ingredient(RENNET, millilitres(30))),
        valid_from=MONDAY,
    ),
)
"""A farm, a shop, milk and rennet, and a cheese: ten litres and three millilitres a kilogram."""


# ----------------------------------------------------------------------------- what befalls a lot


def received(
    code: str,
    quantity: Quantity,
    *,
    of: ProductId = MILK,
    on: date = MONDAY,
    expires: date | None = None,
) -> ReceiveLot:
    return ReceiveLot(
        lot_id=lot_id(code),
        code=code,
        product_id=of,
        supplier_id=FARM,
        on=on,
        quantity=quantity,
        expires_on=expires,
    )


def in_opening_stock(
    code: str,
    quantity: Quantity,
    *,
    of: ProductId = CHEESE,
    on: date = MONDAY,
    dated: date | None = None,
    expires: date | None = None,
    cost: Money = FREE_OF_CHARGE,
) -> EnterOpeningStock:
    return EnterOpeningStock(
        lot_id=lot_id(code),
        code=code,
        product_id=of,
        on=on,
        quantity=quantity,
        dated=dated,
        expires_on=expires,
        unit_price=cost,
    )


def voided(code: str, *, on: date = MONDAY, reason: str = "typed twice") -> VoidLot:
    return VoidLot(lot_id=lot_id(code), on=on, reason=reason)


def written_off(
    code: str, quantity: Quantity, *, on: date = MONDAY, reason: str = "spilt"
) -> WriteOffLot:
    return WriteOffLot(lot_id=lot_id(code), quantity=quantity, on=on, reason=reason)


def sent_back(
    code: str, quantity: Quantity, *, on: date = MONDAY, reason: str = "sour"
) -> SendBackToSupplier:
    return SendBackToSupplier(lot_id=lot_id(code), quantity=quantity, on=on, reason=reason)


def counted(code: str, quantity: Quantity, *, on: date = MONDAY) -> CountLot:
    return CountLot(lot_id=lot_id(code), counted=quantity, on=on)


def count_taken_back(
    code: str, quantity: Quantity, *, on: date = MONDAY, reason: str = "wrong vat"
) -> TakeBackCount:
    return TakeBackCount(lot_id=lot_id(code), counted=quantity, on=on, reason=reason)


def corrected(
    code: str,
    *,
    on: date = MONDAY,
    reason: str = "label misread",
    expiry: Expiry | None = None,
    supplier: SupplierId | None = None,
    reference: str | None = None,
    price: Money | None = None,
) -> CorrectLot:
    return CorrectLot(
        lot_id=lot_id(code),
        on=on,
        reason=reason,
        expiry=expiry,
        supplier_id=supplier,
        supplier_reference=reference,
        unit_price=price,
    )


def quarantined(code: str, *, on: date = MONDAY, reason: str = "smell") -> QuarantineLot:
    return QuarantineLot(lot_id=lot_id(code), on=on, reason=reason)


def blocked(code: str, *, on: date = MONDAY, reason: str = "antibiotics") -> BlockLot:
    return BlockLot(lot_id=lot_id(code), on=on, reason=reason)


def released(code: str, *, on: date = MONDAY, reason: str = "") -> ReleaseLot:
    return ReleaseLot(lot_id=lot_id(code), on=on, reason=reason)


def recalled(code: str, *, on: date = MONDAY, reason: str = "listeria") -> RecallLot:
    return RecallLot(lot_id=lot_id(code), on=on, reason=reason)


# ------------------------------------------------------------------------------ making the cheese


def planned(
    code: str, quantity: Quantity, *, of: ProductId = CHEESE, on: date = MONDAY
) -> PlanProduction:
    return PlanProduction(order_id=make_id(code), code=code, product_id=of, planned=quantity, on=on)


def started(code: str, *, on: date = MONDAY) -> StartProduction:
    return StartProduction(order_id=make_id(code), on=on)


def poured(
    code: str, lot: str, quantity: Quantity, *, on: date = MONDAY, reason: str = ""
) -> ConsumeMaterial:
    return ConsumeMaterial(
        order_id=make_id(code),
        lot_id=lot_id(lot),
        quantity=quantity,
        on=on,
        override_reason=reason,
    )


def an_output(
    code: str,
    quantity: Quantity,
    *,
    of: ProductId = CHEESE,
    expires: date | None = None,
    role: Came = Came.MAIN,
) -> Output:
    return Output(
        lot_id=lot_id(code),
        code=code,
        product_id=of,
        quantity=quantity,
        expires_on=expires,
        role=role,
    )


def taken_back(
    code: str, lot: str, quantity: Quantity | None = None, *, on: date = MONDAY
) -> TakeBackMaterial:
    return TakeBackMaterial(order_id=make_id(code), lot_id=lot_id(lot), quantity=quantity, on=on)


def completed(
    code: str,
    *outputs: Output,
    on: date = MONDAY,
    lost: Quantity | None = None,
    loss_reason: str = "",
) -> CompleteProduction:
    return CompleteProduction(
        order_id=make_id(code), outputs=outputs, on=on, lost=lost, loss_reason=loss_reason
    )


def abandoned(code: str, *, on: date = MONDAY, reason: str = "vat broken") -> CancelProduction:
    return CancelProduction(order_id=make_id(code), on=on, reason=reason)


def make_reopened(code: str, *, on: date = MONDAY, reason: str = "too soon") -> ReopenProduction:
    return ReopenProduction(order_id=make_id(code), on=on, reason=reason)


def made(
    code: str, quantity: Quantity, *, on: date = MONDAY, outputs: tuple[Output, ...] = ()
) -> Produce:
    """The make ``code`` at once: all of it in one lot of the same code, unless told otherwise."""
    return Produce(
        order_id=make_id(code),
        code=code,
        product_id=CHEESE,
        planned=quantity,
        on=on,
        outputs=outputs or (an_output(code, quantity),),
    )


def in_store(
    code: str, quantity: Quantity, *, on: date = MONDAY
) -> tuple[ReceiveLot, ReceiveLot, Produce]:
    """A lot of cheese, made from as much milk and rennet as it took."""
    milk, rennet = quantity.thousandths * 10, quantity.thousandths * 3
    return (
        received(f"milk of {code}", Quantity(milk, Unit.L), on=on),
        received(f"rennet of {code}", Quantity(rennet, Unit.ML), of=RENNET, on=on),
        made(code, quantity, on=on),
    )


# ------------------------------------------------------------------------------------- selling it


def a_line(quantity: Quantity, *, of: ProductId = CHEESE, at: Money = PRICE) -> OrderLine:
    return OrderLine(product_id=of, quantity=quantity, unit_price=at)


def a_priced_line(quantity: Quantity, *, of: ProductId = CHEESE, at: Money = PRICE) -> PricedLine:
    """As an order tells it: with the price, in the product's unit."""
    return PricedLine(product_id=of, quantity=quantity, unit_price=at)


def ordered(code: str, *lines: OrderLine, on: date = MONDAY) -> PlaceSalesOrder:
    return PlaceSalesOrder(order_id=sale_id(code), code=code, client_id=SHOP, lines=lines, on=on)


def confirmed(code: str, *, on: date = MONDAY) -> ConfirmSalesOrder:
    return ConfirmSalesOrder(order_id=sale_id(code), on=on)


def sold(code: str, quantity: Quantity, *, on: date = MONDAY) -> Sell:
    return Sell(order_id=sale_id(code), code=code, client_id=SHOP, lines=(a_line(quantity),), on=on)


def called_off(code: str, *, on: date = MONDAY, reason: str = "too late") -> CancelSalesOrder:
    return CancelSalesOrder(order_id=sale_id(code), on=on, reason=reason)


def closed(code: str, *, on: date = MONDAY, reason: str = "") -> CloseSalesOrder:
    return CloseSalesOrder(order_id=sale_id(code), on=on, reason=reason)


def sale_reopened(code: str, *, on: date = MONDAY, reason: str = "too soon") -> ReopenSalesOrder:
    return ReopenSalesOrder(order_id=sale_id(code), on=on, reason=reason)


def prepared(code: str, *, order: str, on: date = MONDAY) -> PrepareDelivery:
    return PrepareDelivery(delivery_id=van_id(code), code=code, order_id=sale_id(order), on=on)


def loaded(
    code: str, lot: str, quantity: Quantity, *, on: date = MONDAY, reason: str = ""
) -> LoadLot:
    return LoadLot(
        delivery_id=van_id(code),
        lot_id=lot_id(lot),
        quantity=quantity,
        on=on,
        override_reason=reason,
    )


def unloaded(
    code: str, lot: str, quantity: Quantity | None = None, *, on: date = MONDAY
) -> UnloadLot:
    return UnloadLot(delivery_id=van_id(code), lot_id=lot_id(lot), quantity=quantity, on=on)


def gone(
    code: str, *, on: date = MONDAY, carrier: str = "", short_reason: str = ""
) -> DispatchDelivery:
    return DispatchDelivery(
        delivery_id=van_id(code), on=on, carrier=carrier, short_reason=short_reason
    )


def stayed(code: str, *, on: date = MONDAY, reason: str = "no petrol") -> CancelDelivery:
    return CancelDelivery(delivery_id=van_id(code), on=on, reason=reason)


def handed_over(code: str, *, on: date = MONDAY, by: str = "Amina") -> ConfirmReception:
    return ConfirmReception(delivery_id=van_id(code), on=on, received_by=by)


def van_reopened(code: str, *, on: date = MONDAY, reason: str = "wrong shop") -> ReopenDelivery:
    return ReopenDelivery(delivery_id=van_id(code), on=on, reason=reason)


def delivered(code: str, *, order: str, on: date = MONDAY) -> Deliver:
    return Deliver(delivery_id=van_id(code), code=code, order_id=sale_id(order), on=on)


def came_back(
    code: str,
    lot: str,
    quantity: Quantity,
    *,
    then: Disposition = Disposition.RESTOCK,
    on: date = MONDAY,
    reason: str = "damaged box",
) -> ReturnDelivery:
    line = ReturnLine(lot_id=lot_id(lot), quantity=quantity, disposition=then)
    return ReturnDelivery(delivery_id=van_id(code), lines=(line,), on=on, reason=reason)
