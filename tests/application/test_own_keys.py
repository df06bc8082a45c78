"""How a person gets their first key, and another one after it, without an administrator."""

import pytest
from attrs import evolve

from manchengo import Actor, DeviceId, Manchengo, MemoryStore, Role
from manchengo.application import authorship, committing
from manchengo.application.authors import user_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import (
    AdmitKey,
    AdmitOwnKey,
    Command,
    DeactivateUser,
    RegisterUser,
    RequireSigning,
    WithdrawDevice,
    WithdrawKey,
)
from manchengo.domain.access import NotPermitted, Permission
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.errors import Archived, Refused
from manchengo.domain.ids import CommitId, UserId
from manchengo.domain.invitations import InvitationUnknown
from manchengo.domain.person_keys import (
    REPLACED,
    KeyAdmitted,
    KeyNotAdmitted,
    KeyTaken,
    KeyWithdrawn,
    NotAKey,
    NotSigned,
    PersonKey,
)
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from tests.support.dairy import A_DAIRY, an_id, litres, received
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

ANOTHER = signer_of("Karim", "another")
SMALL_ORDER = (1).to_bytes(32, "little").hex()
DRIVER = Role.DRIVER


@pytest.fixture
def plant() -> Plant:
    return plant_of_two()


def own(user_id: UserId, device: Device, signer: Signer) -> AdmitOwnKey:
    return admitting_own(user_id, device.id, signer)


def keys_of(store: Store, user_id: UserId) -> tuple[PersonKey, ...]:
    with store.reading() as snapshot:
        user = user_of(UnitOfWork(snapshot), user_id)
    return user.keys if user else ()


def refused_at_both(
    plant: Plant, device: Device, user_id: UserId, signer: Signer | None, command: AdmitOwnKey
) -> type[Refused]:
    """The device's own program refuses it, and so does the log when another program sends it."""
    with pytest.raises(Refused) as refused:
        recorded(device, user_id, signer, command, role=DRIVER)
    entry = forced(plant, device, user_id, signer, command)
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, type(refused.value).__name__)
    plant.settle()
    return type(refused.value)


def last(plant: Plant) -> LogEntry:
    return plant.after(0, 1_000)[-1]


# ------------------------------------------------------------------------------------ the first


@pytest.mark.parametrize("must_sign", [False, True])
def test_a_driver_admits_a_first_key_at_the_telephone_enrolled_for_him(
    plant: Plant, must_sign: bool
) -> None:
    if must_sign:
        require(plant)
    phone = plant.devices[1]
    command = own(KARIM, phone, IN_THE_VAN)
    (commit,) = recorded(phone, KARIM, IN_THE_VAN, command, role=DRIVER)
    assert events_of(commit) == [KeyAdmitted(family_id=phone.id, public_key=public(IN_THE_VAN))]
    with pytest.raises(NotSigned):
        recorded(phone, KARIM, None, command, role=DRIVER)
    plant.settle()
    assert (last(plant).commit, last(plant).verdict) == (commit, Verdict.ACCEPTED)
    assert len(plant.digests()) == 1


def test_a_first_key_is_signed_with_itself(plant: Plant) -> None:
    """So nobody admits a key that they do not have."""
    phone = plant.devices[1]
    command = own(KARIM, phone, IN_THE_VAN)
    assert refused_at_both(plant, phone, KARIM, None, command) is NotSigned
    assert refused_at_both(plant, phone, KARIM, ANOTHER, command) is InvitationUnknown


@pytest.mark.parametrize("must_sign", [False, True])
def test_a_driver_admits_no_key_for_the_administrator(plant: Plant, must_sign: bool) -> None:
    if must_sign:
        require(plant)
    phone = plant.devices[1]
    his = signer_of("Karim", "as Amina")
    assert refused_at_both(plant, phone, AMINA, his, own(AMINA, phone, his)) is KeyNotAdmitted
    plant.settle()
    assert [key.public_key for key in keys_of(plant.store, AMINA)] == [public(AT_THE_OFFICE)]


def test_for_somebody_else_it_takes_the_right_to_manage_keys(plant: Plant) -> None:
    phone = plant.devices[1]
    command = own(AMINA, phone, ANOTHER)
    with pytest.raises(NotPermitted) as refused:
        recorded(phone, KARIM, None, command, role=DRIVER)
    assert refused.value.permission is Permission.MANAGE_KEYS
    entry = forced(plant, phone, KARIM, None, command)  # his program gives him any role
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, NotPermitted.__name__)


def test_where_all_must_sign_no_key_begins_at_another_persons_device(plant: Plant) -> None:
    require(plant)
    office = plant.devices[0]
    command = own(KARIM, office, IN_THE_VAN)
    assert refused_at_both(plant, office, KARIM, IN_THE_VAN, command) is KeyNotAdmitted


