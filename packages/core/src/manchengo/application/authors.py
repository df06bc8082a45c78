"""Who may record in whose name: only the person whose key signed it, on a device of theirs.

Looked at before anything else of a commit, at its place in the log. What nobody with standing wrote
is refused, and never parked: it can hold nothing up.
"""

from datetime import date
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo import codec
from manchengo.application import last_unsigned_day
from manchengo.application.enrolments import is_vouched_for, was_enrolled_for
from manchengo.application.founding import awaits_its_genesis, check_genesis
from manchengo.application.handlers.devices import family
from manchengo.application.marks import SERVER_MARK
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import (
    COMMANDS,
    AdmitOwnKey,
    AllowRenewal,
    AnchorAudit,
    Command,
    EnrolDevice,
    FoundPlant,
    LiftQuota,
    ReportReusedId,
    WithdrawDevice,
)
from manchengo.domain.access import NoRights, User
from manchengo.domain.aggregates import PLANT, USER
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Unknown
from manchengo.domain.genesis import PlantNotFounded
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.invitations import InvitationFallen, InvitationUnknown, must_be_usable
from manchengo.domain.person_keys import KeyNotAdmitted, NotSigned, SignedForAnotherPlant
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo.ports.settings import PLANT_ID as OWN_PLANT_ID

SAID_BY_A_SERVER = (EnrolDevice, WithdrawDevice, AllowRenewal, LiftQuota, AnchorAudit)
"""What a server records by itself, and nothing else: the devices that it let in or withdrew, what
its operator allows a device beyond its limits, and where a device signed that its audit ends.
"""


@frozen(kw_only=True)
class Author:
    """Who says that they recorded a command. ``key``: with which they signed, None where they did
    not; ``family_id``: the first id of the device at which they have it; ``plant_id``: for which
    plant they signed, None where the device had joined none. ``admits``: the command, where it
    admits a key of whoever gives it; ``founds``: where it founds the plant. ``on``: the day by the
    clock of whoever asks; None where nobody knows it. ``makes_a_server_known``: the commit is the
    first of a server, in which it says who it is. Only the server itself takes in what a device
    wrote that the log does not know, and only under a key of its own.
    """

    user_id: UserId
    device_id: DeviceId
    command_type: str
    key: bytes | None
    family_id: DeviceId | None
    plant_id: UUID | None = None
    admits: AdmitOwnKey | None = None
    founds: FoundPlant | None = None
    on: date | None = None
    makes_a_server_known: bool = False

    @classmethod
    def of(cls, commit: Commit, *, on: date | None = None) -> "Author":
        """The author that the commit names."""
        part, command = commit.authorship, _about_its_author(commit)
        return cls(
            user_id=commit.user_id,
            device_id=commit.device_id,
            command_type=commit.command_type,
            key=None if part is None else part.key,
            family_id=None if part is None else part.family_id,
            plant_id=None if part is None else part.plant_id,
            admits=admits_own_key(commit.user_id, command),
            founds=command if isinstance(command, FoundPlant) else None,
            on=on,
            makes_a_server_known=isinstance(command, EnrolDevice)
            and (command.device_id, command.mark) == (commit.device_id, SERVER_MARK),
        )


def admits_own_key(user_id: UserId, command: Command | None) -> AdmitOwnKey | None:
    """The command, where that person admits a key of their own by it."""
    if isinstance(command, AdmitOwnKey) and command.user_id == user_id:
        return command
    return None


def _about_its_author(commit: Commit) -> Any:
    """The command, where it may say something of its author; None for all others, and where this
    program cannot read it.
    """
    schema = COMMANDS.get(commit.command_type)
    if schema is None or schema.type not in (AdmitOwnKey, EnrolDevice, FoundPlant):
        return None
    try:
        return codec.commands.decode(commit.command_type, commit.command_version, commit.command)
    except codec.Unreadable:
        return None


def user_of(work: UnitOfWork, user_id: UserId) -> User | None:
    """The person of that id; None where the log knows of none."""
    try:
        return work.find(USER, user_id)
    except Unknown:
        return None


