"""What the simulation found and a few lines can say; longer stories are told in ``scenarios``."""

from contextlib import suppress
from datetime import date
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Manchengo, codec
from manchengo.application import integrity
from manchengo.application.hlc import is_ahead, tick
from manchengo.application.replication.predictions import rewind
from manchengo.application.replication.server_log import Offered, enter, judge_parked_again
from manchengo.application.unit_of_work import StateCache
from manchengo.application.ways_out import ways_out
from manchengo.commands import FinishImport, StartImport, UndoImport
from manchengo.domain.commit import Verdict
from manchengo.domain.ids import CommitId, DeviceId, ImportId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.resolution import Way
from manchengo.memory import START_OF_MEMORY, CountingIds
from manchengo.ports.rows import RawLotRow, ResolutionItemRow
from manchengo.ports.store import Store, Transaction
from tests.simulation.poisons import POISONS
from tests.support.dairy import A_DAIRY, MONDAY, RENNET, day, litres, millilitres, received
from tests.support.given import BOSS, one_by_one, open_dairy
from tests.support.stores import STORES, OpenStore

FIRST_FILE, SECOND_FILE = ImportId(UUID(int=1)), ImportId(UUID(int=2))


@pytest.mark.parametrize("open_store", STORES.values(), ids=STORES)
def test_what_waits_keeps_its_order_when_a_transaction_fails(open_store: OpenStore) -> None:
    with open_store() as store:
        dairy = open_dairy(store)
        for command in one_by_one((A_DAIRY, received("L1", litres(1)))):
            dairy.execute(command)
        with store.reading() as snapshot:
            before = [each.commit.id for each in snapshot.pending()]
        with suppress(ZeroDivisionError), store.writing() as transaction:
            rewind(transaction, StateCache())
            first = next(transaction.pending())
            theirs = codec.sealed(evolve(first.commit, device_id=DeviceId(first.commit.id)))
            enter(
                transaction,
                Offered(commit=theirs, signature=b""),
                received_at=START_OF_MEMORY,
                state_cache=StateCache(),
            )
            raise ZeroDivisionError
        with store.reading() as snapshot:
            assert [each.commit.id for each in snapshot.pending()] == before


@pytest.mark.parametrize("open_store", STORES.values(), ids=STORES)
def test_a_lot_undone_and_received_on_another_day_is_taken_back_to_the_first(
    open_store: OpenStore,
) -> None:
    with open_store() as store:
        dairy = open_dairy(store)
        for command in one_by_one(A_DAIRY):
            dairy.execute(command)
        receive_by_file(dairy, FIRST_FILE, on=MONDAY)
        with store.writing() as transaction:
            place_all(transaction)
        dairy.execute(UndoImport(import_id=FIRST_FILE, reason="doublon"))
        receive_by_file(dairy, SECOND_FILE, on=day(1))
        assert came_on(store) == [day(1)]
        with store.writing() as transaction:
            rewind(transaction, StateCache())
        assert came_on(store) == [MONDAY]


def receive_by_file(dairy: Manchengo, import_id: ImportId, *, on: date) -> None:
    name = f"lots {import_id}"
    dairy.execute(
        StartImport(
            import_id=import_id, kind=ImportKind.LOTS, file_name=name, digest=name, on=MONDAY
        )
    )
    with dairy.batch(import_id=import_id) as batch:
        batch.execute(received("L1", litres(1), on=on), command_id=CommitId(import_id))
    dairy.execute(FinishImport(import_id=import_id, accepted=1, unchanged=0, refused=0))


def came_on(store: Store) -> list[date]:
    with store.reading() as snapshot:
        assert integrity.verify(snapshot).sound
        return [row.entered_on for row in snapshot.rows(RawLotRow)]


def place_all(transaction: Transaction) -> None:
    """As the server does with what a device offers; this store being both."""
    rewind(transaction, StateCache())
    for each in list(transaction.pending()):
        offered = Offered(commit=each.commit, signature=b"")
        enter(transaction, offered, received_at=START_OF_MEMORY, state_cache=StateCache())


def test_what_makes_the_judge_stumble_is_parked_and_stays_so_when_judged_again() -> None:
    dairy = open_dairy()
    rennet = received("R1", millilitres(400), of=RENNET)
    for command in one_by_one((A_DAIRY, received("L1", litres(100)), rennet)):
        dairy.execute(command)
    made = POISONS["a command nested without end"](CountingIds(9).new(), CountingIds(10**9))
    poison = codec.sealed(evolve(made, device_id=BOSS.device_id))
    with dairy.store.writing() as transaction:
        place_all(transaction)
        offered = Offered(commit=poison, signature=b"")
        entry = enter(transaction, offered, received_at=START_OF_MEMORY, state_cache=StateCache())
        assert entry.verdict is Verdict.PARKED
        (item,) = transaction.rows(ResolutionItemRow)
        assert item.command_type == poison.command_type
        assert ways_out(transaction, item) == (Way.VOID,)
        assert judge_parked_again(transaction, state_cache=StateCache()) == []


def test_a_stamp_that_is_none_is_believed_by_nobody() -> None:
    garbled = "001767600000000-zzzzzz-deadbeef"
    assert is_ahead(garbled, START_OF_MEMORY)
    first = tick("", START_OF_MEMORY, BOSS.device_id)
    assert tick(garbled, START_OF_MEMORY, BOSS.device_id) == first
