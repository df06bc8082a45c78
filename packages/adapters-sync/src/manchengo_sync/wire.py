"""What devices and server say to each other, declared once, in JSON.

Ids are UUID text, instants ISO 8601 in UTC, bytes (payloads, hashes, signatures) base64. Commits
and log entries travel as the core has them: ``manchengo.domain.commit``.
"""

from datetime import datetime
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from attrs import field, frozen, validators

from manchengo.application.heard_devices import LastHeard
from manchengo.application.replication.server_log import Offered, Stopped
from manchengo.commands import COMMANDS
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.events import EVENTS
from manchengo_sync.audit_pages import AuditPage, AuditReceipt, AuditWanted, SentRecord

PROTOCOL = 2
"""Grows when a program that speaks the one before would not understand. 2: a commit may have an
author's part, which its hash covers.
"""

FIRST_WITH_AUTHORS = 2
"""The first protocol in which a commit may have an author's part."""

PLANT = "Manchengo-Plant"
"""The header by which each request names the plant that its device belongs to, and each answer the
plant that the server keeps: its id. Absent where none is known yet, or from a program of before.
"""

MOST_COMMITS = 1_000
"""How many commits one push holds at most, and how many entries one answer."""

MOST_BYTES = 4 * 1024 * 1024
"""A page is closed once it is larger than this: one larger commit travels alone."""

LARGEST_BODY = 32 * 1024 * 1024
"""What the server reads of one request, once unpacked."""

LONGEST_WAIT = 25.0
"""Seconds for which the server holds an answer back until there is something new."""

LONGEST_NONCE = 80
"""Letters of what a request has the server repeat."""

MOST_NAMES, LONGEST_NAME, HIGHEST_VERSION = 1_000, 80, 1_000_000
"""Of what a program says that it reads: several times what any ever did, and nothing to fill a
database with.
"""

T = TypeVar("T")


class NotUnderstood(Exception):
    """The bytes do not hold the message that belongs there."""


def schema_max() -> dict[str, int]:
    """Every stored name that this program reads, of events and of commands, and up to which
    version: a commit is parked for either.
    """
    known = EVENTS | COMMANDS
    return {name: schema.version for name, schema in known.items()}


def _is_bounded(_request: object, _field: object, versions: dict[str, int]) -> None:
    if len(versions) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in versions):
        raise ValueError("no program reads that many names, or so long ones")
    if not all(1 <= version <= HIGHEST_VERSION for version in versions.values()):
        raise ValueError("no event has such a version")


@frozen(kw_only=True)
class PushRequest:
    """Offer commits and ask for what is new beyond ``cursor``.

    ``log_hash``: of the last entry held, so that the server sees whether it is its own log that
    goes on there. ``schema_max``: what the device's program reads. ``wait``: seconds for which the
    answer may be held back while nothing is new. ``nonce``: repeated in the word of the answer, so
    that no answer passes for another. ``signing_key``: by which the device knows the server; "" in
    a request of before. ``bundle_key``: for which it seals files; "" likewise. ``audit``: what the
    device noted, with a request that offers no commit. ``audit_wanted``: what a device that was put
    back from a backup noted before, and lacks. ``unsent``: how many commits wait at the device
    besides those offered; None where that is not known, and from a program of before.
    """

    protocol: int
    replica_id: DeviceId
    log_epoch: str
    cursor: int = field(validator=validators.ge(0))
    log_hash: bytes
    schema_max: dict[str, int] = field(validator=_is_bounded)
    limit: int = field(validator=[validators.ge(1), validators.le(MOST_COMMITS)])
    commits: tuple[Offered, ...] = field(validator=validators.max_len(MOST_COMMITS))
    wait: float = field(default=0.0, validator=[validators.ge(0), validators.le(LONGEST_WAIT)])
    nonce: str = field(default="", validator=validators.max_len(LONGEST_NONCE))
    signing_key: str = field(default="", validator=validators.max_len(LONGEST_NONCE))
    bundle_key: str = field(default="", validator=validators.max_len(LONGEST_NONCE))
    audit: AuditPage | None = None
    audit_wanted: AuditWanted | None = None
    unsent: int | None = field(default=None, validator=validators.optional(validators.ge(0)))


