"""A dairy in memory that makes cheese, and the screens of its orders."""

import asyncio
from datetime import timedelta

from manchengo import Quantity, UnitPrice
from manchengo.commands import (
    DefineRecipe,
    PlanProduction,
    ReceiveLot,
    RegisterProduct,
    StartProduction,
)
from manchengo.domain.ids import LotId, ProductId, ProductionOrderId, RecipeId
from manchengo.domain.product import ProductKind
from manchengo.domain.recipe import ByProduct, Ingredient
from manchengo.domain.values import Percent, Unit
from manchengo.ports.rows import FinishedProductRow, RawProductRow, SupplierRow
from manchengo_presenters.screens.order_page import OrderPage
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
    with_milk,
)
from tests.support.receiving import receive


def with_cheese(*litres: str) -> tuple[OfficeInMemory, list[LotId]]:
    """A dairy with milk, a cheese (ten litres a kilogram, whey beside it), and these lots of milk,
    each a day older than the one after it.
    """
    office = with_milk()
    with office.store.reading() as snapshot:
        milk = next(snapshot.rows(RawProductRow)).id
    cheese, whey = ProductId(office.ids.new()), ProductId(office.ids.new())
    for product_id, code, name, unit in (
        (cheese, "P001", "Tomme", Unit.KG),
        (whey, "P002", "Petit-lait", Unit.L),
    ):
        product = RegisterProduct(
            product_id=product_id,
            code=code,
            kind=ProductKind.FINISHED,
            name=name,
            unit=unit,
            price=UnitPrice(0),
        )
        execute(office, product)
    recipe = DefineRecipe(
        recipe_id=RecipeId(office.ids.new()),
        product_id=cheese,
        batch=Quantity(10_000, Unit.KG),
        ingredients=(Ingredient(milk, Quantity(100_000, Unit.L)),),
        by_products=(ByProduct(whey, Quantity(80_000, Unit.L)),),
        expected_yield=Percent(9_800),
        valid_from=TODAY.replace(day=1),
    )
    execute(office, recipe)
    return office, [receive(office, each) for each in litres]


def bring(office: OfficeInMemory, litres: int, *, days_ago: int) -> LotId:
    """Milk that came some days ago, as ``MP-1``, good for a month."""
    with office.store.reading() as snapshot:
        milk = next(snapshot.rows(RawProductRow)).id
        farm = next(snapshot.rows(SupplierRow)).id
    command = ReceiveLot(
        lot_id=LotId(office.ids.new()),
        code="MP-1",
        product_id=milk,
        supplier_id=farm,
        on=TODAY - timedelta(days=days_ago),
        quantity=Quantity(litres * 1_000, Unit.L),
        expires_on=TODAY + timedelta(days=30),
    )
    execute(office, command)
    return command.lot_id


def plan(office: OfficeInMemory, kilograms: int, *, code: str = "OF-1") -> ProductionOrderId:
    """An order for so much of the cheese, for today."""
    with office.store.reading() as snapshot:
        cheese = next(row for row in snapshot.rows(FinishedProductRow) if row.code == "P001").id
    order_id = ProductionOrderId(office.ids.new())
    command = PlanProduction(
        order_id=order_id,
        code=code,
        product_id=cheese,
        planned=Quantity(kilograms * 1_000, Unit.KG),
        on=TODAY,
    )
    execute(office, command)
    return order_id


def start(office: OfficeInMemory, kilograms: int) -> ProductionOrderId:
    """An order that runs."""
    order_id = plan(office, kilograms)
    execute(office, StartProduction(order_id=order_id, on=TODAY))
    return order_id


def order_page(
    office: OfficeInMemory, order_id: ProductionOrderId, window: WindowInMemory | None = None
) -> OrderPage:
    """The screen of that order."""
    screen = OrderPage(context(office, window=window), order_id)
    asyncio.run(screen.load())
    return screen
