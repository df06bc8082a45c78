"""Selling: a client's order, at once (``sell``) or step by step."""

from typing import TYPE_CHECKING, Any

import typer

from manchengo_cli import listing
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.signatures import optional, taking
from manchengo_cli.typer_commands import Group, Operation, SessionCommand
from manchengo_presenters.language import N_
from manchengo_presenters.measures import Line

if TYPE_CHECKING:
    from datetime import date

    from manchengo import OrderLine
    from manchengo.application.choices import Choices

app = typer.Typer()
steps = typer.Typer(cls=Group, name="order", no_args_is_help=True)
app.add_typer(steps, help=N_("Clients' orders, step by step."))


@app.command(
    "sell",
    cls=Operation,
    help=N_("Record a client's order and reserve its lots, oldest first: all, or nothing."),
    epilog="manchengo sell C0057 GOUDA-KG=22 FRAIS-250=3@180",
)
def sell(
    ctx: Context,
    client: options.Client,
    lines: options.OrderLines,
    code: options.Code = None,
    wanted_on: options.WantedOn = None,
) -> None:
    from manchengo.commands import Sell

    new_order(ctx, Sell, client, lines, code, wanted_on)


@steps.command(
    "place",
    cls=Operation,
    help=N_("Record a client's order; nothing is reserved yet."),
    epilog="manchengo order place C0057 GOUDA-KG=22 FRAIS-250=3@180",
)
def place(
    ctx: Context,
    client: options.Client,
    lines: options.OrderLines,
    code: options.Code = None,
    wanted_on: options.WantedOn = None,
) -> None:
    from manchengo.commands import PlaceSalesOrder

    new_order(ctx, PlaceSalesOrder, client, lines, code, wanted_on)


@steps.command(
    "confirm",
    cls=Operation,
    help=N_("Reserve the lots of an order, oldest first: all of them, or none."),
    epilog="manchengo order confirm CC-20261123-001",
)
def confirm(ctx: Context, order: options.SalesOrder) -> None:
    from manchengo.commands import ConfirmSalesOrder

    of_an_order(ctx, order, lambda row, choices: ConfirmSalesOrder(order_id=row.id, on=choices.day))


@steps.command(
    "cancel",
    cls=Operation,
    help=N_("Cancel an order of which nothing has left; its lots become free."),
    epilog='manchengo order cancel CC-20261123-001 --reason "le client renonce"',
)
def cancel(ctx: Context, order: options.SalesOrder, reason: options.Reason) -> None:
    from manchengo.commands import CancelSalesOrder

    of_an_order(
        ctx,
        order,
        lambda row, choices: CancelSalesOrder(order_id=row.id, on=choices.day, reason=reason),
    )


@steps.command(
    "close",
    cls=Operation,
    help=N_("Close an order the client is content with; what is still reserved becomes free."),
    epilog="manchengo order close CC-20261123-001",
)
def close(ctx: Context, order: options.SalesOrder, reason: options.Remark = "") -> None:
    from manchengo.commands import CloseSalesOrder

    of_an_order(
        ctx,
        order,
        lambda row, choices: CloseSalesOrder(order_id=row.id, on=choices.day, reason=reason),
    )


@steps.command(
    "reopen",
    cls=Operation,
    help=N_("Reopen an order closed or cancelled by mistake; its rest is reserved again."),
    epilog='manchengo order reopen CC-20261123-001 --reason "le client attend le reste"',
)
def reopen(ctx: Context, order: options.SalesOrder, reason: options.Reason) -> None:
    from manchengo.commands import ReopenSalesOrder

    of_an_order(
        ctx,
        order,
        lambda row, choices: ReopenSalesOrder(order_id=row.id, on=choices.day, reason=reason),
    )


@steps.command(
    "list",
    cls=SessionCommand,
    help=N_("The clients' orders that are not over."),
    epilog="manchengo order list --all",
)
@taking(optional(listing.OPTIONS))
def list_(
    ctx: Context,
    everything: options.Everything = False,
    **asked: Any,
) -> None:
    from manchengo.ports.rows import SalesOrderRow
    from manchengo_cli.pages import sales as pages

    wanted = listing.asked_for(SalesOrderRow, asked)
    pages.show_list(Session.of(ctx), everything=everything, asked=wanted)


@steps.command(
    "show",
    cls=SessionCommand,
    help=N_("One client's order: its lines, what is reserved, what has left."),
    epilog="manchengo order show CC-20261123-001",
)
def show(ctx: Context, order: options.SalesOrder) -> None:
    from manchengo_cli.pages import sales as pages

    pages.show_one(Session.of(ctx), order)


def new_order(
    ctx: Context,
    kind: Any,
    client: str,
    lines: list[Line],
    code: str | None,
    wanted_on: "date | None",
) -> None:
    """A new order: ``Sell`` or ``PlaceSalesOrder``, which ask for the same things."""
    from manchengo.ports.rows import ClientRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import confirmations, entering
    from manchengo_workplace import lookups

    def build(choices: "Choices") -> Any:
        return entering.sales_order(
            kind,
            choices,
            lookups.coded(choices.snapshot, ClientRow, client).id,
            [order_line(choices, line) for line in lines],
            wanted_on=wanted_on,
            code=code,
        )

    carry_out(
        Session.of(ctx),
        build,
        lambda snapshot, command: confirmations.sales_order(snapshot, command.order_id, command.on),
    )


def order_line(choices: "Choices", line: Line) -> "OrderLine":
    """The line of an order that is typed, its product looked up."""
    from manchengo import OrderLine
    from manchengo_workplace import lookups

    product = lookups.product(choices.snapshot, line.code)
    return OrderLine(
        product_id=product.id,
        quantity=lookups.quantity(line.measure, product),
        unit_price=line.price,
    )


def of_an_order(ctx: Context, order: str, build: Any) -> None:
    """Ask something of the sales order of that code, and say how it is now."""
    from manchengo.ports.rows import SalesOrderRow
    from manchengo_cli.executing import carry_out
    from manchengo_presenters import confirmations
    from manchengo_workplace import lookups

    carry_out(
        Session.of(ctx),
        lambda choices: build(lookups.coded(choices.snapshot, SalesOrderRow, order), choices),
        lambda snapshot, command: confirmations.sales_order(snapshot, command.order_id, command.on),
    )
