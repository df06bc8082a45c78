"""A recall says up to when it is complete, and of which devices nothing is known since."""

from datetime import datetime, timedelta

import pytest
from attrs import define, evolve, field

from manchengo import Completeness, DeviceHeard
from manchengo.application.heard_devices import HeardDevices, LastHeard, keep
from manchengo.application.hlc import instant_of
from manchengo.commands import Command, EnrolDevice, WithdrawDevice
from manchengo.domain.ids import DeviceId
from manchengo.ports.settings import DEVICE, LOG_EPOCH, MARK
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    an_output,
    completed,
    day,
    kg,
    litres,
    lot_id,
    millilitres,
    planned,
    poured,
    received,
    started,
    written_off,
)
from tests.support.plant import BOSS, Device, Plant
from tests.support.signers import signer_of

TWO_DAYS = timedelta(days=2)
YEARS = timedelta(days=5 * 365)


@define
class Dairy:
    """An office, a phone and a van of one plant, all let in, whose operators sign."""

    skew: timedelta = timedelta()
    plant: Plant = field(factory=Plant)

    def __attrs_post_init__(self) -> None:
        for number, name in enumerate(("office", "phone", "van")):
            device = self.plant.device(skew=self.skew if name == "phone" else timedelta())
            device.signer = signer_of("device", number)
            self.office.does(let_in(device.id, name))
        self.office.does(A_DAIRY)
        self.plant.settle()

    @property
    def office(self) -> Device:
        return self.plant.devices[0]

    @property
    def phone(self) -> Device:
        return self.plant.devices[1]

    @property
    def van(self) -> Device:
        return self.plant.devices[2]

    def exchange(self, *devices: Device) -> None:
        for each in devices:
            each.push()
            each.pull()

    def days_pass(self, days: timedelta = TWO_DAYS) -> None:
        self.plant.now += days
        for each in self.plant.devices:
            each.clock.at += days

    def all_record(self, *devices: Device) -> None:
        """Something of no lot that is asked about, so that each is heard."""
        for number, each in enumerate(devices):
            each.does(received(f"other {each.clock.at} {number}", litres(1), on=day(1)))

    def asked(self, lot: str = "L1", *, of: Device | None = None) -> Completeness:
        return (of or self.office).dairy.simulate_recall(lot_id(lot)).completeness

    def heard(self, name: str, lot: str = "L1", *, of: Device | None = None) -> DeviceHeard:
        return {each.name: each for each in self.asked(lot, of=of).devices}[name]


def let_in(device_id: DeviceId, name: str, *, key: str = "") -> EnrolDevice:
    public_key = (key or name).encode().hex().ljust(64, "0")
    return EnrolDevice(device_id=device_id, name=name, mark="", public_key=public_key, user_id=BOSS)


def silent(found: Completeness) -> list[str]:
    return [each.name for each in found.silent]


def last_recorded(device: Device) -> datetime:
    """When the last commit of the device was recorded: later than what it knew."""
    with device.store.reading() as snapshot:
        *_, last = (each for each in snapshot.commits() if each.device_id == device.id)
    recorded = instant_of(last.hlc)
    assert recorded is not None
    return recorded


@pytest.fixture
def dairy() -> Dairy:
    dairy = Dairy()
    dairy.office.does(received("L1", litres(100)))
    dairy.exchange(dairy.office)
    return dairy


# ------------------------------------------------------------------------ alone, and together


def test_a_device_alone_knows_everything() -> None:
    office = Plant().device()
    office.does(A_DAIRY, received("L1", litres(100)))
    found = office.dairy.trace(lot_id("L1")).completeness
    assert (found.is_alone, found.complete_until, found.devices) == (True, found.now, ())


def test_a_device_that_was_let_in_and_never_exchanged_knows_nothing_of_the_others() -> None:
    office = Plant().device()
    office.does(A_DAIRY, received("L1", litres(100)))
    with office.store.writing() as transaction:
        transaction.set_setting(MARK, "B")
    found = office.dairy.trace(lot_id("L1")).completeness
    assert (found.is_alone, found.complete_until, found.known_until) == (False, None, None)


