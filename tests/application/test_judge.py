"""A commit made elsewhere, judged at the head of the log: the same answer on every device."""

from typing import Any

import pytest
from attrs import evolve

from manchengo import Commit, MemoryStore, Quantity, Role, codec
from manchengo.application.judge import judge
from manchengo.application.judgement import Accepted, Parked, Reallocated, Rejected
from manchengo.application.refusals import facts
from manchengo.commands import ArchiveSupplier, Command
from manchengo.domain.errors import AlreadyExists, Archived, Unknown
from manchengo.domain.ids import SupplierId
from manchengo.domain.lot.commands import Role as Came
from manchengo.domain.lot.events import LotReserved
from manchengo.domain.lot.rules import LotUnfit, NotEnoughInLot
from manchengo.domain.production_order import (
    MaterialPick,
    MissingMaterial,
    NotAnIngredient,
    NotEnoughMaterials,
    ProductionStarted,
)
from manchengo.domain.sales_order import NotEnoughStock, SalesOrderConfirmed, StockPick
from manchengo.ports.store import Store
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    FARM,
    MILK,
    RENNET,
    SHOP,
    WHEY,
    abandoned,
    an_output,
    blocked,
    called_off,
    completed,
    counted,
    day,
    delivered,
    in_store,
    kg,
    litres,
    lot_id,
    made,
    make_id,
    millilitres,
    planned,
    poured,
    received,
    sold,
    started,
    written_off,
)
from tests.support.given import Step, events_of, everything, given, one_by_one, open_dairy, somebody

WORKSHOP = somebody(Role.ADMIN, device=2)
THE_MORNING = (
    A_DAIRY,
    received("L1", litres(100)),
    received("L2", litres(100), on=day(1)),
    received("R1", millilitres(60), of=RENNET),
    planned("O1", kg(10), on=day(1)),
)
STARTED = started("O1", on=day(1))
MADE = made("O2", kg(10), on=day(1))


def offline(command: Command, *before: Step) -> Commit:
    """What the workshop's phone recorded by itself, knowing only of the morning."""
    phone = open_dairy(given(THE_MORNING, before).dairy.store, actor=WORKSHOP)
    return phone.execute(command)


def head(*since: Step) -> Store:
    """Where the server's log stands: the morning, and what others did since."""
    return given(THE_MORNING, since).dairy.store


def verdict(store: Store, commit: Commit) -> Accepted | Reallocated | Rejected | Parked:
    with store.reading() as snapshot:
        return judge(snapshot, commit)


def milk(lot: str) -> MaterialPick:
    return MaterialPick(lot_id=lot_id(lot), product_id=MILK, quantity=litres(100))


RENNET_PICK = MaterialPick(lot_id=lot_id("R1"), product_id=RENNET, quantity=millilitres(30))


def reserved(quantity: Quantity) -> LotReserved:
    return LotReserved(owner=make_id("O1"), quantity=quantity, on=day(1))


# --------------------------------------------------------------------------------------- accepted


