"""Checks that what an entry of the log says happened can follow from its commit.

Whoever keeps the log gives verdicts and writes down their effects; the author of the commit signed
neither. So every reader checks: an accepted commit does what it recorded, a reallocated one takes
other lots, a refused or parked one opens its own item. Rights of people and devices change by what
a commit recorded, and by nothing else. What this program cannot read does nothing here, and passes.
"""

from collections.abc import Sequence

from attrs import frozen

from manchengo import codec
from manchengo.application.judge import may_do_nothing
from manchengo.application.replication.claims import claims_of, touched_by
from manchengo.application.replication.content_errors import FROM_THE_CONTENT
from manchengo.application.replication.effect_ids import derived_id
from manchengo.application.replication.effects_case import Case, Effect, changes_rights
from manchengo.application.replication.effects_on_rights import without_a_cause
from manchengo.application.replication.effects_rules import why_not_taken
from manchengo.domain.access import is_author_refusal
from manchengo.domain.aggregates import RESOLUTION
from manchengo.domain.commit import Commit, LogEntry, Verdict
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId
from manchengo.domain.lot.events import LotRecalled
from manchengo.domain.resolution import (
    Claim,
    ItemJudgedAgain,
    ItemOpened,
    Matter,
    item_id_of,
)
from manchengo.events import EVENTS
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.store import Snapshot

ITEM_EVENTS = {
    name for name, schema in EVENTS.items() if schema.type in (ItemOpened, ItemJudgedAgain)
}

TAKEN = (Verdict.ACCEPTED, Verdict.REALLOCATED)
"""The verdicts under which events of the commit take effect."""


@frozen(kw_only=True)
class ForgedEntry(Exception):
    """An entry is not what its author, and those who judge by the rules, can have made of it.
    Nothing of it was applied.

    ``why``: for whoever looks after the server, in English. ``code``: "another_beginning" where the
    log begins otherwise than the plant of this device was founded.
    """

    global_seq: int
    commit_id: CommitId
    why: str
    code: str = ""


@frozen(kw_only=True)
class DoesNotFollow(Refused):
    """What the rules make of the commit cannot follow from what its author signed: its command and
    the events recorded with it are not of one kind. No device would take it in. ``why``: for
    whoever looks after the program, in English.
    """

    why: str


def must_follow(snapshot: Snapshot, entry: LogEntry, *, earlier: Verdict | None) -> None:
    """Raises ``ForgedEntry`` where the entry's effects cannot follow from its commit. ``earlier``:
    as in ``why_forged``.
    """
    try:
        why = why_forged(snapshot, entry, earlier=earlier)
    except FROM_THE_CONTENT as error:
        why = f"it makes no sense: {type(error).__name__}"
    if why:
        raise ForgedEntry(global_seq=entry.global_seq, commit_id=entry.commit.id, why=why)


def must_wait(snapshot: Snapshot, entry: LogEntry) -> None:
    """``ForgedEntry`` where a parked commit is judged again on which people have decided: it was
    given up, or set aside and not taken up again. ``snapshot``: the log before the entry.
    """
    item = snapshot.get(ResolutionItemRow, item_id_of(entry.commit.id))
    if item is not None and item.status != "open":
        why = "it is judged again, and people have decided on it"
        raise ForgedEntry(global_seq=entry.global_seq, commit_id=entry.commit.id, why=why)


def is_as_recorded(entry: LogEntry) -> bool:
    """Whether the commit did what it recorded, and nothing else."""
    return entry.effective is None and entry.verdict in TAKEN


def why_forged(snapshot: Snapshot, entry: LogEntry, *, earlier: Verdict | None) -> str:
    """Why the entry's effects cannot follow from its commit; "" where they can.

    ``earlier``: the verdict that the log gave to the same commit before, if it did.
    """
    if is_as_recorded(entry) and earlier is None:
        return _rights_without_a_cause(snapshot, entry)
    if earlier not in (None, Verdict.PARKED):
        return "the commit has its verdict already"
    if not _has_its_ids(entry):
        return "the ids of the effects do not follow from the commit"
    try:
        effects = [Effect.of(recorded) for recorded in entry.effects]
    except codec.Damaged as damaged:
        return f"{damaged.name} is damaged"
    items = [each for each in effects if _is_an_item(each)]
    others = [each for each in effects if not _is_an_item(each)]
    return _wrong_item(entry, items, again=earlier is not None) or _wrong_effects(
        snapshot, entry, others
    )


