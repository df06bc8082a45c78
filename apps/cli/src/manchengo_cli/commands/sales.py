"""Selling: a client's order, at once (``sell``) or step by step."""

from typing import TYPE_CHECKING, Any

import typer

from manchengo_cli.commands import options
from manchengo_cli.commands.steps import ListedSteps
from manchengo_cli.session import Context, Session
from manchengo_cli.typer_commands import Group, Operation
from manchengo_presenters.language import N_
from manchengo_presenters.measures import Line

if TYPE_CHECKING:
    from datetime import date

    from manchengo import OrderLine
    from manchengo.application.choices import Choices
    from manchengo.ports.rows import SalesOrderRow
    from manchengo_cli.pages.things import ListedThing

app = typer.Typer()
steps = typer.Typer(cls=Group, name="order", no_args_is_help=True)
app.add_typer(steps)


def orders() -> "ListedThing[SalesOrderRow]":
    """What these commands are about."""
    from manchengo_cli.pages.sales import ORDERS

    return ORDERS


order = ListedSteps(steps, orders, options.SalesOrder)


@app.command(
    "sell",
    cls=Operation,
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


order.add(
    "confirm",
    "ConfirmSalesOrder",
    "manchengo order confirm CC-20261123-001",
    explanation=N_("Reserve the lots of an order, oldest first: all of them, or none."),
)
order.add(
    "cancel",
    "CancelSalesOrder",
    'manchengo order cancel CC-20261123-001 --reason "le client renonce"',
    explanation=N_("Cancel an order of which nothing has left; its lots become free."),
    needs={"reason": options.Reason},
)
order.add(
    "close",
    "CloseSalesOrder",
    "manchengo order close CC-20261123-001",
    explanation=N_(
        "Close an order the client is content with; what is still reserved becomes free."
    ),
    takes={"reason": options.Remark},
)
order.add(
    "reopen",
    "ReopenSalesOrder",
    'manchengo order reopen CC-20261123-001 --reason "le client attend le reste"',
    explanation=N_("Reopen an order closed or cancelled by mistake; its rest is reserved again."),
    needs={"reason": options.Reason},
)
order.add_list(N_("The clients' orders that are not over."), "manchengo order list --all")
order.add_show(
    N_("One client's order: its lines, what is reserved, what has left."),
    "manchengo order show CC-20261123-001",
)


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
    from manchengo_cli.pages.sales import new_order_shape
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

    carry_out(Session.of(ctx), build, confirmations.new_sales_order, shape_beside=new_order_shape)


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
