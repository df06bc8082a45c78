"""Where a lot came from and where it went; and taking it back from everywhere."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import DATE, FILE, REFERENCE, SUPPLIER, TEXT, flag, one_of
from manchengo_cli.typer_commands import OnADayOnce, SessionCommand
from manchengo_presenters.language import N_, _

app = typer.Typer()

KINDS = ("lot", "supplier-lot", "production-order", "sales-order", "delivery", "invoice")

Reference = Annotated[
    str | None,
    REFERENCE.argument(
        N_(
            "The code of a lot, of an order or of a delivery note, the number of an invoice, or "
            "what the supplier calls the lot: it is recognised."
        )
    ),
]
Kind = Annotated[
    str | None,
    one_of(*KINDS).option("--as", N_("What the reference is, where it could be several things.")),
]
Supplier = Annotated[
    str | None,
    SUPPLIER.option(
        "--supplier",
        N_("Whose reference it is; with --day and without a reference, all they brought."),
    ),
]
Day = Annotated[
    date | None, DATE.option("--day", N_("The day of the receptions, with --supplier."))
]


@app.command(
    "trace",
    cls=SessionCommand,
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
    simulate: Annotated[bool, flag("--simulate", N_("Only say what it would reach."))] = False,
    drill: Annotated[
        bool, flag("--drill", N_("Practise it: nothing is recalled, the audit keeps the minutes."))
    ] = False,
    reason: Annotated[str, TEXT.option("--reason", N_("Why; a recall never ends."))] = "",
    pdf: Annotated[
        Path | None,
        FILE.option(
            "--pdf", N_("Also write the list of calls there, to be printed: a new .pdf file.")
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
