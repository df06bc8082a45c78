"""Typer's commands and groups, speaking the operator's language and loaded only when called.

Typer's own help and messages are in English only; here its pages are laid out again, as plain text
that fits a telephone, from what Typer knows of each parameter. ``Any`` stands for the types that
Typer keeps to itself.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from manchengo_cli.completion import shell_text
from manchengo_cli.layout import Definitions, Page
from manchengo_cli.session import Session
from manchengo_cli.session_options import OPTIONS, QUERY, options_of
from manchengo_presenters.language import N_, _

TYPER_MESSAGES = (
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
"""What Typer says of its own options, so that the catalogue has it."""


COMMON = (*OPTIONS, "help")
"""Options that commands have in common, shown after their own."""


class SessionCommand(TyperCommand):
    """A command with the common options; ``ctx.obj`` becomes its ``Session``."""

    OPTIONS: tuple[str, ...] = QUERY

    def __init__(self, *args: Any, params: list[Any] | None = None, **settings: Any) -> None:
        own = list(params or [])
        self._own = {each.name for each in own}
        own.extend(each for each in options_of(self.OPTIONS) if each.name not in self._own)
        for each in own:
            read_plainly(each)
        super().__init__(*args, params=own, **settings)

    def invoke(self, ctx: Any) -> Any:
        take_session(ctx, self.OPTIONS, self._own)
        return super().invoke(ctx)

    def get_help_option(self, ctx: Any) -> Any:
        return read_plainly(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        return usage(self, ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(str(help_page(self, ctx)))

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - shells cut it themselves
        return first_sentence(self)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        return translate_offers(super().shell_complete(ctx, incomplete))


def take_session(ctx: Any, common: tuple[str, ...], own: set[str]) -> None:
    """The common options become the session; those that the command declares itself, it keeps."""
    given = {name: ctx.params[name] for name in common}
    for name in given.keys() - own:
        del ctx.params[name]
    before = ctx.obj if isinstance(ctx.obj, Session) else Session()
    ctx.obj = before.with_options(given)


class Recording(SessionCommand):
    """A command that changes a register; its id makes it safe to repeat."""

    OPTIONS = ("command_id", *QUERY)


class Operation(SessionCommand):
    """A command that says what happened at the dairy: it has a date, too."""

    OPTIONS = tuple(OPTIONS)


class OnADay(SessionCommand):
    """As an operation that cannot be previewed, and whose ids are its own: those of many scans, or
    one that follows from what it is about.
    """

    OPTIONS = ("on", *QUERY)


class OnADayOnce(SessionCommand):
    """As an operation that changes no balance, so that there is nothing to preview."""

    OPTIONS = ("on", "command_id", *QUERY)


class Bare(SessionCommand):
    """A command that touches no database of the user's."""

    OPTIONS = ()


