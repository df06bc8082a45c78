"""The imports that were made, and undoing one whole."""

from typing import Annotated

import typer

from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import IDENTIFIER
from manchengo_cli.typer_commands import Recording, SessionCommand
from manchengo_presenters.language import N_

app = typer.Typer()


@app.command(
    "imports",
    cls=SessionCommand,
    epilog="manchengo imports",
)
def imports(ctx: Context) -> None:
    from manchengo_cli.pages import imports as pages

    pages.show_imports(Session.of(ctx))


@app.command(
    "undo-import",
    cls=Recording,
    epilog='manchengo undo-import 0193b3a0 --reason "mauvais fichier"',
)
def undo_import(
    ctx: Context,
    import_id: Annotated[
        str, IDENTIFIER.argument(N_("As “manchengo imports” gives it; its beginning is enough."))
    ],
    reason: options.Reason,
) -> None:
    from manchengo_cli.pages import imports as pages

    pages.undo(Session.of(ctx), import_id, reason)
