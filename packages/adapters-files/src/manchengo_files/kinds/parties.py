"""Suppliers and clients: one line registers one of them, or changes what is recorded of one.

A register keeps address and town as one text, with a comma between them. A row that tells only one
of the two replaces the whole of a text without a comma; of one with a comma it cannot be known what
to replace, and the row must give both.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve

from manchengo.commands import Command
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.ids import Ids
from manchengo.ports.rows import PartyRow
from manchengo_files.codes import Codes
from manchengo_files.kinds.kind import Kind
from manchengo_files.kinds.line import Line
from manchengo_files.kinds.register_line import register_line
from manchengo_files.kinds.update import (
    SEVERAL_READINGS,
    Change,
    Difference,
    Objection,
    differences,
    new_values,
)
from manchengo_presenters.field_types import PRICE_LIST
from manchengo_presenters.language import N_, _
from manchengo_presenters.register_entries import change, recorded, registration
from manchengo_presenters.registers import CLIENT, SUPPLIER, Register, RegisterField

CITY = RegisterField(name="city", label=N_("Town"), columns=("ville", "localite", "town"))
"""Only files have it: a town that the commune's code does not tell ends the address."""


Values = Mapping[str, Any]
"""What the cells of a row tell, by the names of its line."""


def _line(name: str, register: Register) -> type[Line]:
    beside = {"address": (CITY,)}
    return register_line(
        name, (each for field in register.fields for each in (field, *beside.get(field.name, ())))
    )


def _registering(register: Register) -> Callable[[Sequence[Line], Codes, Ids], Command]:
    def command(lines: Sequence[Line], _codes: Codes, ids: Ids) -> Command:
        (line,) = lines
        values = line.facts()
        address = _address(values)
        given = {name: value for name, value in values.items() if name not in ("address", "city")}
        return registration(register, ids.new(), given | ({"address": address} if address else {}))

    return command


def _address(values: Values) -> str:
    """A town that the commune's code does not tell stands at the end of the address."""
    return ", ".join(values[name] for name in ("address", "city") if name in values)


# ------------------------------------------------------------------------------------ changes


def _changing(register: Register) -> Callable[[Sequence[Line], Codes, date], Change | None]:
    def changed(lines: Sequence[Line], codes: Codes, _today: date) -> Change | None:
        (line,) = lines
        values = line.facts()
        row = codes.find(register.kind, values["code"])
        if row is None:
            return None
        assert isinstance(row, PartyRow), "looked for among the parties"
        found, objections = _party_differences(values, row.address, recorded(codes.snapshot, row))
        return Change(
            code=row.code,
            command=change(register, row, _given(found)) if found and not objections else None,
            differences=found,
            objections=objections,
        )

    return changed


def _party_differences(
    values: Values, address: str, known: Mapping[str, Any]
) -> tuple[tuple[Difference, ...], tuple[Objection, ...]]:
    """The fields that differ, and those that cannot be compared. ``address``: as recorded."""
    compared = dict(values)
    objections: tuple[Objection, ...] = ()
    if _is_recorded(address, values):
        compared.pop("address", None)
    else:
        compared["address"] = _address(values)
        objections = tuple(_two_readings(values, address))
    found = differences(compared, known)
    if "address" not in values:  # the line gives the town alone: name its column
        found = tuple(
            evolve(each, field="city") if each.field == "address" else each for each in found
        )
    return found, objections


def _is_recorded(recorded: str, values: Values) -> bool:
    """Whether the recorded address holds what the row gives of it already."""
    whole = _address(values)
    if "address" in values and "city" in values:
        return recorded == whole
    return (
        whole in ("", recorded)
        or ("city" in values and recorded.endswith(f", {whole}"))
        or ("address" in values and recorded.startswith(f"{whole}, "))
    )


def _two_readings(values: Values, recorded: str) -> Sequence[Objection]:
    """Of a row that gives one of address and town, where both may be recorded."""
    is_whole = "address" in values and ("city" in values or "," in values["address"])
    if is_whole or "," not in recorded:
        return ()
    message = _(
        "“{recorded}” is recorded, address and town together: fill in both columns, address and "
        "town, or write the whole address in its column."
    ).format(recorded=recorded)
    field = "address" if "address" in values else "city"
    return [Objection(field=field, rule=SEVERAL_READINGS, message=message)]


def _given(found: Sequence[Difference]) -> Mapping[str, Any]:
    new = new_values(found)
    if "city" in new:
        new["address"] = new.pop("city")
    return new


def _kind(kind: ImportKind, register: Register) -> Kind[Line]:
    return Kind(
        kind=kind,
        registers=register.kind,
        line=_line(f"{register.kind.title()}Line", register),
        command=_registering(register),
        change=_changing(register),
        references={each.name: each.name for each in register.fields if each.type is PRICE_LIST},
        columns={register.kind: "code"},
    )


SUPPLIERS = _kind(ImportKind.SUPPLIERS, SUPPLIER)
CLIENTS = _kind(ImportKind.CLIENTS, CLIENT)
