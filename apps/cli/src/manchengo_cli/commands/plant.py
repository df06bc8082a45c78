"""The particulars of the plant: what is known, and changes."""

from typing import Any

import typer

from manchengo_cli.commands import details
from manchengo_cli.commands.registers import NewName
from manchengo_cli.session import Context, Session
from manchengo_cli.signatures import taking
from manchengo_cli.typer_commands import Recording, SessionGroup
from manchengo_presenters.language import N_
from manchengo_presenters.registers import PLANT

app = typer.Typer()
plant = typer.Typer(cls=SessionGroup, name="plant")
app.add_typer(plant)


@plant.callback(
    invoke_without_command=True,
    epilog="manchengo plant\nmanchengo plant --json",
)
def show(ctx: Context) -> None:
    if ctx.invoked_subcommand is None:
        from manchengo_cli.pages import plant as pages

        pages.show(Session.of(ctx))


@plant.command(
    "change",
    cls=Recording,
    help=N_("For administrators: change what is given, leave the rest."),
    epilog='manchengo plant change --approval "15 123" --address "Zone 2, 15000 Tizi Ouzou"',
)
@taking(details.options(PLANT, is_new=False))
def change(ctx: Context, name: NewName = None, **given: Any) -> None:
    from manchengo_cli.pages import plant as pages

    pages.change(Session.of(ctx), {"name": name} | given)
