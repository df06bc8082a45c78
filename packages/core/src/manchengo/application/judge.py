"""Judge a commit against the state at the head of the log: the same answer on every device.

Pure but for the unit of work given: no clock, no chance, no order of dictionaries. A commit with a
fact in it stands or falls as it was recorded (``facts`` says what is one); a commit that only chose
lots is given others by the same policy where its choice no longer holds; of two writers of one
field, the later one is right. A paper that was printed stands, and a person looks at what speaks
against it. A commit of a newer program is parked, never guessed at, and so is
what was built on it.
"""

from datetime import date
from typing import Any
from uuid import UUID

from attrs import evolve as changed
from attrs import frozen

from manchengo import codec, commands
from manchengo.application import field_merge
from manchengo.application.authors import Author, check_author, check_has_rights
from manchengo.application.command_check import check_lengths
from manchengo.application.decide import decide
from manchengo.application.facts import (
    MOVES,
    Facts,
    RecordedOtherwise,
    chosen_otherwise,
    differing,
)
from manchengo.application.genealogy import lot_row
from manchengo.application.handlers.resolution import recorded_command
from manchengo.application.judgement import Accepted, Judgement, Parked, Reallocated, Rejected
from manchengo.application.parked import is_parked, on_something_parked
from manchengo.application.printed_papers import permit_or_printed
from manchengo.application.unit_of_work import NewEvent, StateCache, UnitOfWork, decoded, folded
from manchengo.commands import COMMANDS
from manchengo.domain.aggregates import AGGREGATES, USER
from manchengo.domain.allocation import Pick
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Archived, Refused, WrongState
from manchengo.domain.ids import ProductId
from manchengo.domain.production_order import ProductionStarted
from manchengo.domain.sales_order import SalesOrderConfirmed, SalesOrderReopened
from manchengo.events import EVENTS, Fact, Intent
from manchengo.ports.store import Snapshot


@frozen
class BuiltOnParked(Exception):
    """The commit is about an aggregate that a parked commit is about."""


LEADS_TO: dict[type[commands.Command], frozenset[str]] = {
    schema.type: schema.leads_to for schema in commands.COMMANDS.values() if schema.leads_to
}
"""The states that a command brings about: the first of two such commands does it for both."""

_ALWAYS_THERE = {
    name for name, schema in EVENTS.items() if isinstance(schema.nature, Fact | Intent)
}
"""What is accepted as it was recorded, or not at all."""


def may_do_nothing(commit: Commit) -> bool:
    """Whether the commit may be accepted without any effect: it recorded nothing that happened and
    chose no lots, or another device took the same step first. True for a newer program's command,
    since this program cannot tell.
    """
    schema = COMMANDS.get(commit.command_type)
    if schema is None or schema.leads_to or schema.type is commands.ResolveItem:
        return True
    return not any(event.event_type in _ALWAYS_THERE for event in commit.events)


def judge(
    snapshot: Snapshot,
    commit: Commit,
    *,
    hlc_eff: str | None = None,
    on: date | None = None,
    state_cache: StateCache | None = None,
) -> Judgement:
    """Judges the commit against the state at the head of the log.

    ``hlc_eff``: the stamp by which its field writes count; its own unless the server gives another.
    ``on``: the day on which the server judges it; None where no server is asked.
    """
    state_cache = state_cache or StateCache()
    try:
        command = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
        is_report = isinstance(command, commands.ReportReusedId)
        asked_for = recorded_command(commit) if is_report else command
        recorded = [
            codec.events.decode(event.event_type, event.schema_version, event.payload)
            for event in commit.events
        ]
    except codec.Unreadable as unreadable:
        work = UnitOfWork(snapshot, state_cache)
        return _author_refused(work, commit, on, may_nothing=True) or Parked(unreadable)
    about = [
        (event.aggregate_id, known) for event, known in zip(commit.events, recorded, strict=True)
    ]
    work = UnitOfWork(
        snapshot,
        state_cache,
        pinned=_choices(recorded) or None,
        facts=Facts.of(about),
        author_id=commit.user_id,
        author_key=commit.authorship.key.hex() if commit.authorship else "",
        device_id=commit.device_id,
    )
    author_refused = _author_refused(work, commit, on)
    if author_refused is not None:
        return author_refused
    if not _withdraws_a_lot(snapshot, command) and on_something_parked(snapshot, commit):
        return Parked(BuiltOnParked())
    try:
        permit_or_printed(work, commit, asked_for)
        if not is_report:  # which holds another command, as its bytes
            check_lengths(commit.command_type, commit.command)
        return _settled(work, commit, command, about, hlc_eff or commit.hlc)
    except Refused as refusal:
        return Rejected(refusal)


def _author_refused(
    work: UnitOfWork, commit: Commit, on: date | None, *, may_nothing: bool = False
) -> Judgement | None:
    """Rejected where the author had no right to write the commit, parked where the commit that
    makes the author known is parked, None otherwise.

    ``may_nothing``: also check that the author has any right at all, for a commit of which this
    program cannot tell which right it needs.
    """
    try:
        check_author(work, Author.of(commit, on=on))
        if may_nothing:
            check_has_rights(work, commit.user_id)
    except Refused as refusal:
        if is_parked(work.snapshot, commit, USER.name, commit.user_id):
            return Parked(BuiltOnParked())
        return Rejected(refusal)
    return None


