"""Scanning: what a code is and what can be done with it, or one task scan by scan."""

from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import (
    DELIVERY,
    NAME_OR_NONE,
    PRODUCTION_ORDER,
    QUANTITY,
    SCANNED,
    TypedValue,
    flag,
)
from manchengo_cli.typer_commands import OnADay
from manchengo_presenters.language import N_
from manchengo_presenters.measures import Measure

app = typer.Typer()


Pictures = Annotated[
    list[Path] | None,
    TypedValue(N_("PICTURE")).argument(N_("Pictures with codes: PNG, JPEG and others.")),
]
Codes = Annotated[
    list[str] | None,
    SCANNED.option(
        "--code", N_("What a scanner typed, or the code of a lot, an order or a delivery.")
    ),
]
Camera = Annotated[
    str | None,
    TypedValue(N_("NUMBER")).option(
        "--camera", N_("The camera of this computer: 0 for the first one.")
    ),
]
Pour = Annotated[
    str | None,
    PRODUCTION_ORDER.option("--pour", N_("Each scanned material is poured into this order.")),
]
Load = Annotated[
    str | None, DELIVERY.option("--load", N_("Each scanned lot is loaded for this delivery."))
]
Count = Annotated[
    bool, flag("--count", N_("The scanned lot was counted: --quantity says how much."))
]
HandOver = Annotated[
    str | None,
    DELIVERY.option(
        "--hand-over",
        N_("The client has this delivery, whose label is scanned; --by says who took it."),
    ),
]
Quantity = Annotated[
    Measure | None,
    QUANTITY.option("--quantity", N_("How much; what is proposed where it is left out.")),
]
ReceivedBy = Annotated[str, NAME_OR_NONE.option("--by", N_("Who took it."))]


@app.command(
    "scan",
    cls=OnADay,
    help=N_(
        "Codes come from pictures, from a camera, from --code, or from a hand scanner, "
        "which types them: one a line, and “annuler” takes the last one back."
    ),
    epilog="manchengo scan etiquette.jpg\n"
    "manchengo scan --camera 0\n"
    "manchengo scan --load BL-20261123-001\n"
    "manchengo scan --pour OF-20261123-001 --code MP-20261123-001 --quantity 500\n"
    'manchengo scan --hand-over BL-20261123-001 --by "Mme Ziani" recu.jpg',
)
def scan(
    ctx: Context,
    pictures: Pictures = None,
    code: Codes = None,
    camera: Camera = None,
    pour: Pour = None,
    load: Load = None,
    count: Count = False,
    hand_over: HandOver = None,
    quantity: Quantity = None,
    reason: options.Override = "",
    by: ReceivedBy = "",
) -> int:
    from manchengo_cli.pages import scan as pages

    return pages.scan(
        Session.of(ctx),
        pages.Asked(
            pictures=tuple(pictures or ()),
            codes=tuple(code or ()),
            camera=camera,
            pour=pour,
            load=load,
            count=count,
            hand_over=hand_over,
            quantity=quantity,
            reason=reason,
            by=by,
        ),
    )