@pytest.mark.parametrize(
    "command",
    [
        STARTED,
        poured("O1", "L1", litres(1), on=day(1)),
        written_off("L1", litres(3)),
        counted("L1", litres(99)),
        blocked("L2", on=day(1)),
        abandoned("O1", on=day(1)),
        made("O2", kg(2), on=day(1)),
        received("L9", litres(1)),
        sold("S1", kg(1), on=day(1)),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_nobody_contradicts_holds_as_recorded(command: Command) -> None:
    before = (STARTED, *in_store("T1", kg(1))) if command is not STARTED else ()
    commit = offline(command, before)
    assert verdict(head(before), commit) == Accepted(tuple(events_of(commit)))


def test_a_choice_still_possible_stands_even_where_an_older_lot_came_to_light() -> None:
    commit = offline(STARTED)
    older = received("L0", litres(500), on=day(-1))
    assert verdict(head(older), commit) == Accepted(tuple(events_of(commit)))


def test_lots_taken_at_once_are_kept_even_where_an_older_lot_came_to_light() -> None:
    commit = offline(MADE)
    older = received("L0", litres(500), on=day(-1))
    assert verdict(head(older), commit) == Accepted(tuple(events_of(commit)))


def test_a_production_recorded_step_by_step_keeps_its_lots() -> None:
    """Past programs wrote a whole make as the events of its steps."""
    today = offline(MADE)
    steps: tuple[Command, ...] = (
        planned("O2", kg(10), on=day(1)),
        started("O2", on=day(1)),
        poured("O2", "L1", litres(100), on=day(1)),
        poured("O2", "R1", millilitres(30), on=day(1)),
        completed("O2", an_output("O2", kg(10)), on=day(1)),
    )
    told_by_steps = [offline(step, steps[:done]) for done, step in enumerate(steps)]
    of_the_past = evolve(
        today, events=tuple(event for step in told_by_steps for event in step.events)
    )
    older = received("L0", litres(500), on=day(-1))
    assert verdict(head(older), of_the_past) == Accepted(tuple(events_of(today)))


def test_a_fact_stands_on_whatever_is_left_for_it() -> None:
    commit = offline(written_off("L1", litres(40)))
    assert isinstance(verdict(head(written_off("L1", litres(60))), commit), Accepted)


# ------------------------------------------------------------------------------------ reallocated


def test_a_choice_that_somebody_else_was_faster_with_is_made_again() -> None:
    commit = offline(STARTED)
    faster = (received("L3", litres(100), on=day(1)), written_off("L1", litres(1)))
    second = min(["L2", "L3"], key=lot_id)
    assert verdict(head(faster), commit) == Reallocated(
        (
            ProductionStarted(
                picks=(
                    evolve(milk("L1"), quantity=litres(99)),
                    evolve(milk(second), quantity=litres(1)),
                    RENNET_PICK,
                ),
                on=day(1),
            ),
            reserved(litres(99)),
            reserved(litres(1)),
            reserved(millilitres(30)),
        )
    )


def test_a_lot_blocked_meanwhile_gives_way_to_the_next() -> None:
    commit = offline(STARTED)
    assert verdict(head(blocked("L1", on=day(1))), commit) == Reallocated(
        (
            ProductionStarted(picks=(milk("L2"), RENNET_PICK), on=day(1)),
            reserved(litres(100)),
            reserved(millilitres(30)),
        )
    )


@pytest.mark.parametrize("command", [STARTED, MADE])
def test_a_lot_of_another_product_is_no_choice_whoever_recorded_it(command: Command) -> None:
    """What was only kept is chosen again; what is said to be poured is refused."""
    whey = MaterialPick(lot_id=lot_id("W1"), product_id=MILK, quantity=litres(100))
    outputs = (an_output("T1", kg(1)), an_output("W1", litres(100), of=WHEY, role=Came.BY_PRODUCT))
    there = (
        received("L9", litres(10), on=day(-1)),
        received("R9", millilitres(3), of=RENNET, on=day(-1)),
        made("O9", kg(1), outputs=outputs),
    )
    commit = offline(command, there)
    (choice, *_) = events_of(commit)
    forged = evolve(
        commit.events[0], payload=codec.events.encode(evolve(choice, picks=(whey, RENNET_PICK)))
    )
    answer = verdict(head(there), evolve(commit, events=(forged, *commit.events[1:])))
    if command is STARTED:
        assert answer == Reallocated(tuple(events_of(commit)))
    else:
        assert isinstance(answer, Rejected)
        assert isinstance(answer.refusal, NotAnIngredient)


def test_a_promise_to_a_client_is_made_again_too() -> None:
    first, second = sorted(["T1", "T2"], key=lot_id)
    stock = (*in_store("T1", kg(5)), *in_store("T2", kg(5)))
    commit = offline(sold("S1", kg(5)), stock)
    answer = verdict(head(stock, sold("S2", kg(5))), commit)
    assert isinstance(answer, Reallocated)
    assert answer.events[1] == SalesOrderConfirmed(
        picks=(StockPick(lot_id=lot_id(second), product_id=CHEESE, quantity=kg(5)),), on=day(0)
    )
    assert first != second


# --------------------------------------------------------------------------------------- rejected


def refusal(store: Store, commit: Commit) -> tuple[str, dict[str, object]]:
    answer = verdict(store, commit)
    assert isinstance(answer, Rejected), answer
    return type(answer.refusal).__name__, facts(answer.refusal)


def test_where_nothing_is_left_to_choose_the_choice_is_rejected_with_what_is_missing() -> None:
    commit = offline(STARTED)
    name, why = refusal(
        head(counted("L1", litres(50)), counted("L2", litres(0), on=day(1))), commit
    )
    assert name == NotEnoughMaterials.__name__
    assert why["missing"] == (
        MissingMaterial(product="LAIT", wanted=litres(100), available=litres(0)),
    )


@pytest.mark.parametrize(
    ("command", "since", "why"),
    [
        (written_off("L1", litres(60)), written_off("L1", litres(60)), NotEnoughInLot),
        (poured("O1", "L1", litres(99), on=day(1)), counted("L1", litres(1)), NotEnoughInLot),
        (poured("O1", "L1", litres(9), on=day(1)), blocked("L1"), LotUnfit),
        (received("L9", litres(1)), received("L9", litres(2)), AlreadyExists),
        (received("L9", litres(1)), ArchiveSupplier(supplier_id=FARM), Archived),
    ],
)
def test_a_fact_that_contradicts_what_came_first_is_rejected_and_never_bent(
    command: Command, since: Command, why: type[Exception]
) -> None:
    assert refusal(head(STARTED, since), offline(command, STARTED))[0] == why.__name__


def test_a_production_in_one_command_is_never_given_other_lots() -> None:
    assert refusal(head(blocked("L1")), offline(MADE))[0] == LotUnfit.__name__


def test_a_scanned_lot_is_not_replaced_by_another() -> None:
    commit = offline(poured("O1", "L1", litres(100), on=day(1)), STARTED)
    name, why = refusal(head(STARTED, counted("L1", litres(30))), commit)
    assert (name, why["lot"], why["free"]) == ("NotEnoughInLot", "L1", litres(30))


def test_a_promise_called_off_meanwhile_is_not_delivered() -> None:
    stock = (*in_store("T1", kg(5)), sold("S1", kg(5)))
    commit = offline(delivered("V1", order="S1"), stock)
    name, why = refusal(head(stock, called_off("S1")), commit)
    assert (name, why["state"]) == ("WrongState", "cancelled")


def test_a_second_promise_of_the_same_order_is_called_what_it_is() -> None:
    stock = in_store("T1", kg(5))
    order = sold("S1", kg(5))
    commit = offline(order, stock)
    assert refusal(head(stock, order), commit)[0] == "AlreadyExists"


def test_a_commit_about_the_wrong_kind_of_thing_is_rejected_and_stops_nobody() -> None:
    mixed_up = evolve(received("L9", litres(1)), supplier_id=SupplierId(SHOP))
    commit = evolve(offline(received("L9", litres(1))), command=codec.commands.encode(mixed_up))
    assert refusal(head(), commit)[0] == Unknown.__name__


# ----------------------------------------------------------------------------------------- parked


@pytest.mark.parametrize(
    "change",
    [
        {"command_type": "cheese.smoke"},
        {"command_version": 99},
        {"command": b"{}"},
        {"command": b"\xff"},
    ],
)
def test_a_command_this_program_cannot_read_is_kept_for_one_that_can(
    change: dict[str, Any],
) -> None:
    commit = evolve(offline(STARTED), **change)
    assert isinstance(verdict(head(), commit), Parked)


@pytest.mark.parametrize(
    "change",
    [{"event_type": "lot.smoked"}, {"schema_version": 99}, {"payload": b"[]"}],
)
def test_an_event_this_program_cannot_read_parks_its_commit(change: dict[str, Any]) -> None:
    commit = offline(STARTED)
    strange = evolve(commit.events[-1], **change)
    answer = verdict(head(), evolve(commit, events=(*commit.events[:-1], strange)))
    assert isinstance(answer, Parked)
    assert isinstance(answer.why, codec.Unreadable)


# -------------------------------------------------------------------- the same answer, everywhere


CONTESTED = (
    (STARTED, ()),
    (STARTED, (blocked("L1", on=day(1)),)),
    (STARTED, (counted("L1", litres(1)), counted("L2", litres(1), on=day(1)))),
    (sold("S1", kg(1)), ()),
)


def offline_or_made_up(command: Command) -> Commit:
    stock = in_store("T1", kg(1)) if command is not STARTED else ()
    return offline(command, stock)


@pytest.mark.parametrize(("command", "since"), CONTESTED)
def test_judging_changes_nothing_and_answers_the_same_again(
    command: Command, since: tuple[Command, ...]
) -> None:
    store, commit = head(since), offline_or_made_up(command)
    before = everything(store)
    first, second = verdict(store, commit), verdict(store, commit)
    assert shown(first) == shown(second)
    assert everything(store) == before


@pytest.mark.parametrize(("command", "since"), CONTESTED)
def test_the_order_in_which_unrelated_things_were_stored_means_nothing(
    command: Command, since: tuple[Command, ...]
) -> None:
    commit = offline_or_made_up(command)
    morning = list(one_by_one(THE_MORNING))
    parties, lots, rest = morning[:7], morning[7:10], morning[10:]
    stores = [
        given(parties, lots, rest, since).dairy.store,
        given(parties, lots[::-1], rest, since).dairy.store,
    ]
    assert shown(verdict(stores[0], commit)) == shown(verdict(stores[1], commit))


def shown(answer: Accepted | Reallocated | Rejected | Parked) -> tuple[object, ...]:
    if isinstance(answer, Rejected):
        return type(answer.refusal), facts(answer.refusal)
    return type(answer), answer


def test_what_a_program_remembers_has_no_say_in_its_judgement() -> None:
    commit = offline(STARTED)
    store = head(blocked("L1", on=day(1)))
    fresh = MemoryStore()
    with store.reading() as snapshot, fresh.writing() as transaction:
        for one in snapshot.commits():
            transaction.append(one)
    open_dairy(fresh).rebuild()
    assert shown(verdict(fresh, commit)) == shown(verdict(store, commit))


def test_a_shortage_is_told_the_same_way_to_a_client() -> None:
    stock = in_store("T1", kg(5))
    commit = offline(sold("S1", kg(5)), stock)
    name, why = refusal(head(stock, sold("S2", kg(2))), commit)
    assert (name, why["order"]) == (NotEnoughStock.__name__, "S1")
