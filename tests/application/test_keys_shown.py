"""Everybody sees who admitted which key for them; an administrator sees everybody's."""

from datetime import timedelta

import pytest

from manchengo import Actor, Manchengo, Role
from manchengo.application.keys import InvitationStatus
from manchengo.commands import DeactivateUser, WithdrawInvitation, WithdrawKey
from manchengo.domain.access import NotPermitted, Permission
from manchengo.domain.ids import UserId
from manchengo.domain.person_keys import REPLACED
from tests.application.test_invitations import (
    ANOTHER,
    CODE,
    DRIVER,
    HERS,
    NADIA,
    ONE,
    TODAY,
    invitation,
    own,
    plant,
)
from tests.support.people import AMINA, AT_THE_OFFICE, IN_THE_VAN, KARIM, public, recorded
from tests.support.plant import Device, Plant
from tests.support.signers import signer_of

__all__ = ["plant"]


def looked_at_by(device: Device, user_id: UserId, role: Role = Role.ADMIN) -> Manchengo:
    actor = Actor(user_id=user_id, device_id=device.id, roles=frozenset({role}))
    return Manchengo(device.store, clock=device.clock, ids=device.ids, actor=actor)


def test_a_key_is_shown_with_who_admitted_and_who_withdrew_it(plant: Plant) -> None:
    office, phone = plant.devices
    recorded(phone, KARIM, IN_THE_VAN, own(KARIM, phone, IN_THE_VAN), role=DRIVER)
    plant.settle()
    office.does(WithdrawKey(user_id=KARIM, public_key=public(IN_THE_VAN), reason="volé"))
    office.does(invitation())
    plant.settle()
    again = signer_of("Karim", "again")
    recorded(phone, KARIM, CODE, own(KARIM, phone, again), role=DRIVER)
    first, second = looked_at_by(phone, KARIM, DRIVER).keys(KARIM)
    assert (first.public_key, first.devices) == (public(IN_THE_VAN), (str(phone.id),))
    assert (first.admitted.user, first.admitted.device_id) == ("Karim", phone.id)
    assert first.withdrawn is not None
    assert (first.withdrawn.user, first.reason) == ("Amina", "volé")
    assert (second.public_key, second.withdrawn) == (public(again), None)
    assert (first.invitation_id, second.invitation_id) == (None, ONE)


def test_who_changed_a_key_is_shown_to_have_replaced_the_one_before(plant: Plant) -> None:
    office = plant.devices[0]
    recorded(office, AMINA, AT_THE_OFFICE, own(AMINA, office, signer_of("Amina", 2)))
    first, second = looked_at_by(office, AMINA).keys(AMINA)
    assert (first.reason, second.reason) == (REPLACED, "")


def test_an_administrator_sees_the_keys_of_all(plant: Plant) -> None:
    office = plant.devices[0]
    assert [line.user for line in looked_at_by(office, AMINA).keys(None)] == ["Amina", "Nadia"]


def test_who_manages_no_keys_sees_none_of_others(plant: Plant) -> None:
    dairy = looked_at_by(plant.devices[1], KARIM, DRIVER)
    for whose in (None, AMINA):
        for ask in (dairy.keys, dairy.invitations):
            with pytest.raises(NotPermitted) as refused:
                ask(whose)
            assert refused.value.permission is Permission.MANAGE_KEYS
    assert (dairy.keys(KARIM), dairy.invitations(KARIM)) == ([], [])


def status(plant: Plant) -> InvitationStatus:
    (line,) = looked_at_by(plant.devices[0], NADIA).invitations(KARIM)
    return line.status


def test_an_invitation_is_shown_with_what_became_of_it(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(invitation())
    assert status(plant) is InvitationStatus.OPEN
    office.does(
        invitation(AMINA, code=signer_of("recovery"), invitation_id=ANOTHER, expires_on=None)
    )
    (recovery,) = looked_at_by(office, AMINA).invitations(AMINA)
    assert (recovery.given.user, recovery.expires_on) == ("Amina", None)
    recorded(office, KARIM, CODE, own(KARIM, office, IN_THE_VAN), role=DRIVER)
    assert status(plant) is InvitationStatus.USED
    assert [line.user for line in looked_at_by(office, AMINA).invitations()] == ["Amina", "Karim"]


def test_an_invitation_is_shown_to_be_withdrawn(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(
        invitation(), WithdrawInvitation(user_id=KARIM, invitation_id=ONE, reason="code perdu")
    )
    (line,) = looked_at_by(office, AMINA).invitations(KARIM)
    assert (line.status, line.reason) == (InvitationStatus.WITHDRAWN, "code perdu")


def test_an_invitation_is_shown_to_have_expired_and_to_have_fallen(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(invitation(expires_on=TODAY - timedelta(days=1)))
    assert status(plant) is InvitationStatus.EXPIRED
    recorded(office, NADIA, HERS, DeactivateUser(user_id=AMINA))
    assert status(plant) is InvitationStatus.FALLEN
