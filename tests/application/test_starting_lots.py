"""A trace or a recall begins with whatever somebody has in hand, and says what that could be."""

import pytest
from attrs import evolve

from manchengo import Manchengo, ReferenceKind
from manchengo.application.starting_lots import (
    NoLotsBehind,
    ReferenceOfSeveralKinds,
    ReferenceOfSeveralSuppliers,
)
from manchengo.commands import Command, ReceiveLot, RegisterSupplier
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import LotId, SupplierId
from tests.support.billing import a_draft, issued
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    an_id,
    an_output,
    completed,
    day,
    delivered,
    kg,
    litres,
    loaded,
    lot_id,
    millilitres,
    planned,
    poured,
    prepared,
    received,
    sold,
    started,
    stayed,
)
from tests.support.given import given
from tests.support.plant import Plant

OTHER_FARM = SupplierId(an_id("another farm"))


def noted(code: str, reference: str, *, farm: SupplierId | None = None, on: int = 0) -> ReceiveLot:
    """A reception with what the supplier wrote on it."""
    reception = received(code, litres(100), on=day(on))
    return evolve(
        reception, supplier_reference=reference, supplier_id=farm or reception.supplier_id
    )


THE_DAIRY: tuple[Command, ...] = (
    *A_DAIRY,
    RegisterSupplier(supplier_id=OTHER_FARM, code="F02", name="Ferme Ziane"),
    noted("L1", "N-77"),
    noted("L2", "n-77"),
    noted("L3", "N-78", on=1),
    noted("L4", "N-78", farm=OTHER_FARM, on=1),
    received("R1", millilitres(600), of=RENNET),
)
A_MAKE: tuple[Command, ...] = (
    planned("O1", kg(8), on=day(1)),
    started("O1", on=day(1)),
    poured("O1", "L1", litres(80), on=day(1), reason="là"),
    completed("O1", an_output("T1", kg(4)), an_output("T2", kg(4)), on=day(1)),
)
A_VAN: tuple[Command, ...] = (
    sold("S1", kg(6), on=day(1)),
    delivered("V1", order="S1", on=day(1)),
)


@pytest.fixture
def dairy() -> Manchengo:
    return given(THE_DAIRY, A_MAKE, A_VAN).dairy


def begun_with(dairy: Manchengo, reference: str, **how: object) -> tuple[ReferenceKind, set[LotId]]:
    found = dairy.starting_lots(reference, **how)  # type: ignore[arg-type]
    assert len(set(found.lots)) == len(found.lots)
    return found.kind, set(found.lots)


def lots(*codes: str) -> set[LotId]:
    return {lot_id(code) for code in codes}


@pytest.mark.parametrize(
    ("reference", "kind", "expected"),
    [
        ("l1", ReferenceKind.LOT, ("L1",)),
        ("t2", ReferenceKind.LOT, ("T2",)),
        ("N-77", ReferenceKind.SUPPLIER_LOT, ("L1", "L2")),
        ("o1", ReferenceKind.PRODUCTION_ORDER, ("T1", "T2")),
        ("s1", ReferenceKind.SALES_ORDER, ("T1", "T2")),
        ("v1", ReferenceKind.DELIVERY, ("T1", "T2")),
    ],
)
def test_a_reference_is_recognised(
    dairy: Manchengo, reference: str, kind: ReferenceKind, expected: tuple[str, ...]
) -> None:
    assert begun_with(dairy, reference) == (kind, lots(*expected))


def test_an_invoice_stands_for_what_it_bills() -> None:
    dairy = given(THE_DAIRY, A_MAKE, A_VAN, a_draft("B1", deliveries=("V1",)), issued("B1")).dairy
    assert begun_with(dairy, "b1") == (ReferenceKind.INVOICE, lots("T1", "T2"))


def test_all_that_a_supplier_brought_on_a_day(dairy: Manchengo) -> None:
    found = dairy.lots_received("f01", day(0))
    assert (found.kind, found.supplier, found.on) == (ReferenceKind.SUPPLIER_DAY, "F01", day(0))
    assert set(found.lots) == lots("L1", "L2", "R1")
    # L1 was moved that day, and had come before.
    assert set(dairy.lots_received("F01", day(1)).lots) == lots("L3")
    with pytest.raises(NoLotsBehind):
        dairy.lots_received("F02", day(0))


