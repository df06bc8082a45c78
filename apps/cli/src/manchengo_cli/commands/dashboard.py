"""What the day asks for, on one page."""

import typer

from manchengo_cli.session import Context, Session
from manchengo_cli.typer_commands import SessionCommand

app = typer.Typer()


@app.command(
    "dashboard",
    cls=SessionCommand,
    epilog="manchengo dashboard\nmanchengo dashboard --json",
)
def dashboard(ctx: Context) -> None:
    from manchengo_cli.pages import dashboard as pages

    pages.show_dashboard(Session.of(ctx))
