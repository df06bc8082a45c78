"""Two weeks at a small dairy: milk each morning, cheese after it, clients who order."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from attrs import frozen

from manchengo import Manchengo, Money, Quantity, Role, UnitPrice, Uuid7Ids
from manchengo import commands as c
from manchengo.domain.billing import BillLine, totals
from manchengo.domain.identity import Identity
from manchengo.domain.ids import (
    ClientId,
    DeliveryId,
    InvoiceId,
    LotId,
    PaymentId,
    PriceListId,
    ProductId,
    ProductionOrderId,
    RecipeId,
    SalesOrderId,
    SupplierId,
    UserId,
)
from manchengo.domain.payment import PaymentMode
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.production_order.commands import Output
from manchengo.domain.recipe import Ingredient
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.values import Unit
from manchengo.domain.vat_rates import vat_rate

LITRES = (612, 580, 640, 655, 590, 420, 505, 630, 648, 702, 688, 610, 455, 540)
"""Of cow's milk, day by day; the last is today."""

IDS = Uuid7Ids()


@frozen
class Material:
    """``days``: how long it keeps; ``cents``: the price of one unit, in centimes."""

    code: str
    name: str
    arabic: str
    unit: Unit
    days: int | None
    cents: int


MATERIALS = (
    Material("LAIT-V", "Lait de vache cru", "حليب بقر", Unit.L, 3, 6_500),
    Material("LAIT-C", "Lait de chèvre cru", "حليب ماعز", Unit.L, 3, 11_000),
    Material("SEL", "Sel fin alimentaire", "", Unit.KG, 700, 4_500),
    Material("HERBES", "Ail et fines herbes séchés", "", Unit.KG, 365, 180_000),
)
LONG_NAME = "Fromage frais à l’ail et aux fines herbes, pot de 150 g"
PRODUCTS = (
    Material("FRAIS", "Fromage frais nature", "جبن طازج", Unit.KG, 14, 90_000),
    Material("AIL-150", LONG_NAME, "", Unit.PIECE, 21, 18_000),
    Material("CAMEMBERT", "Camembert de Draâ Ben Khedda", "كاممبير", Unit.PIECE, 35, 32_000),
)
RECIPES = {
    "FRAIS": (10_000, (("LAIT-V", 70_000), ("SEL", 100))),
    "AIL-150": (100_000, (("LAIT-V", 110_000), ("SEL", 150), ("HERBES", 300))),
    "CAMEMBERT": (100_000, (("LAIT-V", 220_000), ("SEL", 400))),
}
"""By product: the batch, and so much of each material for it, in thousandths of their units."""

SUPPLIERS = ("Ferme Aït Oumeziane", "Ferme Belkacem", "Comptoir de Tizi Ouzou")
PRICE_LISTS = (
    ("GROS", "Grossistes", {"FRAIS": 82_000, "AIL-150": 15_500, "CAMEMBERT": 28_000}),
    ("HOTELS", "Hôtels et restaurants", {"CAMEMBERT": 30_000}),
)
"""By code and name: the centimes that products cost by the list, from the last day on."""

CLIENTS = (
    ("Épicerie Ziani", "0550 12 34 56"),
    ("Hôtel Lalla Khedidja", "026 11 22 33"),
    ("Supérette El Amel", "0661 98 76 54"),
)


PEOPLE = (
    ("nadia", (Role.SUPPLY, Role.SALES)),
    ("samir", (Role.PRODUCTION,)),
    ("karim", (Role.DRIVER,)),
)


def fill(dairy: Manchengo, today: date) -> None:
    """Record the two weeks that end on that day."""
    with dairy.batch() as batch:
        for command in _Weeks(today).commands():
            batch.execute(command, command_id=IDS.new())  # type: ignore[arg-type]  # an id


