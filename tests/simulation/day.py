"""What somebody at a device sees, and how they choose among it."""

from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from attrs import frozen

from manchengo import commands
from manchengo.commands import Command
from manchengo.domain.ids import (
    ClientId,
    CommitId,
    SupplierId,
)
from manchengo.ports.rows import (
    ClientRow,
    FinishedLotRow,
    LotRow,
    RawLotRow,
    Row,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from tests.support.dairy import FARM, SHOP, an_id

R = TypeVar("R", bound=Row)
T = TypeVar("T")


class NothingThere(Exception):
    """There is nothing yet on which this could be done."""


@frozen
class Imported:
    """A file taken in row by row, in one transaction."""

    start: commands.StartImport
    rows: tuple[tuple[Command, CommitId], ...]


Deed = Command | Imported


@frozen
class Day:
    """What the person at the device sees and knows. ``mark``: what tells this device's codes."""

    random: Random
    snapshot: Snapshot
    today: date
    mark: str
    number: int

    def one(self, some: list[T]) -> T:
        if not some:
            raise NothingThere
        return self.random.choice(some)

    def row(self, kind: type[R], **equal: Any) -> R:
        return self.one(list(self.snapshot.rows(kind, **equal)))

    def on(self) -> date:
        """Mostly today; now and then somebody writes down what was done before."""
        return self.today - timedelta(days=self.random.choice((0, 0, 0, 0, 0, 1, 2)))

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def code(self, letter: str) -> str:
        """Mostly the device's own; sometimes one that anybody might think of."""
        if self.random.random() < 0.12:
            return f"{letter}{self.random.randrange(4)}"
        return f"{letter}-{self.mark}{self.number}"

    def id_for(self, code: str) -> UUID:
        """Where anybody might think of the code, somebody else may also have given the id."""
        common = "-" not in code and self.random.random() < 0.5
        return an_id(code) if common else self.id()

    def amount(self, most: int) -> int:
        """Some of it, or all, or a little too much; in thousandths."""
        chance = self.random.random()
        if chance < 0.25:
            return max(1, most)
        if chance < 0.32:
            return most + 1_000
        return max(1, round(most * self.random.random()))

    def reason(self) -> str:
        return self.one(["goutte", "étiquette", "contrôle"])

    def supplier(self) -> SupplierId:
        if self.random.random() < 0.8:
            return FARM
        return self.row(SupplierRow).id

    def client(self) -> ClientId:
        if self.random.random() < 0.8:
            return SHOP
        return self.row(ClientRow).id

    def a_lot(self) -> LotRow:
        kind = self.one([RawLotRow, RawLotRow, FinishedLotRow])
        lots: list[LotRow] = [*self.snapshot.rows(kind)]
        return self.one([lot for lot in lots if lot.quantity_remaining] or lots)
