"""The library as those see it who embed it: its names, and what ``help`` says."""

import inspect
import pydoc
import re
import sys
import types
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import FunctionType as Function
from typing import Any, NewType, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from attrs import has

import manchengo
from manchengo import (
    Actor,
    Batch,
    CountingIds,
    Density,
    DeviceId,
    Manchengo,
    MemoryStore,
    Money,
    Quantity,
    Refused,
    Role,
    SteppingClock,
    Stock,
    SupplierId,
    UserId,
    commands,
    refusals,
    rows,
)
from manchengo.commands import NEEDS, Command
from manchengo.ports import audit, clock, ids, store, stored
from tests.support.given import refused_as


def types_named_in(annotation: Any) -> Iterator[object]:
    """The types of ours that an annotation names, and those that their own fields name."""
    if isinstance(annotation, NewType):
        yield annotation
    elif get_origin(annotation) or isinstance(annotation, types.UnionType):
        for each in get_args(annotation):
            yield from types_named_in(each)
    elif isinstance(annotation, type) and annotation.__module__.startswith("manchengo."):
        yield annotation
        for each in get_type_hints(annotation).values() if has(annotation) else ():
            yield from types_named_in(each)


@pytest.mark.parametrize("command", NEEDS, ids=lambda each: each.__name__)
def test_whatever_a_command_is_made_of_is_at_the_top(command: type[Command]) -> None:
    top = [getattr(manchengo, name) for name in manchengo.__all__]
    named = [each for hint in get_type_hints(command).values() for each in types_named_in(hint)]
    assert [each for each in named if each not in top] == []


def test_a_dairy_shows_where_it_is_kept_and_who_acts() -> None:
    actor = Actor(
        user_id=UserId(UUID(int=1)),
        device_id=DeviceId(UUID(int=2)),
        roles=frozenset({Role.SUPPLY, Role.DRIVER}),
    )
    dairy = Manchengo(MemoryStore(), clock=SteppingClock(), ids=CountingIds(), actor=actor)
    dairy.execute(
        commands.RegisterSupplier(supplier_id=SupplierId(UUID(int=3)), code="F1", name="Ferme")
    )
    assert repr(dairy) == (
        "<Manchengo in <MemoryStore of 1 commits>, as 00000000-0000-0000-0000-000000000001 "
        "(appro, livreur)>"
    )


def test_a_value_of_the_wrong_type_is_refused_where_it_is_made() -> None:
    with pytest.raises(TypeError, match=r"must be a Unit, such as Unit\.KG, not 'kg'"):
        Quantity(1000, "kg")  # type: ignore[arg-type]
    for roles in (Role.ADMIN, {Role.ADMIN}, frozenset({"admin"})):
        with pytest.raises(TypeError, match="must be a frozenset of Role"):
            Actor(
                user_id=UserId(UUID(int=1)),
                device_id=DeviceId(UUID(int=2)),
                roles=roles,  # type: ignore[arg-type]
            )


def test_help_says_what_the_door_answers_and_when_it_writes() -> None:
    text = pydoc.TextDoc().docclass(Manchengo)
    text = re.sub(r"(.)\x08\1", r"\1", text)  # bold, as a typewriter makes it
    assert "stock\n |      Questions about quantities" in text
    assert "Opening it may write to the store" in text
    assert "execute(self, command: 'Command', *, command_id: 'CommitId | None' = None)" in text


# ------------------------------------------------------------------ what the docstrings say

PORTS = (audit, clock, ids, store, stored)
ADAPTED = (store.Store, store.Transaction)
"""What ``MemoryStore`` does, the port says."""

Named = tuple[str, Any]


def declared_in(module: types.ModuleType) -> list[Named]:
    return [
        (name, each)
        for name, each in vars(module).items()
        if not name.startswith("_") and getattr(each, "__module__", "") == module.__name__
    ]


def exported_by(module: types.ModuleType) -> list[Named]:
    return [(name, getattr(module, name)) for name in module.__all__]


PUBLIC: list[Named] = [
    (name, each)
    for name, each in (
        *exported_by(manchengo),
        *exported_by(commands),
        *exported_by(refusals),
        *[named for port in PORTS for named in declared_in(port)],
    )
    if inspect.isclass(each) or inspect.isfunction(each)
]


