"""Whatever devices did apart, a recall claims to know nothing that still waits on one of them."""

from datetime import datetime, timedelta
from uuid import UUID

from attrs import define, evolve, field
from hypothesis import example, settings
from hypothesis import given as whatever
from hypothesis import strategies as st

from manchengo import Completeness
from manchengo.application.completeness import completeness
from manchengo.commands import Command
from manchengo.domain.ids import CommitId
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.settings import LOG_EPOCH
from manchengo_sync.heard_devices import note_heard_devices
from tests.support.dairy import A_DAIRY, day, litres, lot_id, received, written_off
from tests.support.server import Device, Server, a_server

YEARS = timedelta(days=5 * 365)
A_MOMENT = timedelta(seconds=10)
"""Clocks here move only when they are read: so much may lie between two readings."""


@define
class Apart:
    """Three devices of one plant that record about one lot, each by a clock of its own."""

    skews: tuple[timedelta, ...]
    server: Server = field(factory=a_server)
    now: datetime = START_OF_MEMORY + timedelta(days=1)
    recorded_at: dict[CommitId, datetime] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.server.first_device(A_DAIRY)
        for _ in self.skews[1:]:
            self.server.another_device()
        self.record(0, about_the_lot=True)
        self.exchange(0, 100)

    def at(self, number: int) -> Device:
        """That device, with its clock where it is by now."""
        device = self.server.devices[number]
        device.clock.at = max(device.clock.at, self.now + self.skews[number])
        self.server.clock.at = max(self.server.clock.at, self.now)
        return device

    def record(self, number: int, *, about_the_lot: bool) -> None:
        device = self.at(number)
        with device.store.reading() as snapshot:
            has_the_lot = bool(snapshot.stream(lot_id("L1")))
        if not self.recorded_at:
            step: Command = received("L1", litres(1_000))
        elif about_the_lot and has_the_lot:
            step = written_off("L1", litres(1), on=day(1))
        elif self.has_the_dairy(device):
            step = received(f"other {len(self.recorded_at)}", litres(1), on=day(1))
        else:
            return
        (commit,) = device.does(step)
        self.recorded_at[commit.id] = self.now

    def has_the_dairy(self, device: Device) -> bool:
        with device.store.reading() as snapshot:
            return snapshot.cursor() > len(A_DAIRY)

    def exchange(self, number: int, limit: int) -> None:
        device = self.at(number)
        request = device.request(limit=limit)
        with device.store.reading() as snapshot:
            unsent = snapshot.count_pending() - len(request.commits)
        response = self.server.service.push(evolve(request, unsent=unsent), by=device.id)
        with device.store.writing() as transaction:
            transaction.set_setting(LOG_EPOCH, response.log_epoch)
        device.take(response)
        note_heard_devices(device.store, response)

    def asked(self, number: int) -> Completeness | None:
        device = self.server.devices[number]
        with device.store.reading() as snapshot:
            if not snapshot.stream(lot_id("L1")):
                return None
            return completeness(snapshot, [lot_id("L1")], device_id=device.id, now=self.now)

    def waiting(self, device: Device, asked: Device) -> list[datetime]:
        """When what waits there about the lot was recorded, by the true clock. What the device that
        is asked holds already waits no longer: the other has not heard yet that it arrived.
        """
        with device.store.reading() as snapshot:
            commits = [each.commit for each in snapshot.pending()]
        with asked.store.reading() as snapshot:
            known = {entry.commit.id for entry in snapshot.entries()}
        lot: UUID = lot_id("L1")
        return [
            self.recorded_at[each.id]
            for each in commits
            if each.id not in known and any(event.aggregate_id == lot for event in each.events)
        ]

    def check(self) -> None:
        for number in range(len(self.skews)):
            found = self.asked(number)
            if found is None or found.complete_until is None:
                continue
            silent = {each.device_id for each in found.silent}
            asked = self.server.devices[number]
            for other in self.server.devices:
                if other is not asked and other.id not in silent:
                    waiting = self.waiting(other, asked)
                    assert all(at >= found.complete_until - A_MOMENT for at in waiting), found


Step = tuple[str, int, int]
steps = st.tuples(
    st.sampled_from(("record", "record", "other", "exchange", "exchange", "pass")),
    st.integers(0, 2),
    st.sampled_from((1, 2, 100)),
)
skews = st.tuples(*[st.sampled_from((timedelta(), YEARS, -YEARS))] * 3)


SENT_AND_NOT_HEARD_OF: list[Step] = [
    *(("exchange", 1, 100), ("record", 0, 1), ("exchange", 0, 1), ("exchange", 1, 100)),
]
"""The second device holds what the first one still counts as waiting."""


@settings(max_examples=50, deadline=None)
@example((timedelta(),) * 3, [("other", 1, 1), *SENT_AND_NOT_HEARD_OF])
@whatever(skews, st.lists(steps, min_size=5, max_size=25))
def test_nothing_that_waits_somewhere_is_claimed_to_be_known(
    skews: tuple[timedelta, ...], story: list[Step]
) -> None:
    apart = Apart(skews)
    for act, number, much in story:
        match act:
            case "record" | "other":
                apart.record(number, about_the_lot=act == "record")
            case "exchange":
                apart.exchange(number, much)
            case _:
                apart.now += timedelta(hours=much)
        apart.now += timedelta(minutes=1)
        apart.check()
