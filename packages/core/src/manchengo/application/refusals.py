"""What a refusal carries, for those who keep or show it."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from attrs import asdict, fields, has

from manchengo.domain.errors import Refused
from manchengo.domain.identity import Identity

WITHHELD = "…"
"""Stands in the audit where a refusal repeats the identity of a person or a firm."""

SHORTEST = 4
"""Characters of what is withheld: fewer identify nobody, and stand everywhere."""


def facts(refusal: Refused) -> dict[str, object]:
    """What a refusal carries, by name."""
    return asdict(refusal, recurse=False)


def audited_facts(refusal: Refused, command: object = None) -> str:
    """The same as JSON, without what the refused command carried of identity (registrations,
    address, telephone), wherever the refusal repeats it: as when a telephone serves as a code.
    """
    secrets = sorted(set(_identity_texts(command)), key=len, reverse=True)
    shown = msgspec.to_builtins(facts(refusal))
    return msgspec.json.encode(_without(shown, secrets)).decode()


def _identity_texts(value: Any) -> Iterator[str]:
    if isinstance(value, Identity):
        texts = (text.strip() for text in asdict(value).values() if isinstance(text, str))
        yield from (text for text in texts if len(text) >= SHORTEST)
    elif isinstance(value, tuple):
        for each in value:
            yield from _identity_texts(each)
    elif has(type(value)):
        for each in fields(type(value)):
            yield from _identity_texts(getattr(value, each.name))


def _without(fact: Any, secrets: Iterable[str]) -> Any:
    match fact:
        case str():
            for secret in secrets:
                fact = fact.replace(secret, WITHHELD)
            return fact
        case dict():
            return {name: _without(each, secrets) for name, each in fact.items()}
        case list() | tuple():
            return [_without(each, secrets) for each in fact]
        case _:
            return fact
