"""Every command asks for a permission, every role grants some, and every refusal is noted."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest

from manchengo import Refused, Role
from manchengo.application.permissions import permit
from manchengo.commands import COMMANDS, NEEDS, NEEDS_OF_ONESELF, Command
from manchengo.domain.access import NotPermitted, Permission, holders
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import CommitId, UserId
from tests.support.dairy import A_DAIRY, an_id, blocked, delivered, litres, received, written_off
from tests.support.given import given, open_dairy, somebody

WHO_MAY = {
    Permission.MANAGE_PEOPLE: {"admin"},
    Permission.MANAGE_DEVICES: {"admin"},
    Permission.MANAGE_KEYS: {"admin"},
    Permission.KEEP_OWN_KEYS: {
        "admin",
        "appro",
        "production",
        "commercial",
        "livreur",
        "comptable",
    },
    Permission.KEEP_PARTIES: {"admin", "appro", "commercial", "comptable"},
    Permission.KEEP_PLANT: {"admin"},
    Permission.KEEP_PRODUCTS: {"admin", "production"},
    Permission.KEEP_RECIPES: {"admin", "production"},
    Permission.RECEIVE: {"admin", "appro"},
    Permission.ENTER_OPENING_STOCK: {"admin"},
    Permission.COUNT_STOCK: {"admin", "appro", "production"},
    Permission.WRITE_OFF: {"admin", "appro", "production"},
    Permission.CORRECT_LOTS: {"admin", "appro", "production"},
    Permission.BLOCK_LOTS: {"admin", "production"},
    Permission.RELEASE_LOTS: {"admin", "production"},
    Permission.RECALL_LOTS: {"admin", "production"},
    Permission.PRODUCE: {"admin", "production"},
    Permission.SELL: {"admin", "commercial"},
    Permission.DELIVER: {"admin", "commercial", "livreur"},
    Permission.ISSUE_INVOICES: {"admin", "comptable"},
    Permission.COLLECT: {"admin", "comptable"},
    Permission.CREDIT_OR_VOID: {"admin", "comptable"},
    Permission.IMPORT: {"admin", "appro", "production", "commercial"},
    Permission.UNDO_IMPORTS: {"admin", "appro", "production", "commercial"},
    Permission.RESOLVE: {"admin", "appro", "production", "commercial", "comptable"},
    Permission.SET_ASIDE: {"admin"},
    Permission.READ_PARTIES: {"admin", "appro", "commercial", "comptable"},
    Permission.READ_PRICES: {"admin", "appro", "production", "commercial", "comptable"},
    Permission.READ_AUDIT: {"admin"},
    Permission.VERIFY: {"admin", "appro", "production", "commercial", "livreur", "comptable"},
    Permission.BACK_UP: {"admin", "appro", "production", "commercial", "comptable"},
    Permission.RESTORE: {"admin"},
    Permission.REBUILD: {"admin"},
}

OF_ONESELF = {
    "user.admit_own_key": Permission.KEEP_OWN_KEYS,
    "user.withdraw_key": Permission.KEEP_OWN_KEYS,
    "user.withdraw_invitation": Permission.KEEP_OWN_KEYS,
}
"""What is enough for who gives the command about themselves."""

OF_NO_COMMAND = {
    Permission.READ_PARTIES,
    Permission.READ_PRICES,
    Permission.READ_AUDIT,
    Permission.VERIFY,
    Permission.BACK_UP,
    Permission.RESTORE,
    Permission.REBUILD,
}


PARTY, PRODUCT = ("register", "change", "archive"), ("register", "change", "set_density", "archive")
MAKE = ("plan", "start", "consume")
ORDER = ("place", "confirm", "cancel", "close", "reopen", "sell")
DELIVERY = ("prepare", "load", "unload", "dispatch", "confirm_reception")

ASKED_FOR: dict[Permission, dict[str, tuple[str, ...]]] = {
    # Written by hand, by the stored names of the commands: a right that moves is seen here.
    Permission.MANAGE_PEOPLE: {"user": ("register", "change_roles", "deactivate")},
    Permission.MANAGE_DEVICES: {
        "device": ("enrol", "withdraw", "allow_renewal", "lift_quota"),
        "audit": ("anchor",),
    },
    Permission.MANAGE_KEYS: {
        "user": ("admit_key", "admit_own_key", "withdraw_key", "invite", "withdraw_invitation"),
        "plant": (
            *("found", "require_signing", "replace_server_key"),
            *("make_label_key", "grant_label_key", "withdraw_label_key"),
        ),
    },
    Permission.KEEP_OWN_KEYS: {"plant": ("request_label_keys",)},
    Permission.KEEP_PARTIES: {"supplier": PARTY, "client": PARTY},
    Permission.KEEP_PLANT: {"plant_details": ("change",)},
    Permission.KEEP_PRODUCTS: {"product": PRODUCT},
    Permission.KEEP_RECIPES: {"recipe": ("define", "archive")},
    Permission.RECEIVE: {"lot": ("receive", "send_back")},
    Permission.ENTER_OPENING_STOCK: {"lot": ("enter_opening_stock",)},
    Permission.COUNT_STOCK: {"lot": ("count", "take_back_count")},
    Permission.WRITE_OFF: {"lot": ("write_off",)},
    Permission.CORRECT_LOTS: {"lot": ("correct", "void")},
    Permission.BLOCK_LOTS: {"lot": ("quarantine", "block")},
    Permission.RELEASE_LOTS: {"lot": ("release",)},
    Permission.RECALL_LOTS: {"lot": ("recall",)},
    Permission.PRODUCE: {
        "production_order": (*MAKE, "take_back", "complete", "cancel", "reopen", "produce")
    },
    Permission.SELL: {
        "sales_order": ORDER,
        "price_list": ("register", "change", "set_price", "archive"),
    },
    Permission.DELIVER: {"delivery": (*DELIVERY, "return", "cancel", "reopen", "deliver")},
    Permission.ISSUE_INVOICES: {"invoice": ("draft", "issue")},
    Permission.COLLECT: {"payment": ("receive", "allocate")},
    Permission.CREDIT_OR_VOID: {"credit_note": ("draft", "issue"), "payment": ("void",)},
    Permission.IMPORT: {"import": ("start", "finish")},
    Permission.UNDO_IMPORTS: {"import": ("undo",)},
    Permission.RESOLVE: {"resolution": ("resolve", "report_reused_id")},
    Permission.SET_ASIDE: {"resolution": ("set_aside", "take_up")},
}


def test_every_permission_is_somebodys() -> None:
    assert set(WHO_MAY) == set(Permission)
    assert set(NEEDS.values()) == set(Permission) - OF_NO_COMMAND
    for permission, roles in WHO_MAY.items():
        assert holders(permission) == roles


def test_every_command_asks_for_its_own_permission() -> None:
    by_hand = {
        f"{thing}.{step}": permission
        for permission, steps_of in ASKED_FOR.items()
        for thing, steps in steps_of.items()
        for step in steps
    }
    assert {name: NEEDS[schema.type] for name, schema in COMMANDS.items()} == by_hand


def of_somebody_else(kind: type[Command]) -> Any:
    """A command of that kind, whatever else it says."""
    command = object.__new__(kind)
    if hasattr(kind, "user_id"):
        object.__setattr__(command, "user_id", UserId(an_id("somebody else")))
    return command


def test_about_oneself_fewer_commands_need_an_administrator() -> None:
    by_name = {name: NEEDS_OF_ONESELF.get(schema.type) for name, schema in COMMANDS.items()}
    assert {name: needed for name, needed in by_name.items() if needed} == OF_ONESELF


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", OF_ONESELF)
def test_everybody_looks_after_keys_of_their_own(name: str, role: Role) -> None:
    actor = somebody(role)
    command = of_somebody_else(COMMANDS[name].type)
    object.__setattr__(command, "user_id", actor.user_id)
    permit(actor, command)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", NEEDS, ids=lambda kind: kind.__name__)
def test_a_command_is_for_those_who_may(kind: type[Command], role: Role) -> None:
    command = of_somebody_else(kind)
    if role.value in WHO_MAY[NEEDS[kind]]:
        permit(somebody(role), command)
    else:
        with pytest.raises(NotPermitted) as caught:
            permit(somebody(role), command)
        assert caught.value.permission is NEEDS[kind]
        assert caught.value.roles == {role}


def test_a_driver_receives_no_milk() -> None:
    given(A_DAIRY).when(received("L1", litres(1)), by=somebody(Role.DRIVER)).refused(
        NotPermitted, permission=Permission.RECEIVE, roles=frozenset({Role.DRIVER})
    )


def test_somebody_without_a_role_does_nothing() -> None:
    given(A_DAIRY).when(received("L1", litres(1)), by=somebody()).refused(
        NotPermitted, permission=Permission.RECEIVE, roles=frozenset()
    )


def test_a_person_with_two_roles_may_what_either_may() -> None:
    both = somebody(Role.DRIVER, Role.SUPPLY)
    given(A_DAIRY).when(received("L1", litres(1)), by=both).done()
    given(A_DAIRY).when(delivered("V1", order="S1"), by=both).refused(Unknown)
    given(A_DAIRY).when(blocked("L1"), by=both).refused(NotPermitted)


def test_a_person_who_may_not_ask_learns_nothing_about_the_thing() -> None:
    """The permission is looked at first: no word on whether the lot exists."""
    given(A_DAIRY).when(blocked("L9"), by=somebody(Role.ACCOUNTANT)).refused(NotPermitted)


def test_a_batch_asks_too() -> None:
    driver = open_dairy(given(A_DAIRY).dairy.store, actor=somebody(Role.DRIVER))
    with driver.batch() as batch, pytest.raises(NotPermitted):
        batch.execute(received("L1", litres(1)), command_id=CommitId(an_id("1")))


# -------------------------------------------------------------------------------------- the audit


def test_the_refusal_that_ends_a_batch_is_noted_and_others_are_not() -> None:
    """Nothing of it stays, as of one command; a file of wrong rows is one mistake (0004)."""
    dairy = given(A_DAIRY, received("L1", litres(1))).dairy
    with dairy.batch() as batch, suppress(Refused):
        batch.execute(written_off("L1", litres(3)), command_id=CommitId(an_id("1")))
    with dairy.store.reading() as snapshot:
        assert snapshot.audit(limit=1) == []

    def together() -> None:
        with dairy.batch() as batch:
            batch.execute(written_off("L1", litres(1)), command_id=CommitId(an_id("2")))
            batch.execute(written_off("L1", litres(2)), command_id=CommitId(an_id("3")))

    with pytest.raises(Refused):
        together()
    with dairy.store.reading() as snapshot:
        (noted,) = snapshot.audit(limit=9)
    assert (noted.action, noted.outcome) == ("lot.write_off", "NotEnoughInLot")
    assert msgspec.json.decode(noted.facts)["wanted"] == {"thousandths": 2000, "unit": "L"}


def test_a_refusal_is_noted_with_its_author_and_its_facts() -> None:
    dairy = given(A_DAIRY, received("L1", litres(1))).dairy
    karim = somebody(Role.SUPPLY, device=7)
    with pytest.raises(Refused):
        open_dairy(dairy.store, actor=karim).execute(written_off("L1", litres(2)))
    with dairy.store.reading() as snapshot:
        (entry,) = snapshot.audit(limit=10)
    assert (entry.user_id, entry.device_id) == (karim.user_id, karim.device_id)
    assert (entry.action, entry.outcome) == ("lot.write_off", "NotEnoughInLot")
    facts = msgspec.json.decode(entry.facts)
    assert facts["wanted"] == {"thousandths": 2000, "unit": "L"}
    assert facts["lot"] == "L1"


def test_the_newest_refusal_is_read_first() -> None:
    dairy = given(A_DAIRY).dairy
    for command in (blocked("L1"), written_off("L1", litres(1))):
        with pytest.raises(Refused):
            dairy.execute(command)
    with dairy.store.reading() as snapshot:
        assert [entry.action for entry in snapshot.audit(limit=2)] == ["lot.write_off", "lot.block"]
        assert [entry.action for entry in snapshot.audit(limit=1)] == ["lot.write_off"]


def test_what_was_allowed_is_a_commit_and_not_noted_twice() -> None:
    dairy = given(A_DAIRY, received("L1", litres(1))).dairy
    with dairy.store.reading() as snapshot:
        assert snapshot.audit(limit=10) == []
        assert list(snapshot.commits())[-1].user_id == somebody().user_id
