"""One conflict in full: what was recorded, why it does not stand, what to do about it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from attrs import frozen

from manchengo.application.choices import Choices
from manchengo.application.conflicting_commits import unseen_commits
from manchengo.application.ways_out import ways_out
from manchengo.commands import SetAsideParked, TakeUpParked
from manchengo.domain.access import Actor
from manchengo.domain.commit import Commit
from manchengo.domain.ids import LotId, ResolutionItemId
from manchengo.domain.resolution import ResolveItem, Way
from manchengo.ports.rows import ClaimRow, ResolutionItemRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.executing import carry_out
from manchengo_cli.layout import to_copy
from manchengo_cli.output import Lines, Part, answer
from manchengo_cli.pages.conflicts import find, item_shape, items, short, shown_length
from manchengo_cli.session import Session
from manchengo_presenters import command_view, words
from manchengo_presenters.command_view import RecordedCommand
from manchengo_presenters.conflict_words import (
    STEPS_BESIDE,
    brief,
    cause,
    claim_text,
    claims_heading,
    effect,
    for_whom,
    moment,
    state,
    steps_beside,
    subject,
    title,
    why,
)
from manchengo_presenters.formatting import plain
from manchengo_presenters.language import _
from manchengo_workplace import lookups

OPTIONS = {
    Way.VOID: "--void",
    Way.RETRY: "--retry",
    Way.ACCEPT: "--accept",
    Way.OTHER_LOT: "--lot LOT",
    Way.OTHER_CODE: "--code CODE",
}


@frozen
class Found:
    """An item with what it is about and what stood against it. ``ways``: those that the person who
    looks may take. ``not_theirs``: there are others, for others.
    ``beside``: "set_aside" or "take_up", where that person may.
    """

    row: ResolutionItemRow
    commit: Commit
    command: RecordedCommand
    claims: tuple[ClaimRow, ...]
    against: tuple[Commit, ...]
    ways: tuple[Way, ...]
    not_theirs: bool
    beside: tuple[str, ...]

    @classmethod
    def of(cls, snapshot: Snapshot, row: ResolutionItemRow, *, by: Actor) -> "Found":
        """All that is shown of the item. ``by``: who would decide, on whom the ways out depend."""
        commit = snapshot.commit(row.commit_id)
        assert commit is not None, "an item is about a commit that is stored"
        ways = ways_out(snapshot, row, by=by)
        return cls(
            row,
            commit,
            RecordedCommand.of(commit),
            tuple(snapshot.rows(ClaimRow, item_id=row.id)),
            tuple(unseen_commits(snapshot, row, commit)),
            ways,
            not_theirs=len(ways) < len(ways_out(snapshot, row)),
            beside=steps_beside(row, by=by),
        )


def show_conflict(session: Session, beginning: str) -> None:
    """Answer the item whose id begins so."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        found = Found.of(snapshot, find(snapshot, beginning), by=workplace.actor)
        answer(
            session,
            shape=lambda: found_shape(snapshot, found),
            page=lambda: found_page(snapshot, found),
        )


def found_shape(snapshot: Snapshot, found: Found) -> dict[str, Any]:
    """The item as JSON."""
    return item_shape(snapshot, found.row) | {
        "commit": str(found.commit.id),
        "arguments": found.command.shape(snapshot),
        "claims": [claim_shape(snapshot, claim) for claim in found.claims],
        "against": [against_shape(snapshot, commit) for commit in found.against],
        "choices": [*(way.value for way in found.ways), *found.beside],
    }


def claim_shape(snapshot: Snapshot, claim: ClaimRow) -> dict[str, Any]:
    """A claim of the item as JSON."""
    product = command_view.named(snapshot, "product", claim.product_id) if claim.product_id else ""
    return {
        "kind": claim.kind,
        "subject": subject(snapshot, claim) or None,
        "cause": cause(snapshot, claim) or None,
        "product": product or None,
        "quantity": plain(claim.quantity) if claim.unit else None,
        "unit": claim.unit or None,
    }


def against_shape(snapshot: Snapshot, commit: Commit) -> dict[str, Any]:
    """A commit that the item conflicts with, as JSON."""
    return {
        "commit": str(commit.id),
        "command": commit.command_type,
        "user": command_view.person(snapshot, commit.user_id),
        "device": command_view.device(snapshot, commit.device_id),
        "recorded_at": commit.occurred_at.isoformat(),
        "on": commit.on.isoformat(),
        "arguments": RecordedCommand.of(commit).shape(snapshot),
    }


