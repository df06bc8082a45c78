"""What each of the usual commands writes: pages of the file, and the trees they are of.

The figures are the same on every machine, so a test keeps the budgets (``test_written_pages``).
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from pstats import Stats

from attrs import frozen

from manchengo import Manchengo, Money, Quantity, Unit
from manchengo.commands import (
    Command,
    Deliver,
    Produce,
    ReceiveLot,
    RegisterClient,
    Sell,
)
from manchengo.domain.ids import (
    ClientId,
    CommitId,
    DeliveryId,
    LotId,
    ProductionOrderId,
    SalesOrderId,
)
from manchengo.domain.production_order import Output
from manchengo.domain.sales_order import OrderLine
from manchengo.memory import CountingIds, SteppingClock
from manchengo_sqlite import SqliteStore
from tests.bench.history import A_MAKE
from tests.bench.row import AtMost, Finding, Row, Setting, stats_of
from tests.bench.workshop import A_LOT, ACTOR, CHEESE, FARM, FIRST_DAY, KEY, MILK, REGISTERS
from tests.support.written_pages import Written, written_by

LOTS_BEFORE = 2_000
MAKES_BEFORE = 500
SALES_BEFORE = 200
COUNTED = 100
"""How many commands of each kind are counted: whether a page is split depends on the command."""

LOTS_A_DAY = 20
MAKES_A_DAY = 10
SOLD = Quantity(20_000, Unit.KG)
"""Takes one or two lots of cheese."""


@frozen
class Budget:
    """The most that a command of one kind may write, on average."""

    pages: float
    trees: int


BUDGETS = {
    "receive": Budget(pages=13.6, trees=11),
    "make": Budget(pages=23.7, trees=17),
    "order": Budget(pages=21.2, trees=16),
    "deliver": Budget(pages=29.2, trees=20),
}
"""By the name of the command, a little above what it writes: one more index is noticed."""


def written(folder: Path) -> dict[str, Written]:
    """What the usual commands write in a dairy that has worked for a while."""
    path, office = folder / "usual.db", Office()
    with SqliteStore.open(path, key=KEY, create=True) as store:
        dairy = Manchengo(store, clock=SteppingClock(), ids=office.ids, actor=ACTOR)
        with dairy.batch() as batch:
            for command in office.past():
                batch.execute(command, command_id=CommitId(office.ids.new()))
        return {name: written_by(store, path, KEY, work) for name, work in office.works(dairy)}


class Office:
    """Gives the commands of a dairy, with ids and codes that grow as they do in use."""

    def __init__(self) -> None:
        self.ids = CountingIds()
        self.client_id = ClientId(self.ids.new())
        self.orders: list[SalesOrderId] = []
        self._received = self._made = self._delivered = 0

    def past(self) -> Iterator[Command]:
        yield from REGISTERS
        yield RegisterClient(client_id=self.client_id, code="C01", name="Épicerie El Baraka")
        yield from (self.receive() for _ in range(LOTS_BEFORE))
        yield from (self.make() for _ in range(MAKES_BEFORE))
        for _ in range(SALES_BEFORE):
            yield self.order()
            yield self.deliver()

    def works(self, dairy: Manchengo) -> Iterator[tuple[str, Callable[[], None]]]:
        """The name of each kind of command, and the work that carries some of it out."""

        def counted(next_command: Callable[[], Command]) -> Callable[[], None]:
            def work() -> None:
                for _ in range(COUNTED):
                    dairy.execute(next_command())

            return work

        yield "receive", counted(self.receive)
        yield "make", counted(self.make)
        yield "order", counted(self.order)
        yield "deliver", counted(self.deliver)

    def receive(self) -> ReceiveLot:
        self._received += 1
        return ReceiveLot(
            lot_id=LotId(self.ids.new()),
            code=f"MP-{self._received:06}",
            product_id=MILK,
            supplier_id=FARM,
            on=self._today,
            quantity=A_LOT,
            expires_on=FIRST_DAY + timedelta(days=3_650),
            unit_price=Money(6_000),
        )

    def make(self) -> Produce:
        self._made += 1
        code = f"OF-{self._made:06}"
        output = Output(lot_id=LotId(self.ids.new()), code=code, product_id=CHEESE, quantity=A_MAKE)
        return Produce(
            order_id=ProductionOrderId(self.ids.new()),
            code=code,
            product_id=CHEESE,
            planned=A_MAKE,
            on=self._today,
            outputs=(output,),
        )

    def order(self) -> Sell:
        self.orders.append(SalesOrderId(self.ids.new()))
        return Sell(
            order_id=self.orders[-1],
            code=f"CC-{len(self.orders):06}",
            client_id=self.client_id,
            lines=(OrderLine(product_id=CHEESE, quantity=SOLD, unit_price=Money(120_000)),),
            on=self._today,
        )

    def deliver(self) -> Deliver:
        self._delivered += 1
        return Deliver(
            delivery_id=DeliveryId(self.ids.new()),
            code=f"BL-{self._delivered:06}",
            order_id=self.orders[self._delivered - 1],
            on=self._today,
        )

    @property
    def _today(self) -> date:
        days = self._received // LOTS_A_DAY + self._made // MAKES_A_DAY
        return FIRST_DAY + timedelta(days=days)


def measure(setting: Setting) -> list[Finding]:
    return [
        Finding(
            name=f"written, {name}",
            ours=f"{found.pages:.1f} pages of {found.trees} trees",
            value=found.pages,
            budget=AtMost(BUDGETS[name].pages, " pages"),
            note=", ".join(f"{tree} {pages:.2f}" for tree, pages in found.by_tree().items()),
            figures={"pages": found.pages, "trees": float(found.trees)},
        )
        for name, found in written(setting.a_folder("written")).items()
    ]


def profiled(setting: Setting) -> Stats:
    return stats_of(lambda: written(setting.a_folder("written")))


ROW = Row(
    name="written",
    about="the pages that a command writes",
    measure=measure,
    profiled=profiled,
)
