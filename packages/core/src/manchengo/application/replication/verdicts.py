"""Gives a commit its verdict and its effects: for good on the server, as a prediction on a device.

Whatever the verdict, nothing of the commit is lost: what is refused or cannot be read opens an item
for a person to decide on, as an effect of the verdict itself.
"""

from contextlib import suppress
from datetime import date
from typing import Any, cast
from uuid import UUID

import msgspec
from attrs import field, frozen

from manchengo import codec
from manchengo.application.committing import ViewChanges, view_changes
from manchengo.application.entry_size import MOST_BYTES, size_of
from manchengo.application.genealogy import reached_by_claims
from manchengo.application.handlers.resolution import recorded_type
from manchengo.application.judge import judge
from manchengo.application.judgement import Accepted, Judgement, Parked, Reallocated, Rejected
from manchengo.application.replication.claims import claims_of, touched_by
from manchengo.application.replication.content_errors import FROM_THE_CONTENT
from manchengo.application.replication.effect_ids import derived_id
from manchengo.application.replication.effects_check import (
    DoesNotFollow,
    ForgedEntry,
    must_follow,
)
from manchengo.application.unit_of_work import NeedsNewerProgram, NewEvent, StateCache, UnitOfWork
from manchengo.application.views.projection import rows
from manchengo.domain.access import AUTHOR_REFUSALS
from manchengo.domain.aggregates import RESOLUTION, Aggregate, AnyAggregate
from manchengo.domain.commit import NO_HASH, Commit, LogEntry, Recorded, Verdict
from manchengo.domain.import_batch import EntriesUndone
from manchengo.domain.lot.commands import FlagRecalled
from manchengo.domain.resolution import (
    Claim,
    ItemJudgedAgain,
    ItemOpened,
    Matter,
    item_id_of,
)
from manchengo.ports.rows import ClaimRow
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class Judged:
    """A judgement on a commit. ``effective``: the events that happen by it, None where they are
    those that the commit recorded. ``work`` has recorded them; ``shown`` are the changes of views.
    """

    judgement: Judgement
    effective: tuple[Recorded, ...] | None
    work: UnitOfWork = field(eq=False, repr=False)
    shown: ViewChanges = field(eq=False, repr=False)


def judge_at_head(
    snapshot: Snapshot,
    commit: Commit,
    *,
    hlc_eff: str,
    state_cache: StateCache,
    on: date | None = None,
    again: bool = False,
) -> Judged:
    """Judges the commit at the head of the log that ``snapshot`` has.

    ``on``: the business date, where the server gives it. ``again``: the commit was parked before
    and its item is open; a commit that still cannot be judged has no effects. A commit whose
    effects no device would take in is rejected.
    """
    try:
        judgement = judge(snapshot, commit, hlc_eff=hlc_eff, on=on, state_cache=state_cache)
        judged = _judged(snapshot, state_cache, commit, judgement, again=again)
        forged = _forged(snapshot, commit, judged, again=again)
        if forged is None:
            return judged
        judgement = Rejected(DoesNotFollow(why=forged.why))
        return _judged(snapshot, state_cache, commit, judgement, again=again)
    except FROM_THE_CONTENT as error:
        return _judged(snapshot, state_cache, commit, Parked(error), again=again)


def _forged(
    snapshot: Snapshot, commit: Commit, judged: Judged, *, again: bool
) -> ForgedEntry | None:
    """What devices would say of the entry, by the check with which they take it in, or because no
    answer can carry it; None where they take it. Whether its author had the right to it, which they
    check too, the judge has asked. What was parked and stays so has no other entry.
    """
    if again and judged.judgement.verdict is Verdict.PARKED:
        return None
    entry = LogEntry(
        global_seq=snapshot.cursor() + 1,
        commit=commit,
        verdict=judged.judgement.verdict,
        reason=judged.judgement.reason,
        effective=judged.effective,
        hlc_eff=commit.hlc,
        signature=b"",
        hash=NO_HASH,
    )
    try:
        must_follow(snapshot, entry, earlier=Verdict.PARKED if again else None)
    except ForgedEntry as forged:
        return forged
    if judged.effective is not None and (size := size_of(entry)) > MOST_BYTES:
        why = f"{size} bytes, and no answer carries more than {MOST_BYTES}"
        return ForgedEntry(global_seq=entry.global_seq, commit_id=commit.id, why=why)
    return None


def _judged(
    snapshot: Snapshot,
    state_cache: StateCache,
    commit: Commit,
    judgement: Judgement,
    *,
    again: bool,
) -> Judged:
    work = _record_effects(snapshot, state_cache, commit, judgement, again=again)
    return Judged(
        judgement=judgement,
        effective=_effective(commit, work.new_events),
        work=work,
        shown=view_changes(work),
    )


