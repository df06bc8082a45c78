"""Commands whose options come from a table: Typer makes options of a function's signature."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, get_args

F = TypeVar("F", bound=Callable[..., None])


def taking(options: Iterable[inspect.Parameter]) -> Callable[[F], F]:
    """Give a command these options; they arrive as ``**given``."""

    def decorate(command: F) -> F:
        own = inspect.signature(command).parameters.values()
        kept = [each for each in own if each.kind is not inspect.Parameter.VAR_KEYWORD]
        whole = sorted([*kept, *options], key=lambda each: each.default is not each.empty)
        command.__signature__ = inspect.Signature(whole)  # type: ignore[attr-defined] # any callable may have one
        command.__annotations__ = {each.name: each.annotation for each in whole}
        return command

    return decorate


def required(name: str, annotation: Any) -> inspect.Parameter:
    """An option or argument of that name which must be given."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(name, kind, annotation=annotation)


def optional(annotations: Mapping[str, Any]) -> list[inspect.Parameter]:
    """Options by their names, each of which may be left out: then a flag is False, a text that may
    not be None is empty, and anything else is None.
    """
    return [
        required(name, annotation).replace(default=_DEFAULTS.get(get_args(annotation)[0]))
        for name, annotation in annotations.items()
    ]


_DEFAULTS = {bool: False, str: ""}
