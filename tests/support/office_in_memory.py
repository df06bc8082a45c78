"""An office whose dairy is in memory: what screens ask for, without a database, a key or a wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count
from typing import TypeVar
from uuid import UUID

from attrs import define, field, frozen

from manchengo import Actor, Manchengo, Role
from manchengo import commands as c
from manchengo.application.dashboard import StockDays
from manchengo.application.lists import Lists
from manchengo.application.stock import ProductStock
from manchengo.domain.errors import Refused
from manchengo.domain.ids import DeviceId, LotId, ProductId, SupplierId, UserId
from manchengo.domain.product import ProductKind
from manchengo.domain.values import Money
from manchengo.memory import MemoryStore
from manchengo.ports.store import Snapshot
from manchengo_presenters import refusal_text
from manchengo_presenters.screens.office import (
    Access,
    ExchangeStatus,
    Judgement,
    NewDairy,
    NewMaterial,
    NewReception,
    Person,
    Recorded,
    Restoration,
    SignedIn,
)
from manchengo_presenters.screens.problem import Problem

T = TypeVar("T")

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
SECRET = "quatre mots sans lien"
CODE = "K7QM-4XRA"
ALONE = ExchangeStatus(server="", pending=0, oldest=None, last=None)
JUDGEMENTS: dict[Judgement, Callable[..., c.Command]] = {
    Judgement.RELEASE: c.ReleaseLot,
    Judgement.QUARANTINE: c.QuarantineLot,
    Judgement.BLOCK: c.BlockLot,
}


async def at_once(work: Callable[[], T]) -> T:
    """Implements ``Background``: there is no loop to wait beside."""
    return work()


@frozen
class Clock:
    def now(self) -> datetime:
        return NOON

    def today(self) -> date:
        return TODAY


@define
class Ids:
    _next: Iterator[int] = field(factory=lambda: count(1))

    def new(self) -> UUID:
        return UUID(int=next(self._next))


@define
class OfficeInMemory:
    """``state``: how far its database is open. ``roles``: of who signs in. ``fault``: a problem
    that the next question raises.
    """

    state: Access = Access.OPEN
    roles: frozenset[Role] = frozenset({Role.ADMIN})
    names: tuple[str, ...] = ("amina",)
    fault: Problem | None = None
    status: ExchangeStatus = ALONE
    locked: bool = False
    touched: int = 0
    wait: int = 0
    store: MemoryStore = field(factory=MemoryStore)
    ids: Ids = field(factory=Ids)

    @property
    def dairy(self) -> Manchengo:
        user_id, device_id = UserId(UUID(int=1 << 64)), DeviceId(UUID(int=2 << 64))
        actor = Actor(user_id=user_id, device_id=device_id, roles=self.roles)
        return Manchengo(self.store, clock=Clock(), ids=self.ids, actor=actor)

    def _raise_fault(self) -> None:
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault

    def access(self) -> Access:
        self._raise_fault()
        return self.state

    def open(self, passphrase: str) -> None:
        if passphrase != SECRET:
            raise Problem("WrongKey", "Ce n’est pas la phrase secrète de cette base.")
        self.state = Access.OPEN

    def create(self, dairy: NewDairy) -> str:
        self._raise_fault()
        self.state, self.names = Access.OPEN, (dairy.admin,)
        return "CLEF-DE-RECOURS"

    def restore(self, restoration: Restoration) -> None:
        self._raise_fault()
        self.state = Access.OPEN

    def people(self) -> list[Person]:
        self._raise_fault()
        return [Person(name=name, is_pin=False) for name in self.names]

    def sign_in(self, name: str, secret: str, on_wait: Callable[[int], None]) -> SignedIn:
        on_wait(self.wait)
        if secret != SECRET:
            raise Problem("WrongSecret", "Ce n’est pas la bonne phrase.")
        self.locked = False
        return SignedIn(name=name, roles=self.roles)

    def begin_with_code(self, name: str, code: str, secret: str) -> None:
        if code != CODE:
            raise Problem("WrongCode", "Ce n’est pas un code de cette personne.")
        self.names = (*self.names, name)

    def lock(self) -> None:
        self.locked = True

    def touch(self) -> None:
        self.touched += 1

    def is_locked(self) -> bool:
        return self.locked

    def dairy_name(self) -> str:
        return "Fromagerie du Djurdjura"

    def today(self) -> date:
        return TODAY

    def now(self) -> datetime:
        return NOON

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        self._raise_fault()
        with self.dairy.reading() as snapshot:
            yield snapshot

    def stock(self) -> list[ProductStock]:
        return self.dairy.stock.by_product()

    def stock_days(self, over_days: int) -> list[StockDays]:
        return self.dairy.dashboard.stock_days(over_days)

    def lists(self) -> Lists:
        return self.dairy.lists

    def revision(self) -> tuple[int, ...]:
        with self.store.reading() as snapshot:
            return (snapshot.head(), snapshot.rewinds())

    def exchange_status(self) -> ExchangeStatus:
        return self.status

    def receive(self, reception: NewReception) -> Recorded:
        lot_id = LotId(self.ids.new())
        code = f"MP-{lot_id.int:03}"
        command = c.ReceiveLot(
            lot_id=lot_id,
            code=code,
            product_id=reception.product_id,
            supplier_id=reception.supplier_id,
            on=reception.on,
            quantity=reception.quantity,
            expires_on=reception.expires_on,
            unit_price=reception.price or Money(0),
            supplier_reference=reception.reference,
            quarantined=reception.quarantined,
        )
        return self.record(command, f"Lot {code} reçu.", lot_id, code)

    def take_back(self, done: Recorded) -> Recorded:
        with problems():
            command = self.dairy.undo_of(done.commit_id, reason="Saisi par erreur")
        return self.record(command, f"Lot {done.code} annulé.", done.lot_id, done.code)

    def judge_lot(self, lot_id: LotId, judgement: Judgement, reason: str) -> Recorded:
        command = JUDGEMENTS[judgement](lot_id=lot_id, on=TODAY, reason=reason)
        return self.record(command, "Décidé.", lot_id)

    def add_supplier(self, name: str) -> Recorded:
        supplier_id = SupplierId(self.ids.new())
        command = c.RegisterSupplier(supplier_id=supplier_id, code=f"F{supplier_id.int}", name=name)
        return self.record(command, name)

    def add_material(self, material: NewMaterial) -> Recorded:
        product_id = ProductId(self.ids.new())
        command = c.RegisterProduct(
            product_id=product_id,
            code=f"M{product_id.int}",
            kind=ProductKind.RAW,
            name=material.name,
            unit=material.unit,
            price=Money(4_500),
            shelf_life_days=material.shelf_life_days,
        )
        return self.record(command, material.name)

    def record(
        self, command: c.Command, sentence: str, lot_id: LotId | None = None, code: str = ""
    ) -> Recorded:
        with problems():
            commit = self.dairy.execute(command)
        return Recorded(commit_id=commit.id, sentence=sentence, lot_id=lot_id, code=code)


@contextmanager
def problems() -> Iterator[None]:
    """What a rule refuses is a problem for the person, in words."""
    try:
        yield
    except Refused as refusal:
        raise Problem(type(refusal).__name__, refusal_text.sentence(refusal)) from refusal
