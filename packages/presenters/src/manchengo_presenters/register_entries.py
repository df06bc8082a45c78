"""One entry of a register: the commands that write it, and how what is recorded is shown."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import evolve, fields, frozen

from manchengo import commands, withheld
from manchengo.application import by_code
from manchengo.commands import Command
from manchengo.domain.identity import Identity
from manchengo.ports.rows import (
    FOLLOWING,
    ClientRow,
    FinishedProductRow,
    PriceListRow,
    RawProductRow,
    RecipeRow,
    Row,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters.field_values import VALUES, parser
from manchengo_presenters.language import _
from manchengo_presenters.registers import (
    ARCHIVED,
    CLIENT,
    PRICE_LIST,
    PRODUCT,
    RECIPE,
    SUPPLIER,
    Register,
    RegisterField,
)

IDENTITY = frozenset(each.name for each in fields(Identity))
"""The fields that a party's ``identity`` holds: commands have them in one value, rows apart."""

NOT_SHOWN = {"id", "product_id", *FOLLOWING}
"""Columns that say nothing to people: codes stand for identifiers."""


@frozen(kw_only=True)
class Entries:
    """Where the entries of a register are, and the commands that write them.

    ``find``: the row of a code; raises ``Unknown``, ``Ambiguous``.
    """

    register: Register
    rows: tuple[type[Row], ...]
    find: Callable[[Snapshot, str], Any]
    registers: type[Command]
    changes: type[Command]
    archives: type[Command]


ENTRIES = {
    each.register.kind: each
    for each in (
        Entries(
            register=SUPPLIER,
            rows=(SupplierRow,),
            find=lambda snapshot, code: by_code.coded(snapshot, SupplierRow, code),
            registers=commands.RegisterSupplier,
            changes=commands.ChangeSupplier,
            archives=commands.ArchiveSupplier,
        ),
        Entries(
            register=CLIENT,
            rows=(ClientRow,),
            find=lambda snapshot, code: by_code.coded(snapshot, ClientRow, code),
            registers=commands.RegisterClient,
            changes=commands.ChangeClient,
            archives=commands.ArchiveClient,
        ),
        Entries(
            register=PRICE_LIST,
            rows=(PriceListRow,),
            find=lambda snapshot, code: by_code.coded(snapshot, PriceListRow, code),
            registers=commands.RegisterPriceList,
            changes=commands.ChangePriceList,
            archives=commands.ArchivePriceList,
        ),
        Entries(
            register=PRODUCT,
            rows=(RawProductRow, FinishedProductRow),
            find=by_code.product,
            registers=commands.RegisterProduct,
            changes=commands.ChangeProduct,
            archives=commands.ArchiveProduct,
        ),
        Entries(
            register=RECIPE,
            rows=(RecipeRow,),
            find=lambda snapshot, code: by_code.recipe(snapshot, by_code.product(snapshot, code)),
            registers=commands.DefineRecipe,
            changes=commands.DefineRecipe,
            archives=commands.ArchiveRecipe,
        ),
    )
}


def register_of(row: Row) -> Register:
    """The register that the row belongs to."""
    return next(each.register for each in ENTRIES.values() if isinstance(row, each.rows))


def find(snapshot: Snapshot, register: Register, code: str) -> Any:
    """The row of the entry of that code; raises ``Unknown``, ``Ambiguous``."""
    return ENTRIES[register.kind].find(snapshot, code)


# ------------------------------------------------------------------------------ commands


def registration(register: Register, entry_id: Any, given: Mapping[str, Any]) -> Command:
    """The command that registers an entry. ``given``: values by the names of their fields."""
    defaults = {
        each.name: parser(each.type)(each.default) for each in register.fields if each.default
    }
    return ENTRIES[register.kind].registers(
        **{register.id: entry_id}, **_arguments(Identity(), defaults | dict(given))
    )


def change(register: Register, row: Any, given: Mapping[str, Any]) -> Command:
    """The command that changes the fields ``given``, and leaves the others as the row has them."""
    known = Identity()
    if IDENTITY & set(given):  # only then is it read, which not everybody may
        known = Identity(**{name: getattr(row, name) for name in IDENTITY})
    return ENTRIES[register.kind].changes(**{register.id: row.id}, **_arguments(known, given))


def archiving(register: Register, row: Any) -> Command:
    """The command that archives the entry of that row."""
    return ENTRIES[register.kind].archives(**{register.id: row.id})


def _arguments(known: Identity, given: Mapping[str, Any]) -> dict[str, Any]:
    """What belongs to the identity goes into one value, beside what is ``known`` of it."""
    own = {name: value for name, value in given.items() if name not in IDENTITY}
    who = {name: value for name, value in given.items() if name in IDENTITY}
    return own | ({"identity": evolve(known, **who)} if who else {})


# ------------------------------------------------------------------------------- showing


def value(snapshot: Snapshot, field: RegisterField, row: Row) -> Any:
    """What is recorded of that field."""
    return VALUES[field.type].of_row(snapshot, row, field.name)


def recorded(snapshot: Snapshot, row: Row) -> dict[str, Any]:
    """What is recorded in the fields that may change, by their names."""
    return {
        each.name: value(snapshot, each, row)
        for each in register_of(row).fields
        if not each.is_fixed
    }


def shape(snapshot: Snapshot, row: Row, *, whole: bool) -> dict[str, Any]:
    """The entry in JSON, as far as whoever asked may read it. ``whole``: also what is kept in rows
    of its own.
    """
    hidden = NOT_SHOWN | withheld(row)
    known = {each.name: each for each in (*register_of(row).fields, ARCHIVED)}
    columns = [each.name for each in fields(type(row)) if each.name not in hidden]
    others = [name for name in known if name not in columns and name not in hidden]
    ahead = [name for name in others if not known[name].type.has_rows]
    behind = [name for name in others if known[name].type.has_rows and whole]
    return {
        name: VALUES[known[name].type].plain(value(snapshot, known[name], row))
        if name in known
        else getattr(row, name)
        for name in (*ahead, *columns, *behind)
    }


def labelled_values(snapshot: Snapshot, row: Row) -> Iterator[tuple[str, str]]:
    """What is known of the entry, each thing with its label; nothing that says nothing."""
    for each in (*register_of(row).fields, ARCHIVED):
        shown = text(snapshot, each, row)
        if shown:
            yield _(each.label), shown


def text(snapshot: Snapshot, field: RegisterField, row: Row) -> str:
    """What is recorded of that field, for people; "" where there is nothing to say to them."""
    if field.name in withheld(row):
        return ""
    recorded = value(snapshot, field, row)
    if recorded in (None, "", False, 0, []):
        return ""
    return VALUES[field.type].say(recorded, getattr(row, "unit", ""))
