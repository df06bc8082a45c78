"""Where a lot came from and where it went; and taking it back from everywhere."""

from typing import Annotated

import typer

from manchengo_cli import parameters
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typer_commands import Operation, SessionCommand
from manchengo_presenters.language import N_, _

app = typer.Typer()


@app.command(
    "trace",
    cls=SessionCommand,
    help=N_("Where a lot came from and where it went: both ways, all levels."),
    epilog="manchengo trace MP-02475\nmanchengo trace PF-OF-00867 --json",
)
def trace(ctx: Context, lot: options.Lot) -> None:
    from manchengo_cli.pages import tracing as pages

    pages.show_trace(Session.of(ctx), lot)


@app.command(
    "recall",
    cls=Operation,
    help=N_("Recall a lot and all that was made from it, and list the clients reached."),
    epilog="manchengo recall MP-02475 --simulate\n"
    'manchengo recall MP-02475 --reason "antibiotiques dans le lait"',
)
def recall(
    ctx: Context,
    lot: options.Lot,
    simulate: Annotated[
        bool, typer.Option("--simulate", help=N_("Only say what it would reach."))
    ] = False,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            parser=parameters.text,
            metavar=N_("TEXT"),
            help=N_("Why; a recall never ends."),
        ),
    ] = "",
) -> None:
    from manchengo_cli.pages import recalling as pages

    if simulate == bool(reason):
        raise typer.BadParameter(
            _("Give either --simulate, or --reason with why the lot is recalled.")
        )
    if simulate:
        pages.show_simulation(Session.of(ctx), lot)
    else:
        pages.carry_out_recall(Session.of(ctx), lot, reason)
