"""A number that is on a paper is given to no other paper, whatever the log said of the first."""

import pytest
from attrs import evolve

from manchengo.application.bill_series import next_bill_number
from manchengo.domain.commit import Verdict
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.ports.rows import CreditNoteRow, InvoiceRow
from tests.application.test_resolution import verdict_of
from tests.support.billing import (
    CHEESE_LINE,
    TRANSPORT_LINE,
    a_credit,
    a_draft,
    credit_issued,
    issued,
)
from tests.support.dairy import A_DAIRY, day
from tests.support.plant import Device, Plant

YEAR = f"{day(2):%Y}"


def number(series: str, count: int) -> str:
    return f"{series}-{YEAR}-{count:06}"


def next_numbers(device: Device) -> tuple[str, str]:
    with device.store.reading() as snapshot:
        return (
            next_bill_number(snapshot, day(2), InvoiceRow),
            next_bill_number(snapshot, day(2), CreditNoteRow),
        )


@pytest.fixture
def plant() -> Plant:
    """Two devices know the same drafts."""
    plant = Plant()
    office, _ = plant.device(), plant.device()
    whole = (CHEESE_LINE, TRANSPORT_LINE)
    office.does(A_DAIRY, a_draft("F1"), issued("F1", number="F-1"), a_draft("F2"))
    office.does(a_credit("A1", "F1", *whole))
    plant.settle()
    return plant


def test_a_number_whose_paper_the_log_refused_is_not_given_again(plant: Plant) -> None:
    """Both issue the same draft apart, each under the next number of its own series."""
    office, phone = plant.devices
    office.does(issued("F2", number="X-1"), credit_issued("A1", number="X-1"))
    bill, note = phone.does(
        issued("F2", number=number("FAC", 1)), credit_issued("A1", number=number("AV", 1))
    )
    office.push()
    phone.push()
    plant.settle()
    assert [verdict_of(plant, each)[0] for each in (bill, note)] == [Verdict.REJECTED] * 2
    for device in (office, phone):
        assert next_numbers(device) == (number("FAC", 2), number("AV", 2))


def test_nor_once_somebody_has_given_it_up(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(issued("F2", number="X-1"))
    (bill,) = phone.does(issued("F2", number=number("FAC", 1)))
    office.push()
    phone.push()
    plant.settle()
    office.does(ResolveItem(item_id=item_id_of(bill.id), way=Way.VOID, reason="?", on=day(2)))
    plant.settle()
    assert next_numbers(phone)[0] == number("FAC", 2)


def test_however_it_is_spelt_and_in_its_own_series_alone(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(issued("F2", number="X-1"))
    phone.does(evolve(issued("F2"), number=number("fac", 1)))
    office.push()
    phone.push()
    plant.settle()
    assert next_numbers(phone) == (number("FAC", 2), number("AV", 1))
