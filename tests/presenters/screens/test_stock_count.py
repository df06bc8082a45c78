"""Stock counts: what is expected, what was counted, why they differ, all recorded or nothing."""

import asyncio
from datetime import timedelta

import pytest

from manchengo import Role
from manchengo import commands as c
from manchengo.application.stream_queries import lot_movements
from manchengo.domain.ids import LotId
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import RawLotRow
from manchengo_presenters.screens.count_form import REASONS, CountForm
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.paged_list import SIZE
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import SCREENS
from manchengo_presenters.screens.stock_count import CountFilter, StockCount
from manchengo_presenters.screens.tones import Tone
from tests.presenters.screens.test_shell import at_work
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
    with_milk,
)
from tests.support.receiving import receive, receptions

NB = "\u00a0"


@pytest.fixture
def office() -> OfficeInMemory:
    return with_milk()


@pytest.fixture
def window() -> WindowInMemory:
    return WindowInMemory()


def counting(office: OfficeInMemory, window: WindowInMemory | None = None) -> StockCount:
    screen = StockCount(context(office, window=window))
    asyncio.run(screen.load())
    return screen


def listed(screen: StockCount) -> tuple[CountForm, ...]:
    assert screen.page is not None
    return screen.page.lines


def form_of(screen: StockCount, lot_id: LotId) -> CountForm:
    return next(form for form in listed(screen) if form.lot.lot_id == lot_id)


def count(form: CountForm, text: str, reason: str = "") -> None:
    form.put(form.quantity_field, text)
    form.put(form.reason_field, reason)


def on_hand(office: OfficeInMemory, lot_id: LotId) -> int:
    with office.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id)
    assert row is not None
    return row.quantity_remaining


def counts_of(office: OfficeInMemory, lot_id: LotId) -> list[str]:
    with office.reading() as snapshot:
        rows = lot_movements(snapshot, lot_id)
        return [row.reason for row in rows if row.kind == "count"]


def test_a_dairy_without_stock_has_nothing_to_count(office: OfficeInMemory) -> None:
    screen = counting(office)
    assert (listed(screen), screen.is_narrowed, screen.summary) == ((), False, "")


def test_what_differs_is_said_while_one_types(office: OfficeInMemory) -> None:
    lot = receive(office, "430")
    screen = counting(office)
    form = form_of(screen, lot)
    assert (form.difference_words, form.question, screen.summary) == ("", "", "")
    before = screen.version
    form.put(form.quantity_field, "410")
    assert form.difference_words == f"\u221220{NB}L"
    assert form.question == f"410{NB}L comptés, 430{NB}L attendus{NB}: pour quel motif{NB}?"
    assert (form.tone, screen.summary) == (Tone.WARN, "1 lot compté. 1 écart.")
    assert screen.version > before
    form.put(form.quantity_field, "431,5")
    assert form.difference_words == f"+1,5{NB}L"
    form.put(form.quantity_field, "430")
    assert (form.difference_words, form.question) == ("comme attendu", "")
    assert (form.tone, screen.summary) == (Tone.GOOD, "1 lot compté. Aucun écart.")


def test_what_leaves_tomorrow_is_counted_today(office: OfficeInMemory) -> None:
    lot = receive(office, "430")
    execute(
        office,
        c.WriteOffLot(
            lot_id=lot,
            quantity=Quantity(30_000, Unit.L),
            on=TODAY + timedelta(days=1),
            reason="casse",
        ),
    )
    assert form_of(counting(office), lot).lot.expected == 430_000


def test_every_difference_takes_its_reason(office: OfficeInMemory, window: WindowInMemory) -> None:
    first, second, right = receive(office, "430"), receive(office, "80"), receive(office, "12")
    screen = counting(office, window)
    count(form_of(screen, first), "410", "Renversé")
    count(form_of(screen, second), "81")
    form_of(screen, right).count_as_expected()
    assert screen.confirm_words == "Valider les écarts"
    asyncio.run(screen.confirm())
    form = form_of(screen, second)
    assert form.errors == {form.reason_field: "À remplir."}
    assert screen.wrong.endswith(f"Vérifiez le lot {form.lot.code}.")
    assert (on_hand(office, first), window.told) == (430_000, [])
    assert form_of(screen, first).values[form_of(screen, first).quantity_field] == "410"

    form.choose_reason(REASONS[2])
    assert screen.wrong == ""
    asyncio.run(screen.confirm())
    assert window.told == ["Enregistré. 3 lots comptés. 2 écarts."]
    assert [on_hand(office, each) for each in (first, second, right)] == [410_000, 81_000, 12_000]
    assert counts_of(office, first) == ["Renversé"]
    assert counts_of(office, second) == [REASONS[2]]
    assert counts_of(office, right) == [""], "what is as expected was counted too"
    assert (screen.filled, screen.summary) == ([], "")
    assert screen.filter is CountFilter.TO_COUNT


