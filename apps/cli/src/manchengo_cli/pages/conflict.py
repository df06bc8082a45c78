"""One conflict in full: what was recorded, why it does not stand, what to do about it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from attrs import frozen

from manchengo.application.choices import Choices
from manchengo.application.ways_out import may_be_set_aside, may_be_taken_up, ways_out
from manchengo.commands import COMMANDS, RegisterUser
from manchengo.domain.access import Actor, Permission, holders
from manchengo.domain.commit import Commit
from manchengo.domain.ids import LotId, ResolutionItemId
from manchengo.domain.resolution import ResolveItem, Way
from manchengo.ports.rows import ClaimRow, ResolutionItemRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.executing import carry_out
from manchengo_cli.layout import to_copy
from manchengo_cli.output import Lines, Part, answer
from manchengo_cli.pages.conflicts import (
    brief,
    find,
    item_shape,
    items,
    moment,
    short,
    shown_length,
    state,
    why,
)
from manchengo_cli.session import Session
from manchengo_presenters import command_view, words
from manchengo_presenters.command_view import RecordedCommand
from manchengo_presenters.formatting import plain
from manchengo_presenters.language import N_, _
from manchengo_workplace import lookups
from manchengo_workplace.conflicting_commits import unseen_commits

OPTIONS = {
    Way.VOID: "--void",
    Way.RETRY: "--retry",
    Way.ACCEPT: "--accept",
    Way.OTHER_LOT: "--lot LOT",
    Way.OTHER_CODE: "--code CODE",
}

WORKED_OUT = {
    Way.VOID: N_("Give it up: it did not happen, or not so."),
    Way.RETRY: N_("Record it again as it was, once what was in its way is corrected."),
    Way.ACCEPT: N_(
        "Accept it: its author signed it, and it is true. It is recorded as it was, in your name."
    ),
    Way.OTHER_LOT: N_("Record it again with this lot."),
    Way.OTHER_CODE: N_("Record it again under this code."),
}

UNDER_A_NAME = N_("Record it again under this name.")


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
            beside=tuple(
                step
                for step, is_possible in (
                    ("set_aside", may_be_set_aside),
                    ("take_up", may_be_taken_up),
                )
                if is_possible(row, by=by)
            ),
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


def subject(snapshot: Snapshot, claim: ClaimRow) -> str:
    """The lot or delivery that it is about, by its code."""
    known = command_view.anything(snapshot, claim.subject)
    return known or ("" if claim.kind == "poured" else claim.code)


def cause(snapshot: Snapshot, claim: ClaimRow) -> str:
    """What it was for: an order, a delivery, a party."""
    known = command_view.anything(snapshot, claim.cause) if claim.cause else ""
    return known or (claim.code if claim.kind == "poured" else "")


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
        what=_capital(found.command),
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
        yield _claims_heading(row)
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


def _claims_heading(row: ResolutionItemRow) -> str:
    if row.closed_by:
        return _("It said of the floor:")
    return _("It says of the floor (claimed, not accepted; traces and recalls show it):")


def _against(snapshot: Snapshot, found: Found) -> Iterator[str]:
    for commit in found.against:
        yield _("{what} ({user}, {device}, {when})").format(
            what=RecordedCommand.of(commit).brief(snapshot),
            user=command_view.known_person(snapshot, commit.user_id),
            device=command_view.known_device(snapshot, commit.device_id),
            when=moment(commit.occurred_at.isoformat()),
        )


def claim_text(snapshot: Snapshot, claim: ClaimRow) -> str:
    """``versé : 80 L de L1 → OF-2``."""
    text = words.word(words.CLAIMS, claim.kind) + "\u00a0: "
    lot = subject(snapshot, claim) or str(claim.subject)[-8:]
    if claim.unit:
        text += _("{quantity} of {lot}").format(
            quantity=words.measured(claim.quantity, claim.unit), lot=lot
        )
    else:
        text += lot
    because = cause(snapshot, claim)
    return f"{text} → {because}" if because else text


def _ways(found: Found, author: str, room: int) -> Iterator[Part]:
    named = isinstance(found.command.content, RegisterUser)
    for way in found.ways:
        sentence = UNDER_A_NAME if named and way is Way.OTHER_CODE else WORKED_OUT[way]
        yield f"— {_(sentence)}"
        command = f"manchengo conflicts resolve {short(found.row, room)}"
        yield Lines(to_copy([command, OPTIONS[way], "--reason …"], indent="    "))
        if way is Way.ACCEPT:
            yield _("Or all that {user} signed, in the order of recording:").format(user=author)
            together = f'manchengo conflicts accept "{author}"'
            yield Lines(to_copy([together, "--reason …"], indent="    "))
    yield from _beside(found, room)
    if found.not_theirs:
        yield _for_whom(found)


BESIDE = {
    "set_aside": N_("Set it aside: it stays as it is, and what it holds up goes on."),
    "take_up": N_("Take it up again: it is judged as soon as it can be read."),
}


def _beside(found: Found, room: int) -> Iterator[Part]:
    for step in found.beside:
        yield f"— {_(BESIDE[step])}"
        command = f"manchengo conflicts {step.replace('_', '-')} {short(found.row, room)}"
        yield Lines(to_copy([command, "--reason …"], indent="    "))


def _for_whom(found: Found) -> str:
    """Whom to ask for what the person who looks may not do."""
    if not found.ways:
        return _("Your roles may not decide on it. These roles may: {roles}.").format(
            roles=words.roles(holders(Permission.RESOLVE))
        )
    permission = COMMANDS[found.row.command_type].permission
    return _(
        "To record it again takes a permission that your roles do not have ({permission}). These "
        "roles have it: {roles}."
    ).format(
        permission=words.word(words.PERMISSIONS, permission),
        roles=words.roles(holders(permission)),
    )


def _capital(command: RecordedCommand) -> str:
    """A title with its capital; a stored name stays as it is stored."""
    title = command.title
    return title if title == command.type else title[:1].upper() + title[1:]


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


def decided(snapshot: Snapshot, item_id: ResolutionItemId) -> Iterable[Part]:
    """What was decided, and how many items are still open."""
    row = snapshot.get(ResolutionItemRow, item_id)
    assert row is not None, "what was just decided on has its row"
    yield _("Decided: {what}, {state}.").format(what=brief(snapshot, row), state=state(row))
    left = len(items(snapshot, everything=False))
    if left:
        yield _("Still open: {count}.").format(count=left)
