"""What a person may read: what their roles do not allow is withheld, wherever it is looked at.

Everybody who works at the dairy reads its daily work: products, lots, stock, orders, deliveries
with the client's name and address, traces, conflicts. Contacts and registrations of suppliers and
clients, prices and amounts, and the audit take a permission each. What is withheld is not blank: it
refuses to be read (``NotPermitted``), and ``withheld`` names it, so that a page leaves it out.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_type_hints

from attrs import evolve, fields, frozen, has

from manchengo.commands import COMMANDS
from manchengo.domain.access import Actor, NotPermitted, Permission, Role
from manchengo.domain.commit import Commit, LogEntry, Recorded
from manchengo.domain.errors import Refused
from manchengo.domain.identity import Identity
from manchengo.domain.resolution import Matter, ReportReusedId
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Money
from manchengo.events import EVENTS
from manchengo.ports.rows import (
    ClientRow,
    CreditNoteRow,
    FinishedLotRow,
    FinishedProductRow,
    InvoiceLineRow,
    InvoiceRow,
    ListPriceRow,
    LotCorrectionRow,
    PaymentAllocationRow,
    PaymentRow,
    PriceListRow,
    RawLotRow,
    RawProductRow,
    ResolutionItemRow,
    Row,
    SalesOrderLineRow,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.store import Entry, Pending, StreamEvent

T = TypeVar("T")
R = TypeVar("R", bound=Row)
Event = TypeVar("Event", Recorded, StreamEvent)

Columns = tuple[str, ...]
Withheld = tuple[tuple[str, Permission], ...]
"""Names of fields, each with the permission that reading it takes."""

_CONTACTS: Columns = ("phone", "email", "nif", "nis", "rc", "ai")
_UNIT_PRICE: Columns = ("unit_price", "price_per")
_BILL: Columns = ("net", "vat", "gross")
_CHEQUE: Columns = ("reference", "cheque_number", "cheque_dated", "cheque_drawee")

COLUMNS: Mapping[Permission, Mapping[type[Row], Columns]] = {
    Permission.READ_PARTIES: {SupplierRow: _CONTACTS, ClientRow: _CONTACTS},
    Permission.READ_PRICES: {
        RawProductRow: ("price", "price_per"),
        FinishedProductRow: ("price", "price_per"),
        ListPriceRow: ("price", "price_per"),
        RawLotRow: _UNIT_PRICE,
        FinishedLotRow: _UNIT_PRICE,
        SalesOrderRow: ("net",),
        SalesOrderLineRow: _UNIT_PRICE,
        InvoiceRow: (*_BILL, "paid", "credited"),
        InvoiceLineRow: (*_UNIT_PRICE, "discount", "net"),
        CreditNoteRow: _BILL,
        PaymentRow: ("amount", "unallocated", *_CHEQUE, "search_text"),
        PaymentAllocationRow: ("amount",),
    },
}
"""The columns of view rows that take a permission to be read."""

REVEALED_BY: Mapping[type, Permission] = {
    Identity: Permission.READ_PARTIES,
    Money: Permission.READ_PRICES,
    UnitPrice: Permission.READ_PRICES,
}
"""The values in commands and events that take a permission to be read: it is taken by the content
of every command and event that may hold one.
"""

BY_CONTENT: Mapping[type[Row], Withheld] = {
    LotCorrectionRow: (("before", Permission.READ_PRICES), ("after", Permission.READ_PRICES)),
    PriceListRow: (("prices", Permission.READ_PRICES),),
    ResolutionItemRow: (("facts", Permission.READ_PARTIES), ("facts", Permission.READ_PRICES)),
}
"""The columns that take a permission in some rows alone, because of what the row is about. The
prices of a price list have rows of their own, and are told with it.
"""

READINGS: frozenset[Permission] = frozenset((*COLUMNS, Permission.READ_AUDIT))
"""The permissions that concern reading alone."""


def withheld(thing: object) -> frozenset[str]:
    """The fields of a row, a commit or an event that the person who asked for it may not read."""
    return cast("frozenset[str]", getattr(type(thing), "WITHHELD", frozenset()))


def revealed(kind: Any) -> frozenset[Permission]:
    """The permissions that reading a value of that type takes."""
    return _revealed(kind)


@cache
def _revealed(kind: Any) -> frozenset[Permission]:
    known = REVEALED_BY.get(kind)
    if known is not None:
        return frozenset({known})
    parts = list(get_args(kind))
    if isinstance(kind, type) and has(kind):
        parts += [get_type_hints(kind)[each.name] for each in fields(kind)]
    return frozenset(permission for part in parts for permission in _revealed(part))


def revealed_by_command(name: str) -> frozenset[Permission]:
    """As ``revealed``, of the command of that stored name: of one that no table here knows, and of
    the report of a reused id, which holds another command, nobody can say, so it takes them all.
    """
    schema = COMMANDS.get(name)
    if schema is None or schema.type is ReportReusedId:
        return frozenset(COLUMNS)
    return revealed(schema.type)


def revealed_by_event(name: str) -> frozenset[Permission]:
    """As ``revealed_by_command``, of an event."""
    schema = EVENTS.get(name)
    return frozenset(COLUMNS) if schema is None else revealed(schema.type)


def revealed_by_refusal(name: str) -> frozenset[Permission]:
    """As ``revealed``, of the refusal of that name: an amount that is due is an amount. Of one that
    this program does not know nobody can say, so it takes them all.
    """
    kind = next((each for each in _refusals(Refused) if each.__name__ == name), None)
    return frozenset(COLUMNS) if kind is None else revealed(kind)


def _refusals(kind: type[Refused]) -> Iterator[type[Refused]]:
    for each in kind.__subclasses__():
        yield each
        yield from _refusals(each)


@frozen
class Reader:
    """Somebody who looks, with their roles: gives what they may read, and withholds the rest."""

    actor: Actor

    @property
    def reads_everything(self) -> bool:
        """Whether nothing is withheld from the person."""
        return all(self.actor.may(permission) for permission in READINGS)

    def require(self, permission: Permission) -> None:
        """Raises ``NotPermitted`` unless one of the person's roles has that permission."""
        if not self.actor.may(permission):
            raise NotPermitted(permission=permission, roles=self.actor.roles)

    def columns(self, kind: type[Row]) -> Withheld:
        """The columns of that kind of row that are withheld."""
        return tuple(
            (column, permission)
            for permission, kinds in COLUMNS.items()
            if not self.actor.may(permission)
            for column in kinds.get(kind, ())
        )

    def columns_of_some(self, kind: type[Row]) -> Withheld:
        """The columns of that kind of row that are withheld, of every row or of some."""
        of_some = BY_CONTENT.get(kind, ())
        return (*self.columns(kind), *(each for each in of_some if not self.actor.may(each[1])))

    def is_whole(self, kind: type[Row]) -> bool:
        """Whether nothing of any row of that kind is withheld."""
        return self.reads_everything or not (kind in BY_CONTENT or self.columns(kind))

    def row(self, row: R) -> R:
        """The row, with what the person may not read withheld."""
        return self._without(row, (*self.columns(type(row)), *self._by_content(row)))

    def commit(self, commit: Commit) -> Commit:
        """The commit, with the content that the person may not read withheld."""
        events = tuple(self.event(event) for event in commit.events)
        missing = self._missing(revealed_by_command(commit.command_type))
        return self._without(evolve(commit, events=events), _all(missing, "command"))

    def event(self, event: Event) -> Event:
        """The event, its content withheld where the person may not read it."""
        missing = self._missing(revealed_by_event(event.event_type))
        return self._without(event, _all(missing, "payload"))

    def entry(self, entry: Entry) -> Entry:
        """An event in its stream, likewise."""
        return evolve(entry, event=self.event(entry.event))

    def log_entry(self, entry: LogEntry) -> LogEntry:
        """A place in the plant's log, likewise."""
        return evolve(
            entry, commit=self.commit(entry.commit), effective=self._events(entry.effective)
        )

    def pending(self, pending: Pending) -> Pending:
        """A commit that waits, likewise."""
        return evolve(
            pending, commit=self.commit(pending.commit), effective=self._events(pending.effective)
        )

    def _events(self, events: tuple[Recorded, ...] | None) -> tuple[Recorded, ...] | None:
        return None if events is None else tuple(self.event(each) for each in events)

    def _by_content(self, row: Row) -> Withheld:
        """What is withheld of this row because of what it is about."""
        match row:
            case LotCorrectionRow(field="unit_price") | PriceListRow():
                needed = frozenset({Permission.READ_PRICES})
            case ResolutionItemRow():
                needed = revealed_by_command(row.command_type)
                if row.refusal and row.matter != Matter.PARKED:  # what is parked names no refusal
                    needed |= revealed_by_refusal(row.refusal)
            case _:
                return ()
        return _all(self._missing(needed), *dict(BY_CONTENT[type(row)]))

    def _missing(self, permissions: frozenset[Permission]) -> list[Permission]:
        return sorted(each for each in permissions if not self.actor.may(each))

    def _without(self, thing: T, names: Withheld) -> T:
        if not names:
            return thing
        kind: Any = type(thing)
        partial: T = object.__new__(_withholding(kind, names, self.actor.roles))
        for each in fields(kind):
            if each.name not in dict(names):
                object.__setattr__(partial, each.name, getattr(thing, each.name))
        return partial


