"""What nobody here can read holds up what its author may change, and nothing else."""

from uuid import UUID

import pytest

from manchengo import Role
from manchengo.application.parked import CHANGED_BY
from manchengo.commands import NEEDS, ChangeClient, ChangeProduct, ChangeRoles, UndoImport
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.commit import Verdict
from tests.application.test_authors import of_a_newer_program, sent
from tests.application.test_said_by_two import ELSEWHERE, EVERY, MORNING, PHONE, Said
from tests.support.dairy import MILK, SHOP
from tests.support.given import given, open_dairy
from tests.support.people import KARIM, plant_of_two
from tests.support.plant import Plant

NAMES = (SHOP, MILK)


def verdicts(role: Role, *about: UUID) -> list[Verdict]:
    """What becomes of the office's work on the client and on the milk, after Karim in that role has
    sent what nobody can read about these.
    """
    plant = plant_of_two()
    office, phone = plant.devices
    office.does(ChangeRoles(user_id=KARIM, roles=frozenset({role})))
    plant.settle()
    assert sent(plant, phone, of_a_newer_program(phone, KARIM, *about)).verdict is Verdict.PARKED
    done = office.does(
        ChangeClient(client_id=SHOP, name="Épicerie"), ChangeProduct(product_id=MILK, name="Lait")
    )
    office.push()
    return [verdict_of(plant, commit.id) for commit in done]


def verdict_of(plant: Plant, commit_id: UUID) -> Verdict:
    return next(each.verdict for each in plant.after(0, 1_000) if each.commit.id == commit_id)


@pytest.mark.parametrize(
    ("role", "client", "milk"),
    [
        (Role.DRIVER, Verdict.ACCEPTED, Verdict.ACCEPTED),
        (Role.SALES, Verdict.PARKED, Verdict.ACCEPTED),
        (Role.PRODUCTION, Verdict.ACCEPTED, Verdict.PARKED),
        (Role.ADMIN, Verdict.PARKED, Verdict.PARKED),
    ],
)
def test_nobody_holds_up_what_their_roles_do_not_change(
    role: Role, client: Verdict, milk: Verdict
) -> None:
    assert verdicts(role, *NAMES) == [client, milk]


def test_what_was_not_named_is_not_held_up() -> None:
    assert verdicts(Role.ADMIN, SHOP) == [Verdict.PARKED, Verdict.ACCEPTED]


def test_each_kind_is_one_of_the_dairy() -> None:
    assert set(CHANGED_BY) <= set(AGGREGATES)


@pytest.mark.parametrize("case", EVERY, ids=lambda case: type(case.command).__name__)
def test_whoever_may_give_a_command_may_change_what_it_changes(case: Said) -> None:
    """The table says it of each command, as what it recorded shows."""
    if isinstance(case.command, (UndoImport, *ELSEWHERE)):
        return  # what they have done or undone is asked for by its own permission
    dairy = open_dairy(given(MORNING, case.before).dairy.store, actor=PHONE)
    kinds = {event.aggregate_type for event in dairy.execute(case.command).events}
    needed = NEEDS[type(case.command)]
    assert [kind for kind in kinds if needed not in CHANGED_BY.get(kind, {needed})] == []
