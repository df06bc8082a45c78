"""The same dairy on the ``eventsourcing`` library alone, as its documentation would have it.

Lots and orders are its aggregates, in its aggregate cache, on its own recorder, which writes to
SQLCipher under the same form of key and as durably as ours. The oldest lot is found in an index in
memory. Nothing else is kept: no view, no queue, no hash chain, no role, no unit. What an order
records is event for event what ours records.
"""

from bisect import insort
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import eventsourcing.sqlite
from attrs import define, field
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from sqlcipher3 import dbapi2 as sqlcipher

from manchengo.commands import Produce, ReceiveLot
from tests.bench.workshop import KEY

MILK_FOR_A_KILOGRAM = 10


class Lot(Aggregate):
    @event("Entered")
    def __init__(
        self,
        *,
        code: str,
        product: str,
        origin: str,
        on: str,
        expires_on: str | None,
        quantity: int,
    ) -> None:
        self.code = code
        self.product = product
        self.origin = origin
        self.on = on
        self.expires_on = expires_on
        self.on_hand = quantity

    def consume(self, *, order: str, quantity: int, on: str) -> None:
        if quantity > self.on_hand:
            raise ValueError(self.code)
        self._consumed(order=order, quantity=quantity, on=on)

    @event("Consumed")
    def _consumed(self, *, order: str, quantity: int, on: str) -> None:
        self.on_hand -= quantity


class Order(Aggregate):
    @event("Made")
    def __init__(
        self,
        *,
        code: str,
        product: str,
        planned: int,
        picks: list[list[Any]],
        outputs: list[list[Any]],
        on: str,
    ) -> None:
        self.code = code
        self.product = product
        self.planned = planned
        self.picks = picks
        self.outputs = outputs
        self.on = on


@define(order=True)
class Open:
    """A lot that still holds something, where the oldest stands first."""

    on: str
    expires_on: str
    lot_id: UUID
    free: int = field(order=False)


class Encrypting:
    """The driver that ``eventsourcing.sqlite`` uses, in the place of ``sqlite3``."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlcipher, name)

    @staticmethod
    def connect(**settings: Any) -> Any:
        connection = sqlcipher.connect(**settings)
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute("PRAGMA synchronous = FULL")
        return connection


class PeerDairy(Application[UUID]):
    def __init__(self, path: Path) -> None:
        eventsourcing.sqlite.sqlite3 = Encrypting()  # type: ignore[assignment,attr-defined]
        super().__init__(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": str(path),
                "AGGREGATE_CACHE_MAXSIZE": "1000000",
            }
        )
        self._open: list[Open] = []
        self._first = 0
        self._codes: set[str] = set()

    def receive(self, command: ReceiveLot) -> Lot:
        lot = Lot(
            code=self._new(command.code),
            product=str(command.product_id),
            origin=str(command.supplier_id),
            on=command.on.isoformat(),
            expires_on=command.expires_on.isoformat() if command.expires_on else None,
            quantity=command.quantity.thousandths,
        )
        insort(self._open, Open(lot.on, lot.expires_on or "9999-12-31", lot.id, lot.on_hand))
        return lot

    def receive_all(self, commands: Iterable[ReceiveLot]) -> None:
        """In one transaction."""
        self.save(*[self.receive(command) for command in commands])

    def make_all(self, commands: Iterable[Produce]) -> None:
        """Each in its own transaction."""
        for command in commands:
            self.make(command)

    def make(self, command: Produce) -> None:
        """Pour the oldest lots and enter what came out, the order told in one event."""
        on = command.on.isoformat()
        picks = self._oldest(command.planned.thousandths * MILK_FOR_A_KILOGRAM, on)
        order = Order(
            code=self._new(command.code),
            product=str(command.product_id),
            planned=command.planned.thousandths,
            picks=[[str(lot_id), quantity] for lot_id, quantity in picks],
            outputs=[[output.code, output.quantity.thousandths] for output in command.outputs],
            on=on,
        )
        lots: list[Lot] = [self.repository.get(lot_id) for lot_id, _ in picks]
        for lot, (_, quantity) in zip(lots, picks, strict=True):
            lot.consume(order=str(order.id), quantity=quantity, on=on)
        made = [
            Lot(
                code=output.code,
                product=str(output.product_id),
                origin=str(order.id),
                on=on,
                expires_on=output.expires_on.isoformat() if output.expires_on else None,
                quantity=output.quantity.thousandths,
            )
            for output in command.outputs
        ]
        self.save(order, *lots, *made)

    def _oldest(self, wanted: int, on: str) -> list[tuple[UUID, int]]:
        picks = []
        place = self._first
        while wanted:
            held = self._open[place]
            if held.on <= on <= held.expires_on:
                taken = min(wanted, held.free)
                picks.append((held.lot_id, taken))
                held.free -= taken
                wanted -= taken
            if not held.free and place == self._first:
                self._first += 1
            place += 1
        return picks

    def _new(self, code: str) -> str:
        if code in self._codes:
            raise ValueError(code)
        self._codes.add(code)
        return code