@frozen(kw_only=True)
class ServerWord:
    """Where the server's log ends, signed by the server: its word, which it cannot take back.

    ``global_seq`` and ``log_hash``: of the last entry, 0 and ``NO_HASH`` in an empty log.
    ``nonce``: as the request has it. ``key``: the server's public Ed25519 key, in hexadecimal.
    ``signature``: over ``server_word.message``.
    """

    plant_id: UUID
    log_epoch: str
    global_seq: int = field(validator=validators.ge(0))
    log_hash: bytes
    nonce: str
    key: str
    signature: bytes


@frozen(kw_only=True)
class BundleKey:
    """The key for which devices seal their files: ``key``, a public X25519 key in hexadecimal,
    which came at ``since`` (seconds since 1970; 0 for the first). ``signature``: of the key by
    which devices know the server, over ``bundle_keys.message``.
    """

    key: str
    since: int = field(validator=validators.ge(0))
    signature: bytes


@frozen(kw_only=True)
class PushResponse:
    """``synced``: the offered commits that are in the log now. ``new``: the entries that follow the
    cursor; ``more``: there are others behind. ``head``: where the log ends. ``schema_max``: what
    the server's program reads; None where that is just what the request says, or from a server
    too old to say. ``word``: the end of the log, signed; None from a server of before.
    ``succession``: where the server signs with another key than the device knows, the commits of
    the log by which that key came. ``audit``: what it keeps of the audit that was sent; None where
    none was, and from a server of before. ``audit_returned``: the records that were
    wanted, as far as the server keeps them; None where none were, and from a server of before.
    ``bundle_key``: for which files are sealed, where the device knows another. ``heard``: when it
    heard the other devices last, where nothing new is left behind the answer; None otherwise, and
    from a server of before.
    """

    protocol: int
    synced: tuple[CommitId, ...]
    new: tuple[LogEntry, ...]
    log_epoch: str
    head: int
    server_time: datetime
    more: bool
    push_error: Stopped | None
    schema_max: dict[str, int] | None = field(
        default=None, validator=validators.optional(_is_bounded)
    )
    word: ServerWord | None = None
    succession: tuple[Commit, ...] = ()
    audit: AuditReceipt | None = None
    audit_returned: tuple[SentRecord, ...] | None = None
    bundle_key: BundleKey | None = None
    heard: tuple[LastHeard, ...] | None = None


@frozen(kw_only=True)
class TailRequest:
    """Hand a server that was put back from a backup the end of its log, from its last page to its
    first: a page is known to be the server's own by the hash of its last entry.

    ``word``: of the server, for an entry that this device holds. ``entries``: as many as make a
    page, in their order, the last of them as the answer before asked for; none at first.
    ``previous``: the hash of the entry before them.
    """

    replica_id: DeviceId
    word: ServerWord
    entries: tuple[LogEntry, ...] = field(default=(), validator=validators.max_len(MOST_COMMITS))
    previous: bytes = b""


@frozen(kw_only=True)
class TailResponse:
    """``up_to``: the last entry that the server still lacks under that word, 0 where none.
    ``differs``: the log that the server was put back to is another one than the word is about.
    """

    up_to: int = field(validator=validators.ge(0))
    differs: bool = False


@frozen(kw_only=True)
class EnrolRequest:
    """``code``: the one-time code an administrator showed. ``public_key``: Ed25519, hexadecimal.
    ``user_id``: who works at the device, where the code does not say. ``plant_id``: the plant that
    the device founded, or that came with the code; the server lets it into no other. None where
    neither is known.
    """

    code: str
    device_id: DeviceId
    name: str
    public_key: str
    user_id: UserId | None
    plant_id: UUID | None = None


@frozen(kw_only=True)
class EnrolResponse:
    """The device is known now. ``server_key``: the X25519 key for which file bundles are sealed.
    ``signing_key``: the Ed25519 key of the server's word, in hexadecimal; "" from one of before.
    """

    plant_id: UUID
    plant: str
    mark: str
    user_id: UserId
    log_epoch: str
    server_key: str
    signing_key: str = ""


CHALLENGE_SECONDS = 60


@frozen(kw_only=True)
class Challenge:
    """Sign ``nonce`` within ``CHALLENGE_SECONDS`` to be given a token; the same once more, within
    them, is given one again.
    """

    nonce: str


