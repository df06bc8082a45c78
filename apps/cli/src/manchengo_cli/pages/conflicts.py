"""The conflicts, a line each."""

import json
from collections.abc import Iterable
from typing import Any

from manchengo import withheld
from manchengo.application.replication.rechosen import still_rechosen
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Part, Table, answer, tabled
from manchengo_cli.pages.audit import decimals
from manchengo_cli.session import Session
from manchengo_presenters import command_view, rechosen_lots
from manchengo_presenters.conflict_words import brief, first_sentence, moment, state, why
from manchengo_presenters.language import N_, _
from manchengo_workplace import identifiers

SHORT = 8
"""How much of an item's identifier is shown, where that tells it from all others."""

# ------------------------------------------------------------------------------------ the list


def show_conflicts(session: Session, *, everything: bool) -> None:
    """Answer the open items; with ``everything``, the closed ones too."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        rows = items(snapshot, everything=everything)
        room = shown_length(snapshot)
        answer(
            session,
            shape=lambda: [item_shape(snapshot, row) for row in rows],
            page=lambda: conflicts_page(snapshot, rows, room, everything=everything),
        )


def show_chosen_again(session: Session) -> None:
    """Answer the orders for which other lots were chosen than on their device."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        orders = list(still_rechosen(snapshot))
        answer(
            session,
            shape=lambda: [rechosen_lots.shape(snapshot, order) for order in orders],
            page=lambda: (
                [rechosen_lots.sentence(snapshot, order) for order in orders]
                or [_("Every order has the lots that were chosen on its device.")]
            ),
        )


def items(snapshot: Snapshot, *, everything: bool) -> list[ResolutionItemRow]:
    """The open ones, or all, in the order in which they were recorded."""
    rows = (
        snapshot.rows(ResolutionItemRow)
        if everything
        else snapshot.rows(ResolutionItemRow, status="open")
    )
    return sorted(rows, key=lambda row: (row.recorded_at, row.id))


def item_shape(snapshot: Snapshot, row: ResolutionItemRow) -> dict[str, Any]:
    """An item as JSON."""
    return {
        "item": str(row.id),
        "status": row.status,
        "matter": row.matter,
        "confirmed": snapshot.entry(row.commit_id) is not None,
        "command": row.command_type,
        "recorded_at": row.recorded_at,
        "on": row.day.isoformat(),
        "user": command_view.person(snapshot, row.user_id),
        "device": command_view.device(snapshot, row.device_id),
        "refusal": row.refusal,
        **facts_shape(row),
        "message": why(row),
        "closed_by": row.closed_by or None,
        "reason": row.reason,
    }


def facts_shape(row: ResolutionItemRow) -> dict[str, Any]:
    """Nothing where whoever asked may not read what it is about."""
    return {} if "facts" in withheld(row) else {"facts": decimals(json.loads(row.facts))}


def conflicts_page(
    snapshot: Snapshot, rows: list[ResolutionItemRow], room: int, *, everything: bool
) -> Iterable[Part]:
    """The items as an operator reads them. ``room``: how many characters of an id are shown."""
    yield conflicts_table(snapshot, rows, room, everything=everything)
    if any(row.status == "open" for row in rows):
        yield _("“manchengo conflicts show ID” says why each does not stand, and the ways out.")
    for order in still_rechosen(snapshot):
        yield rechosen_lots.sentence(snapshot, order)


def conflicts_table(
    snapshot: Snapshot, rows: list[ResolutionItemRow], room: int, *, everything: bool
) -> Table:
    """The items as a table. ``room``: how many characters of an id are shown."""
    last = _("State") if everything else _("Why")
    return tabled(
        rows,
        Column(_("Conflict"), lambda row: short(row, room)),
        Column(_("Recorded"), lambda row: brief(snapshot, row)),
        Column(_("By"), lambda row: command_view.known_person(snapshot, row.user_id)),
        Column(_("Device"), lambda row: command_view.known_device(snapshot, row.device_id)),
        Column(_("When"), lambda row: moment(row.recorded_at)),
        Column(last, lambda row: state(row) if everything else first_sentence(why(row))),
        empty=_("Nothing was ever in conflict.")
        if everything
        else _("Nothing is in conflict: everything that was recorded stands."),
    )


# --------------------------------------------------------------------------- identifiers


def find(snapshot: Snapshot, beginning: str) -> ResolutionItemRow:
    """The item whose identifier begins so; ``Unknown`` when none does."""
    return identifiers.beginning_with(
        beginning,
        snapshot.rows(ResolutionItemRow),
        kind="resolution",
        ambiguous=(
            "AmbiguousItem",
            N_("Several conflicts begin with {beginning}: {items}. Give more of it."),
        ),
    )


def shown_length(snapshot: Snapshot) -> int:
    """How many digits tell every item from all others."""
    return identifiers.shown_length(snapshot.rows(ResolutionItemRow))


def short(row: ResolutionItemRow, room: int) -> str:
    """The first ``room`` characters of the item's id."""
    return row.id.hex[:room]
