"""A device and a server that help each other: nobody is given a right that no command asks for.

The driver signs with a key of his own, admitted and all, at the office. What he signs, the keeper
of the server has accepted; or the administrator's own program was altered, and signs more than she
asked for.
"""

from uuid import UUID

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.application.replication.server_log import Offered
from manchengo.commands import ChangeRoles, Command, EnrolDevice, RegisterUser
from manchengo.domain.access import Role, UserRegistered, UserRolesChanged
from manchengo.domain.commit import NO_HASH, Commit
from manchengo.domain.device import DeviceEnrolled
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.label_keys import LabelKeyCopy, LabelKeyMade, LabelKeysRequested
from manchengo.domain.person_keys import KeyAdmitted, KeyWithdrawn
from manchengo.domain.plant import PLANT_ID, ServerKeyChanged, SigningRequired
from manchengo.ports.signer import Signer
from tests.attacks.lying import (
    AT_THE_OFFICE,
    HIS_OWN,
    Plant,
    a_plant_that_signs,
    a_recorded,
    is_believed_by_nobody,
    signed,
)
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import BOSS, DRIVER
from tests.support.signers import admitting, signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

A_MORNING = (*A_DAIRY, received("L1", litres(100)))
A_RECEPTION = received("L2", litres(5))
ADMINISTRATOR = frozenset({Role.ADMIN})
TO_BE_ADMINISTRATOR = UserRolesChanged(roles=(Role.ADMIN,))
ANOTHERS = signer_of("somebody else")
SOMEBODY, A_TABLET = UserId(UUID(int=900)), DeviceId(UUID(int=901))

BESIDE: dict[str, tuple[UUID, object]] = {
    "other roles": (DRIVER, TO_BE_ADMINISTRATOR),
    "somebody new": (
        SOMEBODY,
        UserRegistered(user_id=SOMEBODY, name="Omar", roles=(Role.ADMIN,)),
    ),
    "a key": (DRIVER, KeyAdmitted(family_id=A_TABLET, public_key=ANOTHERS.key.hex())),
    "a key less": (BOSS, KeyWithdrawn(public_key=AT_THE_OFFICE.key.hex(), reason="perdue")),
    "a device": (
        A_TABLET,
        DeviceEnrolled(
            device_id=A_TABLET,
            name="tablette",
            mark="",
            public_key=ANOTHERS.key.hex(),
            user_id=DRIVER,
        ),
    ),
    "that all must sign": (PLANT_ID, SigningRequired(unsigned_until=None)),
    "another key of the server": (
        PLANT_ID,
        ServerKeyChanged(former_key="ab" * 32, public_key=ANOTHERS.key.hex()),
    ),
    "a key of labels": (
        PLANT_ID,
        LabelKeyMade(
            number=1,
            fingerprint="ab" * 32,
            copies=(LabelKeyCopy(device_id=A_TABLET, box_key="cd" * 32, sealed="ef" * 64),),
        ),
    ),
    "a device that asks for the keys of labels": (
        PLANT_ID,
        LabelKeysRequested(device_id=A_TABLET, box_key="cd" * 32),
    ),
    "the same roles": (BOSS, UserRolesChanged(roles=(Role.SALES,))),
}


def records(plant: Plant, user_id: UserId, signer: Signer, command: Command) -> Commit:
    """At the office, by a program that gives whoever works there any role."""
    at_the_office = evolve(plant.office, user_id=user_id, roles=ADMINISTRATOR, signer=signer)
    (commit,) = at_the_office.does(command)
    return commit


def signed_again(plant: Plant, commit: Commit, signer: Signer) -> Offered:
    """As its author and the device sign it, whatever it says."""
    assert commit.authorship is not None
    part = evolve(commit.authorship, sequence=1, previous=NO_HASH)
    part = evolve(part, signature=signer.sign(codec.authored_hash(commit, part)))
    return signed(plant.office.key, evolve(commit, authorship=part))


