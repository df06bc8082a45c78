"""A supplier: whoever the milk, the salt and the jars come from."""

from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen

from manchengo.domain.details import SENSITIVE, changes, with_changes
from manchengo.domain.errors import Archived, name_given
from manchengo.domain.identity import Identity
from manchengo.domain.ids import SupplierId


@frozen(kw_only=True)
class RegisterSupplier:
    """Registers a supplier.

    ``code``: what people call it; unique among suppliers. ``identity``: NIF, NIS, RC, AI, address
    and phone, each may be empty.

    Refused: ``AlreadyExists``, ``CodeMissing``, ``NameMissing``.
    """

    supplier_id: SupplierId
    code: str
    name: str
    commune: str = ""
    identity: Identity = Identity()


@frozen(kw_only=True)
class ChangeSupplier:
    """Changes only the given fields; devices merge them field by field.

    Refused: ``Archived``, ``NameMissing``.
    """

    supplier_id: SupplierId
    name: str | None = None
    commune: str | None = None
    identity: Identity | None = None


@frozen(kw_only=True)
class ArchiveSupplier:
    """Nothing more is received from the supplier; what was recorded stays.

    Refused: ``Archived``.
    """

    supplier_id: SupplierId


SupplierCommand = RegisterSupplier | ChangeSupplier | ArchiveSupplier


@frozen(kw_only=True)
class SupplierRegistered:
    """A supplier was registered."""

    supplier_id: SupplierId
    code: str
    name: str
    commune: str
    identity: Identity


@frozen(kw_only=True)
class SupplierDetailsChanged:
    """Fields of a supplier changed; None: this one did not."""

    name: str | None
    commune: str | None
    identity: Identity | None = field(metadata=SENSITIVE)


@frozen(kw_only=True)
class SupplierArchived:
    """Nothing comes in from them any more."""


SupplierEvent = SupplierRegistered | SupplierDetailsChanged | SupplierArchived


@frozen(kw_only=True)
class Supplier:
    """Who delivers raw material."""

    id: SupplierId
    code: str
    name: str
    commune: str
    identity: Identity
    archived: bool = False

    def active(self) -> "Supplier":
        """This supplier, refused when archived."""
        if self.archived:
            raise Archived(kind="supplier", code=self.code)
        return self


def decide(supplier: Supplier | None, command: SupplierCommand) -> tuple[SupplierEvent, ...]:
    """What the command makes happen to the supplier; raises the refusals that its class names."""
    match command:
        case RegisterSupplier():
            return _register(command)
        case ChangeSupplier():
            return _change(_existing(supplier).active(), command)
        case ArchiveSupplier():
            _existing(supplier).active()
            return (SupplierArchived(),)
        case _:
            assert_never(command)


def _register(command: RegisterSupplier) -> tuple[SupplierEvent, ...]:
    return (
        SupplierRegistered(
            supplier_id=command.supplier_id,
            code=command.code,
            name=name_given(command.name, "supplier"),
            commune=command.commune,
            identity=command.identity,
        ),
    )


def _change(supplier: Supplier, command: ChangeSupplier) -> tuple[SupplierEvent, ...]:
    if command.name is not None:
        name_given(command.name, "supplier")
    return changes(supplier, command, SupplierDetailsChanged)


def evolve(supplier: Supplier | None, event: SupplierEvent) -> Supplier:
    """The supplier after the event."""
    match event:
        case SupplierRegistered():
            return Supplier(
                id=event.supplier_id,
                code=event.code,
                name=event.name,
                commune=event.commune,
                identity=event.identity,
            )
        case SupplierDetailsChanged():
            return with_changes(_existing(supplier), event)
        case SupplierArchived():
            return changed(_existing(supplier), archived=True)
        case _:
            assert_never(event)


def _existing(supplier: Supplier | None) -> Supplier:
    assert supplier is not None, "a supplier is registered before anything else happens to it"
    return supplier
