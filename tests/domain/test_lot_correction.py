"""What was written of a lot and was wrong: corrected with its day and its reason."""

import pytest

from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import ArchiveSupplier, RegisterSupplier
from manchengo.domain.allocation import Skipped
from manchengo.domain.errors import NothingToDo, ReasonMissing, Unknown
from manchengo.domain.ids import SupplierId
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.lot.decide import NoSupplierToCorrect
from manchengo.domain.lot.events import LotCorrected
from manchengo.domain.lot.rules import BeforeItCame, ExpiresBeforeReception, LotUnfit
from manchengo.domain.lot.state import Correction
from manchengo.domain.production_order import NotEnoughMaterials
from manchengo.domain.values import Money
from tests.support.dairy import (
    A_DAIRY,
    FARM,
    RENNET,
    an_id,
    blocked,
    corrected,
    day,
    dinars,
    in_store,
    kg,
    litres,
    lot_id,
    made,
    millilitres,
    planned,
    poured,
    recalled,
    received,
    started,
    written_off,
)
from tests.support.given import Given, given

OTHER_FARM = SupplierId(an_id("the other farm"))
MILK_AT_HAND = (
    A_DAIRY,
    RegisterSupplier(supplier_id=OTHER_FARM, code="F02", name="Ferme Oubraham"),
    received("L1", litres(100), expires=day(5)),
)


def a_correction(**fields: object) -> LotCorrected:
    nothing = dict.fromkeys(("expiry", "supplier_id", "supplier_reference", "unit_price"))
    return LotCorrected(on=day(1), reason="label misread", **(nothing | fields))


def test_only_what_is_given_is_corrected() -> None:
    given(MILK_AT_HAND).when(corrected("L1", on=day(1), expiry=Expiry(day(3)))).then(
        a_correction(expiry=Expiry(day(3)))
    )
    given(MILK_AT_HAND).when(
        corrected("L1", on=day(1), supplier=OTHER_FARM, reference="bon 12", price=dinars(61))
    ).then(a_correction(supplier_id=OTHER_FARM, supplier_reference="bon 12", unit_price=dinars(61)))


def test_what_is_right_already_is_not_corrected() -> None:
    same = corrected("L1", expiry=Expiry(day(5)), supplier=FARM, reference="")
    given(MILK_AT_HAND).when(same).then()


def test_a_lot_that_does_not_expire_after_all() -> None:
    dairy = (
        given(MILK_AT_HAND)
        .when(corrected("L1", on=day(1), expiry=Expiry(None)))
        .then(a_correction(expiry=Expiry(None)))
    )
    Given(dairy).when(corrected("L1", on=day(1), expiry=Expiry(None))).then()


def test_a_correction_says_something_and_why() -> None:
    given(MILK_AT_HAND).when(corrected("L1")).refused(NothingToDo, what="correction")
    given(MILK_AT_HAND).when(corrected("L1", reason=" ", expiry=Expiry(day(3)))).refused(
        ReasonMissing, step="correct"
    )


def test_a_correction_is_not_older_than_the_lot_nor_is_its_expiry() -> None:
    given(MILK_AT_HAND).when(corrected("L1", on=day(-1), expiry=Expiry(day(3)))).refused(
        BeforeItCame, lot="L1", on=day(-1), entered_on=day(0)
    )
    given(MILK_AT_HAND).when(corrected("L1", expiry=Expiry(day(-1)))).refused(
        ExpiresBeforeReception, lot="L1", entered_on=day(0), expires_on=day(-1)
    )


def test_a_supplier_is_one_that_is_known_even_if_archived_since() -> None:
    nobody = SupplierId(an_id("nobody"))
    given(MILK_AT_HAND).when(corrected("L1", supplier=nobody)).refused(Unknown, kind="supplier")
    given(MILK_AT_HAND, ArchiveSupplier(supplier_id=OTHER_FARM)).when(
        corrected("L1", on=day(1), supplier=OTHER_FARM)
    ).then(a_correction(supplier_id=OTHER_FARM))


@pytest.mark.parametrize(
    "wrong", [{"supplier": FARM}, {"reference": "bon 12"}, {"price": Money(1)}, {"reference": ""}]
)
def test_of_a_lot_made_here_only_the_expiry_is_corrected(wrong: dict[str, object]) -> None:
    cheese = given(A_DAIRY, in_store("T1", kg(1)))
    cheese.when(corrected("T1", **wrong)).refused(NoSupplierToCorrect, lot="T1")  # type: ignore[arg-type]
    cheese.when(corrected("T1", on=day(1), expiry=Expiry(day(30)))).then(
        a_correction(expiry=Expiry(day(30)))
    )


@pytest.mark.parametrize(
    "step",
    [blocked("L1"), recalled("L1"), written_off("L1", litres(100))],
    ids=lambda step: step.reason,
)
def test_a_lot_is_corrected_whatever_became_of_it(step: object) -> None:
    given(MILK_AT_HAND, step).when(corrected("L1", on=day(1), supplier=OTHER_FARM)).then(
        a_correction(supplier_id=OTHER_FARM)
    )


def test_milk_is_poured_by_the_corrected_expiry() -> None:
    given_rennet = (MILK_AT_HAND, received("R", millilitres(30), of=RENNET))
    order = (planned("O1", kg(1)), started("O1"))
    given(given_rennet, order, corrected("L1", on=day(1), expiry=Expiry(day(1)))).when(
        poured("O1", "L1", litres(10), on=day(2))
    ).refused(LotUnfit, lot="L1", why=Skipped.EXPIRED, expires_on=day(1))
    given(given_rennet, order, corrected("L1", on=day(1), expiry=Expiry(day(9)))).when(
        poured("O1", "L1", litres(10), on=day(8))
    ).done()
    given(given_rennet, corrected("L1", expiry=Expiry(day(1)))).when(
        made("O1", kg(1), on=day(2))
    ).refused(NotEnoughMaterials)


def test_what_was_and_how_much_had_moved_on_it_stay_in_sight() -> None:
    dairy = given(
        MILK_AT_HAND,
        written_off("L1", litres(1)),
        corrected("L1", on=day(1), expiry=Expiry(day(3)), reference="bon 12"),
        written_off("L1", litres(1), on=day(1)),
        corrected("L1", on=day(2), expiry=Expiry(None), reason="salt keeps"),
    ).dairy
    with dairy.store.reading() as snapshot:
        lot = UnitOfWork(snapshot).lot(lot_id("L1"))
    assert lot.corrections == (
        Correction(1, day(1), "label misread", "expiry", Expiry(day(5)), Expiry(day(3)), 2),
        Correction(2, day(1), "label misread", "supplier_reference", "", "bon 12", 2),
        Correction(3, day(2), "salt keeps", "expiry", Expiry(day(3)), Expiry(None), 3),
    )
    assert (lot.expires_on, lot.supplier_reference) == (None, "bon 12")
