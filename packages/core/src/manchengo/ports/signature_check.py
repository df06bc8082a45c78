"""Whose word the log is: checked by whoever knows cryptography, which the core does not."""

from typing import Protocol

from attrs import frozen

from manchengo.domain.commit import Commit
from manchengo.ports.store import Snapshot


@frozen
class Unsigned:
    """A commit that is not proved. ``fault``: "signature" where that of its device is missing,
    "author" where its author's is.
    """

    commit: Commit
    fault: str


class SignatureCheck(Protocol):
    """Checks the signatures of devices and of authors over the commits of the log."""

    def is_signed(self, public_key: str, signature: bytes, message: bytes) -> bool:
        """Whether the owner of that key (Ed25519, in hexadecimal) signed the message."""

    def first_unsigned(self, snapshot: Snapshot) -> Unsigned | None:
        """The first commit of the log that no device signed which the log let in, that does not
        follow the last of its device, or that its author did not sign with a key admitted at its
        place; then the first that waits and that its author did not sign. None where there is none.
        """
