"""A client: registered, changed field by field, archived."""

from typing import Any

import pytest
from attrs import evolve

from manchengo.commands import ArchiveClient, ChangeClient, Command, RegisterClient
from manchengo.domain.client import ClientArchived, ClientDetailsChanged, ClientRegistered
from manchengo.domain.errors import AlreadyExists, Archived, CodeMissing, Unknown
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId
from tests.support.dairy import A_DAIRY, SHOP, an_id
from tests.support.given import given

OTHER = ClientId(an_id("another shop"))
AT_LAW = Identity(nif="0002", nis="3", rc="15/00-2", ai="4")
NEW_SHOP = RegisterClient(
    client_id=OTHER,
    code="C02",
    name="Supérette Djurdjura",
    category="détaillant",
    commune="1501",
    identity=AT_LAW,
    minimum_shelf_life_days=20,
)
NOTHING = ClientDetailsChanged(
    name=None,
    category=None,
    commune=None,
    identity=None,
    price_list=None,
    minimum_shelf_life_days=None,
)


def test_a_shop_is_registered() -> None:
    given(A_DAIRY).when(NEW_SHOP).then(
        ClientRegistered(
            client_id=OTHER,
            code="C02",
            name="Supérette Djurdjura",
            category="détaillant",
            commune="1501",
            identity=AT_LAW,
            price_list="",
            minimum_shelf_life_days=20,
        )
    )


def test_a_shop_is_registered_once() -> None:
    given(A_DAIRY, NEW_SHOP).when(evolve(NEW_SHOP, code="C03")).refused(
        AlreadyExists, kind="client", reference=str(OTHER)
    )


def test_a_code_is_taken_once() -> None:
    given(A_DAIRY).when(evolve(NEW_SHOP, code="C01")).refused(
        AlreadyExists, kind="client", reference="C01"
    )


def test_a_code_is_given() -> None:
    given().when(evolve(NEW_SHOP, code=" ")).refused(CodeMissing, kind="client")


def test_an_event_holds_only_what_differs() -> None:
    change = ChangeClient(
        client_id=OTHER,
        name="Supérette Djurdjura",
        category="grossiste",
        minimum_shelf_life_days=0,
    )
    given(NEW_SHOP).when(change).then(
        evolve(NOTHING, category="grossiste", minimum_shelf_life_days=0)
    )


def test_a_change_that_changes_nothing_tells_nothing() -> None:
    given(NEW_SHOP).when(ChangeClient(client_id=OTHER, minimum_shelf_life_days=20)).then()


def test_a_shop_is_archived() -> None:
    given(A_DAIRY).when(ArchiveClient(client_id=SHOP)).then(ClientArchived())


@pytest.mark.parametrize(
    "step", [ArchiveClient(client_id=SHOP), ChangeClient(client_id=SHOP, name="x")]
)
def test_an_archived_shop_is_left_alone(step: Command) -> None:
    given(A_DAIRY, ArchiveClient(client_id=SHOP)).when(step).refused(
        Archived, kind="client", code="C01"
    )


@pytest.mark.parametrize(
    "step", [ArchiveClient(client_id=OTHER), ChangeClient(client_id=OTHER, name="x")]
)
def test_an_unknown_shop_is_refused(step: Command) -> None:
    given(A_DAIRY).when(step).refused(Unknown, kind="client", reference=str(OTHER))


@pytest.mark.parametrize("days", [-1, 1.5])
def test_a_freshness_is_a_whole_number_of_days(days: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        evolve(NEW_SHOP, minimum_shelf_life_days=days)
