"""What a verification found, in words that name no command."""

from collections.abc import Iterator

from manchengo.application.audit_check import AuditFault
from manchengo.application.checkpoint import WHOLE_AFTER
from manchengo.application.integrity import Since, Verification
from manchengo.application.tampered import Tampered
from manchengo_presenters import words
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import _, ngettext


def findings(verdict: Verification) -> Iterator[str]:
    """What was checked, and each thing that is not as it was recorded."""
    if verdict.damaged:
        yield damaged(len(verdict.damaged))
        return
    if verdict.since is not None:
        yield from checked_since(verdict, verdict.since)
        return
    yield checked(verdict)
    yield from why_whole(verdict)
    if verdict.tampered is None:
        yield _("The hash chain is whole: nothing recorded was changed since.")
    else:
        yield tampered(verdict.tampered)
    if not verdict.rebuilt_digest:
        yield _("The views cannot be compared with a log that cannot be believed.")
    elif verdict.views_digest == verdict.rebuilt_digest:
        yield _("The views are what the log says.")
    else:
        yield _("The views are not what the log says: an administrator makes them again.")
    if verdict.audit is not None:
        yield audit_fault(verdict.audit)
    if not verdict.pages_checked:
        yield _(
            "The pages of the file were not checked: the disk is full, or a long reading goes on."
        )


def audit_fault(found: AuditFault) -> str:
    """The first record of the audit that is not as it was noted."""
    return _(
        "The audit of this device was tampered with, from record number {sequence} on: "
        "{fault}. Keep this file as it is, and compare it with a backup."
    ).format(sequence=number(found.sequence), fault=words.word(words.AUDIT_FAULTS, found.fault))


def checked(verdict: Verification) -> str:
    """How much was looked at."""
    return _("Checked: {commits}, {events}.").format(
        commits=ngettext("{count} commit", "{count} commits", verdict.commits).format(
            count=number(verdict.commits)
        ),
        events=ngettext("{count} event", "{count} events", verdict.events).format(
            count=number(verdict.events)
        ),
    )


def checked_since(verdict: Verification, since: Since) -> Iterator[str]:
    """What a verification since a checkpoint says: it is sound, else all would have been read."""
    yield _("Verified up to commit number {number} on {day}; since then: {commits}.").format(
        number=number(verdict.commits - since.commits),
        day=day(since.on),
        commits=ngettext("{count} commit", "{count} commits", since.commits).format(
            count=number(since.commits)
        ),
    )
    yield _("All that was added since, and all that it concerns, is as it was recorded.")
    yield _("Everything was read on {day}, and is read again from {next} on.").format(
        day=day(since.whole_on), next=day(since.whole_on + WHOLE_AFTER)
    )


def why_whole(verdict: Verification) -> Iterator[str]:
    """Why all was read where what was added would have been enough."""
    if verdict.because:
        why = words.word(words.WHY_WHOLE, verdict.because)
        yield _("All of it was read, because {reason}.").format(reason=why)


def damaged(count: int) -> str:
    """So many pages of the file are damaged."""
    return ngettext(
        "DAMAGED: {count} page of the file is not what was written to it, so the records in it "
        "were not checked. Restore a backup.",
        "DAMAGED: {count} pages of the file are not what was written to them, so the records in "
        "them were not checked. Restore a backup.",
        count,
    ).format(count=number(count))


def tampered(found: Tampered) -> str:
    """The first commit that is not as it was sealed."""
    if found.fault == "unreadable":
        return _(
            "Commit number {sequence} of the device {device} ({commit}) is as it was recorded, and "
            "cannot be read: a value in it is of the wrong type. Nothing was changed since. Record "
            "the same again as it should be."
        ).format(sequence=number(found.sequence), device=found.device_id, commit=found.commit_id)
    return _(
        "TAMPERED: commit number {sequence} of the device {device} ({commit}, {day}): {fault}. "
        "Everything before it is as it was recorded. Restore a backup, and compare."
    ).format(
        sequence=number(found.sequence),
        device=found.device_id or "—",
        commit=found.commit_id or "—",
        day=day(found.on) if found.on else "—",
        fault=words.word(words.FAULTS, found.fault),
    )
