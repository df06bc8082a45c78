"""How complete an answer about lots is: up to when each other device of the plant was heard.

A device's commits come in the order in which it recorded them, so with its last one in the log all
that it recorded before is here. What it recorded since, nobody else knows. A device that holds
nothing of a lot can have recorded nothing about it, and each signed commit says what its device
held of the log. So whether a device may know more is asked of the log's numbers; its stamps only
say when that was. What the server told of devices that had nothing to record counts beside it.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from attrs import define, field, frozen

from manchengo.application.handlers.devices import families
from manchengo.application.heard_devices import HeardDevices, LastHeard, heard_devices
from manchengo.application.hlc import instant_of
from manchengo.application.marks import SERVER_MARK
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.commit import LogEntry
from manchengo.domain.device import DeviceWithdrawn
from manchengo.domain.ids import CommitId, DeviceId, LotId
from manchengo.events import EVENTS
from manchengo.ports.rows import ClaimRow, DeviceRow, ResolutionItemRow
from manchengo.ports.settings import LOG_EPOCH, MARK
from manchengo.ports.store import Snapshot

WITHDRAWAL = next(name for name, schema in EVENTS.items() if schema.type is DeviceWithdrawn)
NEVER = datetime.min.replace(tzinfo=UTC)


@frozen(kw_only=True)
class DeviceHeard:
    """Another device of the plant, and up to when it was heard.

    ``heard_until``: all that it recorded up to that instant (UTC) is here; None where nothing of it
    ever came. ``is_reached``: the lots could have reached it. ``is_heard_since``: it was heard
    since then. ``withdrawn``: why; empty while it may exchange.
    """

    device_id: DeviceId
    name: str
    mark: str
    withdrawn: str
    heard_until: datetime | None
    is_reached: bool
    is_heard_since: bool

    @property
    def is_silent(self) -> bool:
        """Whether all that it did with the lots may be missing: it was not heard since they could
        have reached it. Of one that was withdrawn since then nothing more comes by itself.
        """
        return self.is_reached and (not self.is_heard_since or bool(self.withdrawn))


@frozen(kw_only=True)
class Completeness:
    """Up to when an answer about lots is complete, as of ``now`` (UTC).

    ``is_alone``: no server ever let this device in, so no other recorded anything in its plant.
    ``known_until``: up to when this device knows the log of the plant; None where it never read it.
    ``pending``: how many of its commits the plant has not heard of. ``devices``: all others, the
    silent ones first, then those that were not heard for longest.
    """

    now: datetime
    is_alone: bool
    known_until: datetime | None
    pending: int
    devices: tuple[DeviceHeard, ...]

    @property
    def silent(self) -> tuple[DeviceHeard, ...]:
        """The devices of which ``complete_until`` says nothing."""
        return tuple(each for each in self.devices if each.is_silent)

    @property
    def complete_until(self) -> datetime | None:
        """Whatever was recorded about the lots up to then is here, but for the ``silent`` devices;
        None where this device never read the log.
        """
        if self.is_alone:
            return self.now
        if self.known_until is None:
            return None
        heard = (
            each.heard_until for each in self.devices if each.is_reached and not each.is_silent
        )
        return min([self.known_until, *(each for each in heard if each is not None)])


def completeness(
    snapshot: Snapshot,
    lots: Collection[LotId],
    origins: Collection[LotId] = (),
    *,
    device_id: DeviceId,
    now: datetime,
) -> Completeness:
    """How complete is what ``snapshot`` says of the ``lots``, and of all made from them.

    ``origins``: what they were made of, where that is part of the answer. ``device_id``: of this
    device, which knows all that it recorded itself.
    """
    log = _Log(snapshot, now)
    born = log.birth_of_first(lots)
    reached_from = log.birth_of_first([*lots, *origins])
    devices = [_heard(log, row, born, reached_from) for row in _others(log, device_id)]
    is_alone = not snapshot.cursor() and snapshot.setting(MARK) is None
    return Completeness(
        now=now,
        is_alone=is_alone,
        known_until=log.known_until(),
        pending=0 if is_alone else snapshot.count_pending(),
        devices=tuple(sorted(devices, key=_order)),
    )


def _order(each: DeviceHeard) -> tuple[bool, datetime, str]:
    return not each.is_silent, each.heard_until or NEVER, each.mark


def _heard(
    log: "_Log", row: DeviceRow, born: LogEntry | None, reached_from: LogEntry | None
) -> DeviceHeard:
    return DeviceHeard(
        device_id=row.id,
        name=row.name,
        mark=row.mark,
        withdrawn=row.withdrawn,
        heard_until=log.heard_until(row.id),
        is_reached=reached_from is not None and log.is_reached(row, reached_from),
        is_heard_since=born is not None and log.is_heard_since(row.id, born),
    )


def _others(log: "_Log", device_id: DeviceId) -> Iterator[DeviceRow]:
    """The other devices of the plant. Of the ids of one database the latest speaks for those before
    it that were not heard since it was let in; one that was heard is a twin, and counts apart.
    """
    for group in families(UnitOfWork(log.snapshot)):
        for number, each in enumerate(group):
            row = log.snapshot.get(DeviceRow, each)
            assert row is not None, "families are made of rows"
            is_followed = any(_follows(log, later, each) for later in group[number + 1 :])
            if each != device_id and row.mark != SERVER_MARK and not is_followed:
                yield row


def _follows(log: "_Log", later: DeviceId, earlier: DeviceId) -> bool:
    let_in, last = log.first_of_stream(later), log.last_by(earlier)
    heard = [0 if last is None else last.global_seq, log.held_when_heard(earlier)]
    return let_in is not None and max(heard) < let_in.global_seq


@define
class _Log:
    """What the log says of devices and lots. No instant that it gives is after ``now``."""

    snapshot: Snapshot
    now: datetime
    _last: dict[DeviceId, LogEntry | None] = field(factory=dict, init=False)
    _heard_devices: HeardDevices | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._heard_devices = heard_devices(self.snapshot)

    def last_by(self, device_id: DeviceId) -> LogEntry | None:
        """The entry of the last commit of that device in the log."""
        if device_id not in self._last:
            self._last[device_id] = self.snapshot.last_entry_by(device_id)
        return self._last[device_id]

    def known_until(self) -> datetime | None:
        """When this device last read the log, at the earliest: as the server told, else when the
        latest entry was received.
        """
        if self._heard_devices is not None:
            return min(self._heard_devices.told_at, self.now)
        latest = [self.last_by(row.id) for row in self.snapshot.rows(DeviceRow)]
        latest += self.snapshot.entries(after=max(0, self.snapshot.cursor() - 1))
        stamps = [self._received_at(entry) for entry in latest if entry is not None]
        return max((each for each in stamps if each is not None), default=None)

    def heard_until(self, device_id: DeviceId) -> datetime | None:
        """Until when all that the device recorded is here: by its last commit, and by what the
        server told of it.
        """
        last, last_heard = self.last_by(device_id), self._last_heard(device_id)
        recorded = None if last is None else self.recorded_at(last)
        heard = None if last_heard is None else last_heard.heard_at
        known = [recorded, None if heard is None else min(heard, self.now)]
        return max((each for each in known if each is not None), default=None)

    def held_when_heard(self, device_id: DeviceId) -> int:
        """Up to where the device held the log when the server last heard all of it."""
        last_heard = self._last_heard(device_id)
        return 0 if last_heard is None or last_heard.heard_at is None else last_heard.held

    def is_heard_since(self, device_id: DeviceId, born: LogEntry) -> bool:
        """Whether the device was heard, at an instant that is known, while it had the lot."""
        last = self.last_by(device_id)
        by_commit = (
            last is not None and self.recorded_at(last) is not None and self.knew(last, born)
        )
        return by_commit or self.held_when_heard(device_id) >= born.global_seq

    def is_reached(self, row: DeviceRow, born: LogEntry) -> bool:
        """Whether the device may have the lot: it was let in while the lot was in the log, and the
        server does not say that it never sent it that.
        """
        withdrawn_at, last = self._withdrawn_at(row), self.last_by(row.id)
        if withdrawn_at is not None and withdrawn_at <= born.global_seq:
            return False
        last_heard = self._last_heard(row.id)
        is_told = self._heard_devices is not None and born.global_seq <= self._heard_devices.head
        if last_heard is None or not is_told or last_heard.sent >= born.global_seq:
            return True
        return last is not None and self.knew(last, born)

    def recorded_at(self, entry: LogEntry) -> datetime | None:
        """When the commit was recorded, at the earliest, however wrong its device's clock was.

        A clock that was behind does not count: the commit is later than what its device had read of
        the log. Nor does one that was ahead of when the server received the commit.
        """
        commit, received = entry.commit, self._received_at(entry)
        known = [self._received_at(each) for each in self._last_seen(entry)]
        if entry.hlc_eff == commit.hlc:
            known.append(received)
        elif received is not None and commit.occurred_at <= received:
            known.append(commit.occurred_at)
        return max((each for each in known if each is not None), default=None)

    def knew(self, last: LogEntry, born: LogEntry) -> bool:
        """Whether that device had the lot when it recorded its last commit: it had read the entry
        by which it came into being, or had written that itself.
        """
        is_own = last.commit.device_id == born.commit.device_id
        return born.global_seq <= (last.global_seq if is_own else self._held(last))

    def birth_of_first(self, lots: Collection[LotId]) -> LogEntry | None:
        """The entry by which the first of these lots came into being, be it only claimed; None
        where the log has none of them.
        """
        births = [birth for lot_id in lots if (birth := self._birth(lot_id)) is not None]
        return min(births, key=lambda entry: entry.global_seq, default=None)

    def _withdrawn_at(self, row: DeviceRow) -> int | None:
        """Where in the log the device was withdrawn: behind that it was sent nothing."""
        if not row.withdrawn:
            return None
        steps = [e for e in self.snapshot.stream(row.id) if e.event.event_type == WITHDRAWAL]
        entry = self.snapshot.entry(steps[-1].commit_id)
        return entry.global_seq if entry else None

    def first_of_stream(self, aggregate_id: DeviceId | LotId) -> LogEntry | None:
        """The entry of the first event of that device or lot; None where it is pending."""
        stream = self.snapshot.stream(aggregate_id)
        return self.snapshot.entry(stream[0].commit_id) if stream else None

    def _birth(self, lot_id: LotId) -> LogEntry | None:
        return self.first_of_stream(lot_id) or next(self._claims_of(lot_id), None)

    def _claims_of(self, lot_id: LotId) -> Iterator[LogEntry]:
        for claim in self.snapshot.rows(ClaimRow, subject=lot_id):
            item = self.snapshot.get(ResolutionItemRow, claim.item_id)
            entry = self.snapshot.entry(CommitId(item.commit_id)) if item else None
            if entry is not None:
                yield entry

    def _last_heard(self, device_id: DeviceId) -> LastHeard | None:
        return None if self._heard_devices is None else self._heard_devices.of(device_id)

    def _last_seen(self, entry: LogEntry) -> Iterator[LogEntry]:
        held = self._held(entry)
        return self.snapshot.entries(after=held - 1, limit=1) if held else iter(())

    def _held(self, entry: LogEntry) -> int:
        """Up to where its device had read this log when it recorded the commit; 0: nobody knows."""
        part = entry.commit.authorship
        if part is None or part.seen.log_epoch != (self.snapshot.setting(LOG_EPOCH) or ""):
            return 0
        return part.seen.global_seq

    def _received_at(self, entry: LogEntry) -> datetime | None:
        """The stamp that the log believes: never much later than the server received the entry."""
        instant = instant_of(entry.hlc_eff)
        return instant and min(instant, self.now)
