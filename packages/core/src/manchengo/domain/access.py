"""Who may do what: people have roles, roles have permissions, every command needs one.

The check itself stands in the application, so that every door of the house has it.
"""

from enum import StrEnum
from functools import cache
from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen

from manchengo.domain.errors import Archived, NothingToDo, Refused, name_given
from manchengo.domain.genesis import NotTheGenesis, PlantAlreadyFounded, PlantNotFounded
from manchengo.domain.ids import NOBODY, DeviceId, UserId
from manchengo.domain.invitations import (
    Invitation,
    InvitationCommand,
    InvitationEvent,
    InvitationExpired,
    InvitationFallen,
    InvitationRedeemed,
    InvitationUnknown,
    InvitationUsed,
    InvitationWithdrawn,
    InvitePerson,
    PersonInvitationWithdrawn,
    PersonInvited,
    WithdrawInvitation,
    invite,
    withdraw,
)
from manchengo.domain.invitations import evolve as evolve_invitations
from manchengo.domain.person_keys import (
    AdmitKey,
    AdmitOwnKey,
    KeyAdmitted,
    KeyCommand,
    KeyNotAdmitted,
    KeyWithdrawn,
    NotSigned,
    PersonKey,
    SignedForAnotherPlant,
    WithdrawKey,
)
from manchengo.domain.person_keys import decide as decide_on_keys
from manchengo.domain.person_keys import evolve as evolve_keys


class Role(StrEnum):
    """The names operators know."""

    ADMIN = "admin"
    SUPPLY = "appro"
    PRODUCTION = "production"
    SALES = "commercial"
    DRIVER = "livreur"
    ACCOUNTANT = "comptable"


class Permission(StrEnum):
    """One kind of work, of reading, or of care for the database. Every command needs the permission
    of its work; ``GRANTS`` says which roles have it. The names are stored: a refusal that stands in
    a log bears one.
    """

    MANAGE_PEOPLE = "manage_people"
    MANAGE_DEVICES = "manage_devices"
    MANAGE_KEYS = "manage_keys"
    KEEP_OWN_KEYS = "keep_own_keys"
    KEEP_PARTIES = "keep_parties"
    KEEP_PLANT = "keep_plant"
    KEEP_PRODUCTS = "keep_products"
    KEEP_RECIPES = "keep_recipes"
    RECEIVE = "receive"
    ENTER_OPENING_STOCK = "enter_opening_stock"
    COUNT_STOCK = "count_stock"
    WRITE_OFF = "write_off"
    CORRECT_LOTS = "correct_lots"
    BLOCK_LOTS = "block_lots"
    RELEASE_LOTS = "release_lots"
    RECALL_LOTS = "recall_lots"
    PRODUCE = "produce"
    SELL = "sell"
    DELIVER = "deliver"
    ISSUE_INVOICES = "issue_invoices"
    COLLECT = "collect"
    CREDIT_OR_VOID = "credit_or_void"
    IMPORT = "import"
    UNDO_IMPORTS = "undo_imports"
    RESOLVE = "resolve"
    SET_ASIDE = "set_aside"
    READ_PARTIES = "read_parties"
    READ_PRICES = "read_prices"
    READ_AUDIT = "read_audit"
    VERIFY = "verify"
    BACK_UP = "back_up"
    RESTORE = "restore"
    REBUILD = "rebuild"


_STOCK_KEEPING = frozenset({Permission.COUNT_STOCK, Permission.WRITE_OFF, Permission.CORRECT_LOTS})
_IMPORTING = frozenset({Permission.IMPORT, Permission.UNDO_IMPORTS})
_OFFICE = frozenset({Permission.READ_PRICES, Permission.RESOLVE, Permission.BACK_UP})
_EVERYBODY = frozenset({Permission.KEEP_OWN_KEYS, Permission.VERIFY})

GRANTS: dict[Role, frozenset[Permission]] = {
    # Answers for the dairy, and for who may do and see what there.
    Role.ADMIN: frozenset(Permission),
    # Buys: meets the suppliers, takes in what they bring, and keeps the store of it.
    Role.SUPPLY: _EVERYBODY
    | _OFFICE
    | _STOCK_KEEPING
    | _IMPORTING
    | {Permission.KEEP_PARTIES, Permission.READ_PARTIES, Permission.RECEIVE},
    # Makes: says what a product is, costs, and is made of, and whether a lot is fit to leave.
    Role.PRODUCTION: _EVERYBODY
    | _OFFICE
    | _STOCK_KEEPING
    | _IMPORTING
    | {
        Permission.KEEP_PRODUCTS,
        Permission.KEEP_RECIPES,
        Permission.PRODUCE,
        Permission.BLOCK_LOTS,
        Permission.RELEASE_LOTS,
        Permission.RECALL_LOTS,
    },
    # Sells: meets the clients, takes their orders, and sees the goods off.
    Role.SALES: _EVERYBODY
    | _OFFICE
    | _IMPORTING
    | {Permission.KEEP_PARTIES, Permission.READ_PARTIES, Permission.SELL, Permission.DELIVER},
    # Drives: loads, hands over, brings back. The van and its telephone are out, so nothing else.
    Role.DRIVER: _EVERYBODY | {Permission.DELIVER},
    # Bills and collects, and keeps what an invoice says of whom it is for.
    Role.ACCOUNTANT: _EVERYBODY
    | _OFFICE
    | {
        Permission.KEEP_PARTIES,
        Permission.READ_PARTIES,
        Permission.ISSUE_INVOICES,
        Permission.COLLECT,
        Permission.CREDIT_OR_VOID,
    },
}


