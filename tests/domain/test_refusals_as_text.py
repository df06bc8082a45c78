"""In a log or a traceback a refusal reads as a sentence: its name, then its facts."""

from datetime import date

import pytest

from manchengo import Refused, Role
from manchengo.domain.access import NotPermitted, Permission
from manchengo.domain.allocation import Skipped
from manchengo.domain.errors import ReasonMissing, Unknown
from manchengo.domain.lot.rules import LotUnfit, NotEnoughInLot
from manchengo.domain.payment import ChequeDetailsMissing
from manchengo.domain.sales_order import MissingStock, NotEnoughStock
from tests.domain.test_every_refusal import refusals
from tests.support.dairy import kg, lot_id

MARCH = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (
            NotEnoughInLot(lot_id=lot_id("L1"), lot="L1", wanted=kg(600), free=kg(500), on=MARCH),
            f"Not enough in lot: lot id {lot_id('L1')}, lot L1, wanted 600 kg, free 500 kg, "
            "on 2026-03-03.",
        ),
        (
            LotUnfit(lot_id=lot_id("L1"), lot="L1", why=Skipped.EXPIRED, on=MARCH, expires_on=None),
            f"Lot unfit: lot id {lot_id('L1')}, lot L1, why expired, on 2026-03-03, "
            "expires on none.",
        ),
        (
            NotEnoughStock(
                order="C1",
                on=MARCH,
                missing=(
                    MissingStock(product="TOMME", wanted=kg(5), available=kg(1)),
                    MissingStock(product="GRUYERE", wanted=kg(2), available=kg(0)),
                ),
            ),
            "Not enough stock: order C1, on 2026-03-03, missing (product TOMME, wanted 5 kg, "
            "available 1 kg; product GRUYERE, wanted 2 kg, available 0 kg).",
        ),
        (Unknown(kind="lot", reference=""), "Unknown: kind lot, reference ''."),
        (Unknown(kind="lot", reference="A\x1b[2J"), r"Unknown: kind lot, reference 'A\x1b[2J'."),
        (ReasonMissing(step="count"), "Reason missing: step count."),
        (ChequeDetailsMissing(), "Cheque details missing."),
        (
            NotPermitted(permission=Permission.SELL, roles=frozenset({Role.SUPPLY, Role.DRIVER})),
            "Not permitted: permission sell, roles (appro; livreur).",
        ),
    ],
)
def test_a_refusal_reads_as_its_name_and_facts(refusal: Refused, text: str) -> None:
    assert str(refusal) == text


def test_no_refusal_has_a_text_of_its_own() -> None:
    assert {kind for kind in refusals() if kind.__str__ is not Refused.__str__} == set()
