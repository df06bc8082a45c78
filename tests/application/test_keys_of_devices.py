"""Who withdraws a device withdraws the keys that people have there, and nobody's else."""

import json
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Role, codec
from manchengo.application.judge import judge
from manchengo.application.judgement import Accepted
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.commands import AdmitKey, ChangeRoles, RequireSigning, WithdrawDevice, WithdrawKey
from manchengo.domain.commit import Verdict
from manchengo.domain.device import DeviceWithdrawn
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.person_keys import KeyNotAdmitted, KeyWithdrawn
from manchengo.ports.settings import FORMER_DEVICES
from manchengo.ports.signer import Signer
from tests.application.test_effects_check import More, instead
from tests.support.dairy import litres, received
from tests.support.given import events_of
from tests.support.people import (
    AMINA,
    AT_THE_OFFICE,
    IN_THE_VAN,
    KARIM,
    enrolled,
    forced,
    plant_of_two,
    public,
    recorded,
    require,
)
from tests.support.plant import Device, Plant
from tests.support.signers import admitting, admitting_own, signer_of

HERS_IN_THE_VAN = signer_of("Amina, in the van")
LOST = "perdu au marché"


@pytest.fixture
def plant() -> Plant:
    """Karim and Amina both sign in the van; Amina signs at the office too."""
    plant = plant_of_two()
    office, van = plant.devices
    office.does(
        admitting(KARIM, van.id, IN_THE_VAN),
        admitting(AMINA, van.id, HERS_IN_THE_VAN),
    )
    plant.settle()
    return plant


def living(device: Device) -> dict[UserId, list[str]]:
    """The keys of each person that count, as that device holds the log."""
    found: dict[UserId, list[str]] = {}
    for line in device.dairy.keys(None):
        if line.withdrawn is None:
            found.setdefault(line.user_id, []).append(line.public_key)
    return found


def lost(device_id: DeviceId) -> WithdrawDevice:
    return WithdrawDevice(device_id=device_id, reason=LOST)


def test_the_keys_that_people_have_there_go_with_it(plant: Plant) -> None:
    office, van = plant.devices
    (commit,) = office.does(lost(van.id))
    gone = [event for event in events_of(commit) if isinstance(event, KeyWithdrawn)]
    assert {event.public_key for event in gone} == {public(IN_THE_VAN), public(HERS_IN_THE_VAN)}
    assert {event.reason for event in gone} == {LOST}
    plant.settle()
    assert living(office) == living(van) == {AMINA: [public(AT_THE_OFFICE)]}
    assert len(plant.digests()) == 1
    assert office.dairy.verify().sound


def test_what_was_signed_there_counts_no_more_whoever_brings_it(plant: Plant) -> None:
    """The key is unlocked still, and another device of the same family carries what it signs."""
    office, van = plant.devices
    copy = plant.device()
    copy.signer = None
    office.does(evolve(enrolled(van, KARIM), device_id=copy.id))
    office.does(ChangeRoles(user_id=KARIM, roles=frozenset({Role.SUPPLY})))
    plant.settle()
    (waits,) = recorded(van, KARIM, IN_THE_VAN, received("L1", litres(1)), role=Role.SUPPLY)
    office.does(lost(copy.id))
    office.push()
    van.push()
    entry = plant.after(0, 1_000)[-1]
    assert (entry.commit, entry.verdict) == (waits, Verdict.REJECTED)
    assert entry.reason == KeyNotAdmitted.__name__
    refused = forced(plant, office, KARIM, IN_THE_VAN, received("L2", litres(1)))
    assert (refused.verdict, refused.reason) == (Verdict.REJECTED, KeyNotAdmitted.__name__)


def test_let_in_again_the_device_has_its_key_no_more(plant: Plant) -> None:
    office, van = plant.devices
    office.does(lost(van.id), enrolled(van, KARIM))
    plant.settle()
    assert living(van) == {AMINA: [public(AT_THE_OFFICE)]}
    with pytest.raises(KeyNotAdmitted):
        recorded(van, KARIM, IN_THE_VAN, received("L1", litres(1)), role=Role.SUPPLY)


def test_a_device_that_was_restored_before_it_met_the_server_is_told_by_who_began_there(
    plant: Plant,
) -> None:
    """Its first id, under which the key was begun, is in nobody's log."""
    office, _ = plant.devices
    tablet = plant.device()
    tablet.signer = None
    begun, given = signer_of("Karim, begun there"), signer_of("Karim, from the office")
    office.does(
        enrolled(tablet, KARIM),
        admitting(KARIM, DeviceId(UUID(int=4_711)), given),
    )
    plant.settle()
    first = DeviceId(UUID(int=4_712))
    with tablet.store.writing() as transaction:
        transaction.set_setting(FORMER_DEVICES, str(first))
    own = admitting_own(KARIM, first, begun)
    recorded(tablet, KARIM, begun, own, role=Role.DRIVER)
    plant.settle()
    assert living(office)[KARIM] == [public(IN_THE_VAN), public(given), public(begun)]
    office.does(lost(tablet.id))
    assert living(office)[KARIM] == [public(IN_THE_VAN), public(given)]


