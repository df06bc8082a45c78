"""Price lists on screens: one with its prices, one that is set, a product, a client, an order."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from manchengo import Role
from manchengo.commands import (
    ArchivePriceList,
    ChangeClient,
    RegisterClient,
    RegisterPriceList,
    RegisterProduct,
    SetPrice,
)
from manchengo.domain.ids import ClientId, PriceListId, ProductId
from manchengo.domain.product import ProductKind
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Money, Unit
from manchengo.ports.rows import ClientRow, PriceListRow, SalesOrderLineRow
from manchengo_presenters.registers import CLIENT, PRICE_LIST
from manchengo_presenters.screens.new_sale import NewSale
from manchengo_presenters.screens.price_list_page import SETTING, PriceListPage
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.product_page import ProductPage
from manchengo_presenters.screens.register_list import RegisterList, empty_words
from manchengo_presenters.screens.register_page import RegisterPage
from manchengo_presenters.screens.screen import Screen
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
)
from tests.support.selling import cheese, client, with_cheese

NB = "\u00a0"
GROS, RETAIL = PriceListId(UUID(int=801)), PriceListId(UUID(int=802))
SHOP, TOMME, BRIE = ClientId(UUID(int=803)), ProductId(UUID(int=804)), ProductId(UUID(int=805))


def a_product(product_id: ProductId, code: str, name: str) -> RegisterProduct:
    return RegisterProduct(
        product_id=product_id,
        code=code,
        kind=ProductKind.FINISHED,
        name=name,
        name_ar="جبن" if code == "TOMME" else "",
        unit=Unit.KG,
        price=Money(120_000),
    )


def a_price(product_id: ProductId, cents: int, *, days: int = 0) -> SetPrice:
    return SetPrice(
        price_list_id=GROS,
        product_id=product_id,
        price=UnitPrice(cents),
        from_day=TODAY + timedelta(days=days),
    )


@pytest.fixture
def office() -> OfficeInMemory:
    office = OfficeInMemory()
    execute(office, a_product(TOMME, "TOMME", "Tomme"))
    execute(office, a_product(BRIE, "BRIE", "Brie"))
    execute(office, RegisterPriceList(price_list_id=GROS, code="GROS", name="Grossistes"))
    execute(office, RegisterClient(client_id=SHOP, code="C001", name="Ziani"))
    return office


def opened(
    office: OfficeInMemory, entry_id: UUID | None = GROS, window: WindowInMemory | None = None
) -> PriceListPage:
    page = PriceListPage(context(office, window=window), entry_id)
    asyncio.run(page.load())
    return page


def lines(page: PriceListPage) -> list[tuple[str, str, str, str]]:
    return [(each.product, each.price, each.since, each.next) for each in page.shown]


# -------------------------------------------------------------------------------- the list of lists


def test_lists_are_listed_opened_and_entered(
    office: OfficeInMemory,
) -> None:
    window = WindowInMemory()
    screen = RegisterList(context(office, window=window), PRICE_LIST)
    asyncio.run(screen.load())
    assert screen.title == "Tarifs"
    assert screen.page is not None
    assert [line.cells for line in screen.page.lines] == [{"code": "GROS", "name": "Grossistes"}]
    asyncio.run(screen.enter())
    asyncio.run(screen.add())
    assert window.went == [(Screen.PRICE_LIST, GROS), (Screen.PRICE_LIST, None)]
    assert screen.may_add
    assert not screen.may_import
    assert empty_words(PRICE_LIST)[0] == "Aucun tarif"


def test_a_new_list_gets_a_code(office: OfficeInMemory) -> None:
    window = WindowInMemory(went=[(Screen.PRICE_LIST, None)])
    page = opened(office, None, window)
    page.put("name", "Détaillants")
    asyncio.run(page.save())
    with office.reading() as snapshot:
        codes = [row.code for row in snapshot.rows(PriceListRow)]
    assert sorted(codes) == ["GROS", "T001"]
    assert page.listed is None


# ------------------------------------------------------------------------------------- the prices


def test_a_list_shows_what_is_in_force_and_what_comes(office: OfficeInMemory) -> None:
    execute(office, a_price(TOMME, 98_000, days=-3))
    execute(office, a_price(TOMME, 99_000, days=2))
    execute(office, a_price(BRIE, 0, days=-1))
    page = opened(office)
    assert lines(page) == [
        ("Brie", "", "23/11/2026", ""),
        ("Tomme", f"980,00{NB}DA", "21/11/2026", f"990,00{NB}DA dès le 26/11/2026"),
    ]
    assert page.listed is not None
    assert page.listed.prices[1].versions == (
        ("26/11/2026", f"990,00{NB}DA"),
        ("21/11/2026", f"980,00{NB}DA"),
    )
    assert page.listed.prices[0].versions == (("23/11/2026", "aucun"),)


def test_a_price_is_set_and_its_history_told(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    page = opened(office, window=window)
    assert page.listed is not None
    assert not page.shown
    page.begin(None)
    form = page.form
    assert form is not None
    assert [words for _, words in form.listed.products] == ["Brie (BRIE)", "Tomme (TOMME)"]
    form.choose("product", str(TOMME))
    form.put("price", "980")
    asyncio.run(page.confirm())
    assert page.form is None
    assert lines(page) == [("Tomme", f"980,00{NB}DA", "24/11/2026", "")]
    assert window.told[-1] == f"Tomme{NB}: 980,00{NB}DA dès le 24/11/2026."
    page.begin(page.shown[0])
    form = page.form
    assert form is not None
    assert form.chosen is page.shown[0]
    form.put("price", "0,35/100")
    form.put("from_day", "01/12/2026")
    asyncio.run(form.submit())
    latest, first, _registered = page.history
    assert latest.changes == (("Tomme", "", f"0,35{NB}DA les 100{NB}kg dès le 01/12/2026"),)
    assert first.changes == (("Tomme", "", f"980,00{NB}DA dès le 24/11/2026"),)


def test_what_is_wrong_stands_beside_its_field(office: OfficeInMemory) -> None:
    page = opened(office)
    page.begin(None)
    form = page.form
    assert form is not None
    asyncio.run(form.submit())
    assert set(form.errors) == {"product", "price"}
    form.choose("product", str(TOMME))
    form.put("price", "cher")
    form.put("from_day", "jamais")
    asyncio.run(form.submit())
    assert set(form.errors) == {"price", "from_day"}
    form.put("price", "1")
    form.put("from_day", "")
    execute(office, ArchivePriceList(price_list_id=GROS))
    asyncio.run(form.submit())
    assert "Archivé" in form.errors["product"]


def test_products_are_looked_for_and_fifty_are_shown_at_first(office: OfficeInMemory) -> None:
    for number in range(55):
        product_id = ProductId(UUID(int=9_000 + number))
        execute(office, a_product(product_id, f"P{number}", f"Pâte {number}"))
        execute(office, a_price(product_id, 100 + number))
    page = opened(office)
    assert (len(page.shown), page.hidden) == (50, 5)
    page.show_all_prices()
    assert (len(page.shown), page.hidden) == (55, 0)
    asyncio.run(page.set_search("pate 54"))
    assert [each.code for each in page.shown] == ["P54"]
    asyncio.run(page.set_search("rien"))
    assert not page.shown


def test_what_was_typed_is_there_again(office: OfficeInMemory) -> None:
    page = opened(office)
    form = asyncio.run(page.reopen(SETTING))
    assert form is page.form
    assert set(page.open_forms) == {"", SETTING}
    page.leave()
    assert set(page.open_forms) == {""}


def test_an_archived_list_takes_no_price(office: OfficeInMemory) -> None:
    page = opened(office)
    asyncio.run(page.archive())
    assert not page.may_set_prices
    page.begin(None)
    assert page.form is None


def test_a_driver_reads_the_list_without_its_prices(office: OfficeInMemory) -> None:
    execute(office, a_price(TOMME, 98_000))
    office.roles = frozenset({Role.DRIVER})
    page = opened(office)
    assert page.entry is not None
    assert (page.entry.title, page.listed, page.may_set_prices) == ("Grossistes", None, False)
    assert "980" not in str(page.entry)


def test_a_list_that_cannot_be_read_says_why(office: OfficeInMemory) -> None:
    office.fault = Problem("Busy", "La base est occupée.")
    page = PriceListPage(context(office), GROS)
    asyncio.run(page.load())
    assert page.problem is not None
    assert page.entry is None
    asyncio.run(page.load())
    assert page.entry is not None
    assert page.listed is not None


def test_a_price_is_set_from_the_line_under_the_keys(office: OfficeInMemory) -> None:
    execute(office, a_price(TOMME, 98_000))
    execute(office, a_price(BRIE, 88_000))
    page = opened(office)
    page.move(1)
    asyncio.run(page.enter())
    assert page.form is not None
    assert page.form.values["product"] == str(TOMME)
    asyncio.run(page.set_search("brie"))
    asyncio.run(page.enter())
    assert page.form.values["product"] == str(BRIE)
    office.roles = frozenset({Role.DRIVER})
    page = opened(office)
    asyncio.run(page.enter())
    assert page.form is None


# ----------------------------------------------------------------------- a product, a client


def test_a_product_shows_its_price_in_each_list(office: OfficeInMemory) -> None:
    execute(office, RegisterPriceList(price_list_id=RETAIL, code="DETAIL", name="Détail"))
    execute(office, a_price(TOMME, 98_000))
    window = WindowInMemory()
    page = ProductPage(context(office, window=window), TOMME)
    asyncio.run(page.load())
    (price,) = page.lists
    assert (price.name, price.price, price.since) == (
        *("Grossistes", f"980,00{NB}DA"),
        "24/11/2026",
    )
    asyncio.run(page.enter())
    assert window.went == [(Screen.PRICE_LIST, GROS)]


def test_a_driver_sees_no_price_of_a_product_in_lists(office: OfficeInMemory) -> None:
    execute(office, a_price(TOMME, 98_000))
    office.roles = frozenset({Role.DRIVER})
    page = ProductPage(context(office), TOMME)
    asyncio.run(page.load())
    assert page.lists == ()


def client_page(office: OfficeInMemory, entry_id: UUID | None = SHOP) -> RegisterPage:
    page = RegisterPage(context(office), entry_id, CLIENT)
    asyncio.run(page.load())
    return page


def lists_offered(page: RegisterPage) -> list[str]:
    (field,) = (each for each in page.fields if each.name == "price_list")
    return [key for key, _ in field.options]


def test_a_client_is_given_a_list_and_loses_it(office: OfficeInMemory) -> None:
    page = client_page(office)
    assert lists_offered(page) == ["", "GROS"]
    assert lists_offered(client_page(office, None)) == ["", "GROS"]
    for chosen in ("GROS", ""):
        page.choose("price_list", chosen)
        asyncio.run(page.save())
        with office.reading() as snapshot:
            (row,) = snapshot.rows(ClientRow)
        assert row.price_list == chosen


def test_a_client_keeps_the_name_of_a_list_that_was_archived(office: OfficeInMemory) -> None:
    execute(office, ChangeClient(client_id=SHOP, price_list="GROS"))
    execute(office, ArchivePriceList(price_list_id=GROS))
    assert lists_offered(client_page(office)) == ["", "GROS"]
    assert lists_offered(client_page(office, None)) == [""]


# -------------------------------------------------------------------------------------- an order


def test_an_order_says_where_its_price_comes_from() -> None:
    office = with_cheese()
    execute(office, RegisterPriceList(price_list_id=GROS, code="GROS", name="Grossistes"))
    execute(office, a_price(cheese(office).id, 15_000, days=-1))
    form = NewSale(context(office))
    asyncio.run(form.load())
    asyncio.run(form.choose("client", str(client(office))))
    asyncio.run(form.choose("product", str(cheese(office).id)))
    assert form.price_hint == f"Laissé vide{NB}: 180,00{NB}DA."
    form.put("quantity", "2")
    asyncio.run(form.add_line())
    execute(office, ChangeClient(client_id=client(office), price_list="GROS"))
    asyncio.run(form.choose("product", str(cheese(office).id)))
    assert form.price_hint == (
        f"Laissé vide{NB}: 150,00{NB}DA, tarif Grossistes depuis le 23/11/2026."
    )
    assert [line.price_words for line in form.lines] == [f"150,00{NB}DA"]
    form.put("product", "")
    asyncio.run(form.place())
    with office.reading() as snapshot:
        (line,) = snapshot.rows(SalesOrderLineRow)
    assert line.unit_price == 15_000
