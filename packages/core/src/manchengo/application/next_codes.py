"""The code that a new entry gets where nobody gave one."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from itertools import chain, count

from manchengo import codec
from manchengo.application.marks import own_mark
from manchengo.application.spellings import rows_of_code
from manchengo.commands import COMMANDS, IssueCreditNote, IssueInvoice
from manchengo.domain.names import comparison_key
from manchengo.domain.resolution import Matter
from manchengo.ports.rows import (
    ClaimRow,
    CreditNoteRow,
    FinishedLotRow,
    InvoiceRow,
    RawLotRow,
    ResolutionItemRow,
    Row,
)
from manchengo.ports.store import Snapshot

ISSUING: dict[type, str] = {
    rows: next(name for name, schema in COMMANDS.items() if schema.type is command)
    for rows, command in ((InvoiceRow, IssueInvoice), (CreditNoteRow, IssueCreditNote))
}
"""The commands that give a paper its number, by the rows of such papers."""


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

    return f"{stem}{_first_free(taken):03}"


def next_bill_number(
    snapshot: Snapshot, prefix: str, on: date, rows: type[InvoiceRow] | type[CreditNoteRow]
) -> str:
    """``FAC-2026-000001``, or what follows the last one of the year: a series without a gap.

    A device that bears a mark has a series of its own (``FAC-2026-B-000001``). A number of which
    the log refused the paper is not given again: that paper may be in somebody's hands.
    """
    mark = own_mark(snapshot)
    stem = f"{prefix}-{on:%Y}-{mark}-" if mark else f"{prefix}-{on:%Y}-"
    refused = set(_refused_numbers(snapshot, ISSUING[rows]))

    def taken(number: int) -> bool:
        key = comparison_key(f"{stem}{number:06}")
        return key in refused or any(True for _ in snapshot.rows(rows, number_key=key, limit=1))

    return f"{stem}{_first_free(taken):06}"


def _refused_numbers(snapshot: Snapshot, command_type: str) -> Iterator[str]:
    """The numbers, as they are compared, of the papers that the log refused, decided on or not."""
    items = snapshot.rows(
        ResolutionItemRow, matter=Matter.REJECTED.value, command_type=command_type
    )
    for item in items:
        commit = snapshot.commit(item.commit_id)
        assert commit is not None, "an item is of a commit that is stored"
        with suppress(codec.Unreadable):
            command = codec.commands.decode(
                commit.command_type, commit.command_version, commit.command
            )
            yield comparison_key(command.number)


def _first_free(taken: Callable[[int], bool]) -> int:
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