def test_a_device_that_has_the_lot_and_was_not_heard_since_is_silent(dairy: Dairy) -> None:
    dairy.exchange(dairy.phone, dairy.van)
    dairy.all_record(dairy.van)
    dairy.exchange(dairy.van, dairy.office)
    assert silent(dairy.asked()) == ["phone"]
    assert dairy.heard("van").is_heard_since


def test_complete_up_to_the_device_that_was_not_heard_for_longest(dairy: Dairy) -> None:
    dairy.exchange(dairy.phone, dairy.van)
    dairy.all_record(dairy.phone)
    heard = last_recorded(dairy.phone)
    dairy.exchange(dairy.phone)
    dairy.days_pass()
    dairy.all_record(dairy.van, dairy.office)
    dairy.exchange(dairy.van, dairy.office)
    found = dairy.asked()
    assert silent(found) == []
    assert found.complete_until == heard
    assert [each.name for each in found.devices] == ["phone", "van"]


def test_what_was_recorded_before_the_lot_came_is_not_being_heard_since(dairy: Dairy) -> None:
    """The phone sends, after the lot is in the log, what it recorded before it heard of it."""
    dairy.all_record(dairy.phone)
    dairy.exchange(dairy.phone, dairy.office)
    assert dairy.heard("phone").heard_until == last_recorded(dairy.phone)
    assert not dairy.heard("phone").is_heard_since


def test_whoever_received_the_lot_was_heard_since(dairy: Dairy) -> None:
    dairy.phone.does(received("L7", litres(5)))
    dairy.exchange(dairy.phone, dairy.office)
    assert dairy.heard("phone", "L7").is_heard_since
    assert silent(dairy.asked("L7")) == ["van"]


def test_a_lot_that_nobody_else_has_heard_of_reached_nobody(dairy: Dairy) -> None:
    dairy.office.does(received("L8", litres(5)))
    found = dairy.asked("L8")
    assert [each.is_reached for each in found.devices] == [False, False]
    assert (found.complete_until, found.pending) == (found.known_until, 1)


def test_nothing_that_waits_on_a_silent_device_is_taken_for_told(dairy: Dairy) -> None:
    """The phone wrote off some of the lot, and nobody heard of it yet."""
    dairy.exchange(dairy.phone, dairy.van)
    dairy.phone.does(written_off("L1", litres(3)))
    dairy.all_record(dairy.van)
    dairy.exchange(dairy.van, dairy.office)
    assert silent(dairy.asked()) == ["phone"]
    dairy.exchange(dairy.phone, dairy.office)
    assert silent(dairy.asked()) == []


def test_this_device_knows_no_more_than_it_read(dairy: Dairy) -> None:
    """The office was offline for two days, in which the others were heard."""
    dairy.exchange(dairy.phone, dairy.van)
    dairy.all_record(dairy.phone, dairy.van)
    dairy.exchange(dairy.phone, dairy.van, dairy.office)
    before = dairy.asked().complete_until
    dairy.days_pass()
    dairy.all_record(dairy.phone, dairy.van)
    dairy.exchange(dairy.phone, dairy.van)
    found = dairy.asked()
    assert before is not None
    assert found.complete_until == before < found.now - TWO_DAYS
    dairy.exchange(dairy.office)
    assert dairy.asked().complete_until == last_recorded(dairy.phone)


def test_a_lot_that_is_only_claimed_is_asked_about_too(dairy: Dairy) -> None:
    """The office received under that code first; the phone's lot is not accepted."""
    dairy.exchange(dairy.phone)
    dairy.phone.does(evolve(received("L9 of the phone", litres(5)), code="L9"))
    dairy.office.does(received("L9", litres(6)))
    dairy.exchange(dairy.office, dairy.phone, dairy.office)
    heard = dairy.heard("phone", "L9 of the phone")
    assert (heard.is_reached, heard.is_heard_since) == (True, True)
    assert silent(dairy.asked("L9 of the phone")) == ["van"]


