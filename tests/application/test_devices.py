"""A device is withdrawn by its key: every id that ever had one of its keys goes with it."""

from typing import Any

import pytest

from manchengo import Manchengo
from manchengo.application.handlers.devices import families, family, why_withdrawn
from manchengo.application.judge import judge
from manchengo.application.judgement import Accepted
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import EnrolDevice, WithdrawDevice
from manchengo.domain.device import DeviceEnrolled, DeviceWithdrawn
from manchengo.domain.errors import Archived, ReasonMissing
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import DeviceRow
from tests.support.dairy import an_id
from tests.support.given import events_of, given

LOST = "perdu au marché"


def device_id(name: str) -> DeviceId:
    return DeviceId(an_id(f"device {name}"))


def enrolled(name: str, key: str) -> EnrolDevice:
    """Under the key of that name."""
    return EnrolDevice(
        device_id=device_id(name),
        name=name,
        mark="",
        public_key=key.encode().hex().ljust(64, "0"),
        user_id=UserId(an_id("Karim")),
    )


def withdrawn(name: str) -> WithdrawDevice:
    return WithdrawDevice(device_id=device_id(name), reason=LOST)


def listed(dairy: Manchengo) -> dict[str, str]:
    """Each device by its name, and why it was withdrawn."""
    with dairy.store.reading() as snapshot:
        return {row.name: row.withdrawn for row in snapshot.rows(DeviceRow)}


TWINS = (enrolled("phone", "k1"), enrolled("twin", "k1"), enrolled("van", "k2"))


@pytest.mark.parametrize("named", ["phone", "twin"])
def test_withdrawing_a_device_withdraws_every_id_of_its_key(named: str) -> None:
    asked = given(*TWINS).when(withdrawn(named))
    dairy = asked.then(DeviceWithdrawn(reason=LOST), DeviceWithdrawn(reason=LOST))
    assert listed(dairy) == {"phone": LOST, "twin": LOST, "van": ""}


def test_a_replaced_key_still_withdraws_whoever_has_it() -> None:
    """The twin is older than the latest key of the phone, and has another key by now itself."""
    dairy = given(
        *TWINS,
        enrolled("phone", "k3"),
        enrolled("copy of the phone", "k3"),
        enrolled("twin", "k4"),
        enrolled("copy of the twin", "k4"),
        withdrawn("copy of the phone"),
    ).dairy
    family = ("phone", "twin", "copy of the phone", "copy of the twin")
    assert listed(dairy) == {**dict.fromkeys(family, LOST), "van": ""}


def test_an_id_that_comes_later_under_a_withdrawn_key_is_withdrawn_too() -> None:
    later = enrolled("renewed later", "k1")
    commit = given(*TWINS, withdrawn("phone")).when(later).done()
    assert [type(event) for event in events_of(commit)] == [DeviceEnrolled, DeviceWithdrawn]


def test_a_device_let_in_again_is_alone_in_it() -> None:
    """Its twin stays out, and the key that it replaced is withdrawn for ever."""
    dairy = given(*TWINS, withdrawn("phone"), enrolled("phone", "k5")).dairy
    assert listed(dairy) == {"phone": "", "twin": LOST, "van": ""}
    with dairy.store.reading() as snapshot:
        work = UnitOfWork(snapshot)
        assert why_withdrawn(work, enrolled("", "k1").public_key) == LOST
        assert why_withdrawn(work, enrolled("", "k5").public_key) == ""


def test_what_is_left_of_a_family_may_still_be_withdrawn() -> None:
    steps = (*TWINS, withdrawn("phone"), enrolled("phone", "k5"))
    dairy = given(*steps).when(withdrawn("twin")).then(DeviceWithdrawn(reason=LOST))
    assert listed(dairy) == {"phone": LOST, "twin": LOST, "van": ""}
    given(*steps, withdrawn("twin")).when(withdrawn("phone")).refused(Archived, code="phone")


def test_a_withdrawal_gives_a_reason() -> None:
    blank = WithdrawDevice(device_id=device_id("phone"), reason=" ")
    given(*TWINS).when(blank).refused(ReasonMissing)


def test_a_family_begins_with_the_device_itself() -> None:
    dairy = given(*TWINS).dairy
    with dairy.store.reading() as snapshot:
        found = family(UnitOfWork(snapshot), device_id("twin"))
    assert found == [device_id("twin"), device_id("phone")]


def test_all_families_are_found_by_reading_each_device_twice() -> None:
    """Forty devices, each of which was copied once, and then replaced its key."""
    alone = [enrolled(f"phone {n}", f"k{n}") for n in range(40)]
    copies = [enrolled(f"copy {n}", f"k{n}") for n in range(40)]
    renewed = [enrolled(f"phone {n}", f"new {n}") for n in range(40)]
    dairy = given(*alone, *copies, *renewed).dairy
    with dairy.store.reading() as snapshot:
        work = CountedReadings(snapshot)
        found = families(work)
    assert found == [[device_id(f"phone {n}"), device_id(f"copy {n}")] for n in range(40)]
    assert work.loaded <= 2 * 80


class CountedReadings(UnitOfWork):
    loaded = 0

    def load(self, *which: Any) -> Any:
        self.loaded += 1
        return super().load(*which)


def test_a_withdrawal_recorded_offline_reaches_the_ids_that_came_meanwhile() -> None:
    """The judge decides again at the head: the office did not know of the twin."""
    commit = given(TWINS[0]).when(withdrawn("phone")).done()
    store: Any = given(*TWINS).dairy.store
    with store.reading() as snapshot:
        judgement = judge(snapshot, commit)
    assert isinstance(judgement, Accepted)
    withdrawn_ids = [each.aggregate_id for each in judgement.new_events]
    assert withdrawn_ids == [device_id("phone"), device_id("twin")]
