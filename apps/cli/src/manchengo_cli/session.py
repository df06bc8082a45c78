"""What was asked beside the command itself: which database, as whom, in which form to answer.

A command reads it from ``Session.of(ctx)``.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

import typer

Context = typer.Context


@dataclass(frozen=True, kw_only=True)
class Session:
    """One run of the program, as the person asked for it."""

    db: str | None = None
    user: str | None = None
    passphrase_file: str | None = None
    json: bool = False
    on: date | None = None
    command_id: UUID | None = None
    preview: bool = False
    yes: bool = False

    @classmethod
    def of(cls, ctx: Context) -> Self:
        """The session that ``SessionCommand`` left in the context."""
        assert isinstance(ctx.obj, cls), "every command of ours is a SessionCommand"
        return ctx.obj

    def with_options(self, given: dict[str, Any]) -> Self:
        """This session, but for the options that were really given."""
        return replace(self, **{name: value for name, value in given.items() if value})
