"""What the server notes of itself: who was turned away at its doors, and what its operator did.

It is the chain of the server's own database, beside what devices send. Whoever knocks costs one
record a minute at most, however often they knock: the record has the count.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

import msgspec
from attrs import define, field, frozen

from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry
from manchengo.ports.rows import DeviceRow
from manchengo.ports.storage_errors import StorageError
from manchengo.ports.store import Transaction
from manchengo_server import errors
from manchengo_server.context import ServerContext
from manchengo_server.errors import TurnedDown
from manchengo_server.plant import SERVER_DEVICE

TURNED_AWAY = (
    errors.NotProved,
    errors.ForgedToken,
    errors.UnknownDevice,
    errors.DeviceIsWithdrawn,
    errors.KeyIsWithdrawn,
    errors.UserIsWithdrawn,
    errors.RenewalWaits,
    errors.NotYours,
    errors.NotAllowed,
    errors.PersonNotProved,
    errors.WrongCode,
)
"""What is noted of those who knock. What is only not understood, or too much, is not."""

NOBODY = UserId(UUID(int=0))
"""At the server's terminal, and before anybody is known."""

NOTED_EVERY = timedelta(minutes=1)


@frozen
class Knock:
    """``action``: what was asked of the server; ``refusal``: why not. ``device_id``: of a device
    that the log knows; None for all others together.
    """

    action: str
    refusal: str
    device_id: DeviceId | None


@define
class _Heard:
    noted_at: datetime
    since: datetime
    count: int = 0


@define
class Knocks:
    """Those of this process that are not noted yet."""

    _heard: dict[Knock, _Heard] = field(factory=dict)
    _guard: Lock = field(factory=Lock)

    def count(self, knock: Knock, now: datetime) -> tuple[int, datetime] | None:
        """How often it came since it was last noted, this time included, and since when; None while
        it is not time to note it again.
        """
        with self._guard:
            heard = self._heard.get(knock)
            if heard is None:
                self._heard[knock] = _Heard(now, now)
                return 1, now
            if not heard.count:
                heard.since = now
            heard.count += 1
            if timedelta() <= now - heard.noted_at < NOTED_EVERY:
                return None
            self._heard[knock] = _Heard(now, now)
            return heard.count, heard.since


@contextmanager
def noting_who_is_turned_away(
    context: ServerContext, knocks: Knocks, action: str, device_id: DeviceId | None
) -> Iterator[None]:
    """Notes that somebody was turned away in this block. ``device_id``: whom they say to be."""
    try:
        yield
    except TURNED_AWAY as refusal:
        _note_knock(context, knocks, action, refusal, device_id)
        raise


def _note_knock(
    context: ServerContext,
    knocks: Knocks,
    action: str,
    refusal: TurnedDown,
    device_id: DeviceId | None,
) -> None:
    with context.reading() as snapshot:
        row = None if device_id is None else snapshot.get(DeviceRow, device_id)
    now = context.clock.now()
    knock = Knock(action, type(refusal).__name__, None if row is None else row.id)
    counted = knocks.count(knock, now)
    if counted is not None:
        count, since = counted
        entry = AuditEntry(
            at=since,
            last_at=now,
            count=count,
            user_id=NOBODY if row is None else row.user_id,
            device_id=context.plant.device_id,
            action=action,
            outcome=knock.refusal,
            facts=_facts(device_id=knock.device_id),
        )
        with suppress(StorageError):  # turned away all the same
            context.store.note(entry)


def note_done(context: ServerContext, action: str, *, by: UserId | None, **facts: object) -> None:
    """Notes what was done at the server and is no commit. ``by``: None at its own terminal."""
    entry = AuditEntry(
        at=context.clock.now(),
        user_id=by or NOBODY,
        device_id=context.plant.device_id,
        action=action,
        outcome="done",
        facts=_facts(**facts),
    )
    context.store.note(entry)


def noted_done(context: ServerContext, action: str) -> bool:
    """Notes what was done at the terminal; whether the storage took it."""
    try:
        note_done(context, action, by=None)
    except StorageError:
        return False
    return True


def note_in(transaction: Transaction, action: str, at: datetime) -> None:
    """Notes in that transaction what the operator did with the keys, where no server is open."""
    device_id = transaction.setting(SERVER_DEVICE)
    assert device_id is not None, "the server has keys"
    entry = AuditEntry(
        at=at,
        user_id=NOBODY,
        device_id=DeviceId(UUID(device_id)),
        action=action,
        outcome="done",
        facts="{}",
    )
    audit_chain.note(transaction, entry)


def _facts(**facts: object) -> str:
    given = {name: value for name, value in facts.items() if value is not None}
    return msgspec.json.encode(given).decode()