class Group(TyperGroup):
    """Commands under one name."""

    def __init__(self, *args: Any, params: list[Any] | None = None, **settings: Any) -> None:
        for each in params or ():
            read_plainly(each)
        super().__init__(*args, params=params, **settings)

    def get_help_option(self, ctx: Any) -> Any:
        return read_plainly(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        return usage(self, ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(str(help_page(self, ctx)))

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - shells cut it themselves
        return first_sentence(self)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        return translate_offers(super().shell_complete(ctx, incomplete))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is typed first; where there is none, ends and names those that are spelt
        alike.
        """
        name = args[0]
        unknown_to_us = not name.startswith("-") and self.get_command(ctx, name) is None
        if unknown_to_us and not ctx.resilient_parsing:
            near = get_close_matches(name, self.list_commands(ctx))
            hint = _("Did you mean {names}?").format(names=", ".join(near)) if near else ""
            unknown = _("There is no command “{name}”.").format(name=name)
            ctx.fail(f"{unknown} {hint}".rstrip())
        return super().resolve_command(ctx, args)


@dataclass(frozen=True)
class Lazy:
    """A command that is not loaded yet: where it is, and what the list of commands says of it,
    with which its own page begins.
    """

    module: str
    short_help: str
    panel: str


class SessionGroup(Group):
    """Commands under one name, which alone is a question itself: it has the common options."""

    def __init__(self, *args: Any, params: list[Any] | None = None, **settings: Any) -> None:
        own = list(params or [])
        self._own = {each.name for each in own}
        own.extend(each for each in options_of(QUERY) if each.name not in self._own)
        super().__init__(*args, params=own, **settings)

    def invoke(self, ctx: Any) -> Any:
        take_session(ctx, QUERY, self._own)
        return super().invoke(ctx)


class LazyGroup(Group):
    """The root: a command's module is imported when the command is called, not to be listed."""

    LAZY: dict[str, Lazy]
    PACKAGE: str

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is Typer's
        return list(self.LAZY)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, its module imported now."""
        if cmd_name in self.LAZY and cmd_name not in self.commands:
            lazy = self.LAZY[cmd_name]
            declared = import_module(f"{self.PACKAGE}.{lazy.module}").app
            command = typer.main.get_group(only(cmd_name, declared)).commands[cmd_name]
            command.short_help = lazy.short_help
            self.commands[cmd_name] = command
        return super().get_command(ctx, cmd_name)


def only(name: str, loaded: typer.Typer) -> typer.Typer:
    """What the module declares, with the command or group of that name and no other: Typer makes
    all that it is given, which takes longer than to run one.
    """
    alone = copy(loaded)
    alone.registered_commands = [each for each in loaded.registered_commands if each.name == name]
    alone.registered_groups = [
        each
        for each in loaded.registered_groups
        if each.typer_instance is not None and each.typer_instance.info.name == name
    ]
    return alone


# ---------------------------------------------------------------------- from text to a value


@dataclass(frozen=True)
class Plainly:
    """Text through its parser, and nothing else."""

    read: Callable[[Any], Any]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002 - as Typer calls it
        """What is typed for that parameter, parsed; a list where it may be given several times."""
        if param.multiple or param.nargs == -1:
            return [self.read(each) for each in value or ()]
        return None if value is None else self.read(value)


def read_plainly(param: Any) -> Any:
    """The parameter, spared a detour: Typer would load pydantic to make text of text.

    Where a future Typer has no such place to put it, its own way is as right, only slower.
    """
    described = getattr(param, "type_descriptor", None)
    if described is None or not hasattr(param, "_runtime_param"):
        return param
    parser = described.parameter_info.parser
    if parser is not None:
        param._runtime_param = Plainly(parser)
    elif described.annotation in (bool, str, Path):
        param._runtime_param = Plainly(described.annotation)
    elif described.annotation == list[str]:
        param._runtime_param = Plainly(str)
    return param


# ------------------------------------------------------------------------------- the help page


def usage(command: Any, ctx: Any) -> str:
    """As in ``Utilisation : manchengo receive PRODUIT QUANTITÉ --supplier … [OPTIONS]``."""
    words = [ctx.command_path, *[_argument(each) for each in command.params if _positional(each)]]
    words += [_option(each) for each in command.params if each.required and not _positional(each)]
    if isinstance(command, SessionGroup):
        words += [_("[COMMAND …]"), _("[OPTIONS]")]
    else:
        words.append(_("COMMAND …") if isinstance(command, TyperGroup) else _("[OPTIONS]"))
    return _("Usage: {words}").format(words=" ".join(words))


def help_page(command: Any, ctx: Any) -> Page:
    """The page that ``--help`` shows."""
    page = Page()
    page.add(usage(command, ctx))
    for paragraph in paragraphs(command):
        page.add("", paragraph)
    arguments = [each for each in command.params if _positional(each)]
    options = [each for each in command.get_params(ctx) if not _positional(each)]
    page.section(_("Arguments"), [(_argument(each), _explained(each)) for each in arguments])
    if isinstance(command, TyperGroup):
        for panel, rows in _panels(command, ctx).items():
            page.section(panel, rows)
    common = [each for each in options if each.name in COMMON]
    own = [each for each in options if each.name not in COMMON]
    page.section(_("Options"), [(_option(each), _explained(each)) for each in own])
    page.section(_("Common options"), [(_option(each), _explained(each)) for each in common])
    if command.epilog:
        page.verbatim(_("Examples"), command.epilog.splitlines())
    return page


def paragraphs(command: Any) -> list[str]:
    """What a command does: what the list of commands says of it, where it is in one, and its own
    help.
    """
    texts = [translated(text) for text in (command.short_help, command.help) if text]
    return "\n\n".join(texts).split("\n\n")


def first_sentence(command: Any) -> str:
    """The first paragraph of what a command does."""
    return paragraphs(command)[0]


def translate_offers(offers: list[Any]) -> list[Any]:
    """What a shell offers by itself, commands and options, each with its sentence in French."""
    for offer in offers:
        offer.help = shell_text(translated(offer.help)) or None
    return offers


def translated(sentence: str | None) -> str:
    """In the operator's language; nothing where there is nothing to say."""
    return _(sentence) if sentence else ""


def _panels(group: Any, ctx: Any) -> dict[str, Definitions]:
    """The commands under their headings, each with its first sentence."""
    panels: dict[str, Definitions] = {}
    for name, panel, sentence in _listed(group, ctx):
        panels.setdefault(_(panel), []).append((name, sentence))
    return panels


def _listed(group: Any, ctx: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(group, LazyGroup):
        for name, lazy in group.LAZY.items():
            yield name, lazy.panel, _(lazy.short_help)
        return
    for name in group.list_commands(ctx):
        yield name, N_("Commands"), first_sentence(group.get_command(ctx, name))


def _positional(param: Any) -> bool:
    return bool(param.param_type_name == "argument")


def _argument(param: Any) -> str:
    name = _(param.metavar) if param.metavar else param.name.upper()
    name = f"{name}…" if param.nargs != 1 else name
    return name if param.required else f"[{name}]"


def _option(param: Any) -> str:
    names = ", ".join(_shortest_first([*param.opts, *param.secondary_opts]))
    if param.is_flag:
        return names
    return f"{names} {_(param.metavar) if param.metavar else param.name.upper()}"


def _explained(param: Any) -> str:
    parts = [translated(param.help)] if param.help else []
    if not _positional(param) and param.required:
        parts.append(_("[required]"))
    if not _positional(param) and param.multiple:
        parts.append(_("[may be given several times]"))
    if isinstance(param.default, str) and param.default:
        parts.append(_("[default: {value}]").format(value=param.default))
    return " ".join(parts)


def _shortest_first(names: Sequence[str]) -> list[str]:
    return sorted(names, key=len)
