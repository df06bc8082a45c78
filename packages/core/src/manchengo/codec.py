"""Event and command to bytes and back, and the hashes that seal what is stored.

Names and versions are those of the tables ``EVENTS`` and ``COMMANDS``.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from attrs import evolve, field, frozen

from manchengo.commands import COMMANDS
from manchengo.domain.commit import NO_HASH, Authorship, Commit, LogEntry, Recorded, Seen
from manchengo.domain.ids import DeviceId
from manchengo.events import EVENTS
from manchengo.nesting import must_be_shallow
from manchengo.schemas import Json, Schema


class Unreadable(Exception):
    """Stored bytes that this program cannot read."""


@frozen
class UnknownEvent(Unreadable):
    """A newer program wrote it, and this one cannot know what it means. Keep it as it is."""

    name: str
    version: int


@frozen
class Damaged(Unreadable):
    """The bytes do not match the schema of that name and version."""

    name: str
    version: int
    why: str


@frozen
class NotReadBack(ValueError):
    """What was about to be stored would not be read as what was meant: it is not stored. A fault of
    this program; what a person may have done otherwise is refused before.
    """

    name: str


_OF_THE_BYTES = (
    msgspec.MsgspecError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What bytes of another form raise, in upcasters too."""


@frozen
class Codec:
    """Names to classes and back, for one table of schemas."""

    schemas: Mapping[str, Schema[Any]]
    _names: dict[type, str] = field(init=False)
    _decoders: dict[type, msgspec.json.Decoder[Any]] = field(init=False, factory=dict)
    _encoder: msgspec.json.Encoder = field(
        init=False, factory=lambda: msgspec.json.Encoder(order="sorted")
    )

    @_names.default
    def _by_type(self) -> dict[type, str]:
        return {schema.type: name for name, schema in self.schemas.items()}

    def name(self, value: object) -> str:
        """The stored name of that event or command."""
        return self._names[type(value)]

    def version(self, name: str) -> int:
        """Today's version of that stored name."""
        return self.schemas[name].version

    def encode(self, value: object) -> bytes:
        """JSON with sorted keys: the same value gives the same bytes on every device."""
        return self._encoder.encode(value)

    def encode_readable(self, value: object) -> bytes:
        """As ``encode``, and read again: what is to be stored for ever. Raises ``NotReadBack`` when
        that gives anything else.
        """
        payload = self._encoder.encode(value)
        try:
            is_same = self._decoder(type(value)).decode(payload) == value
        except msgspec.MsgspecError as error:
            raise NotReadBack(self.name(value)) from error
        if not is_same:
            raise NotReadBack(self.name(value))
        return payload

    def decode(self, name: str, version: int, payload: bytes) -> Any:
        """The value; ``UnknownEvent`` when newer than this program, ``Damaged`` when garbled."""
        schema = self.schemas.get(name)
        if schema is None or version > schema.version:
            raise UnknownEvent(name, version)
        if version < 1:
            raise Damaged(name, version, "versions count from 1")
        try:
            must_be_shallow(payload)
            if version == schema.version:
                return self._decoder(schema.type).decode(payload)
            document = msgspec.json.decode(payload, type=Json)
            for upcast in schema.upcasters[version - 1 :]:
                document = upcast(document)
            return msgspec.convert(document, schema.type)
        except _OF_THE_BYTES as error:
            raise Damaged(name, version, str(error)) from error

    def _decoder(self, kind: type) -> msgspec.json.Decoder[Any]:
        known = self._decoders.get(kind)
        if known is None:
            known = self._decoders[kind] = msgspec.json.Decoder(kind)
        return known


events = Codec(EVENTS)
commands = Codec(COMMANDS)


def fields(payload: bytes) -> Json:
    """The fields of an event or a command, as they are stored; none where the bytes hold none."""
    try:
        must_be_shallow(payload)
        found: Json = msgspec.json.decode(payload, type=Json)
    except (msgspec.MsgspecError, ValueError):
        return {}
    return found


def commit_hash(commit: Commit) -> bytes:
    """SHA-256 over every stored byte of the commit but the hash itself, the previous one included.

    Payloads enter as they are stored; lengths go first, so that no two commits share their bytes.
    What its author signed enters as ``authored_hash`` and signature.
    """
    if commit.authorship is not None:
        return _carried_hash(commit, commit.authorship)
    digest = hashlib.sha256()
    _feed(
        digest,
        _HEADER.encode(
            [
                commit.id,
                commit.device_id,
                commit.user_id,
                commit.sequence,
                commit.occurred_at,
                commit.hlc,
                commit.on,
                commit.command_type,
                commit.command_version,
                commit.import_id,
            ]
        ),
    )
    _feed(digest, commit.previous)
    _feed(digest, commit.command)
    _feed_events(digest, commit.events)
    return digest.digest()


