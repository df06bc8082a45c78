"""Who may act, and as what."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from manchengo_cli import parameters
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import COUNT, NAME, TypedValue, flag
from manchengo_cli.typer_commands import Group, Recording, SessionCommand
from manchengo_presenters.language import N_

ROLES = ("admin", "appro", "production", "commercial", "livreur", "comptable")

app = typer.Typer()
users = typer.Typer(cls=Group, name="user", no_args_is_help=True)
app.add_typer(users)

Name = Annotated[str, NAME.argument()]
Roles = Annotated[
    list[str],
    TypedValue(N_("ROLE"), parameters.one_of(*ROLES)).argument(
        N_("admin, appro, production, commercial, livreur or comptable; one or several.")
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


@users.command(
    "invite",
    cls=SessionCommand,
    help=N_(
        "A one-time code with which someone begins to sign, or begins again, on whatever device "
        "they hold.\n\n"
        "It is shown only once. Whoever has it may choose the passphrase of that person: hand it "
        "to nobody else."
    ),
    epilog="manchengo user invite karim\nmanchengo user invite amina --recovery",
)
def invite(
    ctx: Context,
    name: Name,
    days: Annotated[
        int | None, COUNT.option("--days", N_("How many days it lasts; 7 when left out."))
    ] = None,
    recovery: Annotated[
        bool, flag("--recovery", N_("A recovery key, which lasts until it is used."))
    ] = False,
) -> None:
    from manchengo_cli.pages import signing_in as pages

    pages.invite(Session.of(ctx), name, days, recovery=recovery)


@users.command(
    "admit",
    cls=Recording,
    help=N_(
        "Admit the key that someone made on another device, which said what to type here.\n\n"
        "From then on what is signed there with it is the word of that person: be sure that it was "
        "they who made it."
    ),
    epilog="manchengo user admit karim AaLk1nx6dlqT…",
)
def admit(
    ctx: Context,
    name: Name,
    request: Annotated[
        str, TypedValue(N_("REQUEST")).argument(N_("The word of 150 characters that it said."))
    ],
) -> None:
    from manchengo_cli.pages import signing_in as pages

    pages.admit(Session.of(ctx), name, request)


@users.command(
    "keys",
    cls=SessionCommand,
    help=N_(
        "The keys with which people sign, on which device and since when, and who is invited to "
        "begin.\n\n"
        "Everybody may look at their own; at those of others, who may manage keys."
    ),
    epilog="manchengo user keys\nmanchengo user keys karim",
)
def keys(
    ctx: Context,
    name: Annotated[str | None, NAME.argument()] = None,
) -> None:
    from manchengo_cli.pages import keys as pages

    pages.show_keys(Session.of(ctx), name)


@users.command(
    "withdraw-key",
    cls=Recording,
    help=N_(
        "What someone signs with a key counts no more: for a telephone or computer that is lost or "
        "stolen.\n\n"
        "Everybody may withdraw their own. What was signed before and has arrived stays; what "
        "arrives later waits as a conflict (manchengo conflicts accept)."
    ),
    epilog='manchengo user withdraw-key karim --reason "téléphone perdu"\n'
    'manchengo user withdraw-key karim 3f9c2a10 --reason "ordinateur volé"',
)
def withdraw_key(
    ctx: Context,
    name: Name,
    reason: options.Reason,
    key: Annotated[
        str | None,
        TypedValue(N_("KEY"), parameters.hexadecimal).argument(
            N_("Its first digits, as “manchengo user keys” gives them, if there are several.")
        ),
    ] = None,
) -> None:
    from manchengo_cli.pages import keys as pages

    pages.withdraw_key(Session.of(ctx), name, key, reason)


@users.command(
    "unlock",
    cls=SessionCommand,
    help=N_("Let someone try again who is locked out of this device after too many wrong tries."),
    epilog="manchengo user unlock karim",
)
def unlock(ctx: Context, name: Name) -> None:
    from manchengo_cli.pages import signing_in as pages

    pages.let_in_again(Session.of(ctx), name)


@users.command(
    "require-signing",
    cls=Recording,
    help=N_(
        "From here on everybody signs what they record, in the whole plant; nothing takes it back."
        "\n\n"
        "A database of before believes the name that is given with --user until then. Everybody "
        "chooses a passphrase of their own, once on each device: manchengo passwd. Who has none "
        "yet may go without for some days more, on the device that is theirs. What was recorded "
        "before stays as it is.\n\n"
        "Given again, it may only shorten those days."
    ),
    epilog="manchengo user require-signing\nmanchengo user require-signing --days 30",
)
def require_signing(
    ctx: Context,
    days: Annotated[
        int | None,
        COUNT.option(
            "--days", N_("How many days one may go without a passphrase; 90 when left out.")
        ),
    ] = None,
) -> None:
    from manchengo_cli.pages import signing_in as pages

    pages.require_signing(Session.of(ctx), days)


def carry_out(ctx: Context, name: str, build: Any) -> None:
    """Carry out the command that ``build`` makes, and answer what that user may do now."""
    from manchengo_cli import executing
    from manchengo_presenters import confirmations
    from manchengo_workplace import lookups

    executing.carry_out(
        Session.of(ctx),
        build,
        lambda snapshot, _command: [
            confirmations.person(snapshot, lookups.user(snapshot, name).id)
        ],
    )


def _roles(names: Iterable[str]) -> Any:
    from manchengo import Role

    return frozenset(Role(name) for name in names)
