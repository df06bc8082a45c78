"""Who has the code of an invitation begins to sign, once; it is good for nothing else."""

from datetime import date, timedelta

import pytest
from attrs import asdict, evolve

from manchengo import Role
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import (
    AdmitOwnKey,
    ChangeRoles,
    Command,
    DeactivateUser,
    InvitePerson,
    RegisterUser,
    WithdrawDevice,
    WithdrawInvitation,
    WithdrawKey,
)
from manchengo.domain.access import LastAdministrator, NotPermitted, User
from manchengo.domain.aggregates import USER
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.errors import AlreadyExists, NothingToDo, ReasonMissing, Refused
from manchengo.domain.ids import InvitationId, UserId
from manchengo.domain.invitations import (
    InvitationExpired,
    InvitationFallen,
    InvitationRedeemed,
    InvitationUnknown,
    InvitationUsed,
    InvitationWithdrawn,
    PersonInvited,
)
from manchengo.domain.person_keys import REPLACED, KeyAdmitted, KeyNotAdmitted, KeyTaken, NotAKey
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from tests.support.dairy import an_id, litres, received
from tests.support.given import events_of
from tests.support.people import (
    AMINA,
    AT_THE_OFFICE,
    IN_THE_VAN,
    KARIM,
    forced,
    plant_of_two,
    public,
    recorded,
    require,
)
from tests.support.plant import Device, Plant
from tests.support.signers import admitting, admitting_own, signer_of

NADIA, HERS = UserId(an_id("Nadia")), signer_of("Nadia")
CODE = signer_of("the code of an invitation")
ONE, ANOTHER = InvitationId(an_id("invitation 1")), InvitationId(an_id("invitation 2"))
TODAY = START_OF_MEMORY.date()
DRIVER = Role.DRIVER


@pytest.fixture
def plant() -> Plant:
    """Everybody must sign. Nadia is an administrator too, with a key at the office."""
    plant = plant_of_two()
    office = plant.devices[0]
    office.does(
        RegisterUser(user_id=NADIA, name="Nadia", roles=frozenset({Role.ADMIN})),
        admitting(NADIA, office.id, HERS),
    )
    require(plant)
    return plant


def invitation(
    user_id: UserId = KARIM,
    *,
    code: Signer = CODE,
    invitation_id: InvitationId = ONE,
    expires_on: date | None = TODAY,
) -> InvitePerson:
    return InvitePerson(
        user_id=user_id,
        invitation_id=invitation_id,
        public_key=public(code),
        expires_on=expires_on,
    )


def own(user_id: UserId, device: Device, signer: Signer) -> AdmitOwnKey:
    return admitting_own(user_id, device.id, signer)


def invited(plant: Plant, command: InvitePerson | None = None) -> Device:
    """Amina invites Karim; the office, where he has no key, knows of it."""
    plant.devices[0].does(command or invitation())
    plant.settle()
    return plant.devices[0]


def refused_at_both(
    plant: Plant, device: Device, command: Command, *, user_id: UserId = KARIM
) -> Refused:
    """What the code signs is refused by the device and, from another program, by the log."""
    with pytest.raises(Refused) as refused:
        recorded(device, user_id, CODE, command, role=DRIVER)
    entry = forced(plant, device, user_id, CODE, command)
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, type(refused.value).__name__)
    plant.settle()
    return refused.value


def last(plant: Plant) -> LogEntry:
    return plant.after(0, 1_000)[-1]


def person(store: Store, user_id: UserId) -> User:
    with store.reading() as snapshot:
        return UnitOfWork(snapshot).load(USER, user_id)


# ------------------------------------------------------------------------------------ begun


def test_who_is_invited_begins_at_any_device(plant: Plant) -> None:
    office = invited(plant)
    (commit,) = recorded(office, KARIM, CODE, own(KARIM, office, IN_THE_VAN), role=DRIVER)
    assert events_of(commit) == [
        InvitationRedeemed(invitation_id=ONE),
        KeyAdmitted(family_id=office.id, public_key=public(IN_THE_VAN)),
    ]
    office.does(ChangeRoles(user_id=KARIM, roles=frozenset({Role.SUPPLY})))
    recorded(office, KARIM, IN_THE_VAN, received("L1", litres(1)), role=Role.SUPPLY)
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED
    assert len(plant.digests()) == 1


