"""A recorded command told as a person would: codes for identifiers, French figures, nothing empty.

What cannot be read (a newer program wrote it) has no arguments here; its name is told as it is.
"""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from attrs import fields, frozen, has

from manchengo import Money, Percent, Quantity, UnitPrice, codec
from manchengo.application.handlers.resolution import recorded_command, recorded_type
from manchengo.domain.access import NotPermitted, Permission, RegisterUser
from manchengo.domain.commit import Commit
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.payment import PaymentMode
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.resolution import ClaimKind, Way
from manchengo.ports.rows import (
    ClaimRow,
    ClientRow,
    DeliveryRow,
    DeviceRow,
    FinishedLotRow,
    FinishedProductRow,
    ImportRow,
    InvoiceRow,
    PriceListRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    RecipeRow,
    ResolutionItemRow,
    Row,
    SalesOrderRow,
    SupplierRow,
    UserRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import import_words, registers, shapes, words
from manchengo_presenters.formatting import day, money, percent
from manchengo_presenters.language import N_, _

LABELS = registers.LABELS | {
    "accepted": N_("Accepted"),
    "amount": N_("Amount"),
    "carrier": N_("Carrier"),
    "cheque": N_("Cheque"),
    "client": N_("Client"),
    "counted": N_("Counted"),
    "credit_note": N_("Credit note"),
    "dated": N_("Received or made on"),
    "delivery": N_("Delivery"),
    "deliveries": N_("Deliveries"),
    "density": N_("Density"),
    "device": N_("Device"),
    "family": N_("Device"),
    "due_on": N_("Due on"),
    "expires_on": N_("Expiry"),
    "expiry": N_("Expiry"),
    "file_name": N_("File"),
    "from_day": N_("In force from"),
    "founder": N_("Founder"),
    "identity": N_("Identity"),
    "invoice": N_("Invoice"),
    "lines": N_("Lines"),
    "loss_reason": N_("Reason of the loss"),
    "lost": N_("Lost"),
    "lot": N_("Lot"),
    "mark": N_("Mark"),
    "mode": N_("Means of payment"),
    "number": N_("Number"),
    "on": N_("Date"),
    "outputs": N_("Obtained"),
    "override_reason": N_("Reason"),
    "planned": N_("Planned"),
    "price_list": N_("Price list"),
    "proof": N_("Proof"),
    "quantity": N_("Quantity"),
    "quarantined": N_("Quarantine"),
    "reason": N_("Reason"),
    "wanted_on": N_("Wanted on"),
    "received_by": N_("Received by"),
    "recipe": N_("Recipe"),
    "reference": N_("Reference"),
    "refused": N_("Refused"),
    "roles": N_("Roles"),
    "short_reason": N_("Left with less"),
    "supplier": N_("Supplier"),
    "supplier_reference": N_("Supplier's reference"),
    "unchanged": N_("Unchanged"),
    "unit_price": N_("Unit price"),
    "unsigned_until": N_("Unsigned until"),
    "user": N_("User"),
    "way": N_("Decision"),
    "withdraws_keys": N_("Their keys too"),
}
"""What the arguments of commands are called, identifiers by what they name; the fields of registers
as there.
"""

UNSAID = {
    *("digest", "public_key", "former_key", "recovery", "recovery_key", "nonce"),
    *("item", "command", "command_type", "command_version", "back_to"),
    *("fingerprint", "box_key", "copies", "sequence", "record_hash", "signature"),
}
"""Arguments that tell a person nothing."""

CHOICES: dict[type[Enum], dict[str, str]] = {
    ImportKind: import_words.KINDS,
    PaymentMode: words.PAYMENT_MODES,
    ProductKind: words.PRODUCT_KINDS,
    VatClass: words.VAT_CLASSES,
    Way: words.WAYS,
}
"""What arguments of which there are a few are called; others are said as they are stored."""

IN_BRIEF = (
    "code",
    "lot",
    "quantity",
    "counted",
    "planned",
    "order",
    "delivery",
    "price_list",
    "product",
    "name",
)
"""What tells one command of a kind from another, in a line."""

NAMED: dict[str, tuple[tuple[type[Row], str], ...]] = {
    "lot": ((RawLotRow, "code"), (FinishedLotRow, "code")),
    "product": ((RawProductRow, "code"), (FinishedProductRow, "code")),
    "supplier": ((SupplierRow, "code"),),
    "client": ((ClientRow, "code"),),
    "price_list": ((PriceListRow, "code"),),
    "order": ((ProductionOrderRow, "code"), (SalesOrderRow, "code")),
    "delivery": ((DeliveryRow, "code"),),
    "invoice": ((InvoiceRow, "number"),),
    "user": ((UserRow, "name"),),
    "device": ((DeviceRow, "name"),),
    "family": ((DeviceRow, "name"),),
    "import": ((ImportRow, "file_name"),),
    "item": ((ResolutionItemRow, "id"),),
}


@frozen
class RecordedCommand:
    """A command of the log. ``content``: the command; None when it cannot be read. ``withheld``:
    the permission that it takes to read it, which whoever looks does not have.
    """

    type: str
    content: Any
    withheld: Permission | None = None

    @classmethod
    def of(cls, commit: Commit) -> "RecordedCommand":
        """Of one that reports a reused identifier, what its author had asked for under it."""
        try:
            content = recorded_command(commit)
        except NotPermitted as refusal:
            return cls(commit.command_type, None, refusal.permission)
        except codec.Unreadable:
            content = None
        return cls(recorded_type(commit), content)

    @property
    def title(self) -> str:
        """What it does, in French."""
        return words.word(words.COMMANDS, self.type)

    def shape(self, snapshot: Snapshot) -> dict[str, Any] | None:
        """Its arguments in JSON, named by codes; None when it cannot be read."""
        return None if self.content is None else _shape(snapshot, self.content)

    def labelled_values(self, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
        """What it says, each thing with its label; what it leaves unsaid is left out, and what it
        registers is called by its code once.
        """
        own_code = getattr(self.content, "code", None)
        for name, value in _arguments(self.content):
            values = _text(snapshot, name, value)
            is_said_again = isinstance(value, UUID) and values == own_code
            if values and name not in UNSAID and not is_said_again:
                yield self._label(name), values

    def _label(self, name: str) -> str:
        if name == "order":
            made = self.type.startswith("production_order.")
            return _("Production order") if made else _("Sales order")
        return label(name)

    def brief(self, snapshot: Snapshot) -> str:
        """As in ``versement d’une matière : L1, 80 L, OF-2``."""
        arguments = dict(_arguments(self.content))
        values = [
            _text(snapshot, name, arguments[name])
            for name in IN_BRIEF
            if arguments.get(name) is not None
        ]
        known = ", ".join(dict.fromkeys(filter(None, values)))
        return (
            _("{what}: {details}").format(what=self.title, details=known) if known else self.title
        )


def label(field: str) -> str:
    """What a person calls that field of a command or an event."""
    return words.word(LABELS, _name(field))


def named(snapshot: Snapshot, kind: str, key: UUID) -> str:
    """The code of the entry with that identifier, "" when there is none."""
    for row_kind, column in NAMED.get(kind, ()):
        row = snapshot.get(row_kind, key)
        if row is not None:
            return str(getattr(row, column) or "")
    if kind == "recipe":
        recipe = snapshot.get(RecipeRow, key)
        return named(snapshot, "product", recipe.product_id) if recipe else ""
    return ""


def anything(snapshot: Snapshot, key: UUID) -> str:
    """The code of the entry or of the claim with that identifier, "" when there is none."""
    known = next(filter(None, (named(snapshot, kind, key) for kind in (*NAMED, "recipe"))), "")
    return known or _claimed(snapshot, key)


def _claimed(snapshot: Snapshot, key: UUID) -> str:
    """The code that somebody gave to what the log refused."""
    own = (each for each in snapshot.rows(ClaimRow, subject=key) if each.kind != ClaimKind.POURED)
    orders = (each for each in snapshot.rows(ClaimRow, cause=key) if each.kind == ClaimKind.POURED)
    return next((claim.code for claim in (*own, *orders) if claim.code), "")


def person(snapshot: Snapshot, user_id: UserId) -> str:
    """The name of that user; their id where the log has none."""
    return _name_of(snapshot, user_id) or str(user_id)


def _name_of(snapshot: Snapshot, user_id: UserId) -> str:
    """Their registered name, or the one in a registration that the rules refused."""
    row = snapshot.get(UserRow, user_id)
    if row is not None:
        return row.name
    for item in snapshot.rows(ResolutionItemRow):
        commit = snapshot.commit(item.commit_id)
        command = RecordedCommand.of(commit).content if commit else None
        if isinstance(command, RegisterUser) and command.user_id == user_id:
            return command.name
    return ""


def device(snapshot: Snapshot, device_id: DeviceId) -> str:
    """The name under which the device was enrolled; its identifier when it never was."""
    row = snapshot.get(DeviceRow, device_id)
    return row.name if row else str(device_id)


def known_person(snapshot: Snapshot, user_id: UserId) -> str:
    """The same for people: of an identifier its end, for those made together begin alike."""
    return _name_of(snapshot, user_id) or str(user_id)[-8:]


def known_device(snapshot: Snapshot, device_id: DeviceId) -> str:
    """The name of that device; the end of its id where it has none."""
    row = snapshot.get(DeviceRow, device_id)
    return row.name if row else str(device_id)[-8:]


def _arguments(value: Any) -> Iterator[tuple[str, Any]]:
    if value is not None:
        for each in fields(type(value)):
            yield _name(each.name), getattr(value, each.name)


def _name(field: str) -> str:
    """What an argument is about: ``lot_id`` is a lot."""
    if field == "delivery_ids":
        return "deliveries"
    return field.removesuffix("_id")


def _shape(snapshot: Snapshot, value: Any) -> dict[str, Any]:
    return {name: _argument_shape(snapshot, name, argument) for name, argument in _arguments(value)}


def _argument_shape(snapshot: Snapshot, name: str, value: Any) -> Any:
    match value:
        case UUID():
            return named(snapshot, name, value) or None
        case tuple():
            kind = "delivery" if name == "deliveries" else name
            return [_argument_shape(snapshot, kind, each) for each in value]
        case Quantity() | Money() | UnitPrice() | Percent():
            return shapes.plain(value)
        case _ if has(type(value)):
            return _shape(snapshot, value)
        case _:
            return shapes.plain(value)


def _text(snapshot: Snapshot, name: str, value: Any) -> str:
    match value:
        case None | "" | False | ():
            return ""
        case True:
            return _("yes")
        case UUID():
            return named(snapshot, name, value)
        case Quantity():
            return words.measure(value)
        case Money():
            return money(value.centimes)
        case UnitPrice():
            return words.price_without_unit(value)
        case Percent():
            return percent(value.basis_points)
        case date():
            return day(value)
        case Expiry(on=None):
            return _("does not expire")
        case Enum():
            return words.word(CHOICES.get(type(value), {}), value.value)
        case frozenset():
            return words.roles(value)
        case tuple():
            kind = "delivery" if name == "deliveries" else name
            return "; ".join(filter(None, (_text(snapshot, kind, each) for each in value)))
        case _ if has(type(value)):
            parts = (_text(snapshot, part, each) for part, each in _arguments(value))
            return " ".join(filter(None, parts))
        case _:
            return str(value)
