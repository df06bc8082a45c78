"""Commands about one lot, order or delivery, which is named by its code.

Most make one command of the core of what is typed: its options bear the names of the fields.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import typer

from manchengo_cli import listing
from manchengo_cli.commands import options
from manchengo_cli.session import Context, Session
from manchengo_cli.signatures import optional, required, taking
from manchengo_cli.typer_commands import Operation, SessionCommand
from manchengo_presenters.measures import Measure

if TYPE_CHECKING:
    from manchengo.application.choices import Choices
    from manchengo_cli.pages.things import ListedThing, Thing

NOTHING: Mapping[str, Any] = {}


class Steps:
    """Adds commands to ``app``. ``thing``: what they are about, loaded when one is called;
    ``code``: how one is named.
    """

    def __init__(self, app: typer.Typer, thing: Callable[[], "Thing[Any]"], code: Any) -> None:
        self._app = app
        self._thing = thing
        self._code = required("thing", code)

    def add(
        self,
        name: str,
        command: str,
        example: str,
        *,
        explanation: str | None = None,
        needs: Mapping[str, Any] = NOTHING,
        takes: Mapping[str, Any] = NOTHING,
    ) -> None:
        """A command that executes the ``command`` of ``manchengo.commands``. ``needs``, ``takes``:
        its fields that must and that may be typed; ``lot``: the code of one.
        """
        typed = [required(field, annotation) for field, annotation in needs.items()]

        @taking([self._code, *typed, *optional(takes)])
        def step(ctx: Context, **given: Any) -> None:
            about = self._thing()
            about.carry_out(
                Session.of(ctx),
                given.pop("thing"),
                lambda row, choices: built(command, {about.id: row.id}, row, choices, given),
            )

        self._app.command(name, cls=Operation, help=explanation, epilog=example)(step)


class ListedSteps(Steps):
    """As ``Steps``, of things that are listed and shown, too."""

    def __init__(
        self, app: typer.Typer, thing: Callable[[], "ListedThing[Any]"], code: Any
    ) -> None:
        super().__init__(app, thing, code)
        self._listed = thing

    def add_list(self, explanation: str, example: str) -> None:
        """``list``: those that are not over."""

        @taking(optional({"everything": options.Everything, **listing.OPTIONS}))
        def list_(ctx: Context, **given: Any) -> None:
            everything = given.pop("everything")
            self._listed().show_list(Session.of(ctx), everything=everything, given=given)

        self._app.command("list", cls=SessionCommand, help=explanation, epilog=example)(list_)

    def add_show(self, explanation: str, example: str) -> None:
        """``show``: one of them."""

        @taking([self._code])
        def show(ctx: Context, **given: str) -> None:
            self._listed().show_one(Session.of(ctx), given["thing"])

        self._app.command("show", cls=SessionCommand, help=explanation, epilog=example)(show)


def built(
    name: str, fields: dict[str, Any], row: Any, choices: "Choices", given: Mapping[str, Any]
) -> Any:
    """The command of that name: ``fields``, the day, and what was ``given``; a quantity is in the
    unit of the lot that is named, else of ``row``, unless it was typed with its own.
    """
    from manchengo import commands
    from manchengo_workplace import lookups

    lot = lookups.lot(choices.snapshot, given["lot"]) if "lot" in given else row
    fields = {**fields, "on": choices.day}
    for field, value in given.items():
        if field == "lot":
            fields["lot_id"] = lot.id
        elif isinstance(value, Measure):
            fields[field] = lookups.lot_quantity(value, lot)
        else:
            fields[field] = value
    return getattr(commands, name)(**fields)
