"""Who may record in whose name: only the person whose key signed it, on a device of theirs.

Looked at before anything else of a commit, at its place in the log. What nobody with standing wrote
is refused, and never parked: it can hold nothing up.
"""

from uuid import UUID

from attrs import frozen

from manchengo import codec
from manchengo.application.handlers.devices import family
from manchengo.application.marks import SERVER_MARK
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import COMMANDS, EnrolDevice, ReportReusedId, WithdrawDevice
from manchengo.domain.access import NoRights, User
from manchengo.domain.aggregates import PLANT, USER
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.person_keys import KeyNotAdmitted, NotSigned
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.rows import DeviceRow, UserRow

SAID_BY_A_SERVER = (EnrolDevice, WithdrawDevice)
"""What a server records by itself, and nothing else: the devices that it let in or withdrew."""


@frozen(kw_only=True)
class Author:
    """Who says that they recorded a command. ``key``: with which they signed, None where they did
    not; ``family_id``: the first id of the device at which they have it. ``makes_a_server_known``:
    the commit is the first of a server, in which it says who it is. Only the server itself takes in
    what a device wrote that the log does not know, and only under a key of its own.
    """

    user_id: UserId
    device_id: DeviceId
    command_type: str
    key: bytes | None
    family_id: DeviceId | None
    makes_a_server_known: bool = False

    @classmethod
    def of(cls, commit: Commit) -> "Author":
        """The author that the commit names."""
        part = commit.authorship
        return cls(
            user_id=commit.user_id,
            device_id=commit.device_id,
            command_type=commit.command_type,
            key=None if part is None else part.key,
            family_id=None if part is None else part.family_id,
            makes_a_server_known=_makes_a_server_known(commit),
        )


def _makes_a_server_known(commit: Commit) -> bool:
    schema = COMMANDS.get(commit.command_type)
    if schema is None or schema.type is not EnrolDevice:
        return False
    try:
        known = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
    except codec.Unreadable:
        return False
    return (known.device_id, known.mark) == (commit.device_id, SERVER_MARK)


def user_of(work: UnitOfWork, user_id: UserId) -> User | None:
    """The person of that id; None where the log knows of none."""
    try:
        return work.find(USER, user_id)
    except Unknown:
        return None


def check_author(work: UnitOfWork, author: Author) -> None:
    """``NotSigned`` or ``KeyNotAdmitted`` where the author is not who the command says. A plant
    without people asks nobody.
    """
    user = user_of(work, author.user_id)
    if author.key is not None:
        _must_be_admitted(work, user, author.key.hex(), author.family_id)
    elif not _may_be_unsigned(work, user, author):
        raise NotSigned(user=user.name if user else "")


def check_has_rights(work: UnitOfWork, user_id: UserId) -> None:
    """``NoRights`` for somebody unknown, gone or without a role. A plant without people asks
    nobody.
    """
    user = user_of(work, user_id)
    if user is None and _has_no_people(work):
        return
    if user is None or not user.active or not user.roles:
        raise NoRights(user=user.name if user else "")


def _has_no_people(work: UnitOfWork) -> bool:
    return next(work.snapshot.rows(UserRow, limit=1), None) is None


def _must_be_admitted(
    work: UnitOfWork, user: User | None, key: str, family_id: DeviceId | None
) -> None:
    if user is None and _has_no_people(work):
        return
    keys = user.keys if user else ()
    if not any(
        (each.public_key, each.family_id, each.withdrawn) == (key, family_id, "") for each in keys
    ):
        raise KeyNotAdmitted(user=user.name if user else "")


def _may_be_unsigned(work: UnitOfWork, user: User | None, author: Author) -> bool:
    """Reports of the device itself, and what a server says; the rest where its author has no key at
    that device, and is the person for whom it was enrolled where everybody must sign.
    """
    schema = COMMANDS.get(author.command_type)
    kind = schema.type if schema else None
    if kind is ReportReusedId:
        return True
    if kind in SAID_BY_A_SERVER and _is_said_by_a_server(work, author):
        return True
    if user is not None and user.keys and _has_a_key_at(work, user, author.device_id):
        return False
    plant = work.find(PLANT, PLANT_ID)
    if plant is None or not plant.must_sign:
        return True
    device = work.snapshot.get(DeviceRow, author.device_id)
    if device is None or device.mark == SERVER_MARK:
        return False
    return device.user_id == author.user_id


def _is_said_by_a_server(work: UnitOfWork, author: Author) -> bool:
    device = work.snapshot.get(DeviceRow, author.device_id)
    if device is None:
        return author.makes_a_server_known
    return device.mark == SERVER_MARK


def _has_a_key_at(work: UnitOfWork, user: User, device_id: DeviceId) -> bool:
    """Whether the person ever had one there: a key that was withdrawn gives no way back."""
    ids: list[UUID] = [device_id]
    if work.snapshot.get(DeviceRow, device_id) is not None:
        ids += family(work, device_id)
    return any(key.family_id in ids for key in user.keys)
