"""Whatever may have touched a lot is traced and recalled, marked, on every device."""

from typing import get_args

import pytest
from attrs import evolve

from manchengo.application.facts import MOVES
from manchengo.application.genealogy import Pouring, Reservation, lots_of_code
from manchengo.application.genealogy.balance import SIGNS, Figure, figure_claimed, figure_of
from manchengo.application.genealogy.whereabouts import SHOWN_AS
from manchengo.application.replication.claims import Claimed
from manchengo.application.replication.server_log import judge_parked_again
from manchengo.commands import Command, RegisterUser
from manchengo.domain.access import Role as Access
from manchengo.domain.delivery import DeliveryLoaded, DeliveryPrepared, DeliveryUnloaded
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import ResolutionItemId
from manchengo.domain.ledger import Movement
from manchengo.domain.lot.commands import Role
from manchengo.domain.lot.events import LotMovement
from manchengo.domain.resolution import ClaimKind
from manchengo.events import EVENTS, Moved
from manchengo.ports.rows import ClaimRow, FinishedLotRow, RawLotRow
from tests.application.test_resolution import an_older_program
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    WHEY,
    abandoned,
    an_id,
    an_output,
    blocked,
    came_back,
    completed,
    day,
    delivered,
    gone,
    in_opening_stock,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    make_id,
    millilitres,
    planned,
    poured,
    prepared,
    quarantined,
    recalled,
    received,
    sold,
    started,
    written_off,
)
from tests.support.given import given
from tests.support.plant import BOSS, Device, Plant

THE_MORNING = (
    A_DAIRY,
    received("L1", litres(100)),
    received("L2", litres(100), on=day(1)),
    received("R1", millilitres(600), of=RENNET),
)
TWO_MAKES = (planned("O1", kg(8), on=day(1)), planned("O2", kg(8), on=day(1)))


@pytest.fixture
def plant() -> Plant:
    plant = Plant()
    office, _ = plant.device(), plant.device()
    office.does(THE_MORNING, TWO_MAKES)
    plant.settle()
    return plant


def agreed(plant: Plant) -> None:
    plant.settle()
    assert len(plant.digests()) == 1
    assert all(each.dairy.verify().sound for each in plant.devices)


def lots_reached(device: Device, code: str) -> dict[str, bool]:
    """The lots of a recall, and whether that is only claimed."""
    return {one.lot: one.claimed for one in device.dairy.simulate_recall(lot_id(code)).lots}


def status(device: Device, code: str) -> str:
    with device.store.reading() as snapshot:
        key = lot_id(code)
        row = snapshot.get(RawLotRow, key) or snapshot.get(FinishedLotRow, key)
    assert row is not None
    return row.status


def both_pour_the_same_lot(plant: Plant) -> None:
    """The office pours L1 into O1; the phone's pouring into O2 comes second and is refused."""
    office, phone = plant.devices
    office.does(started("O1", on=day(1)), poured("O1", "L1", litres(80), on=day(1)))
    phone.does(started("O2", on=day(1)), poured("O2", "L1", litres(80), on=day(1), reason="là"))
    agreed(plant)


# -------------------------------------------------------------------------- open and given up


