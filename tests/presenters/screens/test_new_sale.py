"""A new order: line by line, what is proposed, what is refused, what is recorded."""

import asyncio

import pytest

from manchengo import Role
from manchengo.ports.rows import SalesOrderLineRow, SalesOrderRow
from manchengo_presenters.screens.allocation_view import ProductAllocation
from manchengo_presenters.screens.new_sale import NewSale
from manchengo_presenters.screens.screen import Screen
from tests.support.office_in_memory import OfficeInMemory, WindowInMemory, context
from tests.support.selling import cheese, client, with_cheese

NB = "\u00a0"


@pytest.fixture
def office() -> OfficeInMemory:
    return with_cheese()


def begun(office: OfficeInMemory, window: WindowInMemory | None = None) -> NewSale:
    screen = NewSale(context(office, window=window))
    asyncio.run(screen.load())
    asyncio.run(screen.choose("client", str(client(office))))
    return screen


def type_line(screen: NewSale, office: OfficeInMemory, pots: str, price: str = "") -> None:
    asyncio.run(screen.choose("product", str(cheese(office).id)))
    screen.put("quantity", pots)
    screen.put("price", price)


def quantities(screen: NewSale) -> list[str]:
    return [line.quantity_words for line in screen.lines]


def proposals(screen: NewSale) -> tuple[ProductAllocation, ...]:
    return screen.proposed


def prices(screen: NewSale) -> list[str]:
    return [line.price_words for line in screen.lines]


def orders(office: OfficeInMemory) -> list[tuple[str, str]]:
    with office.reading() as snapshot:
        return [(row.code, row.status) for row in snapshot.rows(SalesOrderRow)]


