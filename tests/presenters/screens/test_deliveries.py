"""Deliveries: prepared, loaded lot by lot, gone, received, come back."""

import asyncio

import pytest

from manchengo import Role
from manchengo import commands as c
from manchengo.domain.ids import DeliveryId
from manchengo.ports.rows import DeliveryLineRow, FinishedLotRow
from manchengo_presenters.screens.delivery_detail import DeliveryDetail, Step
from manchengo_presenters.screens.delivery_list import DeliveryList, Filter
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.new_delivery import NewDelivery
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen import Screen
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
)
from tests.support.selling import opened, placed, with_cheese

NB = "\u00a0"


@pytest.fixture
def office() -> OfficeInMemory:
    return with_cheese()


def prepared(office: OfficeInMemory, code: str = "BL-1", pots: int = 50) -> DeliveryId:
    order_id = placed(office, f"CC-{code}", pots)
    execute(office, c.ConfirmSalesOrder(order_id=order_id, on=TODAY))
    delivery_id = DeliveryId(office.ids.new())
    execute(
        office,
        c.PrepareDelivery(delivery_id=delivery_id, code=code, order_id=order_id, on=TODAY),
    )
    return delivery_id


def page(
    office: OfficeInMemory, delivery_id: DeliveryId, window: WindowInMemory | None = None
) -> DeliveryPage:
    screen = DeliveryPage(context(office, window=window), delivery_id)
    asyncio.run(screen.load())
    return screen


def detail(screen: DeliveryPage) -> DeliveryDetail:
    assert screen.detail is not None, screen.problem
    return screen.detail


def steps(screen: DeliveryPage) -> tuple[Step, ...]:
    return screen.steps


def orders(screen: NewDelivery) -> list[str]:
    assert screen.page is not None
    return [line.code for line in screen.page.lines]


def lots(screen: DeliveryPage) -> list[tuple[str, str, str]]:
    return [(lot.code, lot.waiting, lot.loaded) for lot in detail(screen).lots]


def take(screen: DeliveryPage, step: Step, **said: str) -> None:
    screen.begin(step)
    for name, text in said.items():
        screen.put(name, text)
    asyncio.run(screen.decide())


def load_all(screen: DeliveryPage) -> None:
    for lot in detail(screen).lots:
        asyncio.run(screen.load_lot(lot))


