"""A server in other hands lets a device in by itself, and begins there as somebody of the plant.

Nadia, whom Amina made an administrator, signs nowhere yet. The keeper of the server has a device of
his own, lets it in for her, and signs there with a key that he calls hers.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Commit, DeviceId
from manchengo.application import committing
from manchengo.application.replication.server_log import Offered
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import EnrolDevice, InvitePerson, RequireSigning
from manchengo.domain.access import Role
from manchengo.domain.device import DeviceEnrolled
from manchengo.domain.ids import InvitationId, UserId
from manchengo.ports.signer import Signer
from manchengo_sync.signing import public_key
from manchengo_workplace.exchange_failures import exchange_failure
from tests.attacks.lying import (
    Plant,
    Reader,
    Straight,
    a_plant_that_signs,
    is_believed_by_nobody,
    signed,
)
from tests.attacks.test_genesis import founds
from tests.support.dairy import A_DAIRY
from tests.support.server import DRIVER, Device, a_server, register, signing_seed
from tests.support.signers import admitting_own, signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

NADIA = UserId(UUID(int=102))
CALLED_HERS, HER_CODE = signer_of("the keeper"), signer_of("Nadia's invitation")
HIS_KEY = signing_seed(79).hex()
"""Of the keeper's device."""


def a_founded_plant() -> Plant:
    server = a_server()
    office, _ = founds(server)
    office.does(register(DRIVER, "Sid", Role.DRIVER), register(NADIA, "Nadia", Role.ADMIN))
    server.service.enrol(office.enrolment(server.service.first_code().code))
    office.syncs()
    reader = Reader(Straight(server.service))
    reader.joins()
    return Plant(server, office, reader)


def a_plant_of_before() -> Plant:
    """Whose administrator required signing one day."""
    plant = a_plant_that_signs(*A_DAIRY)
    plant.office.does(register(NADIA, "Nadia", Role.ADMIN), RequireSigning())
    plant.office.syncs()
    return plant


PLANTS = (a_founded_plant, a_plant_of_before)


@contextmanager
def another_program() -> Iterator[None]:
    """That asks for no proof before it records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(committing, "check_author", lambda *_: None)
        yield


def recorded_as_nadia(device: Device, signer: Signer | None) -> Offered:
    """She begins with that key, or without one does an administrator's work."""
    liar = evolve(device, user_id=NADIA, signer=signer, state_cache=StateCache())
    with another_program():
        if signer is None:
            liar.does(register(UserId(UUID(int=103)), "Omar", Role.ADMIN))
        else:
            liar.does(admitting_own(NADIA, liar.id, signer))
    return device.offered()[-1]


def let_in(plant: Plant) -> Device:
    """By the server's own means, with a code of its terminal."""
    device = plant.server.device(user_id=NADIA)
    plant.server.let_in(device)
    device.syncs()
    return device


def begins_as_somebody_who_signs_nowhere(plant: Plant) -> Callable[[Plant], object]:
    offered = recorded_as_nadia(let_in(plant), CALLED_HERS)
    return lambda plant: plant.slips_in(offered)


def works_as_somebody_who_signs_nowhere(plant: Plant) -> Callable[[Plant], object]:
    offered = recorded_as_nadia(let_in(plant), None)
    return lambda plant: plant.slips_in(offered)


def begins_under_a_key_beside_the_one_that_was_vouched_for(
    plant: Plant,
) -> Callable[[Plant], object]:
    """Amina let Nadia's telephone in; the server gives it another key."""
    phone = plant.server.device(user_id=NADIA)
    plant.office.does(an_enrolment(phone.id, public_key(phone.key)))
    plant.office.syncs()
    phone.syncs()
    says_that_it_is_nadias(plant, phone, public_key(HIS_KEY))
    commit = recorded_as_nadia(phone, CALLED_HERS).commit
    return lambda plant: plant.slips_in(signed(HIS_KEY, commit))


def begins_on_what_was_vouched_for_as_anothers(plant: Plant) -> Callable[[Plant], object]:
    """Amina let the telephone of the driver in, who helps; the server says that it is Nadia's."""
    phone = plant.server.device(user_id=NADIA)
    plant.office.does(an_enrolment(phone.id, public_key(phone.key), user_id=DRIVER))
    plant.office.syncs()
    says_that_it_is_nadias(plant, phone, public_key(phone.key))
    phone.syncs()
    offered = recorded_as_nadia(phone, CALLED_HERS)
    return lambda plant: plant.slips_in(offered)


def says_that_it_is_nadias(plant: Plant, device: Device, key: str) -> None:
    """The server alone."""
    enrolment = an_enrolment(device.id, key)
    enrolled = DeviceEnrolled(
        device_id=device.id, name=enrolment.name, mark=enrolment.mark, public_key=key, user_id=NADIA
    )
    plant.slips_in(plant.server_says(enrolment, (device.id, enrolled)))


