"""What the day asks for: what is late, what runs out, what waits; and the figures of charts."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from attrs import evolve, frozen

from manchengo import (
    Charts,
    Dashboard,
    DayQuantity,
    DayYield,
    Figures,
    ListQuery,
    Movement,
    Page,
    Quantity,
    StockDays,
    Unknown,
    Unloaded,
    Unsent,
)
from manchengo.application import lists
from manchengo.commands import PlaceSalesOrder, ReceiveLot
from manchengo.ports.rows import RawLotRow
from tests.application.test_completeness import let_in
from tests.support import dairy as dairies
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RENNET,
    a_line,
    abandoned,
    an_id,
    an_output,
    called_off,
    came_back,
    completed,
    confirmed,
    delivered,
    gone,
    in_opening_stock,
    in_store,
    kg,
    litres,
    loaded,
    made,
    make_reopened,
    millilitres,
    ordered,
    planned,
    poured,
    prepared,
    received,
    sold,
    started,
    taken_back,
    voided,
    written_off,
)
from tests.support.given import BOSS, Step, given
from tests.support.plant import Plant


def day(number: int) -> date:
    """That many days after the day of the dashboard."""
    return dairies.day(number + 50)


TODAY = day(0)


@frozen
class OnTheDay:
    """A clock of which only the day is asked."""

    day: date

    def now(self) -> datetime:
        raise AssertionError("figures are of days")

    def today(self) -> date:
        return self.day


def board(*steps: Step, on: date = TODAY) -> Dashboard:
    """The dashboard of that day, after these steps."""
    dairy = given(A_DAIRY, *steps).dairy
    return Dashboard(dairy.reading, OnTheDay(on), dairy.lists, BOSS.device_id)


def charts(*steps: Step) -> Charts:
    return given(A_DAIRY, *steps).dairy.charts


def milk(code: str, *, expires: int) -> ReceiveLot:
    return received(code, litres(10), on=day(-30), expires=day(expires))


def wanted(code: str, *, after: int) -> PlaceSalesOrder:
    return evolve(ordered(code, a_line(kg(1)), on=day(-20)), wanted_on=day(after))


def codes(page: Page[Any]) -> list[str]:
    return [row.code for row in page.rows]


# ------------------------------------------------------------------------------------- the lists


def test_a_lot_may_be_used_on_the_day_it_expires() -> None:
    ends = [milk(f"L{days}", expires=days) for days in (-2, -1, 0, 7, 8)]
    found = board(*reversed(ends))
    assert codes(found.expired()) == ["L-2", "L-1"]
    assert codes(found.expiring()) == ["L0", "L7"]
    assert codes(found.expiring(0)) == ["L0"]
    assert codes(found.expiring(8)) == ["L0", "L7", "L8"]


def test_what_is_used_up_expires_no_more() -> None:
    found = board(milk("L1", expires=1), milk("L2", expires=-1), *gone_to_waste("L1", "L2"))
    assert codes(found.expiring()) == codes(found.expired()) == []


def gone_to_waste(*lots: str) -> list[Step]:
    return [written_off(lot, litres(10), on=day(-3)) for lot in lots]


def test_raw_and_finished_lots_expire_in_one_list_page_by_page() -> None:
    found = board(
        received("M1", litres(90), on=day(-1), expires=day(3)),
        received("R1", millilitres(30), of=RENNET, on=day(-1)),
        made("T1", kg(1), on=day(-1), outputs=(an_output("T1", kg(1), expires=day(2)),)),
        received("M2", litres(5), on=day(-1), expires=day(1)),
    )
    first = found.expiring(size=2)
    assert codes(first) == ["M2", "T1"]
    assert codes(found.expiring(size=2, after=first.after)) == ["M1"]


def test_an_order_is_late_from_the_day_after_it_was_wanted() -> None:
    found = board(
        wanted("S-2", after=-2),
        wanted("S-1", after=-1),
        wanted("S0", after=0),
        ordered("S-20", a_line(kg(1)), on=day(-20)),
        ordered("S today", a_line(kg(1)), on=TODAY),
        wanted("given up", after=-3),
        called_off("given up", on=TODAY),
    )
    assert codes(found.late_orders()) == ["S-20", "S-2", "S-1"]


def test_an_order_that_left_is_not_late() -> None:
    found = board(
        in_store("T1", kg(9), on=day(-20)),
        wanted("S1", after=-5),
        confirmed("S1", on=day(-4)),
        delivered("V1", order="S1", on=day(-3)),
    )
    assert codes(found.late_orders()) == []


def test_production_is_to_start_then_started_then_neither() -> None:
    stock = (
        received("L1", litres(900), on=day(-9)),
        received("R1", litres(1), of=RENNET, on=day(-9)),
    )
    steps = [*stock, *(planned(f"O{n}", kg(1), on=day(-n)) for n in (1, 2, 3, 4))]
    later = started("O2", on=TODAY), started("O4", on=TODAY), abandoned("O4", on=TODAY)
    found = board(*steps, *later, abandoned("O1", on=TODAY))
    assert codes(found.orders_to_start()) == ["O3"]
    assert codes(found.orders_started()) == ["O2"]


def test_a_van_lacks_what_was_proposed_and_is_not_loaded() -> None:
    in_the_van = (
        in_store("T1", kg(9), on=day(-9)),
        sold("S1", kg(4), on=day(-8)),
        prepared("V1", order="S1", on=day(-1)),
        sold("S2", kg(2), on=day(-8)),
        prepared("V2", order="S2", on=day(-2)),
        loaded("V1", "T1", kg(3), on=TODAY),
        loaded("V2", "T1", kg(2), on=TODAY),
    )
    nothing, some = board(*in_the_van).to_load()
    assert (nothing.delivery.code, nothing.missing) == ("V2", ())
    assert some.delivery.code == "V1"
    assert some.missing == (Unloaded(product_id=CHEESE, proposed=kg(4), loaded=kg(3)),)
    assert [each.delivery.code for each in board(*in_the_van, gone("V2", on=TODAY)).to_load()] == [
        "V1"
    ]


# ------------------------------------------------------------------------------ how long it lasts


def lasts(dashboard: Dashboard, code: str, over_days: int = 30) -> StockDays:
    (line,) = [each for each in dashboard.stock_days(over_days) if each.product.code == code]
    return line


def test_stock_lasts_as_long_as_its_use_of_the_days_before_says() -> None:
    found = board(
        received("L1", litres(100), on=day(-40)),
        received("R1", millilitres(300), of=RENNET, on=day(-40)),
        made("T1", kg(3), on=day(-10)),
    )
    milk_line = lasts(found, "LAIT")
    assert (milk_line.usable, milk_line.used) == (litres(70), litres(30))
    assert milk_line.days == 70
    assert lasts(found, "LAIT", over_days=10).days == 23, "70 ÷ 3 a day, whole days"
    assert lasts(found, "LAIT", over_days=9).days is None
    assert lasts(found, "TOMME").days is None


def test_what_is_used_today_counts_from_tomorrow_on() -> None:
    steps = (
        received("L1", litres(100), on=day(-40)),
        received("R1", millilitres(300), of=RENNET, on=day(-40)),
        made("T1", kg(1), on=day(0)),
    )
    assert lasts(board(*steps), "LAIT").days is None
    assert lasts(board(*steps, on=day(1)), "LAIT").days == 9 * 30


def test_what_is_thrown_away_or_came_back_was_not_used() -> None:
    found = board(
        in_store("T1", kg(9), on=day(-20)),
        sold("S1", kg(4), on=day(-8)),
        delivered("V1", order="S1", on=day(-7)),
        came_back("V1", "T1", kg(1), on=day(-6)),
        written_off("T1", kg(2), on=day(-5)),
    )
    assert lasts(found, "TOMME").used == kg(3)
    assert lasts(found, "TOMME").usable == kg(4)


def test_what_is_taken_back_from_a_vat_was_not_used() -> None:
    found = board(
        received("L1", litres(100), on=day(-40)),
        received("R1", millilitres(300), of=RENNET, on=day(-40)),
        planned("O1", kg(4), on=day(-10)),
        started("O1", on=day(-10)),
        poured("O1", "L1", litres(40), on=day(-9)),
        taken_back("O1", "L1", litres(10), on=day(-8)),
    )
    assert lasts(found, "LAIT").used == litres(30)


def test_what_runs_out_first_comes_first() -> None:
    found = board(
        received("L1", litres(40), on=day(-40)),
        received("R1", millilitres(300), of=RENNET, on=day(-40)),
        made("T1", kg(3), on=day(-10)),
    )
    line = [(each.product.code, each.days) for each in found.stock_days()]
    assert [days for _, days in line] == sorted(
        (days for _, days in line), key=lambda days: (days is None, days or 0)
    )
    assert line[0] == ("LAIT", 10)


# ----------------------------------------------------------------------------- the figures of a day


def test_each_figure_is_the_length_of_its_list() -> None:
    found = board(
        in_store("T1", kg(9), on=day(-20)),
        milk("L1", expires=-1),
        milk("L2", expires=5),
        milk("L3", expires=6),
        received("R1", litres(1), of=RENNET, on=day(-30)),
        wanted("S1", after=-2),
        planned("O1", kg(1), on=day(-3)),
        planned("O2", kg(1), on=day(-3)),
        started("O2", on=day(-2)),
        sold("S2", kg(2), on=day(-8)),
        prepared("V1", order="S2", on=day(-2)),
    )
    figures = found.figures()
    assert figures == Figures(
        expired_lots=len(found.expired().rows),
        expiring_lots=len(found.expiring().rows),
        late_orders=2,
        orders_to_start=1,
        orders_started=1,
        deliveries_to_load=1,
        open_conflicts=0,
        unsent=found.unsent(),
    )
    assert (figures.expired_lots, figures.expiring_lots) == (1, 2)


def test_what_is_unsent_waits_since_the_oldest_was_recorded() -> None:
    dairy = given(A_DAIRY, milk("L1", expires=5)).dairy
    with dairy.reading() as snapshot:
        first = next(snapshot.pending())
    unsent = dairy.dashboard.unsent()
    assert unsent.since == first.commit.occurred_at
    assert unsent.commits == len(A_DAIRY) + 1
    plant = Plant()
    office = plant.device()
    office.does(*A_DAIRY)
    plant.settle()
    assert office.dairy.dashboard.unsent() == Unsent(commits=0, since=None)


def test_each_device_of_the_plant_is_heard_up_to_its_last_commit() -> None:
    plant = Plant()
    office, van = plant.device(), plant.device()
    for device, name in ((office, "office"), (van, "van")):
        office.does(let_in(device.id, name))
    office.does(*A_DAIRY)
    plant.settle()
    van.does(received("L1", litres(9), on=TODAY))
    plant.settle()
    found = office.dairy.dashboard.exchange()
    (other,) = found.devices
    assert (other.name, found.pending, found.is_alone) == ("van", 0, False)
    assert other.heard_until is not None
    assert given(A_DAIRY).dairy.dashboard.exchange().is_alone


def test_a_conflict_is_a_figure_of_the_day() -> None:
    plant = Plant()
    office, van = plant.device(), plant.device()
    office.does(*A_DAIRY)
    plant.settle()
    for device in (office, van):
        device.does(received("L1", litres(9), on=TODAY))
    plant.settle()
    assert office.dairy.dashboard.figures().open_conflicts == 1


# -------------------------------------------------------------------------------------- the charts


def points(found: list[DayQuantity]) -> list[Quantity]:
    return [each.quantity for each in found]


IN_AND_OUT = (
    received("L1", litres(50), on=day(-4)),
    received("L2", litres(20), on=day(-2)),
    received("R1", millilitres(300), of=RENNET, on=day(-4)),
    made("T1", kg(3), on=day(-1)),
    written_off("L2", litres(5), on=day(0)),
)


def test_milk_is_counted_day_by_day_as_it_comes_in() -> None:
    found = charts(*IN_AND_OUT).moved(MILK, Movement.RECEIPT, first=day(-4), last=day(0))
    assert [each.day for each in found] == [day(number) for number in range(-4, 1)]
    assert points(found) == [litres(50), litres(0), litres(20), litres(0), litres(0)]


def test_milk_that_never_came_is_not_counted() -> None:
    found = charts(*IN_AND_OUT[:2], voided("L2", on=day(0)))
    came = found.moved(MILK, Movement.RECEIPT, first=day(-4), last=day(0))
    assert points(came) == [litres(50), litres(0), litres(0), litres(0), litres(0)]
    both = found.moved(MILK, Movement.RECEIPT, Movement.VOID, first=day(-4), last=day(0))
    assert both == came


def test_what_never_came_is_taken_off_what_it_was_recorded_as() -> None:
    found = charts(
        in_opening_stock("T1", kg(4), on=day(-2)),
        *IN_AND_OUT[:1],
        received("R1", millilitres(300), of=RENNET, on=day(-4)),
        planned("O1", kg(3), on=day(-2)),
        started("O1", on=day(-2)),
        poured("O1", "L1", litres(30), on=day(-2)),
        completed("O1", an_output("T2", kg(3)), on=day(-2)),
        make_reopened("O1", on=day(0)),
    )
    day_before = {"first": day(-2), "last": day(-2)}
    assert points(found.moved(CHEESE, Movement.PRODUCTION, **day_before)) == [kg(0)]
    assert points(found.moved(CHEESE, Movement.OPENING, **day_before)) == [kg(4)]


def test_stock_is_shown_as_each_day_ended() -> None:
    found = charts(*IN_AND_OUT).on_hand(MILK, first=day(-5), last=day(0))
    held = [litres(number) for number in (0, 50, 50, 70, 40, 35)]
    assert points(found) == held


def test_stock_of_a_day_is_the_same_in_the_chart_and_in_the_inventory() -> None:
    dairy = given(A_DAIRY, *IN_AND_OUT).dairy
    for each in dairy.charts.on_hand(MILK, first=day(-6), last=day(2)):
        assert each.quantity == dairy.stock.on_hand(MILK, at=each.day)


def test_production_yields_what_it_gave_of_what_was_planned() -> None:
    steps = (
        received("L1", litres(500), on=day(-9)),
        received("R1", litres(2), of=RENNET, on=day(-9)),
        planned("O1", kg(4), on=day(-3)),
        started("O1", on=day(-3)),
        poured("O1", "L1", litres(40), on=day(-3)),
        poured("O1", "R1", millilitres(120), on=day(-3)),
        completed("O1", an_output("T1", kg("3.8")), on=day(-2)),
        made("T2", kg(2), on=day(-2)),
        made("T3", kg(1), on=day(1)),
    )
    found = charts(*steps).yields(CHEESE, first=day(-9), last=day(0))
    assert found == [DayYield(day=day(-2), planned=kg(6), obtained=kg("5.8"))]


def test_the_expiry_of_what_is_there_is_spread_over_its_days() -> None:
    found = charts(
        milk("L1", expires=1),
        milk("L2", expires=1),
        milk("L3", expires=3),
        milk("L4", expires=9),
        written_off("L2", litres(4), on=day(-3)),
    ).expiring_each_day(MILK, first=day(0), last=day(3))
    assert points(found) == [litres(0), litres(16), litres(0), litres(10)]


@pytest.mark.parametrize(
    "ask",
    [
        lambda charts, days: charts.moved(an_id("nothing"), Movement.RECEIPT, **days),
        lambda charts, days: charts.on_hand(an_id("nothing"), **days),
        lambda charts, days: charts.yields(an_id("nothing"), **days),
        lambda charts, days: charts.expiring_each_day(an_id("nothing"), **days),
    ],
    ids=["moved", "on hand", "yields", "expiring"],
)
def test_nobody_draws_a_product_that_there_is_not(
    ask: Callable[[Charts, dict[str, date]], object],
) -> None:
    with pytest.raises(Unknown):
        ask(charts(), {"first": day(0), "last": day(1)})


def test_a_list_that_is_read_whole_is_read_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "READ_AT_ONCE", 2)
    dairy = given(A_DAIRY, *(milk(f"L{number}", expires=-number) for number in range(5))).dairy
    query = ListQuery(sort="expires_on")
    with dairy.reading() as snapshot:
        found = [row.code for row in lists.every_row(snapshot, RawLotRow, query)]
    assert found == ["L4", "L3", "L2", "L1", "L0"]
