"""What an accepted commit recorded and the log leaves out: the state must explain it.

What happened on the floor is taken whole and in order, or not at all. What a person changed is left
out where the state is already so, mostly because another device recorded the same step first.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from manchengo import codec, commands
from manchengo.application.facts import OF_A_WHOLE_MAKE, missing_and_extra
from manchengo.application.field_merge import FIELDS
from manchengo.application.replication.effects_case import Case, Effect
from manchengo.domain import access, person_keys, product, sales_order
from manchengo.domain import production_order as production
from manchengo.domain.import_batch import EntriesUndone, ImportUndone, ImportUndoneInPart
from manchengo.domain.lot import events as lot
from manchengo.events import EVENTS, Fact, Intent, Record

MAY_BE_SO_ALREADY = (
    *FIELDS,
    lot.LotQuarantined,
    lot.LotBlocked,
    lot.LotReleased,
    product.ProductDensitySet,
    EntriesUndone,
)
"""Events that are left out where another event has brought about the same state already."""


def other_facts(case: Case) -> str:
    """Events about the floor that were not recorded, or in another order, or that are missing
    though others of the commit are there. An event that this program cannot read may stand for a
    missing one.
    """
    was, now = _readable(case.was), _readable(case.now)
    missing, extra = missing_and_extra(was, now)
    if extra:
        return f"{type(extra[0][1]).__name__} was not recorded"
    if not case.now or len(now) < len(case.now):
        return ""
    if missing:
        return f"{type(missing[0][1]).__name__} is missing"
    return "" if _by_subject(was) == _by_subject(now) else "the facts are in another order"


def _readable(effects: Sequence[Effect]) -> list[tuple[UUID, Any]]:
    return [(each.subject, each.event) for each in effects if each.event is not None]


def _by_subject(about: Sequence[tuple[UUID, Any]]) -> dict[UUID, list[Any]]:
    """The facts of each subject in their order, without those of a make, which past programs
    recorded in another form.
    """
    by_subject: dict[UUID, list[Any]] = {}
    for subject, event in about:
        schema = EVENTS[codec.events.name(event)]
        if isinstance(schema.nature, Fact) and schema.type not in OF_A_WHOLE_MAKE:
            by_subject.setdefault(subject, []).append(event)
    return by_subject


def left_out(case: Case) -> str:
    """The recorded events that the log leaves out and the state does not explain."""
    there = {(each.subject, each.kind) for each in case.now}
    unreadable = {each.subject for each in case.now if each.event is None}
    for each in case.was:
        is_there = (each.subject, each.kind) in there or each.subject in unreadable
        if not is_there and not _may_be_left_out(case, each):
            return f"{each.kind} is missing"
    return ""


def _may_be_left_out(case: Case, effect: Effect) -> bool:
    event = effect.event
    if event is None or isinstance(event, MAY_BE_SO_ALREADY):
        return True
    nature = EVENTS[effect.kind].nature
    if isinstance(event, lot.LotVoided) and not _was_here(case, effect.subject):
        return True  # what came out of an order was refused, so the order need not be reopened
    if isinstance(event, sales_order.SalesOrderReopened) and _is_open(case, effect.subject):
        return True
    if isinstance(event, lot.LotRecalled) and event.source == effect.subject:
        return not _was_here(case, effect.subject) or _happened_already(case, effect)
    if not isinstance(nature, Record | Intent):
        return True  # a consequence, or a fact: those are looked at as a whole
    if isinstance(event, person_keys.KeyWithdrawn) and _withdraws_a_device(case):
        return True  # which keys go is looked at where the entry is applied
    if _is_of_another_way_out(case) and not effect.changes_rights:
        return True
    if isinstance(event, access.UserRolesChanged):
        return any(
            frozenset(getattr(each.event, "roles", ())) == frozenset(event.roles)
            for each in case.happened(effect.subject)
        )
    if isinstance(event, ImportUndoneInPart):  # another device undid as much, or the whole
        return any(
            isinstance(each.event, ImportUndone | ImportUndoneInPart)
            for each in case.happened(effect.subject)
        )
    if isinstance(event, production.ProductionPlanned | production.ProductionStarted):
        made = (each.event for each in case.now if each.subject == effect.subject)
        if any(isinstance(each, production.ProductionMade) for each in made):
            return True
    return _happened_already(case, effect)


def _withdraws_a_device(case: Case) -> bool:
    return any(isinstance(command, commands.WithdrawDevice) for command in case.commands or ())


def _was_here(case: Case, subject: UUID) -> bool:
    """Whether the log had the subject by then: a lot may be claimed before it enters."""
    return bool(case.happened(subject))


def _is_open(case: Case, order_id: UUID) -> bool:
    """Whether the sales order is not over: it was reopened before, or its end was refused."""
    ends = (sales_order.SalesOrderClosed, sales_order.SalesOrderCancelled)
    steps = (*ends, sales_order.SalesOrderReopened)
    last = [each.event for each in case.happened(order_id) if isinstance(each.event, steps)][-1:]
    return not isinstance(last[0], ends) if last else True


def _happened_already(case: Case, effect: Effect) -> bool:
    return any(each.kind == effect.kind for each in case.happened(effect.subject))


def _is_of_another_way_out(case: Case) -> bool:
    """Whether it resolves an item that somebody else resolved before."""
    return not case.now and any(
        isinstance(command, commands.ResolveItem) for command in case.commands or ()
    )