def found_page(snapshot: Snapshot, found: Found) -> Iterable[Part]:
    """The item as an operator reads it: what, why, against what, and the ways out."""
    row = found.row
    yield _("{what}, recorded by {user} on the device {device}, {when}.").format(
        what=title(found.command),
        user=command_view.known_person(snapshot, row.user_id),
        device=command_view.known_device(snapshot, row.device_id),
        when=moment(row.recorded_at),
    )
    yield Lines(
        [f"  {label}\u00a0: {value}" for label, value in found.command.labelled_values(snapshot)]
    )
    yield ""
    yield why(row)
    if found.command.withheld is not None:
        yield _("Your roles do not allow you to read what it says ({permission}).").format(
            permission=words.word(words.PERMISSIONS, found.command.withheld)
        )
    elif found.command.content is None:
        yield ""
        yield _("As it was written:")
        yield Lines([f"  {line}" for line in written(found.commit)])
    if snapshot.entry(row.commit_id) is None:
        yield _("The server has not said so yet: this is what it will find, as far as we know.")
    if found.against:
        yield ""
        yield _("Recorded meanwhile elsewhere:")
        yield Lines([f"  {line}" for line in _against(snapshot, found)])
    if found.claims:
        yield ""
        yield claims_heading(row)
        yield Lines([f"  {claim_text(snapshot, claim)}" for claim in found.claims])
    yield ""
    if row.closed_by:
        yield _("Closed: {state}. Reason: {reason}").format(
            state=state(row), reason=row.reason or "—"
        )
        yield from _beside(found, shown_length(snapshot))
    else:
        yield _("To decide:")
        author = command_view.known_person(snapshot, row.user_id)
        yield from _ways(found, author, shown_length(snapshot))


MOST_SHOWN = 1_000
"""Bytes of a command that is not even JSON."""


def written(commit: Commit) -> Iterator[str]:
    """The bytes of a command that cannot be read, a line for each field where they are JSON."""
    try:
        document = msgspec.json.decode(commit.command, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        yield f"{commit.command[:MOST_SHOWN]!r}"
        return
    for name, value in document.items():
        yield f"{name}\u00a0: {json.dumps(value, ensure_ascii=False)}"


def _against(snapshot: Snapshot, found: Found) -> Iterator[str]:
    for commit in found.against:
        yield _("{what} ({user}, {device}, {when})").format(
            what=RecordedCommand.of(commit).brief(snapshot),
            user=command_view.known_person(snapshot, commit.user_id),
            device=command_view.known_device(snapshot, commit.device_id),
            when=moment(commit.occurred_at.isoformat()),
        )


def _ways(found: Found, author: str, room: int) -> Iterator[Part]:
    for way in found.ways:
        yield f"— {effect(way, found.command)}"
        command = f"manchengo conflicts resolve {short(found.row, room)}"
        yield Lines(to_copy([command, OPTIONS[way], "--reason …"], indent="    "))
        if way is Way.ACCEPT:
            yield _("Or all that {user} signed, in the order of recording:").format(user=author)
            together = f'manchengo conflicts accept "{author}"'
            yield Lines(to_copy([together, "--reason …"], indent="    "))
    yield from _beside(found, room)
    if found.not_theirs:
        yield for_whom(found.row, may_decide=bool(found.ways))


def _beside(found: Found, room: int) -> Iterator[Part]:
    for step in found.beside:
        yield f"— {_(STEPS_BESIDE[step])}"
        command = f"manchengo conflicts {step.replace('_', '-')} {short(found.row, room)}"
        yield Lines(to_copy([command, "--reason …"], indent="    "))


# ---------------------------------------------------------------------------------- decisions


def resolve(
    session: Session, beginning: str, way: Way, reason: str, *, lot: str | None, code: str
) -> None:
    """Decide on the item whose id begins so. ``lot``: the code of the lot that is used instead;
    ``code``: the new code of what had a code twice.
    """

    def build(choices: Choices) -> ResolveItem:
        return ResolveItem(
            item_id=find(choices.snapshot, beginning).id,
            way=way,
            reason=reason,
            on=choices.day,
            lot_id=LotId(lookups.lot(choices.snapshot, lot).id) if lot else None,
            code=code,
        )

    carry_out(session, build, lambda snapshot, command: decided(snapshot, command.item_id))


def set_aside(session: Session, beginning: str, reason: str) -> None:
    """Set aside the parked record whose id begins so."""

    def build(choices: Choices) -> SetAsideParked:
        item = find(choices.snapshot, beginning)
        return SetAsideParked(item_id=item.id, reason=reason, on=choices.day)

    carry_out(session, build, lambda snapshot, command: decided(snapshot, command.item_id))


def take_up(session: Session, beginning: str, reason: str) -> None:
    """Have the record that was set aside, whose id begins so, judged again."""

    def build(choices: Choices) -> TakeUpParked:
        item = find(choices.snapshot, beginning)
        return TakeUpParked(item_id=item.id, reason=reason, on=choices.day)

    def confirmation(_snapshot: Snapshot, _command: TakeUpParked) -> Iterable[Part]:
        yield _("Taken up again: the server judges it as soon as it can read it.")

    carry_out(session, build, confirmation)


def decided(snapshot: Snapshot, item_id: ResolutionItemId) -> Iterable[Part]:
    """What was decided, and how many items are still open."""
    row = snapshot.get(ResolutionItemRow, item_id)
    assert row is not None, "what was just decided on has its row"
    yield _("Decided: {what}, {state}.").format(what=brief(snapshot, row), state=state(row))
    left = len(items(snapshot, everything=False))
    if left:
        yield _("Still open: {count}.").format(count=left)
