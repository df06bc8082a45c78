"""Whether authors signed their commits, each with the key that the commit names.

The author's part of a commit names the one that the same key signed before. So a signature proves
that one as well, if it stands in the same portion: only the last commit of each key is checked. A
signature costs ten times what a hash does.
"""

from collections.abc import Sequence

from manchengo import codec
from manchengo.domain.commit import Commit
from manchengo_sync.signing import is_signed


def count_signed_by_authors(commits: Sequence[Commit]) -> int:
    """How many of these, from the first on, their authors signed. One without an author's part
    counts: whether it may be without is for the log to judge.
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
