"""The library as those see it who embed it: its names, and what ``help`` says."""

import pydoc
import re
import types
from collections.abc import Iterator
from typing import Any, NewType, get_args, get_origin, get_type_hints

import pytest
from attrs import has

import manchengo
from manchengo import Manchengo
from manchengo.commands import NEEDS, Command


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


def test_help_says_what_the_door_answers_and_when_it_writes() -> None:
    text = pydoc.TextDoc().docclass(Manchengo)
    text = re.sub(r"(.)\x08\1", r"\1", text)  # bold, as a typewriter makes it
    assert "stock\n |      Questions about quantities" in text
    assert "Opening it may write to the store" in text


def test_everything_public_of_the_door_says_what_it_does() -> None:
    public = {name: each for name, each in vars(Manchengo).items() if not name.startswith("_")}
    assert [name for name, each in public.items() if not each.__doc__] == []
