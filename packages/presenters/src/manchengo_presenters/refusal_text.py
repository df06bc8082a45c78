"""A refusal as people read it: its sentence, filled in with its facts, in French style."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
from attrs import NOTHING, fields

from manchengo.domain import access, errors, import_batch, production_order, sales_order, values
from manchengo.domain.errors import Refused
from manchengo.domain.label import LabelKind
from manchengo.domain.values import Money, Percent, Quantity, Unit
from manchengo_presenters import formatting, words
from manchengo_presenters.language import _
from manchengo_presenters.refusals import (
    DEPENDS_ON_AN_IMPORT,
    NAMED_BY_THE_PROGRAM,
    NOT_FOUND,
    OF_OTHERS,
    PRICE_IS_SET,
    SENTENCES,
    SPELT_OTHERWISE,
    SPELT_OTHERWISE_BY_OTHERS,
)

BY_NAME = {kind.__name__: kind for kind in SENTENCES}

TABLES = {
    "kind": words.KINDS | words.REFERENCES,
    "by_kind": words.KINDS,
    "step": words.STEPS,
    "after": words.DONE,
    "what": words.AMOUNTS,
    "field": words.FIELDS,
    "permission": words.PERMISSIONS | words.FORMER_PERMISSIONS,
    "use": words.USES,
    "command": words.COMMANDS,
    "instead": words.INSTEAD,
    "why": words.SKIPPED,
    "way": words.WAYS,
    "command_type": words.COMMANDS,
    "recorded": words.COMMANDS,
    "given": words.COMMANDS,
}

OF_ITEMS = {"code": words.COMMANDS, "step": words.STEPS_OF_ITEMS}
"""An item of the queue has no code: it is named by what it is about."""

NONE = "—"


def sentence(refusal: Refused) -> str:
    """The sentence of a refusal for the person who was refused."""
    template = SPELT_OTHERWISE if _is_spelt_otherwise(refusal) else SENTENCES.get(type(refusal))
    if isinstance(refusal, errors.AlreadyExists) and refusal.kind == "price":
        template = PRICE_IS_SET
    if isinstance(refusal, errors.Unknown) and refusal.kind in NAMED_BY_THE_PROGRAM:
        template = NOT_FOUND
    if template is None:  # a refusal that this table does not have yet
        return _("A rule refuses this: {name}. Nothing was recorded.").format(
            name=type(refusal).__name__
        )
    return _filled(template, refusal)


def kept(name: str, facts: str) -> str:
    """The sentence of a stored refusal, which another person may have met.

    ``name``: the class of the refusal. ``facts``: its facts, in JSON. Never raises: a refusal of
    another version of the program gets a general sentence.
    """
    kind = BY_NAME.get(name)
    try:
        if kind is not None:
            refusal = _revived(kind, facts)
            if _is_spelt_otherwise(refusal):
                return _filled(SPELT_OTHERWISE_BY_OTHERS, refusal)
            return _filled(OF_OTHERS.get(kind, SENTENCES[kind]), refusal)
    except (msgspec.MsgspecError, KeyError, TypeError):
        pass  # another version of the program carries other facts
    return _("A rule refuses this: {name}.").format(name=name)


def _is_spelt_otherwise(refusal: Refused) -> bool:
    """Whether what exists differs in spelling alone from what was typed."""
    if not isinstance(refusal, errors.AlreadyExists):
        return False
    return refusal.existing not in ("", refusal.reference)


def _filled(template: str, refusal: Refused) -> str:
    if isinstance(refusal, import_batch.SomethingDependsOnIt) and refusal.by_import:
        template = DEPENDS_ON_AN_IMPORT
    facts = {each.name: _text(refusal, each.name) for each in fields(type(refusal))}
    if isinstance(refusal, access.NotPermitted):
        facts["holders"] = words.roles(access.holders(refusal.permission))
    return _(template).format(**facts)


def _revived(kind: type[Refused], facts: str) -> Refused:
    carried = msgspec.json.decode(facts, type=dict[str, msgspec.Raw])
    hints = get_type_hints(kind)
    return kind(
        **{
            each.name: _decoded(carried[each.name], hints[each.name])
            for each in fields(kind)
            if each.default is NOTHING or each.name in carried
        }
    )


def _decoded(fact: msgspec.Raw, hint: Any) -> Any:
    """One fact. A name that this program no longer has, or not yet, stays a text: most of what was
    refused can be said all the same.
    """
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        name = msgspec.json.decode(fact, type=str)
        return next((each for each in hint if each == name), name)
    return msgspec.json.decode(fact, type=hint)


def _text(refusal: Refused, name: str) -> str:
    """One fact of a refusal, in words."""
    fact = getattr(refusal, name)
    if isinstance(refusal, errors.WrongState) and refusal.kind == "resolution" and name in OF_ITEMS:
        return words.word(OF_ITEMS[name], str(fact))
    if isinstance(refusal, errors.WrongState) and name == "state":
        return words.state(refusal.kind, refusal.state)
    if isinstance(refusal, values.TooFine) and name == "thousandths":
        return words.measured(refusal.thousandths, refusal.unit)
    if name in TABLES and not isinstance(fact, LabelKind):
        return words.word(TABLES[name], str(fact))
    if name == "kinds" and isinstance(fact, tuple):
        return _listed(words.word(TABLES["kind"], each) for each in fact)
    if name == "roles":
        return words.roles(fact) or NONE
    if name == "missing" and isinstance(fact, tuple):
        return "; ".join(_shortfall(each) for each in fact)
    return _value(fact)


def _value(fact: object) -> str:
    match fact:
        case None | "":
            return NONE
        case LabelKind():
            return words.word(words.LABEL_KINDS, fact)
        case Quantity():
            return words.measure(fact)
        case Money():
            return formatting.money(fact.centimes)
        case Percent():
            return formatting.percent(fact.basis_points)
        case date():
            return formatting.day(fact)
        case Unit():
            return words.unit_word(1000, fact)
        case UUID() | str() | int():
            return str(fact)
        case tuple():
            return _listed(_value(each) for each in fact)
        case _:
            raise TypeError(f"no words for {type(fact).__name__}")


def _shortfall(missing: production_order.MissingMaterial | sales_order.MissingStock) -> str:
    return _("{product} ({wanted} wanted, {available} available)").format(
        product=missing.product,
        wanted=words.measure(missing.wanted),
        available=words.measure(missing.available),
    )


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(texts) or NONE