def test_a_count_without_difference_is_recorded_when_it_is_said(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    lot, other = receive(office, "430"), receive(office, "80")
    screen = counting(office, window)
    asyncio.run(screen.confirm())
    assert window.told == [], "nothing was counted"
    form_of(screen, lot).count_as_expected()
    assert screen.confirm_words == "Valider le comptage"
    asyncio.run(screen.confirm())
    assert window.told == ["Enregistré. 1 lot compté. Aucun écart."]
    assert (counts_of(office, lot), counts_of(office, other)) == ([""], [])


def test_a_count_is_taken_back_at_once_and_typed_again(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    lot = receive(office, "430")
    screen = counting(office, window)
    count(form_of(screen, lot), "340", "Renversé")
    asyncio.run(screen.confirm())
    assert (on_hand(office, lot), screen.filled) == (340_000, [])
    assert window.done[-1].can_be_taken_back
    office.take_back(window.done[-1])
    assert window.restore is not None
    window.restore()
    asyncio.run(screen.load())
    (form,) = screen.filled
    assert (on_hand(office, lot), form.counted, form.difference) == (430_000, 340_000, -90_000)


def test_counts_recorded_together_are_taken_back_with_one_press(office: OfficeInMemory) -> None:
    lots = [receive(office, "430"), receive(office, "80")]
    shell = at_work(office)
    asyncio.run(shell.go(Screen.STOCK_COUNT))
    screen = shell.shown
    assert isinstance(screen, StockCount)
    for lot, counted in zip(lots, ("410", "12"), strict=True):
        count(form_of(screen, lot), counted, "Renversé")
    asyncio.run(screen.confirm())
    assert shell.notice == "Enregistré. 2 lots comptés. 2 écarts."
    assert [on_hand(office, lot) for lot in lots] == [410_000, 12_000]
    asyncio.run(shell.take_back())
    assert shell.notice == "Annulé\N{NO-BREAK SPACE}: 2 saisies."
    assert [on_hand(office, lot) for lot in lots] == [430_000, 80_000]
    assert [form.counted for form in screen.filled] == [410_000, 12_000]
    assert shell.recorded == (), "what was taken back is not taken back once more"


def test_one_count_that_something_rests_on_keeps_all_of_them(office: OfficeInMemory) -> None:
    lots = [receive(office, "430"), receive(office, "80")]
    shell = at_work(office)
    asyncio.run(shell.go(Screen.STOCK_COUNT))
    screen = shell.shown
    assert isinstance(screen, StockCount)
    for lot, counted in zip(lots, ("410", "200"), strict=True):
        count(form_of(screen, lot), counted, "Renversé")
    asyncio.run(screen.confirm())
    lost(office, lots[1], 150, days=0)
    asyncio.run(shell.take_back())
    assert shell.problem is not None
    assert shell.problem.name == "LeftSinceTheCount"
    assert shell.notice == shell.problem.sentence
    assert [on_hand(office, lot) for lot in lots] == [410_000, 50_000]
    assert screen.filled == []


def test_what_cannot_be_read_stays_beside_its_error(office: OfficeInMemory) -> None:
    lot = receive(office, "430")
    screen = counting(office)
    form = form_of(screen, lot)
    count(form, "environ 400")
    asyncio.run(screen.confirm())
    assert form.quantity_field in form.errors
    assert form.values[form.quantity_field] == "environ 400"
    assert counts_of(office, lot) == []


def test_a_lot_that_a_rule_refuses_holds_back_all(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    """30 L of it leave tomorrow, so fewer cannot be there today."""
    refused, other = receive(office, "430"), receive(office, "80")
    execute(
        office,
        c.WriteOffLot(
            lot_id=refused,
            quantity=Quantity(30_000, Unit.L),
            on=TODAY + timedelta(days=1),
            reason="casse",
        ),
    )
    screen = counting(office, window)
    count(form_of(screen, refused), "20", "Introuvable")
    count(form_of(screen, other), "79", "Renversé")
    asyncio.run(screen.set_search("introuvable"))
    clears = screen.clears
    asyncio.run(screen.confirm())
    assert (screen.search, screen.clears) == ("", clears + 1), "what stands in the way is in sight"
    form = form_of(screen, refused)
    assert form.errors[form.quantity_field], "the rule says why beside the lot"
    assert not form_of(screen, other).errors
    assert screen.filter is CountFilter.COUNTED
    assert (counts_of(office, refused), counts_of(office, other)) == ([], [])
    assert window.told == []
    form.put(form.quantity_field, "30")
    asyncio.run(screen.confirm())
    assert (on_hand(office, refused), on_hand(office, other)) == (0, 79_000)


def test_of_counts_recorded_together_all_stay_or_none(office: OfficeInMemory) -> None:
    first, second = receive(office, "430"), receive(office, "80")

    def both(second_counted: int) -> list[c.CountLot]:
        return [
            c.CountLot(lot_id=lot, counted=Quantity(amount, Unit.L), on=day, reason="Renversé")
            for lot, amount, day in (
                (first, 410_000, TODAY),
                (second, second_counted, TODAY - timedelta(days=second_counted)),
            )
        ]

    with pytest.raises(Problem) as caught:
        office.record_all(lambda _: both(1))
    assert caught.value.name == "BeforeItCame"
    assert on_hand(office, first) == 430_000
    office.record_all(lambda _: both(0))
    assert (on_hand(office, first), on_hand(office, second)) == (410_000, 0)


def test_what_was_typed_stays_over_pages_searches_and_changes(office: OfficeInMemory) -> None:
    lots = [receive(office, f"{number + 1}") for number in range(SIZE + 2)]
    screen = counting(office)
    count(form_of(screen, lots[0]), "3", "Renversé")
    form = form_of(screen, lots[0])
    asyncio.run(screen.turn(1))
    assert len(listed(screen)) == 2
    execute(office, c.CountLot(lot_id=lots[0], counted=Quantity(3_000, Unit.L), on=TODAY))
    asyncio.run(screen.set_search("introuvable"))
    assert (listed(screen), screen.is_narrowed) == ((), True)
    assert form.difference_words == "comme attendu", "what others record is expected at once"
    asyncio.run(screen.clear())
    asyncio.run(screen.set_filter(CountFilter.COUNTED))
    assert listed(screen) == (form,)
    assert form.values[form.quantity_field] == "3"


def test_one_product_is_counted_at_a_time(office: OfficeInMemory) -> None:
    lot = receive(office, "430")
    screen = counting(office)
    every, milk = screen.products
    assert (every.key, milk.words) == ("", "Lait de vache")
    asyncio.run(screen.set_product(milk.key))
    assert [form.lot.lot_id for form in listed(screen)] == [lot]
    asyncio.run(screen.set_product("00000000-0000-0000-0000-0000000000ff"))
    assert (listed(screen), screen.is_narrowed) == ((), True)
    asyncio.run(screen.clear())
    assert len(listed(screen)) == 1


def test_enter_opens_the_lot(office: OfficeInMemory, window: WindowInMemory) -> None:
    lot = receive(office, "430")
    screen = counting(office, window)
    asyncio.run(screen.enter())
    assert window.went == [(Screen.LOT, lot)]


def test_who_may_not_count_is_offered_nothing_and_refused(office: OfficeInMemory) -> None:
    lot = receive(office, "430")
    driver = SignedIn(name="omar", roles=frozenset({Role.DRIVER}))
    needs = SCREENS[Screen.STOCK_COUNT].needs
    assert needs is not None
    assert not driver.may(needs)
    forced = StockCount(context(office, who=driver))
    asyncio.run(forced.load())
    form_of(forced, lot).count_as_expected()
    asyncio.run(forced.confirm())
    assert counts_of(office, lot) == []

    withdrawn = counting(office)
    form_of(withdrawn, lot).count_as_expected()
    office.roles = frozenset({Role.DRIVER})
    asyncio.run(withdrawn.confirm())
    assert withdrawn.problem is not None
    assert withdrawn.problem.name == "NotPermitted"
    assert form_of(withdrawn, lot).is_filled, "what was typed stays"
    assert counts_of(office, lot) == []


def test_a_count_that_could_not_be_recorded_stays(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    lot = receive(office, "430")
    screen = counting(office, window)
    form_of(screen, lot).count_as_expected()
    office.fault = Problem("Locked", "Identifiez-vous à nouveau.")
    asyncio.run(screen.confirm())
    assert screen.problem is not None
    assert screen.problem.name == "Locked"
    assert (len(screen.filled), counts_of(office, lot), window.told) == (1, [], [])


# ------------------------------------------------------------------------------------ another day


def dated(office: OfficeInMemory, litres: str, *, days: int) -> LotId:
    """A lot that was received so many days ago."""
    window = WindowInMemory()
    screen = receptions(office, window)
    screen.put("quantity", litres)
    screen.put("day", f"{TODAY - timedelta(days=days):%d/%m/%Y}")
    asyncio.run(screen.confirm())
    asyncio.run(screen.late.confirm())
    command = window.done[-1].command
    assert isinstance(command, c.ReceiveLot)
    return command.lot_id


def lost(office: OfficeInMemory, lot: LotId, litres: int, *, days: int) -> None:
    quantity, on = Quantity(litres * 1_000, Unit.L), TODAY - timedelta(days=days)
    execute(office, c.WriteOffLot(lot_id=lot, quantity=quantity, on=on, reason="casse"))


def test_what_is_expected_is_of_the_evening_of_the_day(office: OfficeInMemory) -> None:
    lot = dated(office, "430", days=4)
    dated(office, "10", days=1)
    lost(office, lot, 30, days=2)
    screen = counting(office)
    assert {form.lot.expected for form in listed(screen)} == {400_000, 10_000}
    asyncio.run(screen.put_day("21/11/2026"))
    (form,) = listed(screen)
    assert (form.lot.lot_id, form.lot.expected) == (lot, 430_000)
    asyncio.run(screen.put_day("21/1"))
    asyncio.run(screen.put_day(""))
    assert form_of(screen, lot).lot.expected == 400_000


def test_a_count_of_another_day_is_shown_then_recorded(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    lots = [dated(office, litres, days=4) for litres in ("430", "100")]
    screen = counting(office, window)
    asyncio.run(screen.put_day("22/11/2026"))
    for lot, text in zip(lots, ("410", "90"), strict=True):
        count(form_of(screen, lot), text, "casse")
    asyncio.run(screen.confirm())
    assert window.told == []
    late = screen.day.late.shown
    assert late is not None
    assert [(line.before, line.after) for line in late.balances if line.day == "22/11/2026"] == [
        (f"430{NB}L", f"410{NB}L"),
        (f"100{NB}L", f"90{NB}L"),
    ]
    assert all(line.is_of_lot for line in late.balances)
    asyncio.run(screen.confirm())
    assert window.told == ["Enregistré. 2 lots comptés. 2 écarts."]
    assert (on_hand(office, lots[0]), screen.day.values["day"]) == (410_000, "")
    with office.reading() as snapshot:
        counts = [row for row in lot_movements(snapshot, lots[0]) if row.kind == "count"]
    assert [f"{row.day:%d/%m/%Y}" for row in counts] == ["22/11/2026"]


def test_a_day_that_is_none_counts_nothing(office: OfficeInMemory, window: WindowInMemory) -> None:
    lot = dated(office, "430", days=4)
    screen = counting(office, window)
    count(form_of(screen, lot), "430")
    asyncio.run(screen.put_day("avant-hier"))
    asyncio.run(screen.confirm())
    assert "day" in screen.day.errors
    assert (window.told, counts_of(office, lot)) == ([], [])


def test_a_count_of_another_day_is_typed_again_on_its_day(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    lot = dated(office, "430", days=4)
    screen = counting(office, window)
    asyncio.run(screen.put_day("21/11/2026"))
    count(form_of(screen, lot), "340", "Renversé")
    asyncio.run(screen.confirm())
    assert screen.day.late.shown is not None, "what it changes is looked at first"
    asyncio.run(screen.confirm())
    office.take_back(window.done[-1])
    assert window.restore is not None
    window.restore()
    asyncio.run(screen.load())
    (form,) = screen.filled
    assert (screen.day.values["day"], form.counted) == ("21/11/2026", 340_000)