@frozen(kw_only=True)
class Actor:
    """Who acts, on which device, with which roles."""

    user_id: UserId
    device_id: DeviceId
    roles: frozenset[Role] = field()

    @roles.validator
    def _are_roles(self, _attribute: object, roles: object) -> None:
        if not (isinstance(roles, frozenset) and all(isinstance(role, Role) for role in roles)):
            raise TypeError(
                f"'roles' must be a frozenset of Role, such as frozenset({{Role.ADMIN}}), "
                f"not {roles!r}"
            )

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles has that ``permission``."""
        return permission in permissions(self.roles)


@cache  # every command asks, and there are few roles
def permissions(roles: frozenset[Role]) -> frozenset[Permission]:
    """What one of the ``roles`` has."""
    return frozenset().union(*(GRANTS[role] for role in roles))


def holders(permission: Permission) -> frozenset[Role]:
    """The roles that have that ``permission``."""
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)


@frozen(kw_only=True)
class NotPermitted(Refused):
    """None of the person's roles allows this."""

    permission: Permission
    roles: frozenset[Role]


@frozen(kw_only=True)
class NoRights(Refused):
    """This person may do nothing here: unknown, gone, or without a role. ``user``: the name, ""
    where nobody of that identifier is known.
    """

    user: str


AUTHOR_REFUSALS = (
    NotPermitted,
    NoRights,
    NotSigned,
    KeyNotAdmitted,
    SignedForAnotherPlant,
    NotTheGenesis,
    PlantAlreadyFounded,
    PlantNotFounded,
    InvitationUnknown,
    InvitationUsed,
    InvitationExpired,
    InvitationWithdrawn,
    InvitationFallen,
)
"""The refusals of a commit whose author had no right to it. What it claims recalls nothing, and
nobody else may do it again in the author's name.
"""


def is_author_refusal(refusal: str) -> bool:
    """Whether the refusal of that name is one of ``AUTHOR_REFUSALS``."""
    return any(refusal == kind.__name__ for kind in AUTHOR_REFUSALS)


def may_be_accepted(refusal: str) -> bool:
    """Whether what was refused so may be taken for its author's word all the same, if they signed
    it: their key was withdrawn, they had left or had other roles, while it waited on their device;
    or they signed it in another plant, and the device has moved here since.
    """
    return is_author_refusal(refusal) and refusal != NotSigned.__name__


@frozen(kw_only=True)
class LastAdministrator(Refused):
    """Nobody would be left who may manage people, keys and devices."""

    user: str


@frozen(kw_only=True)
class RegisterUser:
    """Registers a person with these roles.

    ``name``: unique among users. ``roles``: one or more.

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
    """The person may no longer act; what they recorded keeps their name.

    Refused: ``Archived``, ``LastAdministrator``.
    """

    user_id: UserId


UserCommand = RegisterUser | ChangeRoles | DeactivateUser | KeyCommand | InvitationCommand


@frozen(kw_only=True)
class UserRegistered:
    """Somebody was registered, with these roles."""

    user_id: UserId
    name: str
    roles: tuple[Role, ...]


@frozen(kw_only=True)
class UserRolesChanged:
    """Their roles are these from here on."""

    roles: tuple[Role, ...]


@frozen(kw_only=True)
class UserDeactivated:
    """They may do nothing any more."""


UserEvent = (
    UserRegistered
    | UserRolesChanged
    | UserDeactivated
    | KeyAdmitted
    | KeyWithdrawn
    | InvitationEvent
)


@frozen(kw_only=True)
class User:
    """``keys``: all that the person ever signed with, withdrawn ones among them; ``invitations``:
    all that they ever had, whatever became of them.
    """

    id: UserId
    name: str
    roles: frozenset[Role]
    active: bool = True
    keys: tuple[PersonKey, ...] = ()
    invitations: tuple[Invitation, ...] = ()

    @property
    def has_living_key(self) -> bool:
        """Whether one of the keys counts."""
        return any(not key.withdrawn for key in self.keys)

    def may(self, permission: Permission) -> bool:
        """Whether the person is there, and one of their roles has that ``permission``."""
        return self.active and any(permission in GRANTS[role] for role in self.roles)

    @property
    def may_invite(self) -> bool:
        """Whether what they gave to invite others stands: they may, and whoever has had a key has
        one that counts.
        """
        return self.may(Permission.MANAGE_KEYS) and (self.has_living_key or not self.keys)


def decide(
    user: User | None, command: UserCommand, *, by: UserId = NOBODY
) -> tuple[UserEvent, ...]:
    """``by``: who gives the command."""
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
        case AdmitKey() | AdmitOwnKey():
            return decide_on_keys(_active(user).keys, command)
        case WithdrawKey():
            return decide_on_keys(_existing(user).keys, command)
        case InvitePerson():
            return invite(_active(user).invitations, command, invited_by=by)
        case WithdrawInvitation():
            return withdraw(_existing(user).invitations, command)
        case _:
            assert_never(command)


def evolve(user: User | None, event: UserEvent) -> User:
    """The user after the event."""
    match event:
        case UserRegistered():
            return User(id=event.user_id, name=event.name, roles=frozenset(event.roles))
        case UserRolesChanged():
            return changed(_existing(user), roles=frozenset(event.roles))
        case UserDeactivated():
            return changed(_existing(user), active=False)
        case KeyAdmitted() | KeyWithdrawn():
            known = _existing(user)
            return changed(known, keys=evolve_keys(known.keys, event))
        case PersonInvited() | InvitationRedeemed() | PersonInvitationWithdrawn():
            known = _existing(user)
            return changed(known, invitations=evolve_invitations(known.invitations, event))
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
