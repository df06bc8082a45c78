"""What left, was poured, printed or handed over is as it was recorded, or refused: never bent."""

from typing import Any, get_args

import attrs
import pytest
from attrs import evolve

from manchengo import Commit, Role, codec
from manchengo.application.facts import (
    CHOSEN,
    MOVES,
    NATURE,
    Facts,
    RecordedOtherwise,
    differing,
    is_fact,
)
from manchengo.application.judge import judge
from manchengo.application.judgement import Accepted, Judgement, Reallocated, Rejected
from manchengo.application.refusals import facts as carried
from manchengo.application.unit_of_work import decoded_event
from manchengo.commands import (
    ChangeClient,
    ChangeProduct,
    Command,
    DefineRecipe,
    DraftInvoice,
    IssueInvoice,
    ReceivePayment,
    SetDensity,
)
from manchengo.domain.billing import BillLine
from manchengo.domain.commit import Verdict
from manchengo.domain.delivery import DeliveryPrepared
from manchengo.domain.ids import InvoiceId, PaymentId, RecipeId
from manchengo.domain.lot.events import LotConsumed, LotDelivered, LotReserved
from manchengo.domain.payment import PaymentMode
from manchengo.domain.recipe import Ingredient
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.domain.sales_order import StockPick
from manchengo.domain.values import Density, Percent
from manchengo.events import Event, Fact
from manchengo.ports.rows import RecipeRow, ResolutionItemRow
from manchengo.ports.store import Store
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    PRICE,
    RENNET,
    SHOP,
    an_id,
    an_output,
    blocked,
    came_back,
    completed,
    counted,
    day,
    delivered,
    dinars,
    gone,
    handed_over,
    in_opening_stock,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    make_reopened,
    millilitres,
    planned,
    poured,
    prepared,
    recalled,
    received,
    sale_id,
    sent_back,
    sold,
    started,
    taken_back,
    unloaded,
    van_id,
    van_reopened,
    written_off,
)
from tests.support.given import Step, events_of, given, open_dairy, somebody
from tests.support.plant import Plant

PHONE = somebody(Role.ADMIN, device=2)
BILL = InvoiceId(an_id("FA-1"))
A_LINE = BillLine(
    designation="Tomme",
    quantity=kg(1),
    unit_price=PRICE,
    vat_rate=Percent(1_900),
    vat_rule="tva.normal@2017",
    product_id=CHEESE,
)
THE_MORNING = (
    A_DAIRY,
    SetDensity(product_id=MILK, density=Density(1_030), valid_from=day(-9)),
    received("L1", litres(300)),
    received("L2", litres(300), on=day(1)),
    received("R1", millilitres(900), of=RENNET),
    in_store("T1", kg(5)),
    in_store("T2", kg(5), on=day(1)),
    planned("O1", kg(8), on=day(2)),
    started("O1", on=day(2)),
    poured("O1", "L1", litres(10), on=day(2)),
    sold("S1", kg(3), on=day(2)),
    sold("S3", kg(2), on=day(2)),
    delivered("V3", order="S3", on=day(2)),
    prepared("V1", order="S1", on=day(2)),
    loaded("V1", "T1", kg(1), on=day(2)),
    sold("S4", kg(1), on=day(2)),
    sold("S7", kg(1), on=day(2)),
    delivered("V7", order="S7", on=day(2)),
    handed_over("V7", on=day(2)),
    made("O2", kg(1), on=day(2), outputs=(an_output("T5", kg(1)),)),
    DraftInvoice(invoice_id=BILL, client_id=SHOP, lines=(A_LINE,), on=day(2)),
)

FACTS: dict[str, Command] = {
    "received": received("L9", kg(103), on=day(2)),
    "there already": in_opening_stock("T0", kg(5), on=day(2), dated=day(-9)),
    "poured": poured("O1", "L1", kg(20), on=day(2)),
    "taken back": taken_back("O1", "L1", litres(4), on=day(2)),
    "completed": completed("O1", an_output("T9", kg(8)), on=day(2)),
    "made at once": made("O9", kg(4), on=day(2)),
    "loaded": loaded("V1", "T2", kg(1), on=day(2), reason="plus près"),
    "taken off the van": unloaded("V1", "T1", on=day(2)),
    "dispatched": gone("V1", on=day(2)),
    "delivered at once": delivered("V4", order="S4", on=day(2)),
    "handed over": handed_over("V3", on=day(2)),
    "not handed over": van_reopened("V7", on=day(2)),
    "not completed": make_reopened("O2", on=day(2)),
    "come back": came_back("V3", "T1", kg(1), on=day(2)),
    "written off": written_off("L1", kg(10), on=day(2)),
    "sent back": sent_back("L1", kg(10), on=day(2)),
    "counted": counted("L1", kg(50), on=day(2)),
    "billed": IssueInvoice(invoice_id=BILL, number="FA-1", on=day(2)),
    "paid": ReceivePayment(
        payment_id=PaymentId(an_id("P1")),
        client_id=SHOP,
        amount=dinars(100),
        mode=PaymentMode.CASH,
        on=day(2),
    ),
}
"""Whatever can happen on the floor of this morning, or be printed."""


