"""The code that a new entry gets where nobody gave one."""

from collections.abc import Callable
from datetime import date
from itertools import chain, count

from manchengo.application.marks import own_mark
from manchengo.application.spellings import rows_of_code
from manchengo.ports.rows import ClaimRow, FinishedLotRow, RawLotRow, Row
from manchengo.ports.store import Snapshot


def next_code(snapshot: Snapshot, prefix: str, day: date, *kinds: type[Row]) -> str:
    """``MP-20261123-001``, or the first number after it that is free among these rows, and that no
    claim bears: its label is on something, even if the rules refused the commit.

    On a device that bears a mark, the number bears it too (``MP-20261123-B001``): two devices that
    do not hear of each other never propose the same.
    """
    stem = f"{prefix}-{day:%Y%m%d}-{own_mark(snapshot)}"

    def taken(number: int) -> bool:
        code = f"{stem}{number:03}"
        claims = rows_of_code(snapshot, code, ClaimRow)
        return snapshot.has_code(code, *kinds) or any(claim.open for claim in claims)

    return f"{stem}{first_free(taken):03}"


def first_free(taken: Callable[[int], bool]) -> int:
    """Of numbers that are taken in their order: doubling, then halving costs a few look-ups."""
    below = 0
    above = 1
    while taken(above):
        below, above = above, above * 2
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if taken(middle) else (below, middle)
    return above


def free_lot_code(snapshot: Snapshot, code: str) -> str:
    """The code; with a number behind it where a lot bears it that is void or was claimed, since a
    label may bear it, too: ``PF-OF-20261123-001-R2``.
    """
    numbered = (f"{code}-R{number}" for number in count(2))
    return next(each for each in chain([code], numbered) if not _is_borne(snapshot, each))


def _is_borne(snapshot: Snapshot, code: str) -> bool:
    claims = rows_of_code(snapshot, code, ClaimRow)
    return snapshot.has_code(code, RawLotRow, FinishedLotRow) or any(each.open for each in claims)
