"""A failure as it is told to whoever typed the command."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Explanation:
    """A failure as it is told. ``usage``: how the command is written, where that was the fault."""

    name: str
    message: str
    exit_code: int
    facts: Mapping[str, object] = field(default_factory=dict)
    usage: str = ""
