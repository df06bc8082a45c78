"""The command line ``manchengo``: its list of commands, and the way in and out of it.

Only what a command needs is imported, when it is called: ``--help`` and completion stay quick.
"""

import gc
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer

from manchengo_cli.exit_codes import INTERRUPTED
from manchengo_cli.failures import report
from manchengo_cli.output import forget_broken_pipe, prepare_streams, say
from manchengo_cli.session import Context, Session
from manchengo_cli.session_options import AsJson, Database, PhraseFile, User
from manchengo_cli.shell_setup import in_french
from manchengo_cli.typer_commands import Lazy, LazyGroup, read_plainly
from manchengo_presenters.language import N_, _

BEGIN = N_("To begin")
DAY = N_("The day's work")
STEPS = N_("Step by step")
QUERIES = N_("Questions")
TOGETHER = N_("Several devices")
REGISTERS = N_("Registers")
KEEP = N_("The database")

COMMANDS = {
    "demo": Lazy("demo", N_("A day at the dairy, on a database thrown away."), BEGIN),
    "init": Lazy(
        "maintenance",
        N_("Make a database: its key, the name of this device, the first administrator."),
        BEGIN,
    ),
    "login": Lazy(
        "signing_in",
        N_("Identify yourself: what is recorded from here on is signed by you."),
        BEGIN,
    ),
    "logout": Lazy(
        "signing_in",
        N_("End the session: nobody acts here until somebody identifies themselves."),
        BEGIN,
    ),
    "who": Lazy(
        "signing_in",
        N_("Who acts here, in which roles, and who has a passphrase on this device."),
        BEGIN,
    ),
    "passwd": Lazy(
        "signing_in", N_("Choose your passphrase or PIN on this device, or another one."), BEGIN
    ),
    "import": Lazy("importing", N_("Bring in a file: CSV or Excel (.xlsx)."), BEGIN),
    "imports": Lazy("imports", N_("The imports made, the latest last."), BEGIN),
    "undo-import": Lazy(
        "imports",
        N_("Undo an import whole, where nothing since depends on it. The log keeps both."),
        BEGIN,
    ),
    "opening-stock": Lazy(
        "lots", N_("Enter a lot of the opening stock: what was there on the first day."), BEGIN
    ),
    "receive": Lazy("lots", N_("Receive a raw material from a supplier: a new lot."), DAY),
    "produce": Lazy(
        "production",
        N_("Make a product at once: take the materials oldest first, yield a lot."),
        DAY,
    ),
    "sell": Lazy(
        "sales",
        N_("Record a client's order and reserve its lots, oldest first: all, or nothing."),
        DAY,
    ),
    "deliver": Lazy(
        "deliveries", N_("Load all that is reserved for an order and let it leave, at once."), DAY
    ),
    "return": Lazy("deliveries", N_("Take back from a client what a delivery brought."), DAY),
    "count": Lazy("lots", N_("Record what was counted on the shelf; the stock follows."), DAY),
    "correct": Lazy(
        "lots",
        N_(
            "Correct what was written of a lot: its expiry, its supplier, their delivery note, its "
            "price."
        ),
        DAY,
    ),
    "write-off": Lazy("lots", N_("Take out of the stock what is lost, spoiled or destroyed."), DAY),
    "void": Lazy(
        "lots",
        N_("Say that a lot was recorded by mistake and never came: nothing was done with it."),
        DAY,
    ),
    "undo": Lazy(
        "undo",
        N_("Take back what you recorded last on this device, or what one commit recorded."),
        DAY,
    ),
    "send-back": Lazy("lots", N_("Send raw material back to its supplier."), DAY),
    "quarantine": Lazy("lots", N_("Set a lot aside until somebody has looked at it."), DAY),
    "block": Lazy("lots", N_("Forbid a lot: nothing is made from it nor sold of it."), DAY),
    "release": Lazy("lots", N_("Declare a lot fit for use: ends a quarantine or a block."), DAY),
    "recall": Lazy(
        "tracing",
        N_("Recall a lot and all that was made from it, and list the clients reached."),
        DAY,
    ),
    "labels": Lazy(
        "labels",
        N_(
            "Print labels with a QR code: a PDF for an office printer or a label printer, or ZPL "
            "for a label printer."
        ),
        DAY,
    ),
    "scan": Lazy(
        "scan",
        N_(
            "Say what a code is and what can be done with it now; or pour, load, count and hand "
            "over, scan by scan."
        ),
        DAY,
    ),
    "production": Lazy("production", N_("Production orders, step by step."), STEPS),
    "order": Lazy("sales", N_("Clients' orders, step by step."), STEPS),
    "delivery": Lazy("deliveries", N_("Deliveries, step by step."), STEPS),
    "invoice": Lazy("invoices", N_("Invoices: a list, and how one is cancelled."), STEPS),
    "dashboard": Lazy(
        "dashboard", N_("What the day asks for: what is late, what runs out, what waits."), QUERIES
    ),
    "stock": Lazy(
        "stock", N_("What is on hand of each product, now or when a past day ended."), QUERIES
    ),
    "lots": Lazy("stock", N_("The lots that still hold something, the oldest first."), QUERIES),
    "movements": Lazy(
        "stock",
        N_("Every movement of a lot, or of a period: the last 30 days when none is given."),
        QUERIES,
    ),
    "allocate": Lazy(
        "stock",
        N_("What a reservation would take, lot by lot, and why others were passed over."),
        QUERIES,
    ),
    "trace": Lazy(
        "tracing", N_("Where a lot came from and where it went: both ways, all levels."), QUERIES
    ),
    "sync": Lazy(
        "sync",
        N_("Exchange with the plant's server: send what was recorded here, take in what is new."),
        TOGETHER,
    ),
    "conflicts": Lazy(
        "conflicts", N_("Conflicts between devices, until somebody decides."), TOGETHER
    ),
    "devices": Lazy("devices", N_("The devices that exchange with the plant's server."), TOGETHER),
    "label-keys": Lazy(
        "label_keys",
        N_("The keys under which labels are printed, and the devices that lack one."),
        TOGETHER,
    ),
    "serve": Lazy(
        "serve",
        N_("Start the plant's server on this computer: the program manchengo-server."),
        TOGETHER,
    ),
    "supplier": Lazy("registers", N_("Whom the milk and the rest come from."), REGISTERS),
    "client": Lazy("registers", N_("Whom the cheese goes to."), REGISTERS),
    "product": Lazy("registers", N_("Raw materials and finished products."), REGISTERS),
    "price-list": Lazy("registers", N_("What some clients pay for a product."), REGISTERS),
    "recipe": Lazy("registers", N_("What a make takes, version after version."), REGISTERS),
    "plant": Lazy(
        "plant", N_("The particulars of the plant, as labels and papers say them."), REGISTERS
    ),
    "user": Lazy("users", N_("Who may act, and as what."), REGISTERS),
    "verify": Lazy(
        "maintenance",
        N_(
            "Check that nothing recorded was changed since, "
            "and that the views are what the log says."
        ),
        KEEP,
    ),
    "rebuild": Lazy("maintenance", N_("Make all views again from the log."), KEEP),
    "passphrase": Lazy("maintenance", N_("The passphrase of the database."), KEEP),
    "rekey": Lazy("maintenance", N_("Encrypt the whole database again, under a new key."), KEEP),
    "backup": Lazy(
        "maintenance",
        N_("Copy the database while people work, encrypted and checked, with its key file."),
        KEEP,
    ),
    "restore": Lazy(
        "maintenance",
        N_("Put a backup in the place of the database; what was there is kept beside it."),
        KEEP,
    ),
    "stats": Lazy(
        "maintenance",
        N_("Where the database is, how it is protected, and how much is in it."),
        KEEP,
    ),
    "audit": Lazy(
        "maintenance", N_("Who was refused what, and who opened what: the newest first."), KEEP
    ),
}


