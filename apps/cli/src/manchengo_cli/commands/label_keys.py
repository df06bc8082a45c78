"""The keys under which labels are printed and read: which device has them, a new one, an end."""

from typing import Annotated

import typer

from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import NUMBER
from manchengo_cli.typer_commands import Recording, SessionCommand, SessionGroup
from manchengo_presenters.language import N_

app = typer.Typer()
label_keys = typer.Typer(cls=SessionGroup, name="label-keys")
app.add_typer(label_keys)


@label_keys.callback(
    invoke_without_command=True,
    epilog="manchengo label-keys\nmanchengo label-keys --json",
)
def list_(ctx: Context) -> None:
    if ctx.invoked_subcommand is None:
        from manchengo_cli.pages import label_keys as pages

        pages.show_keys(Session.of(ctx))


@label_keys.command(
    "make",
    cls=SessionCommand,
    help=N_(
        "For administrators: print labels under a new key from now on. Labels under the former "
        "ones are still read."
    ),
    epilog="manchengo label-keys make",
)
def make(ctx: Context) -> None:
    from manchengo_cli.pages import label_keys as pages

    pages.make(Session.of(ctx))


@label_keys.command(
    "request",
    cls=SessionCommand,
    help=N_("Ask for the keys of labels, for this device, to print and scan labels on it."),
    epilog="manchengo label-keys request",
)
def request(ctx: Context) -> None:
    from manchengo_cli.pages import label_keys as pages

    pages.request(Session.of(ctx))


@label_keys.command(
    "grant",
    cls=SessionCommand,
    help=N_(
        "For administrators: give the keys of labels to a device that asked for them. Give them "
        "only to a device that you know."
    ),
    epilog="manchengo label-keys grant telephone",
)
def grant(
    ctx: Context,
    device: options.Device,
) -> None:
    from manchengo_cli.pages import label_keys as pages

    pages.grant(Session.of(ctx), device)


@label_keys.command(
    "withdraw",
    cls=Recording,
    help=N_(
        "For administrators: labels under a key are refused from now on. Make a new key first, and "
        "print again what is still on the shelf."
    ),
    epilog='manchengo label-keys withdraw 1 --reason "téléphone volé"',
)
def withdraw(
    ctx: Context,
    number: Annotated[
        int, NUMBER.argument(N_("The number of the key, as “manchengo label-keys” shows it."))
    ],
    reason: options.Reason,
) -> None:
    from manchengo_cli.pages import label_keys as pages

    pages.withdraw(Session.of(ctx), number, reason)