# ------------------------------------------------------------------------------- wrong clocks


@pytest.mark.parametrize("skew", [YEARS, -YEARS], ids=["ahead", "behind"])
def test_a_wrong_clock_makes_nobody_heard_in_another_year(skew: timedelta) -> None:
    dairy = Dairy(skew)
    dairy.days_pass()
    dairy.office.does(received("L1", litres(100)))
    dairy.exchange(dairy.office, dairy.phone)
    dairy.all_record(dairy.phone)
    dairy.exchange(dairy.phone, dairy.office)
    found = dairy.heard("phone")
    assert found.is_heard_since
    assert found.heard_until is not None
    apart = dairy.office.clock.at - found.heard_until
    assert timedelta() <= apart < timedelta(hours=1)
    assert dairy.asked().complete_until == found.heard_until


def test_a_clock_that_is_ahead_is_not_when_it_was_received() -> None:
    """Recorded on Monday by a clock that is years ahead, received on Wednesday."""
    dairy = Dairy(YEARS)
    dairy.office.does(received("L1", litres(100)))
    dairy.exchange(dairy.office, dairy.phone)
    dairy.all_record(dairy.phone)
    recorded = dairy.office.clock.at
    dairy.days_pass()
    dairy.exchange(dairy.phone, dairy.office)
    heard_until = dairy.heard("phone").heard_until
    assert heard_until is not None
    assert heard_until <= recorded


def test_nobody_is_heard_later_than_now(dairy: Dairy) -> None:
    dairy.exchange(dairy.phone)
    dairy.phone.clock.at += timedelta(minutes=4)
    dairy.all_record(dairy.phone)
    dairy.exchange(dairy.phone, dairy.office)
    found = dairy.asked()
    assert dairy.heard("phone").heard_until == found.now + timedelta(seconds=1)


# ----------------------------------------------------------------------- withdrawn and renewed


def withdrawn(device: Device) -> Command:
    return WithdrawDevice(device_id=device.id, reason="perdu au marché")


def test_a_lost_phone_that_had_the_lot_stays_silent(dairy: Dairy) -> None:
    dairy.exchange(dairy.phone)
    dairy.all_record(dairy.phone)
    dairy.exchange(dairy.phone, dairy.office)
    dairy.office.does(withdrawn(dairy.phone))
    dairy.exchange(dairy.office)
    found = dairy.heard("phone")
    assert (found.is_heard_since, found.is_silent) == (True, True)


def test_a_lot_that_came_after_a_phone_was_lost_never_reached_it(dairy: Dairy) -> None:
    dairy.office.does(withdrawn(dairy.phone), received("L2", litres(100)))
    dairy.exchange(dairy.office)
    found = dairy.heard("phone", "L2")
    assert (found.is_reached, found.is_silent) == (False, False)


def test_a_renewed_device_speaks_for_what_it_was_before(dairy: Dairy) -> None:
    dairy.exchange(dairy.phone)
    renew(dairy)
    dairy.all_record(dairy.phone)
    dairy.exchange(dairy.phone, dairy.office)
    assert [each.name for each in dairy.asked().devices] == ["van", "phone again"]
    assert dairy.heard("phone again").is_heard_since


def test_a_twin_that_goes_on_counts_apart(dairy: Dairy) -> None:
    dairy.exchange(dairy.phone)
    former = dairy.phone.id
    renew(dairy)
    with dairy.phone.store.writing() as transaction:
        transaction.set_setting(DEVICE, str(former))
    dairy.all_record(dairy.phone)
    dairy.exchange(dairy.phone, dairy.office)
    assert {each.name for each in dairy.asked().devices} == {"van", "phone", "phone again"}


