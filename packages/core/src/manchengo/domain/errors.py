"""A rule said no: the root of every refusal, and the few that belong to no single aggregate.

A refusal carries facts. The French sentence for a person lives in the catalogue of the presenters,
which shows what happened, why, and what to do; ``str`` names the refusal and its facts in English,
for logs and tracebacks. Each refusal stands beside the rule that
raises it; anything else that is raised is a fault of ours or of the machine.
"""

import re
from datetime import date
from typing import Any
from uuid import UUID

from attrs import fields, frozen, has

from manchengo.domain.ids import CommitId
from manchengo.domain.names import visible


@frozen
class Refused(Exception):
    """A rule of the dairy does not allow this. Nothing was changed."""

    def __str__(self) -> str:
        """Its name and facts: ``Not enough in lot: lot MP-1, wanted 600 L, free 500 L.``."""
        return name_and_facts(self)


def name_and_facts(error: Exception) -> str:
    """An error that is an attrs class, in English: what its name says, and its facts."""
    words = _INNER_CAPITAL.sub(" ", type(error).__name__).capitalize()
    facts = _facts_text(error)
    return f"{words}: {facts}." if facts else f"{words}."


_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def _facts_text(value: Any) -> str:
    """The attributes of an attrs object in words, but for those left as they are by default:
    ``product LAIT, wanted 600 L``.
    """
    return ", ".join(
        f"{attribute.name.replace('_', ' ')} {_fact_text(fact)}"
        for attribute in fields(type(value))
        if (fact := getattr(value, attribute.name)) != attribute.default
    )


def _fact_text(value: object) -> str:
    match value:
        case str() if not value or not value.isprintable():
            return repr(str(value))
        case tuple():
            return f"({'; '.join(map(_fact_text, value))})"
        case frozenset():
            return f"({'; '.join(sorted(map(_fact_text, value)))})"
        case None:
            return "none"
        case _:
            kind = type(value)
            bare = has(kind) and kind.__str__ is object.__str__
            return _facts_text(value) if bare else str(value)


@frozen(kw_only=True)
class Unknown(Refused):
    """Nothing is recorded under that identifier or code."""

    kind: str
    reference: str


@frozen(kw_only=True)
class CodeMissing(Refused):
    """The code is missing or blank."""

    kind: str


@frozen(kw_only=True)
class NameMissing(Refused):
    """The name is missing or blank."""

    kind: str


@frozen(kw_only=True)
class Ambiguous(Refused):
    """Several entries have that name in different spellings, and none as typed. ``found``: each as
    it is recorded, with its identifier.
    """

    kind: str
    reference: str
    found: str


@frozen(kw_only=True)
class AlreadyExists(Refused):
    """That identifier or code is taken by something of the same kind. ``existing``: the code, the
    number or the name as that one spells it; empty for an identifier.
    """

    kind: str
    reference: str
    existing: str = ""


@frozen(kw_only=True)
class WrongState(Refused):
    """The order, delivery or other aggregate is in a state that does not allow this step."""

    kind: str
    id: UUID
    code: str
    state: str
    step: str


@frozen(kw_only=True)
class OutOfOrder(Refused):
    """The step is dated before another step of the same thing that it can only follow."""

    kind: str
    code: str
    step: str
    on: date
    after: str
    after_on: date


@frozen(kw_only=True)
class NothingToDo(Refused):
    """An amount of zero, or a list with nothing in it, where something must move."""

    what: str


@frozen(kw_only=True)
class ReasonMissing(Refused):
    """This step is only allowed with a written reason."""

    step: str


@frozen(kw_only=True)
class Archived(Refused):
    """The party, product or recipe was archived; nothing new may use it."""

    kind: str
    code: str


def name_given(name: str, kind: str) -> str:
    """The name; refused when blank."""
    if not visible(name):
        raise NameMissing(kind=kind)
    return name


@frozen
class Timeline:
    """The days of one thing's steps. A step that follows another is never dated before it; several
    steps of one day are told apart by the order in which they were recorded.
    """

    kind: str
    code: str

    def follows(self, step: str, on: date, *, after: str, after_on: date | None) -> None:
        """Raises ``OutOfOrder`` when ``step`` is dated before the day of ``after``; None: not done
        yet.
        """
        if after_on is not None and on < after_on:
            raise OutOfOrder(
                kind=self.kind, code=self.code, step=step, on=on, after=after, after_on=after_on
            )


@frozen(kw_only=True)
class CommandIdReused(Refused):
    """That command id was used for another command, or with other facts; the first one keeps it."""

    command_id: CommitId
    recorded: str
    given: str


def reason_given(reason: str, step: str) -> str:
    """The reason, stripped; refused when blank."""
    written = visible(reason)
    if not written:
        raise ReasonMissing(step=step)
    return written
