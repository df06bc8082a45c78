"""What is recorded of an entry of a register: details, of which each changes by itself.

The attributes of a register's ``…DetailsChanged`` event are its details; ``None`` leaves one as it
was. The command that changes the entry, and the state, have attributes of the same names.
"""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import evolve as evolved
from attrs import fields

S = TypeVar("S")
E = TypeVar("E")

SENSITIVE: Mapping[str, bool] = {"sensitive": True}
"""The metadata of a detail that invoices or declarations are made of: where two people change it
and neither has seen the other's change, a person is asked to look.
"""


def details(event: type) -> tuple[str, ...]:
    """The names of the details that an event of that class writes, in their order."""
    return tuple(each.name for each in fields(event))


def sensitive_details(event: type) -> frozenset[str]:
    """Those of ``details`` that are marked ``SENSITIVE``."""
    return frozenset(each.name for each in fields(event) if each.metadata.get("sensitive"))


def changes(state: Any, command: Any, event: type[E]) -> tuple[E, ...]:
    """The event with those details of the command that differ from the state; none where all of
    them are so already.
    """
    names = details(event)
    new = {
        name: value
        for name in names
        if (value := getattr(command, name)) not in (None, getattr(state, name))
    }
    return (event(**(dict.fromkeys(names) | new)),) if new else ()


def with_changes(state: S, event: Any) -> S:
    """The state with the details that the event writes."""
    written = {name: getattr(event, name) for name in details(type(event))}
    new = {name: value for name, value in written.items() if value is not None}
    return cast(S, evolved(cast(Any, state), **new))
