"""Nobody passes another founder for that of a plant: no server, no device, no copy of its words.

The id of the plant, which devices were told when they joined, is the fingerprint of what its
founder signed. So a log that begins otherwise is another plant's, whoever shows it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from manchengo import Commit, codec
from manchengo.application.replication.server_log import Offered
from manchengo.commands import FoundPlant
from manchengo.domain.access import Role
from manchengo.domain.commit import Verdict
from manchengo.domain.genesis import fingerprint
from manchengo.domain.ids import EventId
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.signer import Signer
from manchengo_server.errors import AnotherPlant, NotEmpty
from manchengo_sync.link import ForgedLog
from tests.attacks.lying import (
    AT_THE_OFFICE,
    HIS_OWN,
    Plant,
    Reader,
    Straight,
    is_believed_by_nobody,
    is_believed_up_to,
    signed,
)
from tests.support.dairy import A_DAIRY, an_id, litres, received
from tests.support.founding import a_genesis
from tests.support.server import BOSS, Device, Server, a_server, register

pytestmark = pytest.mark.usefixtures("on_each_database")

BEFORE_THE_GENESIS = 2
"""The server makes itself known, and lets the founder's device in."""


def founds(server: Server, *, nonce: str = "7c" * 32) -> tuple[Device, FoundPlant]:
    """A device at which Amina founds a plant, and works."""
    office = server.device()
    office.signer = AT_THE_OFFICE
    genesis = a_genesis(office.id, founder_id=BOSS, signer=AT_THE_OFFICE, nonce=nonce)
    office.does(genesis, A_DAIRY, received("L1", litres(100)))
    return office, genesis


def a_founded_plant() -> Plant:
    """Adopted by its server, and read by another device."""
    server = a_server()
    office, _ = founds(server)
    server.service.enrol(office.enrolment(server.service.first_code().code))
    office.syncs()
    reader = Reader(Straight(server.service))
    reader.joins()
    return Plant(server, office, reader)


@pytest.fixture
def plant() -> Plant:
    return a_founded_plant()


def genesis_in(plant: Plant) -> FoundPlant:
    entry = next(each for each in plant.log() if each.commit.command_type == "plant.found")
    command = codec.commands.decode("plant.found", 1, entry.commit.command)
    assert isinstance(command, FoundPlant)
    return command


# ------------------------------------------------------------------ the founding itself


def test_a_server_adopts_the_plant_that_a_device_founded(plant: Plant) -> None:
    service = plant.server.service
    assert service.plant.id == fingerprint(genesis_in(plant))
    plant.reader.syncs()
    assert plant.reader.place == len(plant.log())
    assert plant.reader.verify().sound
    with plant.reader.store.reading() as snapshot:
        assert snapshot.setting(PLANT_ID) == str(service.plant.id)


def test_a_server_adopts_nothing_once_it_keeps_a_plant(plant: Plant) -> None:
    """Not even the same one a second time, and no other by a code for one more device."""
    service, (twin, genesis) = plant.server.service, founds(plant.server, nonce="8d" * 32)
    with pytest.raises(NotEmpty):
        service.first_code()
    with pytest.raises(AnotherPlant):
        plant.server.let_in(twin)
    assert service.plant.id == fingerprint(genesis_in(plant)) != fingerprint(genesis)


def test_a_plant_of_before_is_not_adopted() -> None:
    server = a_server()
    stranger = server.device()
    request = stranger.enrolment(server.service.first_code().code)
    with pytest.raises(AnotherPlant):
        server.service.enrol(evolve(request, plant_id=an_id("a plant of before")))
    assert server.service.enrol(request).plant_id == server.service.plant.id


# ------------------------------------------------------------------ a server in other hands


HERS = fingerprint(
    a_genesis(a_server().device().id, founder_id=BOSS, signer=AT_THE_OFFICE, nonce="hers")
)


def founded_by_the_keeper(plant: Plant) -> Offered:
    """His own words and his own key."""
    office = plant.office
    office.signer = HIS_OWN
    office.does(a_genesis(office.id, founder_id=BOSS, signer=HIS_OWN))
    return office.offered()[0]


def another_plants_genesis(plant: Plant) -> None:
    plant.slips_in(founded_by_the_keeper(plant))


def a_genesis_of_his_that_he_signs_for_her_plant(plant: Plant) -> None:
    offered = founded_by_the_keeper(plant)
    plant.slips_in(signed_by(plant, HIS_OWN, offered.commit, plant_id=HERS))


def an_administrator_whom_nobody_signed(plant: Plant) -> None:
    plant.slips_in(plant.office_records(register(BOSS, "Amina", Role.ADMIN)))


