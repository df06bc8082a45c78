"""Whatever may be asked of the dairy, sensible or not: commands made from the types they declare.

Identifiers come from few, so that commands meet; now and then one is of another kind of thing. Days
go from the first there is to the last, amounts from nothing to the most there is.
"""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from random import Random
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from attrs import define, evolve, field, fields, frozen, has

from manchengo.commands import NEEDS, Command, StartImport, UndoImport
from manchengo.domain import ids
from manchengo.domain.ids import CommitId, ImportId
from manchengo.domain.resolution import item_id_of
from manchengo.domain.unit_price import MOST_UNITS, UnitPrice
from manchengo.domain.values import MOST, Density, Money, Percent, Quantity, Unit
from tests.support.billing import (
    GROSS,
    TRANSPORT_LINE,
    a_credit,
    a_draft,
    allocated,
    bill_id,
    credit_issued,
    issued,
    note_id,
    paid,
    payment_id,
)
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    FARM,
    MILK,
    RECIPE,
    RENNET,
    SHOP,
    WHEY,
    a_line,
    abandoned,
    an_id,
    an_output,
    called_off,
    came_back,
    closed,
    completed,
    confirmed,
    counted,
    day,
    delivered,
    gone,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    make_id,
    millilitres,
    ordered,
    planned,
    poured,
    prepared,
    quarantined,
    received,
    released,
    sale_id,
    sold,
    started,
    stayed,
    van_id,
    written_off,
)
from tests.support.pricing import GROS, WHOLESALE

A_MORNING: tuple[Command, ...] = (
    *A_DAIRY,
    WHOLESALE,
    received("L1", litres(1000)),
    received("R1", millilitres(1000), of=RENNET),
    made("O1", kg(20)),
    planned("O2", kg(10)),
    ordered("S1", a_line(kg(5))),
)
"""From where anything may happen."""


LOTS = ("L1", "R1", "O1", "O1", "X1", "X2")
MAKES = ("O1", "O2", "X1")
SALES = VANS = BILLS = ("S1", "S2", "S1")


def others(words: str, *known: UUID) -> tuple[UUID, ...]:
    """Those that are there, and three that may come to be."""
    return (*known, *[an_id(f"{words} {number}") for number in range(3)])


KNOWN: dict[Any, tuple[UUID, ...]] = {
    ids.SupplierId: others("farm", FARM),
    ids.ClientId: others("shop", SHOP),
    ids.ProductId: others("product", MILK, RENNET, CHEESE, CHEESE, WHEY),
    ids.RecipeId: others("recipe", RECIPE),
    ids.PriceListId: others("list", GROS),
    ids.LotId: tuple(lot_id(code) for code in LOTS),
    ids.ProductionOrderId: tuple(make_id(code) for code in MAKES),
    ids.SalesOrderId: tuple(sale_id(code) for code in SALES),
    ids.DeliveryId: tuple(van_id(code) for code in VANS),
    ids.InvoiceId: tuple(bill_id(code) for code in BILLS),
    ids.CreditNoteId: tuple(note_id(code) for code in BILLS),
    ids.PaymentId: tuple(payment_id(code) for code in BILLS),
    ids.ImportId: others("file"),
    ids.UserId: others("user"),
    ids.DeviceId: others("device"),
    ids.CommitId: others("commit"),
    ids.InvitationId: others("invitation"),
}
EVERY_ID = tuple(each for known in KNOWN.values() for each in known)

DAYS = (*[day(0)] * 12, *[day(1)] * 12, *[day(2)] * 4, day(3), day(100), day(-1))
END_OF_DAYS = (date.min, date.max)
AMOUNTS = (1_000, 1_000, 5_000, 10_000, 100_000, 1, 500)
LETTERS = ("A", "B", "C", "D", "lait")
ENDINGS = ("Archive", "Deactivate", "Withdraw", "Recall")
COMMANDS = tuple(
    kind
    for kind in sorted(NEEDS, key=lambda kind: kind.__name__)
    for _ in range(1 if kind.__name__.startswith(ENDINGS) else 4)
)
"""Each as often as it leaves something to do."""


@frozen
class InOneFile:
    """Commands in one transaction, of one import."""

    import_id: ImportId
    commands: tuple[Command, ...]

    def __iter__(self) -> Iterator[Command]:
        return iter(self.commands)


Step = Command | InOneFile


