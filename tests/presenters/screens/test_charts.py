"""Charts on screens: what they draw, and the words for who does not see them."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest

from manchengo import Role
from manchengo.commands import Command
from manchengo.domain.ids import ProductId
from manchengo_presenters.screens.charts import HORIZON, STOCK_DAYS, Chart
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.product_page import ProductPage
from manchengo_presenters.screens.recipe_page import RecipePage
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RECIPE,
    RENNET,
    an_output,
    completed,
    kg,
    litres,
    made,
    millilitres,
    planned,
    poured,
    received,
    started,
    written_off,
)
from tests.support.given import given
from tests.support.office_in_memory import TODAY, OfficeInMemory, context

NB = "\u00a0"


def ago(number: int) -> date:
    return TODAY - timedelta(days=number)


MAKES: tuple[Command | tuple[Command, ...], ...] = (
    *A_DAIRY,
    received("L1", litres(100), on=ago(20), expires=ago(-2)),
    received("L2", litres(30), on=ago(20), expires=ago(-20)),
    received("R1", litres(2), of=RENNET, on=ago(20)),
    written_off("L2", litres(10), on=ago(1)),
    planned("O1", kg(4), on=ago(10)),
    started("O1", on=ago(10)),
    poured("O1", "L1", litres(40), on=ago(10)),
    poured("O1", "R1", millilitres(120), on=ago(10)),
    completed("O1", an_output("T1", kg("3.8")), on=ago(9)),
    made("T2", kg(2), on=ago(2)),
)
"""Of 130 litres, 40 went into a make that gave 95 %, 20 into one that gave all, 10 were lost."""


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory(store=given(MAKES).dairy.store)


def product(office: OfficeInMemory, product_id: ProductId) -> ProductPage:
    screen = ProductPage(context(office), UUID(int=product_id.int))
    asyncio.run(screen.load())
    return screen


def charts(office: OfficeInMemory, product_id: ProductId) -> tuple[Chart, ...]:
    shown = product(office, product_id).charts
    assert shown is not None
    return shown


def test_the_stock_of_a_product_is_drawn_day_by_day(office: OfficeInMemory) -> None:
    stock = charts(office, MILK)[0]
    assert stock.figure == f"60{NB}L"
    assert len(stock.bars) == STOCK_DAYS
    assert [bar.day for bar in stock.bars] == [ago(29 - number) for number in range(30)]
    held = {bar.day: bar.amount for bar in stock.bars}
    assert [held[ago(days)] for days in (21, 20, 10, 1, 0)] == [
        *(0, 130_000, 90_000, 60_000, 60_000),
    ]
    assert [bar.day for bar in stock.bars if bar.is_marked] == [TODAY]


def test_what_expires_is_drawn_for_the_days_that_come(office: OfficeInMemory) -> None:
    expiring = charts(office, MILK)[1]
    assert expiring.figure == f"40{NB}L", "within three days"
    assert len(expiring.bars) == HORIZON
    assert {bar.day: bar.amount for bar in expiring.bars if bar.amount} == {
        ago(-2): 40_000,
        ago(-20): 20_000,
    }
    assert [bar.day for bar in expiring.bars if bar.is_marked] == [ago(-day) for day in range(4)]


def test_makes_are_drawn_beside_what_was_planned(office: OfficeInMemory) -> None:
    yields = charts(office, CHEESE)[2]
    assert yields.figure == f"100{NB}%"
    assert yields.detail == "du prévu, la dernière fois\u00a0; 1 au-dessous"
    assert [(bar.day, bar.amount) for bar in yields.bars] == [(ago(9), 950), (ago(2), 1_000)]
    assert yields.bars[0].words == f"95{NB}% (3,8{NB}kg sur 4{NB}kg)"
    assert yields.line == 1_000


def test_a_raw_material_has_no_yield(office: OfficeInMemory) -> None:
    assert [chart.name for chart in charts(office, MILK)] == ["stock-over-time", "expiry-horizon"]


def test_a_chart_is_read_aloud_with_all_its_amounts(office: OfficeInMemory) -> None:
    said = charts(office, MILK)[1].read_aloud
    assert said.startswith(f"Ce qui expire{NB}: 40{NB}L, d’ici 3 jours")
    assert said.endswith(f"26/11/2026{NB}: 40{NB}L\u00a0; 14/12/2026{NB}: 20{NB}L")


def test_where_there_is_nothing_to_draw_a_chart_says_so() -> None:
    stock, expiring, yields = charts(OfficeInMemory(store=given(A_DAIRY).dairy.store), CHEESE)
    assert (stock.bars, expiring.bars, yields.bars) == ((), (), ())
    assert stock.detail == "Il n’y avait rien ces 30 derniers jours."
    assert expiring.detail == "Rien n’expire dans les 30 jours à venir."
    assert yields.detail == "Aucune fabrication terminée ces 90 derniers jours."


def test_a_new_product_has_no_charts(office: OfficeInMemory) -> None:
    screen = ProductPage(context(office), None)
    asyncio.run(screen.load())
    assert screen.charts is None


def test_fields_are_there_where_charts_cannot_be_read(
    office: OfficeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> Chart:
        raise Problem("Unreadable", "Illisible.")

    monkeypatch.setattr("manchengo_presenters.screens.product_page.stock_chart", fail)
    screen = product(office, MILK)
    assert screen.entry is not None
    assert screen.problem is not None
    assert (screen.charts, screen.problem.sentence) == (None, "Illisible.")


@pytest.mark.parametrize("role", Role)
def test_charts_are_for_every_role(office: OfficeInMemory, role: Role) -> None:
    office.roles = frozenset({role})
    assert len(charts(office, CHEESE)) == 3


def test_a_recipe_shows_what_its_makes_gave(office: OfficeInMemory) -> None:
    screen = RecipePage(context(office), RECIPE)
    asyncio.run(screen.load())
    assert screen.detail is not None
    assert screen.detail.yields == charts(office, CHEESE)[2]
