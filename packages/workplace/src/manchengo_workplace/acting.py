"""Who acts here: the person named, the one this device was let in for, the only administrator."""

from uuid import UUID

from manchengo import Role
from manchengo.application.people import users_in_log
from manchengo.domain.errors import Archived, Refused
from manchengo.domain.ids import UserId
from manchengo.ports.rows import UserRow
from manchengo.ports.store import Garbled, Snapshot
from manchengo_presenters.language import N_
from manchengo_workplace import lookups
from manchengo_workplace.failures import Failure, Origin

ENROLLED = "server.user_id"
"""The setting that names the user for whom a server let this device in."""

ANYONE = UserRow(id=UserId(UUID(int=0)), name="—", roles="", active=True)
"""Nobody in particular, with no right."""


def acting_user(
    snapshot: Snapshot, name: str | None, *, by_anyone: bool = False, even_damaged: bool = False
) -> UserRow:
    """The user of that name; without a name, the one for whom the device was enrolled, else the
    only administrator.

    ``even_damaged``: where the views do not have that user, the one of the log; ``by_anyone``: at
    last nobody, ``ANYONE``. Raises ``Failure``, ``Unknown`` and ``Archived``.
    """
    try:
        if name:
            return _named(snapshot, name)
        return _enrolled(snapshot) or _only_administrator(list(snapshot.rows(UserRow)))
    except (Failure, Garbled, Refused):
        found = _in_the_log(snapshot, name) if even_damaged else None
        if found is not None:
            return found
        if by_anyone:
            return ANYONE
        raise


def _in_the_log(snapshot: Snapshot, name: str | None) -> UserRow | None:
    """The same by the log, which takes long on a large one; None where it cannot be found there."""
    enrolled = snapshot.setting(ENROLLED)
    try:
        users = [user for user in users_in_log(snapshot) if user.active]
        if not name and not enrolled:
            return _only_administrator(users)
    except (Failure, Garbled):
        return None
    wanted = name or enrolled
    return next((user for user in users if wanted in (user.name, str(user.id))), None)


def _enrolled(snapshot: Snapshot) -> UserRow | None:
    known = snapshot.setting(ENROLLED)
    user = snapshot.get(UserRow, UserId(UUID(known))) if known else None
    return user if user is not None and user.active else None


def _named(snapshot: Snapshot, name: str) -> UserRow:
    user = lookups.user(snapshot, name)
    if not user.active:
        raise Archived(kind="user", code=user.name)
    return user


def _only_administrator(users: list[UserRow]) -> UserRow:
    admins = [user for user in users if user.active and Role.ADMIN in roles_of(user.roles)]
    if len(admins) == 1:
        return admins[0]
    names = sorted(user.name for user in admins)
    raise Failure(
        "WhichUser",
        N_("Who are you? Choose a user (administrators: {names})."),
        {"administrators": names},
        values={"names": ", ".join(names) or "—"},
        origin=Origin.REQUEST,
    )


def roles_of(names: str) -> frozenset[Role]:
    """The roles that a row of a user names."""
    return frozenset(Role(name) for name in names.split())