def test_milk_in_a_vat_that_is_not_over_is_traced_and_recalled(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(started("O1", on=day(1)), poured("O1", "L1", litres(30), on=day(1)))
    office.does(poured("O1", "L1", litres(10), on=day(1)))
    pouring = Pouring(order="O1", status="started", used=litres(40), claimed=False)
    kept = Reservation(
        kind="production", order="O1", client="", client_name="", quantity=litres(40)
    )
    uses = office.dairy.trace(lot_id("L1")).uses
    assert (uses.orders, uses.reserved, uses.children) == ((pouring,), (kept,), ())
    report = office.dairy.simulate_recall(lot_id("L1"))
    assert (report.orders, report.reserved) == ((("L1", pouring),), (("L1", kept),))
    office.does(abandoned("O1", on=day(1)))
    given_up = evolve(pouring, status="cancelled")
    uses = office.dairy.trace(lot_id("L1")).uses
    assert (uses.orders, uses.reserved) == ((given_up,), ())
    assert office.dairy.simulate_recall(lot_id("L1")).orders == (("L1", given_up),)


def test_milk_of_which_all_was_lost_is_traced(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(
        started("O1", on=day(1)),
        poured("O1", "L1", litres(80), on=day(1)),
        completed("O1", on=day(1), lost=kg(8), loss_reason="mousse"),
    )
    ((_, pouring),) = office.dairy.simulate_recall(lot_id("L1")).orders
    assert (pouring.order, pouring.status) == ("O1", "completed")


def test_a_van_that_has_not_left_and_an_order_that_waits_are_recalled(plant: Plant) -> None:
    office = plant.devices[0]
    office.does(
        made("O3", kg(4), on=day(1)),
        sold("S1", kg(3), on=day(1)),
        prepared("V1", order="S1", on=day(1)),
        loaded("V1", "O3", kg(2), on=day(1)),
    )
    for device in plant.devices:
        agreed(plant)
        report = device.dairy.simulate_recall(lot_id("L1"))
        ((lot, van),) = report.loaded
        assert (lot, van.delivery, van.client, van.quantity, van.claimed) == (
            "O3",
            "V1",
            "C01",
            kg(2),
            False,
        )
        ((lot, kept),) = report.reserved
        assert (lot, kept.kind, kept.order, kept.client, kept.quantity) == (
            "O3",
            "sales",
            "S1",
            "C01",
            kg(3),
        )
        assert report.shipments == ()
    office.does(gone("V1", on=day(1)))
    report = office.dairy.simulate_recall(lot_id("L1"))
    assert (report.loaded, [van.delivery for _, van in report.shipments]) == ((), ["V1"])


# ------------------------------------------------------------------------------------- claimed


def test_a_claimed_pouring_into_a_vat_that_is_not_over_is_listed(plant: Plant) -> None:
    both_pour_the_same_lot(plant)
    claimed = Pouring(order="O2", status="started", used=litres(80), claimed=True)
    for device in plant.devices:
        assert claimed in device.dairy.trace(lot_id("L1")).uses.orders
        assert ("L1", claimed) in device.dairy.simulate_recall(lot_id("L1")).orders


def test_a_lot_that_is_only_claimed_is_found_by_its_code_and_traced(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(written_off("L1", litres(90)), written_off("L2", litres(90), on=day(1)))
    phone.does(made("O7", kg(8), on=day(1)))
    agreed(plant)
    for device in plant.devices:
        with device.store.reading() as snapshot:
            (lot,) = lots_of_code(snapshot, "O7")
            assert lots_of_code(snapshot, "O8") == []
        assert (lot.id, lot.standing, lot.product, lot.quantity) == (
            lot_id("O7"),
            "claimed",
            "TOMME",
            kg(8),
        )
        origins = device.dairy.trace(lot.id).origins
        assert origins.claimed
        assert {(one.lot, one.claimed) for one in origins.children} == {("L1", True), ("R1", True)}
        assert lots_reached(device, "L1") == {"L1": False, "O7": True}
        report = device.dairy.simulate_recall(lot.id)
        assert [(one.lot, one.entered, one.on_hand) for one in report.lots] == [
            ("O7", 8_000, 8_000)
        ]
    with pytest.raises(Unknown):
        office.dairy.trace(lot_id("O8"))


def test_what_is_claimed_of_a_claimed_lot_is_followed_to_the_end(plant: Plant) -> None:
    """A reception that was refused, the cheese made of it, the client, and what came back."""
    office, phone = plant.devices
    office.does(received("X1", litres(80), on=day(1)))
    phone.does(
        evolve(received("X2", litres(80), on=day(1)), code="X1"),
        started("O2", on=day(1)),
        poured("O2", "X2", litres(80), on=day(1), reason="frais"),
        completed(
            "O2",
            an_output("T2", kg(8)),
            an_output("W2", litres(60), of=WHEY, role=Role.BY_PRODUCT),
            on=day(1),
        ),
        sold("S2", kg(5), on=day(1)),
        prepared("V2", order="S2", on=day(1)),
        loaded("V2", "T2", kg(5), on=day(1)),
        gone("V2", on=day(1)),
        came_back("V2", "T2", kg(2), on=day(2)),
        written_off("T2", kg(1), on=day(2)),
    )
    agreed(plant)
    for device in plant.devices:
        report = device.dairy.simulate_recall(lot_id("X2"))
        assert {one.lot: one.claimed for one in report.lots} == {"X1": True, "T2": True, "W2": True}
        cheese = next(one for one in report.lots if one.lot == "T2")
        assert (cheese.delivered, cheese.returned, cheese.on_hand) == (5_000, 2_000, 4_000)
        ((_, van),) = report.shipments
        assert (van.delivery, van.client, van.quantity, van.claimed) == ("V2", "C01", kg(5), True)
        assert {(lot, one.kind, one.quantity) for lot, one in report.claims} == {
            ("T2", "returned", kg(2)),
            ("T2", "written_off", kg(1)),
        }


def test_one_label_on_two_lots_recalls_both(plant: Plant) -> None:
    """The office and the phone gave the same code apart: nobody can tell one from the other."""
    office, phone = plant.devices
    office.does(made("T1", kg(3), on=day(1)))
    office.does(sold("S1", kg(1), on=day(1)), delivered("V1", order="S1", on=day(1)))
    twin = evolve(an_output("T1", kg(2)), lot_id=lot_id("the other T1"))
    phone.does(received("L3", litres(60), on=day(-1)))
    phone.does(made("O4", kg(2), on=day(1), outputs=(twin,)))
    agreed(plant)
    for device in plant.devices:
        with device.store.reading() as snapshot:
            books, claimed = lots_of_code(snapshot, "T1")
        assert (books.id, claimed.id) == (lot_id("T1"), lot_id("the other T1"))
        report = device.dairy.simulate_recall(lot_id("L3"))
        assert {(one.lot_id, one.claimed) for one in report.lots} == {
            (lot_id("L3"), False),
            (lot_id("the other T1"), True),
            (lot_id("T1"), True),
        }
        assert report.clients == ("C01",)
    office.does(recalled("L3", on=day(2)))
    assert status(office, "T1") == "RECALLED"


def test_what_nobody_can_read_yet_is_listed_with_what_can_be_read_of_it(plant: Plant) -> None:
    phone = plant.devices[1]
    phone.does(made("O7", kg(8), on=day(1)))
    with an_older_program(lacking="production_order.made"):
        phone.push()
    agreed(plant)
    for device in plant.devices:
        report = device.dairy.simulate_recall(lot_id("L1"))
        assert {one.lot: one.claimed for one in report.lots} == {"L1": False, "O7": True}
        assert ("L1", "touched") in {(lot, one.kind) for lot, one in report.claims}


def claimed_pouring(number: int, lot: str, order: str) -> ClaimRow:
    return ClaimRow(
        item_id=ResolutionItemId(an_id("an item")),
        number=number,
        kind=ClaimKind.POURED.value,
        subject=lot_id(lot),
        cause=make_id(order),
        code="",
        product_id=None,
        quantity=1_000,
        unit="kg",
        day=day(2),
        open=True,
    )


def test_claims_that_join_lots_in_a_circle_are_followed_once() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(100)),
        received("R1", millilitres(600), of=RENNET),
        made("O1", kg(3)),
        made("O2", kg(3)),
    ).dairy
    with dairy.store.writing() as transaction:
        transaction.put([claimed_pouring(1, "O1", "O2"), claimed_pouring(2, "O2", "O1")])
    assert {one.lot: one.claimed for one in dairy.simulate_recall(lot_id("O1")).lots} == {
        "O1": False,
        "O2": True,
    }
    (other,) = dairy.trace(lot_id("O1")).uses.children
    assert (other.lot, other.claimed, other.children) == ("O2", True, ())
    origins = dairy.trace(lot_id("O1")).origins
    assert {one.lot for one in origins.children} == {"O2", "L1", "R1"}


# ------------------------------------------------------------------------ recalled whenever


def test_what_comes_out_of_a_vat_with_a_claim_of_recalled_milk_is_recalled(plant: Plant) -> None:
    """The claim came first, then the recall, then what came out."""
    both_pour_the_same_lot(plant)
    office, phone = plant.devices
    office.does(recalled("L1", on=day(2)))
    plant.settle()
    phone.does(
        poured("O2", "L2", litres(80), on=day(2), reason="à la place"),
        completed(
            "O2",
            an_output("T2", kg(8)),
            an_output("W2", litres(60), of=WHEY, role=Role.BY_PRODUCT),
            on=day(2),
        ),
    )
    agreed(plant)
    for device in plant.devices:
        assert {status(device, "T2"), status(device, "W2")} == {"RECALLED"}
        assert lots_reached(device, "L1") == {"L1": False, "T2": True, "W2": True}


def test_a_claim_that_arrives_after_the_recall_recalls_what_it_reaches(plant: Plant) -> None:
    """The cheese came out, the milk was recalled, then the phone's pouring of it was heard."""
    office, phone = plant.devices
    office.does(started("O1", on=day(1)), poured("O1", "L2", litres(80), on=day(1), reason="frais"))
    plant.settle()
    phone.does(poured("O1", "L1", litres(10), on=day(1)))
    office.does(
        completed("O1", an_output("T1", kg(8)), on=day(1)),
        sold("S1", kg(2), on=day(1)),
        recalled("L1", on=day(2)),
    )
    assert status(office, "T1") == "AVAILABLE"
    agreed(plant)
    for device in plant.devices:
        assert status(device, "T1") == "RECALLED"
        assert lots_reached(device, "L1") == {"L1": False, "T1": True}


def test_a_claim_of_somebody_without_the_right_recalls_nothing(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(started("O1", on=day(1)), poured("O1", "L2", litres(80), on=day(1), reason="frais"))
    plant.settle()
    phone.does(poured("O1", "L1", litres(10), on=day(1)))
    office.does(
        completed("O1", an_output("T1", kg(8)), on=day(1)),
        recalled("L1", on=day(2)),
        RegisterUser(user_id=BOSS, name="Ali", roles=frozenset({Access.DRIVER})),
    )
    agreed(plant)
    for device in plant.devices:
        assert status(device, "T1") == "AVAILABLE"
        assert lots_reached(device, "L1") == {"L1": False, "T1": True}


@pytest.mark.parametrize("first", ["recall", "make"])
def test_a_make_and_a_recall_that_cross_recall_what_came_out(plant: Plant, first: str) -> None:
    office, phone = plant.devices
    office.does(started("O1", on=day(1)), poured("O1", "L1", litres(80), on=day(1)))
    plant.settle()
    phone.does(
        completed(
            "O1",
            an_output("T1", kg(8)),
            an_output("W1", litres(60), of=WHEY, role=Role.BY_PRODUCT),
            on=day(1),
        )
    )
    office.does(recalled("L1", on=day(1)))
    (office if first == "recall" else phone).push()
    agreed(plant)
    for device in plant.devices:
        assert {status(device, "T1"), status(device, "W1")} == {"RECALLED"}


@pytest.mark.parametrize(
    "new",
    [
        evolve(received("N1", litres(5), on=day(2)), code="T9"),
        evolve(received("N1", litres(5), on=day(2)), code="t9"),
        made(
            "O9",
            kg(2),
            on=day(2),
            outputs=(evolve(an_output("N1", kg(2)), code="T9"),),
        ),
    ],
    ids=["received", "received under another spelling", "made"],
)
def test_a_new_lot_under_the_code_of_a_recalled_claim_is_recalled(
    plant: Plant, new: Command
) -> None:
    """A refused cheese of recalled milk stands on the shelf under the label that the lot gets."""
    office, phone = plant.devices
    phone.does(made("O7", kg(2), on=day(1), outputs=(an_output("T9", kg(2)),)))
    office.does(recalled("L1", on=day(1)))
    agreed(plant)
    office.does(new)
    agreed(plant)
    for device in plant.devices:
        assert status(device, "N1") == "RECALLED"


def test_a_lot_that_is_only_claimed_is_recalled_with_what_is_made_of_it(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(
        received("X1", litres(80), on=day(1)),
        started("O1", on=day(1)),
        poured("O1", "L1", litres(70), on=day(1)),
    )
    plant.settle()
    phone.does(
        evolve(received("X2", litres(80), on=day(1)), code="X1-B"),
        poured("O1", "X2", litres(10), on=day(1), reason="frais"),
    )
    office.does(evolve(received("X3", litres(80), on=day(1)), code="X1-B"))
    office.push()
    agreed(plant)
    office.does(completed("O1", an_output("T1", kg(8)), on=day(1)), recalled("X2", on=day(2)))
    agreed(plant)
    for device in plant.devices:
        assert {status(device, "T1"), status(device, "X3")} == {"RECALLED"}
        assert status(device, "X1") == "AVAILABLE"


@pytest.mark.parametrize(
    ("step", "standing"),
    [
        (recalled("L1", on=day(2)), "RECALLED"),
        (blocked("L1", on=day(2)), "BLOCKED"),
        (quarantined("L1", on=day(2)), "QUARANTINED"),
    ],
)
def test_a_lot_is_withdrawn_whatever_a_newer_program_wrote_about_it(
    plant: Plant, step: Command, standing: str
) -> None:
    office, phone = plant.devices
    office.does(made("O3", kg(1), on=day(1)))
    plant.settle()
    phone.does(started("O2", on=day(1)), poured("O2", "L1", litres(20), on=day(1)))
    with an_older_program(lacking="production_order.started"):
        phone.push()
    office.pull()
    office.does(step)
    agreed(plant)
    for device in plant.devices:
        assert status(device, "L1") == standing
    with plant.store.writing() as transaction:
        judge_parked_again(transaction, state_cache=plant.state_cache)
    agreed(plant)
    for device in plant.devices:
        assert status(device, "L1") == standing
        claimed = [each for _, each in device.dairy.simulate_recall(lot_id("L1")).orders]
        assert [(each.order, each.used, each.claimed) for each in claimed] == [
            ("O2", litres(20), True)
        ]


def test_what_is_neither_known_nor_claimed_is_not_recalled(plant: Plant) -> None:
    with pytest.raises(Unknown) as caught:
        plant.devices[0].does(recalled("L9"))
    assert (caught.value.kind, caught.value.reference) == ("lot", str(lot_id("L9")))


# --------------------------------------------------------------- nothing new can be forgotten


def test_every_event_says_what_it_claims_of_the_floor() -> None:
    moved = {schema.type for schema in EVENTS.values() if isinstance(schema.nature, Moved)}
    assert moved | {DeliveryPrepared} == set(get_args(Claimed))


def test_every_movement_of_a_lot_is_a_fact_of_the_floor() -> None:
    told_by_the_delivery = {DeliveryLoaded, DeliveryUnloaded}  # before the lot moves
    moved = {schema.type for schema in EVENTS.values() if isinstance(schema.nature, Moved)}
    assert moved - told_by_the_delivery == set(get_args(LotMovement)) == set(MOVES.values())


def test_every_kind_of_claim_is_shown_somewhere() -> None:
    assert set(SHOWN_AS) == set(ClaimKind)


def test_every_movement_has_its_figure_in_a_balance() -> None:
    assert {figure_of(movement) for movement in Movement} == set(SIGNS) == set(get_args(Figure))


def test_what_may_be_claimed_of_a_lot_has_its_figure_in_a_balance() -> None:
    """A count says what is left, and not what went."""
    assert {figure_claimed(kind) for kind in ClaimKind} - {None} == set(SIGNS) - {"adjusted"}


def test_a_claimed_cheese_of_the_opening_stock_is_a_finished_lot() -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY)
    plant.settle()
    office.does(in_opening_stock("T0", kg(5)))
    phone.does(evolve(in_opening_stock("T0", kg(6)), lot_id=lot_id("another T0")))
    office.push()
    plant.settle()
    origins = phone.dairy.trace(lot_id("another T0")).origins
    assert (origins.lot, origins.kind, origins.claimed) == ("T0", "PF", True)
    report = phone.dairy.simulate_recall(lot_id("another T0"))
    claimed = {lot.lot_id: lot for lot in report.lots}[lot_id("another T0")]
    assert (claimed.entered, claimed.on_hand) == (6_000, 6_000)
