"""What was corrected of a lot: the old value, the new one, when and why."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from manchengo.application.by_id import lot_of
from manchengo.application.corrections import CorrectedField, corrections
from manchengo.application.holds import Hold, holds_of_lot
from manchengo.commands import CorrectLot
from manchengo.domain.lot.state import CORRECTABLE
from manchengo.domain.unit_price import UnitPrice
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view, confirmations, words
from manchengo_presenters.formatting import NO_BREAK, day, plain_price
from manchengo_presenters.language import _

NONE = "—"


def confirmation(snapshot: Snapshot, command: CorrectLot) -> Iterable[str]:
    """The lot, what is corrected of it, and the orders that keep some of what may not leave now."""
    row = lot_of(snapshot, command.lot_id)
    given = [name for name in CORRECTABLE if getattr(command, name) is not None]
    latest = {each.field: each for each in corrections(snapshot, row.id) if each.field in given}
    yield confirmations.lot_now(row, command.on)
    for each in latest.values():
        yield field_change(each)
    if not latest:
        yield _("It is already so: nothing is corrected.")
    for hold in holds_of_lot(snapshot, row.id, command.on):
        if hold.why is not None:
            yield warning(hold)


def field_change(each: CorrectedField) -> str:
    """``Péremption : 31/12/2026 → 15/10/2026, corrigé le 05/10/2026 (étiquette mal lue)``."""
    return _("{field}: {before} → {after}, corrected on {day} ({reason})").format(
        field=command_view.label(each.field),
        before=value(each.field, each.before),
        after=value(each.field, each.after),
        day=day(each.day),
        reason=each.reason,
    )


def old_values(known: Iterable[CorrectedField]) -> str:
    """``Péremption : 31/12/2026``: what stood written until it was corrected, the oldest first."""
    before: dict[str, str] = {}
    for each in known:
        before.setdefault(each.field, value(each.field, each.before))
    return ", ".join(f"{command_view.label(name)}{NO_BREAK}: {old}" for name, old in before.items())


def value(field: str, text: str) -> str:
    """A stored value of that field, as people read it."""
    if field == "expiry":
        return day(date.fromisoformat(text)) if text else NONE
    if field == "unit_price":
        return words.price_without_unit(_price(text))
    return text or NONE


def shape(each: CorrectedField) -> dict[str, Any]:
    """The correction of one field, for JSON."""
    return {
        "field": names((each.field,))[0],
        "before": _plain(each.field, each.before),
        "after": _plain(each.field, each.after),
        "date": each.day.isoformat(),
        "reason": each.reason,
    }


def names(fields: tuple[str, ...]) -> list[str]:
    """As JSON calls these fields."""
    return [each.removesuffix("_id") for each in fields]


def _plain(field: str, text: str) -> str | None:
    if field == "unit_price":
        price = _price(text)
        return plain_price(price.centimes, price.per)
    return text or None


def _price(text: str) -> UnitPrice:
    """From the row of a correction: centimes, and for how many units where that is not one."""
    centimes, _slash, per = text.partition("/")
    return UnitPrice(int(centimes), int(per or 1))


def warning(hold: Hold) -> str:
    """That an order keeps some of a lot that may not leave, and what to do about it."""
    assert hold.why is not None, "said only of what may not leave"
    sentence = _(
        "Attention: {quantity} of {lot} stay reserved for {order}, and may not leave any more "
        "({why}). Take another lot instead, or cancel the order."
    )
    if hold.deliveries:
        sentence = _(
            "Attention: {quantity} of {lot} stay reserved for {order}, loaded in {deliveries}, and "
            "may not leave any more ({why}). Cancel that delivery note, and load another lot."
        )
    return sentence.format(
        quantity=words.measured(hold.quantity, hold.unit),
        lot=hold.lot,
        order=hold.order,
        deliveries=", ".join(hold.deliveries),
        why=words.word(words.SKIPPED, hold.why),
    )
