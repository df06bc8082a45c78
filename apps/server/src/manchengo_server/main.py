"""The program ``manchengo-server``: begin a plant, let devices in, serve them, keep copies."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from manchengo_presenters.language import _
from manchengo_server.failures import ENVIRONMENT, MISUSED, REFUSED, Failure
from manchengo_server.settings import Settings

DEBUG = "MANCHENGO_DEBUG"
Work = Callable[[Any, Settings], int]


class _Parser(argparse.ArgumentParser):
    """argparse speaks English only: what it refuses is said in the operator's language."""

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - it is in English
        words = " ".join(sys.argv[1:])
        raise Failure(
            "Misused",
            _("“{words}” is not understood: “{program} --help” says what is.").format(
                words=words, program=self.prog
            ),
            exit_code=MISUSED,
        )


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
        super().add_usage(usage, actions, groups, prefix or _("Usage: "))


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    try:
        asked = _parser().parse_args(words)
        settings = _settings(asked)
        work: Work = asked.work
        return work(asked, settings)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        return _told(error)


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

    def command(name: str, work: Work, said: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=said, description=said, formatter_class=_Help)
        _in_words(made)
        made.add_argument(
            "--db", metavar=_("FILE"), help=_("the server's database, a file of SQLite")
        )
        made.add_argument(
            "--passphrase-file", metavar=_("FILE"), help=_("the file that holds its passphrase")
        )
        made.set_defaults(work=work)
        return made

    init = command("init", _init, _("Begin a plant: a database, its key, the server's own keys."))
    init.add_argument("--plant", metavar=_("NAME"), required=True, help=_("the plant's name"))
    init.add_argument(
        "--clear", action="store_true", help=_("leave the file unencrypted, for a trial")
    )
    serve = command("serve", _serve, _("Serve the devices, until told to stop."))
    serve.add_argument("--host", metavar=_("ADDRESS"), help=_("127.0.0.1 when not said"))
    serve.add_argument("--port", metavar=_("NUMBER"), type=int, help=_("8765 when not said"))
    serve.add_argument("--workers", metavar=_("NUMBER"), type=int, help=_("processes; 1"))
    first = command("first-code", _first_code, _("A code for the plant's first device."))
    code = command("code", _code, _("A code that lets one device in, for that user."))
    code.add_argument("--user", metavar=_("NAME"), required=True, help=_("who works at it"))
    code.add_argument(
        "--minutes",
        metavar=_("NUMBER"),
        type=int,
        default=30,
        help=_("how long it is good for; 30"),
    )
    devices = command("devices", _devices, _("The devices let in, and those withdrawn."))
    withdraw = command("withdraw", _withdraw, _("End a device's right to exchange."))
    withdraw.add_argument("device", metavar=_("DEVICE"), help=_("its letters, name or id"))
    withdraw.add_argument("--reason", metavar=_("TEXT"), required=True, help=_("why"))
    backup = command("backup", _backup, _("Copy the database while people work."))
    backup.add_argument("file", metavar=_("FILE"), type=Path)
    restore = command(
        "restore",
        _restore,
        _(
            "Put a backup in the place of the database; devices then offer again what it lacks. "
            "Without a file: say that the database was put back by other means."
        ),
    )
    restore.add_argument("file", metavar=_("FILE"), type=Path, nargs="?")
    bundle = command("bundle", _bundle, _("Answer a request that came as a file."))
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
        "host": getattr(asked, "host", None),
        "port": getattr(asked, "port", None),
        "workers": getattr(asked, "workers", None),
    }
    try:
        return Settings(**{name: value for name, value in said.items() if value is not None})
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
        raise Failure(
            "BadSettings",
            _("These settings are not right: {names}.").format(names=wrong),
            exit_code=MISUSED,
        ) from error


# ---------------------------------------------------------------- what is done


def _init(asked: argparse.Namespace, settings: Settings) -> int:
    from manchengo_server import compose
    from manchengo_server.passphrase import new_passphrase

    with compose.founded(settings, asked.plant, new_passphrase, clear=asked.clear):
        print(
            _("The plant “{plant}” begins in {place}.").format(
                plant=asked.plant, place=compose.named(settings)
            )
        )
    print(
        _("Next: “manchengo-server serve”, and “manchengo-server first-code” for its first device.")
    )
    return 0


def _serve(_asked: argparse.Namespace, settings: Settings) -> int:
    from manchengo_server.serving import serve

    def ready(url: str) -> None:
        print(_("Serving on {url}").format(url=url), flush=True)

    try:
        return serve(settings, ready)
    except OSError as error:
        raise Failure(
            "NoAddress",
            _("{host}, port {port}, cannot be listened on: {why}.").format(
                host=settings.host, port=settings.port, why=error.strerror
            ),
        ) from error


