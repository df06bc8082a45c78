"""One person has one name, however it is typed, and nobody is taken for another."""

import pytest
from attrs import evolve

from manchengo import Manchengo, Role
from manchengo.application.people import user_named
from manchengo.commands import DeactivateUser, RegisterUser
from manchengo.domain.access import UserRegistered
from manchengo.domain.errors import AlreadyExists, Ambiguous, Unknown
from manchengo.domain.ids import UserId
from manchengo.ports.rows import UserRow
from tests.support.dairy import an_id
from tests.support.given import given

SPELT = ("Hélène", "HÉLÈNE", "He\u0301le\u0300ne", " hélène ", "Hélène\u200b")


def registered(name: str, number: int = 1) -> RegisterUser:
    user_id = UserId(an_id(f"user {number}"))
    return RegisterUser(user_id=user_id, name=name, roles=frozenset({Role.SALES}))


def of_before(name: str, number: int) -> UserRegistered:
    """As a program stored it that compared names letter by letter."""
    return UserRegistered(user_id=UserId(an_id(f"user {number}")), name=name, roles=(Role.SALES,))


def found(dairy: Manchengo, name: str, *, active: bool = False) -> UserRow:
    with dairy.store.reading() as snapshot:
        return user_named(snapshot, name, active=active)


@pytest.mark.parametrize("spelt", SPELT)
def test_a_name_that_differs_in_spelling_alone_is_taken(spelt: str) -> None:
    again = registered(spelt, 2)
    given(registered("Hélène")).when(again).refused(AlreadyExists, kind="user", reference=spelt)


@pytest.mark.parametrize("spelt", SPELT)
def test_a_person_is_found_however_the_name_is_typed(spelt: str) -> None:
    dairy = given(registered("Hélène"), registered("Helene", 2)).dairy
    assert found(dairy, spelt).id == registered("").user_id


def test_of_two_from_before_only_the_one_as_typed_is_meant() -> None:
    dairy = given(of_before("Hélène", 1), of_before("HÉLÈNE", 2)).dairy
    assert found(dairy, "HÉLÈNE").id == UserId(an_id("user 2"))
    with pytest.raises(Ambiguous) as caught:
        found(dairy, "hélène")
    for number, name in ((1, "Hélène"), (2, "HÉLÈNE")):
        assert f"{name} ({an_id(f'user {number}')})" in caught.value.found


def test_two_that_look_the_same_are_told_apart_by_their_identifiers() -> None:
    dairy = given(of_before("Hélène", 1), of_before("He\u0301le\u0300ne", 2)).dairy
    second = UserId(an_id("user 2"))
    assert found(dairy, str(second)).id == second


def test_whoever_left_is_not_meant_where_somebody_active_is() -> None:
    dairy = given(
        of_before("Hélène", 1),
        of_before("HÉLÈNE", 2),
        DeactivateUser(user_id=UserId(an_id("user 2"))),
    ).dairy
    assert found(dairy, "hélène", active=True).id == UserId(an_id("user 1"))
    for name in ("Personne", str(an_id("user 2")), str(an_id("nobody"))):
        with pytest.raises(Unknown):
            found(dairy, name, active=True)


def test_somebody_who_left_keeps_the_name() -> None:
    gone = DeactivateUser(user_id=registered("").user_id)
    given(registered("Hélène"), gone).when(evolve(registered("HÉLÈNE", 2))).refused(AlreadyExists)
