"""What the log of commits does not say: refusals, sign-ins, copies of the database.

Actions themselves are commits, with their author; they are not written twice.
"""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from attrs import Factory, field, frozen, validators

from manchengo.domain.ids import DeviceId, UserId


class AuditKind(StrEnum):
    """What sort of thing an entry tells of. Stored: a name never changes."""

    REFUSAL = "refusal"
    """A command, or a reading, that a rule refused."""
    SESSION = "session"
    """Signing in and out, wrong tries, lock-outs."""
    KEY = "key"
    """A passphrase or a key of this device was changed."""
    DATABASE = "database"
    """A backup, a restoration, a rebuild, a verification."""
    EXPORT = "export"
    """Something was written into a file that leaves the database."""
    DRILL = "drill"
    """A recall was practised: nothing was recalled."""
    EXCHANGE = "exchange"
    """What an exchange found: a twin of this device, a forged entry."""
    SCAN = "scan"
    """A code that was scanned: the task is the action, and the facts say of what the code was."""


_BEGINNINGS = {
    "session": AuditKind.SESSION,
    "lockout": AuditKind.SESSION,
    "passphrase": AuditKind.KEY,
    "key": AuditKind.KEY,
    "database": AuditKind.KEY,
    "backup": AuditKind.DATABASE,
    "log": AuditKind.DATABASE,
    "views": AuditKind.DATABASE,
    "export": AuditKind.EXPORT,
    "recall": AuditKind.DRILL,
    "sync": AuditKind.EXCHANGE,
    "scan": AuditKind.SCAN,
}


def kind_of(action: str) -> AuditKind:
    """By the first word of the action; whatever is left is a command or a reading, refused."""
    return _BEGINNINGS.get(action.partition(".")[0], AuditKind.REFUSAL)


def _kind(entry: "AuditEntry") -> AuditKind:
    return kind_of(entry.action)


@frozen(kw_only=True)
class AuditEntry:
    """``action``: the stored name of a command, or of work on the database. ``facts``: the details,
    a JSON object whose shape is that of the outcome. ``kind``: one of ``AuditKind``, or one of a
    newer program. ``count``: how many times the very same happened, the last time at ``last_at``.
    """

    at: datetime
    user_id: UserId
    device_id: DeviceId
    action: str
    outcome: str
    facts: str
    kind: str = Factory(_kind, takes_self=True)
    count: int = field(default=1, validator=validators.ge(1))
    last_at: datetime = Factory(lambda entry: entry.at, takes_self=True)


@frozen(kw_only=True)
class AuditRecord:
    """An entry in its place in the chain of a device.

    ``sequence`` counts from 1, with no gap, also over a change of the device's id. ``previous`` is
    the hash of the record before (``NO_HASH`` for the first), ``hash`` is ``audit_chain.hash_of``.
    """

    sequence: int
    entry: AuditEntry
    previous: bytes
    hash: bytes


@frozen(kw_only=True)
class AuditQuery:
    """Which records of an audit a list shows: all of these hold.

    ``kinds``: as in an ``AuditEntry``; none: every kind. ``user_id``: None: anybody's. ``since``,
    ``until``: what happened, or happened again, from the one instant on, and began before the
    other. ``search``: each of its words stands in the action, the outcome or the facts, in capital
    letters (of A to Z) or not.
    """

    kinds: tuple[str, ...] = ()
    user_id: UserId | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words to be found, as ``lowered``."""
        return tuple(lowered(self.search).split())

    def covers(self, entry: AuditEntry) -> bool:
        """Whether the list shows that entry."""
        said = lowered(f"{entry.action} {entry.outcome} {entry.facts}")
        return (
            (not self.kinds or entry.kind in self.kinds)
            and self.user_id in (None, entry.user_id)
            and (self.since is None or entry.last_at >= self.since)
            and (self.until is None or entry.at < self.until)
            and all(word in said for word in self.words)
        )


def lowered(text: str) -> str:
    """The text without the capitals A to Z, as every database makes it."""
    return text.encode().lower().decode()


EVERY_RECORD = AuditQuery()


def audit_conditions(
    query: AuditQuery, *, before: int | None, mark: str, contains: str
) -> tuple[str, list[UUID | str | int]]:
    """The conditions of a page in SQL, and their parameters: the records below ``before`` that the
    query covers. ``mark``: the place of a parameter; ``contains``: whether ``{text}`` contains it.
    Days come after the words, which SQLite finds in an index that has no days.
    """
    text = "lower(action || ' ' || outcome || ' ' || facts)"
    moments = [("last_at >=", query.since), ("at <", query.until)]
    terms: list[tuple[str, UUID | str | int]] = [
        *([(f"id < {mark}", before)] if before is not None else []),
        *([(f"user_id = {mark}", query.user_id)] if query.user_id else []),
        *((contains.format(text=text), word) for word in query.words),
        *(
            (f"{compared} {mark}", moment.astimezone(UTC).isoformat())
            for compared, moment in moments
            if moment is not None
        ),
    ]
    conditions = [condition for condition, _ in terms]
    if query.kinds:
        conditions.append(f"kind IN ({', '.join([mark] * len(query.kinds))})")
    return " AND ".join(conditions) or "true", [*(value for _, value in terms), *query.kinds]


@frozen(kw_only=True)
class ReceivedAudit:
    """A record of some device, as the server keeps it.

    ``position`` grows with what is received; ``received_at``: by the server's clock. ``fault``: ""
    where it continues what was received, "cut" where the server never received the record before
    it, "branch" where it received another one in its place.
    """

    position: int
    received_at: datetime
    fault: str
    record: AuditRecord


@frozen
class AuditHead:
    """Where a chain ends, or began: the number of a record, and its hash."""

    sequence: int
    hash: bytes