def _first_code(asked: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as service:
        return _show_code(service.first_code(), asked)


def _code(asked: argparse.Namespace, settings: Settings) -> int:
    from manchengo_server.errors import NothingThere
    from manchengo_sync.wire import CodeRequest

    with _opened(settings) as service:
        try:
            user_id = service.user_named(asked.user)
        except NothingThere:
            raise Failure(
                "UnknownUser",
                _("Nobody active is called “{name}” in the log. Was it synchronised?").format(
                    name=asked.user
                ),
                exit_code=REFUSED,
            ) from None
        try:
            request = CodeRequest(user_id=user_id, minutes=asked.minutes)
        except ValueError:
            raise Failure(
                "BadMinutes",
                _("A code is good for one minute at least and a week at most."),
                exit_code=MISUSED,
            ) from None
        return _show_code(service.new_code(request, by=None), asked)


def _show_code(given: Any, asked: argparse.Namespace) -> int:
    if asked.json:
        print(json.dumps({"code": given.code, "expires_at": given.expires_at.isoformat()}))
        return 0
    print(given.code)
    until = given.expires_at.astimezone().strftime("%d/%m/%Y %H:%M")
    print(_("One device may use it once, until {until}.").format(until=until), file=sys.stderr)
    return 0


def _devices(asked: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as service:
        rows = service.devices()
    if asked.json:
        shapes = [
            {
                "id": str(row.id),
                "mark": row.mark,
                "name": row.name,
                "user_id": str(row.user_id),
                "withdrawn": row.withdrawn,
            }
            for row in rows
        ]
        print(json.dumps(shapes, ensure_ascii=False, indent=2))
        return 0
    if not rows:
        print(_("No device yet: “manchengo-server first-code” lets the first one in."))
    for row in rows:
        state = _("withdrawn: {reason}").format(reason=row.withdrawn) if row.withdrawn else ""
        print(f"{row.mark:<3} {row.name:<30} {row.id} {state}".rstrip())
    return 0


def _withdraw(asked: argparse.Namespace, settings: Settings) -> int:
    with _opened(settings) as service:
        named = [
            row
            for row in service.devices()
            if asked.device in (row.mark, row.name, str(row.id)) and not row.withdrawn
        ]
        if len(named) != 1:
            raise Failure(
                "WhichDevice",
                _("No device, or several, are called “{name}”: see “devices”.").format(
                    name=asked.device
                ),
                exit_code=REFUSED,
            )
        service.withdraw(named[0].id, asked.reason, by=None)
    print(_("{name} exchanges no more. What it recorded stays.").format(name=named[0].name))
    return 0


def _backup(asked: argparse.Namespace, settings: Settings) -> int:
    from manchengo_server import compose

    with _opened(settings) as service, compose.storage_told(settings):
        compose.backup(service, asked.file)
    print(_("Copied to {path}, with its key file.").format(path=asked.file))
    return 0


def _restore(asked: argparse.Namespace, settings: Settings) -> int:
    from manchengo_server import compose
    from manchengo_server.passphrase import passphrase

    if asked.file is not None:
        aside = compose.restored(settings, asked.file, passphrase)
        if aside is not None:
            print(_("What was there is kept as {path}.").format(path=aside))
    with _opened(settings) as service:
        if asked.file is None:
            service.was_put_back()
    print(_("The log begins another epoch: devices will offer again what it lacks."))
    return 0


def _bundle(asked: argparse.Namespace, settings: Settings) -> int:
    from manchengo_server.bundles import answer
    from manchengo_sync.sealing import BundleError

    try:
        sealed = asked.request.read_bytes()
        with _opened(settings) as service:
            answered = answer(service, sealed)
        asked.answer.write_bytes(answered.sealed)
    except BundleError as error:
        raise Failure(
            type(error).__name__,
            _("{path} is no request that this server may read ({why}).").format(
                path=asked.request, why=type(error).__name__
            ),
            exit_code=REFUSED,
        ) from error
    if answered.code:
        print(
            _("{device} was turned down ({code}); the answer in {path} says so.").format(
                device=answered.device, code=answered.code, path=asked.answer
            )
        )
        return REFUSED
    print(
        _("{device}: {synced} commits in the log, {new} entries to carry back in {path}.").format(
            device=answered.device, synced=answered.synced, new=answered.new, path=asked.answer
        )
    )
    return 0


def _opened(settings: Settings) -> Any:
    from manchengo_server import compose  # late: --help need not wait for a database
    from manchengo_server.passphrase import passphrase

    return compose.opened(settings, passphrase)


# ---------------------------------------------------------------- what went wrong


def _told(error: Exception) -> int:
    """One sentence on standard error; a traceback only for whoever asked for one."""
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    sentence, code = _sentence(error)
    print(sentence, file=sys.stderr)
    return code


def _sentence(error: Exception) -> tuple[str, int]:
    from manchengo_server.errors import NotEmpty, TurnedDown

    if isinstance(error, Failure):
        return error.sentence, error.exit_code
    if isinstance(error, NotEmpty):
        return _(
            "The plant has a device already: give a code for a user, with “manchengo-server code”."
        ), REFUSED
    if isinstance(error, TurnedDown):
        return _("The server refuses: {code}.").format(code=error.code), REFUSED
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return _("The computer refused: {what}{where}.").format(
            what=error.strerror or str(error), where=where
        ), ENVIRONMENT
    return _(
        "This is a fault of Manchengo, not yours: {name}. "
        "Run it again with {variable}=1 and send what it prints to whoever looks after the program."
    ).format(name=type(error).__name__, variable=DEBUG), ENVIRONMENT
