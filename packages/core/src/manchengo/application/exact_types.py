"""Is each value, all the way down, of exactly the type that its attribute says?

The answer is wanted of every command, so the question is compiled once for each class, as attrs
compiles what it adds to a class. Who finds a wrong value has time to look where it is.
"""

from collections.abc import Callable, Iterator
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from attrs import fields, frozen, has


@frozen(kw_only=True)
class Mismatch:
    """A value of another type. ``path``: from the outermost value, as in ``lines[1].quantity``."""

    path: str
    expected: str
    given: str


def holds(kind: type, value: object) -> bool:
    """Whether the value is a ``kind``, and all that it holds of the types that the class says."""
    known = _COMPILED.get(kind)
    if known is None:
        known = _COMPILED[kind] = _compiled(kind)
    return known(value)


def first_mismatch(kind: type, value: object) -> Mismatch:
    """The first value in there that is of another type; there must be one."""
    return next(_mismatches(kind, value, ""))


_COMPILED: dict[type, Callable[[Any], bool]] = {}


def _compiled(kind: type) -> Callable[[Any], bool]:
    """A function of one expression, such as ``type(v) is T0 and type(v.code) is T1``."""
    names: dict[str, type] = {}
    question = _question(kind, "v", names)
    ask: Callable[[Any], bool] = eval(f"lambda v: {question}", dict(names))
    return ask


def _question(annotation: Any, value: str, names: dict[str, type]) -> str:
    """The expression that asks it of ``value``. ``names``: what the types are called in it."""

    def name(kind: type) -> str:
        return next((known for known, each in names.items() if each is kind), None) or new(kind)

    def new(kind: type) -> str:
        names[f"T{len(names)}"] = kind
        return f"T{len(names) - 1}"

    annotation = _plain(annotation)
    if choices := _choices(annotation):
        return f"({' or '.join(_question(each, value, names) for each in choices)})"
    if annotation is NoneType:
        return f"{value} is None"
    if origin := get_origin(annotation):
        each = _question(get_args(annotation)[0], "each", names)
        return f"type({value}) is {name(origin)} and all([{each} for each in {value}])"
    inside = [
        _question(attribute.type, f"{value}.{attribute.name}", names)
        for attribute in (fields(annotation) if has(annotation) else ())
    ]
    return " and ".join([f"type({value}) is {name(annotation)}", *inside])


def _mismatches(annotation: Any, value: Any, path: str) -> Iterator[Mismatch]:
    choices = _choices(_plain(annotation)) or (_plain(annotation),)
    kinds = {get_origin(each) or each: each for each in choices}
    found = kinds.get(type(value))
    if found is None:
        expected = " | ".join("None" if each is NoneType else each.__name__ for each in kinds)
        yield Mismatch(path=path, expected=expected, given=type(value).__name__)
    elif get_origin(found):
        for number, each in enumerate(value):
            yield from _mismatches(get_args(found)[0], each, f"{path}[{number}]")
    elif has(found):
        for attribute in fields(found):
            dot = "." if path else ""
            inner = f"{path}{dot}{attribute.name}"
            yield from _mismatches(attribute.type, getattr(value, attribute.name), inner)


def _plain(annotation: Any) -> Any:
    """A ``NewType`` is a type of its own for type checkers only."""
    while hasattr(annotation, "__supertype__"):
        annotation = annotation.__supertype__
    return annotation


def _choices(annotation: Any) -> tuple[Any, ...]:
    """The types of a union; none where it is no union."""
    is_union = get_origin(annotation) in (Union, UnionType)
    return tuple(_plain(each) for each in get_args(annotation)) if is_union else ()
