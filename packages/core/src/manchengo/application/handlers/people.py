"""The keys of people, their invitations, whether a plant asks for keys, and its own keys."""

from collections.abc import Iterator

from manchengo.application.administrators import one_must_remain, somebody_must_sign
from manchengo.application.handlers.registers import register_user
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain import access, plant
from manchengo.domain.access import RegisterUser, Role
from manchengo.domain.aggregates import DEVICE, PLANT, USER
from manchengo.domain.genesis import FoundPlant
from manchengo.domain.ids import InvitationId
from manchengo.domain.invitations import (
    InvitationCommand,
    InvitationRedeemed,
    InvitePerson,
)
from manchengo.domain.person_keys import (
    AdmitKey,
    AdmitOwnKey,
    KeyCommand,
    KeyNotProved,
    KeyTaken,
    PersonKey,
)
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.rows import DeviceRow, UserRow


def key_step(work: UnitOfWork, command: KeyCommand) -> None:
    """Admits or withdraws a person's key, after every rule about keys of others; somebody must
    remain who may administer.
    """
    known = work.load(USER, command.user_id)
    if isinstance(command, AdmitKey | AdmitOwnKey):
        _must_be_free(work, command, but=_as_asked(command))
    if isinstance(command, AdmitOwnKey):
        work.record(USER, command.user_id, _redeemed(work, known))
    admitted_or_withdrawn = access.decide(known, command)
    if isinstance(command, AdmitKey | AdmitOwnKey) and admitted_or_withdrawn:
        _must_be_proved(work, command)
    work.record(USER, command.user_id, admitted_or_withdrawn)
    one_must_remain(work, [(known, work.load(USER, command.user_id))])


def invitation_step(work: UnitOfWork, command: InvitationCommand) -> None:
    """Invites a person to begin a key, or withdraws the invitation."""
    known = work.load(USER, command.user_id)
    if isinstance(command, InvitePerson):
        _must_be_free(work, command, but=command.invitation_id)
    work.record(USER, command.user_id, access.decide(known, command, by=work.author_id))


def found_plant(work: UnitOfWork, command: FoundPlant) -> None:
    """Founds the plant: its founder administers it, signs with their key, has a recovery key."""
    plant_step(work, command)
    registration, admission, recovery = steps_of_founding(command)
    register_user(work, registration)
    key_step(work, admission)
    invitation_step(work, recovery)


def steps_of_founding(command: FoundPlant) -> tuple[RegisterUser, AdmitKey, InvitePerson]:
    """What happens to the founder by it."""
    founder_id = command.founder_id
    return (
        RegisterUser(user_id=founder_id, name=command.founder, roles=frozenset({Role.ADMIN})),
        AdmitKey(user_id=founder_id, family_id=command.family_id, public_key=command.public_key),
        InvitePerson(
            user_id=founder_id,
            invitation_id=command.recovery_id,
            public_key=command.recovery_key,
            expires_on=None,
        ),
    )


def plant_step(work: UnitOfWork, command: plant.PlantCommand) -> None:
    """Has everybody sign, the server known by another key, or labels printed under another."""
    if isinstance(command, plant.RequireSigning) and command.unsigned_until is not None:
        somebody_must_sign(work)
    work.record(PLANT, PLANT_ID, plant.decide(work.find(PLANT, PLANT_ID), command))


def _redeemed(work: UnitOfWork, user: access.User) -> Iterator[InvitationRedeemed]:
    """The invitation whose code signed the command, if one did: it is used up."""
    for invitation in user.invitations:
        if invitation.public_key == work.author_key:
            yield InvitationRedeemed(invitation_id=invitation.id)


def _as_asked(command: AdmitKey | AdmitOwnKey) -> PersonKey:
    return PersonKey(public_key=command.public_key, family_id=command.family_id)


def _must_be_proved(work: UnitOfWork, command: AdmitKey | AdmitOwnKey) -> None:
    """``KeyNotProved`` where everybody must sign and nothing was signed with the key. Whether what
    was signed is right is checked where all signatures are.
    """
    plant_of_it = work.find(PLANT, PLANT_ID)
    must_sign = plant_of_it is not None and plant_of_it.must_sign
    if must_sign and not command.proof and work.author_key != command.public_key:
        raise KeyNotProved(given=command.public_key)


def must_be_nobodys(work: UnitOfWork, public_key: str) -> None:
    """``KeyTaken`` where a person has or had that key, or the code of an invitation makes it."""
    for row in work.snapshot.rows(UserRow):
        user = work.load(USER, row.id)
        taken = {key.public_key for key in user.keys}
        taken |= {each.public_key for each in user.invitations}
        if public_key in taken:
            raise KeyTaken(bearer=row.name)


def _must_be_free(
    work: UnitOfWork,
    command: AdmitKey | AdmitOwnKey | InvitePerson,
    *,
    but: PersonKey | InvitationId,
) -> None:
    """``KeyTaken`` where somebody has or had that key, or the code of an invitation makes it.
    ``but``: the key or the invitation of the person that it may be already.
    """
    public_key = command.public_key
    for row in work.snapshot.rows(UserRow):
        user = work.load(USER, row.id)
        may_be = but if user.id == command.user_id else None
        taken = {key.public_key for key in user.keys if key != may_be}
        taken |= {each.public_key for each in user.invitations if each.id != may_be}
        if public_key in taken:
            raise KeyTaken(bearer=row.name)
    for device in work.snapshot.rows(DeviceRow):
        if public_key in work.load(DEVICE, device.id).keys:
            raise KeyTaken(bearer=device.name)
