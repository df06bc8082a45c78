"""What screens ask of the device they are on. Implemented by each app, over the workplace.

Every method may take long, and runs beside the loop that draws. Each raises ``Problem``.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from manchengo import Quantity, Role, UnitPrice
from manchengo.application.dashboard import StockDays
from manchengo.application.lists import Lists
from manchengo.application.stock import ProductStock
from manchengo.domain.access import GRANTS, Permission
from manchengo.domain.ids import CommitId, LotId, ProductId, SupplierId
from manchengo.domain.values import Unit
from manchengo.ports.store import Snapshot


class Access(Enum):
    """How far the database of this device is open."""

    NO_DATABASE = auto()
    CLOSED = auto()
    """It takes its passphrase."""
    OPEN = auto()


@frozen(kw_only=True)
class NewDairy:
    """``admin``: who begins it. ``passphrase``: of the database; ``secret``: of that person."""

    name: str
    admin: str
    passphrase: str = field(repr=False)
    secret: str = field(repr=False)


@frozen(kw_only=True)
class Restoration:
    """``source``: the backup; ``passphrase``: of its database; ``person``: who brings it back, ""
    for its only administrator.
    """

    source: Path
    passphrase: str = field(repr=False)
    person: str = ""


@frozen(kw_only=True)
class Person:
    """Somebody with a key at this device, which a passphrase opens, or a PIN."""

    name: str
    is_pin: bool


@frozen(kw_only=True)
class SignedIn:
    """Who acts."""

    name: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether one of their roles gives them that."""
        return any(permission in GRANTS[role] for role in self.roles)


@frozen(kw_only=True)
class NewReception:
    """What a supplier brought. ``expires_on`` and ``price``: None for what the product says."""

    product_id: ProductId
    supplier_id: SupplierId
    quantity: Quantity
    on: date
    expires_on: date | None = None
    price: UnitPrice | None = None
    reference: str = ""
    quarantined: bool = False


@frozen(kw_only=True)
class Recorded:
    """``commit_id``: of what was recorded; ``sentence``: what it was; ``warnings``: what is
    unlikely about it.
    """

    commit_id: CommitId
    sentence: str
    lot_id: LotId | None = None
    code: str = ""
    warnings: tuple[str, ...] = ()


@frozen(kw_only=True)
class NewMaterial:
    """A raw material, in as many words as a first reception takes."""

    name: str
    unit: Unit
    shelf_life_days: int | None


@frozen(kw_only=True)
class ExchangeStatus:
    """How far this device has exchanged. ``server``: "" where it works alone. ``oldest``: when the
    first of what waits to be sent was recorded.
    """

    server: str
    pending: int
    oldest: datetime | None
    last: datetime | None


class Judgement(Enum):
    """What a person decides about a lot."""

    RELEASE = auto()
    QUARANTINE = auto()
    BLOCK = auto()


class Office(Protocol):
    """The device, its database, and who acts there."""

    def access(self) -> Access:
        """How far the database is open."""
        ...

    def open(self, passphrase: str) -> None:
        """Open the database."""
        ...

    def create(self, dairy: NewDairy) -> str:
        """Make a database and its dairy, open it, and answer the recovery key, which is shown once
        and stored nowhere.
        """
        ...

    def restore(self, restoration: Restoration) -> None:
        """Put a backup in the place of the database, and open it."""
        ...

    def people(self) -> list[Person]:
        """Who may sign in here, by name."""
        ...

    def sign_in(self, name: str, secret: str, on_wait: Callable[[int], None]) -> SignedIn:
        """Prove that the person is who they say; from here on, they act. ``on_wait``: called with
        the seconds that the try waits, after several wrong ones.
        """
        ...

    def begin_with_code(self, name: str, code: str, secret: str) -> None:
        """Begin the person's key at this device, with the code of an invitation or a recovery key;
        ``secret``: the passphrase or PIN that they choose.
        """
        ...

    def lock(self) -> None:
        """Nobody acts, until somebody signs in."""
        ...

    def touch(self) -> None:
        """The person did something: they are here."""
        ...

    def is_locked(self) -> bool:
        """Whether nobody acts, or who did has done nothing for too long."""
        ...

    def dairy_name(self) -> str:
        """What the dairy is called; "" where nobody said."""
        ...

    def today(self) -> date:
        """The business date."""
        ...

    def now(self) -> datetime:
        """The instant, in UTC."""
        ...

    def reading(self) -> AbstractContextManager[Snapshot]:
        """One consistent moment, as far as the person may see it."""
        ...

    def stock(self) -> list[ProductStock]:
        """What is there of each product, in the order of kind and code."""
        ...

    def stock_days(self, over_days: int) -> list[StockDays]:
        """How long the stock of each product lasts at the pace of so many days before today."""
        ...

    def lists(self) -> Lists:
        """Lists, page by page, as far as the person may see them."""
        ...

    def revision(self) -> tuple[int, ...]:
        """Another one after whatever was stored, by this window or anything else."""
        ...

    def exchange_status(self) -> ExchangeStatus:
        """How far this device has exchanged."""
        ...

    def receive(self, reception: NewReception) -> Recorded:
        """Record a reception, under the next free code of its day."""
        ...

    def take_back(self, done: Recorded) -> Recorded:
        """Take back what was just recorded of a lot, while nothing was done with it since."""
        ...

    def judge_lot(self, lot_id: LotId, judgement: Judgement, reason: str) -> Recorded:
        """Release a lot, or set it aside, from today on."""
        ...

    def add_supplier(self, name: str) -> Recorded:
        """Record a supplier, under the next free code."""
        ...

    def add_material(self, material: NewMaterial) -> Recorded:
        """Record a raw material, under the next free code."""
        ...
