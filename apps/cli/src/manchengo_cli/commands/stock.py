"""Questions about what is there: by product, by lot, movement by movement."""

from datetime import date
from typing import Annotated, Any

import typer

from manchengo_cli import listing
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.signatures import optional, taking
from manchengo_cli.typed_values import CLIENT, DATE, LOT, PRODUCT, flag
from manchengo_cli.typer_commands import SessionCommand
from manchengo_presenters.language import N_, _

app = typer.Typer()


At = Annotated[date | None, DATE.option("--at", N_("When that day ended."))]


@app.command(
    "stock",
    cls=SessionCommand,
    epilog="manchengo stock\nmanchengo stock --at 31/10/2026 --json",
)
def stock(
    ctx: Context,
    at: At = None,
) -> None:
    from manchengo_cli.pages import stock as pages

    pages.show_stock(Session.of(ctx), at)


@app.command(
    "lots",
    cls=SessionCommand,
    epilog="manchengo lots\nmanchengo lots LAIT-V --all\nmanchengo lots --at 31/10/2026\n"
    'manchengo lots --search "ferme creme" --sort expires --limit 20',
)
@taking(optional(listing.OPTIONS))
def lots(
    ctx: Context,
    product: Annotated[str | None, PRODUCT.argument()] = None,
    everything: Annotated[bool, flag("--all", N_("Also the exhausted ones."))] = False,
    at: At = None,
    **asked: Any,
) -> None:
    from manchengo.ports.rows import RawLotRow
    from manchengo_cli.pages import lots as pages

    wanted = listing.asked_for(RawLotRow, asked)
    if wanted and at:
        raise typer.BadParameter(_("A past day is listed whole: give --at alone, or with --all."))
    pages.show_lots(Session.of(ctx), product, everything=everything, at=at, asked=wanted)


@app.command(
    "movements",
    cls=SessionCommand,
    epilog="manchengo movements MP-20261123-001\n"
    "manchengo movements --product GOUDA-KG --from 01/10/2026 --to 31/10/2026",
)
def movements(
    ctx: Context,
    lot: Annotated[str | None, LOT.argument()] = None,
    since: options.Since = None,
    until: options.Until = None,
    product: Annotated[
        str | None, PRODUCT.option("--product", N_("Of this product alone."))
    ] = None,
) -> None:
    from manchengo_cli.pages import movements as pages

    options.check_period(since, until)
    pages.show_movements(Session.of(ctx), lot, since=since, until=until, product=product)


@app.command(
    "allocate",
    cls=SessionCommand,
    epilog="manchengo allocate GOUDA-KG 120 --client C0057",
)
def allocate(
    ctx: Context,
    product: options.Product,
    quantity: options.Quantity,
    on: Annotated[
        date | None, DATE.option("--on", N_("As judged on that day; today when left out."))
    ] = None,
    client: Annotated[
        str | None, CLIENT.option("--client", N_("With the freshness that this client asks for."))
    ] = None,
) -> None:
    from manchengo_cli.pages import stock as pages

    pages.show_allocation(Session.of(ctx), product, quantity, on=on, client=client)
