"""A small dairy whose commands are measured: one farm, one milk, one cheese.

A kilogram of the cheese takes ten litres of milk; a lot of milk is a hundred litres.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from attrs import define, field, frozen

from manchengo import Actor, Manchengo, Money, Quantity, Role, SystemClock, Unit, Uuid7Ids
from manchengo.commands import (
    Command,
    DefineRecipe,
    Produce,
    ReceiveLot,
    RegisterProduct,
    RegisterSupplier,
)
from manchengo.domain.ids import (
    CommitId,
    DeviceId,
    LotId,
    ProductId,
    ProductionOrderId,
    RecipeId,
    SupplierId,
    UserId,
)
from manchengo.domain.product import ProductKind
from manchengo.domain.production_order import Output
from manchengo.domain.recipe import Ingredient
from manchengo.ports.signer import Signer
from manchengo_sqlite import SqliteStore

KEY = bytes(range(32))
"""Of throw-away databases that hold nothing."""

FIRST_DAY = date(2020, 1, 6)
LOTS_A_DAY = 400
KEEPS_FOR = timedelta(days=3650)
A_LOT = Quantity(100_000, Unit.L)

IDS = Uuid7Ids()

# Fixed, so that a database made earlier can be opened again and gone on with.
FARM = SupplierId(UUID("01900000-0000-7000-8000-00000000000a"))
MILK = ProductId(UUID("01900000-0000-7000-8000-00000000000b"))
CHEESE = ProductId(UUID("01900000-0000-7000-8000-00000000000c"))
RECIPE = RecipeId(UUID("01900000-0000-7000-8000-00000000000d"))
ACTOR = Actor(
    user_id=UserId(UUID("01900000-0000-7000-8000-00000000000e")),
    device_id=DeviceId(UUID("01900000-0000-7000-8000-00000000000f")),
    roles=frozenset(Role),
)

REGISTERS: tuple[Command, ...] = (
    RegisterSupplier(supplier_id=FARM, code="F01", name="Ferme Aït Ali"),
    RegisterProduct(
        product_id=MILK,
        code="LAIT",
        kind=ProductKind.RAW,
        name="Lait de vache",
        unit=Unit.L,
        price=Money(6_000),
    ),
    RegisterProduct(
        product_id=CHEESE,
        code="TOMME",
        kind=ProductKind.FINISHED,
        name="Tomme",
        unit=Unit.KG,
        price=Money(120_000),
        shelf_life_days=60,
    ),
    DefineRecipe(
        recipe_id=RECIPE,
        product_id=CHEESE,
        batch=Quantity(10_000, Unit.KG),
        ingredients=(Ingredient(MILK, A_LOT),),
        valid_from=FIRST_DAY,
    ),
)


@frozen
class Workshop:
    path: Path
    store: SqliteStore
    dairy: Manchengo

    def all_at_once(self, commands: Iterable[Command]) -> None:
        """In one transaction."""
        with self.dairy.batch() as batch:
            for command in commands:
                batch.execute(command, command_id=CommitId(IDS.new()))

    def one_by_one(self, commands: Iterable[Command]) -> None:
        """Each in its own, durable before the next."""
        for command in commands:
            self.dairy.execute(command)


@contextmanager
def workshop(
    path: Path, *, signer: Signer | None = None, founded_by: Command | None = None
) -> Iterator[Workshop]:
    """The dairy on its encrypted database at ``path``, made and given its registers if missing.
    ``founded_by``: the genesis of a plant where everybody signs, as ``signer`` does.
    """
    new = not path.exists()
    with SqliteStore.open(path, key=KEY, create=True) as store:
        dairy = Manchengo(store, clock=_clock_of(store), ids=Uuid7Ids(), actor=ACTOR, signer=signer)
        opened = Workshop(path, store, dairy)
        if new:
            opened.all_at_once((founded_by, *REGISTERS) if founded_by else REGISTERS)
        yield opened


@frozen
class ClockOnLastDay:
    """A big database has years of 400 lots a day, beyond today: nothing of it is still to come."""

    day: date

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return max(self.day, SystemClock().today())


def _clock_of(store: SqliteStore) -> ClockOnLastDay:
    with store.reading() as snapshot:
        (last,) = snapshot._one("SELECT max(day) FROM stock_movements")
    return ClockOnLastDay(date.fromisoformat(last) if last else FIRST_DAY)


@define
class Days:
    """The dairy's days: what comes in and what is made, each thing new, dates going on."""

    prefix: str = field(factory=lambda: IDS.new().hex)
    came: int = 0
    made: int = 0

    @property
    def today(self) -> date:
        return FIRST_DAY + timedelta(days=self.came // LOTS_A_DAY)

    def receptions(self, count: int) -> list[ReceiveLot]:
        return [self.reception() for _ in range(count)]

    def reception(self) -> ReceiveLot:
        received = ReceiveLot(
            lot_id=LotId(IDS.new()),
            code=f"{self.prefix}-L{self.came}",
            product_id=MILK,
            supplier_id=FARM,
            on=self.today,
            quantity=A_LOT,
            expires_on=self.today + KEEPS_FOR,
            unit_price=Money(6_000),
        )
        self.came += 1
        return received

    def makes(self, count: int, quantity: Quantity) -> list[Produce]:
        return [self.make(quantity) for _ in range(count)]

    def make(self, quantity: Quantity) -> Produce:
        self.made += 1
        code = f"{self.prefix}-P{self.made}"
        return Produce(
            order_id=ProductionOrderId(IDS.new()),
            code=code,
            product_id=CHEESE,
            planned=quantity,
            on=self.today,
            outputs=(
                Output(lot_id=LotId(IDS.new()), code=code, product_id=CHEESE, quantity=quantity),
            ),
        )
