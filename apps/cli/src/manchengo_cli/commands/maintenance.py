"""The database itself: made, checked, copied, brought back, looked into."""

from pathlib import Path
from typing import Annotated

import typer

from manchengo_cli import parameters
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import COUNT, FILE, NAME, NUMBER, WORDS, TypedValue, flag
from manchengo_cli.typer_commands import SessionCommand, SessionGroup
from manchengo_presenters.language import N_, _

app = typer.Typer()

File = Annotated[Path, FILE.argument()]


@app.command(
    "init",
    cls=SessionCommand,
    help=N_(
        "The database is encrypted. Its key is random and lies beside it, sealed by the "
        "passphrase you choose: keep that passphrase, for without it nobody can read the "
        "database."
    ),
    epilog="manchengo init --admin amina\n"
    "manchengo init --db essai.db --admin amina --clear\n"
    "manchengo init --join https://manchengo.example.dz --code K7QM-4XRA-9TWB",
)
def init(
    ctx: Context,
    admin: Annotated[
        str | None,
        TypedValue(N_("NAME")).option(
            "--admin", N_("The first administrator; your name on this computer when left out.")
        ),
    ] = None,
    plant: Annotated[
        str | None,
        NAME.option(
            "--plant", N_("What the dairy is called; its administrator signs that it is theirs.")
        ),
    ] = None,
    keyring: Annotated[
        bool, flag("--keyring", N_("Let this computer's keyring keep the key."))
    ] = False,
    clear: Annotated[
        bool, flag("--clear", N_("Do not encrypt: whoever holds the file reads everything in it."))
    ] = False,
    join: options.Join = None,
    code: options.OneTimeCode = None,
    name: options.DeviceName = None,
    allow_http: options.AllowHttp = False,
) -> int:
    from manchengo_cli.pages import maintenance as pages

    if clear and keyring:
        raise typer.BadParameter(_("--clear makes no key, so --keyring has nothing to keep."))
    request = options.joining(join, code, name, allow_http=allow_http)
    if request is None:
        pages.make(Session.of(ctx), plant or "", admin, clear=clear, keyring=keyring)
        return 0
    if admin or plant:
        raise typer.BadParameter(
            _("With --join plant and users come from the server: leave --plant and --admin out.")
        )
    from manchengo_cli.pages import joining

    return joining.make_joined(Session.of(ctx), request, clear=clear, keyring=keyring)


@app.command(
    "verify",
    cls=SessionCommand,
    help=N_(
        "Who is signed in goes on from where they verified last: what was added since is "
        "read, and all that it concerns. Once a month, and whenever anything is not "
        "right, everything is."
    ),
    epilog="manchengo verify\nmanchengo verify --whole\nmanchengo verify --deep",
)
def verify(
    ctx: Context,
    whole: Annotated[
        bool, flag("--whole", N_("Read everything, whatever was verified before."))
    ] = False,
    deep: Annotated[
        bool,
        flag(
            "--deep",
            N_(
                "Read everything, and judge every entry again: name those that the server judged "
                "otherwise than the rules of this program do. Meanwhile the log is written once "
                "more beside the database, encrypted: it needs as much room."
            ),
        ),
    ] = False,
) -> int:
    from manchengo_cli.pages import maintenance as pages

    return pages.verify(Session.of(ctx), whole=whole or deep, deep=deep)


@app.command(
    "rebuild",
    cls=SessionCommand,
    epilog="manchengo rebuild",
)
def rebuild(ctx: Context) -> None:
    from manchengo_cli.pages import maintenance as pages

    pages.rebuild(Session.of(ctx))


@app.command(
    "backup",
    cls=SessionCommand,
    help=N_(
        "Where FILE is a backup of this very database already, only what is new is added to it."
    ),
    epilog="manchengo backup /media/cle-usb/atelier.db\n"
    "manchengo backup /media/cle-usb/atelier.db --full",
)
def backup(
    ctx: Context,
    file: File,
    full: Annotated[
        bool, flag("--full", N_("Copy everything again, and check every page of it."))
    ] = False,
) -> None:
    from manchengo_cli.pages import maintenance as pages

    pages.backup(Session.of(ctx), file, whole=full)


@app.command(
    "restore",
    cls=SessionCommand,
    epilog="manchengo restore /media/cle-usb/atelier-2026-11-23.db",
)
def restore(ctx: Context, file: File) -> None:
    from manchengo_cli.pages import maintenance as pages

    pages.restore(Session.of(ctx), file)


@app.command(
    "stats",
    cls=SessionCommand,
    epilog="manchengo stats --json",
)
def stats(ctx: Context) -> None:
    from manchengo_cli.pages import maintenance as pages

    pages.show_stats(Session.of(ctx))


@app.command(
    "audit",
    cls=SessionCommand,
    epilog="manchengo audit --limit 20\nmanchengo audit --kind scan --by karim --from 23/11/2026",
)
def audit(
    ctx: Context,
    search: Annotated[
        str,
        WORDS.option(
            "--search",
            N_("Only records that contain these words: of a code, a command, a refusal."),
        ),
    ] = "",
    kind: Annotated[
        str | None,
        TypedValue(N_("KIND"), parameters.code).option(
            "--kind",
            N_(
                "Only those of one kind: refusal, session, key, database, export, drill, exchange "
                "or scan."
            ),
        ),
    ] = None,
    by: Annotated[str | None, NAME.option("--by", N_("Only what they did."))] = None,
    since: options.Since = None,
    until: options.Until = None,
    limit: Annotated[int | None, COUNT.option("--limit", N_("How many; 50 when left out."))] = None,
    after: Annotated[
        int | None,
        NUMBER.option("--after", N_("Those behind that one in the list: the next page.")),
    ] = None,
) -> None:
    from manchengo_cli.pages import audit as pages

    options.check_period(since, until)
    pages.show_audit(
        Session.of(ctx),
        pages.AuditAsked(
            search=search,
            kind=pages.kind_given(kind or ""),
            by=by or "",
            first=since,
            last=until,
            before=after,
            limit=limit or 50,
        ),
    )


passphrase = typer.Typer(cls=SessionGroup, name="passphrase")
app.add_typer(passphrase)


@passphrase.callback()
def _passphrase() -> None:
    pass


@passphrase.command(
    "change",
    cls=SessionCommand,
    help=N_(
        "Open the database with another passphrase from now on.\n\n"
        "Its key stays, so nothing is encrypted again, and backups made before open with the "
        "passphrase of before."
    ),
    epilog="manchengo passphrase change\n"
    "manchengo passphrase change --passphrase-file ancienne.txt --new-passphrase-file nouvelle.txt",
)
def change_passphrase(
    ctx: Context,
    new_passphrase_file: Annotated[
        str | None,
        FILE.option(
            "--new-passphrase-file",
            N_(
                "A file that holds the new passphrase; else MANCHENGO_NEW_PASSPHRASE_FILE, else it "
                "is asked."
            ),
        ),
    ] = None,
) -> None:
    from manchengo_cli.pages import maintenance as pages

    pages.change_passphrase(Session.of(ctx), new_passphrase_file)


@app.command(
    "rekey",
    cls=SessionCommand,
    help=N_(
        "For when somebody may have had the files and the passphrase: a new passphrase "
        "alone does not lock them out. It opens with the passphrase of now. Backups made "
        "before keep their key. The disk needs room for a second copy, and nobody may "
        "work meanwhile."
    ),
    epilog="manchengo rekey",
)
def rekey(ctx: Context) -> None:
    from manchengo_cli.pages import maintenance as pages

    pages.replace_key(Session.of(ctx))