def test_a_reference_of_two_suppliers_asks_whose(dairy: Manchengo) -> None:
    with pytest.raises(ReferenceOfSeveralSuppliers) as refusal:
        dairy.starting_lots("N-78")
    assert refusal.value.suppliers == ("F01", "F02")
    assert begun_with(dairy, "N-78", supplier="f02") == (ReferenceKind.SUPPLIER_LOT, lots("L4"))


def test_a_reference_that_is_a_lot_and_a_suppliers_asks_which() -> None:
    dairy = given(THE_DAIRY, noted("N-77", "A-1")).dairy
    with pytest.raises(ReferenceOfSeveralKinds) as refusal:
        dairy.starting_lots("N-77")
    assert refusal.value.kinds == ("lot", "supplier_lot")
    found = dairy.starting_lots("N-77", kind=ReferenceKind.SUPPLIER_LOT)
    assert set(found.lots) == lots("L1", "L2")


def test_two_readings_that_mean_the_same_lots_ask_nothing() -> None:
    dairy = given(THE_DAIRY, noted("A-1", "A-1")).dairy
    assert begun_with(dairy, "A-1") == (ReferenceKind.LOT, lots("A-1"))


def test_nothing_is_found_under_an_unknown_reference(dairy: Manchengo) -> None:
    for how in ({}, {"kind": ReferenceKind.DELIVERY}, {"supplier": "F01"}):
        with pytest.raises(Unknown):
            begun_with(dairy, "L1b", **how)
    with pytest.raises(Unknown):
        begun_with(dairy, "L1", kind=ReferenceKind.DELIVERY)


def test_an_order_from_which_nothing_came_stands_for_no_lot() -> None:
    dairy = given(THE_DAIRY, planned("O1", kg(8))).dairy
    with pytest.raises(NoLotsBehind) as refusal:
        dairy.starting_lots("O1")
    assert (refusal.value.kind, refusal.value.reference) == ("production_order", "O1")


def test_a_van_that_stayed_at_home_stands_for_no_lot() -> None:
    steps = (sold("S1", kg(3), on=day(1)), prepared("V1", order="S1", on=day(1)))
    van = (loaded("V1", "T1", kg(3), on=day(1), reason="là"), stayed("V1", on=day(1)))
    dairy = given(THE_DAIRY, A_MAKE, steps, van[0]).dairy
    assert begun_with(dairy, "V1") == (ReferenceKind.DELIVERY, lots("T1"))
    dairy.execute(van[1])
    with pytest.raises(NoLotsBehind):
        dairy.starting_lots("V1")


def test_several_lots_give_one_recall_with_one_balance(dairy: Manchengo) -> None:
    together = dairy.simulate_recall(*dairy.starting_lots("v1").lots)
    apart = [dairy.simulate_recall(each) for each in (lot_id("T1"), lot_id("T2"))]
    assert {each.lot for each in together.lots} == {"T1", "T2"}
    assert all(each.balanced for each in together.lots)
    assert sorted(together.shipments, key=str) == sorted(
        (ship for one in apart for ship in one.shipments), key=str
    )
    milk = dairy.simulate_recall(lot_id("L1"), lot_id("L2"), lot_id("T1"))
    codes = [each.lot for each in milk.lots]
    assert codes == ["L1", "L2", "T1", "T2"]


def test_what_is_only_claimed_is_found_by_its_delivery_note_and_its_order() -> None:
    """The phone's make of the same milk, and its delivery, are refused; the cheese left all the
    same.
    """
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(THE_DAIRY[:-1], received("R1", millilitres(24), of=RENNET))
    plant.settle()
    office.does(A_MAKE)
    phone.does(
        planned("O2", kg(8), on=day(1)),
        started("O2", on=day(1)),
        poured("O2", "L1", litres(80), on=day(1), reason="là"),
        completed("O2", an_output("T9", kg(8)), on=day(1)),
        sold("S9", kg(6), on=day(1)),
        delivered("V9", order="S9", on=day(1)),
    )
    plant.settle()
    for device in plant.devices:
        assert begun_with(device.dairy, "O2") == (ReferenceKind.PRODUCTION_ORDER, lots("T9"))
        assert begun_with(device.dairy, "V9") == (ReferenceKind.DELIVERY, lots("T9"))
        assert device.dairy.simulate_recall(lot_id("T9")).lots[0].claimed