def test_a_delivery_is_prepared_of_an_order_that_holds_lots(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    placed(office, "CC-0", 1)
    order_id = placed(office, "CC-1", 50)
    screen = NewDelivery(context(office, window=window))
    asyncio.run(screen.load())
    assert orders(screen) == []
    assert not screen.is_narrowed
    execute(office, c.ConfirmSalesOrder(order_id=order_id, on=TODAY))
    asyncio.run(screen.clear())
    assert orders(screen) == ["CC-1"]
    asyncio.run(screen.confirm())
    (done,) = window.done
    assert isinstance(done.command, c.PrepareDelivery)
    assert (done.command.code, done.can_be_taken_back) == ("BL-20261124-001", True)
    assert window.went == [
        (Screen.DELIVERIES, None),
        (Screen.DELIVERY, done.command.delivery_id),
    ]


def test_who_may_not_deliver_prepares_nothing(office: OfficeInMemory) -> None:
    order_id = placed(office, "CC-1", 50)
    execute(office, c.ConfirmSalesOrder(order_id=order_id, on=TODAY))
    office.roles = frozenset({Role.PRODUCTION})
    screen = NewDelivery(context(office))
    asyncio.run(screen.load())
    asyncio.run(screen.enter())
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"


def test_the_note_is_printed_once_something_is_in_the_van(office: OfficeInMemory) -> None:
    screen = page(office, prepared(office))
    assert (detail(screen).note, asyncio.run(screen.note_pdf())) == (None, None)
    load_all(screen)
    note = detail(screen).note
    assert note is not None
    assert [line.lot for line in note.lines] == ["PF-A", "PF-B"]
    assert asyncio.run(screen.note_pdf()) == b"PDF BL-1"
    assert screen.note_name == "bon-de-livraison-BL-1.pdf"
    office.fault = Problem("DiskFull", "Plus de place.")
    assert asyncio.run(screen.note_pdf()) is None
    assert screen.problem is not None


def test_lots_are_ticked_as_they_are_loaded(office: OfficeInMemory) -> None:
    screen = page(office, prepared(office))
    assert lots(screen) == [("PF-A", f"40{NB}pièces", ""), ("PF-B", f"10{NB}pièces", "")]
    assert detail(screen).missing == f"Il manque encore 50{NB}pièces (Fromage à l’ail)."
    asyncio.run(screen.load_lot(detail(screen).lots[0]))
    assert lots(screen) == [("PF-B", f"10{NB}pièces", ""), ("PF-A", "", f"40{NB}pièces")]
    asyncio.run(screen.load_lot(detail(screen).lots[0]))
    assert detail(screen).missing == ""


def test_a_lot_comes_off_the_van(office: OfficeInMemory) -> None:
    screen = page(office, prepared(office))
    load_all(screen)
    asyncio.run(screen.unload_lot(detail(screen).lots[0]))
    assert [waiting for _code, waiting, _loaded in lots(screen)].count("") == 1


def test_another_lot_takes_a_reason_and_no_more_than_lacks(office: OfficeInMemory) -> None:
    delivery_id = prepared(office, pots=12)
    opened(office, "PF-D", 24, TODAY.replace(day=21))
    screen = page(office, delivery_id)
    screen.begin(Step.LOAD)
    screen.put("lot", "pf-d")
    asyncio.run(screen.look())
    assert screen.hints["quantity"] == (
        f"Il manque 12{NB}pièces, ce lot en a 24{NB}pièces. Laissé vide{NB}: 12{NB}pièces."
    )
    asyncio.run(screen.decide())
    assert list(screen.errors) == ["reason"]
    screen.put("reason", "plus facile à prendre")
    asyncio.run(screen.decide())
    assert lots(screen) == [("PF-D", "", f"12{NB}pièces")]
    with office.reading() as snapshot:
        (line,) = snapshot.rows(DeliveryLineRow)
    assert line.override_reason == "plus facile à prendre"


@pytest.mark.parametrize(
    ("lot", "quantity", "field"),
    [
        ("PF-C", "", "lot"),
        ("PF-Z", "", "lot"),
        ("", "", "lot"),
        ("PF-A", "60", "quantity"),
        ("PF-A", "beaucoup", "quantity"),
        ("PF-A", "1,5", "quantity"),
    ],
)
def test_what_may_not_be_loaded_is_said_beside_its_field(
    office: OfficeInMemory, lot: str, quantity: str, field: str
) -> None:
    screen = page(office, prepared(office))
    take(screen, Step.LOAD, lot=lot, quantity=quantity, reason="parce que")
    assert list(screen.errors) == [field], screen.problem
    assert screen.deciding is Step.LOAD


def test_a_lot_that_is_not_there_is_said_as_it_is_looked_for(office: OfficeInMemory) -> None:
    screen = page(office, prepared(office))
    screen.begin(Step.LOAD)
    asyncio.run(screen.look())
    assert screen.errors == {}
    screen.put("lot", "PF-Z")
    asyncio.run(screen.look())
    assert list(screen.errors) == ["lot"]
    assert screen.hints == {}


def test_an_empty_van_does_not_leave(office: OfficeInMemory) -> None:
    screen = page(office, prepared(office))
    take(screen, Step.DISPATCH, short_reason="rien de prêt")
    assert screen.problem is not None
    assert screen.problem.name == "NothingLoaded"


def test_a_van_leaves_with_less_only_when_it_is_said(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, prepared(office), window)
    assert screen.primary is Step.DISPATCH
    asyncio.run(screen.load_lot(detail(screen).lots[0]))
    asyncio.run(screen.confirm())
    assert (screen.deciding, screen.decision_words) == (Step.DISPATCH, "Partir quand même")
    assert "short_reason" in screen.asked
    screen.put("carrier", "Karim")
    asyncio.run(screen.confirm())
    assert list(screen.errors) == ["short_reason"]
    screen.put("short_reason", "carton écrasé")
    asyncio.run(screen.confirm())
    assert ("Chauffeur", "Karim") in detail(screen).facts
    assert ("Parti avec moins", "carton écrasé") in detail(screen).facts
    assert detail(screen).missing == ""
    assert not screen.may_load


def test_a_full_van_leaves_and_the_client_has_it(office: OfficeInMemory) -> None:
    screen = page(office, prepared(office))
    load_all(screen)
    screen.begin(Step.DISPATCH)
    assert "short_reason" not in screen.asked
    assert screen.decision_words == "Faire partir"
    asyncio.run(screen.decide())
    assert steps(screen) == (Step.RECEIVE, Step.RETURN)
    take(screen, Step.RECEIVE)
    assert list(screen.errors) == ["received_by"]
    take(screen, Step.RECEIVE, received_by="Mme Ziani", proof="bon signé")
    assert steps(screen) == (Step.RETURN, Step.REOPEN)
    facts = dict(detail(screen).facts)
    assert (facts["Reçu par"], facts["Preuve"]) == ("Mme Ziani", "bon signé")
    take(screen, Step.REOPEN, reason="erreur de client")
    assert steps(screen) == (Step.RECEIVE, Step.RETURN)


@pytest.mark.parametrize(("is_destroyed", "on_hand"), [(False, 30_000), (True, 0)])
def test_what_comes_back_is_in_stock_again_or_destroyed(
    office: OfficeInMemory, *, is_destroyed: bool, on_hand: int
) -> None:
    screen = page(office, prepared(office))
    load_all(screen)
    take(screen, Step.DISPATCH)
    screen.begin(Step.RETURN)
    screen.set_destroyed(is_destroyed)
    for name, text in (("lot", "PF-A"), ("quantity", "30"), ("reason", "emballage abîmé")):
        screen.put(name, text)
    asyncio.run(screen.decide())
    assert detail(screen).lots[0].returned == f"30{NB}pièces"
    with office.reading() as snapshot:
        (lot,) = snapshot.rows(FinishedLotRow, code_key="pf-a")
    assert lot.quantity_remaining == on_hand
    assert not screen.is_destroyed, "the next return is not"


def test_more_than_left_does_not_come_back(office: OfficeInMemory) -> None:
    screen = page(office, prepared(office))
    load_all(screen)
    take(screen, Step.DISPATCH)
    take(screen, Step.RETURN, lot="PF-A", quantity="41", reason="trop")
    assert list(screen.errors) == ["quantity"]


def test_a_delivery_is_cancelled_with_a_reason(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, prepared(office), window)
    take(screen, Step.CANCEL)
    assert list(screen.errors) == ["reason"]
    take(screen, Step.CANCEL, reason="route coupée")
    assert steps(screen) == (Step.REOPEN,)
    assert window.done[-1].can_be_taken_back


def test_a_lot_that_may_not_leave_any_more_says_why(office: OfficeInMemory) -> None:
    screen = page(office, prepared(office))
    execute(office, c.BlockLot(lot_id=office.dairy.lot("PF-A").id, on=TODAY, reason="doute"))
    asyncio.run(screen.load())
    assert [lot.unfit for lot in detail(screen).lots] == ["bloqué", ""]


def test_who_may_not_deliver_is_offered_nothing_and_refused(office: OfficeInMemory) -> None:
    delivery_id = prepared(office)
    office.roles = frozenset({Role.PRODUCTION})
    screen = page(office, delivery_id)
    assert (steps(screen), screen.primary, screen.may_load) == ((), None, False)
    asyncio.run(screen.load_lot(detail(screen).lots[0]))
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"


def test_the_order_of_a_delivery_is_a_press_away(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, prepared(office), window)
    asyncio.run(screen.open_order())
    assert window.went == [(Screen.SALE, detail(screen).order.id)]


def test_deliveries_are_listed_by_how_far_they_are(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    first = prepared(office, "BL-1", 10)
    second = prepared(office, "BL-2", 10)
    third = prepared(office, "BL-3", 10)
    prepared(office, "BL-4", 10)
    for delivery_id in (second, third):
        screen = page(office, delivery_id)
        load_all(screen)
        take(screen, Step.DISPATCH)
    take(page(office, third), Step.RECEIVE, received_by="Mme Ziani")
    take(page(office, first), Step.CANCEL, reason="route coupée")
    listed = DeliveryList(context(office, window=window))
    found = {}
    for chosen in Filter:
        asyncio.run(listed.set_filter(chosen))
        assert listed.page is not None
        found[chosen] = sorted(line.code for line in listed.page.lines)
    assert found == {
        Filter.TO_LOAD: ["BL-4"],
        Filter.ON_THE_ROAD: ["BL-2"],
        Filter.RECEIVED: ["BL-3"],
        Filter.CANCELLED: ["BL-1"],
        Filter.ALL: ["BL-1", "BL-2", "BL-3", "BL-4"],
    }
    asyncio.run(listed.set_filter(Filter.ON_THE_ROAD))
    assert listed.page is not None
    (line,) = listed.page.lines
    assert (line.order, line.client, line.left) == ("CC-BL-2", "Épicerie Ziani", "24/11/2026")
    assert listed.range_words == "1–1 sur 1"
    asyncio.run(listed.enter())
    asyncio.run(listed.confirm())
    assert window.went == [(Screen.DELIVERY, second), (Screen.NEW_DELIVERY, None)]
    asyncio.run(listed.clear())
    assert listed.filter is Filter.ALL


def test_a_delivery_that_cannot_be_read_says_why(office: OfficeInMemory) -> None:
    screen = DeliveryPage(context(office), prepared(office))
    office.fault = Problem("DatabaseCorrupt", "La base est endommagée.")
    asyncio.run(screen.load())
    assert screen.detail is None
    assert screen.problem is not None
    assert (steps(screen), screen.decision_words) == ((), "")
