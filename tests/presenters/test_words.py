"""Every stored name that a person may meet has its word."""

import re

from manchengo import MemoryStore, Unit, UnitPrice
from manchengo.commands import COMMANDS, RegisterProduct
from manchengo.domain.access import Permission, Role
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.allocation import Skipped
from manchengo.domain.delivery import DeliveryStatus
from manchengo.domain.ids import ProductId
from manchengo.domain.ledger import Movement
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.production_order import STATE_NAMES
from manchengo.domain.resolution import ClaimKind, Way
from manchengo.domain.sales_order import OrderStatus
from manchengo_presenters import field_types as types
from manchengo_presenters import words
from manchengo_presenters.command_view import CHOICES, RecordedCommand
from manchengo_presenters.field_values import VALUES
from tests.house.sources import members, modules
from tests.support.dairy import an_id

NOTED = re.compile(
    r"(?:\bnote\(|note\(\w+\.id, |_note\(workplace, |note_in\(\w+, |note_done\([\w.]+, |\.door\(|"
    r"_note_refusal\(|_done\(|\baction=|permit\(Permission\.\w+, )"
    r'"([a-z]+\.[a-z_]+|read|sync)"'
)
"""How the name of an action is given where it is noted in the audit."""


def test_every_kind_of_thing() -> None:
    assert set(words.KINDS) == set(AGGREGATES)


def test_what_is_chosen_of_a_few_is_told_in_words() -> None:
    store = MemoryStore()
    asked = RegisterProduct(
        product_id=ProductId(an_id("P1")),
        code="FRO",
        kind=ProductKind.FINISHED,
        name="Fromage",
        unit=Unit.KG,
        price=UnitPrice(100_000),
        vat_class=VatClass.EXEMPT,
    )
    with store.reading() as snapshot:
        told = dict(RecordedCommand("product.register", asked).labelled_values(snapshot))
    assert (told["Type"], told["TVA"]) == ("produit fini", "exonéré")
    for kind, table in CHOICES.items():
        assert {each.value for each in kind} <= set(table)
    for field_type, kinds in {types.PRODUCT_KIND: ProductKind, types.VAT_CLASS: VatClass}.items():
        said = [VALUES[field_type].say(each, "") for each in kinds]
        assert not {each.value for each in kinds} & set(said)


def test_every_reason_to_pass_a_lot_over() -> None:
    assert set(words.SKIPPED) == set(Skipped)


def test_every_movement() -> None:
    assert set(words.MOVEMENTS) == set(Movement)


def test_every_role_and_permission() -> None:
    assert set(words.ROLES) == set(Role)
    assert set(words.PERMISSIONS) == set(Permission)
    assert not set(words.FORMER_PERMISSIONS) & set(words.PERMISSIONS)


def test_every_state() -> None:
    states = {*STATE_NAMES.values(), *OrderStatus, *DeliveryStatus}
    assert states <= set(words.STATES)


def test_every_action_that_a_program_notes_in_the_audit() -> None:
    read = [file.read_text("utf-8") for folder in members() for file in modules(folder / "src")]
    noted = {action for text in read for action in NOTED.findall(text)}
    assert len(noted) > 10
    assert noted <= set(words.AUDITED)


def test_every_command() -> None:
    assert set(words.COMMANDS) == set(COMMANDS)


def test_every_claim_and_every_way_out() -> None:
    assert set(words.CLAIMS) == set(ClaimKind)
    assert set(words.WAYS) == set(Way)
    assert {*Way, "judged"} <= set(words.STATES)
