"""Every refusal of the house has its sentence: in French, with its facts, and what to do."""

import pkgutil
from collections.abc import Iterator
from datetime import date
from enum import Enum
from importlib import import_module
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
import pytest
from attrs import fields

import manchengo
from manchengo.application.refusals import facts
from manchengo.domain.access import NotPermitted, Permission, Role
from manchengo.domain.errors import Refused, Unknown
from manchengo.domain.label import LabelKind, WrongKindOfLabel
from manchengo.domain.production_order import MissingMaterial
from manchengo.domain.values import Money, Percent, Quantity, Unit
from manchengo_presenters import language, words
from manchengo_presenters.refusal_text import TABLES, kept, sentence
from manchengo_presenters.refusals import OF_OTHERS, SENTENCES

for module in pkgutil.walk_packages(manchengo.__path__, "manchengo."):
    import_module(module.name)


def refusals(root: type[Refused] = Refused) -> Iterator[type[Refused]]:
    """Every refusal; not the slotless twins that attrs leaves behind."""
    for each in root.__subclasses__():
        if getattr(import_module(each.__module__), each.__name__) is each:
            yield each
            yield from refusals(each)


ALL = sorted(refusals(), key=lambda refusal: refusal.__name__)
SHORT = MissingMaterial(
    product="LAIT-V", wanted=Quantity(620_000, Unit.L), available=Quantity(100_500, Unit.L)
)
SAMPLES: dict[object, object] = {
    str: "X-1",
    int: 1500,
    tuple[str, ...]: ("X-1", "X-2"),
    date: date(2026, 11, 20),
    date | None: None,
    Quantity: Quantity(12_500, Unit.KG),
    Money: Money(154_950),
    Percent: Percent(1_900),
    tuple[LabelKind, ...]: (LabelKind.FINISHED_LOT, LabelKind.DELIVERY),
    frozenset[Role]: frozenset({Role.DRIVER, Role.SALES}),
}


def sample(refusal: type[Refused]) -> Refused:
    """One with facts of the right kinds, of words that the tables know."""
    hints = get_type_hints(refusal)
    facts: dict[str, Any] = {}
    for each in fields(refusal):
        kind = hints[each.name]
        if each.name in TABLES:
            facts[each.name] = next(iter(TABLES[each.name]))
        elif each.name == "missing" and getattr(kind, "__origin__", None) is tuple:
            facts[each.name] = (SHORT, SHORT)
        elif kind in SAMPLES:
            facts[each.name] = SAMPLES[kind]
        elif isinstance(kind, type) and issubclass(kind, Enum):
            facts[each.name] = next(iter(kind))
        else:
            facts[each.name] = UUID(int=7)
    return refusal(**facts)


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: refusal.__name__)
def test_every_refusal_is_told_in_french(refusal: type[Refused]) -> None:
    text = sentence(sample(refusal))
    language.use("en")
    try:
        english = sentence(sample(refusal))
    finally:
        language.use("fr")
    assert text != english
    assert "{" not in text
    assert text.endswith(".")
    assert text.count(".") + text.count("\u00a0:") >= 2, "what happened, and what to do"


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: refusal.__name__)
def test_a_stored_refusal_reads_as_it_did(refusal: type[Refused]) -> None:
    one = sample(refusal)
    carried = msgspec.json.encode(facts(one), order="sorted").decode()
    text = kept(refusal.__name__, carried)
    if refusal in OF_OTHERS:
        assert text != sentence(one), "it was somebody else's"
    else:
        assert text == sentence(one)


@pytest.mark.parametrize(
    ("name", "carried"), [("Strange", "{}"), ("NotEnoughInLot", "{}"), ("Unknown", '{"kind": 3}')]
)
def test_what_another_version_kept_is_still_a_sentence(name: str, carried: str) -> None:
    assert kept(name, carried) == f"Une règle s’y oppose\u00a0: {name}."


def test_who_may_not_reads_who_may_and_whom_to_ask() -> None:
    refused = NotPermitted(permission=Permission.RELEASE_LOTS, roles=frozenset({Role.DRIVER}))
    assert sentence(refused) == (
        "Vous n’avez pas le droit de faire cela (libérer des lots) avec vos rôles (livreur). "
        "Ces rôles l’ont\u00a0: administrateur, production. Demandez à une personne qui a l’un "
        "d’eux de le faire, ou à un administrateur de vous en donner un."
    )


@pytest.mark.parametrize("permission", [*words.FORMER_PERMISSIONS, "of_a_newer_program"])
def test_a_permission_of_another_version_is_read_all_the_same(permission: str) -> None:
    text = kept("NotPermitted", f'{{"permission": "{permission}", "roles": ["livreur"]}}')
    known_as = words.word(words.FORMER_PERMISSIONS, permission)
    assert text == (
        f"La personne qui l’a enregistré n’en avait pas le droit ({known_as}) avec ses rôles "
        "(livreur). Quelqu’un qui a ce droit peut le faire à sa place, et classer ceci sans "
        "suite\u00a0; si c’est signé, un administrateur peut l’accepter."
    )


def test_no_sentence_is_left_without_its_refusal() -> None:
    assert set(SENTENCES) == set(ALL)


def test_facts_are_told_as_a_french_reader_expects_them() -> None:
    from manchengo.domain.lot.rules import NotEnoughInLot
    from manchengo.domain.production_order import NotEnoughMaterials

    asked = NotEnoughInLot(
        lot_id=UUID(int=7),  # type: ignore[arg-type]
        lot="MP-1",
        wanted=Quantity(1_250_500, Unit.L),
        free=Quantity(2_000, Unit.PIECE),
        on=date(2026, 4, 3),
    )
    assert "1\u202f250,5\u00a0L demandés, 2\u00a0pièces libres le 03/04/2026" in sentence(asked)
    missing = NotEnoughMaterials(order="OF-1", on=date(2026, 4, 3), missing=(SHORT,))
    assert "LAIT-V (voulu\u00a0: 620\u00a0L, disponible\u00a0: 100,5\u00a0L)" in sentence(missing)


def test_what_a_wrong_label_is_stuck_on_is_named() -> None:
    wanted = (LabelKind.RAW_MATERIAL_LOT, LabelKind.FINISHED_LOT)
    refusal = WrongKindOfLabel(wanted=wanted, given=LabelKind.DELIVERY, code="BL-1")
    stored = msgspec.json.encode(facts(refusal)).decode()
    for said in (sentence(refusal), kept("WrongKindOfLabel", stored)):
        assert "bon de livraison BL-1" in said
        assert "DELIVERY" not in said


def test_a_word_that_a_newer_program_wrote_is_shown_as_it_is() -> None:
    assert "gadget" in sentence(Unknown(kind="gadget", reference="G-1"))


def test_an_unknown_refusal_still_has_a_sentence() -> None:
    class Strange(Refused):
        pass

    assert sentence(Strange()) == "Une règle s’y oppose\u00a0: Strange. Rien n’a été enregistré."


def test_an_order_is_feminine_and_a_delivery_note_is_not() -> None:
    assert words.state("sales_order", "cancelled") == "annulée"
    assert words.state("delivery", "cancelled") == "annulé"


def test_a_unit_agrees_from_two_on() -> None:
    assert words.measured(1_900, "piece") == "1,9\u00a0pièce"
    assert words.measured(-2_000, "piece") == "\u22122\u00a0pièces"
    assert words.measured(500, "kg") == "0,5\u00a0kg"