About = list[tuple[UUID, Any]]
"""The events that a commit recorded, each with the aggregate that it is about."""


def _settled(
    work: UnitOfWork, commit: Commit, command: Any, recorded: About, hlc: str
) -> Judgement:
    """Judges by the rules. Raises ``Refused`` where the commit is rejected."""
    as_recorded = _decided(work, command)
    if isinstance(as_recorded, Refused):
        if _there_already(work.snapshot, command, as_recorded, recorded):
            return Accepted(())
        if work.facts is not None or work.pinned is None:
            raise as_recorded
        work = UnitOfWork(work.snapshot, work.state_cache)
        afresh = _decided(work, command)
        if isinstance(afresh, Refused):
            raise as_recorded
        return _chosen_again(work, recorded, afresh)
    if work.facts is None and chosen_otherwise(recorded, _about(as_recorded)):
        return _chosen_again(work, recorded, as_recorded)
    _facts_as_recorded(work, recorded, as_recorded)
    new_events, contested = field_merge.settled(work.snapshot, commit, as_recorded, hlc)
    is_all = new_events == as_recorded
    objections = tuple(work.objections)
    return Accepted(
        _events(new_events), new_events, contested, work if is_all else None, objections
    )


def _chosen_again(
    work: UnitOfWork, recorded: About, new_events: tuple[NewEvent, ...]
) -> Reallocated:
    _facts_as_recorded(work, recorded, new_events)
    return Reallocated(_events(new_events), new_events, work)


def _facts_as_recorded(work: UnitOfWork, recorded: About, new_events: tuple[NewEvent, ...]) -> None:
    """Raises ``RecordedOtherwise`` where the rules give other events than those recorded."""
    subjects = differing(recorded, _about(new_events))
    if subjects:
        raise RecordedOtherwise(subjects=tuple(_code(work, subject) for subject in subjects))


def _about(new_events: tuple[NewEvent, ...]) -> About:
    return [(each.aggregate_id, each.event) for each in new_events]


def _code(work: UnitOfWork, subject: UUID) -> str:
    """The code or the number by which people call it."""
    stream = work.snapshot.stream(subject)
    known = AGGREGATES.get(stream[0].event.aggregate_type) if stream else None
    state: Any = folded(known, stream).state if known else None
    return str(getattr(state, "code", None) or getattr(state, "number", None) or subject)


def _decided(work: UnitOfWork, command: Any) -> tuple[NewEvent, ...] | Refused:
    try:
        decide(work, command)
    except Refused as refusal:
        return refusal
    return tuple(work.new_events)


def _events(new_events: tuple[NewEvent, ...]) -> tuple[Any, ...]:
    return tuple(each.event for each in new_events)


def _withdraws_a_lot(snapshot: Snapshot, command: Any) -> bool:
    """Whether the command takes an accepted lot out of use. Such a command is never parked behind
    another: whatever a parked commit did with the lot, nobody may use or sell any more of it.
    """
    withdrawing = (commands.RecallLot, commands.BlockLot, commands.QuarantineLot)
    return isinstance(command, withdrawing) and lot_row(snapshot, command.lot_id) is not None


def _there_already(snapshot: Snapshot, command: Any, refusal: Refused, recorded: About) -> bool:
    """Somebody else took the same step first: nothing is left to do, and nobody is wrong. What was
    recorded to have moved must have moved by theirs, too.
    """
    return _is_same_step(command, refusal) and all(
        _stands(snapshot, lot_id, event)
        for lot_id, event in recorded
        if type(event) in MOVES.values()
    )


def _stands(snapshot: Snapshot, lot_id: UUID, moved: Any) -> bool:
    """Whether exactly that happened to the lot, on whatever day."""
    return any(
        changed(other, on=moved.on) == moved
        for other in decoded(snapshot.stream(lot_id))
        if type(other) is type(moved)
    )


def _is_same_step(command: Any, refusal: Refused) -> bool:
    match refusal:
        case WrongState() if isinstance(command, commands.ResolveItem):
            return refusal.state == command.way
        case WrongState():
            return refusal.state in LEADS_TO.get(type(command), ())
        case Archived():
            return commands.ARCHIVED in LEADS_TO.get(type(command), ())
        case _:
            return False


def _choices(events: list[Any]) -> dict[ProductId, tuple[Pick, ...]]:
    """The lots that a policy chose when the commit was recorded, by product."""
    choices: dict[ProductId, tuple[Pick, ...]] = {}
    for event in events:
        if isinstance(event, ProductionStarted | SalesOrderConfirmed | SalesOrderReopened):
            for pick in event.picks:
                known = choices.get(pick.product_id, ())
                choices[pick.product_id] = (*known, Pick(pick.lot_id, pick.quantity))
    return choices