def test_an_invitation_says_who_gave_it(plant: Plant) -> None:
    office = plant.devices[0]
    (commit,) = recorded(office, NADIA, HERS, invitation())
    assert events_of(commit) == [
        PersonInvited(
            invitation_id=ONE, public_key=public(CODE), expires_on=TODAY, invited_by=NADIA
        )
    ]


def test_whose_key_was_withdrawn_begins_again_by_an_invitation(plant: Plant) -> None:
    office, phone = plant.devices
    recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, IN_THE_VAN), role=DRIVER)
    plant.settle()
    office.does(WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="code oublié"))
    invited(plant)
    again = signer_of("Karim", "again")
    recorded(phone, KARIM, CODE, own(KARIM, phone, again), role=DRIVER)
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED


def test_a_forgotten_key_goes_when_its_person_begins_again(plant: Plant) -> None:
    phone = plant.devices[1]
    recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, IN_THE_VAN), role=DRIVER)
    invited(plant)
    recorded(phone, KARIM, CODE, own(KARIM, phone, signer_of("again")), role=DRIVER)
    plant.settle()
    (first, second) = person(plant.store, KARIM).keys
    assert (first.withdrawn, second.withdrawn) == (REPLACED, "")


def test_the_founder_comes_back_with_a_recovery_key(plant: Plant) -> None:
    """Years later, on another computer: it has no last day."""
    office, other = plant.devices[0], plant.device()
    office.does(invitation(AMINA, expires_on=None))
    plant.settle()
    plant.now += timedelta(days=4_000)
    new = signer_of("Amina", "the new computer")
    recorded(other, AMINA, CODE, own(AMINA, other, new))
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED
    recorded(other, AMINA, new, received("L1", litres(1)))
    plant.settle()
    assert last(plant).verdict is Verdict.ACCEPTED


RECOVERY = invitation(AMINA, expires_on=None)


def with_a_recovery_key() -> Plant:
    plant = plant_of_two()
    require(plant)
    plant.devices[0].does(RECOVERY)
    plant.settle()
    return plant


def test_a_recovery_key_is_used_once() -> None:
    """Whoever finds the sheet of paper later begins nothing with it."""
    plant = with_a_recovery_key()
    other, thief = plant.device(), plant.device()
    plant.settle()
    recorded(other, AMINA, CODE, own(AMINA, other, signer_of("her new computer")))
    plant.settle()
    command = own(AMINA, thief, signer_of("the thief"))
    assert isinstance(refused_at_both(plant, thief, command, user_id=AMINA), InvitationUsed)


def test_a_recovery_key_that_another_took_the_place_of_opens_nothing() -> None:
    plant = with_a_recovery_key()
    withdrawal = WithdrawInvitation(user_id=AMINA, invitation_id=ONE, reason="perdue")
    new = invitation(AMINA, code=signer_of("new sheet"), invitation_id=ANOTHER, expires_on=None)
    plant.devices[0].does(withdrawal, new)
    plant.settle()
    thief = plant.device()
    plant.settle()
    command = own(AMINA, thief, signer_of("the thief"))
    assert isinstance(refused_at_both(plant, thief, command, user_id=AMINA), InvitationWithdrawn)


def test_the_recovery_key_of_another_plant_opens_nothing_here() -> None:
    """Of the same founder, say."""
    plant = plant_of_two()
    require(plant)
    thief = plant.device()
    plant.settle()
    command = own(AMINA, thief, signer_of("the thief"))
    assert isinstance(refused_at_both(plant, thief, command, user_id=AMINA), InvitationUnknown)


# ------------------------------------------------------------------------------------ not begun


def test_the_code_signs_nothing_else(plant: Plant) -> None:
    office = invited(plant, invitation(AMINA))
    for command in (
        ChangeRoles(user_id=KARIM, roles=frozenset({Role.ADMIN})),
        admitting(AMINA, office.id, IN_THE_VAN),
        WithdrawKey(user_id=AMINA, public_key=public(AT_THE_OFFICE), reason="?"),
        own(KARIM, office, IN_THE_VAN),
    ):
        with pytest.raises(KeyNotAdmitted):
            recorded(office, AMINA, CODE, command)
        entry = forced(plant, office, AMINA, CODE, command)
        assert (entry.verdict, entry.reason) == (Verdict.REJECTED, KeyNotAdmitted.__name__)
        plant.settle()


