"""Two devices of a dairy that do as they are told by numbers: what comes of it nobody planned.

A number picks among what the device sees at that moment; what makes no sense there is refused or
has nothing to pick from, and nothing happens. So any list of numbers is a story, and a short one
stays a story when it is made shorter.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from attrs import define, evolve, field

from manchengo import Refused
from manchengo.commands import Command, ResolveItem
from manchengo.domain.delivery import Disposition
from manchengo.domain.ids import ProductId
from manchengo.domain.lot.commands import Role
from manchengo.domain.production_order import Output
from manchengo.domain.resolution import Way
from manchengo.ports.rows import (
    DeliveryLineRow,
    DeliveryRow,
    FinishedLotRow,
    ProductionOrderRow,
    RawLotRow,
    RecipeIngredientRow,
    ResolutionItemRow,
    SalesOrderRow,
)
from tests.support import dairy as commands
from tests.support.dairy import A_DAIRY, CHEESE, RENNET, WHEY, kg, litres, millilitres
from tests.support.given import Step
from tests.support.plant import Device, Plant
from tests.support.pourings import all_pourings
from tests.support.story import A_SPREAD, SPREAD

T = TypeVar("T")

OVER, ENDED, ARRIVED = (
    ("completed", "cancelled"),
    ("closed", "cancelled"),
    ("received", "cancelled"),
)
"""How an order, a sale and a delivery end, as two numbers pick."""

Act = tuple[str, int, int, int]
"""What to do, on which device, and two numbers to pick with."""


@define
class RandomDairy:
    plant: Plant = field(factory=Plant)
    _count: int = 0

    def __attrs_post_init__(self) -> None:
        office, _ = self.plant.device(), self.plant.device()
        office.does(
            A_DAIRY,
            A_SPREAD,
            commands.received("L1", litres(40)),
            commands.received("L2", litres(40), on=commands.day(1)),
            commands.received("R1", millilitres(600), of=RENNET),
            commands.received("L3", litres(60)),
            commands.in_store("T1", kg(8), on=commands.day(1)),
        )
        self.plant.settle()

    def act(self, act: Act) -> None:
        name, device, one, two = act
        doing = self.plant.devices[device % len(self.plant.devices)]
        with suppress(Refused, _NothingToPick):
            ACTS[name](self, doing, one, two)

    # ------------------------------------------------------------------------------ making

    def receive(self, device: Device, one: int, two: int) -> None:
        command = commands.received(self._code("lot"), litres(1 + one % 20), on=commands.day(2))
        code = self._shared_code("L", two)
        self._does(device, evolve(command, code=code))

    def plan(self, device: Device, one: int, two: int) -> None:
        code, of = self._code("O"), (CHEESE, SPREAD, SPREAD)[two % 3]
        self._does(device, commands.planned(code, kg(1 + one % 3), of=of, on=commands.day(2)))
        self._does(device, commands.started(code, on=commands.day(2)))

    def pour(self, device: Device, one: int, two: int) -> None:
        """Of any lot that the recipe may take, no more than the device sees in it."""
        order = self._pick(device, ProductionOrderRow, one, status="started")
        lot = self._pick_lot(device, two, *self._ingredients(device, order))
        quantity = evolve(kg(1), thousandths=some_of(lot, one * two), unit=unit_of(lot))
        command = commands.poured(order.code, "", quantity, on=commands.day(2), reason="à la main")
        self._does(device, evolve(command, order_id=order.id, lot_id=lot.id))

    def take_back(self, device: Device, one: int, two: int) -> None:
        """Of what the device sees in a vat, all of a lot or a part."""
        with device.store.reading() as snapshot:
            order_id, scan = picked(all_pourings(snapshot), one)
        quantity = evolve(scan.quantity, thousandths=1 + two % scan.quantity.thousandths)
        command = commands.taken_back("", "", quantity if two % 3 else None, on=commands.day(2))
        self._does(device, evolve(command, order_id=order_id, lot_id=scan.lot_id))

    def complete(self, device: Device, one: int, two: int) -> None:
        order = self._pick(device, ProductionOrderRow, one, status="started")
        command = commands.completed(
            order.code, *self._outputs(order.product_id, two), on=commands.day(2)
        )
        if two % 5 == 4:
            command = evolve(command, outputs=(), lost=kg(1), loss_reason="perdu")
        self._does(device, evolve(command, order_id=order.id))

    def give_up(self, device: Device, one: int, two: int) -> None:
        order = self._pick(device, ProductionOrderRow, one, status="started")
        self._does(
            device, evolve(commands.abandoned(order.code, on=commands.day(2)), order_id=order.id)
        )

    def make(self, device: Device, one: int, two: int) -> None:
        code = self._code("M")
        outputs = self._outputs(CHEESE, two)
        quantity = evolve(kg(1), thousandths=1 + one % 3_000)
        self._does(device, commands.made(code, quantity, on=commands.day(2), outputs=outputs))

    def _outputs(self, product: Any, two: int) -> tuple[Output, ...]:
        main = commands.an_output(self._code("lot"), kg(1 + two % 2), of=product)
        main = evolve(main, code=self._shared_code("P", two))
        whey = commands.an_output(self._code("W"), litres(5), of=WHEY, role=Role.BY_PRODUCT)
        return (main, whey) if two % 3 == 0 else (main,)

    def reopen_make(self, device: Device, one: int, two: int) -> None:
        order = self._pick(device, ProductionOrderRow, one, status=OVER[two % 2])
        command = commands.make_reopened(order.code, on=commands.day(2))
        self._does(device, evolve(command, order_id=order.id))

    # ----------------------------------------------------------------------------- selling

    def sell(self, device: Device, one: int, two: int) -> None:
        code = self._code("S")
        self._does(device, commands.sold(code, kg(1 + one % 3), on=commands.day(2)))
        if two % 3 == 0:
            self._does(device, commands.delivered(self._code("V"), order=code, on=commands.day(2)))

    def end_sale(self, device: Device, one: int, two: int) -> None:
        order = self._pick(device, SalesOrderRow, one)
        command = (commands.closed, commands.called_off)[two % 2](order.code, on=commands.day(2))
        self._does(device, evolve(command, order_id=order.id))

    def reopen_sale(self, device: Device, one: int, two: int) -> None:
        order = self._pick(device, SalesOrderRow, one, status=ENDED[two % 2])
        command = commands.sale_reopened(order.code, on=commands.day(2))
        self._does(device, evolve(command, order_id=order.id))

    def prepare(self, device: Device, one: int, two: int) -> None:
        order = self._pick(device, SalesOrderRow, one)
        command = commands.prepared(self._code("V"), order=order.code, on=commands.day(2))
        self._does(device, evolve(command, order_id=order.id))

    def load(self, device: Device, one: int, two: int) -> None:
        van = self._pick(device, DeliveryRow, one, status="prepared")
        lot = self._pick_lot(device, two, CHEESE)
        quantity = evolve(kg(1), thousandths=min(some_of(lot, one * two), 1_000))
        command = commands.loaded(
            van.code, "", quantity, on=commands.day(2), reason="pris celui-là"
        )
        self._does(device, evolve(command, delivery_id=van.id, lot_id=lot.id))

    def unload(self, device: Device, one: int, two: int) -> None:
        line = self._pick(device, DeliveryLineRow, one)
        quantity = evolve(kg(1), thousandths=1 + two % line.quantity) if two % 3 else None
        command = commands.unloaded("", "", quantity, on=commands.day(2))
        self._does(device, evolve(command, delivery_id=line.delivery_id, lot_id=line.lot_id))

    def dispatch(self, device: Device, one: int, two: int) -> None:
        van = self._pick(device, DeliveryRow, one, status="prepared")
        self._does(device, evolve(commands.gone(van.code, on=commands.day(2)), delivery_id=van.id))

    def stay(self, device: Device, one: int, two: int) -> None:
        van = self._pick(device, DeliveryRow, one, status="prepared")
        self._does(
            device, evolve(commands.stayed(van.code, on=commands.day(2)), delivery_id=van.id)
        )

    def hand_over(self, device: Device, one: int, two: int) -> None:
        van = self._pick(device, DeliveryRow, one, status="dispatched")
        command = commands.handed_over(van.code, on=commands.day(2))
        self._does(device, evolve(command, delivery_id=van.id))

    def reopen_van(self, device: Device, one: int, two: int) -> None:
        van = self._pick(device, DeliveryRow, one, status=ARRIVED[two % 2])
        command = commands.van_reopened(van.code, on=commands.day(2))
        self._does(device, evolve(command, delivery_id=van.id))

    def bring_back(self, device: Device, one: int, two: int) -> None:
        line = self._pick(device, DeliveryLineRow, one)
        then = (Disposition.RESTOCK, Disposition.DESTROY)[two % 2]
        quantity = evolve(kg(1), thousandths=1 + two % line.quantity)
        command = commands.came_back("", "", quantity, then=then, on=commands.day(2))
        (back,) = command.lines
        command = evolve(command, lines=(evolve(back, lot_id=line.lot_id),))
        self._does(device, evolve(command, delivery_id=line.delivery_id))

    # ------------------------------------------------------------------------------ stock

    def write_off(self, device: Device, one: int, two: int) -> None:
        lot = self._pick_lot(device, one)
        quantity = evolve(kg(1), thousandths=some_of(lot, two), unit=unit_of(lot))
        self._does(
            device, evolve(commands.written_off("", quantity, on=commands.day(2)), lot_id=lot.id)
        )

    def void(self, device: Device, one: int, two: int) -> None:
        lot = self._pick_lot(device, one)
        self._does(device, evolve(commands.voided("", on=commands.day(2)), lot_id=lot.id))

    def count(self, device: Device, one: int, two: int) -> None:
        lot = self._pick_lot(device, one)
        counted = evolve(kg(1), thousandths=two % 50_000, unit=unit_of(lot))
        self._does(device, evolve(commands.counted("", counted, on=commands.day(2)), lot_id=lot.id))

    def recall(self, device: Device, one: int, two: int) -> None:
        lot = self._pick_lot(device, one)
        self._does(device, evolve(commands.recalled("", on=commands.day(2)), lot_id=lot.id))

    # --------------------------------------------------------------------------- exchanging

    def resolve(self, device: Device, one: int, two: int) -> None:
        item = self._pick(device, ResolutionItemRow, one, status="open")
        way = (Way.VOID, Way.RETRY, Way.OTHER_CODE)[two % 3]
        self._does(
            device,
            ResolveItem(
                item_id=item.id, way=way, reason="vu", on=commands.day(2), code=self._code("X")
            ),
        )

    def push(self, device: Device, one: int, two: int) -> None:
        device.push()

    def pull(self, device: Device, one: int, two: int) -> None:
        device.pull()

    # -------------------------------------------------------------------------------- picking

    def _code(self, letter: str) -> str:
        self._count += 1
        return f"{letter}-{self._count}"

    def _shared_code(self, letter: str, number: int) -> str:
        """Often one that another device may give apart."""
        return f"{letter}{number % 3}" if number % 2 else self._code(letter)

    def _does(self, device: Device, step: Step | Command) -> None:
        device.does(step)

    def _pick(self, device: Device, kind: type[Any], number: int, **equal: Any) -> Any:
        with device.store.reading() as snapshot:
            return picked(list(snapshot.rows(kind, **equal)), number)

    def _pick_lot(self, device: Device, number: int, *products: ProductId) -> Any:
        """A lot of one of these products; of any, where none is named."""
        with device.store.reading() as snapshot:
            lots = [*snapshot.rows(RawLotRow), *snapshot.rows(FinishedLotRow)]
        return picked([lot for lot in lots if not products or lot.product_id in products], number)

    def _ingredients(self, device: Device, order: ProductionOrderRow) -> list[ProductId]:
        with device.store.reading() as snapshot:
            rows = snapshot.rows(RecipeIngredientRow, recipe_id=order.recipe_id)
            return [row.product_id for row in rows if not row.by_product]


def picked(some: Sequence[T], number: int) -> T:
    if not some:
        raise _NothingToPick
    return some[number % len(some)]


def some_of(lot: Any, number: int) -> int:
    """Thousandths, no more than the lot holds; one, where it holds nothing."""
    return 1 + number % max(1, int(lot.quantity_remaining))


def unit_of(lot: Any) -> Any:
    return type(kg(1).unit)(lot.unit)


class _NothingToPick(Exception):
    pass


ACTS: dict[str, Callable[[RandomDairy, Device, int, int], None]] = {
    "receive": RandomDairy.receive,
    "plan": RandomDairy.plan,
    "pour": RandomDairy.pour,
    "take_back": RandomDairy.take_back,
    "complete": RandomDairy.complete,
    "give_up": RandomDairy.give_up,
    "reopen_make": RandomDairy.reopen_make,
    "make": RandomDairy.make,
    "sell": RandomDairy.sell,
    "end_sale": RandomDairy.end_sale,
    "reopen_sale": RandomDairy.reopen_sale,
    "prepare": RandomDairy.prepare,
    "load": RandomDairy.load,
    "unload": RandomDairy.unload,
    "dispatch": RandomDairy.dispatch,
    "stay": RandomDairy.stay,
    "hand_over": RandomDairy.hand_over,
    "reopen_van": RandomDairy.reopen_van,
    "bring_back": RandomDairy.bring_back,
    "write_off": RandomDairy.write_off,
    "count": RandomDairy.count,
    "void": RandomDairy.void,
    "recall": RandomDairy.recall,
    "resolve": RandomDairy.resolve,
    "push": RandomDairy.push,
    "pull": RandomDairy.pull,
}

MIXTURE = (
    *("make", "stay", "unload", "take_back", "bring_back", "give_up"),
    *("write_off", "count", "void", "recall", "resolve"),
    *("reopen_make", "end_sale", "reopen_sale", "hand_over", "reopen_van"),
    *("receive", "sell", "prepare") * 2,
    *("plan", "load", "dispatch", "complete", "push", "pull") * 3,
    *("pour",) * 8,
)
"""What a dairy does, as often as it does it: much is poured, little is recalled."""
