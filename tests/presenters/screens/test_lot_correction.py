"""What was written of a lot is corrected, once what that changes was seen."""

import asyncio
from datetime import date

import pytest

from manchengo import Quantity, Role
from manchengo import commands as c
from manchengo.domain.ids import LotId, SupplierId
from manchengo.domain.values import Unit
from manchengo.ports.rows import FinishedLotRow, LotCorrectionRow, RawLotRow
from manchengo_presenters.screens.lot_correction import LotCorrection
from manchengo_presenters.screens.lot_page import LotPage
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
    with_milk,
)
from tests.support.receiving import receive
from tests.support.selling import opened, placed, with_cheese

NB = "\u00a0"


@pytest.fixture
def office() -> OfficeInMemory:
    return with_milk()


def lot_page(
    office: OfficeInMemory, lot_id: LotId, window: WindowInMemory | None = None
) -> LotPage:
    screen = LotPage(context(office, window=window), lot_id)
    asyncio.run(screen.load())
    asyncio.run(screen.begin_correction())
    return screen


def form(screen: LotPage, **said: str) -> LotCorrection:
    assert screen.correction is not None
    for name, text in said.items():
        screen.correction.put(name, text)
    return screen.correction


def corrections(office: OfficeInMemory) -> list[LotCorrectionRow]:
    with office.reading() as snapshot:
        return list(snapshot.rows(LotCorrectionRow))


def test_what_a_correction_changes_is_seen_then_recorded(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    lot_id = receive(office)
    execute(
        office,
        c.WriteOffLot(lot_id=lot_id, quantity=Quantity(1_000, Unit.L), on=TODAY, reason="goûté"),
    )
    screen = lot_page(office, lot_id, window)
    correction = form(screen, expiry="30/11/2026", reason="étiquette mal lue")
    assert correction.button == "Voir ce qui change"
    asyncio.run(screen.confirm())
    assert correction.effect is not None
    assert correction.effect.changes == (("DLC", "27/11/2026", "30/11/2026"),)
    assert len(correction.effect.consequences) == 1, "a movement was made on the old value"
    assert corrections(office) == []
    asyncio.run(screen.confirm())
    assert screen.correction is None
    assert screen.detail is not None
    assert ("DLC", "30/11/2026") in screen.detail.facts
    assert "étiquette mal lue" in window.done[0].sentence


def test_an_order_that_keeps_what_may_not_leave_is_named_before() -> None:
    office = with_cheese()
    order_id = placed(office, "CC-1", 10)
    execute(office, c.ConfirmSalesOrder(order_id=order_id, on=TODAY))
    with office.reading() as snapshot:
        (lot_id,) = (row.id for row in snapshot.rows(FinishedLotRow) if row.code == "PF-A")
    screen = lot_page(office, lot_id)
    correction = form(screen, expiry="23/11/2026", reason="étiquette mal lue")
    asyncio.run(correction.submit())
    assert correction.effect is not None
    (warning,) = correction.effect.consequences
    assert "CC-1" in warning
    assert f"10{NB}pièces" in warning


def test_typing_again_asks_again(office: OfficeInMemory) -> None:
    correction = form(lot_page(office, receive(office)), supplier_reference="BL 7", reason="oubli")
    asyncio.run(correction.submit())
    assert correction.effect is not None
    correction.put("supplier_reference", "BL 8")
    assert correction.effect is None
    asyncio.run(correction.submit())
    assert corrections(office) == []
    asyncio.run(correction.submit())
    (row,) = corrections(office)
    assert (row.field, row.after) == ("supplier_reference", "BL 8")


def test_the_supplier_and_the_price_are_corrected_together(office: OfficeInMemory) -> None:
    other = SupplierId(office.ids.new())
    execute(office, c.RegisterSupplier(supplier_id=other, code="F009", name="Ferme Belkacem"))
    lot_id = receive(office)
    said = {"supplier": str(other), "unit_price": "4 800/100", "reason": "mauvais bon"}
    correction = form(lot_page(office, lot_id), **said)
    asyncio.run(correction.submit())
    assert correction.effect is not None
    assert [after for _name, _before, after in correction.effect.changes] == [
        "Ferme Belkacem",
        f"4\u202f800,00{NB}DA les 100{NB}L",
    ]
    asyncio.run(correction.submit())
    with office.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id)
    assert row is not None
    assert (row.supplier_id, row.unit_price, row.price_per) == (other, 480_000, 100)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": "pour rien"}, "expiry"),
        ({"expiry": "30/11/2026"}, "reason"),
        ({"expiry": "demain peut-être", "reason": "x"}, "expiry"),
        ({"expiry": "01/11/2026", "reason": "x"}, "expiry"),
        ({"unit_price": "", "reason": "x"}, "unit_price"),
        ({"unit_price": "cher", "reason": "x"}, "unit_price"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    office: OfficeInMemory, said: dict[str, str], field: str
) -> None:
    correction = form(lot_page(office, receive(office)), **said)
    asyncio.run(correction.submit())
    assert list(correction.errors) == [field], correction.problem
    assert correction.effect is None
    assert corrections(office) == []


def test_a_lot_that_does_not_expire_says_so(office: OfficeInMemory) -> None:
    correction = form(lot_page(office, receive(office)), expiry="", reason="sel, pas lait")
    asyncio.run(correction.submit())
    assert correction.effect is not None
    assert correction.effect.changes == (("DLC", "27/11/2026", "—"),)


def test_what_has_no_supplier_asks_for_none() -> None:
    office = with_cheese()
    screen = lot_page(office, opened(office, "PF-Z", 3, date(2026, 11, 12)))
    correction = form(screen)
    assert correction.written is not None
    assert sorted(correction.written.values) == ["expiry", "unit_price"]


def test_who_may_not_correct_is_not_offered_it(office: OfficeInMemory) -> None:
    lot_id = receive(office)
    office.roles = frozenset({Role.SALES})
    screen = lot_page(office, lot_id)
    assert not screen.may_correct
    assert screen.correction is None


def test_a_lot_that_never_came_is_not_corrected(office: OfficeInMemory) -> None:
    lot_id = receive(office)
    execute(office, c.VoidLot(lot_id=lot_id, on=TODAY, reason="saisi deux fois"))
    assert not lot_page(office, lot_id).may_correct


def test_a_correction_is_left(office: OfficeInMemory) -> None:
    screen = lot_page(office, receive(office))
    screen.end_correction()
    asyncio.run(screen.confirm())
    assert corrections(office) == []