def test_an_invitation_is_used_once(plant: Plant) -> None:
    """Whoever found the code afterwards, or the server that passed it on, begins nowhere."""
    office, phone = plant.devices
    invited(plant)
    recorded(office, KARIM, CODE, own(KARIM, office, IN_THE_VAN), role=DRIVER)
    plant.settle()
    for device in (phone, office):
        command = own(KARIM, device, signer_of("a thief at", device.id))
        assert isinstance(refused_at_both(plant, device, command), InvitationUsed)


def test_of_two_who_use_an_invitation_the_first_in_the_log_begins(plant: Plant) -> None:
    office, phone = plant.devices
    invited(plant)
    recorded(phone, KARIM, CODE, own(KARIM, phone, IN_THE_VAN), role=DRIVER)
    recorded(office, KARIM, CODE, own(KARIM, office, signer_of("a thief")), role=DRIVER)
    phone.push()
    office.push()
    plant.settle()
    assert last(plant).reason == InvitationUsed.__name__
    assert len(plant.digests()) == 1


def test_on_its_last_day_an_invitation_counts_and_on_the_next_no_more(plant: Plant) -> None:
    office = invited(plant, invitation(expires_on=TODAY - timedelta(days=1)))
    command = own(KARIM, office, IN_THE_VAN)
    refusal = refused_at_both(plant, office, command)
    assert isinstance(refusal, InvitationExpired)
    assert refusal.expires_on == TODAY - timedelta(days=1)


def test_the_server_says_whether_an_invitation_has_expired(plant: Plant) -> None:
    """A device whose clock was put back is not believed."""
    office = invited(plant)
    recorded(office, KARIM, CODE, own(KARIM, office, IN_THE_VAN), role=DRIVER)
    plant.now += timedelta(days=1)
    plant.settle()
    assert last(plant).reason == InvitationExpired.__name__
    assert not person(office.store, KARIM).keys


def test_an_invitation_that_has_not_come_in_is_unknown(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(invitation())
    command = own(KARIM, phone, IN_THE_VAN)
    with pytest.raises(InvitationUnknown):
        recorded(phone, KARIM, CODE, command, role=DRIVER)
    plant.settle()
    recorded(phone, KARIM, CODE, command, role=DRIVER)


def test_an_invitation_is_for_one_person(plant: Plant) -> None:
    office = invited(plant)
    command = own(AMINA, office, IN_THE_VAN)
    refusal = refused_at_both(plant, office, command, user_id=AMINA)
    assert isinstance(refusal, InvitationUnknown)


def test_a_withdrawn_invitation_begins_nothing(plant: Plant) -> None:
    office = invited(plant)
    withdraw = WithdrawInvitation(user_id=KARIM, invitation_id=ONE, reason="code perdu")
    first, again = office.does(withdraw, withdraw)
    assert (len(first.events), len(again.events)) == (1, 0)
    plant.settle()
    refusal = refused_at_both(plant, office, own(KARIM, office, IN_THE_VAN))
    assert isinstance(refusal, InvitationWithdrawn)
    assert refusal.reason == "code perdu"


def test_on_a_withdrawn_device_no_invitation_is_used(plant: Plant) -> None:
    office, phone = plant.devices
    invited(plant)
    office.does(WithdrawDevice(device_id=phone.id, reason="volé"))
    plant.settle()
    command = own(KARIM, phone, IN_THE_VAN)
    assert isinstance(refused_at_both(plant, phone, command), KeyNotAdmitted)


def test_a_key_begun_by_invitation_is_for_the_device_that_sends_it(plant: Plant) -> None:
    office, phone = plant.devices
    invited(plant)
    command = own(KARIM, office, IN_THE_VAN)
    assert isinstance(refused_at_both(plant, phone, command), KeyNotAdmitted)


INVITER_GONE: dict[str, Command] = {
    "gone": DeactivateUser(user_id=AMINA),
    "in other roles": ChangeRoles(user_id=AMINA, roles=frozenset({Role.SALES})),
    "without a key": WithdrawKey(user_id=AMINA, public_key=public(AT_THE_OFFICE), reason="volée"),
}


@pytest.mark.parametrize("why", INVITER_GONE)
def test_invitations_fall_with_who_gave_them(plant: Plant, why: str) -> None:
    """Whoever stole her telephone invited themselves before it was withdrawn."""
    office = invited(plant)
    recorded(office, NADIA, HERS, INVITER_GONE[why])
    plant.settle()
    with pytest.raises(InvitationFallen):
        recorded(office, KARIM, CODE, own(KARIM, office, IN_THE_VAN), role=DRIVER)
    refusal = refused_at_both(plant, office, own(KARIM, office, IN_THE_VAN))
    assert asdict(refusal) == {"user": "Karim", "invited_by": "Amina"}


@pytest.mark.parametrize("why", INVITER_GONE)
def test_who_has_begun_stays_when_their_inviter_goes(plant: Plant, why: str) -> None:
    office = invited(plant)
    recorded(office, KARIM, CODE, own(KARIM, office, IN_THE_VAN), role=DRIVER)
    recorded(office, NADIA, HERS, INVITER_GONE[why])
    plant.settle()
    assert person(plant.store, KARIM).has_living_key


# ------------------------------------------------------------------------------------ given


def test_the_key_of_a_code_signs_for_nobody(plant: Plant) -> None:
    """Or whoever has the code could sign everything."""
    office, phone = plant.devices
    invited(plant)
    with pytest.raises(KeyTaken):
        office.does(admitting(KARIM, phone.id, CODE))
    with pytest.raises(KeyTaken):
        recorded(phone, KARIM, CODE, own(KARIM, phone, CODE), role=DRIVER)
    entry = forced(plant, phone, KARIM, CODE, own(KARIM, phone, IN_THE_VAN))
    assert entry.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("whose", [AT_THE_OFFICE, CODE])
def test_a_known_key_invites_nobody(plant: Plant, whose: Signer) -> None:
    office = invited(plant)
    with pytest.raises(KeyTaken):
        office.does(invitation(code=whose, invitation_id=ANOTHER))


def test_an_invitation_is_given_once(plant: Plant) -> None:
    office = plant.devices[0]
    first, again = office.does(invitation(), invitation())
    assert (len(first.events), len(again.events)) == (1, 0)
    with pytest.raises(AlreadyExists):
        office.does(invitation(expires_on=None))
    with pytest.raises(NotAKey):
        office.does(evolve(invitation(invitation_id=ANOTHER), public_key="01" + "00" * 31))


def test_who_manages_no_keys_invites_nobody(plant: Plant) -> None:
    phone = plant.devices[1]
    recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, IN_THE_VAN), role=DRIVER)
    plant.settle()
    for user_id in (KARIM, AMINA):
        with pytest.raises(NotPermitted):
            recorded(phone, KARIM, IN_THE_VAN, invitation(user_id), role=DRIVER)
        entry = forced(plant, phone, KARIM, IN_THE_VAN, invitation(user_id))
        assert (entry.verdict, entry.reason) == (Verdict.REJECTED, NotPermitted.__name__)
        plant.settle()


