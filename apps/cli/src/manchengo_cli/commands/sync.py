"""Exchanging with the plant's server: what was recorded here goes out, what is new comes in."""

from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import FILE, flag
from manchengo_cli.typer_commands import SessionCommand
from manchengo_presenters.language import N_, _

app = typer.Typer()


@app.command(
    "sync",
    cls=SessionCommand,
    help=N_(
        "Nothing needs it to work, and nothing is lost without it. What does not stand "
        "beside what others recorded waits under “manchengo conflicts”."
    ),
    epilog="manchengo sync\n"
    "manchengo sync --watch\n"
    "manchengo sync --export aller.mnch\n"
    "manchengo sync --join https://manchengo.example.dz --code K7QM-4XRA-9TWB",
)
def sync(
    ctx: Context,
    watch: Annotated[
        bool, flag("--watch", N_("Go on until Ctrl-C; what is new arrives at once."))
    ] = False,
    status: Annotated[bool, flag("--status", N_("Only show the state of the exchange."))] = False,
    export: Annotated[
        Path | None,
        FILE.option(
            "--export",
            N_("Where there is no network: write what waits into a file for the server."),
        ),
    ] = None,
    answer: Annotated[
        Path | None, FILE.option("--import", N_("Take in the file that the server answered."))
    ] = None,
    join: options.Join = None,
    code: options.OneTimeCode = None,
    name: options.DeviceName = None,
    allow_http: options.AllowHttp = False,
) -> int:
    from manchengo_cli.pages import exchanging as pages

    session = Session.of(ctx)
    request = options.joining(join, code, name, allow_http=allow_http)
    if sum([watch, status, *(each is not None for each in (export, answer, request))]) > 1:
        raise typer.BadParameter(_("Give one of --watch, --status, --export, --import and --join."))
    if request is not None:
        from manchengo_cli.pages import joining

        return joining.join(session, request)
    if export is not None or answer is not None:
        from manchengo_cli.pages import bundle_files

        if export is not None:
            bundle_files.write_request(session, export)
            return 0
        assert answer is not None, "one of the two was given"
        return bundle_files.read_answer(session, answer)
    if status:
        pages.show_exchange_state(session)
    elif watch:
        pages.watch(session)
    else:
        return pages.once(session)
    return 0
