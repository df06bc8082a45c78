"""Whether authors signed their commits, each with the key that the commit names.

The author's part of a commit names the one that the same key signed before. So a signature proves
that one as well, if it stands in the same portion: only the last commit of each key is checked. A
signature costs ten times what a hash does.

A chain of a key may fork, where a copy of a database goes on beside the original. A commit that
does not follow the one before it of the same key is proved by itself.
"""

from collections.abc import Sequence

from manchengo import codec
from manchengo.domain.commit import Commit
from manchengo_sync.signing import is_signed

NOT_BY_ITS_AUTHOR = "not signed by its author, with the key that it names"


def follows_of_its_author(commit: Commit, before: Commit) -> bool:
    """Whether the same key signed ``commit`` as author directly after ``before``."""
    part, earlier = commit.authorship, before.authorship
    return (
        part is not None
        and earlier is not None
        and part.key == earlier.key
        and part.previous == codec.authored_hash(before, earlier)
    )


def is_signed_by_its_author(commit: Commit) -> bool:
    """Whether the author's signature in it is valid; False where there is none."""
    part = commit.authorship
    return part is not None and is_signed(
        part.key.hex(), part.signature, codec.authored_hash(commit, part)
    )


def count_signed_by_authors(commits: Sequence[Commit]) -> int:
    """How many of these, from the first on, their authors signed. A commit without an author's part
    counts: the judge decides whether it may be without one.
    """
    good = len(commits)
    vouched_for: dict[bytes, bytes] = {}
    for place in range(len(commits) - 1, -1, -1):
        commit = commits[place]
        part = commit.authorship
        if part is None:
            continue
        authored = codec.authored_hash(commit, part)
        is_proved = vouched_for.get(part.key) == authored
        if is_proved or is_signed(part.key.hex(), part.signature, authored):
            vouched_for[part.key] = part.previous
        else:
            good = place
    return good