def check_author(work: UnitOfWork, author: Author) -> None:
    """``NotSigned`` or ``KeyNotAdmitted`` where the author is not who the command says,
    ``SignedForAnotherPlant`` where they said it there, and what stands against an invitation where
    its code signed it. Before the genesis of a plant that has one ``PlantNotFounded``, and
    ``NotTheGenesis`` for another one. A plant of before asks nobody as long as it has no people.
    """
    user = user_of(work, author.user_id)
    if author.founds is not None:
        check_genesis(
            work,
            author.founds,
            user_id=author.user_id,
            key=author.key,
            family_id=author.family_id,
        )
    elif not _is_of_this_plant(work, author):
        raise SignedForAnotherPlant(user=user.name if user else "")
    elif _records_before_the_genesis(work, author):
        raise PlantNotFounded
    elif author.key is None:
        if author.admits is not None or not _may_be_unsigned(work, user, author):
            raise NotSigned(user=user.name if user else "")
    elif not _counts(work, user, author):
        raise KeyNotAdmitted(user=user.name if user else "")


def signs_at(work: UnitOfWork, user_id: UserId, key: str, device_id: DeviceId) -> bool:
    """Whether the log admits that key as the person's, who is active, on that device."""
    user = user_of(work, user_id)
    return (
        user is not None
        and user.active
        and any(
            each.public_key == key
            and not each.withdrawn
            and _is_of_the_family(work, device_id, each.family_id)
            for each in user.keys
        )
    )


def must_sign_at(work: UnitOfWork, user_id: UserId, device_id: DeviceId) -> bool:
    """Whether a name proves nothing there: everybody must sign, or the person has a key there."""
    user = user_of(work, user_id)
    has_key = user is not None and _has_a_key_at(work, user, device_id)
    return has_key or everybody_must_sign(work)


def check_has_rights(work: UnitOfWork, user_id: UserId) -> None:
    """``NoRights`` for somebody unknown, gone or without a role. A plant without people asks
    nobody.
    """
    user = user_of(work, user_id)
    if user is None and _has_no_people(work):
        return
    if user is None or not user.active or not user.roles:
        raise NoRights(user=user.name if user else "")


def _is_of_this_plant(work: UnitOfWork, author: Author) -> bool:
    """A device signs for no plant before it joins one, and is then of the one that takes it in."""
    if author.plant_id is None:
        return True
    return work.snapshot.setting(OWN_PLANT_ID) in (None, str(author.plant_id))


def _records_before_the_genesis(work: UnitOfWork, author: Author) -> bool:
    """A server lets the founder's device in before that can bring the genesis."""
    return not _is_of_a_machine(work, author) and awaits_its_genesis(work)


def _has_no_people(work: UnitOfWork) -> bool:
    return next(work.snapshot.rows(UserRow, limit=1), None) is None


def _counts(work: UnitOfWork, user: User | None, author: Author) -> bool:
    """Whether the key with which it is signed counts for it; raises what stands against an
    invitation whose code makes that key.
    """
    if author.admits is not None and author.admits.family_id != author.family_id:
        return False  # a key of one device begins no other, nor replaces one there
    return (
        _is_admitted(work, user, author)
        or _admits_a_first_key(work, user, author)
        or _is_invited(work, user, author)
    )


def _is_admitted(work: UnitOfWork, user: User | None, author: Author) -> bool:
    if user is None:
        return _has_no_people(work)
    key = author.key.hex() if author.key else ""
    return any(
        (each.public_key, each.family_id, each.withdrawn) == (key, author.family_id, "")
        for each in user.keys
    )


def _admits_a_first_key(work: UnitOfWork, user: User | None, author: Author) -> bool:
    """Whether by this command, signed with the very key that it admits, the person begins to sign
    at that device. Where the plant does not ask everybody to sign yet, who has no key begins at any
    device, and who has one at those that were enrolled for them.
    """
    command = author.admits
    if user is None or command is None or author.key is None:
        return False
    if command.public_key != author.key.hex():
        return False
    if not _is_for_its_device(work, author):
        return False
    if _has_a_key_at(work, user, author.device_id, command.family_id):
        return False
    if everybody_must_sign(work):
        return _begins_here(work, user, author)
    return not user.keys or was_enrolled_for(work, author.device_id, author.user_id)


