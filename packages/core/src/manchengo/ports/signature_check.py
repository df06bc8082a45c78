"""Whose word the log is: checked by whoever knows cryptography, which the core does not."""

from typing import Protocol

from manchengo.domain.commit import Commit
from manchengo.ports.store import Snapshot


class SignatureCheck(Protocol):
    """Checks the signatures of devices over the commits of the log."""

    def first_unsigned(self, snapshot: Snapshot) -> Commit | None:
        """The first commit of the log that no device signed which the log let in, or that does not
        follow the last of its device; None where there is none.
        """
