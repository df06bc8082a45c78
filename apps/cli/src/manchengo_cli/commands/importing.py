"""Bringing in a file. Its work is imported when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli import parameters
from manchengo_cli.completion import offering
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import FILE, TypedValue, flag
from manchengo_cli.typer_commands import SessionCommand
from manchengo_files.conventions import DayOrder, DecimalMark, Declared
from manchengo_presenters.language import N_

ImportedKind = Annotated[
    str,
    TypedValue(N_("KIND"), offers=offering("import_kind")).argument(
        N_(
            "suppliers, clients, products, prices, recipes, opening-stock, lots, production, "
            "sales, deliveries; or in French: fournisseurs, produits, tarifs, recettes, "
            "stock-initial, ventes, livraisons."
        )
    ),
]
DecimalMarkOption = Annotated[
    DecimalMark | None,
    TypedValue(", | .", parameters.decimal_mark).option(
        "--decimal-mark", N_("The mark before the decimals, where a column does not show it.")
    ),
]
DateOrderOption = Annotated[
    DayOrder | None,
    TypedValue("jma|mja", parameters.date_order).option(
        "--date-order", N_("jma: the day comes first in dates. mja: the month.")
    ),
]

app = typer.Typer()


@app.command(
    "import",
    cls=SessionCommand,
    epilog="manchengo import suppliers fournisseurs.csv\n"
    "manchengo import lots lots_mp.xlsx --dry-run",
)
def import_(
    ctx: Context,
    kind: ImportedKind,
    file: Annotated[Path, FILE.argument(N_("A CSV file, or a workbook (.xlsx)."))],
    dry_run: Annotated[
        bool, flag("--dry-run", N_("Try it by the same rules, and record nothing."))
    ] = False,
    update: Annotated[
        bool,
        flag(
            "--update",
            N_(
                "Change what is recorded already, in suppliers, clients, products, prices and "
                "recipes: only the columns that the file has, and what differs."
            ),
        ),
    ] = False,
    atomic: Annotated[
        bool, flag("--atomic", N_("Record nothing at all unless every row is good."))
    ] = False,
    sheet: Annotated[
        str | None,
        TypedValue(N_("NAME")).option("--sheet", N_("Which sheet of a workbook to read.")),
    ] = None,
    decimal_mark: DecimalMarkOption = None,
    date_order: DateOrderOption = None,
) -> None:
    from manchengo_cli.import_run import import_file

    report = import_file(
        Session.of(ctx),
        kind,
        file,
        dry_run=dry_run,
        atomic=atomic,
        update=update,
        declared=Declared(decimal_mark=decimal_mark, day_order=date_order),
        sheet_name=sheet,
    )
    if report.outcome.refused:
        raise typer.Exit(1)
