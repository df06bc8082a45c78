"""What was typed and not recorded is there again, for who typed it, when the program was killed."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from manchengo import Quantity, Unit, UnitPrice
from manchengo.domain.ids import ProductId, UserId
from manchengo_presenters.screens.new_sale import DraftLine, NewSale
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.shell import Shell
from manchengo_workplace import drafts
from tests.presenters.screens.test_shell import at_work
from tests.support.office_in_memory import NOON, OfficeInMemory, with_milk


@pytest.fixture
def office() -> OfficeInMemory:
    return with_milk()


def receptions(shell: Shell) -> Receptions:
    asyncio.run(shell.go(Screen.RECEPTIONS))
    shown = shell.shown
    assert isinstance(shown, Receptions)
    return shown


def typed(office: OfficeInMemory) -> Shell:
    """A reception, typed and looked at a second later; then nobody hears of that window again."""
    shell = at_work(office)
    screen = receptions(shell)
    assert screen.arrivals is not None
    screen.choose("supplier", screen.arrivals.suppliers[0].key)
    screen.choose("product", screen.arrivals.materials[0].key)
    screen.put("quantity", "1 250,5")
    asyncio.run(shell.look())
    return shell


def test_what_was_typed_is_there_again(office: OfficeInMemory) -> None:
    before = receptions(typed(office)).values
    screen = receptions(at_work(office))
    assert screen.is_resumed
    assert screen.values == before
    asyncio.run(screen.receive())
    assert screen.values["quantity"] == "", "it was as good as typed"


def test_a_quarantine_that_was_ticked_is_ticked_again(office: OfficeInMemory) -> None:
    shell = typed(office)
    receptions(shell).set_quarantined(True)
    asyncio.run(shell.look())
    screen = receptions(at_work(office))
    assert screen.is_quarantined
    screen.discard()
    assert not screen.is_quarantined


def test_an_order_is_there_again_with_its_lines(office: OfficeInMemory) -> None:
    shell = at_work(office)
    asyncio.run(shell.go(Screen.NEW_SALE))
    sale = shell.shown
    assert isinstance(sale, NewSale)
    sale.lines = (
        DraftLine(
            product_id=ProductId(office.ids.new()),
            product="Tomme",
            quantity=Quantity(1_500, Unit.KG),
            price=UnitPrice(35, 100),
            price_words="0,35 DA",
        ),
    )
    asyncio.run(shell.look())
    again = at_work(office)
    asyncio.run(again.go(Screen.NEW_SALE))
    resumed = again.shown
    assert isinstance(resumed, NewSale)
    assert resumed.lines == sale.lines


def test_what_was_recorded_is_not_offered_again(office: OfficeInMemory) -> None:
    shell = typed(office)
    asyncio.run(receptions(shell).receive())
    asyncio.run(shell.look())
    screen = receptions(at_work(office))
    assert not screen.is_resumed
    assert screen.values["quantity"] == ""


def test_what_was_taken_back_is_kept_as_if_it_was_typed(office: OfficeInMemory) -> None:
    shell = typed(office)
    asyncio.run(receptions(shell).receive())
    asyncio.run(shell.look())
    asyncio.run(shell.take_back())
    asyncio.run(shell.look())
    assert receptions(at_work(office)).values["quantity"] == "1 250,5"


def test_who_empties_the_form_is_not_offered_it_again(office: OfficeInMemory) -> None:
    typed(office)
    shell = at_work(office)
    receptions(shell).discard()
    asyncio.run(shell.look())
    assert not receptions(at_work(office)).is_resumed


def test_what_was_typed_is_for_who_typed_it(office: OfficeInMemory) -> None:
    typed(office)
    with office.store.reading() as snapshot:
        assert drafts.drafts(snapshot, office.actor.user_id, NOON)
        assert drafts.drafts(snapshot, UserId(UUID(int=7)), NOON) == {}


def test_after_a_week_it_is_gone(office: OfficeInMemory) -> None:
    typed(office)
    with office.store.reading() as snapshot:
        user_id = office.actor.user_id
        assert drafts.drafts(snapshot, user_id, NOON + timedelta(days=7))
        assert drafts.drafts(snapshot, user_id, NOON + timedelta(days=7, seconds=1)) == {}


def test_another_window_keeps_what_this_one_has_not_shown(office: OfficeInMemory) -> None:
    first, second = at_work(office), at_work(office)
    asyncio.run(second.go(Screen.NEW_SALE))
    sale = second.shown
    assert isinstance(sale, NewSale)
    sale.put("quantity", "12")
    asyncio.run(second.look())
    screen = receptions(first)
    screen.put("quantity", "540")
    asyncio.run(first.look())
    assert {key: each["quantity"] for key, each in office.drafts().items()} == {
        "NEW_SALE": "12",
        "RECEPTIONS": "540",
    }


def test_nothing_is_written_while_nobody_types(
    office: OfficeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = typed(office)
    monkeypatch.setattr(OfficeInMemory, "keep_drafts", lambda _, kept: pytest.fail(str(kept)))
    asyncio.run(shell.look())
    assert shell.problem is None