class Manchengo(LazyGroup):
    """The program: its commands are imported when they are called."""

    LAZY, PACKAGE = COMMANDS, "manchengo_cli.commands"


app = typer.Typer(cls=Manchengo, name="manchengo", no_args_is_help=True)


def print_version(value: bool) -> None:
    """Print the version and end, where the option is given."""
    if value:
        from importlib.metadata import version  # late: it reads the disk

        print(f"manchengo {version('manchengo-cli')}")
        raise typer.Exit


@app.callback(
    help=N_("Follow every kilogram, from the farm to the client.\n\nNo network is needed."),
    epilog="manchengo demo\nmanchengo receive --help\nmanchengo stock --json",
)
def root(
    ctx: Context,
    db: Database = None,
    user: User = None,
    passphrase_file: PhraseFile = None,
    json: AsJson = False,
    version: Annotated[  # noqa: ARG001 - its callback has answered it
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=print_version,
            help=N_("Show the version and stop."),
        ),
    ] = False,
) -> None:
    ctx.obj = Session(db=db, user=user, passphrase_file=passphrase_file, json=json)


@cache
def program() -> Any:
    """The program as Typer runs it: made once, and each of its commands when it is first called."""
    command = typer.main.get_command(app)
    for each in command.params:  # those of completion too, which Typer adds at the end
        in_french(read_plainly(each))
    return command


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code. ``words``: those of the terminal when left out;
    then this is the program itself.
    """
    if words is None:
        gc.disable()  # a start makes no garbage; opening the database ends this: collect_seldom
    prepare_streams()
    args = list(sys.argv[1:] if words is None else words)
    try:
        code = program().main(args, prog_name="manchengo", standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        forget_broken_pipe()
        return 0
    except SystemExit as ending:  # Typer's own way to end where the reader of a pipe left
        if not isinstance(ending.__context__, BrokenPipeError):
            raise
        forget_broken_pipe()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        say(_("Interrupted: nothing more was recorded."))
        return INTERRUPTED
    except Exception as error:
        if "_MANCHENGO_COMPLETE" in os.environ:  # a shell asks what to offer: nothing, then
            return 0
        return report(error, in_json="--json" in args)
