"""How the effects of an accepted commit may differ from what it recorded, for each kind of event.

The rules judge a commit again at its place in the log. What happened on the floor stays as
recorded; the lots chosen for an intent may differ; what a person wrote down stays as the command
gives it, except for values read from the state at that place; consequences belong to the command's
own subject.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from attrs import asdict

from manchengo import commands
from manchengo.application.facts import CHOSEN
from manchengo.application.field_merge import FIELDS
from manchengo.application.replication.effects_case import RIGHTS, Case, Effect
from manchengo.application.replication.effects_left_out import left_out, other_facts
from manchengo.application.replication.effects_on_rights import is_asked_for, without_a_cause
from manchengo.domain import delivery, device, product, recipe, sales_order
from manchengo.domain import production_order as production
from manchengo.domain.invoice import InvoicePaymentReversed
from manchengo.domain.lot import events as lot
from manchengo.domain.names import visible
from manchengo.events import EVENTS, Consequence, Fact, Intent, Record

OF_THE_STATE: dict[type, tuple[str, ...]] = {
    production.ProductionPlanned: ("recipe_id", "recipe_version", "planned", "needs"),
    recipe.RecipeDefined: ("version", "batch", "ingredients", "by_products"),
    sales_order.SalesOrderPlaced: ("lines",),
    device.DeviceEnrolled: ("mark",),
}
"""The fields of an event that its command does not give and the state does: a density, the recipe
in force, the next free number or mark.
"""


def why_not_taken(case: Case) -> str:
    """The first effect that cannot follow from the commit, or recorded event that cannot be
    missing; empty if there is none.
    """
    left = list(case.was)
    for effect in case.now:
        same = next((each for each in left if _is_same(each, effect)), None)
        if same is not None:
            left.remove(same)
        elif not _may_follow(case, effect):
            return f"{effect.kind} does not follow from {case.commit.command_type}"
    return without_a_cause(case) or other_facts(case) or left_out(case)


def _is_same(recorded: Effect, effect: Effect) -> bool:
    ours, theirs = recorded.recorded, effect.recorded
    about = (ours.aggregate_type, ours.aggregate_id, ours.event_type)
    return about == (theirs.aggregate_type, theirs.aggregate_id, theirs.event_type) and (
        recorded.is_as_recorded(effect)
    )


def _may_follow(case: Case, effect: Effect) -> bool:
    known = case.snapshot.stream(effect.subject)
    is_about_rights = bool(known) and known[0].event.aggregate_type in RIGHTS
    if effect.event is None:
        return not (effect.changes_rights or is_about_rights)
    if not effect.is_of_its_kind:
        return False
    if known and known[0].event.aggregate_type != effect.recorded.aggregate_type:
        return False
    match EVENTS[effect.kind].nature:
        case Fact():
            return not isinstance(effect.event, production.ProductionMade) or _is_made(case, effect)
        case Intent(chosen):
            return any(
                _is_same_but(each, effect.event, chosen) for each in case.recorded_as(effect)
            )
        case Record():
            return _record_follows(case, effect)
        case Consequence():
            return case.commands is None or _consequence_follows(case, case.commands, effect)


def _is_same_but(recorded: Any, event: Any, *but: str) -> bool:
    """Whether the two differ in these fields only."""
    if type(recorded) is not type(event):
        return False
    was, now = asdict(recorded, recurse=False), asdict(event, recurse=False)
    return all(was[name] == now[name] for name in was if name not in but)


def _record_follows(case: Case, effect: Effect) -> bool:
    recorded, event = case.recorded_as(effect), effect.event
    if type(event) in FIELDS:
        return any(_is_narrowed(each, event) for each in recorded)
    if any(_is_same_but(each, event, *OF_THE_STATE.get(type(event), ())) for each in recorded):
        return _asks_for_the_same(recorded, event)
    if case.commands is None:
        return bool(recorded) and not effect.changes_rights
    return any(_is_asked_for(case, command, effect) for command in case.commands)


def _is_narrowed(recorded: Any, event: Any) -> bool:
    """Whether it writes some of the recorded fields, each with the recorded value."""
    names = FIELDS[type(event)]
    return _is_same_but(recorded, event, *names) and all(
        getattr(event, name) in (None, getattr(recorded, name)) for name in names
    )


def _asks_for_the_same(recorded: Sequence[Any], event: Any) -> bool:
    """Whether an order is for the same products at the same prices, in whatever unit."""
    if not isinstance(event, sales_order.SalesOrderPlaced):
        return True
    lines = [(line.product_id, line.unit_price) for line in event.lines]
    return any(
        lines == [(line.product_id, line.unit_price) for line in each.lines] for each in recorded
    )


def _is_asked_for(case: Case, command: Any, effect: Effect) -> bool:
    """Whether it is what the command asks for, where the device that recorded it had nothing to
    change.
    """
    subject, event = effect.subject, effect.event
    match command, event:
        case (
            (commands.QuarantineLot(), lot.LotQuarantined())
            | (commands.BlockLot(), lot.LotBlocked())
            | (commands.ReleaseLot(), lot.LotReleased())
        ):
            recall = (command.lot_id, command.on, visible(command.reason))
            return recall == (subject, event.on, visible(event.reason))
        case commands.SetDensity(), product.ProductDensitySet():
            set_so = (command.product_id, command.valid_from, command.density)
            return set_so == (subject, event.valid_from, event.density)
        case commands.ArchiveRecipe(), recipe.RecipeArchived():
            return command.recipe_id == subject
        case _:
            return is_asked_for(case, command, effect)


def _consequence_follows(case: Case, causes: Sequence[Any], effect: Effect) -> bool:
    event = effect.event
    match event:
        case lot.LotRecalled():
            return effect.subject in _born(case) or any(
                isinstance(command, commands.RecallLot)
                and (command.lot_id, command.on, visible(command.reason))
                == (event.source, event.on, event.reason)
                for command in causes
            )
        case lot.LotReserved():
            picked = (effect.subject, event.quantity) in _picked(case)
            is_due = (
                picked
                or effect.subject in _in_the_van(case)
                or _had_let_go(case, effect)
                or _is_taken_back(case, effect)
            )
            return is_due and event.owner in set(_orders(case, causes))
        case lot.LotUnreserved():
            return event.owner in set(_orders(case, causes))
        case InvoicePaymentReversed():
            return any(
                isinstance(command, commands.VoidPayment) and command.payment_id == event.payment_id
                for command in causes
            )
        case _:
            return False


def _born(case: Case) -> set[UUID]:
    return {
        each.subject
        for each in case.now
        if isinstance(each.event, lot.LotReceived | lot.LotProduced)
    }


def _picked(case: Case) -> set[tuple[UUID, Any]]:
    return {
        (pick.lot_id, pick.quantity)
        for each in case.now
        if type(each.event) in CHOSEN
        for pick in getattr(each.event, CHOSEN[type(each.event)])
    }


def _in_the_van(case: Case) -> set[UUID]:
    return {
        each.event.lot_id for each in case.now if isinstance(each.event, delivery.DeliveryLoaded)
    }


def _is_taken_back(case: Case, effect: Effect) -> bool:
    """Whether at least as much of the lot is taken back of what was poured for the same order."""
    return any(
        isinstance(each.event, lot.LotTakenBack)
        and (each.subject, each.event.order_id) == (effect.subject, effect.event.owner)
        and each.event.quantity >= effect.event.quantity
        for each in case.now
    )


TAKES_BACK = (
    delivery.DeliveryUnloaded,
    sales_order.SalesOrderReopened,
    production.ProductionReopened,
)
"""What reserves again what was let go: a lot comes off the van, an order goes on."""


def _had_let_go(case: Case, effect: Effect) -> bool:
    """Whether the commit takes back a step, and the order had let go of this lot."""
    takes_back = any(isinstance(each.event, TAKES_BACK) for each in case.now)
    return takes_back and any(
        isinstance(each.event, lot.LotUnreserved) and each.event.owner == effect.event.owner
        for each in case.happened(effect.subject)
    )


def _orders(case: Case, causes: Sequence[Any]) -> Iterator[UUID]:
    """The orders for which the commit may reserve lots or give them back."""
    for command in causes:
        if hasattr(command, "order_id"):
            yield command.order_id
        if hasattr(command, "delivery_id"):
            yield from (
                each.event.order_id
                for each in (*case.now, *case.happened(command.delivery_id))
                if isinstance(each.event, delivery.DeliveryPrepared)
            )


def _is_made(case: Case, effect: Effect) -> bool:
    """Whether a make in one event is the one that a past program recorded in several."""
    made = effect.event
    steps = [each.event for each in case.was if each.subject == effect.subject]
    planned = (step for step in steps if isinstance(step, production.ProductionPlanned))
    started = (step for step in steps if isinstance(step, production.ProductionStarted))
    told_so = case.recorded_as(effect)
    return bool(told_so) or (
        any((step.code, step.product_id) == (made.code, made.product_id) for step in planned)
        and any(step.picks == made.picks for step in started)
    )