@define
class Anything:
    """``chance`` decides; the same seed asks for the same. ``items``: what may be resolved."""

    chance: Random
    items: list[UUID] = field(factory=list)
    _texts: int = 0

    def step(self) -> Step:
        return self.file() if self._rarely(5) else self.command()

    def command(self) -> Command:
        if not self._rarely(3):
            return self.sensible()
        command: Command = self.of_class(self.chance.choice(COMMANDS))
        return command

    def sensible(self) -> Command:
        """What a dairyman might well ask for, if its time has come."""
        on = self.chance.choice(DAYS if self._rarely(4) else (day(1),))
        pools = LOTS, MAKES, SALES, VANS, BILLS
        lot, make, sale, van, bill = (self.chance.choice(pool) for pool in pools)
        some, little = kg(self.chance.choice((1, 2, 5))), kg(1)
        milk = litres(self.chance.choice((1, 10, 50, 100)))
        usual: tuple[Command, ...] = (
            made(make, some, on=on, outputs=(an_output(lot, some),)),
            started(make, on=on),
            poured(make, lot, milk, on=on, reason="nearer"),
            completed(make, an_output(lot, some), on=on),
            confirmed(sale, on=on),
            prepared(van, order=sale, on=on),
            loaded(van, lot, little, on=on, reason="nearer"),
            loaded(van, "O1", little, on=on, reason="nearer"),
            gone(van, on=on),
            allocated(bill, bill, GROSS),
            a_credit(bill, bill, TRANSPORT_LINE),
            credit_issued(bill),
        )
        unusual: tuple[Command, ...] = (
            received(lot, milk, on=on),
            received(lot, millilitres(500), of=RENNET, on=on),
            planned(make, some, on=on),
            abandoned(make, on=on),
            ordered(sale, a_line(some), on=on),
            sold(sale, some, on=on),
            called_off(sale, on=on),
            closed(sale, on=on),
            delivered(van, order=sale, on=on),
            came_back(van, lot, little, on=on),
            stayed(van, on=on),
            written_off(lot, milk, on=on),
            counted(lot, some, on=on),
            quarantined(lot, on=on),
            released(lot, on=on),
            a_draft(bill, deliveries=(van,)),
            a_draft(bill),
            issued(bill),
            paid(bill, GROSS),
            UndoImport(import_id=ImportId(self.chance.choice(KNOWN[ids.ImportId])), reason="wrong"),
        )
        return self.chance.choice((*usual, *usual, *usual, *unusual))

    def file(self) -> InOneFile:
        import_id = ImportId(self.chance.choice(KNOWN[ids.ImportId]))
        start = evolve(self.of_class(StartImport), import_id=import_id)
        some = [self.command() for _ in range(self.chance.randint(1, 6))]
        return InOneFile(import_id, (start, *some))

    def of_class(self, kind: type) -> Any:
        return kind(**{each.name: self.of_type(each.type) for each in fields(kind)})

    def of_type(self, annotation: Any) -> Any:
        """A value of the type of a command's field."""
        if annotation is ids.ResolutionItemId:
            return self.chance.choice(self.items or [item_id_of(CommitId(an_id("none")))])
        if annotation in KNOWN:
            return self.chance.choice(EVERY_ID if self._rarely(40) else KNOWN[annotation])
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in (Union, UnionType):
            is_given = NoneType not in arguments or self.chance.random() < 0.6
            given = [each for each in arguments if each is not NoneType]
            return self.of_type(self.chance.choice(given)) if is_given else None
        if origin in (tuple, frozenset):
            count = self.chance.choice((1, 1, 1, 2, 0))
            return origin([self.of_type(arguments[0]) for _ in range(count)])
        if issubclass(annotation, Enum):
            return self.chance.choice(list(annotation))
        return self._simple(annotation)

    def _simple(self, kind: type) -> Any:
        if kind is date:
            return self.chance.choice(END_OF_DAYS if self._rarely(40) else DAYS)
        if kind is str:
            return self._text()
        if kind is bytes:
            return self._text().encode()
        if kind is bool:
            return self._rarely(4)
        if kind is int:
            return self.chance.choice((0, 0, 1, 30, MOST))
        if kind is Quantity:
            return Quantity(self._amount(), self.chance.choice((Unit.L, Unit.KG, *Unit)))
        if kind is UnitPrice:
            return UnitPrice(self._amount(), self.chance.choice((1, 3, 100, MOST_UNITS)))
        if kind is Money:
            return Money(self._amount())
        if kind is Percent:
            return Percent(self.chance.choice((0, 1_900, 10_000, 20_000, MOST)))
        if kind is Density:
            return Density(self.chance.choice((1_032, 1_032, 1, MOST)))
        assert has(kind), kind
        return self.of_class(kind)

    def _amount(self) -> int:
        return self.chance.choice((0, MOST) if self._rarely(20) else AMOUNTS)

    def _text(self) -> str:
        if self._rarely(12):
            return self.chance.choice(("", " "))
        if self._rarely(4):
            return self.chance.choice(LETTERS)
        self._texts += 1
        return f"N{self._texts}"

    def _rarely(self, times: int) -> bool:
        return self.chance.randrange(times) == 0