def test_where_all_must_sign_who_has_a_key_elsewhere_begins_nowhere_by_enrolment(
    plant: Plant,
) -> None:
    """The server says which device is whose: it would be Amina by enrolling one for her."""
    require(plant)
    office, other = plant.devices[0], plant.device()
    office.does(enrolled(other, AMINA))
    plant.settle()
    command = own(AMINA, other, ANOTHER)
    assert refused_at_both(plant, other, AMINA, ANOTHER, command) is KeyNotAdmitted
    with pytest.raises(NotSigned):
        recorded(other, AMINA, None, received("L1", litres(1)))
    entry = forced(plant, other, AMINA, None, received("L1", litres(1)))
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, NotSigned.__name__)


def test_before_all_must_sign_who_has_a_key_begins_at_a_device_enrolled_for_them(
    plant: Plant,
) -> None:
    office, other = plant.devices[0], plant.device()
    office.does(enrolled(other, AMINA))
    plant.settle()
    recorded(other, AMINA, ANOTHER, own(AMINA, other, ANOTHER))
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED


def test_before_all_must_sign_who_has_no_key_begins_at_any_device(plant: Plant) -> None:
    """There, what they have not signed counts as well."""
    office, phone = plant.devices
    recorded(office, KARIM, ANOTHER, own(KARIM, office, ANOTHER), role=DRIVER)
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED
    recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, IN_THE_VAN), role=DRIVER)
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED
    third = plant.device()
    third.pull()
    yet_another = signer_of("Karim", 3)
    command = own(KARIM, third, yet_another)
    assert refused_at_both(plant, third, KARIM, yet_another, command) is KeyNotAdmitted


def test_a_first_key_is_for_the_device_on_which_it_is_admitted(plant: Plant) -> None:
    """Else it would stay when that device is withdrawn."""
    office, phone = plant.devices
    command = own(KARIM, office, IN_THE_VAN)
    assert refused_at_both(plant, phone, KARIM, IN_THE_VAN, command) is KeyNotAdmitted


def test_a_first_key_of_another_devices_id_is_refused(plant: Plant) -> None:
    """Whatever family its program says that the device is of."""
    office, phone = plant.devices
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(committing, "family_of", lambda *_: office.id)
        patch.setattr(authorship, "family_of", lambda *_: office.id)
        entry = forced(plant, phone, KARIM, IN_THE_VAN, own(KARIM, office, IN_THE_VAN))
    assert entry.commit.authorship is not None
    assert entry.commit.authorship.family_id == office.id
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, KeyNotAdmitted.__name__)


def test_a_first_key_is_admitted_under_the_first_id_of_the_device(plant: Plant) -> None:
    require(plant)
    phone = plant.devices[1]
    first_id = phone.id
    phone.become_another()
    again = evolve(enrolled(phone, KARIM), public_key=public(signer_of("device", first_id)))
    plant.devices[0].does(again)
    plant.settle()
    command = admitting_own(KARIM, first_id, IN_THE_VAN)
    recorded(phone, KARIM, IN_THE_VAN, command, role=DRIVER)
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED


def test_on_a_withdrawn_device_no_key_begins(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(WithdrawDevice(device_id=phone.id, reason="volé"))
    plant.settle()
    command = own(KARIM, phone, IN_THE_VAN)
    assert refused_at_both(plant, phone, KARIM, IN_THE_VAN, command) is KeyNotAdmitted


def test_who_has_left_begins_no_more(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(DeactivateUser(user_id=KARIM))
    plant.settle()
    with pytest.raises(Archived):
        recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, IN_THE_VAN), role=DRIVER)


def test_a_withdrawn_key_leaves_no_way_to_a_first_one(plant: Plant) -> None:
    office, phone = plant.devices
    recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, IN_THE_VAN), role=DRIVER)
    plant.settle()
    office.does(WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="volé"))
    plant.settle()
    command = own(KARIM, phone, ANOTHER)
    for signer in (IN_THE_VAN, ANOTHER):
        assert refused_at_both(plant, phone, KARIM, signer, command) is KeyNotAdmitted


def test_the_first_administrator_makes_a_dairy_where_everybody_signs() -> None:
    """Before any server: one batch, signed from its first command on."""
    store, device_id = MemoryStore(), DeviceId(an_id("the computer"))
    actor = Actor(user_id=AMINA, device_id=device_id, roles=frozenset({Role.ADMIN}))
    clock, ids = SteppingClock(START_OF_MEMORY), CountingIds(1)
    dairy = Manchengo(store, clock=clock, ids=ids, actor=actor, signer=AT_THE_OFFICE)
    first: tuple[Command, ...] = (
        RegisterUser(user_id=AMINA, name="Amina", roles=actor.roles),
        admitting_own(AMINA, device_id, AT_THE_OFFICE),
        RequireSigning(),
    )
    with dairy.batch() as batch:
        for number, command in enumerate(first):
            batch.execute(command, command_id=CommitId(an_id(f"first {number}")))
    dairy.execute(A_DAIRY[0])
    for signer, why in ((None, NotSigned), (ANOTHER, KeyNotAdmitted)):
        unknown = Manchengo(store, clock=clock, ids=ids, actor=actor, signer=signer)
        with pytest.raises(why):
            unknown.execute(A_DAIRY[1])