def permit_reading(actor: Actor, kind: type[Row]) -> None:
    """Raises ``NotPermitted`` unless the person may read every column of that kind of row."""
    reader = Reader(actor)
    for _, permission in reader.columns(kind):
        reader.require(permission)


def _all(missing: list[Permission], *names: str) -> Withheld:
    return tuple((name, missing[0]) for name in names) if missing else ()


@cache
def _withholding(kind: Any, names: Withheld, roles: frozenset[Role]) -> Any:
    """That class of things, of which these fields refuse to be read."""

    def refusing(permission: Permission) -> property:
        def refuse(_: object) -> None:
            raise NotPermitted(permission=permission, roles=roles)

        return property(refuse)

    def shown(self: Any) -> str:
        known = [each.name for each in fields(kind) if each.name not in dict(names)]
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in known)
        return f"{kind.__name__}({values}, withheld: {', '.join(dict(names))})"

    members: dict[str, Any] = {name: refusing(permission) for name, permission in names}
    members |= {"__slots__": (), "WITHHELD": frozenset(dict(names)), "__repr__": shown}
    # As two that look alike may differ in what is withheld, each is only equal to itself.
    members |= {"__eq__": object.__eq__, "__hash__": object.__hash__}
    return type(kind.__name__, (kind,), members)
