"""Bringing in a file. What it does is in ``manchengo_cli.import_run``; here it gets its name."""

import typer

from manchengo_cli.import_command import run_import
from manchengo_cli.typer_commands import SessionCommand
from manchengo_presenters.language import N_

app = typer.Typer()

app.command(
    "import",
    cls=SessionCommand,
    help=N_("Bring in a file: CSV or Excel (.xlsx)."),
    epilog="manchengo import suppliers fournisseurs.csv\n"
    "manchengo import lots lots_mp.xlsx --dry-run",
)(run_import)