def renew(dairy: Dairy) -> None:
    dairy.phone.become_another()
    dairy.office.does(let_in(dairy.phone.id, "phone again", key="phone"))
    dairy.exchange(dairy.office, dairy.phone)


# ---------------------------------------------------------------------- what the server told


def server_tells(dairy: Dairy, **phone: object) -> None:
    """The office exchanged now, and the server told it of the phone."""
    with dairy.office.store.writing() as transaction:
        head = transaction.cursor()
        last_heard = {"heard_at": None, "held": 0, "sent": head} | phone
        keep(
            transaction,
            HeardDevices(
                log_epoch="",
                head=head,
                told_at=dairy.office.clock.at,
                devices=(LastHeard(device_id=dairy.phone.id, **last_heard),),  # type: ignore[arg-type]
            ),
        )


def test_a_phone_that_had_nothing_to_record_was_heard_all_the_same(dairy: Dairy) -> None:
    dairy.exchange(dairy.phone)
    dairy.days_pass()
    heard_at, held = dairy.office.clock.at, cursor(dairy.phone)
    server_tells(dairy, heard_at=heard_at, held=held)
    found = dairy.heard("phone")
    assert (found.heard_until, found.is_heard_since) == (heard_at, True)


def test_a_phone_that_asked_before_it_had_the_lot_may_know_more(dairy: Dairy) -> None:
    """Its question came without the lot; the answer brought it."""
    held = cursor(dairy.phone)
    dairy.exchange(dairy.phone)
    server_tells(dairy, heard_at=dairy.office.clock.at, held=held)
    assert "phone" in silent(dairy.asked())


def test_a_lot_that_the_server_never_sent_to_a_phone_is_not_asked_of_it(dairy: Dairy) -> None:
    server_tells(dairy, sent=cursor(dairy.phone))
    found = dairy.heard("phone")
    assert (found.is_reached, found.is_silent) == (False, False)
    assert dairy.asked().known_until == dairy.office.clock.at - timedelta(seconds=2)


def test_what_came_after_the_server_told_it_may_have_reached_everybody(dairy: Dairy) -> None:
    server_tells(dairy, sent=cursor(dairy.phone))
    dairy.office.does(received("L5", litres(5)))
    dairy.exchange(dairy.office)
    assert dairy.heard("phone", "L5").is_reached


def test_what_was_told_of_another_log_does_not_count(dairy: Dairy) -> None:
    server_tells(dairy, sent=cursor(dairy.phone), heard_at=dairy.office.clock.at)
    with dairy.office.store.writing() as transaction:
        transaction.set_setting(LOG_EPOCH, "restored")
    assert dairy.heard("phone").is_reached


def test_a_server_whose_clock_is_ahead_makes_nobody_heard_in_the_future(dairy: Dairy) -> None:
    dairy.exchange(dairy.phone)
    server_tells(dairy, heard_at=dairy.office.clock.at + YEARS, held=cursor(dairy.phone))
    found = dairy.asked()
    assert dairy.heard("phone").heard_until == found.now + timedelta(seconds=1)


def cursor(device: Device) -> int:
    with device.store.reading() as snapshot:
        return snapshot.cursor()


# ------------------------------------------------------------------------------- what it is made of


def test_the_origins_of_a_cheese_may_be_known_to_more_devices_than_the_cheese(
    dairy: Dairy,
) -> None:
    """Withdrawn between the two, the van never had the cheese; it may still have poured milk."""
    dairy.exchange(dairy.van)
    dairy.office.does(withdrawn(dairy.van))
    dairy.office.does(received("R1", millilitres(600), of=RENNET))
    dairy.office.does(planned("O1", kg(8)), started("O1"), poured("O1", "L1", litres(80)))
    dairy.office.does(completed("O1", an_output("T1", kg(8))))
    dairy.exchange(dairy.office)
    asked = dairy.office.dairy.trace(lot_id("T1")).completeness
    assert [each.name for each in asked.devices if each.is_reached] == ["phone", "van"]
    assert not dairy.heard("van", "T1").is_reached
