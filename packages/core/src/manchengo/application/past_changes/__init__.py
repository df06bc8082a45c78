"""What an entry dated before today changes of the days since: asked before it is recorded."""

from manchengo.application.past_changes.answer import (
    CountChange,
    DayBalance,
    LotChange,
    OtherPick,
    Paper,
    PaperKind,
    PastChanges,
    ProductChange,
)
from manchengo.application.past_changes.question import past_changes

__all__ = [
    "CountChange",
    "DayBalance",
    "LotChange",
    "OtherPick",
    "Paper",
    "PaperKind",
    "PastChanges",
    "ProductChange",
    "past_changes",
]