def a_recipe(store: Store) -> Command:
    with store.reading() as snapshot:
        (row,) = (each for each in snapshot.rows(RecipeRow) if each.product_id == CHEESE)
    return DefineRecipe(
        recipe_id=RecipeId(row.id),
        product_id=CHEESE,
        batch=kg(1),
        ingredients=(
            Ingredient(product_id=MILK, quantity=litres(12)),
            Ingredient(product_id=RENNET, quantity=millilitres(5)),
        ),
        valid_from=day(1),
    )


MEANWHILE: dict[str, tuple[Step, ...]] = {
    "nothing": (),
    "another density": (SetDensity(product_id=MILK, density=Density(1_020), valid_from=day(-5)),),
    "another shelf life": (
        ChangeProduct(product_id=MILK, shelf_life_days=2),
        ChangeProduct(product_id=CHEESE, shelf_life_days=2),
    ),
    "a release required": (
        ChangeProduct(product_id=MILK, release_required=True),
        ChangeProduct(product_id=CHEESE, release_required=True),
    ),
    "an older lot": (received("L0", litres(500), on=day(-3)), in_store("T0", kg(9))),
    "promised to others": (sold("S8", kg(3), on=day(2)), planned("O8", kg(10), on=day(2))),
    "all milk promised": (planned("O8", kg(28), on=day(2)), started("O8", on=day(2))),
    "all cheese promised": (sold("S8", kg("3.9"), on=day(2)),),
    "less of it": (counted("L1", litres(40), on=day(2)), counted("T1", kg(2), on=day(2))),
    "next to nothing": (
        counted("L1", litres(1), on=day(2)),
        counted("T1", kg(1), on=day(2)),
        counted("T2", kg(0), on=day(2)),
    ),
    "blocked": tuple(blocked(lot, on=day(2)) for lot in ("L1", "T1", "T2")),
    "recalled": (recalled("L1", on=day(2)),),
    "loaded elsewhere": (loaded("V1", "T2", kg("0.5"), on=day(2), reason="vu"),),
    "loaded more": (loaded("V1", "T1", kg(1), on=day(2)),),
    "taken off already": (unloaded("V1", "T1", on=day(2)),),
    "gone already": (gone("V1", on=day(2)),),
    "poured elsewhere": (poured("O1", "L2", litres(30), on=day(2), reason="vu"),),
    "poured more": (poured("O1", "L1", litres(5), on=day(3)),),
    "taken back already": (taken_back("O1", "L1", on=day(2)),),
    "completed already": (completed("O1", an_output("T8", kg(7)), on=day(2)),),
    "reopened already": (van_reopened("V7", on=day(2)), make_reopened("O2", on=day(2))),
    "ended once more": (
        van_reopened("V7", on=day(2)),
        handed_over("V7", on=day(2), by="Karim"),
        make_reopened("O2", on=day(2)),
        completed("O2", an_output("T6", kg(1)), on=day(2)),
    ),
    "used": (counted("T5", kg(1), on=day(2)), came_back("V7", "T2", kg(1), on=day(2))),
    "another name": (ChangeClient(client_id=SHOP, name="Autre nom"),),
}


def head(*since: Step) -> Store:
    return given(THE_MORNING, since).dairy.store


def offline(command: Command, *before: Step) -> Commit:
    """What the phone recorded by itself, knowing only of the morning."""
    return open_dairy(given(THE_MORNING, before).dairy.store, actor=PHONE).execute(command)


def verdict(store: Store, commit: Commit) -> Judgement:
    with store.reading() as snapshot:
        return judge(snapshot, commit)


def facts_told(answer: Accepted | Reallocated) -> list[tuple[Any, Any]]:
    return [(each.aggregate_id, each.event) for each in answer.new_events if is_fact(each.event)]


