"""Starting the server, which is a program of its own."""

import typer

from manchengo_cli.session import Context
from manchengo_cli.typer_commands import Bare
from manchengo_presenters.language import N_

app = typer.Typer()


@app.command(
    "serve",
    cls=Bare,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    help=N_(
        "Whatever follows is handed to it: “manchengo-server serve --help” says what it takes."
    ),
    epilog="manchengo serve\nmanchengo serve --port 8440",
)
def serve(ctx: Context) -> int:
    from manchengo_cli.serving import start

    return start(ctx.args)
