"""A device is withdrawn with the keys that people have on it, at the server or by an administrator;
a lying server makes no more of it, and no less.
"""

from collections.abc import Callable
from uuid import UUID

import pytest

from manchengo import Actor, Commit, Manchengo, Role
from manchengo.commands import AdmitKey, RequireSigning, WithdrawDevice
from manchengo.domain.access import UserRolesChanged
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.device import DeviceWithdrawn
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.person_keys import KeyWithdrawn
from manchengo.memory import CountingIds
from manchengo.ports.signer import Signer
from manchengo_sync.joining import join
from manchengo_sync.wire import CodeRequest
from tests.attacks.lying import (
    AT_THE_OFFICE,
    Plant,
    Reader,
    Straight,
    a_plant_that_signs,
    is_believed_by_nobody,
)
from tests.support.dairy import A_DAIRY, litres, received, written_off
from tests.support.server import BOSS, register
from tests.support.signers import signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

KARIM = UserId(UUID(int=300))
HIS = signer_of("Karim, in the van")
STOLEN = "volé"


@pytest.fixture
def plant() -> Plant:
    """Karim signs in the van, the administrator at the office."""
    karim = register(KARIM, "Karim", Role.PRODUCTION)
    plant = a_plant_that_signs(*A_DAIRY, received("L1", litres(100)), karim)
    van, key = plant.reader.id, HIS.key.hex()
    plant.office.does(AdmitKey(user_id=KARIM, family_id=van, public_key=key))
    plant.office.syncs()
    plant.reader.syncs()
    return plant


Withdraw = Callable[[Plant], None]


def by_an_administrator(plant: Plant) -> None:
    plant.office.does(WithdrawDevice(device_id=plant.reader.id, reason=STOLEN))
    plant.office.syncs()


def at_the_server(plant: Plant) -> None:
    plant.server.service.withdraw(plant.reader.id, STOLEN, by=None)
    plant.office.syncs()


def another_reader(plant: Plant) -> DeviceId:
    """The reader is a device that joins now; returns the id of the van."""
    van = plant.reader.id
    plant.reader = Reader(Straight(plant.server.service), ids=CountingIds(8_000_000))
    plant.reader.joins(key="66" * 32, name="usine")
    return van


def signed_in_the_van(plant: Plant) -> Commit:
    actor = Actor(user_id=KARIM, device_id=plant.reader.id, roles=frozenset({Role.PRODUCTION}))
    how = {"clock": plant.reader.clock, "ids": plant.reader.ids}
    dairy = Manchengo(plant.reader.store, actor=actor, signer=HIS, **how)  # type: ignore[arg-type]
    return dairy.execute(written_off("L1", litres(10)))


def entry_of(plant: Plant, commit: Commit) -> LogEntry:
    return next(entry for entry in plant.log() if entry.commit.id == commit.id)


@pytest.mark.parametrize("withdraw", [by_an_administrator, at_the_server])
def test_what_was_signed_there_is_refused_whoever_carries_it(
    plant: Plant, withdraw: Withdraw
) -> None:
    """His key is unlocked still, and the device is let in again by a code."""
    waits = signed_in_the_van(plant)
    withdraw(plant)
    code = plant.server.service.new_code(CodeRequest(user_id=BOSS), by=None).code
    join(plant.reader.store, plant.reader.link, url="https://m.test", code=code, name="camion")
    plant.reader.syncs()
    entry = entry_of(plant, waits)
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, "KeyNotAdmitted")


@pytest.mark.parametrize("withdraw", [by_an_administrator, at_the_server])
def test_every_reader_believes_the_withdrawal_with_its_keys(
    plant: Plant, withdraw: Withdraw
) -> None:
    withdraw(plant)
    kinds = [event.event_type for event in plant.log()[-1].effects]
    assert kinds == ["device.withdrawn", "user.key_withdrawn"]
    another_reader(plant)
    assert plant.reader.syncs().broken_off is None
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound


def test_at_the_server_it_is_said_who_keeps_a_key(plant: Plant) -> None:
    service, office, van = plant.server.service, plant.office.id, plant.reader.id
    plant.office.does(RequireSigning())
    plant.office.syncs()
    assert service.keep_their_key(van) == ["Karim"]
    for device_id in (van, office):
        service.withdraw(device_id, STOLEN, by=None)
    assert service.keep_their_key(van) == []
    assert service.keep_their_key(office) == ["Amina"], "nobody else could administer"


# ---------------------------------------------------------------- a lying server


def says(van: DeviceId, *keys: tuple[UserId, Signer]) -> Callable[[Plant], object]:
    """The server withdraws the van by itself, with these keys."""
    command = WithdrawDevice(device_id=van, reason=STOLEN)
    effects = [
        (user_id, KeyWithdrawn(public_key=key.key.hex(), reason=STOLEN)) for user_id, key in keys
    ]
    return lambda plant: plant.slips_in(
        plant.server_says(command, (van, DeviceWithdrawn(reason=STOLEN)), *effects)
    )


def test_what_an_honest_server_says_of_it_is_believed(plant: Plant) -> None:
    """Else the tests below would show nothing."""
    says(another_reader(plant), (KARIM, HIS))(plant)
    assert plant.reader.syncs().broken_off is None
    assert plant.reader.verify().sound


def test_a_server_withdraws_no_key_of_another_device_with_it(plant: Plant) -> None:
    van = another_reader(plant)
    is_believed_by_nobody(plant, says(van, (KARIM, HIS), (BOSS, AT_THE_OFFICE)))


def test_a_server_leaves_nobody_a_key_on_a_withdrawn_device(plant: Plant) -> None:
    is_believed_by_nobody(plant, says(another_reader(plant)))


def test_a_server_withdraws_no_key_and_no_device(plant: Plant) -> None:
    van = another_reader(plant)
    command = WithdrawDevice(device_id=van, reason=STOLEN)
    alone = (KARIM, KeyWithdrawn(public_key=HIS.key.hex(), reason=STOLEN))
    is_believed_by_nobody(plant, lambda plant: plant.slips_in(plant.server_says(command, alone)))


def test_a_server_gives_no_right_by_a_withdrawal(plant: Plant) -> None:
    van = another_reader(plant)
    command = WithdrawDevice(device_id=van, reason=STOLEN)
    events = (van, DeviceWithdrawn(reason=STOLEN)), (KARIM, UserRolesChanged(roles=(Role.ADMIN,)))
    is_believed_by_nobody(plant, lambda plant: plant.slips_in(plant.server_says(command, *events)))
