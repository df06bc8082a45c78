"""What ``verify --deep`` says: the entries that this program would have judged otherwise."""

from collections.abc import Iterable, Sequence
from typing import Any

from manchengo.application.judged_otherwise import JudgedOtherwise
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view, words
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import _, ngettext

MOST_SHOWN = 20
"""Lines; JSON has them all."""


def otherwise_shape(snapshot: Snapshot, found: JudgedOtherwise) -> dict[str, Any]:
    """One of them, as JSON."""
    entry = found.entry
    return {
        "entry": entry.global_seq,
        "commit": str(entry.commit.id),
        "command": entry.commit.command_type,
        "user": command_view.person(snapshot, entry.commit.user_id),
        "device": command_view.device(snapshot, entry.commit.device_id),
        "on": entry.commit.on.isoformat(),
        "verdict": entry.verdict.value,
        "reason": entry.reason,
        "judged": found.verdict.value,
        "judged_reason": found.reason,
    }


def otherwise_lines(snapshot: Snapshot, found: Sequence[JudgedOtherwise]) -> Iterable[str]:
    """The first of them, what to make of them, and that there are none."""
    if not found:
        yield _("Judged again by the rules of this program, every entry has the same verdict.")
        return
    for each in found[:MOST_SHOWN]:
        yield _line(snapshot, each)
    if len(found) > MOST_SHOWN:
        left = len(found) - MOST_SHOWN
        yield ngettext("… and {count} more.", "… and {count} more.", left).format(
            count=number(left)
        )
    yield _(
        "A server of another version judges otherwise where its rules were others. If it was of "
        "this one, ask whoever looks after it: nothing of it is lost, and what was refused can be "
        "decided on with “manchengo conflicts”."
    )


def _line(snapshot: Snapshot, found: JudgedOtherwise) -> str:
    commit, is_same = found.entry.commit, found.verdict is found.entry.verdict
    sentence = (
        _(
            "Entry {place} ({what}, by {user}, {day}) is {theirs} in the log, and so it is by the "
            "rules of this program, but with other effects or for another reason."
        )
        if is_same
        else _(
            "Entry {place} ({what}, by {user}, {day}) is {theirs} in the log; by the rules of this "
            "program it is {ours}."
        )
    )
    return sentence.format(
        place=number(found.entry.global_seq),
        what=words.word(words.COMMANDS, commit.command_type),
        user=command_view.known_person(snapshot, commit.user_id),
        day=day(commit.on),
        theirs=words.word(words.VERDICTS, found.entry.verdict.value),
        ours=words.word(words.VERDICTS, found.verdict.value),
    )
