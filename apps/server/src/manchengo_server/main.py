"""The program ``manchengo-server``: begin a plant, let devices in, serve them, keep copies."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from manchengo_presenters.language import _
from manchengo_server import audit_commands as audit_work
from manchengo_server import commands as work
from manchengo_server import device_commands as device_work
from manchengo_server import key_commands as key_work
from manchengo_server import mending_commands as mending_work
from manchengo_server.failures import INTERRUPTED, report
from manchengo_server.settings import Settings
from manchengo_server.usage_errors import not_right, not_understood


class _Parser(argparse.ArgumentParser):
    """Raises a usage error as a failure that we translate: argparse has English messages only."""

    def error(self, message: str) -> NoReturn:
        raise not_understood(message, self.prog)


_Subcommands: TypeAlias = "argparse._SubParsersAction[_Parser]"


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
        super().add_usage(usage, actions, groups, _("Usage: ") if prefix is None else prefix)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    try:
        arguments = _parser().parse_args(words)
        settings = _settings(arguments)
        do: work.Work = arguments.do
        return do(arguments, settings)
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D at the prompt for a passphrase
        print(_("Interrupted: nothing more was recorded."), file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        return report(error)


# ---------------------------------------------------------------- the subcommands


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="manchengo-server",
        description=_("The plant's server: one log for all devices."),
        formatter_class=_Help,
    )
    _translate_titles(parser)
    commands = parser.add_subparsers(
        title=_("commands"),
        metavar=_("COMMAND"),
        required=True,
        parser_class=_Parser,
        prog="manchengo-server",
    )
    for add in (
        _add_init,
        _add_serve,
        _add_first_code,
        _add_code,
        _add_devices,
        _add_withdraw,
        _add_allow_renewal,
        _add_lift_quota,
        _add_audit,
        _add_backup,
        _add_restore,
        _add_begin_epoch,
        _add_mend_log,
        _add_bundle,
        _add_keys,
        _add_passphrase,
        _add_rekey,
    ):
        add(commands)
    return parser


def _add_init(commands: _Subcommands) -> None:
    init = _command(
        commands,
        "init",
        work.init,
        _("Begin a plant: a database, its key, the server's own keys."),
    )
    source = init.add_mutually_exclusive_group(required=True)
    source.add_argument("--plant", metavar=_("NAME"), help=_("the plant's name"))
    source.add_argument(
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
        "--clear",
        action="store_true",
        help=_("leave the file, or the keys in PostgreSQL, unencrypted, for a trial"),
    )


def _add_serve(commands: _Subcommands) -> None:
    serve = _command(commands, "serve", work.serve, _("Serve the devices, until told to stop."))
    serve.add_argument("--host", metavar=_("ADDRESS"), help=_("127.0.0.1 when not said"))
    serve.add_argument("--port", metavar=_("NUMBER"), type=int, help=_("8765 when not said"))
    serve.add_argument("--workers", metavar=_("NUMBER"), type=int, help=_("processes; 1"))
    serve.add_argument(
        "--daily-megabytes",
        metavar=_("NUMBER"),
        type=int,
        help=_("stored in a day for each device and its copies; 256"),
    )
    serve.add_argument(
        "--allow-http",
        action="store_true",
        default=None,
        help=_("listen beyond this computer without TLS, where nobody else can read along"),
    )


def _add_first_code(commands: _Subcommands) -> None:
    first_code = _command(
        commands, "first-code", work.first_code, _("A code for the plant's first device.")
    )
    _add_json(first_code)


def _add_code(commands: _Subcommands) -> None:
    code = _command(
        commands, "code", work.code, _("A code that lets one device in, for that user.")
    )
    code.add_argument("--user", metavar=_("NAME"), required=True, help=_("who works at it"))
    code.add_argument(
        "--minutes",
        metavar=_("NUMBER"),
        type=int,
        default=30,
        help=_("how long it is good for; 30"),
    )
    _add_json(code)


def _add_devices(commands: _Subcommands) -> None:
    devices = _command(
        commands, "devices", device_work.devices, _("The devices let in, and those withdrawn.")
    )
    _add_json(devices)


def _add_withdraw(commands: _Subcommands) -> None:
    withdraw = _command(
        commands, "withdraw", device_work.withdraw, _("End a device's right to exchange.")
    )
    withdraw.add_argument("device", metavar=_("DEVICE"), help=_("its letters, name or id"))
    withdraw.add_argument("--reason", metavar=_("TEXT"), required=True, help=_("why"))


def _add_allow_renewal(commands: _Subcommands) -> None:
    allow = _command(
        commands,
        "allow-renewal",
        device_work.allow_renewal,
        _(
            "Let one more copy of a device's database exchange, under a mark of its own: one in "
            "thirty days does so by itself."
        ),
    )
    allow.add_argument("device", metavar=_("DEVICE"), help=_("its letters, name or id"))


def _add_lift_quota(commands: _Subcommands) -> None:
    lift = _command(
        commands,
        "lift-quota",
        device_work.lift_quota,
        _("Let a device send as much again today as on any other day."),
    )
    lift.add_argument("device", metavar=_("DEVICE"), help=_("its letters, name or id"))


def _add_audit(commands: _Subcommands) -> None:
    audit = _command(
        commands,
        "audit",
        audit_work.audit,
        _("What devices noted: who was refused what, who signed in, who made backups."),
    )
    audit.add_argument(
        "--limit",
        metavar=_("NUMBER"),
        type=int,
        default=50,
        help=_("how many of the latest; 50"),
    )
    audit.add_argument(
        "--own",
        action="store_true",
        help=_("what the server noted itself: who was turned away, and what was done at it"),
    )
    _add_json(audit)


def _add_backup(commands: _Subcommands) -> None:
    backup = _command(commands, "backup", work.backup, _("Copy the database while people work."))
    backup.add_argument("file", metavar=_("FILE"), type=Path)


def _add_restore(commands: _Subcommands) -> None:
    restore = _command(
        commands,
        "restore",
        work.restore,
        _(
            "Put a backup in the place of the database; devices then hand back what it lacks. "
            "Without a file: say that the database was put back by other means."
        ),
    )
    restore.add_argument("file", metavar=_("FILE"), type=Path, nargs="?")


def _add_begin_epoch(commands: _Subcommands) -> None:
    _command(
        commands,
        "begin-epoch",
        work.begin_epoch,
        _(
            "After “restore”, once the devices have come: take in new work again. What no device "
            "handed back is offered and judged again."
        ),
    )


def _add_mend_log(commands: _Subcommands) -> None:
    mend = _command(
        commands,
        "mend-log",
        mending_work.mend_log,
        _(
            "Where devices say that an entry of the log is not what follows from it: name the "
            "first such entry, and judge it again."
        ),
    )
    mend.add_argument(
        "--entry",
        metavar=_("NUMBER"),
        type=int,
        help=_("judge that entry again, and all behind it"),
    )


def _add_bundle(commands: _Subcommands) -> None:
    bundle = _command(commands, "bundle", work.bundle, _("Answer a request that came as a file."))
    bundle.add_argument("request", metavar=_("REQUEST"), type=Path)
    bundle.add_argument("answer", metavar=_("ANSWER"), type=Path)


def _add_passphrase(commands: _Subcommands) -> None:
    change = _command(
        commands,
        "change-passphrase",
        work.change_passphrase,
        _("Open the database with another passphrase from now on."),
    )
    change.add_argument(
        "--new-passphrase-file",
        metavar=_("FILE"),
        help=_("a file that holds the new passphrase; else it is asked"),
    )


def _add_rekey(commands: _Subcommands) -> None:
    _command(
        commands,
        "rekey",
        work.rekey,
        _(
            "Encrypt the database again under another key, which the same passphrase opens. The "
            "server must be stopped."
        ),
    )


def _add_keys(commands: _Subcommands) -> None:
    summary = _("The server's own keys: seal them, replace them.")
    keys = commands.add_parser("keys", help=summary, description=summary, formatter_class=_Help)
    _translate_titles(keys)
    under = keys.add_subparsers(
        title=_("commands"), metavar=_("COMMAND"), required=True, parser_class=_Parser
    )
    new = _command(under, "new", key_work.new, _("Make a wrapping key, for its owner alone."))
    place = new.add_mutually_exclusive_group(required=True)
    place.add_argument("file", metavar=_("FILE"), type=Path, nargs="?")
    place.add_argument(
        "--keyring", action="store_true", help=_("in the keyring of this computer instead")
    )
    wrap = _command(
        under,
        "wrap",
        key_work.wrap,
        _(
            "Seal the server's keys under the wrapping key that is named by "
            "MANCHENGO_SERVER_KEY_FILE, MANCHENGO_SERVER_KEY or MANCHENGO_SERVER_KEYRING."
        ),
    )
    wrap.add_argument(
        "--former-key-file",
        metavar=_("FILE"),
        type=Path,
        help=_("the wrapping key under which they are sealed now"),
    )
    tokens = _command(
        under,
        "renew-tokens",
        key_work.renew_tokens,
        _("Sign tokens with another key; those of before end by themselves."),
    )
    tokens.add_argument(
        "--at-once", action="store_true", help=_("they end now: somebody may know their key")
    )
    bundles = _command(
        under,
        "renew-bundles",
        key_work.renew_bundles,
        _("Have devices seal their files for another key; the one before is read for a time."),
    )
    how_long = bundles.add_mutually_exclusive_group()
    how_long.add_argument(
        "--days",
        metavar=_("DAYS"),
        type=int,
        default=30,
        help=_("how long files sealed for the key of before are read (30 days if not given)"),
    )
    how_long.add_argument(
        "--at-once", action="store_true", help=_("not at all: somebody may know that key")
    )
    _command(
        under,
        "replace-signing",
        key_work.replace_signing,
        _("Make the key with which the server is to sign next, and show its public half."),
    )
    show = _command(under, "show", key_work.show, _("How the server's keys are stored."))
    _add_json(show)


def _command(
    commands: _Subcommands, name: str, do: work.Work, summary: str
) -> argparse.ArgumentParser:
    """A subcommand with the options that all share."""
    command = commands.add_parser(name, help=summary, description=summary, formatter_class=_Help)
    _translate_titles(command)
    command.add_argument(
        "--db", metavar=_("FILE"), help=_("the server's database, a file of SQLite")
    )
    command.add_argument(
        "--passphrase-file", metavar=_("FILE"), help=_("the file that holds its passphrase")
    )
    command.set_defaults(do=do)
    return command


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help=_("for programs"))


# ---------------------------------------------------------------- shared


def _translate_titles(parser: argparse.ArgumentParser) -> None:
    parser._positionals.title = _("what is given")
    parser._optionals.title = _("options")
    for action in parser._actions:
        if action.dest == "help":
            action.help = _("show this page")


def _settings(arguments: argparse.Namespace) -> Settings:
    """The settings of the environment, overridden by the options of the command line."""
    from pydantic import ValidationError

    given = {
        "database": arguments.db,
        "passphrase_file": arguments.passphrase_file,
        "new_passphrase_file": getattr(arguments, "new_passphrase_file", None),
        "device_passphrase_file": getattr(arguments, "device_passphrase_file", None),
        "host": getattr(arguments, "host", None),
        "port": getattr(arguments, "port", None),
        "workers": getattr(arguments, "workers", None),
        "daily_megabytes": getattr(arguments, "daily_megabytes", None),
        "allow_http": getattr(arguments, "allow_http", None),
    }
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise not_right([{**each} for each in error.errors(include_input=False)]) from None