class _Weeks:
    def __init__(self, today: date) -> None:
        self._today = today
        self._first = today - timedelta(days=len(LITRES) - 1)
        self._products: dict[str, tuple[ProductId, Unit]] = {}
        self._suppliers = [SupplierId(IDS.new()) for _ in SUPPLIERS]
        self._clients = [ClientId(IDS.new()) for _ in CLIENTS]
        self._bills: Counter[int] = Counter()

    def commands(self) -> Iterator[c.Command]:
        yield from self._registers()
        yield from self._price_lists()
        for number, litres in enumerate(LITRES):
            yield from self._day(number, self._first + timedelta(days=number), litres)
        yield self._unconfirmed()

    def _registers(self) -> Iterator[c.Command]:
        for name, roles in PEOPLE:
            user_id = UserId(IDS.new())
            yield c.RegisterUser(user_id=user_id, name=name, roles=frozenset(roles))
        for number, (supplier_id, name) in enumerate(zip(self._suppliers, SUPPLIERS, strict=True)):
            yield c.RegisterSupplier(supplier_id=supplier_id, code=f"F{number + 1:03}", name=name)
        for number, (client_id, (name, phone)) in enumerate(
            zip(self._clients, CLIENTS, strict=True)
        ):
            yield c.RegisterClient(
                client_id=client_id,
                code=f"C{number + 1:03}",
                name=name,
                identity=Identity(phone=phone),
            )
        for kind, each in (
            *((ProductKind.RAW, each) for each in MATERIALS),
            *((ProductKind.FINISHED, each) for each in PRODUCTS),
        ):
            product_id = ProductId(IDS.new())
            self._products[each.code] = (product_id, each.unit)
            yield c.RegisterProduct(
                product_id=product_id,
                code=each.code,
                kind=kind,
                name=each.name,
                name_ar=each.arabic,
                unit=each.unit,
                price=Money(each.cents),
                shelf_life_days=each.days,
            )
        for code, (batch, needed) in RECIPES.items():
            yield c.DefineRecipe(
                recipe_id=RecipeId(IDS.new()),
                product_id=self._products[code][0],
                batch=self._amount(code, batch),
                ingredients=tuple(
                    Ingredient(self._products[material][0], self._amount(material, amount))
                    for material, amount in needed
                ),
                valid_from=self._first,
            )

    def _price_lists(self) -> Iterator[c.Command]:
        """One client pays by the first list; the price of one cheese rises in a fortnight."""
        for code, name, prices in PRICE_LISTS:
            list_id = PriceListId(IDS.new())
            yield c.RegisterPriceList(price_list_id=list_id, code=code, name=name)
            later = self._today + timedelta(days=14)
            dated = [(product, cents, self._today) for product, cents in prices.items()]
            for product, cents, day in (*dated, ("CAMEMBERT", prices["CAMEMBERT"] + 1_000, later)):
                yield c.SetPrice(
                    price_list_id=list_id,
                    product_id=self._products[product][0],
                    price=Money(cents),
                    from_day=day,
                )
        yield c.ChangeClient(client_id=self._clients[2], price_list=PRICE_LISTS[0][0])

    def _day(self, number: int, day: date, litres: int) -> Iterator[c.Command]:
        if number == 0:
            yield self._received(day, "SEL", 50_000, 2)
            yield self._received(day, "HERBES", 12_500, 2)
        yield self._received(day, "LAIT-V", litres * 1_000, number % 2)
        if number % 4 == 1:
            yield self._received(day, "LAIT-C", 85_500, 1, quarantined=number == 13)
        made = ("FRAIS", "CAMEMBERT", "AIL-150")[number % 3]
        if number < len(LITRES) - 1:
            amount = {"FRAIS": 60_000, "CAMEMBERT": 200_000, "AIL-150": 300_000}[made]
            yield self._made(day, made, amount)
        if number == len(LITRES) - 1:
            yield from self._in_the_workshop(day)
        if number >= 4:
            yield from self._ordered(number, day)

    def _received(
        self, day: date, code: str, amount: int, supplier: int, *, quarantined: bool = False
    ) -> c.Command:
        return c.ReceiveLot(
            lot_id=LotId(IDS.new()),
            code=f"MP-{day:%Y%m%d}-{code}",
            product_id=self._products[code][0],
            supplier_id=self._suppliers[supplier],
            on=day,
            quantity=self._amount(code, amount),
            unit_price=Money(next(each.cents for each in MATERIALS if each.code == code)),
            quarantined=quarantined,
        )

    def _made(self, day: date, code: str, amount: int) -> c.Command:
        product_id, _unit = self._products[code]
        lot = Output(
            lot_id=LotId(IDS.new()),
            code=f"PF-{day:%Y%m%d}-{code}",
            product_id=product_id,
            quantity=self._amount(code, amount),
        )
        return c.Produce(
            order_id=ProductionOrderId(IDS.new()),
            code=f"OF-{day:%Y%m%d}",
            product_id=product_id,
            planned=self._amount(code, amount),
            on=day,
            outputs=(lot,),
        )

    def _in_the_workshop(self, day: date) -> Iterator[c.Command]:
        """One order that was forgotten, one that runs, one for tomorrow that lacks milk."""
        yesterday, tomorrow = day - timedelta(days=1), day + timedelta(days=1)
        yield self._planned(yesterday, "AIL-150", 100_000)
        yield self._planned(tomorrow, "CAMEMBERT", 2_000_000)
        running = self._planned(day, "FRAIS", 40_000)
        yield running
        yield c.StartProduction(order_id=running.order_id, on=day)

    def _planned(self, day: date, code: str, amount: int) -> c.PlanProduction:
        return c.PlanProduction(
            order_id=ProductionOrderId(IDS.new()),
            code=f"OF-{day:%Y%m%d}-2",
            product_id=self._products[code][0],
            planned=self._amount(code, amount),
            on=day,
        )

    def _ordered(self, number: int, day: date) -> Iterator[c.Command]:
        order_id, code = SalesOrderId(IDS.new()), f"{day:%Y%m%d}"
        lines = (("CAMEMBERT", 60_000), ("FRAIS", 12_500), ("AIL-150", 80_000))
        chosen, amount = lines[number % 3]
        line = OrderLine(self._products[chosen][0], self._amount(chosen, amount))
        yield c.Sell(
            order_id=order_id,
            code=f"CC-{code}",
            client_id=self._clients[number % 3],
            lines=(line,),
            on=day,
            wanted_on=day,
        )
        if day < self._today - timedelta(days=1):  # the last two wait for the van
            delivery_id = DeliveryId(IDS.new())
            yield c.Deliver(delivery_id=delivery_id, code=f"BL-{code}", order_id=order_id, on=day)
            if day < self._today - timedelta(days=3):  # the last ones wait for their invoice
                yield from self._billed(number, day, line, delivery_id)

    def _billed(
        self, number: int, day: date, line: OrderLine, delivery_id: DeliveryId
    ) -> Iterator[c.Command]:
        """One invoice is paid, one in part, one is late, one not yet due."""
        client_id, rate = self._clients[number % 3], vat_rate(VatClass.NORMAL, day)
        material = next(
            each for each in PRODUCTS if self._products[each.code][0] == line.product_id
        )
        bill = BillLine(
            designation=material.name,
            quantity=line.quantity,
            unit_price=UnitPrice(material.cents),
            vat_rate=rate.rate,
            vat_rule=rate.rule,
            product_id=line.product_id,
        )
        invoice_id = InvoiceId(IDS.new())
        yield c.DraftInvoice(
            invoice_id=invoice_id,
            client_id=client_id,
            lines=(bill,),
            on=day,
            delivery_ids=(delivery_id,),
        )
        self._bills[day.year] += 1
        yield c.IssueInvoice(
            invoice_id=invoice_id,
            number=f"FAC-{day.year}-{self._bills[day.year]:06}",
            on=day,
            due_on=day + timedelta(days=(2, 30)[number % 2]),
        )
        gross = totals([bill]).gross
        if number % 4 == 3:
            yield from self._paid(client_id, invoice_id, gross, day)
        elif number % 4 == 1:
            yield from self._paid(client_id, invoice_id, Money(gross.centimes // 2), day)

    def _paid(
        self, client_id: ClientId, invoice_id: InvoiceId, amount: Money, day: date
    ) -> Iterator[c.Command]:
        payment_id = PaymentId(IDS.new())
        yield c.ReceivePayment(
            payment_id=payment_id,
            client_id=client_id,
            amount=amount,
            mode=PaymentMode.TRANSFER,
            on=day,
            reference=f"VIR-{day:%d%m}",
        )
        yield c.AllocatePayment(payment_id=payment_id, invoice_id=invoice_id, amount=amount, on=day)

    def _unconfirmed(self) -> c.Command:
        """An order that somebody has to look at: more than there is of one of its products."""
        lines = (("FRAIS", 25_000), ("CAMEMBERT", 900_000))
        return c.PlaceSalesOrder(
            order_id=SalesOrderId(IDS.new()),
            code=f"CC-{self._today:%Y%m%d}-B",
            client_id=self._clients[1],
            lines=tuple(
                OrderLine(self._products[code][0], self._amount(code, amount))
                for code, amount in lines
            ),
            on=self._today,
            wanted_on=self._today + timedelta(days=2),
        )

    def _amount(self, code: str, thousandths: int) -> Quantity:
        return Quantity(thousandths, self._products[code][1])
