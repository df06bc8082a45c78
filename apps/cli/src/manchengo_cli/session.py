"""What was asked beside the command itself: which database, as whom, in which form to answer.

These options stand on every command, after it or before it (``manchengo --db x stock``), and are
declared once, here. A command reads them from ``Session.of(ctx)``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, Self
from uuid import UUID

import typer

from manchengo_cli import parameters
from manchengo_presenters.language import N_

Context = typer.Context

WHERE = N_("The database file; else MANCHENGO_DB, else the usual place of this computer.")
WHO = N_(
    "The user who acts, who has to prove it; else MANCHENGO_USER, else who has signed in, else the "
    "one for whom the device was let in, else the only administrator."
)
PHRASE = N_("A file that holds the passphrase; else MANCHENGO_PASSPHRASE_FILE, else it is asked.")
AS_JSON = N_("Answer in JSON, for programs.")


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


Database = Annotated[str | None, typer.Option("--db", metavar=N_("FILE"), help=WHERE)]
User = Annotated[str | None, typer.Option("--user", metavar=N_("NAME"), help=WHO)]
PhraseFile = Annotated[
    str | None, typer.Option("--passphrase-file", metavar=N_("FILE"), help=PHRASE)
]
AsJson = Annotated[bool, typer.Option("--json", help=AS_JSON)]


def query(
    db: Database = None,
    user: User = None,
    passphrase_file: PhraseFile = None,
    json: AsJson = False,
) -> None:
    """The options of a question."""


On = Annotated[
    date | None,
    typer.Option(
        "--on",
        parser=parameters.day,
        metavar=N_("DATE"),
        help=N_("The business date: 23/04/2026 or 2026-04-23; today when left out."),
    ),
]
CommandId = Annotated[
    UUID | None,
    typer.Option(
        "--command-id",
        parser=parameters.uuid,
        metavar="UUID",
        help=N_("The same id twice has one effect: for scripts that may try again."),
    ),
]


def recording(
    command_id: CommandId = None,
    db: Database = None,
    user: User = None,
    passphrase_file: PhraseFile = None,
    json: AsJson = False,
) -> None:
    """The options of what changes a register."""


def on_a_day(
    on: On = None,
    db: Database = None,
    user: User = None,
    passphrase_file: PhraseFile = None,
    json: AsJson = False,
) -> None:
    """The options of what happens on a day, several times or under an id of its own."""


def on_a_day_once(
    on: On = None,
    command_id: CommandId = None,
    db: Database = None,
    user: User = None,
    passphrase_file: PhraseFile = None,
    json: AsJson = False,
) -> None:
    """The options of what happens on a day and changes no balance."""


Preview = Annotated[
    bool,
    typer.Option(
        "--preview",
        help=N_("Say what it would change of the days before today, and record nothing."),
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes", help=N_("Record what changes days before today without asking at the terminal.")
    ),
]


def operation(
    on: On = None,
    preview: Preview = False,
    yes: Yes = False,
    command_id: CommandId = None,
    db: Database = None,
    user: User = None,
    passphrase_file: PhraseFile = None,
    json: AsJson = False,
) -> None:
    """The options of what happens at the dairy, on a day."""


@cache
def options_of(declaration: Callable[..., None]) -> tuple[Any, ...]:
    """The parameters that Typer makes of a function's signature."""
    app = typer.Typer(add_completion=False)
    app.command()(declaration)
    return tuple(typer.main.get_command(app).params)