def _record_effects(
    snapshot: Snapshot,
    state_cache: StateCache,
    commit: Commit,
    judgement: Judgement,
    *,
    again: bool,
) -> UnitOfWork:
    work = None
    if isinstance(judgement, Accepted | Reallocated):
        work = judgement.work
    if work is None:
        work = UnitOfWork(snapshot, state_cache)
        if isinstance(judgement, Accepted):
            for each in judgement.new_events:
                record_again(work, each.aggregate, each.aggregate_id, each.event)
    _record_item(work, commit, judgement, again=again)
    if isinstance(judgement, Rejected) and not isinstance(judgement.refusal, AUTHOR_REFUSALS):
        _recall_what_is_claimed(work, commit)
    return work


def record_again(work: UnitOfWork, aggregate: AnyAggregate, aggregate_id: UUID, event: Any) -> None:
    """Records one event, whatever it is."""
    if isinstance(event, EntriesUndone):
        work.undo(aggregate_id, event)
    else:
        work.record(cast("Aggregate[Any, Any]", aggregate), aggregate_id, (event,))


def _record_item(work: UnitOfWork, commit: Commit, judgement: Judgement, *, again: bool) -> None:
    """Opens the item, or records in it the verdict on a commit that was parked before."""
    if again:
        if judgement.matter is not Matter.PARKED:
            answer = ItemJudgedAgain(
                matter=judgement.matter,
                refusal=judgement.reason,
                facts=_json(judgement.facts),
                claims=_claims(commit, judgement.matter),
            )
            work.record(RESOLUTION, item_id_of(commit.id), (answer,))
    elif judgement.matter is not None:
        item_id = item_id_of(commit.id)
        opened = ItemOpened(
            item_id=item_id,
            commit_id=commit.id,
            matter=judgement.matter,
            command_type=recorded_type(commit),
            refusal=judgement.reason,
            facts=_json(judgement.facts),
            claims=_claims(commit, judgement.matter),
            user_id=commit.user_id,
            device_id=commit.device_id,
            recorded_at=commit.occurred_at,
            on=commit.on,
        )
        work.record(RESOLUTION, item_id, (opened,))


def _recall_what_is_claimed(work: UnitOfWork, commit: Commit) -> None:
    """Recalls the lots that the claims of a refused commit tie to a recalled lot, which the recall
    could not know of. A commit whose author had no right to it recalls nothing.
    """
    item = work.find(RESOLUTION, item_id_of(commit.id))
    assert item is not None, "the item was just opened"
    claims = tuple(row for row in rows(RESOLUTION.name, item) if isinstance(row, ClaimRow))
    for lot_id, source_id in reached_by_claims(work.snapshot, claims):
        with suppress(NeedsNewerProgram):  # to be guessed at by a newer program, and judged by one
            source = work.lot(source_id)
            flag = FlagRecalled(
                lot_id=lot_id, source=source_id, on=commit.on, reason=source.standing_reason
            )
            work.ask(lot_id, flag)


def _json(facts: dict[str, object]) -> str:
    return msgspec.json.encode(facts, order="sorted").decode()


def _claims(commit: Commit, matter: Matter | None) -> tuple[Claim, ...]:
    match matter:
        case Matter.REJECTED:
            return claims_of(commit)
        case Matter.PARKED:
            return touched_by(commit)
        case Matter.CONTESTED | None:
            return ()


def _effective(commit: Commit, new_events: list[NewEvent]) -> tuple[Recorded, ...] | None:
    """The events as they are to be stored; None where they are those of the commit."""
    kept = commit.events[: len(new_events)]
    pairs = zip(new_events, kept, strict=False)
    if len(kept) == len(commit.events) and all(_same(each, event) for each, event in pairs):
        if len(new_events) == len(commit.events):
            return None
        begun = len(commit.events)
    else:
        begun, kept = 0, ()
    return (
        *kept,
        *[_derived(commit, index, new_events[index]) for index in range(begun, len(new_events))],
    )


def _same(new: NewEvent, event: Recorded) -> bool:
    return (
        new.aggregate.name == event.aggregate_type
        and new.aggregate_id == event.aggregate_id
        and codec.events.name(new.event) == event.event_type
        and codec.events.encode(new.event) == event.payload
    )


def _derived(commit: Commit, index: int, new: NewEvent) -> Recorded:
    name = codec.events.name(new.event)
    payload = codec.events.encode_readable(new.event)
    return Recorded(
        id=derived_id(commit, index, name, payload),
        aggregate_type=new.aggregate.name,
        aggregate_id=new.aggregate_id,
        event_type=name,
        schema_version=codec.events.version(name),
        payload=payload,
        version=new.version,
    )
