"""A price list: a price of a product is in force from a day on, until the next one."""

import pytest
from attrs import evolve

from manchengo.commands import (
    ArchivePriceList,
    ArchiveProduct,
    ChangePriceList,
    Command,
)
from manchengo.domain.errors import AlreadyExists, Archived, CodeMissing, NameMissing, Unknown
from manchengo.domain.ids import PriceListId, ProductId
from manchengo.domain.price_list import (
    PriceList,
    PriceListArchived,
    PriceListDetailsChanged,
    PriceListRegistered,
    PriceSet,
)
from manchengo.domain.price_list import evolve as after
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Money
from tests.support.dairy import A_DAIRY, CHEESE, MILK, an_id, day, dinars
from tests.support.given import given
from tests.support.pricing import GROS, WHOLESALE, a_price

OTHER = PriceListId(an_id("another list"))
NONE = Money(0)


def a_list(*prices: PriceSet) -> PriceList:
    known = after(None, PriceListRegistered(price_list_id=GROS, code="GROS", name="Grossistes"))
    for price in prices:
        known = after(known, price)
    return known


def from_day(number: int, price: Money | UnitPrice) -> PriceSet:
    return PriceSet(product_id=CHEESE, price=price, from_day=day(number))


def test_a_list_is_registered() -> None:
    given(A_DAIRY).when(WHOLESALE).then(
        PriceListRegistered(price_list_id=GROS, code="GROS", name="Grossistes")
    )


def test_a_code_is_taken_once() -> None:
    given(WHOLESALE).when(evolve(WHOLESALE, price_list_id=OTHER, code="gros")).refused(
        AlreadyExists, kind="price_list", reference="gros"
    )


def test_a_code_and_a_name_are_given() -> None:
    given().when(evolve(WHOLESALE, code=" ")).refused(CodeMissing, kind="price_list")
    given().when(evolve(WHOLESALE, name=" ")).refused(NameMissing, kind="price_list")
    given(WHOLESALE).when(ChangePriceList(price_list_id=GROS, name="")).refused(NameMissing)


def test_a_list_is_renamed() -> None:
    given(WHOLESALE).when(ChangePriceList(price_list_id=GROS, name="Demi-gros")).then(
        PriceListDetailsChanged(name="Demi-gros")
    )
    given(WHOLESALE).when(ChangePriceList(price_list_id=GROS, name="Grossistes")).then()


def test_a_price_is_set_from_a_day_on() -> None:
    price = UnitPrice(98_000, per=10)
    given(A_DAIRY, WHOLESALE).when(a_price(price, from_day=day(3))).then(
        PriceSet(product_id=CHEESE, price=price, from_day=day(3))
    )


def test_the_same_price_from_the_same_day_changes_nothing() -> None:
    before = (A_DAIRY, WHOLESALE, a_price(dinars(980)))
    given(before).when(a_price(dinars(980))).then()
    given(before).when(a_price(dinars(981))).then(
        PriceSet(product_id=CHEESE, price=dinars(981), from_day=day(0))
    )


@pytest.mark.parametrize(
    ("on", "centimes", "since"),
    [(0, None, None), (1, 98_000, 1), (4, 98_000, 1), (5, 99_000, 5), (9, 99_000, 5)],
)
def test_a_price_holds_from_its_day_to_the_next(
    on: int, centimes: int | None, since: int | None
) -> None:
    known = a_list(from_day(5, dinars(990)), from_day(1, dinars(980)))
    found = known.in_force(CHEESE, day(on))
    assert found == (
        None if centimes is None or since is None else (UnitPrice(centimes), day(since))
    )
    assert known.in_force(MILK, day(on)) is None


def test_a_price_of_zero_ends_the_one_before() -> None:
    known = a_list(from_day(1, dinars(980)), from_day(4, NONE), from_day(7, dinars(990)))
    assert known.in_force(CHEESE, day(3)) == (UnitPrice(98_000), day(1))
    assert known.in_force(CHEESE, day(4)) is None
    assert known.in_force(CHEESE, day(7)) == (UnitPrice(99_000), day(7))


def test_a_price_set_again_from_the_same_day_replaces_it() -> None:
    known = a_list(from_day(1, dinars(980)), from_day(1, dinars(970)))
    assert known.prices[CHEESE] == ((day(1), UnitPrice(97_000)),)


def test_a_list_is_archived_and_then_left_alone() -> None:
    given(WHOLESALE).when(ArchivePriceList(price_list_id=GROS)).then(PriceListArchived())
    archived = (A_DAIRY, WHOLESALE, ArchivePriceList(price_list_id=GROS))
    steps: tuple[Command, ...] = (
        ChangePriceList(price_list_id=GROS, name="x"),
        a_price(dinars(1)),
        ArchivePriceList(price_list_id=GROS),
    )
    for step in steps:
        given(archived).when(step).refused(Archived, kind="price_list", code="GROS")


def test_an_archived_list_has_no_price_in_force() -> None:
    known = after(a_list(from_day(1, dinars(980))), PriceListArchived())
    assert known.in_force(CHEESE, day(1)) is None


def test_an_unknown_list_is_refused() -> None:
    given(A_DAIRY).when(ChangePriceList(price_list_id=OTHER, name="x")).refused(Unknown)
    given(A_DAIRY).when(ArchivePriceList(price_list_id=OTHER)).refused(Unknown)
    given(A_DAIRY).when(a_price(dinars(1))).refused(Unknown, kind="price_list")


def test_a_product_that_is_unknown_or_archived_gets_no_price() -> None:
    nobody_knows = evolve(a_price(dinars(1)), product_id=ProductId(an_id("nothing")))
    given(A_DAIRY, WHOLESALE).when(nobody_knows).refused(Unknown, kind="product")
    archived = (A_DAIRY, WHOLESALE, ArchiveProduct(product_id=CHEESE))
    given(archived).when(a_price(dinars(1))).refused(Archived, kind="product")
