"""The registers: a list of each, and one entry with all that is known of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from manchengo import withheld
from manchengo.ports.lists import OneOf
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot
from manchengo_cli import listing
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Lines, Table, answer, paired, tabled
from manchengo_cli.session import Session
from manchengo_presenters.language import _
from manchengo_presenters.listing import Asked, listed
from manchengo_presenters.register_entries import ENTRIES, find, labelled_values, shape, text
from manchengo_presenters.registers import REGISTERS, Register


def show_list(session: Session, kind: str, *, archived: bool, asked: Asked | None = None) -> None:
    """Answer the entries of a register; with ``archived``, also those."""
    register = REGISTERS[kind]
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        rows = _rows(snapshot, register, asked or Asked(), archived=archived)
        found = [(shape(snapshot, row, whole=False), row) for row in rows]
        if asked is None:
            found.sort(key=_by_kind_and_code)
        answer(
            session,
            shape=lambda: [entry for entry, _row in found],
            page=lambda: [
                listing.listed(table(snapshot, register, [row for _entry, row in found]), asked)
            ],
        )


def _rows(snapshot: Snapshot, register: Register, asked: Asked, *, archived: bool) -> list[Row]:
    in_use = () if archived else (OneOf("archived", (False,)),)
    after = find(snapshot, register, asked.after) if asked.after else None
    return listed(snapshot, ENTRIES[register.kind].rows, asked, *in_use, after=after)


def _by_kind_and_code(entry: tuple[dict[str, Any], Row]) -> list[str]:
    return [entry[0].get(name, "") for name in ("kind", "code", "product")]


def show_one(session: Session, kind: str, code: str) -> None:
    """Answer the entry of a register with that code."""
    register = REGISTERS[kind]
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        row = find(snapshot, register, code)
        answer(
            session,
            shape=lambda: shape(snapshot, row, whole=True),
            page=lambda: [card(snapshot, row)],
        )


def table(snapshot: Snapshot, register: Register, rows: Sequence[Row]) -> Table:
    """Without the columns that whoever asked may not read."""
    hidden = {name for row in rows for name in withheld(row)}
    shown = [register.field(name) for name in register.in_list if name not in hidden]
    return tabled(
        rows,
        *(
            Column(_(each.label), partial(text, snapshot, each), figures=each.type.is_figure)
            for each in shown
        ),
        empty=_("There is none yet. Record one with “manchengo {kind} add”.").format(
            kind=register.kind.replace("_", "-")
        ),
    )


def card(snapshot: Snapshot, row: Row) -> Lines:
    """One entry, a line for each thing that is known."""
    return paired(dict(labelled_values(snapshot, row)))
