"""The number under a product's bar code: its length, its last digit, and whose it is."""

import pytest
from attrs import evolve
from hypothesis import given as whatever
from hypothesis import strategies as st

from manchengo.commands import ArchiveProduct, ChangeProduct, RegisterProduct
from manchengo.domain.gtin import (
    LENGTHS,
    BarcodeMistyped,
    BarcodeTaken,
    NotABarcode,
    check_digit,
    gtin_given,
    same_number,
)
from manchengo.domain.ids import ProductId
from manchengo.domain.product import ProductDetailsChanged, ProductKind, ProductRegistered
from manchengo.domain.values import Unit
from manchengo.ports.rows import RawProductRow, ResolutionItemRow
from tests.support.dairy import A_DAIRY, CHEESE, an_id, dinars
from tests.support.given import given
from tests.support.plant import Plant

BARCODE = "6130000000015"
LABELS = RegisterProduct(
    product_id=ProductId(an_id("labels")),
    code="ETIQ",
    kind=ProductKind.RAW,
    name="Étiquettes",
    unit=Unit.PIECE,
    price=dinars(2),
    gtin=BARCODE,
)
BOXES = evolve(LABELS, product_id=ProductId(an_id("boxes")), code="CAISSE")
BARE = ProductDetailsChanged(
    name=None,
    name_ar=None,
    shelf_life_days=None,
    price=None,
    vat_class=None,
    allocation=None,
    release_required=None,
    gtin=None,
    net_quantity=None,
    storage=None,
    fat=None,
    allergens=None,
    allergens_ar=None,
)


def digits(length: int) -> st.SearchStrategy[str]:
    """All but the last."""
    return st.text("0123456789", min_size=length - 1, max_size=length - 1)


@pytest.mark.parametrize(
    "gtin", ["40170725", "036000291452", "6291041500213", "4006381333931", "10614141000415"]
)
def test_barcodes_from_the_shelf_are_read(gtin: str) -> None:
    assert gtin_given(gtin) == gtin


def test_a_barcode_may_be_typed_in_groups() -> None:
    assert gtin_given(" 6 130000 000015 ") == BARCODE
    assert gtin_given("  ") == ""


@pytest.mark.parametrize(
    "wrong",
    ["613", "613000000001" * 2, "6130000000015X", "６１３０００００００００１５", "00000000"],
)
def test_what_is_no_barcode_is_refused(wrong: str) -> None:
    given(A_DAIRY).when(evolve(LABELS, gtin=wrong)).refused(NotABarcode, barcode=wrong)


@whatever(body=st.sampled_from(LENGTHS).flatmap(digits), data=st.data())
def test_one_mistyped_digit_is_always_noticed(body: str, data: st.DataObject) -> None:
    right = f"{body}{check_digit(body)}"
    at = data.draw(st.integers(0, len(right) - 1))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != right[at]]))
    with pytest.raises((BarcodeMistyped, NotABarcode)):
        gtin_given(right[:at] + digit + right[at + 1 :])


def test_a_mistyped_barcode_is_refused_by_every_command() -> None:
    mistyped = "6130000000012"
    given(A_DAIRY).when(evolve(LABELS, gtin=mistyped)).refused(
        BarcodeMistyped, barcode=mistyped, expected=5
    )
    given(A_DAIRY).when(ChangeProduct(product_id=CHEESE, gtin=mistyped)).refused(
        BarcodeMistyped, barcode=mistyped, expected=5
    )


def test_two_products_never_bear_one_barcode() -> None:
    given(A_DAIRY, LABELS).when(BOXES).refused(BarcodeTaken, barcode=BARCODE, product="ETIQ")
    given(A_DAIRY, LABELS).when(ChangeProduct(product_id=CHEESE, gtin=BARCODE)).refused(
        BarcodeTaken, barcode=BARCODE, product="ETIQ"
    )


def test_a_barcode_written_longer_is_the_same_one() -> None:
    short = "40170725"
    assert same_number(short) == (short, f"0000{short}", f"00000{short}", f"000000{short}")
    carton = f"0{BARCODE}"
    given(A_DAIRY, LABELS).when(evolve(BOXES, gtin=carton)).refused(
        BarcodeTaken, barcode=carton, product="ETIQ"
    )


def test_a_product_keeps_its_barcode_and_gives_it_up() -> None:
    again = ChangeProduct(product_id=LABELS.product_id, gtin="6130000 000015")
    given(A_DAIRY, LABELS).when(again).then()
    given(A_DAIRY, LABELS, ChangeProduct(product_id=LABELS.product_id, gtin="")).when(BOXES)
    given(A_DAIRY, LABELS, ArchiveProduct(product_id=LABELS.product_id)).when(
        ChangeProduct(product_id=CHEESE, gtin=BARCODE)
    ).then(evolve(BARE, gtin=BARCODE))


def test_a_wrong_barcode_of_before_stops_no_other_change() -> None:
    """Programs before this one took any text."""
    old = ProductRegistered(
        product_id=LABELS.product_id,
        code="ETIQ",
        kind=LABELS.kind,
        name="Étiquettes",
        name_ar="",
        unit=Unit.PIECE,
        shelf_life_days=None,
        price=dinars(2),
        vat_class=LABELS.vat_class,
        allocation=LABELS.allocation,
        release_required=False,
        gtin="613",
        net_quantity="",
        storage="",
        fat="",
        allergens="",
        allergens_ar="",
    )
    given(A_DAIRY, old).when(
        ChangeProduct(product_id=LABELS.product_id, price=dinars(3), gtin="613")
    ).then(evolve(BARE, price=dinars(3)))


def test_one_barcode_given_to_two_products_at_once_waits_for_a_person() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY)
    plant.settle()
    office.does(LABELS)
    phone.does(BOXES)
    plant.settle()
    assert len(plant.digests()) == 1
    with office.store.reading() as snapshot:
        (item,) = snapshot.rows(ResolutionItemRow)
        assert [row.code for row in snapshot.rows(RawProductRow, gtin=BARCODE)] == ["ETIQ"]
    assert item.refusal == "BarcodeTaken"
