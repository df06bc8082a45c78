"""Lots in memory, in the order of a policy."""

from collections.abc import Iterable
from datetime import date

from manchengo.domain.allocation import Policy
from manchengo.ports.rows import LotRow


def in_order(rows: Iterable[LotRow], policy: Policy) -> list[LotRow]:
    """The lots in the order in which the policy takes them."""
    if policy is Policy.FIFO:
        return sorted(rows, key=lambda row: (row.entered_on, row.expires_on or date.max, row.id))
    return sorted(rows, key=lambda row: (row.expires_on or date.max, row.entered_on, row.id))
