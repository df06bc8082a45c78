"""What the simulation found and a few lines can say; longer stories are told in ``scenarios``."""

from contextlib import suppress

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.application.books import Memo
from manchengo.application.hlc import is_ahead, tick
from manchengo.application.replication.device import rewind
from manchengo.application.replication.plant import Offered, enter, judge_parked_again
from manchengo.domain.commit import Verdict
from manchengo.domain.ids import DeviceId
from manchengo.memory import START_OF_MEMORY, CountingIds
from tests.simulation.poisons import POISONS
from tests.support.dairy import A_DAIRY, RENNET, litres, millilitres, received
from tests.support.given import BOSS, one_by_one, open_dairy
from tests.support.stores import STORES, OpenStore


@pytest.mark.parametrize("open_store", STORES.values(), ids=STORES)
def test_what_waits_keeps_its_order_when_a_transaction_fails(open_store: OpenStore) -> None:
    with open_store() as store:
        dairy = open_dairy(store)
        for command in one_by_one((A_DAIRY, received("L1", litres(1)))):
            dairy.execute(command)
        with store.reading() as snapshot:
            before = [each.commit.id for each in snapshot.pending()]
        with suppress(ZeroDivisionError), store.writing() as transaction:
            rewind(transaction, Memo())
            first = next(transaction.pending())
            theirs = codec.sealed(evolve(first.commit, device_id=DeviceId(first.commit.id)))
            enter(
                transaction,
                Offered(commit=theirs, signature=b""),
                received_at=START_OF_MEMORY,
                memo=Memo(),
            )
            raise ZeroDivisionError
        with store.reading() as snapshot:
            assert [each.commit.id for each in snapshot.pending()] == before


def test_what_makes_the_judge_stumble_is_parked_and_stays_so_when_judged_again() -> None:
    dairy = open_dairy()
    rennet = received("R1", millilitres(400), of=RENNET)
    for command in one_by_one((A_DAIRY, received("L1", litres(100)), rennet)):
        dairy.execute(command)
    made = POISONS["a sum beyond the end of time"](CountingIds(9).new(), CountingIds(10**9))
    poison = codec.sealed(evolve(made, device_id=BOSS.device_id))
    with dairy.store.writing() as transaction:
        rewind(transaction, Memo())
        for each in list(transaction.pending()):
            offered = Offered(commit=each.commit, signature=b"")
            enter(transaction, offered, received_at=START_OF_MEMORY, memo=Memo())
        offered = Offered(commit=poison, signature=b"")
        entry = enter(transaction, offered, received_at=START_OF_MEMORY, memo=Memo())
        assert entry.verdict is Verdict.PARKED
        assert judge_parked_again(transaction, memo=Memo()) == []


def test_a_stamp_that_is_none_is_believed_by_nobody() -> None:
    garbled = "001767600000000-zzzzzz-deadbeef"
    assert is_ahead(garbled, START_OF_MEMORY)
    first = tick("", START_OF_MEMORY, BOSS.device_id)
    assert tick(garbled, START_OF_MEMORY, BOSS.device_id) == first
