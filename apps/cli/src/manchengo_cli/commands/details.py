"""The options by which each register is filled in: declared once for ``add`` and ``change``."""

from typing import Annotated, Any

import typer

from manchengo_cli import parameters
from manchengo_presenters.language import N_

Text = str | None

Commune = Annotated[
    Text,
    typer.Option(
        "--commune",
        parser=parameters.text,
        metavar=N_("CODE"),
        help=N_("The official code of the commune."),
    ),
]
Address = Annotated[Text, typer.Option("--address", parser=parameters.text, metavar=N_("TEXT"))]
Phone = Annotated[Text, typer.Option("--phone", parser=parameters.text, metavar=N_("NUMBER"))]
Email = Annotated[Text, typer.Option("--email", parser=parameters.text, metavar=N_("ADDRESS"))]
Nif = Annotated[
    Text,
    typer.Option("--nif", parser=parameters.text, metavar=N_("NUMBER"), help=N_("The tax number.")),
]
Nis = Annotated[
    Text,
    typer.Option(
        "--nis", parser=parameters.text, metavar=N_("NUMBER"), help=N_("The statistics number.")
    ),
]
Rc = Annotated[
    Text,
    typer.Option(
        "--rc", parser=parameters.text, metavar=N_("NUMBER"), help=N_("The trade register.")
    ),
]
Ai = Annotated[
    Text,
    typer.Option("--ai", parser=parameters.text, metavar=N_("NUMBER"), help=N_("The tax article.")),
]


def party(
    commune: Commune = None,
    address: Address = None,
    phone: Phone = None,
    email: Email = None,
    nif: Nif = None,
    nis: Nis = None,
    rc: Rc = None,
    ai: Ai = None,
) -> None:
    """Who a supplier is."""


def client(
    category: Annotated[
        Text,
        typer.Option(
            "--category", parser=parameters.text, metavar=N_("TEXT"), help=N_("gros, detail, …")
        ),
    ] = None,
    freshness: Annotated[
        int | None,
        typer.Option(
            "--freshness",
            parser=parameters.days,
            metavar=N_("DAYS"),
            help=N_("Days of life that a lot must still have when it is sold to them."),
        ),
    ] = None,
    commune: Commune = None,
    address: Address = None,
    phone: Phone = None,
    email: Email = None,
    nif: Nif = None,
    nis: Nis = None,
    rc: Rc = None,
    ai: Ai = None,
) -> None:
    """Who a client is, and how fresh it wants its cheese."""


def product(
    price: Annotated[
        Any,
        typer.Option(
            "--price",
            parser=parameters.price,
            metavar=N_("AMOUNT"),
            help=N_("Of one unit before tax, in dinars; 0,35/100 is that of a hundred."),
        ),
    ] = None,
    shelf_life: Annotated[
        int | None,
        typer.Option(
            "--shelf-life",
            parser=parameters.days,
            metavar=N_("DAYS"),
            help=N_("How long a new lot keeps; left out: it never expires."),
        ),
    ] = None,
    vat: Annotated[
        Text,
        typer.Option(
            "--vat",
            parser=parameters.vat_class,
            metavar=N_("CLASS"),
            help=N_("normal, réduit, exonéré; or the rate: 19, 9, 0."),
        ),
    ] = None,
    allocation: Annotated[
        Text,
        typer.Option(
            "--allocation",
            parser=parameters.one_of("FIFO", "FEFO"),
            metavar="FIFO|FEFO",
            help=N_("FIFO: the oldest lot leaves first. FEFO: the first to expire."),
        ),
    ] = None,
    release: Annotated[
        bool | None,
        typer.Option(
            "--release-required/--no-release-required",
            help=N_("Whether a new lot waits in quarantine until it is released."),
        ),
    ] = None,
    gtin: Annotated[
        Text,
        typer.Option(
            "--gtin", parser=parameters.text, metavar=N_("CODE"), help=N_("Its bar code.")
        ),
    ] = None,
    name_ar: Annotated[
        Text,
        typer.Option(
            "--name-ar", parser=parameters.text, metavar=N_("NAME"), help=N_("Its name in Arabic.")
        ),
    ] = None,
) -> None:
    """How a product is kept and sold."""