# ------------------------------------------------------------------------------------ another


def with_a_key(plant: Plant) -> Device:
    """Karim's telephone, where he signs."""
    phone = plant.devices[1]
    recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, IN_THE_VAN), role=DRIVER)
    require(plant)
    return phone


def test_another_key_takes_the_place_of_the_one_that_signed_for_it(plant: Plant) -> None:
    phone = with_a_key(plant)
    (commit,) = recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, ANOTHER), role=DRIVER)
    assert events_of(commit) == [
        KeyAdmitted(family_id=phone.id, public_key=public(ANOTHER)),
        KeyWithdrawn(public_key=public(IN_THE_VAN), reason=REPLACED),
    ]
    assert refused_at_both(
        plant, phone, KARIM, IN_THE_VAN, own(KARIM, phone, signer_of("Karim", 3))
    )
    again = recorded(phone, KARIM, ANOTHER, own(KARIM, phone, ANOTHER), role=DRIVER)
    assert events_of(again[0]) == []
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED


def test_the_key_of_another_device_changes_none(plant: Plant) -> None:
    """Whoever finds the telephone open takes over no other device."""
    phone = with_a_key(plant)
    office = plant.devices[0]
    office.does(admitting(KARIM, office.id, ANOTHER))
    plant.settle()
    third = own(KARIM, office, signer_of("Karim", 3))
    assert refused_at_both(plant, phone, KARIM, IN_THE_VAN, third) is KeyNotAdmitted


def test_one_key_lives_for_a_person_on_a_device(plant: Plant) -> None:
    """Also where an administrator admitted a second one meanwhile: on both sides of the log."""
    phone = with_a_key(plant)
    second, third = signer_of("Karim", 2), signer_of("Karim", 3)
    recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, third), role=DRIVER)
    plant.devices[0].does(admitting(KARIM, phone.id, second))
    plant.devices[0].push()
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED
    living = [key.public_key for key in keys_of(plant.store, KARIM) if not key.withdrawn]
    assert living == [public(third)]
    assert len(plant.digests()) == 1


def test_of_two_copies_of_a_device_the_first_changes_the_key(plant: Plant) -> None:
    phone = with_a_key(plant)
    (first,) = recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, ANOTHER), role=DRIVER)
    by_the_copy = forced(plant, phone, KARIM, IN_THE_VAN, own(KARIM, phone, signer_of("K", 3)))
    verdicts = {entry.commit.id: entry.verdict for entry in plant.after(0, 1_000)}
    assert verdicts[first.id] is Verdict.ACCEPTED
    assert (by_the_copy.verdict, by_the_copy.reason) == (Verdict.REJECTED, "KeyNotAdmitted")


# ------------------------------------------------------------------------------------ withdrawing


def test_a_driver_withdraws_a_key_of_his_own_and_no_other(plant: Plant) -> None:
    phone = with_a_key(plant)
    office_key = WithdrawKey(user_id=AMINA, public_key=public(AT_THE_OFFICE), reason="perdue")
    with pytest.raises(NotPermitted):
        recorded(phone, KARIM, IN_THE_VAN, office_key, role=DRIVER)
    own_key = WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="téléphone perdu")
    recorded(phone, KARIM, IN_THE_VAN, own_key, role=DRIVER)
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED
    assert all(key.withdrawn for key in keys_of(plant.store, KARIM))


# ------------------------------------------------------------------------------------ what a key is


@pytest.mark.parametrize("written", [SMALL_ORDER, "ff" * 32, "", "AB" * 32])
@pytest.mark.parametrize("kind", [AdmitKey, AdmitOwnKey])
def test_a_key_that_proves_nothing_is_nobodys(
    plant: Plant, written: str, kind: type[AdmitKey | AdmitOwnKey]
) -> None:
    """The log refuses it, whatever the program of a device let through."""
    office, phone = plant.devices
    command = kind(user_id=KARIM, family_id=phone.id, public_key=written)
    with pytest.raises(NotAKey):
        office.does(command)


def test_the_key_of_somebody_else_is_not_ones_own(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(admitting(AMINA, phone.id, IN_THE_VAN))
    plant.settle()
    command = own(KARIM, phone, IN_THE_VAN)
    with pytest.raises(KeyTaken):
        recorded(phone, KARIM, IN_THE_VAN, command, role=DRIVER)