def test_what_withdraws_no_invitation_is_refused(plant: Plant) -> None:
    office = invited(plant)
    for command, why in (
        (WithdrawInvitation(user_id=AMINA, invitation_id=ONE, reason="?"), NothingToDo),
        (WithdrawInvitation(user_id=KARIM, invitation_id=ONE, reason=" "), ReasonMissing),
    ):
        with pytest.raises(why):
            office.does(command)


# ------------------------------------------------------------------------------------ the last one


def test_where_all_must_sign_the_last_administrator_with_a_key_keeps_it(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(WithdrawKey(user_id=NADIA, public_key=public(HERS), reason="perdue"))
    for command in INVITER_GONE.values():
        with pytest.raises(LastAdministrator) as refused:
            office.does(command)
        assert refused.value.user == "Amina"
    plant.settle()
    assert person(plant.store, AMINA).has_living_key


def test_of_two_who_withdraw_each_others_keys_apart_the_first_does(plant: Plant) -> None:
    office, other = plant.devices[0], plant.device()
    other.pull()
    office.does(admitting(NADIA, other.id, signer_of(2)))
    office.does(WithdrawKey(user_id=NADIA, public_key=public(HERS), reason="perdue"))
    plant.settle()
    recorded(other, NADIA, signer_of(2), INVITER_GONE["without a key"])
    office.does(WithdrawKey(user_id=NADIA, public_key=public(signer_of(2)), reason="perdue"))
    other.push()
    office.push()
    plant.settle()
    assert person(plant.store, NADIA).has_living_key
    assert not person(plant.store, AMINA).has_living_key


def test_before_all_must_sign_the_last_administrator_needs_no_key() -> None:
    plant = plant_of_two()
    office = plant.devices[0]
    office.does(INVITER_GONE["without a key"])
    assert not person(office.store, AMINA).has_living_key