def facts_of(commit: Commit) -> list[tuple[Any, Any]]:
    pairs = zip(commit.events, events_of(commit), strict=True)
    return [(recorded.aggregate_id, event) for recorded, event in pairs if is_fact(event)]


# --------------------------------------------------------------------------------------- the table


def test_every_event_has_its_nature() -> None:
    assert set(NATURE) == set(get_args(Event))


def test_what_is_derived_in_a_fact_are_fields_of_it() -> None:
    for kind, nature in NATURE.items():
        if isinstance(nature, Fact):
            assert set(nature.derived) <= {each.name for each in attrs.fields(kind)}, kind


def test_every_intent_says_which_lots_were_chosen() -> None:
    assert CHOSEN
    for kind, chosen in CHOSEN.items():
        assert chosen in {each.name for each in attrs.fields(kind)}, kind


def test_whatever_moves_a_lot_is_a_fact() -> None:
    assert all(isinstance(NATURE[kind], Fact) for kind in MOVES.values())


def test_every_kind_of_fact_is_tried_below() -> None:
    """All but credit notes, which derive nothing from the head."""
    tried = {type(event) for command in FACTS.values() for _, event in facts_of(offline(command))}
    facts = {kind for kind, nature in NATURE.items() if isinstance(nature, Fact)}
    assert {kind.__name__ for kind in facts - tried} == {"CreditNoteIssued"}


# ------------------------------------------------------------------------------ at any other head


@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("what", FACTS)
def test_a_fact_is_as_recorded_or_refused(what: str, meanwhile: str) -> None:
    commit = offline(FACTS[what])
    answer = verdict(head(*MEANWHILE[meanwhile]), commit)
    assert not isinstance(answer, Reallocated)
    if isinstance(answer, Accepted) and answer.new_events:
        assert sorted(map(str, facts_told(answer))) == sorted(map(str, facts_of(commit)))
    elif isinstance(answer, Accepted):
        assert (what, meanwhile) in {
            ("dispatched", "gone already"),
            ("not handed over", "reopened already"),
            ("not completed", "reopened already"),
        }


@pytest.mark.parametrize("what", FACTS)
def test_a_recipe_changed_meanwhile_pours_nothing_else(what: str) -> None:
    commit, store = offline(FACTS[what]), head()
    open_dairy(store).execute(a_recipe(store))
    answer = verdict(store, commit)
    assert isinstance(answer, Accepted)
    assert sorted(map(str, facts_told(answer))) == sorted(map(str, facts_of(commit)))


ACCEPTED_ALL_THE_SAME = [
    ("received", "another density"),
    ("received", "another shelf life"),
    ("received", "a release required"),
    ("poured", "another density"),
    ("poured", "all milk promised"),
    ("made at once", "an older lot"),
    ("made at once", "all milk promised"),
    ("made at once", "another shelf life"),
    ("completed", "a release required"),
    ("completed", "recalled"),
    ("delivered at once", "an older lot"),
    ("delivered at once", "all cheese promised"),
    ("taken off the van", "loaded more"),
    ("taken back", "poured more"),
    ("taken back", "another density"),
    ("taken back", "blocked"),
    ("taken back", "next to nothing"),
    ("counted", "another density"),
    ("billed", "another name"),
]


@pytest.mark.parametrize(("what", "meanwhile"), ACCEPTED_ALL_THE_SAME)
def test_while_stock_lasts_a_fact_is_accepted(what: str, meanwhile: str) -> None:
    answer = verdict(head(*MEANWHILE[meanwhile]), offline(FACTS[what]))
    assert isinstance(answer, Accepted), answer


@pytest.mark.parametrize(
    ("what", "meanwhile", "why"),
    [
        ("made at once", "next to nothing", "NotEnoughInLot"),
        ("made at once", "blocked", "LotUnfit"),
        ("delivered at once", "next to nothing", "NotEnoughInLot"),
        ("delivered at once", "blocked", "LotUnfit"),
        ("dispatched", "loaded elsewhere", "RecordedOtherwise"),
        ("dispatched", "loaded more", "RecordedOtherwise"),
        ("poured", "completed already", "WrongState"),
        ("taken off the van", "gone already", "WrongState"),
        ("taken back", "completed already", "WrongState"),
        ("taken back", "taken back already", "NotPouredThatMuch"),
        ("taken off the van", "taken off already", "NotLoadedThatMuch"),
        ("not handed over", "ended once more", "RecordedOtherwise"),
        ("not handed over", "used", "CameBackSince"),
        ("not completed", "ended once more", "RecordedOtherwise"),
        ("not completed", "used", "LotWasUsed"),
    ],
)
def test_where_it_cannot_be_a_fact_is_refused(what: str, meanwhile: str, why: str) -> None:
    answer = verdict(head(*MEANWHILE[meanwhile]), offline(FACTS[what]))
    assert isinstance(answer, Rejected), answer
    assert type(answer.refusal).__name__ == why


