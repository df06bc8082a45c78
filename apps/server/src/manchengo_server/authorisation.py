"""Who may do what at the head of the log: devices with their keys, people with their roles."""

from attrs import frozen

from manchengo.application.authors import must_sign_at, signs_at
from manchengo.application.unit_of_work import UnitOfWork, decoded
from manchengo.domain.access import Actor, Permission, Role
from manchengo.domain.device import DeviceEnrolled
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo.ports.store import Snapshot
from manchengo_server.errors import (
    DeviceIsWithdrawn,
    NotAllowed,
    PersonNotProved,
    UnknownDevice,
    UserIsWithdrawn,
)
from manchengo_server.plant import OWN_MARK
from manchengo_server.recovery import must_not_be_recovering


@frozen(kw_only=True)
class Bearer:
    """Who asks: a device, the person at it, and what that person may do. ``is_proved``: they signed
    for the token, or the plant believes names there; else it is the device's word alone.
    ``hands_back``: the log does not know the device yet, and it does nothing else.
    """

    device_id: DeviceId
    user_id: UserId
    roles: frozenset[Role]
    is_proved: bool
    hands_back: bool = False

    @property
    def is_administrator(self) -> bool:
        """Whether the roles of the user permit to manage devices."""
        actor = Actor(user_id=self.user_id, device_id=self.device_id, roles=self.roles)
        return actor.may(Permission.MANAGE_DEVICES)


@frozen(kw_only=True)
class SignedBy:
    """Who signed for a token, and with which key: in hexadecimal."""

    user_id: UserId
    key: str


def must_be_administrator(bearer: Bearer) -> None:
    """At the doors that let devices in, withdraw them, or say of each what program it runs. Raises
    ``NotAllowed``, ``PersonNotProved``.
    """
    if not bearer.is_administrator:
        raise NotAllowed
    if not bearer.is_proved:
        raise PersonNotProved


def active_device(snapshot: Snapshot, device_id: DeviceId) -> DeviceRow:
    """Raises ``UnknownDevice``, ``DeviceIsWithdrawn``; ``Recovering`` where it may become known
    yet.
    """
    row = snapshot.get(DeviceRow, device_id)
    if row is None:
        must_not_be_recovering(snapshot)
        raise UnknownDevice
    if row.withdrawn:
        raise DeviceIsWithdrawn
    return row


def bearer(snapshot: Snapshot, device_id: DeviceId, signed_by: SignedBy | None = None) -> Bearer:
    """The device, and who signed for the token, as long as the log admits their key there; else the
    person for whom the log says that it was let in: a device that named another in its requests
    could name an administrator.

    That person may not have reached the log yet: the device must be let in to bring them.
    Raises ``UnknownDevice``, ``DeviceIsWithdrawn``, ``UserIsWithdrawn``.
    """
    device, work = active_device(snapshot, device_id), UnitOfWork(snapshot)
    user = snapshot.get(UserRow, device.user_id)
    if user is not None and not user.active:
        raise UserIsWithdrawn
    if signed_by is not None and signs_at(work, signed_by.user_id, signed_by.key, device_id):
        user_id = signed_by.user_id
        signer = snapshot.get(UserRow, user_id)
        return Bearer(device_id=device_id, user_id=user_id, roles=roles(signer), is_proved=True)
    is_believed = not must_sign_at(work, device.user_id, device_id)
    return Bearer(
        device_id=device_id, user_id=device.user_id, roles=roles(user), is_proved=is_believed
    )


def roles(user: UserRow | None) -> frozenset[Role]:
    """The roles of an active user; none for a deactivated one, or where there is no such user."""
    if user is None or not user.active:
        return frozenset()
    return frozenset(Role(name) for name in user.roles.split())


def is_administrator(user: UserRow | None) -> bool:
    """Whether the user is active and has the role of administrator."""
    return Role.ADMIN in roles(user)


def on_whose_authority(snapshot: Snapshot, wanted: UserId) -> UserId:
    """The administrator in whose name the server records: the one who asked, else the first.

    A plant without one asks nobody for rights.
    """
    if is_administrator(snapshot.get(UserRow, wanted)):
        return wanted
    first = next((user.id for user in snapshot.rows(UserRow) if is_administrator(user)), None)
    return first or wanted


def keys_ever_borne(snapshot: Snapshot, device_id: DeviceId) -> list[str]:
    """The public keys of a device, its present one first: what it signed with a former one stays
    its own.
    """
    row = snapshot.get(DeviceRow, device_id)
    if row is None:
        return []
    former = [event.public_key for event in reversed(_enrolments(snapshot, device_id))]
    return list(dict.fromkeys([row.public_key, *former]))


def own_keys(snapshot: Snapshot, own: str) -> list[str]:
    """The server's public keys: its own, that it had under every id it ever had, and those of the
    servers that were lost before it, as far as the log knows them.
    """
    lost = [row.public_key for row in snapshot.rows(DeviceRow) if row.mark == OWN_MARK]
    return [own, *dict.fromkeys(lost)]


def _enrolments(snapshot: Snapshot, device_id: DeviceId) -> list[DeviceEnrolled]:
    return [
        event for event in decoded(snapshot.stream(device_id)) if isinstance(event, DeviceEnrolled)
    ]