@frozen(kw_only=True)
class TokenRequest:
    """``signature``: the device's, over ``token_message(nonce, device_id, user_id)``; base64.
    ``user_id``: who works at the device; the name gives no right. ``person_signature``: theirs,
    over ``person_message`` of the same, by ``person_key``, their key on that device in hexadecimal.
    Both are empty where nobody has signed in. ``enrolment``: by what the server let the device in,
    for one that recovers its log and does not know the device yet; None otherwise.
    """

    device_id: DeviceId
    user_id: UserId
    nonce: str
    signature: bytes
    person_key: str = ""
    person_signature: bytes = b""
    enrolment: Offered | None = None


@frozen(kw_only=True)
class TokenResponse:
    """A JWT for ``Authorization: Bearer``; ``seconds``: for how long."""

    token: str
    seconds: int
    roles: tuple[str, ...]


@frozen(kw_only=True)
class RenewRequest:
    """A device that found that it has a twin takes another id; its key stays."""

    former_id: DeviceId
    device_id: DeviceId


@frozen(kw_only=True)
class CodeRequest:
    """An administrator asks for a code that lets one device in, for that user."""

    user_id: UserId
    minutes: int = field(default=30, validator=[validators.ge(1), validators.le(7 * 24 * 60)])


@frozen(kw_only=True)
class CodeResponse:
    """A one-time code, and until when it can be used (UTC)."""

    code: str
    expires_at: datetime


@frozen(kw_only=True)
class WithdrawRequest:
    """An administrator ends a device's right to exchange, and says why."""

    reason: str


class Age(Enum):
    """How a program stands beside another. ``OLDER``: the other reads what it does not; ``APART``:
    each reads something that the other does not.
    """

    SAME = "same"
    OLDER = "older"
    NEWER = "newer"
    APART = "apart"


@frozen(kw_only=True)
class DeviceProgram:
    """How the program of a device stands beside the server's."""

    device_id: DeviceId
    program: Age


@frozen(kw_only=True)
class DevicesResponse:
    """The devices that exchanged, and were not withdrawn."""

    devices: tuple[DeviceProgram, ...]


@frozen(kw_only=True)
class SnapshotHeader:
    """The first line of a snapshot; the entries up to ``global_seq`` follow, one a line.

    ``schema``: what the server reads (``schema_max``); where it is what this program reads too,
    ``digest`` is that of the view rows after the last line.
    """

    global_seq: int = field(validator=validators.ge(0))
    schema: dict[str, int]
    digest: str
    log_epoch: str


@frozen(kw_only=True)
class Problem:
    """Why a request was turned down. ``code``: stable, for programs; ``message``: for people.

    With ``log_reset``: the epoch of the log as it is now, and up to which entry (``keep``) what a
    device holds of the epoch it named is still right. The server remembers every epoch it descends
    from and where each began: ``keep`` is the least of the beginnings since the one named, and 0
    for one it never heard of, or where the hash at the cursor is not its own. ``server_key``: for
    which file bundles are sealed from then on, as in ``EnrolResponse``; a lost server has another.
    ``word``: the end of the log as it is now, signed; ``succession``, ``bundle_key``: as in
    ``PushResponse``.

    With ``recovering``: the server was put back from a backup, and takes back what it lacks behind
    the entry ``keep`` before a new epoch begins. ``word``: its end until then, signed;
    ``succession`` likewise.

    With ``protocol``: the version that the server speaks; 0 otherwise, and from one of before.
    """

    code: str
    message: str
    log_epoch: str = ""
    keep: int = 0
    server_key: str = ""
    word: ServerWord | None = None
    succession: tuple[Commit, ...] = ()
    protocol: int = 0
    bundle_key: BundleKey | None = None


def token_message(nonce: str, device_id: DeviceId, user_id: UserId) -> bytes:
    """What a device signs to be given a token."""
    return f"manchengo token {nonce} {device_id} {user_id}".encode()


def person_message(nonce: str, device_id: DeviceId, user_id: UserId) -> bytes:
    """What a person signs so that the token of their device has their rights."""
    return f"manchengo person {nonce} {device_id} {user_id}".encode()


_ENCODER = msgspec.json.Encoder()
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(message: object) -> bytes:
    """The JSON of a wire model."""
    return _ENCODER.encode(message)


def decode(content: bytes, kind: type[T]) -> T:
    """The wire model in these bytes. Raises ``NotUnderstood`` when they hold none of that kind."""
    decoder = _DECODERS.get(kind)
    if decoder is None:
        decoder = _DECODERS[kind] = msgspec.json.Decoder(kind)
    try:
        value: T = decoder.decode(content)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise NotUnderstood(str(error)) from error
    return value
