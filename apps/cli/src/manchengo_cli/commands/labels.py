"""Labels on paper: for lots, production orders and deliveries."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import COUNT, DATE, FILE, LABELLED, one_of
from manchengo_cli.typer_commands import SessionCommand
from manchengo_presenters.language import N_

app = typer.Typer()

SIZES = ("50x30", "100x50")
SHEETS = ("10", "24", "40")
RESOLUTIONS = ("203", "300")


Target = Annotated[
    Path, FILE.option("--to", N_("The file to write, whose name ends in .pdf or .zpl."))
]
Codes = Annotated[list[str] | None, LABELLED.argument(N_("Lots, production orders or deliveries."))]
EnteredOn = Annotated[
    date | None,
    DATE.option("--entered-on", N_("Also all lots that were received or made on that day.")),
]
Size = Annotated[
    str, one_of(*SIZES).option("--size", N_("Single labels, in millimetres, one to a page."))
]
Sheet = Annotated[
    str | None,
    one_of(*SHEETS).option("--sheet", N_("Sheets of A4 instead, with so many labels each.")),
]
Used = Annotated[
    int | None, COUNT.option("--used", N_("How many labels of the first sheet are gone already."))
]
Copies = Annotated[int | None, COUNT.option("--copies", N_("Of each label; one when left out."))]
Dpi = Annotated[
    str,
    one_of(*RESOLUTIONS).option("--dpi", N_("What the label printer burns, in dots to the inch.")),
]


@app.command(
    "labels",
    cls=SessionCommand,
    help=N_("One label for each code: of a lot, a production order, a delivery."),
    epilog="manchengo labels MP-20261123-001 --to etiquettes.pdf\n"
    "manchengo labels --entered-on 23/11/2026 --sheet 24 --used 5 --to etiquettes.pdf\n"
    "manchengo labels PF-OF-20261123-001 --size 50x30 --copies 40 --to etiquettes.zpl",
)
def labels(
    ctx: Context,
    to: Target,
    codes: Codes = None,
    entered_on: EnteredOn = None,
    size: Size = "100x50",
    sheet: Sheet = None,
    used: Used = None,
    copies: Copies = None,
    dpi: Dpi = "203",
    force: options.Force = False,
) -> None:
    from manchengo_cli.pages import labels as pages

    pages.print_labels(
        Session.of(ctx),
        pages.Wanted(
            codes=tuple(codes or ()),
            entered_on=entered_on,
            to=to,
            size=size,
            sheet=int(sheet) if sheet else None,
            used=used or 0,
            copies=copies or 1,
            dpi=int(dpi),
            force=force,
        ),
    )