def _rights_without_a_cause(snapshot: Snapshot, entry: LogEntry) -> str:
    """Of an entry as it was recorded. Few change rights; others are not looked at further."""
    if not any(changes_rights(recorded) for recorded in entry.effects):
        return ""
    now = [Effect.of(recorded, damaged=True) for recorded in entry.effects]
    return without_a_cause(Case.of(snapshot, entry, now))


def _has_its_ids(entry: LogEntry) -> bool:
    """Whether each event that a verdict adds or changes has an id made of the commit, of its place
    and of its content.
    """
    recorded, effects = entry.commit.events, entry.effects
    kept = len(recorded) if effects[: len(recorded)] == recorded else 0
    return all(
        event.id == derived_id(entry.commit, index, event.event_type, event.payload)
        for index, event in enumerate(effects)
        if index >= kept
    )


# ---------------------------------------------------------------- the item


def _is_an_item(effect: Effect) -> bool:
    """Whether it opens an item, or records the later verdict in one."""
    return effect.kind in ITEM_EVENTS


def _wrong_item(entry: LogEntry, items: Sequence[Effect], *, again: bool) -> str:
    commit = entry.commit
    if again and entry.verdict is Verdict.PARKED:
        return "the commit is parked already"
    is_wanted = again or entry.verdict not in TAKEN
    if len(items) > 1 or (is_wanted and not items):
        return f"{len(items)} items"
    for item in items:
        if item.recorded.aggregate_type != RESOLUTION.name or item.subject != item_id_of(commit.id):
            return "the item of another commit"
        if item.event is None:
            continue
        if isinstance(item.event, ItemJudgedAgain) != again:
            return "an item opened and judged again"
        if item.event.matter not in _matters(entry.verdict, again=again):
            return "the item says another verdict"
        if isinstance(item.event, ItemOpened) and not _is_about(item.event, commit):
            return "the item is about something else"
        if not _can_be_claimed(item.event.claims, commit, item.event.matter):
            return "the item claims what was not recorded"
    return ""


def _matters(verdict: Verdict, *, again: bool) -> tuple[Matter | None, ...]:
    match verdict:
        case Verdict.REJECTED:
            return (Matter.REJECTED,)
        case Verdict.PARKED:
            return (Matter.PARKED,)
        case Verdict.ACCEPTED:
            return (Matter.CONTESTED, None) if again else (Matter.CONTESTED,)
        case Verdict.REALLOCATED:
            return (None,) if again else ()


def _is_about(item: ItemOpened, commit: Commit) -> bool:
    opened = (item.item_id, item.commit_id, item.user_id, item.device_id, item.recorded_at, item.on)
    return opened == (
        item_id_of(commit.id),
        commit.id,
        commit.user_id,
        commit.device_id,
        commit.occurred_at,
        commit.on,
    )


def _can_be_claimed(claims: Sequence[Claim], commit: Commit, matter: Matter | None) -> bool:
    """Programs of before claimed less. What is recorded in a way that this program cannot read may
    claim more than it knows of.
    """
    if any(Effect.of(event, damaged=True).event is None for event in commit.events):
        return True
    if matter is Matter.PARKED:
        possible = touched_by(commit)
    else:
        possible = claims_of(commit) if matter is Matter.REJECTED else ()
    known = {(claim.kind, claim.subject, claim.quantity) for claim in possible}
    return all((claim.kind, claim.subject, claim.quantity) in known for claim in claims)


# ---------------------------------------------------------------- all else


def _wrong_effects(snapshot: Snapshot, entry: LogEntry, others: Sequence[Effect]) -> str:
    commit = entry.commit
    if entry.verdict not in TAKEN:
        return next((_described(each) for each in others if not _may_stand_beside(each, entry)), "")
    if not others and not may_do_nothing(commit):
        return "nothing happened by it"
    return why_not_taken(Case.of(snapshot, entry, others))


def _may_stand_beside(effect: Effect, entry: LogEntry) -> bool:
    """Beside its item, a refused commit recalls what its claims tie to a recalled lot."""
    if effect.event is None:
        return not effect.changes_rights
    is_recall = isinstance(effect.event, LotRecalled) and effect.is_of_its_kind
    return is_recall and entry.verdict is Verdict.REJECTED and not is_author_refusal(entry.reason)


def _described(effect: Effect) -> str:
    return f"{effect.kind} of a commit that was not accepted"
