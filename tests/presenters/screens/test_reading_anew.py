"""Screens are read anew while somebody works there: what they press and read is not lost."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from manchengo import commands as c
from manchengo.ports.rows import ClientRow
from manchengo_presenters.registers import CLIENT
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.new_sale import NewSale
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.register_page import RegisterPage
from manchengo_presenters.screens.sale_page import SalePage
from tests.presenters.screens.test_deliveries import prepared
from tests.support.office_in_memory import TODAY, OfficeInMemory, context, execute
from tests.support.selling import placed, with_cheese

REFUSED = Problem("NotEnoughInLot", "Il n’y a pas assez.")


def sale(office: OfficeInMemory) -> SalePage:
    return SalePage(context(office), placed(office, "CC-1", 5))


def delivery(office: OfficeInMemory) -> DeliveryPage:
    return DeliveryPage(context(office), prepared(office))


def entry(office: OfficeInMemory) -> RegisterPage:
    with office.reading() as snapshot:
        (row,) = snapshot.rows(ClientRow)
    return RegisterPage(context(office), row.id, CLIENT)


def new_sale(office: OfficeInMemory) -> NewSale:
    return NewSale(context(office))


@pytest.mark.parametrize("page", [sale, delivery, entry, new_sale])
def test_what_is_pressed_and_read_outlives_a_reading(
    page: Callable[[OfficeInMemory], Any],
) -> None:
    office = with_cheese()
    screen = page(office)
    asyncio.run(screen.load())
    read, busy = screen._read, []

    def read_while_somebody_presses() -> object:
        busy.append(screen.is_busy)
        return read()

    screen._read = read_while_somebody_presses
    screen.problem = REFUSED
    asyncio.run(screen.load())
    assert (busy, screen.problem) == ([False], REFUSED)


def test_what_others_did_to_an_order_is_shown() -> None:
    office = with_cheese()
    screen = sale(office)
    asyncio.run(screen.load())
    execute(office, c.CancelSalesOrder(order_id=screen.order_id, on=TODAY, reason="doublon"))
    asyncio.run(screen.load())
    assert screen.detail is not None
    assert screen.detail.line.state == "annulée"