# ------------------------------------------------------------------------------------- the van


SOLD_AND_GONE = (sold("S5", kg(3), on=day(2)), delivered("V5", order="S5", on=day(2)))


def both_sell_the_same_cheese() -> Plant:
    """The office sells first; a newer lot came out that the phone has not heard of."""
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, in_store("T1", kg(5)))
    plant.settle()
    office.does(sold("S2", kg(4), on=day(2)), in_store("T2", kg(5), on=day(1)))
    office.push()
    phone.does(*SOLD_AND_GONE)
    plant.settle()
    return plant


def verdicts(plant: Plant) -> list[Verdict]:
    with plant.store.reading() as log:
        return [entry.verdict for entry in log.entries()]


def test_a_van_that_left_keeps_the_lot_it_left_with() -> None:
    plant = both_sell_the_same_cheese()
    assert verdicts(plant)[-2:] == [Verdict.REALLOCATED, Verdict.ACCEPTED]
    with plant.store.reading() as log:
        *_, last = log.entries()
    (left,) = [event for event in last.effects if event.event_type == "lot.delivered"]
    assert left.aggregate_id == lot_id("T1")
    assert decoded_event(left).quantity == kg(3)
    assert len(plant.digests()) == 1


def test_what_was_kept_for_its_order_elsewhere_is_free_again() -> None:
    plant = both_sell_the_same_cheese()
    with plant.store.reading() as log:
        (line,) = [each for each in log.stock(on=day(2)) if each.product_id == CHEESE]
    assert (line.on_hand, line.reserved) == (7_000, 4_000)


def test_a_refused_departure_done_again_leaves_with_the_same_lot() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, in_store("T1", kg(5)))
    plant.settle()
    office.does(in_store("T2", kg(5), on=day(1)), counted("T1", kg(0), on=day(2)))
    office.push()
    *_, departure = phone.does(*SOLD_AND_GONE)
    plant.settle()
    assert verdicts(plant)[-2:] == [Verdict.REALLOCATED, Verdict.REJECTED]
    office.does(counted("T1", kg(3), on=day(2)))
    (again,) = office.does(
        ResolveItem(item_id=item_id_of(departure.id), way=Way.RETRY, reason="recompté", on=day(2))
    )
    (left,) = [event for event in again.events if event.event_type == "lot.delivered"]
    assert left.aggregate_id == lot_id("T1")
    plant.settle()
    assert len(plant.digests()) == 1


def test_a_departure_under_a_taken_code_leaves_with_the_same_lot_under_another() -> None:
    plant = both_sell_the_same_cheese()
    office, phone = plant.devices
    office.does(sold("S6", kg(1), on=day(2)), delivered("V6", order="S6", on=day(2)))
    phone.does(sold("S7", kg(1), on=day(2)))
    (departure,) = phone.does(evolve(delivered("V7", order="S7", on=day(2)), code="V6"))
    was = facts_of(departure)
    plant.settle()
    (again,) = phone.does(
        ResolveItem(
            item_id=item_id_of(departure.id),
            way=Way.OTHER_CODE,
            code="V7",
            reason="le code était pris",
            on=day(2),
        )
    )
    assert facts_of(again) == was
    plant.settle()
    assert len(plant.digests()) == 1


def test_a_van_whose_load_was_refused_waits_for_a_person() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, in_store("T1", kg(5)), in_store("T2", kg(5), on=day(1)))
    office.does(sold("S1", kg(3)), prepared("V1", order="S1"), loaded("V1", "T1", kg(1)))
    plant.settle()
    office.does(counted("T2", kg(0), on=day(1)))
    office.push()
    load, departure = phone.does(
        loaded("V1", "T2", kg(2), on=day(1), reason="plus près"), gone("V1", on=day(1))
    )
    plant.settle()
    with office.store.reading() as snapshot:
        refusals = {item.commit_id: item.refusal for item in snapshot.rows(ResolutionItemRow)}
    assert refusals == {load.id: "NotEnoughInLot", departure.id: "RecordedOtherwise"}
    office.does(counted("T2", kg(5), on=day(1)))
    for refused in (load, departure):
        office.does(
            ResolveItem(item_id=item_id_of(refused.id), way=Way.RETRY, reason="recompté", on=day(1))
        )
    plant.settle()
    assert len(plant.digests()) == 1


