"""The demonstration: what to type, what it answers, on a database that is thrown away."""

from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli.typed_values import TypedValue
from manchengo_cli.typer_commands import Bare
from manchengo_presenters.language import N_

app = typer.Typer()


@app.command(
    "demo",
    cls=Bare,
    epilog="manchengo demo\nmanchengo demo --keep essai",
)
def demo(
    keep: Annotated[
        Path | None,
        TypedValue(N_("FOLDER")).option(
            "--keep", N_("Keep the database there, with its passphrase, to go on trying.")
        ),
    ] = None,
) -> int:
    from manchengo_cli.demonstration import demonstrate

    return demonstrate(keep)
