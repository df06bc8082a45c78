"""Where a lot came from and where it went; and taking it back from everywhere."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli import completion, parameters
from manchengo_cli.session import Context, Session
from manchengo_cli.typer_commands import OnADayOnce, SessionCommand
from manchengo_presenters.language import N_, _

app = typer.Typer()

KINDS = ("lot", "supplier-lot", "production-order", "sales-order", "delivery", "invoice")

Reference = Annotated[
    str | None,
    typer.Argument(
        parser=parameters.text,
        metavar=N_("REFERENCE"),
        autocompletion=completion.references,
        help=N_(
            "The code of a lot, of an order or of a delivery note, the number of an invoice, or "
            "what the supplier calls the lot: it is recognised."
        ),
    ),
]
Kind = Annotated[
    str | None,
    typer.Option(
        "--as",
        parser=parameters.one_of(*KINDS),
        metavar="|".join(KINDS),
        help=N_("What the reference is, where it could be several things."),
    ),
]
Supplier = Annotated[
    str | None,
    typer.Option(
        "--supplier",
        parser=parameters.code,
        metavar=N_("SUPPLIER"),
        autocompletion=completion.suppliers,
        help=N_("Whose reference it is; with --day and without a reference, all they brought."),
    ),
]
Day = Annotated[
    date | None,
    typer.Option(
        "--day",
        parser=parameters.day,
        metavar=N_("DATE"),
        help=N_("The day of the receptions, with --supplier."),
    ),
]


@app.command(
    "trace",
    cls=SessionCommand,
    help=N_("Where a lot came from and where it went: both ways, all levels."),
    epilog="manchengo trace MP-02475\nmanchengo trace BL-00012 --json\n"
    "manchengo trace --supplier F001 --day 20/11/2026",
)
def trace(
    ctx: Context,
    reference: Reference = None,
    kind: Kind = None,
    supplier: Supplier = None,
    day: Day = None,
) -> None:
    from manchengo_cli.pages import tracing
    from manchengo_cli.pages.starting import typed_start

    tracing.show_trace(
        Session.of(ctx), typed_start(reference, kind=kind, supplier=supplier, day=day)
    )


@app.command(
    "recall",
    cls=OnADayOnce,
    help=N_("Recall a lot and all that was made from it, and list the clients reached."),
    epilog="manchengo recall MP-02475 --simulate\n"
    "manchengo recall BL-00012 --drill\n"
    'manchengo recall MP-02475 --reason "antibiotiques dans le lait" --pdf appels.pdf',
)
def recall(
    ctx: Context,
    reference: Reference = None,
    kind: Kind = None,
    supplier: Supplier = None,
    day: Day = None,
    simulate: Annotated[
        bool, typer.Option("--simulate", help=N_("Only say what it would reach."))
    ] = False,
    drill: Annotated[
        bool,
        typer.Option(
            "--drill", help=N_("Practise it: nothing is recalled, the audit keeps the minutes.")
        ),
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
    pdf: Annotated[
        Path | None,
        typer.Option(
            "--pdf",
            metavar=N_("FILE"),
            help=N_("Also write the list of calls there, to be printed: a new .pdf file."),
        ),
    ] = None,
) -> None:
    from manchengo_cli.pages import recalling
    from manchengo_cli.pages.papers import PdfFile, RecallFile
    from manchengo_cli.pages.starting import typed_start

    if [simulate, drill, bool(reason)].count(True) != 1:
        raise typer.BadParameter(
            _("Give one of --simulate, --drill, or --reason with why the lot is recalled.")
        )
    session = Session.of(ctx)
    start = typed_start(reference, kind=kind, supplier=supplier, day=day)
    paper = RecallFile(PdfFile.of(pdf) if pdf else None, is_drill=drill)
    if simulate:
        recalling.show_simulation(session, start, paper)
    elif drill:
        recalling.drill_recall(session, start, paper)
    else:
        recalling.carry_out_recall(session, start, reason, paper)