def an_administrator_who_signs(plant: Plant) -> None:
    plant.office.signer = HIS_OWN
    plant.slips_in(plant.office_records(register(BOSS, "Amina", Role.ADMIN)))


@pytest.mark.parametrize(
    "begin",
    [
        another_plants_genesis,
        a_genesis_of_his_that_he_signs_for_her_plant,
        an_administrator_whom_nobody_signed,
        an_administrator_who_signs,
    ],
)
def test_a_log_that_begins_otherwise_is_believed_by_nobody(
    begin: Callable[[Plant], None],
) -> None:
    server = a_server()
    with server.service.context.writing() as transaction:
        transaction.set_setting(PLANT_ID, str(HERS))
    server.service.context.read_plant()
    office = server.device()
    server.service.enrol(office.enrolment(server.service.first_code().code))
    plant = Plant(server, office, Reader(Straight(server.service)))
    begin(plant)
    plant.reader.joins()
    is_believed_up_to(BEFORE_THE_GENESIS, plant)
    with pytest.raises(ForgedLog) as refused:
        plant.reader.syncs()
    assert refused.value.code == "another_beginning"


# ------------------------------------------------------------------ a second genesis


def signed_by(plant: Plant, signer: Signer, commit: Commit, **otherwise: Any) -> Offered:
    """The commit with that person's signature, and the office's."""
    assert commit.authorship is not None
    part = evolve(commit.authorship, key=signer.key, **otherwise)
    signature = signer.sign(codec.authored_hash(commit, part))
    return signed(plant.office.key, evolve(commit, authorship=evolve(part, signature=signature)))


def second(plant: Plant, *, nonce: str, signer: Signer = AT_THE_OFFICE) -> Offered:
    """What another program would record at the office: the plant is founded once more."""
    at_first, _ = founds(a_server(), nonce=nonce)
    founding = at_first.offered()[0].commit
    commit = plant.office_records(received("L2", litres(5))).commit
    commit = evolve(
        commit,
        command_type=founding.command_type,
        command_version=founding.command_version,
        command=founding.command,
        events=tuple(
            evolve(event, id=EventId(an_id(f"{number} again")))
            for number, event in enumerate(founding.events)
        ),
    )
    return signed_by(plant, signer, commit)


@pytest.mark.parametrize("signer", [AT_THE_OFFICE, HIS_OWN])
@pytest.mark.parametrize("nonce", ["7c" * 32, "8d" * 32])
def test_a_plant_is_founded_once(plant: Plant, nonce: str, signer: Signer) -> None:
    """Neither by the same words again nor by others, not even by her who founded it."""
    offered = second(plant, nonce=nonce, signer=signer)
    request = evolve(plant.office.request(), commits=(offered,))
    assert plant.office.service.push(request, by=plant.office.id).push_error is None
    entry = plant.log()[-1]
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, "PlantAlreadyFounded")
    plant.reader.syncs()
    assert plant.reader.place == len(plant.log())


@pytest.mark.parametrize("nonce", ["7c" * 32, "8d" * 32])
def test_a_second_genesis_in_the_log_is_believed_by_nobody(plant: Plant, nonce: str) -> None:
    offered = second(plant, nonce=nonce)
    is_believed_by_nobody(plant, lambda plant: plant.slips_in(offered))


@pytest.mark.parametrize("copied_key", [AT_THE_OFFICE, HIS_OWN])
def test_her_words_in_the_hands_of_another_found_nothing(plant: Plant, copied_key: Signer) -> None:
    """A thief copies the genesis from a log, and brings it to a server of his own: with her key in
    it, which he does not have, or with his in its place.
    """
    hers = genesis_in(plant)
    server = a_server()
    device = server.device()
    device.signer = HIS_OWN
    copy = evolve(hers, public_key=copied_key.key.hex())
    own = evolve(copy, founder_id=BOSS, family_id=device.id, public_key=HIS_OWN.key.hex())
    device.does(own)
    request = evolve(device.enrolment(server.service.first_code().code), plant_id=fingerprint(hers))
    server.service.enrol(request)
    assert server.service.plant.id == fingerprint(hers)
    thief = Plant(server, device, Reader(Straight(server.service)))
    commit = evolve(device.offered()[0].commit, command=codec.commands.encode(copy))
    offered = signed_by(thief, HIS_OWN, commit, plant_id=fingerprint(hers))
    pushed = evolve(device.request(), commits=(offered,))
    assert server.service.push(pushed, by=device.id).push_error is None
    entry = thief.log()[-1]
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, "NotTheGenesis")
