"""Conflicts between devices: list, show and resolve them."""

from typing import Annotated

import typer

from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.typed_values import CODE, IDENTIFIER, NAME, flag
from manchengo_cli.typer_commands import OnADay, Operation, SessionCommand, SessionGroup
from manchengo_presenters.language import N_, _

app = typer.Typer()
conflicts = typer.Typer(cls=SessionGroup, name="conflicts")
app.add_typer(conflicts)

Item = Annotated[
    str, IDENTIFIER.argument(N_("As “manchengo conflicts” gives it; its beginning is enough."))
]


@conflicts.callback(
    invoke_without_command=True,
    epilog="manchengo conflicts\n"
    "manchengo conflicts --all --json\n"
    "manchengo conflicts --chosen-again",
)
def list_(
    ctx: Context,
    everything: Annotated[bool, flag("--all", N_("Also those that are closed."))] = False,
    chosen_again: Annotated[
        bool,
        flag(
            "--chosen-again",
            N_(
                "Only the orders that were given other lots than those chosen on their device: "
                "nothing is to be decided there."
            ),
        ),
    ] = False,
) -> None:
    if everything and chosen_again:
        raise typer.BadParameter(_("Give one of --all and --chosen-again."))
    if ctx.invoked_subcommand is None:
        from manchengo_cli.pages import conflicts as pages

        if chosen_again:
            pages.show_chosen_again(Session.of(ctx))
        else:
            pages.show_conflicts(Session.of(ctx), everything=everything)


@conflicts.command(
    "show",
    cls=SessionCommand,
    help=N_("One conflict: what was recorded, why it was refused, and the ways out."),
    epilog="manchengo conflicts show 3f9c2a10",
)
def show(ctx: Context, item: Item) -> None:
    from manchengo_cli.pages import conflict as pages

    pages.show_conflict(Session.of(ctx), item)


@conflicts.command(
    "resolve",
    cls=Operation,
    help=N_(
        "Decide on one: give it up, or have it recorded again, as it was or otherwise.\n\n"
        "The first decision holds on every device. Nothing is erased: what was recorded stays in "
        "the log."
    ),
    epilog='manchengo conflicts resolve 3f9c2a10 --void --reason "compté deux fois"\n'
    'manchengo conflicts resolve 3f9c2a10 --lot MP-02476 --reason "étiquette mal lue"',
)
def resolve(
    ctx: Context,
    item: Item,
    reason: options.Reason,
    void: Annotated[bool, flag("--void", N_("Give it up: it did not happen, or not so."))] = False,
    retry: Annotated[
        bool,
        flag("--retry", N_("Record it again as it was, once what was in its way is corrected.")),
    ] = False,
    accept: Annotated[
        bool,
        flag(
            "--accept", N_("Accept what its author signed, though their key or rights had ended.")
        ),
    ] = False,
    lot: Annotated[str | None, CODE.option("--lot", N_("Record it again with this lot."))] = None,
    code: Annotated[
        str | None, CODE.option("--code", N_("Record it again under this code."))
    ] = None,
) -> None:
    from manchengo.domain.resolution import Way
    from manchengo_cli.pages import conflict as pages

    ways = {
        Way.VOID: void,
        Way.RETRY: retry,
        Way.ACCEPT: accept,
        Way.OTHER_LOT: lot is not None,
        Way.OTHER_CODE: code is not None,
    }
    chosen = [way for way, given in ways.items() if given]
    if len(chosen) != 1:
        raise typer.BadParameter(_("Give one of --void, --retry, --accept, --lot and --code."))
    pages.resolve(Session.of(ctx), item, chosen[0], reason, lot=lot, code=code or "")


@conflicts.command(
    "set-aside",
    cls=Operation,
    help=N_(
        "Set aside what cannot be read: what it held up goes on, and it stays as it is for people "
        "to see."
    ),
    epilog='manchengo conflicts set-aside 3f9c2a10 --reason "téléphone inconnu"',
)
def set_aside(ctx: Context, item: Item, reason: options.Reason) -> None:
    from manchengo_cli.pages import conflict as pages

    pages.set_aside(Session.of(ctx), item, reason)


@conflicts.command(
    "take-up",
    cls=Operation,
    help=N_("Take up again what was set aside: it is judged once it can be read."),
    epilog='manchengo conflicts take-up 3f9c2a10 --reason "programme à jour"',
)
def take_up(ctx: Context, item: Item, reason: options.Reason) -> None:
    from manchengo_cli.pages import conflict as pages

    pages.take_up(Session.of(ctx), item, reason)


@conflicts.command(
    "accept",
    cls=OnADay,
    help=N_(
        "Accept what somebody signed while their key or their rights had ended: all of it, in the "
        "order in which they recorded it.\n\n"
        "For the telephone that was lost and found again, or the colleague who left with work "
        "that was never sent. Ask them first whether it is theirs."
    ),
    epilog='manchengo conflicts accept karim --reason "téléphone retrouvé"\n'
    'manchengo conflicts accept karim --up-to 3f9c2a10 --reason "volé le soir"',
)
def accept_all(
    ctx: Context,
    name: Annotated[str, NAME.argument()],
    reason: options.Reason,
    up_to: Annotated[
        str | None,
        IDENTIFIER.option(
            "--up-to", N_("The last one that is theirs, as “manchengo conflicts” gives it.")
        ),
    ] = None,
) -> None:
    from manchengo_cli.pages import accepting as pages

    pages.accept_signed(Session.of(ctx), name, reason=reason, up_to=up_to)
