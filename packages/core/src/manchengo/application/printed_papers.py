"""Who lost the right to print a paper after they printed it: the paper stands, and a person looks.

The author signed up to which place of the log they had seen it (``Seen``). Who had the right there,
and lost it by what came later, recorded in good faith. They may have kept from their device what
came later; then each paper of theirs says so in an item, until their key is withdrawn.
"""

from typing import Any

from manchengo.application.authors import user_of
from manchengo.application.permissions import permit, permit_author
from manchengo.application.unit_of_work import UnitOfWork, folded
from manchengo.commands import DraftCreditNote, DraftInvoice, IssueCreditNote, IssueInvoice
from manchengo.domain.access import Actor, NotPermitted
from manchengo.domain.aggregates import USER
from manchengo.domain.commit import Commit, Seen

PRINTED = (DraftInvoice, IssueInvoice, DraftCreditNote, IssueCreditNote)
"""What makes a paper. Its draft counts with it, since there stands what it says."""


def permit_or_printed(work: UnitOfWork, commit: Commit, command: Any) -> None:
    """``NotPermitted`` as ``permit_author`` has it. Where the command makes a paper and its author
    lost the right to it since what they had seen, the refusal is kept in ``work.objections``.
    """
    try:
        permit_author(work, commit, command)
    except NotPermitted as lost:
        if not isinstance(command, PRINTED) or not _had_the_right(work, commit, command):
            raise
        work.objections.append(lost)


def _had_the_right(work: UnitOfWork, commit: Commit, command: Any) -> bool:
    """Whether the author is still there, and had the right at the place that they had seen."""
    user = user_of(work, commit.user_id)
    if commit.authorship is None or user is None or not user.active:
        return False
    seen = commit.authorship.seen
    if not _is_of_this_log(work, seen):
        return False
    stream = [
        each
        for each in work.snapshot.stream(commit.user_id)
        if (entry := work.snapshot.entry(each.commit_id)) and entry.global_seq <= seen.global_seq
    ]
    then = folded(USER, stream).state
    roles = then.roles if then is not None and then.active else frozenset()
    try:
        permit(Actor(user_id=commit.user_id, device_id=commit.device_id, roles=roles), command)
    except NotPermitted:
        return False
    return True


def _is_of_this_log(work: UnitOfWork, seen: Seen) -> bool:
    if not seen.global_seq:
        return False
    place = next(iter(work.snapshot.entries(after=seen.global_seq - 1, limit=1)), None)
    return place is not None and place.hash == seen.log_hash
