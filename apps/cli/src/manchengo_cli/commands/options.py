"""The arguments and options that several commands share, named and explained once."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manchengo_cli import completion, parameters
from manchengo_presenters.language import N_, _
from manchengo_presenters.measures import Line, Measure

if TYPE_CHECKING:
    from manchengo_workplace.server import Joining

Lot = Annotated[
    str,
    typer.Argument(parser=parameters.code, metavar=N_("LOT"), autocompletion=completion.lots),
]
RawLot = Annotated[
    str,
    typer.Argument(parser=parameters.code, metavar=N_("LOT"), autocompletion=completion.raw_lots),
]
Product = Annotated[
    str,
    typer.Argument(
        parser=parameters.code, metavar=N_("PRODUCT"), autocompletion=completion.products
    ),
]
RawMaterial = Annotated[
    str,
    typer.Argument(
        parser=parameters.code, metavar=N_("PRODUCT"), autocompletion=completion.raw_materials
    ),
]
FinishedProduct = Annotated[
    str,
    typer.Argument(
        parser=parameters.code, metavar=N_("PRODUCT"), autocompletion=completion.finished_products
    ),
]
Client = Annotated[
    str,
    typer.Argument(parser=parameters.code, metavar=N_("CLIENT"), autocompletion=completion.clients),
]
SalesOrder = Annotated[
    str,
    typer.Argument(
        parser=parameters.code, metavar=N_("SALES-ORDER"), autocompletion=completion.sales_orders
    ),
]
ProductionOrder = Annotated[
    str,
    typer.Argument(
        parser=parameters.code, metavar=N_("ORDER"), autocompletion=completion.production_orders
    ),
]
LabelFile = Annotated[
    Path | None,
    typer.Option(
        "--label",
        metavar=N_("FILE"),
        help=N_("Also write its label there, 100×50 mm: a new .pdf or .zpl file."),
    ),
]
Delivery = Annotated[
    str,
    typer.Argument(
        parser=parameters.code, metavar=N_("DELIVERY"), autocompletion=completion.deliveries
    ),
]
Quantity = Annotated[
    Measure,
    typer.Argument(
        parser=parameters.measure,
        metavar=N_("QUANTITY"),
        help=N_("In the product's unit, or with its own: 1250,5 or 500g."),
    ),
]
QuantityOrAll = Annotated[
    Measure | None,
    typer.Argument(
        parser=parameters.measure,
        metavar=N_("QUANTITY"),
        help=N_("In the product's unit, or with its own: 1250,5 or 500g; all of it if left out."),
    ),
]
OrderLines = Annotated[
    list[Line],
    typer.Argument(
        parser=parameters.line,
        metavar=N_("PRODUCT=QUANTITY[@PRICE]"),
        autocompletion=completion.lines_of_finished_products,
        help=N_("The product's price is taken where none is given."),
    ),
]

Reason = Annotated[
    str,
    typer.Option(
        "--reason",
        parser=parameters.text,
        metavar=N_("TEXT"),
        help=N_("Why; it stays in the history."),
    ),
]
Remark = Annotated[
    str,
    typer.Option(
        "--reason",
        parser=parameters.text,
        metavar=N_("TEXT"),
        help=N_("Why, if there is more to say."),
    ),
]
Override = Annotated[
    str,
    typer.Option(
        "--reason",
        parser=parameters.text,
        metavar=N_("TEXT"),
        help=N_("Why this lot, when it is not one proposed."),
    ),
]
Code = Annotated[
    str | None,
    typer.Option(
        "--code",
        parser=parameters.code,
        metavar=N_("CODE"),
        help=N_("Its code; the next free one of the day when left out."),
    ),
]
Expires = Annotated[
    date | None,
    typer.Option(
        "--expires",
        parser=parameters.day,
        metavar=N_("DATE"),
        help=N_("Last day of use; from the product's shelf life when left out."),
    ),
]
WantedOn = Annotated[
    date | None,
    typer.Option(
        "--wanted",
        parser=parameters.day,
        metavar=N_("DATE"),
        help=N_("Day by which the client wants it."),
    ),
]
Price = Annotated[
    Any,
    typer.Option(
        "--price",
        parser=parameters.price,
        metavar=N_("AMOUNT"),
        help=N_(
            "Price of one unit, in dinars; 0,35/100 is that of a hundred. The product's when left "
            "out."
        ),
    ),
]
DeliveryNote = Annotated[
    str | None,
    typer.Option(
        "--reference",
        parser=parameters.text,
        metavar=N_("TEXT"),
        help=N_("The supplier's delivery note."),
    ),
]
Quarantine = Annotated[bool, typer.Option("--quarantine", help=N_("Put it in quarantine at once."))]
Carrier = Annotated[
    str,
    typer.Option(
        "--carrier",
        parser=parameters.text,
        metavar=N_("NAME"),
        help=N_("Who drives, or the vehicle."),
    ),
]
Since = Annotated[
    date | None,
    typer.Option("--from", parser=parameters.day, metavar=N_("DATE"), help=N_("From that day on.")),
]
Until = Annotated[
    date | None,
    typer.Option(
        "--to", parser=parameters.day, metavar=N_("DATE"), help=N_("Until that day included.")
    ),
]
Everything = Annotated[
    bool, typer.Option("--all", help=N_("Also what is over: closed, cancelled, exhausted."))
]

Obtained = Annotated[
    Measure | None,
    typer.Option(
        "--obtained",
        parser=parameters.measure,
        metavar=N_("QUANTITY"),
        help=N_("What came out; what was planned when left out."),
    ),
]
LotCode = Annotated[
    str | None,
    typer.Option(
        "--lot",
        parser=parameters.code,
        metavar=N_("CODE"),
        help=N_("The code of the lot made; PF- and the order's when left out."),
    ),
]
ByProducts = Annotated[
    list[Line] | None,
    typer.Option(
        "--by-product",
        parser=parameters.line,
        metavar=N_("PRODUCT=QUANTITY"),
        autocompletion=completion.lines_of_products,
        help=N_("What came out beside it, such as whey."),
    ),
]
Lost = Annotated[
    Measure | None,
    typer.Option(
        "--lost",
        parser=parameters.measure,
        metavar=N_("QUANTITY"),
        help=N_("What was lost on the way, in the product's unit."),
    ),
]
LossReason = Annotated[
    str,
    typer.Option(
        "--loss-reason", parser=parameters.text, metavar=N_("TEXT"), help=N_("Why it was lost.")
    ),
]

Batch = Annotated[
    Measure,
    typer.Option(
        "--batch",
        parser=parameters.measure,
        metavar=N_("QUANTITY"),
        help=N_("How much product the ingredients are for."),
    ),
]
Ingredients = Annotated[
    list[Line],
    typer.Argument(
        parser=parameters.line,
        metavar=N_("INGREDIENT=QUANTITY"),
        autocompletion=completion.lines_of_products,
    ),
]
Yield = Annotated[
    int | None,
    typer.Option(
        "--yield",
        parser=parameters.percent,
        metavar=N_("PERCENT"),
        help=N_("The share that usually comes out; 100 when left out."),
    ),
]

Join = Annotated[
    str | None,
    typer.Option(
        "--join",
        parser=parameters.name,
        metavar="URL",
        help=N_("Join the plant of that server, with a code that lets one device in."),
    ),
]
OneTimeCode = Annotated[
    str | None,
    typer.Option(
        "--code",
        parser=parameters.name,
        metavar=N_("CODE"),
        help=N_("With --join: the code that an administrator gave (manchengo devices code)."),
    ),
]
DeviceName = Annotated[
    str | None,
    typer.Option(
        "--name",
        parser=parameters.name,
        metavar=N_("NAME"),
        help=N_("With --join: what to call this device; the computer's name when left out."),
    ),
]
AllowHttp = Annotated[
    bool,
    typer.Option(
        "--allow-http", help=N_("With --join: also without encryption, where nobody listens.")
    ),
]


def joining(
    join: str | None, code: str | None, name: str | None, *, allow_http: bool
) -> "Joining | None":
    """What was asked with ``--join``; None when it was not given."""
    if join is None:
        if code or name or allow_http:
            raise typer.BadParameter(_("--code, --name and --allow-http go with --join."))
        return None
    if code is None:
        raise typer.BadParameter(_("--join needs the --code that an administrator gave."))
    import platform

    # late: few commands need it
    from manchengo_workplace.server import EnrolmentCode, Joining, NotAPlantId

    try:
        given = EnrolmentCode.read(code)
    except NotAPlantId:
        raise typer.BadParameter(
            _(
                "What follows the @ of the --code is no fingerprint of a plant: copy all of it, or "
                "leave it out from the @ on."
            )
        ) from None
    return Joining(
        url=join.strip(),
        code=given,
        name=name or platform.node() or "manchengo",
        allow_http=allow_http,
    )
