"""What an operator asks of the server about its own keys: to seal, replace and show them.

What a command needs is imported when it is called: ``--help`` need not wait for a database.
"""

import json
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from manchengo_presenters.language import _, ngettext
from manchengo_server.commands import opened
from manchengo_server.failures import MISUSED, Failure
from manchengo_server.settings import Settings

if TYPE_CHECKING:
    from manchengo_server.key_wrapping import WrappingKey

MOST_DAYS = 365
"""For so long, at most, a key that was replaced opens files."""


def new(arguments: Namespace, settings: Settings) -> int:
    """``keys new``: make a wrapping key."""
    from manchengo_server import key_sources
    from manchengo_server.storage_failures import storage_errors_as_failures

    with storage_errors_as_failures(settings):
        if arguments.keyring:
            key = key_sources.new_in_keyring(settings)
            where = _("the keyring of this computer")
        else:
            key = key_sources.new_in_file(arguments.file)
            where = str(arguments.file)
    print(_("The wrapping key {key_id} is in {where}.").format(key_id=key.id, where=where))
    print(
        _(
            "Keep a copy in the safe, away from the backups: who loses it loses the server's keys, "
            "and who has it and a backup has them all."
        ),
        file=sys.stderr,
    )
    return 0


def wrap(arguments: Namespace, settings: Settings) -> int:
    """``keys wrap``: seal the server's keys under the wrapping key that is given."""
    from manchengo_server import compose, key_sources
    from manchengo_server.passphrase import passphrase
    from manchengo_server.storage_failures import storage_errors_as_failures

    with storage_errors_as_failures(settings):
        wrapping = key_sources.wrapping_key(settings)
        if wrapping is None:
            raise Failure(
                "NoWrappingKeyGiven",
                _(
                    "Give the wrapping key: make one with “manchengo-server keys new FILE”, and "
                    "name the file in MANCHENGO_SERVER_KEY_FILE."
                ),
                exit_code=MISUSED,
            )
        file = arguments.former_key_file
        former = None if file is None else key_sources.from_file(file)
    sealed = compose.wrap(settings, passphrase, wrapping, former=former)
    print(_sealed(sealed, wrapping))
    if sealed:
        print(
            _(
                "Copies of before hold the keys as they were. Where others may have one, replace "
                "the keys too: “manchengo-server keys renew-tokens --at-once”, “… renew-bundles "
                "--at-once” and “… replace-signing”."
            ),
            file=sys.stderr,
        )
    return 0


def _sealed(count: int, wrapping: "WrappingKey") -> str:
    if not count:
        return _("The keys are sealed under the wrapping key {key_id} already.").format(
            key_id=wrapping.id
        )
    return ngettext(
        "{count} key is now sealed under the wrapping key {key_id}.",
        "{count} keys are now sealed under the wrapping key {key_id}.",
        count,
    ).format(count=count, key_id=wrapping.id)


def renew_tokens(arguments: Namespace, settings: Settings) -> int:
    """``keys renew-tokens``: another key for tokens."""
    with opened(settings) as service:
        service.replace_token_key(at_once=arguments.at_once)
    if arguments.at_once:
        print(_("Tokens have another key. Each device asks for a new token at its next request."))
    else:
        print(_("Tokens have another key. Those of before are good until they end by themselves."))
    return 0


def renew_bundles(arguments: Namespace, settings: Settings) -> int:
    """``keys renew-bundles``: another key for files."""
    from datetime import timedelta

    days = 0 if arguments.at_once else arguments.days
    if not (arguments.at_once or 1 <= days <= MOST_DAYS):
        explanation = _("Give --days a number from 1 to {most}.").format(most=MOST_DAYS)
        raise Failure("Misused", explanation, exit_code=MISUSED)
    with opened(settings) as service:
        service.replace_bundle_key(accepted_for=timedelta(days=days))
    if days:
        print(
            ngettext(
                "Files have another key. Those that devices seal for the one before are read for "
                "{count} day more.",
                "Files have another key. Those that devices seal for the one before are read for "
                "{count} days more.",
                days,
            ).format(count=days)
        )
    else:
        print(_("Files have another key. Those sealed for one of before are not read any more."))
    print(
        _(
            "Each device learns the new key at its next exchange, over the network or with the "
            "answer to a file. Back the server up now: a backup of before has the former key."
        ),
        file=sys.stderr,
    )
    return 0


def replace_signing(_arguments: Namespace, settings: Settings) -> int:
    """``keys replace-signing``: make the key that is to sign next."""
    with opened(settings) as service:
        key = service.next_signing_key()
    print(key)
    print(
        _(
            "The server signs with this key once an administrator has said so on a device: "
            "“manchengo devices server-key {key}”, then “manchengo sync”. Until then it signs as "
            "before. Back the server up once it does: a backup of before has only the former key."
        ).format(key=key),
        file=sys.stderr,
    )
    return 0


def show(arguments: Namespace, settings: Settings) -> int:
    """``keys show``: how the keys are stored, and under which one the server signs."""
    from manchengo_sync.server_word import fingerprint

    with opened(settings) as service:
        wrapped, public_key = service.wrapping_id(), service.plant.public_signing_key
    key = fingerprint(public_key)
    if arguments.json:
        shape = {"wrapping_key": wrapped or None, "signing_key": key, "public_key": public_key}
        print(json.dumps(shape))
        return 0
    if wrapped:
        print(_("The keys are sealed under the wrapping key {key_id}.").format(key_id=wrapped))
    else:
        print(_("The keys are stored in clear, as the database keeps them."))
    print(
        _("The server signs with the key {key}; in full: {public_key}").format(
            key=key, public_key=public_key
        )
    )
    return 0
