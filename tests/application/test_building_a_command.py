"""A command built from what is stored is recorded in the transaction in which it was built."""

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from manchengo import Manchengo, Refused
from manchengo.commands import ReceiveLot
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import CommitId
from manchengo.ports.rows import RawLotRow
from manchengo.ports.store import Snapshot, Store
from tests.support.dairy import A_DAIRY, an_id, litres, received
from tests.support.given import one_by_one, open_dairy
from tests.support.stores import STORES


@pytest.fixture(params=list(STORES.values()), ids=list(STORES))
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with request.param() as opened:
        yield opened


@pytest.fixture
def dairy(store: Store) -> Manchengo:
    dairy = open_dairy(store)
    for command in one_by_one(A_DAIRY):
        dairy.execute(command)
    return dairy


def head(dairy: Manchengo) -> int:
    with dairy.store.reading() as snapshot:
        return snapshot.head()


def test_nobody_records_between_the_building_and_the_recording(dairy: Manchengo) -> None:
    finished = Event()

    def at_another_screen() -> None:
        dairy.execute(received("L2", litres(1)))
        finished.set()

    other = Thread(target=at_another_screen)

    def build(snapshot: Snapshot) -> ReceiveLot:
        other.start()
        assert not finished.wait(0.2), "the other waits for this transaction"
        assert not snapshot.has_code("L2", RawLotRow)
        return received("L1", litres(1))

    command, commit = dairy.build_and_execute(build)
    other.join(60)
    assert finished.is_set()
    assert command.code == "L1"
    assert commit.command_type == "lot.receive"


def test_what_is_refused_leaves_everything_as_it_was(dairy: Manchengo) -> None:
    before = head(dairy)
    with pytest.raises(Refused):
        dairy.build_and_execute(lambda _: received("L1", litres(0)))
    assert head(dairy) == before


def test_what_cannot_be_built_leaves_everything_as_it_was(dairy: Manchengo) -> None:
    before = head(dairy)

    def build(_: Snapshot) -> ReceiveLot:
        raise Unknown(kind="product", reference="LAIT-X")

    with pytest.raises(Unknown):
        dairy.build_and_execute(build)
    assert head(dairy) == before
    assert dairy.build_and_execute(lambda _: received("L1", litres(1)))[0].code == "L1"


def test_the_same_id_twice_has_one_effect(dairy: Manchengo) -> None:
    command_id = CommitId(an_id("a reception"))
    first = dairy.build_and_execute(lambda _: received("L1", litres(1)), command_id=command_id)
    before = head(dairy)
    again = dairy.build_and_execute(lambda _: received("L1", litres(1)), command_id=command_id)
    assert again == first
    assert head(dairy) == before