def with_more(plant: Plant, commit: Commit, signer: Signer, which: str) -> Offered:
    more = a_recorded(*BESIDE[which])
    return signed_again(plant, evolve(commit, events=(*commit.events, more)), signer)


@pytest.mark.parametrize("signer", [AT_THE_OFFICE, HIS_OWN], ids=["her program", "his"])
@pytest.mark.parametrize("which", BESIDE)
def test_under_a_reception_no_right_changes(which: str, signer: Signer) -> None:
    plant = a_plant_that_signs(*A_MORNING)
    user_id = BOSS if signer == AT_THE_OFFICE else DRIVER
    commit = records(plant, user_id, signer, A_RECEPTION)
    is_believed_by_nobody(
        plant, lambda plant: plant.slips_in(with_more(plant, commit, signer, which))
    )


@pytest.mark.parametrize("which", ["somebody new", "the same roles", "a device"])
def test_a_command_about_somebody_changes_no_right_of_another(which: str) -> None:
    plant = a_plant_that_signs(*A_MORNING)
    commands: dict[str, Command] = {
        "somebody new": RegisterUser(user_id=UserId(UUID(int=7)), name="Ali", roles=ADMINISTRATOR),
        "the same roles": ChangeRoles(user_id=DRIVER, roles=frozenset({Role.SALES})),
        "a device": EnrolDevice(
            device_id=DeviceId(UUID(int=8)), name="t", mark="", public_key="ab" * 32, user_id=BOSS
        ),
    }
    commit = records(plant, BOSS, AT_THE_OFFICE, commands[which])
    is_believed_by_nobody(
        plant, lambda plant: plant.slips_in(with_more(plant, commit, AT_THE_OFFICE, which))
    )


BY_HIMSELF: tuple[Command, ...] = (
    ChangeRoles(user_id=DRIVER, roles=ADMINISTRATOR),
    RegisterUser(user_id=SOMEBODY, name="Omar", roles=ADMINISTRATOR),
    admitting(BOSS, A_TABLET, ANOTHERS),
)


@pytest.mark.parametrize("command", BY_HIMSELF, ids=lambda command: type(command).__name__)
def test_he_gives_himself_no_right_though_the_server_accepts_it(command: Command) -> None:
    plant = a_plant_that_signs(*A_MORNING)
    commit = records(plant, DRIVER, HIS_OWN, command)
    offered = signed_again(plant, commit, HIS_OWN)
    is_believed_by_nobody(plant, lambda plant: plant.slips_in(offered))


def test_nor_in_the_words_of_a_newer_program() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    commit = records(plant, DRIVER, HIS_OWN, A_RECEPTION)
    event = a_recorded(DRIVER, TO_BE_ADMINISTRATOR)
    unheard_of = evolve(commit, command_type="user.promote", events=(event,))
    offered = signed_again(plant, unheard_of, HIS_OWN)
    is_believed_by_nobody(plant, lambda plant: plant.slips_in(offered))


def is_believed(plant: Plant, offered: Offered) -> bool:
    plant.slips_in(offered)
    plant.reader.syncs()
    return plant.reader.place == len(plant.log())


def test_what_a_newer_program_lets_an_administrator_do_is_believed() -> None:
    """A device that is behind is not stopped by a command that it does not know."""
    plant = a_plant_that_signs(*A_MORNING)
    commit = records(plant, BOSS, AT_THE_OFFICE, A_RECEPTION)
    event = a_recorded(DRIVER, TO_BE_ADMINISTRATOR)
    unheard_of = evolve(commit, command_type="user.promote", events=(event,))
    assert is_believed(plant, signed_again(plant, unheard_of, AT_THE_OFFICE))


def test_what_a_newer_program_lets_people_do_with_their_own_keys_is_believed() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    commit = records(plant, DRIVER, HIS_OWN, A_RECEPTION)
    event = evolve(a_recorded(DRIVER, TO_BE_ADMINISTRATOR), event_type="user.key_changed")
    unheard_of = evolve(commit, command_type="user.change_key", events=(event,))
    assert is_believed(plant, signed_again(plant, unheard_of, HIS_OWN))
