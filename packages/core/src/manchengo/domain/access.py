"""Who may do what: people have roles, roles have permissions, every command needs one.

The check itself stands in the application, so that every door of the house has it.
"""

from enum import StrEnum
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import Archived, NothingToDo, Refused, name_given
from manchengo.domain.ids import DeviceId, UserId


class Role(StrEnum):
    """The names operators know."""

    ADMIN = "admin"
    SUPPLY = "appro"
    PRODUCTION = "production"
    SALES = "commercial"
    DRIVER = "livreur"
    ACCOUNTANT = "comptable"


class Permission(StrEnum):
    """What a command needs; ``GRANTS`` says which roles have it."""

    ADMINISTER = "administer"
    KEEP_PARTIES = "keep_parties"
    KEEP_PRODUCTS = "keep_products"
    RECEIVE = "receive"
    ENTER_OPENING_STOCK = "enter_opening_stock"
    ADJUST_STOCK = "adjust_stock"
    JUDGE_QUALITY = "judge_quality"
    PRODUCE = "produce"
    SELL = "sell"
    DELIVER = "deliver"
    INVOICE = "invoice"
    IMPORT = "import"
    RESOLVE = "resolve"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.SUPPLY: frozenset(
        {
            Permission.KEEP_PARTIES,
            Permission.RECEIVE,
            Permission.ADJUST_STOCK,
            Permission.IMPORT,
            Permission.RESOLVE,
        }
    ),
    Role.PRODUCTION: frozenset(
        {
            Permission.KEEP_PRODUCTS,
            Permission.PRODUCE,
            Permission.ADJUST_STOCK,
            Permission.JUDGE_QUALITY,
            Permission.IMPORT,
            Permission.RESOLVE,
        }
    ),
    Role.SALES: frozenset(
        {
            Permission.KEEP_PARTIES,
            Permission.SELL,
            Permission.DELIVER,
            Permission.IMPORT,
            Permission.RESOLVE,
        }
    ),
    Role.DRIVER: frozenset({Permission.DELIVER}),
    Role.ACCOUNTANT: frozenset({Permission.KEEP_PARTIES, Permission.INVOICE}),
}


@frozen(kw_only=True)
class Actor:
    """Who acts, on which device, with which roles."""

    user_id: UserId
    device_id: DeviceId
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles has that ``permission``."""
        return any(permission in GRANTS[role] for role in self.roles)


@frozen(kw_only=True)
class NotPermitted(Refused):
    """None of the person's roles allows this."""

    permission: Permission
    roles: frozenset[Role]


@frozen(kw_only=True)
class LastAdministrator(Refused):
    """Nobody would be left to give rights, or to let a device in."""

    user: str


@frozen(kw_only=True)
class RegisterUser:
    """A person may act, in these roles.

    ``name``: no other user bears it. ``roles``: one or more.

    Refused: ``AlreadyExists``, ``NameMissing``, ``NothingToDo``.
    """

    user_id: UserId
    name: str
    roles: frozenset[Role]


@frozen(kw_only=True)
class ChangeRoles:
    """From now on the person has these roles and no others.

    ``roles``: one or more.

    Refused: ``Archived``, ``LastAdministrator``, ``NothingToDo``.
    """

    user_id: UserId
    roles: frozenset[Role]


@frozen(kw_only=True)
class DeactivateUser:
    """The person does nothing more; what was recorded keeps the name.

    Refused: ``Archived``, ``LastAdministrator``.
    """

    user_id: UserId


UserCommand = RegisterUser | ChangeRoles | DeactivateUser


@frozen(kw_only=True)
class UserRegistered:
    user_id: UserId
    name: str
    roles: tuple[Role, ...]


@frozen(kw_only=True)
class UserRolesChanged:
    roles: tuple[Role, ...]


@frozen(kw_only=True)
class UserDeactivated:
    pass


UserEvent = UserRegistered | UserRolesChanged | UserDeactivated


@frozen(kw_only=True)
class User:
    id: UserId
    name: str
    roles: frozenset[Role]
    active: bool = True


def decide(user: User | None, command: UserCommand) -> tuple[UserEvent, ...]:
    match command:
        case RegisterUser():
            name = name_given(command.name, "user").strip()
            if not command.roles:
                raise NothingToDo(what="roles")
            return (
                UserRegistered(user_id=command.user_id, name=name, roles=_sorted(command.roles)),
            )
        case ChangeRoles():
            if not command.roles:
                raise NothingToDo(what="roles")
            known = _active(user)
            if command.roles == known.roles:
                return ()
            return (UserRolesChanged(roles=_sorted(command.roles)),)
        case DeactivateUser():
            _active(user)
            return (UserDeactivated(),)
        case _:
            assert_never(command)


def evolve(user: User | None, event: UserEvent) -> User:
    match event:
        case UserRegistered():
            return User(id=event.user_id, name=event.name, roles=frozenset(event.roles))
        case UserRolesChanged():
            return changed(_existing(user), roles=frozenset(event.roles))
        case UserDeactivated():
            return changed(_existing(user), active=False)
        case _:
            assert_never(event)


def _sorted(roles: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(sorted(roles))


def _active(user: User | None) -> User:
    known = _existing(user)
    if not known.active:
        raise Archived(kind="user", code=known.name)
    return known


def _existing(user: User | None) -> User:
    assert user is not None, "a user is registered before anything else happens to them"
    return user
