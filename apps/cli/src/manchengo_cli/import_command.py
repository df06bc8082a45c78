"""The options of ``manchengo import KIND FILE``; its work is imported when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli import completion, parameters
from manchengo_cli.session import Context, Session
from manchengo_files.conventions import DayOrder, DecimalMark, Declared
from manchengo_presenters.language import N_

ImportedKind = Annotated[
    str,
    typer.Argument(
        metavar=N_("KIND"),
        autocompletion=completion.import_kinds,
        help=N_(
            "suppliers, clients, products, recipes, opening-stock, lots, production, sales, "
            "deliveries; or in French: fournisseurs, produits, recettes, stock-initial, "
            "ventes, livraisons."
        ),
    ),
]
DecimalMarkOption = Annotated[
    DecimalMark | None,
    typer.Option(
        "--decimal-mark",
        parser=parameters.decimal_mark,
        metavar=", | .",
        help=N_("The mark before the decimals, where a column does not show it."),
    ),
]
DateOrderOption = Annotated[
    DayOrder | None,
    typer.Option(
        "--date-order",
        parser=parameters.date_order,
        metavar="jma|mja",
        help=N_("jma: the day comes first in dates. mja: the month."),
    ),
]


def run_import(
    ctx: Context,
    kind: ImportedKind,
    file: Annotated[
        Path, typer.Argument(metavar=N_("FILE"), help=N_("A CSV file, or a workbook (.xlsx)."))
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Try it by the same rules, and record nothing."))
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help=N_(
                "Change what is recorded already, in suppliers, clients, products and recipes: "
                "only the columns that the file has, and what differs."
            ),
        ),
    ] = False,
    atomic: Annotated[
        bool, typer.Option("--atomic", help=N_("Record nothing at all unless every row is good."))
    ] = False,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", metavar=N_("NAME"), help=N_("Which sheet of a workbook to read.")),
    ] = None,
    decimal_mark: DecimalMarkOption = None,
    date_order: DateOrderOption = None,
) -> None:
    """Import a file; exit with 1 if a row was refused."""
    from manchengo_cli.import_run import import_file

    declared = Declared(decimal_mark=decimal_mark, day_order=date_order)
    report = import_file(
        Session.of(ctx),
        kind,
        file,
        dry_run=dry_run,
        atomic=atomic,
        update=update,
        declared=declared,
        sheet_name=sheet,
    )
    if report.outcome.refused:
        raise typer.Exit(1)
