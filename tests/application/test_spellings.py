"""One code is one thing, however it is typed, and nothing is taken for another."""

import pytest
from attrs import evolve
from hypothesis import given as for_all
from hypothesis import strategies as st

from manchengo import Manchengo
from manchengo.application.by_code import lots_labelled
from manchengo.commands import RegisterSupplier, ResolveItem
from manchengo.domain.errors import (
    AlreadyExists,
    Ambiguous,
    CodeMissing,
    NameMissing,
    ReasonMissing,
    Unknown,
)
from manchengo.domain.ids import SupplierId
from manchengo.domain.invoice import NumberMissing
from manchengo.domain.names import comparison_key
from manchengo.domain.resolution import Way, item_id_of
from manchengo.ports.rows import ResolutionItemRow
from tests.support.billing import A_BILL, a_draft, issued
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    an_id,
    an_output,
    in_store,
    kg,
    litres,
    made,
    millilitres,
    received,
    written_off,
)
from tests.support.given import given, open_dairy
from tests.support.plant import Plant
from tests.support.twins import (
    ANOTHER,
    CODE,
    OF_EVERY_KIND,
    READY,
    SPELT,
    Coded,
    as_of_before,
    id_of_before,
)

EVERY_KIND = pytest.mark.parametrize("coded", OF_EVERY_KIND.values(), ids=list(OF_EVERY_KIND))


@pytest.mark.parametrize("spelt", SPELT)
@EVERY_KIND
def test_a_code_that_differs_in_spelling_alone_is_taken(coded: Coded, spelt: str) -> None:
    given(READY, coded.first).when(coded.again(spelt)).refused(
        AlreadyExists, kind=coded.kind, reference=spelt, existing=CODE
    )


@pytest.mark.parametrize("spelt", [CODE, *SPELT])
@EVERY_KIND
def test_a_thing_is_found_however_its_code_is_typed(coded: Coded, spelt: str) -> None:
    other = coded.again("CREME 1")
    dairy = given(READY, coded.first, other).dairy
    assert coded.find(dairy, spelt).id == getattr(coded.first, coded.id)
    assert coded.find(dairy, "creme 1").id == ANOTHER


@EVERY_KIND
def test_of_two_from_before_only_the_one_as_typed_is_meant(coded: Coded) -> None:
    dairy = given(READY, *as_of_before(coded, CODE, "crème 1")).dairy
    for number, spelt in enumerate((CODE, "crème 1")):
        assert coded.find(dairy, spelt).id == id_of_before(coded, number)
    with pytest.raises(Ambiguous) as caught:
        coded.find(dairy, "Crème 1")
    for number, spelt in enumerate((CODE, "crème 1")):
        assert f"{spelt} ({id_of_before(coded, number)}" in caught.value.found


@EVERY_KIND
def test_a_third_beside_two_from_before_is_refused(coded: Coded) -> None:
    before = given(READY, *as_of_before(coded, "crème 1", CODE))
    before.when(coded.again("Crème 1")).refused(AlreadyExists, reference="Crème 1")
    before.when(coded.again(CODE)).refused(AlreadyExists, reference=CODE, existing=CODE)


@EVERY_KIND
def test_the_second_of_two_devices_gives_another_code(coded: Coded) -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(READY)
    plant.settle()
    office.does(coded.first)
    (twin,) = phone.does(coded.again("crème 1"))
    plant.settle()
    for device in (office, phone):
        with device.store.reading() as snapshot:
            item = snapshot.get(ResolutionItemRow, item_id_of(twin.id))
        assert item is not None
        assert (item.status, item.refusal) == ("open", "AlreadyExists")
        assert '"existing":"CRÈME 1"' in item.facts
    decided = ResolveItem(
        item_id=item_id_of(twin.id), way=Way.OTHER_CODE, reason="vu", code="CRÈME 2", on=twin.on
    )
    with pytest.raises(AlreadyExists):
        phone.does(evolve(decided, code="Crème 1"))
    phone.does(decided)
    plant.settle()
    for device in (office, phone):
        assert coded.find(device.dairy, "crème 1").id == getattr(coded.first, coded.id)
        assert coded.find(device.dairy, "crème 2").id == ANOTHER
        assert device.dairy.verify().sound


def test_two_lots_of_one_make_have_codes_that_read_otherwise() -> None:
    twins = (an_output("T9", kg(1)), evolve(an_output("T8", kg(1)), code="t9"))
    make = made("O9", kg(2), outputs=twins)
    materials = (received("milk", litres(20)), received("R1", millilitres(6), of=RENNET))
    given(READY, materials).when(make).refused(
        AlreadyExists, kind="lot", reference="t9", existing="T9"
    )


def test_a_number_of_the_series_is_given_once_however_it_is_spelt() -> None:
    given(A_BILL, a_draft("F2")).when(issued("F2", number=" f1")).refused(
        AlreadyExists, kind="invoice", reference=" f1", existing="F1"
    )


@pytest.mark.parametrize("code", ["", " ", "\u200b", "\u00ad \ufeff"])
@EVERY_KIND
def test_a_code_that_shows_nothing_is_none(coded: Coded, code: str) -> None:
    given(READY).when(coded.again(code)).refused(CodeMissing, kind=coded.kind)


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad \ufeff"])
def test_what_nobody_can_see_was_not_given(unseen: str) -> None:
    before = given(A_DAIRY, received("L1", litres(5)), a_draft("F1"))
    before.when(written_off("L1", litres(1), reason=unseen)).refused(ReasonMissing)
    before.when(issued("F1", number=unseen)).refused(NumberMissing)
    nameless = RegisterSupplier(supplier_id=SupplierId(ANOTHER), code="F9", name=unseen)
    before.when(nameless).refused(NameMissing)


def test_a_claimed_lot_is_found_by_its_label_however_it_is_typed() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, in_store("milk first", kg(3)))
    plant.settle()
    office.does(received("X1", litres(80)))
    phone.does(evolve(received("X2", litres(70)), code="x1"))
    plant.settle()
    for device in (office, phone):
        with device.store.reading() as snapshot:
            assert [lot.code for lot in lots_labelled(snapshot, "X1 ")] == ["X1"]
            assert [lot.standing for lot in lots_labelled(snapshot, "x1")] == ["claimed"]
            assert len(lots_labelled(snapshot, "\u200bX1")) == 2


CODES = st.text(st.sampled_from("aAeE\u00e9\u00c9\u0301 \u00a0-1\u00df\ufb01s"), max_size=5)


@for_all(st.lists(CODES, max_size=8))
def test_the_first_of_a_spelling_stays_the_only_one(codes: list[str]) -> None:
    dairy = open_dairy()
    first: dict[str, str] = {}
    for number, code in enumerate(codes):
        command = RegisterSupplier(
            supplier_id=SupplierId(an_id(str(number))), code=code, name="Ferme"
        )
        key = comparison_key(code)
        if not key:
            refused(dairy, command, CodeMissing)
        elif key in first:
            refused(dairy, command, AlreadyExists)
        else:
            dairy.execute(command)
            first[key] = code
    for code in codes:
        if comparison_key(code):
            assert dairy.supplier(code).code == first[comparison_key(code)]
        else:
            with pytest.raises(Unknown):
                dairy.supplier(code)


def refused(dairy: Manchengo, command: RegisterSupplier, rule: type[Exception]) -> None:
    with pytest.raises(rule):
        dairy.execute(command)
