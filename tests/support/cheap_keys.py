"""A passphrase costs a fifth of a second, on purpose; where that is not tested, it need not.

What a seal costs is written beside it: a database made here is opened as cheaply by any process.
What a code costs is written nowhere: all who make keys from it must be told.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from manchengo_sqlite import sealing
from manchengo_sync import invitations

USUAL, CHEAP = sealing.usual_cost(), sealing.Cost(passes=1, memory_kib=8, lanes=1)
"""What a seal costs in the program, and in the process of the tests."""


@contextmanager
def seals_at(cost: sealing.Cost) -> Iterator[None]:
    """Meanwhile this process seals keys at that cost, where none is named."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "usual_cost", lambda: cost)
        yield


@contextmanager
def cheap_keys() -> Iterator[None]:
    """Meanwhile this process seals keys, and makes them from codes, for as little as can be."""
    with seals_at(CHEAP), pytest.MonkeyPatch.context() as patch:
        patch.setattr(invitations, "PASSES", CHEAP.passes)
        patch.setattr(invitations, "MEMORY_KIB", CHEAP.memory_kib)
        yield
