"""Each field of a register is described once, and none is left out."""

import pytest
from attrs import fields

from manchengo.domain.identity import Identity
from manchengo_presenters.field_values import VALUES
from manchengo_presenters.register_entries import ENTRIES, NOT_SHOWN, Entries
from manchengo_presenters.registers import ARCHIVED, REGISTERS

COLUMNS_BESIDE = {"price_per", "unit", ARCHIVED.name}
"""For how many units a price is, in which unit a quantity; an entry is archived by a command."""


@pytest.mark.parametrize("entries", ENTRIES.values(), ids=list(ENTRIES))
def test_every_column_of_a_register_is_described(entries: Entries) -> None:
    described = {each.name for each in entries.register.fields}
    for row in entries.rows:
        columns = {each.name for each in fields(row)} - NOT_SHOWN
        assert columns - COLUMNS_BESIDE <= described


@pytest.mark.parametrize("kind", ["supplier", "client", "price_list", "product"])
def test_whatever_a_command_takes_is_described(kind: str) -> None:
    entries = ENTRIES[kind]
    described = {each.name for each in entries.register.filled_in}
    asked = {each.name for each in fields(entries.registers)}
    of_identity = {each.name for each in fields(Identity)}
    whole = asked - {entries.register.id, "identity"} | (
        of_identity if "identity" in asked else set()
    )
    assert described == whole


def test_every_type_of_field_is_read_and_shown() -> None:
    described = [each.type for register in REGISTERS.values() for each in register.fields]
    assert set(described) | {ARCHIVED.type} == set(VALUES)


def test_a_field_that_two_registers_have_is_called_the_same_in_both() -> None:
    named = {(each.name, each.label) for register in REGISTERS.values() for each in register.fields}
    assert len(named) == len({name for name, _label in named})