def _is_invited(work: UnitOfWork, user: User | None, author: Author) -> bool:
    """Whether the code of an invitation signed the command by which the person begins; raises what
    stands against the invitation.
    """
    if user is None or not _is_for_its_device(work, author) or author.key is None:
        return False
    key = author.key.hex()
    known = {each.public_key for each in user.keys}
    if author.admits is None or key in known | {author.admits.public_key}:
        return False
    invitation = next((each for each in user.invitations if each.public_key == key), None)
    if invitation is None:
        raise InvitationUnknown(user=user.name)
    must_be_usable(invitation, user=user.name, on=author.on)
    host = user_of(work, invitation.invited_by)
    if host is None or not host.may_invite:
        raise InvitationFallen(user=user.name, invited_by=host.name if host else "")
    return True


def _is_for_its_device(work: UnitOfWork, author: Author) -> bool:
    """Whether the key is admitted for the very device that carries the command: else it would stay
    when that one is withdrawn.
    """
    command, device_id = author.admits, author.device_id
    return (
        command is not None
        and command.family_id == author.family_id
        and _is_of_the_family(work, device_id, command.family_id)
        and not _is_withdrawn(work, device_id)
    )


def _is_of_the_family(work: UnitOfWork, device_id: DeviceId, family_id: DeviceId) -> bool:
    """Whether that may be the first id of the device: another device's is not."""
    if work.snapshot.get(DeviceRow, family_id) is None:  # no server ever knew it by that one
        return True
    return family_id == device_id or family_id in family(work, device_id)


def _may_be_unsigned(work: UnitOfWork, user: User | None, author: Author) -> bool:
    """What a machine says; the rest where its author has no key at that device, and where everybody
    must sign, none at all, and somebody vouched that the device is theirs.
    """
    if _is_of_a_machine(work, author):
        return True
    if user is not None and user.keys and _has_a_key_at(work, user, author.device_id):
        return False
    return not everybody_must_sign(work) or _begins_here(work, user, author)


def _is_of_a_machine(work: UnitOfWork, author: Author) -> bool:
    """Whether it is what a device reports, or a server says, without anybody's key."""
    if author.key is not None:
        return False
    schema = COMMANDS.get(author.command_type)
    kind = schema.type if schema else None
    return kind is ReportReusedId or (
        kind in SAID_BY_A_SERVER and _is_said_by_a_server(work, author)
    )


def _begins_here(work: UnitOfWork, user: User | None, author: Author) -> bool:
    """Whether a person who never had a key is believed because a device was enrolled for them, for
    which somebody vouched. Who has one is not: one device of theirs would begin any other. Nor is
    anybody beyond the last day on which the plant lets them.
    """
    has_or_had_a_key = bool(user and user.keys)
    if has_or_had_a_key or not is_vouched_for(work, author.device_id, author.user_id):
        return False
    return not last_unsigned_day.is_past(work)


def everybody_must_sign(work: UnitOfWork) -> bool:
    """Whether the plant has everybody sign what they record."""
    plant = work.find(PLANT, PLANT_ID)
    return plant is not None and plant.must_sign


def _is_said_by_a_server(work: UnitOfWork, author: Author) -> bool:
    device = work.snapshot.get(DeviceRow, author.device_id)
    if device is None:
        return author.makes_a_server_known
    return device.mark == SERVER_MARK


def _is_withdrawn(work: UnitOfWork, device_id: DeviceId) -> bool:
    device = work.snapshot.get(DeviceRow, device_id)
    return device is not None and bool(device.withdrawn)


def _has_a_key_at(work: UnitOfWork, user: User, device_id: DeviceId, *further: DeviceId) -> bool:
    """Whether the person ever had one there: a key that was withdrawn gives no way back."""
    ids: list[UUID] = [device_id, *further]
    if work.snapshot.get(DeviceRow, device_id) is not None:
        ids += family(work, device_id)
    return any(key.family_id in ids for key in user.keys)
