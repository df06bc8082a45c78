"""Who may act, and as what."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from manchengo_cli import parameters
from manchengo_cli.session import Context, Session
from manchengo_cli.typer_commands import Group, Recording, SessionCommand
from manchengo_presenters.language import N_

if TYPE_CHECKING:
    pass

ROLES = ("admin", "appro", "production", "commercial", "livreur", "comptable")

app = typer.Typer()
users = typer.Typer(cls=Group, name="user", no_args_is_help=True)
app.add_typer(users, help=N_("Who may act, and as what."))

Name = Annotated[str, typer.Argument(parser=parameters.name, metavar=N_("NAME"))]
Roles = Annotated[
    list[str],
    typer.Argument(
        parser=parameters.one_of(*ROLES),
        metavar=N_("ROLE"),
        help=N_("admin, appro, production, commercial, livreur or comptable; one or several."),
    ),
]


@users.command(
    "list", cls=SessionCommand, help=N_("The users and their roles."), epilog="manchengo user list"
)
def list_(ctx: Context) -> None:
    from manchengo_cli.pages import users as pages

    pages.show_users(Session.of(ctx))


@users.command(
    "add",
    cls=Recording,
    help=N_("Give someone the right to act."),
    epilog="manchengo user add karim livreur\nmanchengo user add amina appro production",
)
def add(ctx: Context, name: Name, roles: Roles) -> None:
    from manchengo.commands import RegisterUser
    from manchengo.domain.ids import UserId

    carry_out(
        ctx,
        name,
        lambda choices: RegisterUser(
            user_id=UserId(choices.id("user_id")), name=name, roles=_roles(roles)
        ),
    )


@users.command(
    "role",
    cls=Recording,
    help=N_("Give someone other roles, in place of those before."),
    epilog="manchengo user role karim livreur commercial",
)
def role(ctx: Context, name: Name, roles: Roles) -> None:
    from manchengo.commands import ChangeRoles
    from manchengo_workplace import lookups

    carry_out(
        ctx,
        name,
        lambda choices: ChangeRoles(
            user_id=lookups.user(choices.snapshot, name).id, roles=_roles(roles)
        ),
    )


@users.command(
    "deactivate",
    cls=Recording,
    help=N_("Someone may no longer act; what they did stays under their name."),
    epilog="manchengo user deactivate karim",
)
def deactivate(ctx: Context, name: Name) -> None:
    from manchengo.commands import DeactivateUser
    from manchengo_workplace import lookups

    carry_out(
        ctx,
        name,
        lambda choices: DeactivateUser(user_id=lookups.user(choices.snapshot, name).id),
    )


def carry_out(ctx: Context, name: str, build: Any) -> None:
    from manchengo_cli import executing
    from manchengo_cli.pages.users import confirmation
    from manchengo_workplace import lookups

    executing.carry_out(
        Session.of(ctx),
        build,
        lambda snapshot, _command: [confirmation(lookups.user(snapshot, name))],
    )


def _roles(names: Iterable[str]) -> Any:
    from manchengo import Role

    return frozenset(Role(name) for name in names)
