"""The devices of the plant: which they are, letting one more in, ending one's right to exchange."""

from typing import Annotated

import typer

from manchengo_cli import listing, parameters
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import COUNT, DEVICE, NAME, TypedValue, flag
from manchengo_cli.typer_commands import Recording, SessionCommand, SessionGroup
from manchengo_presenters.language import N_

app = typer.Typer()
devices = typer.Typer(cls=SessionGroup, name="devices")
app.add_typer(devices)


@devices.callback(
    invoke_without_command=True,
    epilog="manchengo devices\nmanchengo devices --search karim\nmanchengo devices --programs\n"
    "manchengo devices --all --limit 20 --after C --json",
)
def list_(
    ctx: Context,
    everything: Annotated[bool, flag("--all", N_("Also those that were withdrawn."))] = False,
    programs: Annotated[
        bool,
        flag("--programs", N_("Ask the server which of them run another program than it does.")),
    ] = False,
    search: listing.Search = "",
    limit: listing.Limit = None,
    after: Annotated[
        str | None,
        DEVICE.option("--after", N_("Those behind that one in the list: the next page.")),
    ] = None,
) -> None:
    if ctx.invoked_subcommand is None:
        from manchengo_cli.pages import devices as pages
        from manchengo_presenters.listing import Asked

        pages.show_devices(
            Session.of(ctx),
            Asked(search=search, limit=limit, after=after),
            everything=everything,
            programs=programs,
        )


@devices.command(
    "code",
    cls=SessionCommand,
    help=N_("For administrators: a code that lets one more device in, once, for that user."),
    epilog="manchengo devices code karim\nmanchengo devices code karim --minutes 120",
)
def code(
    ctx: Context,
    person: Annotated[str, NAME.argument(N_("The user who will work at it."))],
    minutes: Annotated[
        int | None,
        COUNT.option("--minutes", N_("For how long the code is good; 30 when left out.")),
    ] = None,
) -> None:
    from manchengo_cli.pages import devices as pages

    pages.give_code(Session.of(ctx), person, 30 if minutes is None else minutes)


@devices.command(
    "withdraw",
    cls=Recording,
    help=N_(
        "A device that is lost, sold or replaced may not exchange any more. What it recorded "
        "before stays."
    ),
    epilog='manchengo devices withdraw telephone --reason "perdu au marché"',
)
def withdraw(ctx: Context, device: options.Device, reason: options.Reason) -> None:
    from manchengo_cli.pages import devices as pages

    pages.withdraw(Session.of(ctx), device, reason)


@devices.command(
    "allow-renewal",
    cls=Recording,
    help=N_(
        "Let one more copy of a device's database exchange, under a mark of its own: one in thirty "
        "days does so by itself."
    ),
    epilog="manchengo devices allow-renewal telephone",
)
def allow_renewal(ctx: Context, device: options.Device) -> None:
    from manchengo_cli.pages import devices as pages

    pages.allow_renewal(Session.of(ctx), device)


@devices.command(
    "server-key",
    cls=Recording,
    help=N_(
        "For administrators: the server signs with another key. All devices believe the new one, "
        "as you signed that it comes."
    ),
    epilog="manchengo devices server-key "
    "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29",
)
def server_key(
    ctx: Context,
    key: Annotated[
        str,
        TypedValue(N_("KEY"), parameters.name).argument(
            N_("The public key, as “manchengo-server keys” shows it in full: 64 digits.")
        ),
    ],
) -> None:
    from manchengo_cli.pages import devices as pages

    pages.replace_server_key(Session.of(ctx), key)


@devices.command(
    "lift-quota",
    cls=Recording,
    help=N_("Let a device send as much again today as on any other day."),
    epilog="manchengo devices lift-quota telephone",
)
def lift_quota(ctx: Context, device: options.Device) -> None:
    from manchengo_cli.pages import devices as pages

    pages.lift_quota(Session.of(ctx), device)