def authored_hash(commit: Commit, authorship: Authorship) -> bytes:
    """SHA-256 over what the author of a commit signs: everything but the signature itself and what
    the device adds to carry it (its id, its sequence, its previous hash).
    """
    digest = hashlib.sha256()
    _feed(digest, b"manchengo authored commit 1")
    _feed(
        digest,
        _HEADER.encode(
            [
                authorship.plant_id,
                authorship.family_id,
                authorship.sequence,
                authorship.seen.log_epoch,
                authorship.seen.global_seq,
                commit.id,
                commit.user_id,
                commit.occurred_at,
                commit.hlc,
                commit.on,
                commit.command_type,
                commit.command_version,
                commit.import_id,
            ]
        ),
    )
    _feed(digest, authorship.key)
    _feed(digest, authorship.previous)
    _feed(digest, authorship.seen.log_hash)
    _feed(digest, commit.command)
    _feed_events(digest, commit.events)
    return digest.digest()


def _carried_hash(commit: Commit, authorship: Authorship) -> bytes:
    digest = hashlib.sha256()
    _feed(digest, b"manchengo carried commit 1")
    _feed(digest, _HEADER.encode([commit.device_id, commit.sequence]))
    _feed(digest, commit.previous)
    _feed(digest, authored_hash(commit, authorship))
    _feed(digest, authorship.signature)
    return digest.digest()


def encode_authorship(authorship: Authorship | None) -> bytes | None:
    """The author's part in one column: MessagePack, fields in their order."""
    if authorship is None:
        return None
    seen = authorship.seen
    return _AUTHORSHIP_ENCODER.encode(
        (
            authorship.key,
            authorship.family_id.bytes,
            authorship.plant_id and authorship.plant_id.bytes,
            authorship.sequence,
            authorship.previous,
            seen.log_epoch,
            seen.global_seq,
            seen.log_hash,
            authorship.signature,
        )
    )


def decode_authorship(stored: bytes | None) -> Authorship | None:
    """What ``encode_authorship`` made of it. Raises ``ValueError`` for bytes that it never made."""
    if stored is None:
        return None
    key, family, plant, sequence, previous, epoch, global_seq, log_hash, signature = (
        _AUTHORSHIP_DECODER.decode(stored)
    )
    authorship = Authorship(
        key=key,
        family_id=DeviceId(UUID(bytes=family)),
        plant_id=None if plant is None else UUID(bytes=plant),
        sequence=sequence,
        previous=previous,
        seen=Seen(log_epoch=epoch, global_seq=global_seq, log_hash=log_hash),
        signature=signature,
    )
    if encode_authorship(authorship) != stored:
        raise ValueError("an author's part is not spelt like this")
    return authorship


_AUTHORSHIP_ENCODER = msgspec.msgpack.Encoder()
_AUTHORSHIP_DECODER = msgspec.msgpack.Decoder(
    tuple[bytes, bytes, bytes | None, int, bytes, str, int, bytes, bytes]
)


def sealed(commit: Commit) -> Commit:
    """The commit with its hash."""
    return evolve(commit, hash=commit_hash(commit))


def entry_hash(entry: LogEntry, previous: bytes) -> bytes:
    """SHA-256 over a log entry but its own hash, and over the hash of the entry before."""
    digest = hashlib.sha256()
    _feed(digest, previous)
    _feed(
        digest,
        _HEADER.encode([entry.global_seq, entry.verdict.value, entry.reason, entry.hlc_eff]),
    )
    _feed(digest, entry.signature)
    _feed(digest, effects_hash(entry.commit.hash, entry.effective))
    return digest.digest()


def sealed_entry(entry: LogEntry, previous: bytes) -> LogEntry:
    """The entry with its hash."""
    return evolve(entry, hash=entry_hash(entry, previous))


def effects_hash(commit_hash: bytes, effective: tuple[Recorded, ...] | None) -> bytes:
    """SHA-256 over what a commit is taken to have done (None: what it recorded)."""
    digest = hashlib.sha256()
    _feed(digest, commit_hash)
    if effective is not None:
        _feed_events(digest, effective)
    return digest.digest()


def pending_seal(
    commit_hash: bytes, effective: tuple[Recorded, ...] | None, signature: bytes
) -> bytes | None:
    """SHA-256 over what the tables keep of a pending commit beside the commit itself: its predicted
    effects and its signature. None where the effects are as recorded and nothing is signed.
    """
    effects = None if effective is None else effects_hash(commit_hash, effective)
    if not signature:
        return effects
    return hashlib.sha256((effects or NO_HASH) + signature).digest()


_HEADER = msgspec.json.Encoder()


def _feed_events(digest: "hashlib._Hash", events: tuple[Recorded, ...]) -> None:
    for event in events:
        _feed(
            digest,
            _HEADER.encode(
                [
                    event.id,
                    event.aggregate_type,
                    event.aggregate_id,
                    event.event_type,
                    event.schema_version,
                    event.version,
                ]
            ),
        )
        _feed(digest, event.payload)


def _feed(digest: "hashlib._Hash", part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big") + part)
