"""A conflict in words: what it is about, why it does not stand, what each way out of it does."""

import json
from datetime import datetime

from manchengo import withheld
from manchengo.application.ways_out import may_be_set_aside, may_be_taken_up
from manchengo.commands import COMMANDS, RegisterUser
from manchengo.domain.access import Actor, Permission, holders
from manchengo.domain.resolution import Matter, Way
from manchengo.ports.rows import ClaimRow, ResolutionItemRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view, words
from manchengo_presenters.command_view import RecordedCommand, label
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _
from manchengo_presenters.refusal_text import kept

PARKED = {
    "UnknownEvent": N_(
        "A newer version of the program wrote it: it is judged once this one and the server are "
        "up to date."
    ),
    "BuiltOnParked": N_(
        "It is about something on which another recording cannot be read yet: it is judged after "
        "that one."
    ),
}

EFFECTS = {
    Way.VOID: N_("Give it up: it did not happen, or not so."),
    Way.RETRY: N_("Record it again as it was, once what was in its way is corrected."),
    Way.ACCEPT: N_(
        "Accept it: its author signed it, and it is true. It is recorded as it was, in your name."
    ),
    Way.OTHER_LOT: N_("Record it again with this lot."),
    Way.OTHER_CODE: N_("Record it again under this code."),
}

UNDER_A_NAME = N_("Record it again under this name.")

STEPS_BESIDE = {
    "set_aside": N_("Set it aside: it stays as it is, and what it holds up goes on."),
    "take_up": N_("Take it up again: it is judged as soon as it can be read."),
}
"""What is done about what nobody here can read."""


def brief(snapshot: Snapshot, row: ResolutionItemRow) -> str:
    """What the item is about, in a few words."""
    commit = snapshot.commit(row.commit_id)
    if commit is None:
        return words.word(words.COMMANDS, row.command_type)
    return RecordedCommand.of(commit).brief(snapshot)


def state(row: ResolutionItemRow) -> str:
    """How the item was closed, or that it is open."""
    return words.state("resolution", row.closed_by) if row.closed_by else _("open")


def moment(recorded_at: str) -> str:
    """The day and the hour here of an instant in ISO 8601."""
    at = datetime.fromisoformat(recorded_at).astimezone()
    return f"{day(at)} {at:%H:%M}"


def first_sentence(text: str) -> str:
    """What happened; what to do about it is told with the item itself."""
    return text.partition(". ")[0].rstrip(".") + "."


def why(row: ResolutionItemRow) -> str:
    """Why it does not stand, in one or two sentences."""
    if "facts" in withheld(row):
        return _("Your roles do not allow you to read why. Ask somebody who may decide on it.")
    facts = json.loads(row.facts)
    match row.matter:
        case Matter.CONTESTED if row.refusal:
            return _("{why} The paper is printed, so it stands: check what is to be done.").format(
                why=kept(row.refusal, row.facts)
            )
        case Matter.CONTESTED:
            names = ", ".join(label(name) for name in facts.get("fields", ()))
            return _(
                "Two devices wrote this without having seen each other ({fields}): the later one "
                "holds. Check which is right."
            ).format(fields=names)
        case Matter.PARKED if row.refusal in PARKED:
            return _(PARKED[row.refusal])
        case Matter.PARKED:
            return _(
                "It cannot be read ({fault}), and is kept to the byte. Record it again as it "
                "should be, then close this without effect."
            ).format(fault=facts.get("said") or row.refusal)
        case _:
            return kept(row.refusal, row.facts)


def title(command: RecordedCommand) -> str:
    """What was recorded, with its capital; a stored name stays as it is stored."""
    named = command.title
    return named if named == command.type else named[:1].upper() + named[1:]


def effect(way: Way, command: RecordedCommand) -> str:
    """What that way out does with the command."""
    is_name = isinstance(command.content, RegisterUser) and way is Way.OTHER_CODE
    sentence = UNDER_A_NAME if is_name else EFFECTS[way]
    return _(sentence)


def steps_beside(row: ResolutionItemRow, *, by: Actor) -> tuple[str, ...]:
    """What that person may do about an item that nobody here can read, as in ``STEPS_BESIDE``."""
    steps = (("set_aside", may_be_set_aside), ("take_up", may_be_taken_up))
    return tuple(step for step, is_possible in steps if is_possible(row, by=by))


def for_whom(row: ResolutionItemRow, *, may_decide: bool) -> str:
    """Whom to ask for what the person who looks may not do. ``may_decide``: they may do some."""
    if not may_decide:
        return _("Your roles may not decide on it. These roles may: {roles}.").format(
            roles=words.roles(holders(Permission.RESOLVE))
        )
    permission = COMMANDS[row.command_type].permission
    return _(
        "To record it again takes a permission that your roles do not have ({permission}). These "
        "roles have it: {roles}."
    ).format(
        permission=words.word(words.PERMISSIONS, permission),
        roles=words.roles(holders(permission)),
    )


# ------------------------------------------------------------------------------------- claims


def claims_heading(row: ResolutionItemRow) -> str:
    """What stands above the claims of the item."""
    if row.closed_by:
        return _("It said of the floor:")
    return _("It says of the floor (claimed, not accepted; traces and recalls show it):")


def subject(snapshot: Snapshot, claim: ClaimRow) -> str:
    """The lot or delivery that it is about, by its code."""
    known = command_view.anything(snapshot, claim.subject)
    return known or ("" if claim.kind == "poured" else claim.code)


def cause(snapshot: Snapshot, claim: ClaimRow) -> str:
    """What it was for: an order, a delivery, a party."""
    known = command_view.anything(snapshot, claim.cause) if claim.cause else ""
    return known or (claim.code if claim.kind == "poured" else "")


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
