"""What the day asks for, on one page."""

import typer

from manchengo_cli.session import Context, Session
from manchengo_cli.typer_commands import SessionCommand
from manchengo_presenters.language import N_

app = typer.Typer()


@app.command(
    "dashboard",
    cls=SessionCommand,
    help=N_("What the day asks for: what is late, what runs out, what waits."),
    epilog="manchengo dashboard\nmanchengo dashboard --json",
)
def dashboard(ctx: Context) -> None:
    """Answer what the day asks for."""
    from manchengo_cli.pages import dashboard as pages

    pages.show_dashboard(Session.of(ctx))