def test_an_order_is_recorded_reserved_and_opened(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = begun(office, window)
    type_line(screen, office, "12")
    asyncio.run(screen.add_line())
    type_line(screen, office, "1", "0")
    screen.put("wanted_on", "30/11/2026")
    asyncio.run(screen.confirm())
    assert orders(office) == [("CC-20261124-001", "confirmed")]
    with office.reading() as snapshot:
        (row,) = snapshot.rows(SalesOrderRow)
        lines = [(each.quantity, each.unit_price) for each in snapshot.rows(SalesOrderLineRow)]
    assert lines == [(12_000, 18_000), (1_000, 0)]
    assert str(row.wanted_on) == "2026-11-30"
    assert window.went == [(Screen.SALES, None), (Screen.SALE, row.id)]
    assert (screen.lines, screen.values["client"]) == ((), "")


def test_an_order_may_wait_without_a_reservation(office: OfficeInMemory) -> None:
    screen = begun(office)
    type_line(screen, office, "1000")
    asyncio.run(screen.place())
    assert orders(office) == [("CC-20261124-001", "placed")]


def test_what_was_taken_back_is_there_to_be_corrected(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = begun(office, window)
    type_line(screen, office, "12")
    asyncio.run(screen.reserve())
    assert window.done[-1].can_be_taken_back
    assert window.restore is not None
    window.restore()
    assert quantities(screen) == [f"12{NB}pièces"]
    assert screen.values["client"] == str(client(office))


def test_the_price_of_the_product_is_proposed(office: OfficeInMemory) -> None:
    screen = begun(office)
    assert (screen.price_hint, screen.quantity_label) == ("", "Quantité")
    type_line(screen, office, "3")
    assert screen.price_hint == f"Laissé vide{NB}: 180,00{NB}DA."
    assert screen.quantity_label == "Quantité (pièces)"
    asyncio.run(screen.add_line())
    assert prices(screen) == [f"180,00{NB}DA"]
    type_line(screen, office, "3", "150")
    asyncio.run(screen.add_line())
    assert prices(screen) == [f"180,00{NB}DA", f"150,00{NB}DA"]


def test_no_more_is_ordered_than_is_left(office: OfficeInMemory) -> None:
    screen = begun(office)
    type_line(screen, office, "90")
    asyncio.run(screen.add_line())
    type_line(screen, office, "70", "0")
    asyncio.run(screen.add_line())
    (short,) = proposals(screen)
    assert short.missing == f"Il reste 100{NB}pièces{NB}; la commande en demande 160{NB}pièces."
    assert short.left_words == f"100{NB}pièces"
    asyncio.run(screen.order_what_is_left(short))
    assert quantities(screen) == [f"90{NB}pièces", f"10{NB}pièces"]
    (enough,) = proposals(screen)
    assert enough.missing == ""


def test_a_line_of_which_nothing_is_left_goes(office: OfficeInMemory) -> None:
    screen = begun(office)
    for pots, price in (("100", ""), ("5", "0")):
        type_line(screen, office, pots, price)
        asyncio.run(screen.add_line())
    asyncio.run(screen.order_what_is_left(proposals(screen)[0]))
    assert quantities(screen) == [f"100{NB}pièces"]


def test_a_second_press_leaves_out_no_other_line(office: OfficeInMemory) -> None:
    screen = begun(office)
    for pots in ("100", "5"):
        type_line(screen, office, pots)
        asyncio.run(screen.add_line())
    first = screen.lines[0]
    asyncio.run(screen.remove_line(first))
    asyncio.run(screen.remove_line(first))
    assert quantities(screen) == [f"5{NB}pièces"]


def test_lots_are_proposed_once_the_client_is_known(office: OfficeInMemory) -> None:
    screen = NewSale(context(office))
    asyncio.run(screen.load())
    type_line(screen, office, "12")
    asyncio.run(screen.add_line())
    assert proposals(screen) == ()
    asyncio.run(screen.choose("client", str(client(office))))
    assert [lot.code for lot in proposals(screen)[0].picked] == ["PF-A"]
    asyncio.run(screen.remove_line(screen.lines[0]))
    assert (screen.lines, screen.proposed) == ((), ())


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("quantity", "", "À remplir."),
        ("quantity", "beaucoup", "Ce n’est pas un nombre"),
        ("quantity", "0", "Zéro n’a pas de sens ici"),
        ("price", "cher", "Ce n’est pas un nombre"),
        ("wanted_on", "31/02/2026", "Ce jour n’existe pas"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    office: OfficeInMemory, field: str, text: str, sentence: str
) -> None:
    screen = begun(office)
    type_line(screen, office, "10")
    screen.put(field, text)
    asyncio.run(screen.reserve())
    assert sentence in screen.errors[field]
    assert list(screen.errors) == [field]
    assert orders(office) == []


@pytest.mark.parametrize(
    ("pots", "wanted", "field"), [("1,5", "", "quantity"), ("1", "23/11/2026", "wanted_on")]
)
def test_what_a_rule_refuses_stands_beside_its_field(
    office: OfficeInMemory, pots: str, wanted: str, field: str
) -> None:
    screen = begun(office)
    type_line(screen, office, pots)
    screen.put("wanted_on", wanted)
    asyncio.run(screen.place())
    assert list(screen.errors) == [field]
    assert len(screen.lines) == 1, "what was typed stays"


def test_an_order_without_a_line_is_not_recorded(office: OfficeInMemory) -> None:
    screen = begun(office)
    asyncio.run(screen.reserve())
    assert set(screen.errors) == {"product", "quantity"}


def test_who_may_not_sell_is_refused_and_keeps_the_lines(office: OfficeInMemory) -> None:
    screen = begun(office)
    type_line(screen, office, "12")
    office.roles = frozenset({Role.DRIVER})
    asyncio.run(screen.reserve())
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"
    assert len(screen.lines) == 1


def test_a_reservation_that_is_short_is_refused_whole(office: OfficeInMemory) -> None:
    screen = begun(office)
    type_line(screen, office, "160")
    asyncio.run(screen.reserve())
    assert screen.problem is not None
    assert screen.problem.name == "NotEnoughStock"
    assert orders(office) == []