def an_enrolment(device_id: DeviceId, key: str, *, user_id: UserId = NADIA) -> EnrolDevice:
    return EnrolDevice(
        device_id=device_id, name="telephone", mark="Z", public_key=key, user_id=user_id
    )


ALONE = (
    begins_as_somebody_who_signs_nowhere,
    works_as_somebody_who_signs_nowhere,
    begins_under_a_key_beside_the_one_that_was_vouched_for,
    begins_on_what_was_vouched_for_as_anothers,
)


@pytest.mark.parametrize("found", PLANTS)
@pytest.mark.parametrize("begin", ALONE)
def test_a_server_alone_makes_nobody_of_the_plant(
    found: Callable[[], Plant], begin: Callable[[Plant], Callable[[Plant], object]]
) -> None:
    plant = found()
    is_believed_by_nobody(plant, begin(plant))


def slipped_in(plant: Plant) -> Device:
    """The server lets a device of its own in before the demand that all sign, which it received."""
    plant.office.does(register(NADIA, "Nadia", Role.ADMIN))
    plant.office.syncs()
    plant.office.does(RequireSigning())
    device = let_in(plant)
    plant.office.syncs()
    device.syncs()
    return device


@pytest.mark.parametrize("key", [CALLED_HERS, None])
def test_what_it_let_in_before_all_must_sign_and_nobody_had_seen_is_nobodys(
    key: Signer | None,
) -> None:
    plant = a_plant_that_signs(*A_DAIRY)
    offered = recorded_as_nadia(slipped_in(plant), key)
    is_believed_by_nobody(plant, lambda plant: plant.slips_in(offered))


def test_what_it_let_in_before_the_genesis_is_nobodys() -> None:
    """The server holds back what the founder sent until it has written what it likes."""
    server = a_server()
    office, _ = founds(server)
    office.does(register(NADIA, "Nadia", Role.ADMIN))
    server.service.enrol(office.enrolment(server.service.first_code().code))
    plant = Plant(server, office, Reader(Straight(server.service)))
    own = server.device(user_id=NADIA)
    says_that_it_is_nadias(plant, own, public_key(own.key))
    office.syncs()
    own.syncs()
    plant.reader.joins()
    offered = recorded_as_nadia(own, CALLED_HERS)
    is_believed_by_nobody(plant, lambda plant: plant.slips_in(offered))


def test_whoever_reads_it_is_told_so_in_words() -> None:
    plant = a_founded_plant()
    begins_as_somebody_who_signs_nowhere(plant)(plant)
    error = plant.reader.syncs().broken_off
    assert error is not None
    sentence = exchange_failure(error, "https://m.test").sentence
    assert f"L’écriture {len(plant.log())} du journal du serveur" in sentence
    assert "KeyNotAdmitted" in sentence
    assert "prévenez la personne qui s’occupe du serveur" in sentence


# ---------------------------------------------------------------- the honest ways


def commit_of_nadia(plant: Plant, device: Device, signer: Signer, *, by: Signer) -> Commit:
    herself = evolve(device, signer=by, state_cache=StateCache())
    (commit,) = herself.does(admitting_own(NADIA, device.id, signer, by=by))
    herself.syncs()
    return commit


@pytest.mark.parametrize("found", PLANTS)
def test_with_the_code_that_an_administrator_signed_she_begins_there(
    found: Callable[[], Plant],
) -> None:
    plant = found()
    plant.office.does(
        InvitePerson(
            user_id=NADIA,
            invitation_id=InvitationId(UUID(int=9)),
            public_key=HER_CODE.key.hex(),
            expires_on=plant.office.clock.today(),
        )
    )
    plant.office.syncs()
    commit = commit_of_nadia(plant, let_in(plant), signer_of("Nadia"), by=HER_CODE)
    is_believed(plant, commit)


def test_on_a_device_that_an_administrator_signed_for_her_she_begins() -> None:
    plant = a_founded_plant()
    phone = plant.server.device(user_id=NADIA)
    plant.office.does(an_enrolment(phone.id, public_key(phone.key)))
    plant.office.syncs()
    phone.syncs()
    hers = signer_of("Nadia")
    is_believed(plant, commit_of_nadia(plant, phone, hers, by=hers))


def test_on_a_device_of_a_plant_of_before_she_begins_once_all_must_sign() -> None:
    plant = a_plant_that_signs(*A_DAIRY)
    plant.office.does(register(NADIA, "Nadia", Role.ADMIN))
    plant.office.syncs()
    phone = let_in(plant)
    plant.office.syncs()
    plant.office.does(RequireSigning())
    plant.office.syncs()
    phone.syncs()
    hers = signer_of("Nadia")
    is_believed(plant, commit_of_nadia(plant, phone, hers, by=hers))


def is_believed(plant: Plant, commit: Commit) -> None:
    plant.office.syncs()
    plant.reader.syncs()
    assert plant.reader.place == len(plant.log())
    assert plant.log()[-1].commit == commit
    assert plant.reader.verify().sound
