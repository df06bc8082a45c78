"""People: who they are, what they may do, and that they have left."""

import pytest
from attrs import evolve

from manchengo import Role
from manchengo.commands import ChangeRoles, Command, DeactivateUser, RegisterUser
from manchengo.domain.access import (
    LastAdministrator,
    UserDeactivated,
    UserRegistered,
    UserRolesChanged,
)
from manchengo.domain.errors import AlreadyExists, Archived, NameMissing, NothingToDo, Unknown
from manchengo.domain.ids import UserId
from tests.support.dairy import an_id
from tests.support.given import given

NADIA = UserId(an_id("Nadia"))
NADIA_CAME = RegisterUser(
    user_id=NADIA, name=" Nadia ", roles=frozenset({Role.SALES, Role.ACCOUNTANT})
)
NADIA_LEFT = DeactivateUser(user_id=NADIA)
TO_THE_VATS = ChangeRoles(user_id=NADIA, roles=frozenset({Role.PRODUCTION}))


def test_somebody_is_registered_with_their_roles_in_a_fixed_order() -> None:
    given().when(NADIA_CAME).then(
        UserRegistered(user_id=NADIA, name="Nadia", roles=(Role.SALES, Role.ACCOUNTANT))
    )


def test_nobody_without_a_name_or_a_role_is_registered() -> None:
    given().when(evolve(NADIA_CAME, name=" ")).refused(NameMissing, kind="user")
    given().when(evolve(NADIA_CAME, roles=frozenset())).refused(NothingToDo, what="roles")


def test_somebody_is_registered_once() -> None:
    given(NADIA_CAME).when(evolve(NADIA_CAME, name="Nadia B.")).refused(
        AlreadyExists, kind="user", reference=str(NADIA)
    )


def test_two_people_do_not_bear_the_same_name() -> None:
    given(NADIA_CAME).when(evolve(NADIA_CAME, user_id=UserId(an_id("another")))).refused(
        AlreadyExists, kind="user", reference=" Nadia "
    )


def test_roles_change() -> None:
    given(NADIA_CAME).when(TO_THE_VATS).then(UserRolesChanged(roles=(Role.PRODUCTION,)))


def test_roles_that_stay_the_same_make_no_event() -> None:
    given(NADIA_CAME, TO_THE_VATS).when(TO_THE_VATS).then()


def test_a_person_keeps_at_least_one_role() -> None:
    given(NADIA_CAME).when(evolve(TO_THE_VATS, roles=frozenset())).refused(
        NothingToDo, what="roles"
    )


def test_somebody_leaves() -> None:
    given(NADIA_CAME).when(NADIA_LEFT).then(UserDeactivated())


@pytest.mark.parametrize("step", [TO_THE_VATS, NADIA_LEFT])
def test_somebody_who_left_is_left_alone(step: Command) -> None:
    given(NADIA_CAME, NADIA_LEFT).when(step).refused(Archived, kind="user", code="Nadia")


@pytest.mark.parametrize("step", [TO_THE_VATS, NADIA_LEFT])
def test_an_unknown_person_is_left_alone(step: Command) -> None:
    given().when(step).refused(Unknown, kind="user", reference=str(NADIA))


KARIM = UserId(an_id("Karim"))
KARIM_CAME = RegisterUser(user_id=KARIM, name="Karim", roles=frozenset({Role.ADMIN}))
KARIM_STEPS_BACK = ChangeRoles(user_id=KARIM, roles=frozenset({Role.DRIVER}))
KARIM_LEFT = DeactivateUser(user_id=KARIM)


@pytest.mark.parametrize("step", [KARIM_STEPS_BACK, KARIM_LEFT])
def test_the_last_administrator_stays_one(step: Command) -> None:
    given(KARIM_CAME, NADIA_CAME).when(step).refused(LastAdministrator, user="Karim")


@pytest.mark.parametrize("step", [KARIM_STEPS_BACK, KARIM_LEFT])
def test_an_administrator_may_go_where_another_is_left(step: Command) -> None:
    another = evolve(NADIA_CAME, roles=frozenset({Role.ADMIN, Role.SALES}))
    given(KARIM_CAME, another).when(step).done()
    given(KARIM_CAME, another, NADIA_LEFT).when(step).refused(LastAdministrator)
