"""What a client pays where nobody says otherwise: by the client's list on that day, else the
product's own price; and two devices that write lists apart.
"""

from datetime import date, timedelta

import pytest
from attrs import evolve

from manchengo import Manchengo, OrderLine, Role
from manchengo.application.offered_prices import OfferedPrice
from manchengo.commands import (
    ArchivePriceList,
    ChangeClient,
    ChangePriceList,
    ChangeProduct,
    Command,
    PlaceSalesOrder,
    RegisterClient,
    StartImport,
    UndoImport,
)
from manchengo.domain.access import NotPermitted
from manchengo.domain.errors import Archived, Unknown
from manchengo.domain.ids import ClientId, CommitId, ImportId, PriceListId, ProductId, SalesOrderId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Money
from manchengo.ports.rows import (
    ListPriceRow,
    PriceListRow,
    ResolutionItemRow,
    SalesOrderLineRow,
)
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    PRICE,
    SHOP,
    WHEY,
    an_id,
    day,
    dinars,
    in_store,
    kg,
    litres,
)
from tests.support.given import given, open_dairy, somebody
from tests.support.plant import Device, Plant
from tests.support.pricing import GROS, THE_SHOP_PAYS_BY_IT, WHOLESALE, a_price

OF_THE_LIST = dinars(980)
LISTED = (A_DAIRY, WHOLESALE, THE_SHOP_PAYS_BY_IT, a_price(OF_THE_LIST, from_day=day(2)))
OWN = OfferedPrice(price=UnitPrice(PRICE.centimes))
A_BIT = timedelta(seconds=30)


def offered(*steps: object, on: date, of: ProductId = CHEESE) -> OfferedPrice | None:
    return given(*steps).dairy.price_for(SHOP, of, on=on)


def by_the_list(price: Money, since: date) -> OfferedPrice:
    named = ("GROS", "Grossistes")
    return OfferedPrice(price=UnitPrice(price.centimes), price_list=named, since=since)


# ------------------------------------------------------------------------------- what is offered


def test_the_list_of_the_client_comes_before_the_product() -> None:
    assert offered(LISTED, on=day(2)) == by_the_list(OF_THE_LIST, day(2))
    assert offered(LISTED, on=day(9)) == by_the_list(OF_THE_LIST, day(2))


def test_before_its_day_the_price_of_the_product_holds() -> None:
    assert offered(LISTED, on=day(1)) == OWN


def test_a_price_taken_out_of_the_list_leaves_the_products_own() -> None:
    assert offered(LISTED, a_price(Money(0), from_day=day(5)), on=day(5)) == OWN


def test_a_product_without_any_price_is_offered_at_none() -> None:
    unpriced = ChangeProduct(product_id=WHEY, price=Money(0))
    assert offered(LISTED, unpriced, on=day(2), of=WHEY) is None


def test_a_client_without_a_list_pays_the_products_own_price() -> None:
    none = ChangeClient(client_id=SHOP, price_list="")
    assert offered(LISTED, none, on=day(2)) == OWN


def test_an_archived_list_offers_nothing() -> None:
    assert offered(LISTED, ArchivePriceList(price_list_id=GROS), on=day(2)) == OWN


def test_today_counts_where_no_day_is_said() -> None:
    dairy = given(A_DAIRY, WHOLESALE, THE_SHOP_PAYS_BY_IT, a_price(OF_THE_LIST)).dairy
    assert dairy.price_for(SHOP, CHEESE) == by_the_list(OF_THE_LIST, day(0))


def test_an_unknown_product_is_refused() -> None:
    with pytest.raises(Unknown):
        offered(LISTED, on=day(2), of=ProductId(an_id("nothing")))


def test_who_may_not_read_prices_is_told_none() -> None:
    dairy = open_dairy(given(LISTED).dairy.store, actor=somebody(Role.DRIVER))
    with pytest.raises(NotPermitted):
        dairy.price_for(SHOP, CHEESE, on=day(2))


# -------------------------------------------------------------------------------------- in orders


def an_order(code: str, on: date, *lines: OrderLine) -> PlaceSalesOrder:
    return PlaceSalesOrder(
        order_id=SalesOrderId(an_id(code)), code=code, client_id=SHOP, lines=lines, on=on
    )


def prices_in(dairy: Manchengo, code: str) -> list[int]:
    with dairy.reading() as snapshot:
        rows = snapshot.rows(SalesOrderLineRow, order_id=an_id(code))
        return [row.unit_price for row in rows]


def test_an_order_takes_the_price_of_its_day() -> None:
    dairy = given(LISTED).dairy
    dairy.execute(an_order("S1", day(1), OrderLine(CHEESE, kg(1))))
    dairy.execute(an_order("S2", day(2), OrderLine(CHEESE, kg(1))))
    assert (prices_in(dairy, "S1"), prices_in(dairy, "S2")) == ([120_000], [98_000])


def test_a_price_that_is_said_comes_before_the_list() -> None:
    dairy = given(LISTED).dairy
    dairy.execute(an_order("S1", day(2), OrderLine(CHEESE, kg(1), dinars(7))))
    assert prices_in(dairy, "S1") == [700]


def test_a_price_of_the_list_is_enough_for_a_product_that_has_none() -> None:
    unpriced = ChangeProduct(product_id=WHEY, price=Money(0))
    dairy = given(LISTED, unpriced, a_price(dinars(7), of=WHEY)).dairy
    dairy.execute(an_order("S1", day(0), OrderLine(WHEY, litres(1))))
    assert prices_in(dairy, "S1") == [700]