def test_what_was_poured_stays_though_its_order_was_given_another_lot() -> None:
    start = started("O5", on=day(2))
    before = (planned("O5", kg(4), on=day(2)),)
    commits = offline_all((*before, start), poured("O5", "L1", litres(40), on=day(2)))
    store = head(*before, counted("L1", litres(130), on=day(2)), planned("O8", kg(6), on=day(2)))
    dairy = open_dairy(store)
    dairy.execute(started("O8", on=day(2)))
    dairy.execute(start)
    answer = verdict(store, commits[-1])
    assert isinstance(answer, Accepted), answer
    assert facts_told(answer) == facts_of(commits[-1])


def offline_all(before: tuple[Step, ...], *commands: Command) -> list[Commit]:
    dairy = open_dairy(given(THE_MORNING, before).dairy.store, actor=PHONE)
    return [dairy.execute(command) for command in commands]


def test_two_who_say_that_the_same_van_left_agree() -> None:
    commit = offline(gone("V1", on=day(2)))
    assert verdict(head(gone("V1", on=day(3))), commit) == Accepted(())


def test_two_who_say_that_it_left_with_other_lots_do_not_agree() -> None:
    commit = offline(gone("V1", on=day(2)))
    others = (*MEANWHILE["loaded more"], gone("V1", on=day(3)))
    answer = verdict(head(*others), commit)
    assert isinstance(answer, Rejected)
    assert carried(answer.refusal)["state"] == "dispatched"


def test_a_proposal_that_changed_is_an_intent_that_was_chosen_again() -> None:
    commit = offline(prepared("V5", order="S4", on=day(2)))
    store = head(in_store("T9", kg(2), on=day(2)), prepared("V9", order="S4", on=day(2)))
    open_dairy(store).execute(loaded("V9", "T9", kg(1), on=day(2), reason="vu"))
    answer = verdict(store, commit)
    assert isinstance(answer, Reallocated)
    (event,) = answer.events
    assert isinstance(event, DeliveryPrepared)
    assert event.proposed == (StockPick(lot_id=lot_id("T9"), product_id=CHEESE, quantity=kg(1)),)


# ------------------------------------------------------------------------ the smallest of it


def test_facts_that_differ_from_the_recorded_are_recognised() -> None:
    lot, other = lot_id("T1"), lot_id("T2")
    left = LotDelivered(delivery_id=van_id("V1"), order_id=sale_id("S1"), quantity=kg(1), on=day(0))
    more = evolve(left, quantity=kg(2))
    assert differing([(lot, left)], [(lot, left)]) == []
    assert differing([(lot, left)], [(lot, more)]) == [lot]
    assert differing([(lot, left)], [(other, left)]) == [lot, other]
    assert differing([(lot, left), (lot, left)], [(lot, left)]) == [lot]


def test_a_commit_of_intents_holds_no_fact() -> None:
    assert Facts.of([]) is None
    kept = LotReserved(owner=sale_id("S1"), quantity=kg(1), on=day(0))
    assert Facts.of([(lot_id("T1"), kept)]) is None


def test_derived_facts_stay_as_recorded_and_the_rest_as_decided() -> None:
    recorded = LotConsumed(order_id=sale_id("S1"), quantity=kg(1), on=day(0))  # type: ignore[arg-type]
    facts = Facts.of([(lot_id("T1"), recorded)])
    assert facts is not None
    decided = evolve(recorded, quantity=kg(2), on=day(1))
    assert facts.as_recorded(lot_id("T1"), decided) == evolve(recorded, on=day(1))
    assert facts.as_recorded(lot_id("T1"), decided) == decided


def test_who_says_other_facts_than_its_events_is_refused() -> None:
    commit = offline(FACTS["written off"])
    (event,) = commit.events
    more = codec.events.encode(evolve(decoded_event(event), reason="autre"))
    forged = evolve(commit, events=(evolve(event, payload=more),))
    answer = verdict(head(), forged)
    assert isinstance(answer, Rejected)
    with pytest.raises(RecordedOtherwise) as caught:
        raise answer.refusal
    assert caught.value.subjects == ("L1",)
