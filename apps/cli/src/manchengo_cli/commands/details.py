"""The options by which each register is filled in, as the description of its fields has them."""

import inspect
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from manchengo_cli import parameters
from manchengo_cli.typed_values import TypedValue
from manchengo_presenters.registers import Register, RegisterField

ARGUMENTS = {"code", "name"}
"""Fields that stand in a command line without an option."""


def options(register: Register, *, is_new: bool) -> Iterator[inspect.Parameter]:
    """The options of ``add`` (``is_new``), or of ``change``: what never changes has none there."""
    for field in register.filled_in:
        if field.name not in ARGUMENTS and (is_new or not field.is_fixed):
            yield inspect.Parameter(
                field.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=inspect.Parameter.empty if field.is_fixed else None,
                annotation=_option(field),
            )


def _option(field: RegisterField) -> Any:
    help_text = field.help or field.label
    name = field.option or field.name.replace("_", "-")
    if field.type.is_flag:
        return Annotated[bool | None, typer.Option(f"--{name}/--no-{name}", help=help_text)]
    return Annotated[
        Any,
        TypedValue(field.metavar or field.type.metavar, parameters.of_type(field.type)).option(
            f"--{name}", help_text
        ),
    ]
