"""Runs of one author's commits, of which one signature proves all.

A device signs the hash of each commit, and that hash covers the one of the commit before. So one
signature proves a run of commits, each of which names the one before by its hash and is what its
own hash says: checking a signature costs ten times what a hash does, for every commit of every
device. A run is of one device and of one user: nobody's commits are proved by what another signed.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from manchengo import codec
from manchengo.domain.commit import Commit
from manchengo_sync.signing import is_signed

LONGEST_RUN = 32
MOST_BYTES = 64 * 1024
"""How many commits, and about how many bytes of them, one signature proves on the server: a device
that reads the log meets a signature that is true after at most so many.
"""


class Signed(Protocol):
    """A commit and the signature of its device over its hash, offered or in the log."""

    @property
    def commit(self) -> Commit:
        """The commit, whole."""
        ...

    @property
    def signature(self) -> bytes:
        """Ed25519, by its device."""
        ...


def is_true(commit: Commit) -> bool:
    """Whether the commit is what its hash says."""
    return codec.commit_hash(commit) == commit.hash


def follows(commit: Commit, before: Commit) -> bool:
    """Whether whoever signed this commit said that one too; its own hash must be true."""
    return (commit.device_id, commit.user_id, commit.previous) == (
        before.device_id,
        before.user_id,
        before.hash,
    )


def count_signed(run: Sequence[Signed], keys: Iterable[str]) -> int:
    """How many of a run are proved by a signature under one of the keys: by that of the last, where
    nothing is wrong.
    """
    known = list(keys)
    for count in range(len(run), 0, -1):
        last = run[count - 1]
        if any(is_signed(key, last.signature, last.commit.hash) for key in known):
            return count
    return 0


def weight(commit: Commit) -> int:
    """About how many bytes it has."""
    return len(commit.command) + sum(len(event.payload) for event in commit.events)
