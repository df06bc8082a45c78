"""The audit of a device as it travels: pages of records, and what the server says that it keeps."""

from datetime import datetime
from typing import Any

from attrs import field, frozen, validators

from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.audit import AuditEntry, AuditRecord

MOST_RECORDS = 200
"""Records in one page."""

MOST_BYTES = 64 * 1024
"""Of the texts in one page; one larger record travels alone."""

MOST_HEADS = 400
"""Heads of a chain up to which a device asks for its own records: more than one a day in a year."""

HASH_BYTES, SIGNATURE_BYTES = 32, 64
Validators = tuple[Any, ...]

LONGEST_NAME, LONGEST_FACTS = 200, 20_000
MOST_63_BITS = 2**63 - 1

_IS_HASH: Validators = (validators.min_len(HASH_BYTES), validators.max_len(HASH_BYTES))
_IS_NUMBER: Validators = (validators.ge(1), validators.le(MOST_63_BITS))
_IS_NAME: Any = validators.max_len(LONGEST_NAME)


def _is_utc(_record: object, _field: object, instant: datetime) -> None:
    if instant.utcoffset() is None or instant.utcoffset():
        raise ValueError("an instant is in UTC")


@frozen(kw_only=True)
class SentRecord:
    """A record of the audit, as ``manchengo.ports.audit.AuditRecord`` has it."""

    sequence: int = field(validator=_IS_NUMBER)
    device_id: DeviceId
    user_id: UserId
    at: datetime = field(validator=_is_utc)
    last_at: datetime = field(validator=_is_utc)
    kind: str = field(validator=_IS_NAME)
    action: str = field(validator=_IS_NAME)
    outcome: str = field(validator=_IS_NAME)
    facts: str = field(validator=validators.max_len(LONGEST_FACTS))
    count: int = field(validator=_IS_NUMBER)
    previous: bytes = field(validator=_IS_HASH)
    hash: bytes = field(validator=_IS_HASH)

    @classmethod
    def of(cls, record: AuditRecord) -> "SentRecord":
        """The record, for sending."""
        entry = record.entry
        return cls(
            sequence=record.sequence,
            device_id=entry.device_id,
            user_id=entry.user_id,
            at=entry.at,
            last_at=entry.last_at,
            kind=str(entry.kind),
            action=entry.action,
            outcome=entry.outcome,
            facts=entry.facts,
            count=entry.count,
            previous=record.previous,
            hash=record.hash,
        )

    def record(self) -> AuditRecord:
        """What was sent, as a record again."""
        entry = AuditEntry(
            at=self.at,
            last_at=self.last_at,
            user_id=self.user_id,
            device_id=self.device_id,
            kind=self.kind,
            action=self.action,
            outcome=self.outcome,
            facts=self.facts,
            count=self.count,
        )
        return AuditRecord(
            sequence=self.sequence, entry=entry, previous=self.previous, hash=self.hash
        )


@frozen(kw_only=True)
class AuditPage:
    """Records that follow each other. ``is_first``: the device holds none before them.
    ``head_signature``: of the device, over ``audit_anchor.message`` of the last record, where its
    chain ends with it; the server may write that into the log. Empty elsewhere, and from a program
    of before.
    """

    records: tuple[SentRecord, ...] = field(
        validator=(validators.min_len(1), validators.max_len(MOST_RECORDS))
    )
    is_first: bool
    head_signature: bytes = field(default=b"", validator=validators.max_len(SIGNATURE_BYTES))


@frozen(kw_only=True)
class AuditWanted:
    """The records of its own audit that a device asks for: those behind number ``sequence``, whose
    hash is ``after``, up to each of the heads in the log that ``up_to`` names by their hashes, the
    nearest first.
    """

    sequence: int = field(validator=(validators.ge(0), validators.le(MOST_63_BITS)))
    after: bytes = field(validator=_IS_HASH)
    up_to: tuple[bytes, ...] = field(
        validator=(validators.min_len(1), validators.max_len(MOST_HEADS))
    )


@frozen(kw_only=True)
class AuditReceipt:
    """What the server says of a page.

    ``kept``: the number of the last of its records that the server keeps; 0 for none. ``code``: ""
    where it keeps all; "gap" where it lacks the records before them, "quota" where it stores no
    more today, "refused" where the next is no record of this device. ``is_parted``: it had other
    records in the place of some of these, and keeps both. ``is_anchored``: it wrote the head into
    the log.
    """

    kept: int
    code: str = ""
    is_parted: bool = False
    is_anchored: bool = False
