"""What an operator asks of the server at its own terminal: each command, its words and its code.

What a command needs is imported when it is called: ``--help`` need not wait for a database.
"""

import errno
import json
import socket
import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from manchengo_presenters.language import _, ngettext
from manchengo_presenters.system_errors import reason
from manchengo_server.failures import MISUSED, REFUSED, Failure, failure
from manchengo_server.settings import Settings, is_loopback

if TYPE_CHECKING:
    from manchengo_server.service import Service
    from manchengo_sync.enrolment_code import EnrolmentCode

Work = Callable[[Namespace, Settings], int]
"""Does it, and answers the exit code."""


def init(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server init``: create a plant, or recreate it from the backup of a device.
    Returns the exit code, like all below.
    """
    from manchengo_server import compose
    from manchengo_server.passphrase import new_passphrase
    from manchengo_server.storage_failures import named

    if arguments.from_device is not None:
        return _begin_again(arguments, settings)

    with compose.founded(settings, arguments.plant, new_passphrase, clear=arguments.clear):
        print(
            _("The plant “{plant}” begins in {place}.").format(
                plant=arguments.plant, place=named(settings)
            )
        )
    print(
        _("Next: “manchengo-server serve”, and “manchengo-server first-code” for its first device.")
    )
    return 0


def _begin_again(arguments: Namespace, settings: Settings) -> int:
    from manchengo_server import compose
    from manchengo_server.passphrase import new_passphrase, passphrase
    from manchengo_server.storage_failures import named

    begun_again = compose.rebuilt(
        settings, arguments.from_device, passphrase, new_passphrase, clear=arguments.clear
    )
    with begun_again as service:
        print(
            _("The plant “{plant}” begins again in {place}. Entries of its log: {count}.").format(
                plant=service.plant.name, place=named(settings), count=service.head()
            )
        )
    print(
        _(
            "Next: “manchengo-server serve”, at the same address. The devices offer what is "
            "missing here at their next exchange; a device that is not known here needs a code."
        )
    )
    return 0


def serve(_asked: Namespace, settings: Settings) -> int:
    """``manchengo-server serve``. Raises ``Failure`` where the address would be reached from other
    computers without TLS and ``--allow-http`` is not given.
    """
    from manchengo_server import serving

    def ready(url: str) -> None:
        print(_("Serving on {url}").format(url=url), flush=True)

    if not (settings.allow_http or is_loopback(settings.host)):
        raise Failure(
            "PlainHttp",
            _(
                "On {host} the server would be reached from other computers without TLS: whoever "
                "is on the way reads everything and may change it. Leave --host out and put a "
                "reverse proxy with TLS in front; or, where nobody can read along (a VPN, a cable "
                "between two machines), say --allow-http as well."
            ).format(host=settings.host),
            exit_code=MISUSED,
        )
    try:
        return serving.serve(settings, ready)
    except OSError as error:
        raise _not_listening(error, settings) from error


def _not_listening(error: OSError, settings: Settings) -> Failure:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        sentence = _(
            "{host} is no address of this computer. Give --host 127.0.0.1 to be reached from this "
            "computer alone, as behind a reverse proxy, or 0.0.0.0 for all its networks."
        )
    elif error.errno == errno.EADDRINUSE:
        sentence = _(
            "Another program listens on port {port} of {host}: this server may be running already. "
            "Stop that program, or give another port with --port."
        )
    elif error.errno == errno.EACCES:
        sentence = _(
            "The system does not let this user listen on port {port}. Give a port from 1024 on "
            "with --port."
        )
    else:
        sentence = _(
            "{host}, port {port}, cannot be listened on ({why}). Give another address with --host, "
            "or another port with --port."
        )
    return Failure(
        "NoAddress", sentence.format(host=settings.host, port=settings.port, why=reason(error))
    )


def first_code(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server first-code``: a code for the first device of the plant."""
    from manchengo_sync.enrolment_code import EnrolmentCode

    with opened(settings) as service:
        given = service.first_code()
    # For no plant yet: the device that it lets in may have founded one.
    return _show_code(EnrolmentCode(given.code), given.expires_at, arguments)


def code(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server code``: a code for one device of the user. Raises ``Failure`` where no
    user, or more than one, has that name.
    """
    from manchengo.domain.errors import Ambiguous, Unknown
    from manchengo_presenters.refusal_text import sentence
    from manchengo_sync.enrolment_code import EnrolmentCode
    from manchengo_sync.wire import CodeRequest

    with opened(settings) as service:
        try:
            user = service.user_named(arguments.user)
        except Ambiguous as several:
            raise Failure("Ambiguous", sentence(several), exit_code=REFUSED) from None
        except Unknown:
            raise Failure(
                "UnknownUser",
                _(
                    "No active user is called “{name}” in the log of the server. Check the name; "
                    "where it was just added, exchange first from the device that did."
                ).format(name=arguments.user),
                exit_code=REFUSED,
            ) from None
        try:
            request = CodeRequest(user_id=user.id, minutes=arguments.minutes)
        except ValueError:
            raise Failure(
                "BadMinutes",
                _("A code is good for one minute at least and a week at most."),
                exit_code=MISUSED,
            ) from None
        given = service.new_code(request, by=None)
        code = EnrolmentCode(given.code, service.plant.id)
        shown = _show_code(code, given.expires_at, arguments, user=user.name)
        if service.everybody_signs():
            print(_needs_an_invitation(user.name), file=sys.stderr)
        return shown


def _needs_an_invitation(user: str) -> str:
    return _(
        "It lets the device in, and makes nobody of it: to sign there, {user} needs a code that an "
        "administrator signs, “manchengo user invite {user}”. “manchengo devices code {user}”, on "
        "an administrator's device, gives both in one."
    ).format(user=user)


def _show_code(
    code: "EnrolmentCode", expires_at: datetime, arguments: Namespace, *, user: str = ""
) -> int:
    """``user``: whose device it lets in; "" for the plant's first."""
    if arguments.json:
        shape = {"code": str(code), "expires_at": expires_at.isoformat()}
        print(json.dumps(shape | ({"user": user} if user else {}), ensure_ascii=False))
        return 0
    print(code)
    until = expires_at.astimezone().strftime("%d/%m/%Y %H:%M")
    whose = _("It lets in one device of {user}.").format(user=user) if user else ""
    once = _("One device may use it once, until {until}.").format(until=until)
    print(" ".join(filter(None, (whose, once))), file=sys.stderr)
    return 0


def backup(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server backup``: copy the database with its key file."""
    from manchengo_server import compose
    from manchengo_server.own_audit import noted_done
    from manchengo_server.storage_failures import storage_errors_as_failures

    with opened(settings) as service, storage_errors_as_failures(settings):
        # Noted before, too: a copy whose end was never noted shows all the same.
        is_noted = noted_done(service.context, "backup.begun")
        compose.backup(service, arguments.file)
        is_noted = noted_done(service.context, "backup.made") and is_noted
        wrapped = service.wrapping_id()
    print(_("Copied to {path}, with its key file.").format(path=arguments.file))
    if not is_noted:
        print(
            _(
                "The backup is good, but the audit could not note it: nothing can be written in "
                "the database. Keep the backup elsewhere, and make room on this disk."
            ),
            file=sys.stderr,
        )
    if wrapped:
        print(
            _(
                "To restore it, the wrapping key {key_id} is needed as well. It is not in the "
                "copy. Keep it in another place."
            ).format(key_id=wrapped)
        )
    return 0


def change_passphrase(_arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server change-passphrase``: seal the database key under a new passphrase."""
    from manchengo_server import compose
    from manchengo_server.passphrase import next_passphrase, passphrase

    compose.change_passphrase(settings, passphrase, next_passphrase)
    print(_("The new passphrase opens {path} from now on.").format(path=settings.path))
    print(
        _(
            "Copies made before open with the passphrase of before. Where a file holds the "
            "passphrase for the service, write the new one into it."
        ),
        file=sys.stderr,
    )
    return 0


def rekey(_arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server rekey``: encrypt the database again under another key."""
    from manchengo_server import compose
    from manchengo_server.passphrase import passphrase

    compose.replace_key(settings, passphrase)
    print(
        _("{path} is encrypted under a new key; the same passphrase opens it.").format(
            path=settings.path
        )
    )
    print(
        _(
            "Copies made before keep the former key. Make a new one at another place, destroy "
            "those of before, and choose another passphrase too: manchengo-server change-passphrase"
        ),
        file=sys.stderr,
    )
    return 0


def restore(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server restore``: replace the database with a backup, where one is given, and
    take back from the devices what it lacks.
    """
    from manchengo_server import compose
    from manchengo_server.passphrase import passphrase

    if arguments.file is not None:
        aside, head = compose.restored(settings, arguments.file, passphrase)
        if aside is not None:
            print(_("What was there is kept as {path}.").format(path=aside))
    else:
        with opened(settings) as service:
            service.open_recovery()
            head = service.head()
    print(
        _(
            "The log ends at entry {head}. Start the server: at their next exchange, the devices "
            "hand back what it had signed since."
        ).format(head=head)
    )
    print(
        _(
            "Then, once they have come: “manchengo-server begin-epoch”. Until then the server "
            "takes in nothing else, and what people record waits on their devices."
        )
    )
    return 0


def begin_epoch(_arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server begin-epoch``: end the recovery after ``restore``. Raises ``Failure``
    where there is none.
    """
    with opened(settings) as service:
        if not service.is_recovering():
            raise Failure(
                "NotRecovering",
                _(
                    "No epoch begins: this server was not put back from a backup. Put one back "
                    "with “manchengo-server restore” first, or say with the same command, without "
                    "a file, that it was put back by other means."
                ),
                exit_code=REFUSED,
            )
        taken_back = service.begin_new_epoch()
        head = service.head()
    print(
        ngettext(
            "{count} entry was taken back from the devices, as it was.",
            "{count} entries were taken back from the devices, as they were.",
            taken_back,
        ).format(count=taken_back)
    )
    print(
        _(
            "The log begins another epoch behind entry {head}: devices will offer again what it "
            "lacks, and that is judged again."
        ).format(head=head)
    )
    return 0


def bundle(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server bundle``: write the answer to a request that came as a file. Raises
    ``Failure`` where the request cannot be read or the file of the answer exists.
    """
    from manchengo.system import new_private_file
    from manchengo_server.bundles import answer
    from manchengo_sync.sealing import BundleError, NotForUs

    try:
        sealed = arguments.request.read_bytes()
        with new_private_file(arguments.answer) as file:
            with opened(settings) as service:
                answered = answer(service, sealed)
            file.write(answered.sealed)
    except FileExistsError as error:
        raise failure("AlreadyThere", path=arguments.answer) from error
    except NotForUs as error:
        raise Failure(
            "NotForUs",
            _(
                "{path} is sealed for another server, or for a key of this one that it reads no "
                "more. If the device is one of this plant, let it exchange over the network once: "
                "it then knows the present key."
            ).format(path=arguments.request),
            exit_code=REFUSED,
        ) from error
    except BundleError as error:
        raise Failure(
            type(error).__name__,
            _(
                "{path} is no request that this server may read. Write it again on the device, "
                "with “manchengo sync --export”."
            ).format(path=arguments.request),
            exit_code=REFUSED,
        ) from error
    if answered.code:
        print(
            _("{device} was turned down ({code}); the answer in {path} says so.").format(
                device=answered.device, code=answered.code, path=arguments.answer
            )
        )
        return REFUSED
    print(
        _("{device}: {synced} in the log, {new} to carry back in {path}.").format(
            device=answered.device,
            synced=ngettext("{count} commit", "{count} commits", answered.synced).format(
                count=answered.synced
            ),
            new=ngettext("{count} entry", "{count} entries", answered.new).format(
                count=answered.new
            ),
            path=arguments.answer,
        )
    )
    return 0


def opened(settings: Settings) -> "AbstractContextManager[Service]":
    """The service, with the passphrase of its database asked for where it has one."""
    from manchengo_server import compose
    from manchengo_server.passphrase import passphrase

    return compose.opened(settings, passphrase)
