"""The history of an entry of a register, in words: what changed, from what to what, who, when."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.application.register_history import EntryChange, RegisterRow, history_of
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view
from manchengo_presenters.field_values import VALUES, list_price
from manchengo_presenters.formatting import day, moment
from manchengo_presenters.language import _
from manchengo_presenters.register_entries import register_of
from manchengo_presenters.registers import ARCHIVED, Register

EMPTY = (None, "", False, 0)
NOTHING = "–"
PRICES = "prices"


@frozen(kw_only=True)
class HistoryLine:
    """``title``: what was done. ``changes``: each with what it is about, and the value before (""
    where the entry is new) and after. ``note``: why there is none; "" where there is one.
    """

    when: str
    who: str
    title: str
    changes: tuple[tuple[str, str, str], ...]
    note: str = ""


def entry_history(snapshot: Snapshot, row: RegisterRow) -> tuple[HistoryLine, ...]:
    """The history of that entry, the latest first, as far as the person may read it."""
    unit = getattr(row, "unit", "")
    return tuple(_line(snapshot, row, each, unit) for each in history_of(snapshot, row))


def _line(snapshot: Snapshot, row: RegisterRow, change: EntryChange, unit: str) -> HistoryLine:
    is_told = bool(change.is_new or change.changes)
    return HistoryLine(
        when=moment(change.at),
        who=command_view.known_person(snapshot, change.user_id),
        title=_title(change),
        changes=(*_changes(register_of(row), change, unit), *_prices(snapshot, change)),
        note="" if is_told else _("Your roles do not allow you to read what changed."),
    )


def _title(change: EntryChange) -> str:
    if change.is_new:
        return _("Registered")
    if any(each.name == ARCHIVED.name for each in change.changes):
        return _("Archived")
    return _("Changed")


def _changes(register: Register, change: EntryChange, unit: str) -> Iterator[tuple[str, str, str]]:
    """In the order of the register. Of a new entry, what it was given."""
    known = {each.name: each for each in change.changes}
    for field in register.filled_in:
        found = known.get(field.name)
        if found is None or (change.is_new and (field.is_fixed or found.after in EMPTY)):
            continue
        say = VALUES[field.type].say
        before = "" if change.is_new else _said(found.before, say, unit)
        yield _(field.label), before, _said(found.after, say, unit)
    density = known.get("densities")
    if density is not None and density.after:
        valid_from, value = density.after[-1]
        yield _("Density"), "", _("{density} from {day}").format(density=value, day=day(valid_from))


def _prices(snapshot: Snapshot, change: EntryChange) -> Iterator[tuple[str, str, str]]:
    """Of a price list: each price that was set, by its product and day."""
    prices = next((each for each in change.changes if each.name == PRICES), None)
    before, after = (prices.before or {}, prices.after) if prices else ({}, {})
    for product_id in dict.fromkeys([*before, *after]):
        was, becomes = dict(before.get(product_id, ())), dict(after.get(product_id, ()))
        product = product_of(snapshot, product_id)
        for since in sorted({*was, *becomes}):
            if was.get(since) != becomes.get(since):
                price = becomes.get(since)
                after = NOTHING if price is None else list_price(price, product.unit)
                yield (
                    product.name,
                    list_price(was[since], product.unit) if since in was else "",
                    _("{price} from {day}").format(price=after, day=day(since)),
                )


def _said(value: Any, say: Any, unit: str) -> str:
    return NOTHING if value in EMPTY else str(say(value, unit))
