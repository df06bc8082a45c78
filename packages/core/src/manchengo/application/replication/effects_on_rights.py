"""Who may do what changes by a command that says so, and by no other.

A device and a server that help each other could record that somebody has other roles under any
command, say a reception: the device signs it, the server accepts it. So what happens to people,
devices and the plant must be what the command asks for, also where the log has it as recorded.
"""

from typing import Any

from manchengo import commands
from manchengo.application.handlers.devices import family
from manchengo.application.handlers.people import steps_of_founding
from manchengo.application.replication.effects_case import Case, Effect
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain import access, device, genesis, invitations, person_keys
from manchengo.domain.aggregates import USER
from manchengo.domain.import_batch import EntriesUndone
from manchengo.domain.label_keys import is_said_by
from manchengo.domain.names import visible
from manchengo.domain.plant import ServerKeyChanged, SigningRequired


def without_a_cause(case: Case) -> str:
    """The first change of rights that the command does not ask for; "" if none. Of a command that
    this program cannot read, nobody here can say: its author must be somebody who may give rights.
    """
    if case.commands is None:
        return ""
    for effect in case.now:
        is_said = effect.event is None or any(
            is_asked_for(case, command, effect) for command in case.commands
        )
        if effect.changes_rights and not is_said:
            return f"{effect.kind} does not follow from {case.commit.command_type}"
    return ""


def is_asked_for(case: Case, command: Any, effect: Effect) -> bool:
    """Whether the command asks for that change of a person, a device, or the plant."""
    if not effect.is_of_its_kind:
        return False
    match command:
        case commands.EnrolDevice() | commands.WithdrawDevice():
            return _of_a_device(case, command, effect)
        case commands.AllowRenewal() | commands.LiftQuota():
            kinds = (device.RenewalAllowed, device.QuotaLifted)
            return isinstance(effect.event, kinds) and command.device_id == effect.subject
        case commands.FoundPlant():
            return _of_a_founding(case, command, effect)
        case commands.RequireSigning():
            asked = SigningRequired(unsigned_until=command.unsigned_until)
            return isinstance(effect.event, SigningRequired) and effect.event == asked
        case commands.ReplaceServerKey():
            replaced = (command.former_key, command.public_key)
            event = effect.event
            is_replaced = isinstance(event, ServerKeyChanged)
            return is_replaced and replaced == (event.former_key, event.public_key)
        case (
            commands.MakeLabelKey()
            | commands.RequestLabelKeys()
            | commands.GrantLabelKey()
            | commands.WithdrawLabelKey()
        ):
            return is_said_by(command, effect.event)
        case commands.UndoImport():
            return _undoes(case, command, effect)
        case _:
            is_about = getattr(command, "user_id", None) == effect.subject
            return is_about and _of_a_person(case, command, effect.event)


def _of_a_founding(case: Case, command: commands.FoundPlant, effect: Effect) -> bool:
    match effect.event:
        case genesis.PlantFounded() as founded:
            return founded == genesis.found(command)
        case SigningRequired() as required:
            return required.unsigned_until is None
        case _:
            return effect.subject == command.founder_id and any(
                _of_a_person(case, step, effect.event) for step in steps_of_founding(command)
            )


def _of_a_person(case: Case, command: Any, event: Any) -> bool:
    """``command``: about that person."""
    match command, event:
        case commands.RegisterUser(), access.UserRegistered():
            return (event,) == access.decide(None, command)
        case commands.ChangeRoles(), access.UserRolesChanged():
            return bool(command.roles == frozenset(event.roles))
        case commands.DeactivateUser(), access.UserDeactivated():
            return True
        case ((commands.AdmitKey() | commands.AdmitOwnKey()), person_keys.KeyAdmitted()):
            asked_for = (command.family_id, command.public_key)
            return asked_for == (event.family_id, event.public_key)
        case commands.AdmitOwnKey(), person_keys.KeyWithdrawn():
            is_replaced = event.reason == person_keys.REPLACED
            return is_replaced and _is_key_at(case, command, event.public_key)
        case commands.AdmitOwnKey(), invitations.InvitationRedeemed():
            return _is_its_code(case, command, event)
        case commands.WithdrawKey(), person_keys.KeyWithdrawn():
            recorded = (command.public_key, visible(command.reason))
            return recorded == (event.public_key, event.reason)
        case commands.InvitePerson(), invitations.PersonInvited():
            invited = (command.invitation_id, command.public_key, command.expires_on)
            is_so = invited == (event.invitation_id, event.public_key, event.expires_on)
            return is_so and event.invited_by == case.commit.user_id
        case commands.WithdrawInvitation(), invitations.PersonInvitationWithdrawn():
            taken_back = (command.invitation_id, visible(command.reason))
            return taken_back == (event.invitation_id, event.reason)
        case _:
            return False


def _of_a_device(
    case: Case, command: commands.EnrolDevice | commands.WithdrawDevice, effect: Effect
) -> bool:
    event = effect.event
    match command, event:
        case commands.EnrolDevice(), device.DeviceEnrolled():
            asked_for = (command.device_id, command.name.strip(), command.public_key)
            is_so = asked_for == (effect.subject, event.name, event.public_key)
            return is_so and command.user_id == event.user_id
        case commands.EnrolDevice(), device.DeviceWithdrawn():
            return command.device_id == effect.subject
        case commands.WithdrawDevice(), device.DeviceWithdrawn():
            relatives = family(UnitOfWork(case.snapshot), command.device_id)
            return visible(command.reason) == event.reason and effect.subject in relatives
        case commands.WithdrawDevice(), person_keys.KeyWithdrawn():
            return visible(command.reason) == event.reason and command.withdraws_keys
        case _:
            return False


def _undoes(case: Case, command: commands.UndoImport, effect: Effect) -> bool:
    event = effect.event
    if not isinstance(event, EntriesUndone):
        return False
    stream = case.snapshot.stream(effect.subject)
    made = sum(entry.import_id == command.import_id for entry in stream)
    return event.import_id == command.import_id and event.entries <= made


def _is_key_at(case: Case, command: commands.AdmitOwnKey, public_key: str) -> bool:
    """Whether the person has that key on the same device."""
    user = UnitOfWork(case.snapshot).load(USER, command.user_id)
    return any(
        (key.public_key, key.family_id) == (public_key, command.family_id) for key in user.keys
    )


def _is_its_code(
    case: Case, command: commands.AdmitOwnKey, event: invitations.InvitationRedeemed
) -> bool:
    """Whether the code of that invitation signed the command."""
    part = case.commit.authorship
    user = UnitOfWork(case.snapshot).load(USER, command.user_id)
    return part is not None and any(
        (each.id, each.public_key) == (event.invitation_id, part.key.hex())
        for each in user.invitations
    )
