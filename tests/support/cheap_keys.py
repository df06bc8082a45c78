"""A passphrase costs a fifth of a second, on purpose; where that is not tested, it need not.

What a seal costs is written beside it: a database made here is opened as cheaply by any process.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from manchengo_sqlite import sealing
from manchengo_sync import invitations

CHEAP = sealing.Cost(passes=1, memory_kib=8, lanes=1)


@contextmanager
def cheap_keys() -> Iterator[None]:
    """Meanwhile this process seals keys, and makes them from codes, for as little as can be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "usual_cost", lambda: CHEAP)
        patch.setattr(invitations, "PASSES", CHEAP.passes)
        patch.setattr(invitations, "MEMORY_KIB", CHEAP.memory_kib)
        yield
