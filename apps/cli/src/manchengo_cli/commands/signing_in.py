"""Who acts here: signing in and out, and one's own passphrase."""

from typing import Annotated

import typer

from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import COUNT, NAME, TypedValue
from manchengo_cli.typer_commands import SessionCommand
from manchengo_presenters.language import N_

app = typer.Typer()

Person = Annotated[str | None, NAME.argument(N_("Who; left out, the person of this device."))]


Code = Annotated[
    str | None,
    TypedValue(N_("CODE")).option(
        "--code", N_("The one-time code of “manchengo user invite”, or a recovery key.")
    ),
]


@app.command(
    "login",
    cls=SessionCommand,
    help=N_(
        "Your passphrase or PIN is asked for. The session ends with “manchengo logout”, "
        "when the computer is started again, or after a while without a command."
    ),
    epilog="manchengo login\n"
    "manchengo login karim --minutes 60\n"
    "manchengo login karim --code 7KQM-4XRA-9TWB",
)
def login(
    ctx: Context,
    name: Person = None,
    minutes: Annotated[
        int | None,
        COUNT.option(
            "--minutes",
            N_("Minutes without a command after which the session ends; 15 when left out."),
        ),
    ] = None,
    code: Code = None,
) -> None:
    from manchengo_cli.pages import signing_in as pages

    pages.log_in(Session.of(ctx), name, minutes, code)


@app.command(
    "logout",
    cls=SessionCommand,
    epilog="manchengo logout",
)
def logout(ctx: Context) -> None:
    from manchengo_cli.pages import signing_in as pages

    pages.log_out(Session.of(ctx))


@app.command(
    "who",
    cls=SessionCommand,
    epilog="manchengo who --json",
)
def who(ctx: Context) -> None:
    from manchengo_cli.pages import signing_in as pages

    pages.show_who(Session.of(ctx))


@app.command(
    "passwd",
    cls=SessionCommand,
    help=N_(
        "An administrator who has signed in gives somebody else a new one, on this "
        "device: they choose it at this keyboard. It takes the place of one that was "
        "lost, and ends a lock-out."
    ),
    epilog="manchengo passwd\nmanchengo passwd karim\nmanchengo passwd karim --code 7KQM-4XRA-9TWB",
)
def passwd(
    ctx: Context,
    name: Person = None,
    code: Code = None,
) -> None:
    from manchengo_cli.pages import signing_in as pages

    pages.choose_secret(Session.of(ctx), name, code)
