"""The program ``manchengo-server``: begin a plant, let devices in, serve them, keep copies."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from manchengo_presenters.language import _
from manchengo_server import commands as work
from manchengo_server.failures import INTERRUPTED, report
from manchengo_server.misuse import not_right, not_understood
from manchengo_server.settings import Settings


class _Parser(argparse.ArgumentParser):
    """argparse speaks English only: what it refuses is said in the operator's language."""

    def error(self, message: str) -> NoReturn:
        raise not_understood(message, self.prog)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
        super().add_usage(usage, actions, groups, prefix or _("Usage: "))


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    try:
        asked = _parser().parse_args(words)
        settings = _settings(asked)
        do: work.Work = asked.do
        return do(asked, settings)
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D where a passphrase is asked for
        print(_("Interrupted: nothing more was recorded."), file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        return report(error)


# ---------------------------------------------------------------- what is understood


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="manchengo-server",
        description=_("The plant's server: one log for all devices."),
        formatter_class=_Help,
    )
    _in_words(parser)
    commands = parser.add_subparsers(
        title=_("commands"),
        metavar=_("COMMAND"),
        required=True,
        parser_class=_Parser,
        prog="manchengo-server",
    )

    def command(name: str, do: work.Work, said: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=said, description=said, formatter_class=_Help)
        _in_words(made)
        made.add_argument(
            "--db", metavar=_("FILE"), help=_("the server's database, a file of SQLite")
        )
        made.add_argument(
            "--passphrase-file", metavar=_("FILE"), help=_("the file that holds its passphrase")
        )
        made.set_defaults(do=do)
        return made

    init = command(
        "init", work.init, _("Begin a plant: a database, its key, the server's own keys.")
    )
    begun = init.add_mutually_exclusive_group(required=True)
    begun.add_argument("--plant", metavar=_("NAME"), help=_("the plant's name"))
    begun.add_argument(
        "--from-device",
        metavar=_("FILE"),
        type=Path,
        help=_("after the server was lost: the backup of a device, from which it begins again"),
    )
    init.add_argument(
        "--device-passphrase-file",
        metavar=_("FILE"),
        help=_("the file that holds the passphrase of that backup"),
    )
    init.add_argument(
        "--clear", action="store_true", help=_("leave the file unencrypted, for a trial")
    )
    serve = command("serve", work.serve, _("Serve the devices, until told to stop."))
    serve.add_argument("--host", metavar=_("ADDRESS"), help=_("127.0.0.1 when not said"))
    serve.add_argument("--port", metavar=_("NUMBER"), type=int, help=_("8765 when not said"))
    serve.add_argument("--workers", metavar=_("NUMBER"), type=int, help=_("processes; 1"))
    serve.add_argument(
        "--allow-http",
        action="store_true",
        default=None,
        help=_("listen beyond this computer without TLS, where nobody else can read along"),
    )
    first = command("first-code", work.first_code, _("A code for the plant's first device."))
    code = command("code", work.code, _("A code that lets one device in, for that user."))
    code.add_argument("--user", metavar=_("NAME"), required=True, help=_("who works at it"))
    code.add_argument(
        "--minutes",
        metavar=_("NUMBER"),
        type=int,
        default=30,
        help=_("how long it is good for; 30"),
    )
    devices = command("devices", work.devices, _("The devices let in, and those withdrawn."))
    withdraw = command("withdraw", work.withdraw, _("End a device's right to exchange."))
    withdraw.add_argument("device", metavar=_("DEVICE"), help=_("its letters, name or id"))
    withdraw.add_argument("--reason", metavar=_("TEXT"), required=True, help=_("why"))
    backup = command("backup", work.backup, _("Copy the database while people work."))
    backup.add_argument("file", metavar=_("FILE"), type=Path)
    restore = command(
        "restore",
        work.restore,
        _(
            "Put a backup in the place of the database; devices then offer again what it lacks. "
            "Without a file: say that the database was put back by other means."
        ),
    )
    restore.add_argument("file", metavar=_("FILE"), type=Path, nargs="?")
    bundle = command("bundle", work.bundle, _("Answer a request that came as a file."))
    bundle.add_argument("request", metavar=_("REQUEST"), type=Path)
    bundle.add_argument("answer", metavar=_("ANSWER"), type=Path)
    for each in (first, code, devices):
        each.add_argument("--json", action="store_true", help=_("for programs"))
    return parser


def _in_words(parser: argparse.ArgumentParser) -> None:
    parser._positionals.title = _("what is given")
    parser._optionals.title = _("options")
    for action in parser._actions:
        if action.dest == "help":
            action.help = _("show this page")


def _settings(asked: argparse.Namespace) -> Settings:
    """The environment's, but for what the command line says."""
    from pydantic import ValidationError

    said = {
        "database": asked.db,
        "passphrase_file": asked.passphrase_file,
        "device_passphrase_file": getattr(asked, "device_passphrase_file", None),
        "host": getattr(asked, "host", None),
        "port": getattr(asked, "port", None),
        "workers": getattr(asked, "workers", None),
        "allow_http": getattr(asked, "allow_http", None),
    }
    try:
        return Settings(**{name: value for name, value in said.items() if value is not None})
    except ValidationError as error:
        raise not_right([{**each} for each in error.errors(include_input=False)]) from None
