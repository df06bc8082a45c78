"""A commit of the log that is not what its author sealed, and what is wrong with it."""

from datetime import date

from attrs import frozen

from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, DeviceId


@frozen(kw_only=True)
class Tampered:
    """The first commit of the log that is not what its author sealed.

    ``fault``: "content" (a byte was changed), "gap" (a commit is missing before it), "link" (it
    does not follow the one before), "added" (it follows the last commit that the tables know of),
    "tip" (commits are missing at the end: none has an id, and ``on`` is the day of the last one
    left), "verdict" (what became of it was changed since), "effects" (what happened by it, as the
    log says, cannot follow from it), "signature" (no device signed it that the log let in),
    "author" (its author did not sign it with a key that the log admits), "place" (a number by which
    the tables find it was changed; without an id where only their sum tells), "stamp" (the last
    stamp kept for the device is none that was written), "history" (as sealed, and yet this program
    cannot make anything of it), "unreadable" (as sealed, and no program can read it: a value of the
    wrong type was recorded). What cannot be read of a changed commit is None.
    """

    commit_id: CommitId | None
    device_id: DeviceId | None
    sequence: int
    on: date | None
    fault: str


def tampered(commit: Commit, fault: str) -> Tampered:
    """That commit as ``Tampered``, with what is wrong with it."""
    return Tampered(
        commit_id=commit.id,
        device_id=commit.device_id,
        sequence=commit.sequence,
        on=commit.on,
        fault=fault,
    )
