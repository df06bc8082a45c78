"""The arguments and options that several commands share, named and explained once."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manchengo_cli import parameters
from manchengo_cli.typed_values import (
    AMOUNT,
    BY_PRODUCT_LINE,
    CLIENT,
    CODE,
    DATE,
    DELIVERY,
    DEVICE,
    FILE,
    FINISHED_PRODUCT,
    INGREDIENT_LINE,
    LOT,
    NAME,
    NAME_OR_NONE,
    ORDER_LINE,
    PERCENT,
    PRODUCT,
    PRODUCTION_ORDER,
    QUANTITY,
    RAW_LOT,
    RAW_MATERIAL,
    SALES_ORDER,
    TEXT,
    TypedValue,
    flag,
)
from manchengo_presenters.language import N_, _
from manchengo_presenters.measures import Line, Measure

if TYPE_CHECKING:
    from manchengo_workplace.server import Joining

Lot = Annotated[str, LOT.argument()]
RawLot = Annotated[str, RAW_LOT.argument()]
Product = Annotated[str, PRODUCT.argument()]
RawMaterial = Annotated[str, RAW_MATERIAL.argument()]
FinishedProduct = Annotated[str, FINISHED_PRODUCT.argument()]
Client = Annotated[str, CLIENT.argument()]
SalesOrder = Annotated[str, SALES_ORDER.argument()]
ProductionOrder = Annotated[str, PRODUCTION_ORDER.argument()]
LabelFile = Annotated[
    Path | None,
    FILE.option("--label", N_("Also write its label there, 100×50 mm: a new .pdf or .zpl file.")),
]
Delivery = Annotated[str, DELIVERY.argument()]
Quantity = Annotated[
    Measure, QUANTITY.argument(N_("In the product's unit, or with its own: 1250,5 or 500g."))
]
QuantityOrAll = Annotated[
    Measure | None,
    QUANTITY.argument(
        N_("In the product's unit, or with its own: 1250,5 or 500g; all of it if left out.")
    ),
]
OrderLines = Annotated[
    list[Line], ORDER_LINE.argument(N_("The product's price is taken where none is given."))
]

Reason = Annotated[str, TEXT.option("--reason", N_("Why; it stays in the history."))]
Remark = Annotated[str, TEXT.option("--reason", N_("Why, if there is more to say."))]
Override = Annotated[str, TEXT.option("--reason", N_("Why this lot, when it is not one proposed."))]
Code = Annotated[
    str | None, CODE.option("--code", N_("Its code; the next free one of the day when left out."))
]
Expires = Annotated[
    date | None,
    DATE.option("--expires", N_("Last day of use; from the product's shelf life when left out.")),
]
WantedOn = Annotated[date | None, DATE.option("--wanted", N_("Day by which the client wants it."))]
Price = Annotated[
    Any,
    AMOUNT.option(
        "--price",
        N_(
            "Price of one unit, in dinars; 0,35/100 is that of a hundred. The product's when left "
            "out."
        ),
    ),
]
DeliveryNote = Annotated[
    str | None, TEXT.option("--reference", N_("The supplier's delivery note."))
]
Quarantine = Annotated[bool, flag("--quarantine", N_("Put it in quarantine at once."))]
Carrier = Annotated[str, NAME_OR_NONE.option("--carrier", N_("Who drives, or the vehicle."))]
Since = Annotated[date | None, DATE.option("--from", N_("From that day on."))]
Until = Annotated[date | None, DATE.option("--to", N_("Until that day included."))]
Device = Annotated[
    str, DEVICE.argument(N_("Its name, its mark, or the beginning of its identifier."))
]
Force = Annotated[bool, flag("--force", N_("Replace the file where there is one."))]
Everything = Annotated[bool, flag("--all", N_("Also what is over: closed, cancelled, exhausted."))]

Obtained = Annotated[
    Measure | None,
    QUANTITY.option("--obtained", N_("What came out; what was planned when left out.")),
]
LotCode = Annotated[
    str | None,
    CODE.option("--lot", N_("The code of the lot made; PF- and the order's when left out.")),
]
ByProducts = Annotated[
    list[Line] | None,
    BY_PRODUCT_LINE.option("--by-product", N_("What came out beside it, such as whey.")),
]
Lost = Annotated[
    Measure | None,
    QUANTITY.option("--lost", N_("What was lost on the way, in the product's unit.")),
]
LossReason = Annotated[str, TEXT.option("--loss-reason", N_("Why it was lost."))]

Batch = Annotated[
    Measure, QUANTITY.option("--batch", N_("How much product the ingredients are for."))
]
Ingredients = Annotated[list[Line], INGREDIENT_LINE.argument()]
Yield = Annotated[
    int | None,
    PERCENT.option("--yield", N_("The share that usually comes out; 100 when left out.")),
]

Join = Annotated[
    str | None,
    TypedValue("URL", parameters.name).option(
        "--join", N_("Join the plant of that server, with a code that lets one device in.")
    ),
]
OneTimeCode = Annotated[
    str | None,
    TypedValue(N_("CODE"), parameters.name).option(
        "--code", N_("With --join: the code that an administrator gave (manchengo devices code).")
    ),
]
DeviceName = Annotated[
    str | None,
    NAME.option(
        "--name", N_("With --join: what to call this device; the computer's name when left out.")
    ),
]
AllowHttp = Annotated[
    bool, flag("--allow-http", N_("With --join: also without encryption, where nobody listens."))
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


def check_period(since: date | None, until: date | None) -> None:
    """Raises ``Failure`` where ``--to`` lies before ``--from``: nothing would ever be found."""
    if since is None or until is None or since <= until:
        return
    from manchengo_presenters.formatting import day
    from manchengo_workplace.failures import Failure, Origin

    raise Failure(
        "PeriodBackwards",
        N_("The period from {since} to {until} ends before it begins: exchange the two days."),
        {"since": since.isoformat(), "until": until.isoformat()},
        values={"since": day(since), "until": day(until)},
        origin=Origin.REQUEST,
    )
