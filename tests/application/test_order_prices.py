"""The price that a line leaves out: looked up once, on the device, and stored with the command."""

import pytest
from attrs import evolve

from manchengo import Commit, OrderLine, codec
from manchengo.application.judge import judge
from manchengo.application.judgement import Accepted, Rejected
from manchengo.commands import ChangeProduct, Command, Sell
from manchengo.domain.commit import Verdict
from manchengo.domain.errors import CommandIdReused
from manchengo.domain.ids import CommitId
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.domain.sales_order import NoPrice
from manchengo.domain.unit_price import for_one
from manchengo.domain.values import Money
from manchengo.ports.rows import SalesOrderLineRow
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    PRICE,
    a_line,
    an_id,
    day,
    dinars,
    in_store,
    kg,
    ordered,
    sale_id,
    sold,
)
from tests.support.given import given
from tests.support.plant import Device, Plant

THIS = CommitId(an_id("this command"))
DEARER = ChangeProduct(product_id=CHEESE, price=dinars(1300))
AN_ORDER: Sell = evolve(sold("S1", kg(4)), lines=(OrderLine(CHEESE, kg(4)),))
STOCKED = (A_DAIRY, in_store("T1", kg(10)))
ORDERS: tuple[Command, ...] = (AN_ORDER, ordered("S1", OrderLine(CHEESE, kg(4))))


def priced_at(device: Device) -> list[int]:
    with device.store.reading() as snapshot:
        return [row.unit_price for row in snapshot.rows(SalesOrderLineRow, order_id=sale_id("S1"))]


@pytest.mark.parametrize("order", ORDERS)
def test_the_stored_command_says_the_price(order: Command) -> None:
    commit = given(STOCKED).dairy.execute(order)
    stored = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
    assert [line.unit_price for line in stored.lines] == [for_one(PRICE)]


@pytest.mark.parametrize("order", ORDERS)
def test_said_again_after_the_price_changed_it_has_the_same_answer(order: Command) -> None:
    dairy = given(STOCKED).dairy
    answer = dairy.execute(order, command_id=THIS)
    dairy.execute(DEARER)
    assert dairy.execute(order, command_id=THIS) == answer


@pytest.mark.parametrize(
    "other",
    [
        evolve(AN_ORDER, lines=(a_line(kg(4), at=dinars(1300)),)),
        evolve(AN_ORDER, lines=(OrderLine(CHEESE, kg(5)),)),
        evolve(AN_ORDER, lines=(OrderLine(CHEESE, kg(4)), a_line(kg(1), at=Money(0)))),
        evolve(AN_ORDER, lines=(*AN_ORDER.lines, *AN_ORDER.lines)),
        evolve(AN_ORDER, lines=()),
        ORDERS[1],
        DEARER,
    ],
)
def test_another_order_is_not_taken_for_the_first(other: Command) -> None:
    dairy = given(STOCKED).dairy
    dairy.execute(AN_ORDER, command_id=THIS)
    with pytest.raises(CommandIdReused):
        dairy.execute(other, command_id=THIS)


def test_an_order_under_an_id_of_something_else_is_refused() -> None:
    dairy = given(STOCKED).dairy
    dairy.execute(DEARER, command_id=THIS)
    with pytest.raises(CommandIdReused):
        dairy.execute(AN_ORDER, command_id=THIS)


def test_the_client_pays_what_the_device_said_though_the_price_changed() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(STOCKED)
    plant.settle()
    office.does(DEARER)
    office.push()
    phone.does(AN_ORDER)
    phone.pull()
    assert priced_at(phone) == [PRICE.centimes], "rebased on the dearer one"
    plant.settle()
    assert len(plant.digests()) == 1
    assert priced_at(office) == [PRICE.centimes]


def test_an_order_recorded_again_keeps_its_price() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(STOCKED)
    plant.settle()
    office.does(DEARER, sold("S2", kg(10)))
    office.push()
    (refused,) = phone.does(AN_ORDER)
    plant.settle()
    with phone.store.reading() as snapshot:
        entry = snapshot.entry(refused.id)
        assert entry is not None
        assert entry.verdict is Verdict.REJECTED
    office.does(in_store("T2", kg(10)))
    office.does(ResolveItem(item_id=item_id_of(refused.id), way=Way.RETRY, on=day(1), reason="x"))
    plant.settle()
    assert priced_at(phone) == [PRICE.centimes]


def test_a_judge_looks_up_no_price() -> None:
    """No program seals an order without one; what somebody forges is refused, not priced."""
    dairy = given(STOCKED).dairy
    commit = dairy.execute(AN_ORDER, command_id=THIS)
    forged = evolve(commit, command=codec.commands.encode(AN_ORDER))

    def verdict_on(one: Commit) -> object:
        with given(STOCKED).dairy.store.reading() as snapshot:
            return judge(snapshot, one)

    assert isinstance(verdict_on(commit), Accepted)
    judged = verdict_on(forged)
    assert isinstance(judged, Rejected)
    assert isinstance(judged.refusal, NoPrice)
