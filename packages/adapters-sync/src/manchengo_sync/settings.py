"""What a device keeps about its server, in the settings of its own database."""

from uuid import UUID

from manchengo.application.founding import genesis_of
from manchengo.domain.genesis import fingerprint
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.settings import COPY_OF, DEVICE, KNOWN_AS, LOG_EPOCH, MARK, PLANT_ID
from manchengo.ports.store import Snapshot

__all__ = ["KNOWN_AS", "LOG_EPOCH", "MARK", "PLANT_ID"]
"""Names of the core, repeated here so that all settings are in one place."""

URL = "server.url"
PLANT = "server.plant"
USER_ID = "server.user_id"

SERVER_KEY = "server.key"
"""The server's public X25519 key, in hexadecimal: file bundles are sealed for it."""

SERVER_KEY_SINCE = "server.key_since"
"""When ``SERVER_KEY`` came, as the server signed it: seconds since 1970. Absent where it was never
signed: it came with the answer to the enrolment.
"""

ASKED_SERVER_KEY = "server.key_of_request"
"""The key for which the last request in a file was sealed: its answer shows that it was used."""

SERVER_SIGNING_KEY = "server.public_signing_key"
"""The server's public Ed25519 key, in hexadecimal: under it, it says where its log ends. Pinned
when this device is let in, or at the first such word.
"""

SERVER_WORDS = "server.words"
"""What the server signed of the log of ``LOG_EPOCH``, in JSON: the last word that this log has
reached, and of those beyond its end the first and the last.
"""

PAST_WORDS = "server.words_before"
"""What the server signed of logs that it has no more, in JSON: the latest of them."""

RECOVERED_BEHIND = "server.recovered_behind"
"""Where the server's log ended in its backup, while its last answer in a file was that it recovers
what came behind; empty otherwise.
"""

SERVER_READS = "server.reads"
"""What the server's program reads (``wire.schema_max``), in JSON; empty where that is just what
this program reads.
"""

CLOCK_AHEAD = "server.clock_ahead"
"""Seconds by which this device's clock was ahead of the server's when that last answered; empty
where it was right.
"""

UNCONFIRMED = "server.unconfirmed"
"""Set while the server's log may hold commits that wait here: they were sent, and no answer came.
"""

AUDIT_ASKED = "server.audit_asked"
"""Set while this restored device's last request in a file asked for its own audit records."""

BUNDLE_KEY = "device_bundle_key"
"""The private X25519 key for which answers in files are sealed, in hexadecimal."""


class NotJoined(Exception):
    """This database has no name or no key of its own yet: it joined no server."""


def device_id(snapshot: Snapshot) -> DeviceId:
    """The id of this device. Raises ``NotJoined`` when it has none."""
    return DeviceId(UUID(required(snapshot, DEVICE)))


def user_id(snapshot: Snapshot) -> UserId:
    """The user whom the server knows at this device."""
    return UserId(UUID(required(snapshot, USER_ID)))


def plant_id(snapshot: Snapshot) -> UUID | None:
    """The plant that this database joined; None where it joined none."""
    known = snapshot.setting(PLANT_ID)
    return UUID(known) if known else None


def plant_of_log(snapshot: Snapshot) -> UUID | None:
    """The plant whose log this database reads; None where no server ever answered it."""
    has_read = snapshot.cursor() or snapshot.setting(LOG_EPOCH)
    return plant_id(snapshot) if has_read else None


def own_plant(snapshot: Snapshot) -> UUID | None:
    """The plant that this database belongs to for ever: whose log it reads, or that was founded in
    it. None where it may still join any.
    """
    genesis = genesis_of(snapshot)
    return plant_of_log(snapshot) if genesis is None else fingerprint(genesis)


def required(snapshot: Snapshot, name: str) -> str:
    """That setting; ``NotJoined`` when there is none."""
    value = snapshot.setting(name)
    if not value:
        raise NotJoined(name)
    return value


def known_as(snapshot: Snapshot) -> DeviceId:
    """The id by which the server knows this device. It differs from its own after a change of id (a
    twin, a restored backup) that the server does not know yet.
    """
    known = snapshot.setting(KNOWN_AS) or snapshot.setting(COPY_OF)
    return DeviceId(UUID(known)) if known else device_id(snapshot)
