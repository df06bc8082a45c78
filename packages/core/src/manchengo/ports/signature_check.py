"""Whose word the log is: checked by whoever knows cryptography, which the core does not."""

from collections.abc import Mapping
from typing import Protocol

from attrs import field, frozen

from manchengo.domain.commit import Commit, Tip
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.store import Snapshot


@frozen
class Unsigned:
    """A commit that is not proved. ``fault``: "signature" where that of its device is missing,
    "author" where its author's is.
    """

    commit: Commit
    fault: str


@frozen(kw_only=True)
class Checked:
    """The part of a log that was checked before, by whoever asks again: up to the entry ``cursor``,
    where the chains of devices ended with ``ends``, and the commits ``parked``, by id and hash,
    could be judged again. ``waiting``: of those that wait, all up to that one were checked too;
    None: none was.
    """

    cursor: int = 0
    ends: Mapping[DeviceId, Tip] = field(factory=dict)
    parked: Mapping[CommitId, bytes] = field(factory=dict)
    waiting: CommitId | None = None


NOTHING_CHECKED = Checked()


class SignatureCheck(Protocol):
    """Checks the signatures of devices and of authors over the commits of the log."""

    def is_signed(self, public_key: str, signature: bytes, message: bytes) -> bool:
        """Whether the owner of that key (Ed25519, in hexadecimal) signed the message."""

    def first_unsigned(
        self, snapshot: Snapshot, *, behind: Checked = NOTHING_CHECKED
    ) -> Unsigned | None:
        """The first commit of the log that no device signed which the log let in, that does not
        follow the last of its device, or that its author did not sign with a key admitted at its
        place; then the first that waits and that its author did not sign. None where there is none.

        ``behind``: only what is not checked yet is looked at, and what of the rest says who may
        record.
        """
