"""Take one recorded step back."""

from typing import Annotated

import typer

from manchengo_cli import parameters
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import TypedValue
from manchengo_cli.typer_commands import OnADay
from manchengo_presenters.language import N_

app = typer.Typer()


@app.command(
    "undo",
    cls=OnADay,
    help=N_(
        "Nothing is erased: the log keeps both. Said again, it takes back the one before;"
        " of one commit, it is done once."
    ),
    epilog='manchengo undo --reason "mauvais lot"\nmanchengo undo 0193b3a04c21 --json',
)
def undo(
    ctx: Context,
    commit: Annotated[
        str,
        TypedValue(N_("COMMIT"), parameters.commit).argument(
            N_("Its id, or the first eight digits of it at least; “last” when left out.")
        ),
    ] = parameters.LAST,
    reason: options.Remark = "",
) -> None:
    from manchengo_cli.pages import undoing as pages

    pages.undo(Session.of(ctx), commit, reason)
