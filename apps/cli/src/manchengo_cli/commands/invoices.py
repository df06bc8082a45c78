"""Invoices: a list, and what takes one back."""

from typing import Annotated, Any

import typer

from manchengo_cli import listing, parameters
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.signatures import optional, taking
from manchengo_cli.typed_values import TypedValue
from manchengo_cli.typer_commands import Group, OnADay, SessionCommand
from manchengo_presenters.language import N_

app = typer.Typer()
invoices = typer.Typer(cls=Group, name="invoice", no_args_is_help=True)
app.add_typer(invoices)

INVOICE = TypedValue(N_("INVOICE"), parameters.code)


@invoices.command(
    "list",
    cls=SessionCommand,
    help=N_("The invoices of which something is still due, and the drafts."),
    epilog="manchengo invoice list\nmanchengo invoice list --all --search epicerie",
)
@taking(optional({"everything": options.Everything, **listing.OPTIONS}))
def list_(ctx: Context, **given: Any) -> None:
    from manchengo_cli.pages import invoices as pages

    pages.show_list(Session.of(ctx), everything=given.pop("everything"), given=given)


@invoices.command(
    "cancel",
    cls=OnADay,
    help=N_(
        "Cancel an invoice that was issued: a credit note takes off all that is left of it.\n\n"
        "It keeps its number, what was delivered is to be invoiced again, and nothing takes the "
        "cancellation back."
    ),
    epilog='manchengo invoice cancel FAC-2026-000012 --reason "mauvais client"',
)
def cancel(
    ctx: Context,
    invoice: Annotated[str, INVOICE.argument(N_("Its number."))],
    reason: options.Reason,
) -> None:
    from manchengo_cli.pages import invoices as pages

    pages.cancel(Session.of(ctx), invoice, reason)