def test_what_was_ordered_keeps_its_price_whatever_is_set_later() -> None:
    dairy = given(LISTED, in_store("T1", kg(9))).dairy
    dairy.execute(an_order("S1", day(2), OrderLine(CHEESE, kg(1))))
    dairy.execute(a_price(dinars(1), from_day=day(2)))
    dairy.execute(ArchivePriceList(price_list_id=GROS))
    dairy.rebuild()
    assert prices_in(dairy, "S1") == [98_000]


# ----------------------------------------------------------------------------- clients and lists


def test_a_client_pays_by_a_list_that_is_there() -> None:
    given(A_DAIRY).when(THE_SHOP_PAYS_BY_IT).refused(Unknown, kind="price_list", reference="GROS")
    new = RegisterClient(
        client_id=ClientId(an_id("new")), code="C9", name="Neuf", price_list="NOWHERE"
    )
    given(A_DAIRY).when(new).refused(Unknown, kind="price_list", reference="NOWHERE")


def test_no_client_is_given_an_archived_list() -> None:
    archived = (A_DAIRY, WHOLESALE, ArchivePriceList(price_list_id=GROS))
    given(archived).when(THE_SHOP_PAYS_BY_IT).refused(Archived, kind="price_list")


def test_who_has_an_archived_list_is_changed_otherwise() -> None:
    given(LISTED, ArchivePriceList(price_list_id=GROS)).when(
        ChangeClient(client_id=SHOP, name="Épicerie", price_list="GROS")
    ).done()


# ------------------------------------------------------------------------------ what is stored


def stored(dairy: Manchengo) -> list[tuple[date, int, int]]:
    with dairy.reading() as snapshot:
        rows = snapshot.rows(ListPriceRow, price_list_id=GROS)
        return [(row.from_day, row.price, row.price_per) for row in rows]


def test_each_price_is_a_row() -> None:
    dairy = given(LISTED, a_price(UnitPrice(35, per=100), from_day=day(9))).dairy
    assert stored(dairy) == [(day(2), 98_000, 1), (day(9), 35, 100)]
    dairy.execute(a_price(dinars(1), from_day=day(9)))
    dairy.execute(ChangePriceList(price_list_id=GROS, name="Demi-gros"))
    assert stored(dairy) == [(day(2), 98_000, 1), (day(9), 100, 1)]
    assert dairy.price_list("gros").name == "Demi-gros"
    assert dairy.verify().sound


def test_an_import_that_is_undone_takes_its_prices_with_it() -> None:
    dairy = given(LISTED).dairy
    file = ImportId(an_id("prices"))
    dairy.execute(
        StartImport(
            import_id=file,
            kind=ImportKind.PRODUCTS,
            file_name="tarifs.csv",
            digest="ab" * 32,
            on=day(0),
        )
    )
    with dairy.batch(import_id=file) as batch:
        for number, price in enumerate((dinars(1), dinars(2))):
            command_id = CommitId(an_id(f"row {number}"))
            batch.execute(a_price(price, from_day=day(2 + number)), command_id=command_id)
    assert stored(dairy) == [(day(2), 100, 1), (day(3), 200, 1)]
    dairy.execute(UndoImport(import_id=file, reason="mauvais fichier"))
    assert stored(dairy) == [(day(2), 98_000, 1)]
    assert dairy.verify().sound


# ------------------------------------------------------------------------------- on two devices


def two_devices() -> tuple[Plant, Device, Device]:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, WHOLESALE, a_price(dinars(900)))
    plant.settle()
    return plant, office, phone


def contested(device: Device) -> list[str]:
    with device.store.reading() as snapshot:
        return [item.facts for item in snapshot.rows(ResolutionItemRow)]


def set_apart(first: Command, later: Command, *, later_arrives_first: bool) -> Plant:
    """One device sets a price, and the other half a minute later, without having seen it."""
    plant, office, phone = two_devices()
    phone.clock.at = office.clock.at + A_BIT
    office.does(first)
    phone.does(later)
    if later_arrives_first:
        phone.push()
    plant.settle()
    assert len(plant.digests()) == 1
    return plant


@pytest.mark.parametrize("later_arrives_first", [False, True])
def test_of_one_price_set_by_two_the_later_holds_and_a_person_is_asked(
    later_arrives_first: bool,
) -> None:
    plant = set_apart(
        a_price(dinars(980)), a_price(dinars(970)), later_arrives_first=later_arrives_first
    )
    for device in plant.devices:
        assert stored(device.dairy) == [(day(0), 97_000, 1)]
        assert contested(device) == ['{"fields":["price"]}']


@pytest.mark.parametrize(
    "other",
    [a_price(dinars(970), from_day=day(5)), a_price(dinars(970), of=WHEY)],
    ids=["another day", "another product"],
)
def test_two_prices_of_another_day_or_product_both_hold(other: Command) -> None:
    plant = set_apart(a_price(dinars(980)), other, later_arrives_first=True)
    for device in plant.devices:
        assert {row[1] for row in stored(device.dairy)} == {98_000, 97_000}
        assert contested(device) == []


def test_the_loser_stays_in_the_log() -> None:
    plant = set_apart(a_price(dinars(980)), a_price(dinars(970)), later_arrives_first=True)
    with plant.devices[0].store.reading() as snapshot:
        told = [commit for commit in snapshot.commits() if commit.command_type.endswith("price")]
        assert len(told) == 3
        assert all(commit.events for commit in told)


def test_a_list_registered_by_two_is_one_list_and_an_item() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY)
    plant.settle()
    office.does(WHOLESALE)
    twin = evolve(WHOLESALE, price_list_id=PriceListId(an_id("twin")), code="gros")
    phone.does(twin)
    plant.settle()
    with phone.store.reading() as snapshot:
        assert [row.code for row in snapshot.rows(PriceListRow)] == ["GROS"]
        assert [item.refusal for item in snapshot.rows(ResolutionItemRow)] == ["AlreadyExists"]
