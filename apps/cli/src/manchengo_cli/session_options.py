"""The options that commands have in common: they become the session.

They stand after a command or before it (``manchengo --db x stock``).
"""

from datetime import date
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import typer

from manchengo_cli import parameters
from manchengo_cli.signatures import optional, taking
from manchengo_cli.typed_values import DATE, FILE, TypedValue, flag
from manchengo_presenters.language import N_

WHERE = N_("The database file; else MANCHENGO_DB, else the usual place of this computer.")
WHO = N_(
    "The user who acts, who has to prove it; else MANCHENGO_USER, else who has signed in, else the "
    "one for whom the device was let in, else the only administrator."
)
PHRASE = N_("A file that holds the passphrase; else MANCHENGO_PASSPHRASE_FILE, else it is asked.")

Database = Annotated[str | None, FILE.option("--db", WHERE)]
User = Annotated[str | None, TypedValue(N_("NAME")).option("--user", WHO)]
PhraseFile = Annotated[str | None, FILE.option("--passphrase-file", PHRASE)]
AsJson = Annotated[bool, flag("--json", N_("Answer in JSON, for programs."))]
On = Annotated[
    date | None,
    DATE.option("--on", N_("The business date: 23/04/2026 or 2026-04-23; today when left out.")),
]
CommandId = Annotated[
    UUID | None,
    TypedValue("UUID", parameters.uuid).option(
        "--command-id", N_("The same id twice has one effect: for scripts that may try again.")
    ),
]
Preview = Annotated[
    bool,
    flag("--preview", N_("Say what it would change of the days before today, and record nothing.")),
]
Yes = Annotated[
    bool, flag("--yes", N_("Record what changes days before today without asking at the terminal."))
]

OPTIONS = {
    "on": On,
    "preview": Preview,
    "yes": Yes,
    "command_id": CommandId,
    "db": Database,
    "user": User,
    "passphrase_file": PhraseFile,
    "json": AsJson,
}
"""The options that commands have in common, in the order of the help."""

QUERY = ("db", "user", "passphrase_file", "json")


@cache
def options_of(names: tuple[str, ...]) -> tuple[Any, ...]:
    """The parameters that Typer makes of these common options."""

    @taking(optional({name: OPTIONS[name] for name in names}))
    def declaration(**_given: Any) -> None:
        pass

    app = typer.Typer(add_completion=False)
    app.command()(declaration)
    return tuple(typer.main.get_command(app).params)