def members(kind: type) -> Iterator[Named]:
    """Its own public methods and properties, as functions."""
    for name, each in vars(kind).items():
        function = each.fget if isinstance(each, property) else getattr(each, "__func__", each)
        if not name.startswith("_") and inspect.isfunction(function):
            yield name, function


def is_said_by_a_port(name: str) -> bool:
    return any(inspect.getdoc(getattr(port, name, None)) for port in ADAPTED)


def without_a_word(name: str, each: Any) -> list[str]:
    """What of it has no docstring."""
    if not inspect.isclass(each):
        return [] if each.__doc__ else [name]
    lacking = [] if each.__dict__.get("__doc__") else [name]
    for member, function in members(each):
        if not function.__doc__ and not (each is MemoryStore and is_said_by_a_port(member)):
            lacking.append(f"{name}.{member}")
    return lacking


def test_every_public_name_has_its_docstring() -> None:
    assert [lacking for name, each in PUBLIC for lacking in without_a_word(name, each)] == []


@pytest.mark.parametrize("kind", [Manchengo, Batch, Stock], ids=lambda kind: kind.__name__)
def test_a_question_explains_each_of_its_arguments(kind: type) -> None:
    asked = dict(members(kind)) | ({"__init__": kind.__init__} if kind is Manchengo else {})
    silent = [
        f"{name}({argument})"
        for name, each in asked.items()
        for argument in inspect.signature(each).parameters
        if argument != "self" and not re.search(rf"``{argument}\b", each.__doc__ or "")
    ]
    assert silent == []


MEASURED = (Quantity, Money, Density, int)


def has_a_unit(annotation: Any) -> bool:
    return annotation in MEASURED or any(each in MEASURED for each in get_args(annotation))


@pytest.mark.parametrize("command", NEEDS, ids=lambda each: each.__name__)
def test_a_command_says_in_what_unit_it_is_asked(command: type[Command]) -> None:
    measured = [name for name, hint in get_type_hints(command).items() if has_a_unit(hint)]
    assert [name for name in measured if f"``{name}``" not in (command.__doc__ or "")] == []


@pytest.mark.parametrize("command", NEEDS, ids=lambda each: each.__name__)
def test_what_a_command_says_it_is_refused_as_are_refusals(command: type[Command]) -> None:
    assert refused_as(command) <= set(refusals.__all__)


# ------------------------------------------------------------------------ where names come from


def every_refusal(root: type[Refused] = Refused) -> Iterator[type[Refused]]:
    """All classes of the core below the root, the root with them."""
    if getattr(sys.modules.get(root.__module__), root.__name__, None) is root:
        yield root
    for each in root.__subclasses__():
        if each.__module__.startswith("manchengo."):
            yield from every_refusal(each)


def test_every_refusal_is_caught_by_its_name_from_one_place() -> None:
    for module in walk_packages(manchengo.__path__, "manchengo."):
        import_module(module.name)
    assert {getattr(refusals, name) for name in refusals.__all__} == set(every_refusal())


def of_ours(annotation: Any) -> Iterator[type]:
    if get_origin(annotation) or isinstance(annotation, types.UnionType):
        for each in get_args(annotation):
            yield from of_ours(each)
    elif isinstance(annotation, type) and annotation.__module__.startswith("manchengo"):
        yield annotation


def annotations(each: Any) -> Iterator[Any]:
    """Of its fields and of what its public methods take and answer."""
    if not inspect.isclass(each):
        yield from get_type_hints(each).values()
        return
    if has(each):
        hints = get_type_hints(each).items()
        yield from (hint for name, hint in hints if not name.startswith("_"))
    for _, function in members(each):
        yield from get_type_hints(function).values()


def test_whatever_a_public_name_takes_or_answers_is_importable_from_the_top() -> None:
    importable = [
        each for module in (manchengo, commands, refusals, rows) for _, each in exported_by(module)
    ]
    public = [each for _, each in exported_by(manchengo) if isinstance(each, type | Function)]
    named = {kind for each in public for hint in annotations(each) for kind in of_ours(hint)}
    assert {kind.__name__ for kind in named if kind not in importable} == set()
