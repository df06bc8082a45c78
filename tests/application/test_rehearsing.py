"""What the rules would say of a command, before anybody gives it."""

from manchengo.application.rehearsing import refusal_of
from manchengo.domain.lot.decide import LotWasUsed
from tests.support.dairy import A_DAIRY, litres, received, voided, written_off
from tests.support.given import given


def test_what_would_be_refused_is_told_and_nothing_is_recorded() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100)), written_off("L1", litres(1))).dairy
    with dairy.reading() as snapshot:
        assert isinstance(refusal_of(snapshot, voided("L1")), LotWasUsed)
        assert refusal_of(snapshot, written_off("L1", litres(5))) is None
    with dairy.reading() as snapshot:
        assert refusal_of(snapshot, written_off("L1", litres(99))) is None, "nothing was written"