# ---------------------------------------------------------------- the last administrator


def test_the_last_administrator_who_can_sign_keeps_their_key(plant: Plant) -> None:
    require(plant)
    office, van = plant.devices
    office.does(WithdrawKey(user_id=AMINA, public_key=public(HERS_IN_THE_VAN), reason="ancienne"))
    (commit,) = office.does(lost(office.id))
    assert not [event for event in events_of(commit) if isinstance(event, KeyWithdrawn)]
    plant.settle()
    assert living(van)[AMINA] == [public(AT_THE_OFFICE)]


def test_of_two_administrators_on_one_device_one_keeps_theirs(plant: Plant) -> None:
    office, van = plant.devices
    office.does(
        ChangeRoles(user_id=KARIM, roles=frozenset({Role.ADMIN})),
        WithdrawKey(user_id=AMINA, public_key=public(HERS_IN_THE_VAN), reason="ancienne"),
        AdmitKey(user_id=KARIM, family_id=office.id, public_key=public(signer_of("Karim, here"))),
        WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="ancienne"),
        RequireSigning(),
        lost(office.id),
    )
    assert len(living(office)) == 1
    plant.settle()
    assert living(van) == living(office)


def test_whoever_became_the_last_since_keeps_theirs_and_all_readers_agree(plant: Plant) -> None:
    """She withdrew her own computer, while another administrator lost the only other key."""
    require(plant)
    office, van = plant.devices
    office.does(ChangeRoles(user_id=KARIM, roles=frozenset({Role.ADMIN})))
    office.does(WithdrawKey(user_id=AMINA, public_key=public(HERS_IN_THE_VAN), reason="ancienne"))
    plant.settle()
    (commit,) = office.does(lost(office.id))
    assert any(isinstance(event, KeyWithdrawn) for event in events_of(commit))
    recorded(
        van,
        KARIM,
        IN_THE_VAN,
        WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="vue par un autre"),
    )
    van.push()
    plant.settle()
    entry = next(each for each in plant.after(0, 1_000) if each.commit.id == commit.id)
    assert entry.verdict is Verdict.ACCEPTED
    assert [event.event_type for event in entry.effects] == ["device.withdrawn"]
    assert living(van) == living(office) == {AMINA: [public(AT_THE_OFFICE)]}
    assert van.dairy.verify().sound


# ---------------------------------------------------------------- a program of before


def test_the_withdrawal_by_a_program_of_before_leaves_people_their_keys(plant: Plant) -> None:
    office, van = plant.devices
    (commit,) = office.does(lost(van.id))
    document = json.loads(commit.command)
    assert document.pop("withdraws_keys")
    of_before = evolve(
        commit,
        command_version=1,
        command=json.dumps(document).encode(),
        events=tuple(each for each in commit.events if each.event_type == "device.withdrawn"),
    )
    with plant.store.reading() as snapshot:
        verdict = judge(snapshot, codec.sealed(of_before))
    assert isinstance(verdict, Accepted)
    assert verdict.events == (DeviceWithdrawn(reason=LOST),)


# ---------------------------------------------------------------- a lying server


def is_not_believed(plant: Plant, *keys: Signer) -> None:
    """The last entry, if these keys were withdrawn by it and no others."""
    *before, honest = plant.after(0, 1_000)
    device = next(each for each in honest.effects if each.event_type == "device.withdrawn")
    more = [
        More(
            KeyWithdrawn(public_key=public(key), reason=LOST),
            AMINA if key in (AT_THE_OFFICE, HERS_IN_THE_VAN) else KARIM,
        )
        for key in keys
    ]
    forged = evolve(honest, effective=instead(honest, device, *more))
    reader = plant.device()
    reader.take(before)
    with pytest.raises(ForgedEntry) as refused:
        reader.take([codec.sealed_entry(forged, before[-1].hash)])
    assert refused.value.why == "other keys of people are withdrawn than those on the device"
    reader.state_cache.forget()
    reader.take([honest])


def test_a_server_leaves_no_key_to_who_lost_the_device(plant: Plant) -> None:
    office, van = plant.devices
    office.does(lost(van.id))
    office.push()
    is_not_believed(plant, IN_THE_VAN)


def test_a_server_withdraws_no_key_of_another_device_with_it(plant: Plant) -> None:
    office, van = plant.devices
    office.does(lost(van.id))
    office.push()
    is_not_believed(plant, IN_THE_VAN, HERS_IN_THE_VAN, AT_THE_OFFICE)
