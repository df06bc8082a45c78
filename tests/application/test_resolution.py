"""What was refused waits for a person, is resolved once, and stays in sight until then."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.application import genealogy
from manchengo.application.judge import judge
from manchengo.application.judgement import Rejected
from manchengo.application.replication.server_log import judge_parked_again
from manchengo.application.unit_of_work import NeedsNewerProgram
from manchengo.application.views.rebuild import digest, rebuilt_rows
from manchengo.commands import (
    ChangeClient,
    Command,
    DeactivateUser,
    RegisterUser,
    ResolveItem,
)
from manchengo.domain.access import Actor, NotPermitted, Permission, Role
from manchengo.domain.commit import Commit, Verdict
from manchengo.domain.errors import ReasonMissing, Refused, Unknown, WrongState
from manchengo.domain.ids import ResolutionItemId, UserId
from manchengo.domain.resolution import CannotResolveSo, Way, item_id_of
from manchengo.events import EVENTS
from manchengo.ports.rows import ClaimRow, FinishedLotRow, RawLotRow, ResolutionItemRow
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    SHOP,
    abandoned,
    an_id,
    called_off,
    counted,
    day,
    delivered,
    kg,
    litres,
    lot_id,
    made,
    millilitres,
    planned,
    poured,
    received,
    sold,
    started,
    written_off,
)
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


def both_pour_the_same_lot(plant: Plant) -> Commit:
    """The phone's pouring, which comes second and is refused."""
    office, phone = plant.devices
    office.does(started("O1", on=day(1)), poured("O1", "L1", litres(80), on=day(1)))
    *_, second = phone.does(
        started("O2", on=day(1)), poured("O2", "L1", litres(80), on=day(1), reason="à la main")
    )
    plant.settle()
    return second


def resolving(commit: Commit, way: Way, **more: Any) -> ResolveItem:
    item = item_id_of(commit.id)
    return ResolveItem(item_id=item, way=way, reason="vu avec Karim", on=day(1), **more)


def items(device: Device) -> list[ResolutionItemRow]:
    with device.store.reading() as snapshot:
        return list(snapshot.rows(ResolutionItemRow))


def held(device: Device, code: str) -> int:
    with device.store.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id(code))
        assert row is not None
        return row.quantity_remaining


def agreed(plant: Plant) -> None:
    plant.settle()
    assert len(plant.digests()) == 1
    assert all(each.dairy.verify().sound for each in plant.devices)


# ------------------------------------------------------------------------------------ ways out


def test_a_claim_given_up_changes_no_stock(plant: Plant) -> None:
    refused = both_pour_the_same_lot(plant)
    plant.devices[0].does(resolving(refused, Way.VOID))
    agreed(plant)
    (item,) = items(plant.devices[1])
    assert (item.status, item.closed_by, item.reason) == ("closed", "void", "vu avec Karim")
    assert held(plant.devices[1], "L1") == 20_000


def test_what_was_refused_is_done_again_once_there_is_enough(plant: Plant) -> None:
    refused = both_pour_the_same_lot(plant)
    office = plant.devices[0]
    with pytest.raises(Refused):
        office.does(resolving(refused, Way.RETRY))
    office.does(abandoned("O1", on=day(1)))
    assert held(office, "L1") == 20_000  # what was poured stays poured
    office.does(counted("L1", litres(90), on=day(1)), resolving(refused, Way.RETRY))
    agreed(plant)
    assert held(plant.devices[1], "L1") == 10_000


def test_a_code_that_two_gave_is_changed_by_one_of_them(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(received("L5", litres(5), on=day(1)))
    (same,) = phone.does(evolve(received("L6", litres(6), on=day(1)), code="L5"))
    plant.settle()
    (item,) = items(office)
    assert (item.refusal, item.command_type) == ("AlreadyExists", "lot.receive")
    phone.does(resolving(same, Way.OTHER_CODE, code="L5-B"))
    agreed(plant)
    with office.store.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id("L6"))
        assert row is not None
        assert (row.code, row.quantity_remaining) == ("L5-B", 6_000)


def test_the_code_of_a_lot_that_came_out_is_changed_and_not_that_of_its_order(
    plant: Plant,
) -> None:
    office, phone = plant.devices
    office.does(made("O3", kg(3), on=day(1)))
    make = made("O4", kg(3), on=day(1))
    (output,) = make.outputs
    with office.store.reading() as snapshot:
        (first,) = snapshot.rows(FinishedLotRow)
    (same,) = phone.does(evolve(make, outputs=(evolve(output, code=first.code),)))
    plant.settle()
    phone.does(resolving(same, Way.OTHER_CODE, code="T-B"))
    agreed(plant)
    with office.store.reading() as snapshot:
        assert {row.code for row in snapshot.rows(FinishedLotRow)} == {first.code, "T-B"}


def test_a_way_out_must_fit_what_was_recorded(plant: Plant) -> None:
    refused = both_pour_the_same_lot(plant)
    dairy = plant.devices[0].dairy
    for command in (
        resolving(refused, Way.OTHER_LOT),
        resolving(refused, Way.OTHER_CODE),
        resolving(refused, Way.OTHER_CODE, code="X"),
    ):
        with pytest.raises(CannotResolveSo) as caught:
            dairy.execute(command)
        assert caught.value.way is command.way
        assert caught.value.command_type == "production_order.consume"
    with pytest.raises(ReasonMissing):
        dairy.execute(evolve(resolving(refused, Way.VOID), reason=" "))
    nobody = ResolutionItemId(an_id("no item"))
    with pytest.raises(Unknown):
        dairy.execute(evolve(resolving(refused, Way.VOID), item_id=nobody))


def test_an_item_is_resolved_once(plant: Plant) -> None:
    refused = both_pour_the_same_lot(plant)
    dairy = plant.devices[0].dairy
    dairy.execute(resolving(refused, Way.VOID))
    with pytest.raises(WrongState) as caught:
        dairy.execute(resolving(refused, Way.RETRY))
    assert (caught.value.kind, caught.value.state) == ("resolution", "void")


def test_of_two_who_resolve_the_first_wins_and_who_says_the_same_is_not_wrong(
    plant: Plant,
) -> None:
    refused = both_pour_the_same_lot(plant)
    office, phone = plant.devices
    office.does(resolving(refused, Way.VOID))
    (same,) = phone.does(resolving(refused, Way.VOID))
    agreed(plant)
    assert len(items(office)) == 1
    with office.store.reading() as snapshot:
        entry = snapshot.entry(same.id)
    assert entry is not None
    assert (entry.verdict, entry.effective) == (Verdict.ACCEPTED, ())


# ------------------------------------------------------------------------------------ verdicts


@pytest.mark.parametrize(
    ("before", "step"),
    [
        (THE_MORNING, planned("O1", kg(8), on=day(1))),
    ],
)
def test_another_make_under_the_same_id_is_refused(before: Any, step: Any) -> None:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(before)
    plant.settle()
    office.does(step)
    (again,) = phone.does(step)
    agreed(plant)
    with office.store.reading() as snapshot:
        entry = snapshot.entry(again.id)
    assert entry is not None
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, "AlreadyExists")


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ((), abandoned("O1", on=day(1))),
        ((), started("O1", on=day(1))),
        ((made("O9", kg(2), on=day(1)), sold("S1", kg(1), on=day(1))), called_off("S1", on=day(1))),
    ],
    ids=["cancelled", "started", "called off"],
)
def test_who_takes_the_same_step_second_finds_it_taken(
    plant: Plant, before: Any, step: Any
) -> None:
    office, phone = plant.devices
    office.does(before)
    plant.settle()
    office.does(step)
    (again,) = phone.does(step)
    agreed(plant)
    assert items(office) == []
    with office.store.reading() as snapshot:
        entry = snapshot.entry(again.id)
    assert entry is not None
    assert (entry.verdict, entry.effective) == (Verdict.ACCEPTED, ())


def test_two_different_ends_of_one_order_are_no_agreement(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(made("O9", kg(4), on=day(1)), sold("S1", kg(1), on=day(1)))
    plant.settle()
    office.does(delivered("V1", order="S1", on=day(1)))
    phone.does(called_off("S1", on=day(1)))
    agreed(plant)
    (item,) = items(office)
    assert (item.refusal, item.matter) == ("WrongState", "rejected")


def test_whoever_lost_the_right_is_refused_at_the_log(plant: Plant) -> None:
    office, phone = plant.devices
    office.does(
        RegisterUser(user_id=BOSS, name="Nadia", roles=frozenset({Role.ADMIN})),
        RegisterUser(user_id=UserId(an_id("Karim")), name="Karim", roles=frozenset({Role.ADMIN})),
    )
    plant.settle()
    office.does(DeactivateUser(user_id=BOSS))
    office.push()
    (late,) = phone.does(written_off("L2", litres(1), on=day(1)))
    plant.settle()
    assert len(plant.digests()) == 1
    (item,) = items(phone)
    assert (item.refusal, item.commit_id) == ("NotPermitted", late.id)
    with phone.store.reading() as snapshot:
        verdict = judge(snapshot, late)
        assert isinstance(verdict, Rejected)
        assert isinstance(verdict.refusal, NotPermitted)


@pytest.mark.parametrize("way", [Way.RETRY, Way.ACCEPT])
def test_what_its_author_might_not_do_is_not_done_by_proxy(plant: Plant, way: Way) -> None:
    """Nor is it accepted as the author's word: the phone did not sign it, so nobody knows whose."""
    office, phone = plant.devices
    driver = RegisterUser(user_id=BOSS, name="Ali", roles=frozenset({Role.DRIVER}))
    office.does(driver)
    plant.settle()
    (late,) = phone.does(written_off("L2", litres(1), on=day(1)))
    plant.settle()
    with pytest.raises(CannotResolveSo) as caught:
        office.does(resolving(late, way))
    assert caught.value.refusal == "NotPermitted"


KARIM = UserId(an_id("Karim"))


def refused_under_a_taken_code(plant: Plant, first: Command, second: Command) -> Commit:
    """The phone's, which comes second."""
    office, phone = plant.devices
    office.does(RegisterUser(user_id=BOSS, name="Amina", roles=frozenset({Role.ADMIN})), first)
    office.push()
    (late,) = phone.does(second)
    plant.settle()
    return late


def karim(plant: Plant, role: Role) -> Actor:
    """Somebody of that role, known to all, at the phone."""
    office, phone = plant.devices
    actor = Actor(user_id=KARIM, device_id=phone.id, roles=frozenset({role}))
    office.does(RegisterUser(user_id=KARIM, name="Karim", roles=actor.roles))
    plant.settle()
    return actor


MADE_TWICE = made("O9", kg(1), on=day(1)), evolve(made("O8", kg(1), on=day(1)), code="O9")
TWO_ALIS = tuple(
    RegisterUser(user_id=UserId(an_id(words)), name="Ali", roles=frozenset({Role.ADMIN}))
    for words in ("one", "other")
)


@pytest.mark.parametrize("way", [Way.RETRY, Way.OTHER_CODE])
@pytest.mark.parametrize(
    ("taken", "permission"),
    [(MADE_TWICE, Permission.PRODUCE), (TWO_ALIS, Permission.MANAGE_PEOPLE)],
)
def test_a_decision_asks_for_the_right_of_what_it_has_done(
    plant: Plant, taken: tuple[Command, Command], permission: Permission, way: Way
) -> None:
    deciding = resolving(refused_under_a_taken_code(plant, *taken), way, code="Autre")
    buyer = karim(plant, Role.SUPPLY)
    with pytest.raises(NotPermitted) as caught:
        plant.devices[1].acting_as(buyer).execute(deciding)
    assert caught.value.permission is permission


@pytest.mark.parametrize("taken", [MADE_TWICE, TWO_ALIS])
def test_the_server_asks_so_too(plant: Plant, taken: tuple[Command, Command]) -> None:
    office, phone = plant.devices
    deciding = resolving(refused_under_a_taken_code(plant, *taken), Way.OTHER_CODE, code="Autre")
    asked_by_nobody = evolve(karim(plant, Role.SUPPLY), roles=frozenset({Role.ADMIN}))
    late = phone.acting_as(asked_by_nobody).execute(deciding)
    agreed(plant)
    (item,) = [each for each in items(office) if each.commit_id == late.id]
    assert item.refusal == "NotPermitted"


def test_who_may_both_decides(plant: Plant) -> None:
    deciding = resolving(
        refused_under_a_taken_code(plant, *MADE_TWICE), Way.OTHER_CODE, code="Autre"
    )
    plant.devices[1].acting_as(karim(plant, Role.PRODUCTION)).execute(deciding)
    agreed(plant)
    assert [item.closed_by for item in items(plant.devices[0])] == [Way.OTHER_CODE]


def test_who_may_not_make_may_still_give_it_up(plant: Plant) -> None:
    deciding = resolving(refused_under_a_taken_code(plant, *MADE_TWICE), Way.VOID)
    plant.devices[1].acting_as(karim(plant, Role.SUPPLY)).execute(deciding)
    agreed(plant)
    assert [item.closed_by for item in items(plant.devices[0])] == [Way.VOID]


# ------------------------------------------------------------------------------------ parked


@contextmanager
def an_older_program(lacking: str) -> Iterator[None]:
    """Whoever runs in here never heard of that event."""
    known = {name: schema for name, schema in EVENTS.items() if name != lacking}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(codec, "events", codec.Codec(known))
        yield


def test_what_nobody_can_read_is_parked_with_all_that_was_built_on_it(plant: Plant) -> None:
    office, phone = plant.devices
    start, pour, apart = phone.does(
        started("O2", on=day(1)),
        poured("O2", "L1", litres(80), on=day(1)),
        ChangeClient(client_id=SHOP, name="Épicerie du Port"),
    )
    with an_older_program(lacking="production_order.started"):
        phone.push()
    agreed(plant)
    assert [verdict_of(plant, each) for each in (start, pour, apart)] == [
        (Verdict.PARKED, "UnknownEvent"),
        (Verdict.PARKED, "BuiltOnParked"),
        (Verdict.ACCEPTED, ""),
    ]
    with pytest.raises(CannotResolveSo):
        office.does(resolving(start, Way.RETRY))
    with plant.store.writing() as transaction:
        again = judge_parked_again(transaction, state_cache=plant.state_cache)
    assert [each.commit.id for each in again] == [start.id, pour.id]
    agreed(plant)
    assert [verdict_of(plant, each) for each in (start, pour)] == [(Verdict.ACCEPTED, "")] * 2
    assert {item.closed_by for item in items(office)} == {"judged"}
    assert held(office, "L1") == 20_000


def test_what_still_cannot_be_read_stays_parked(plant: Plant) -> None:
    _, phone = plant.devices
    phone.does(started("O2", on=day(1)))
    with an_older_program(lacking="production_order.started"):
        phone.push()
        with plant.store.writing() as transaction:
            assert judge_parked_again(transaction, state_cache=plant.state_cache) == []
    assert [item.matter for item in items(phone)] == []
    agreed(plant)
    assert [item.matter for item in items(phone)] == ["parked"]


def verdict_of(plant: Plant, commit: Commit) -> tuple[Verdict, str]:
    with plant.store.reading() as snapshot:
        entry = snapshot.entry(commit.id)
    assert entry is not None
    return entry.verdict, entry.reason


def test_an_older_device_keeps_what_it_cannot_read_and_decides_nothing_on_it(
    plant: Plant,
) -> None:
    office, phone = plant.devices
    office.does(started("O2", on=day(1)), received("L9", litres(9), on=day(1)))
    office.push()
    with an_older_program(lacking="production_order.started"):
        phone.pull()
        with pytest.raises(NeedsNewerProgram) as caught:
            phone.does(poured("O2", "L1", litres(80), on=day(1)))
        assert caught.value.kind == "production_order"
        phone.does(written_off("L9", litres(1), on=day(1)))
        with phone.store.writing() as transaction:
            assert len(digest(rebuilt_rows(transaction))) == 64
        assert phone.dairy.verify().sound
    assert phone.dairy.verify().sound  # updated, it reads at last what it had kept
    agreed(plant)
    phone.does(poured("O2", "L1", litres(80), on=day(1)))
    agreed(plant)


# ------------------------------------------------------------------------------------ claims


@pytest.mark.parametrize(
    ("way", "more"),
    [(Way.VOID, {}), (Way.RETRY, {}), (Way.OTHER_LOT, {"lot_id": lot_id("L2")})],
    ids=["void", "retry", "other lot"],
)
def test_what_was_decided_is_claimed_no_more(plant: Plant, way: Way, more: dict[str, Any]) -> None:
    refused = both_pour_the_same_lot(plant)
    office, phone = plant.devices
    assert claims_open(phone) == [True]
    office.does(counted("L1", litres(90), on=day(1)), resolving(refused, way, **more))
    agreed(plant)
    assert claims_open(phone) == [False]
    assert not any(child.claimed for child in office.dairy.trace(lot_id("L1")).uses.children)


def claims_open(device: Device) -> list[bool]:
    with device.store.reading() as snapshot:
        return [claim.open for claim in snapshot.rows(ClaimRow)]


def test_a_refused_make_is_followed_to_the_shop(plant: Plant) -> None:
    """The milk was poured, whatever the books say: a recall reaches who may have eaten of it."""
    office, phone = plant.devices
    office.does(written_off("L1", litres(100)), written_off("L2", litres(100), on=day(1)))
    phone.does(made("O7", kg(8), on=day(1)))
    with phone.store.reading() as snapshot:
        (cheese,) = snapshot.rows(FinishedLotRow)
    phone.does(sold("S7", kg(2), on=day(1)), delivered("V7", order="S7", on=day(1)))
    agreed(plant)
    assert len(items(office)) == 3
    trace = office.dairy.trace(lot_id("L1"))
    (child,) = trace.uses.children
    assert (child.lot, child.via, child.claimed) == (cheese.code, "O7", True)
    (shipment,) = child.shipments
    assert (shipment.client, shipment.claimed, shipment.quantity) == ("C01", True, kg(2))
    report = office.dairy.simulate_recall(lot_id("L1"))
    assert report.clients == ("C01",)
    assert [(each.lot, each.claimed, each.standing) for each in report.lots] == [
        ("L1", False, "released"),
        ("O7", True, "claimed"),
    ]


def test_a_refused_pouring_shows_in_the_trace_until_it_is_resolved(plant: Plant) -> None:
    refused = both_pour_the_same_lot(plant)
    office = plant.devices[0]
    with office.store.reading() as snapshot:
        assert genealogy.made_from(snapshot, lot_id("L1")) == []
    office.does(resolving(refused, Way.OTHER_LOT, lot_id=lot_id("L2")))
    agreed(plant)
    assert held(plant.devices[1], "L2") == 20_000


def test_a_decision_that_came_too_late_is_not_taken_again(plant: Plant) -> None:
    """Taken again it could ask for itself, without end."""
    refused = both_pour_the_same_lot(plant)
    office, phone = plant.devices
    office.does(resolving(refused, Way.VOID))
    (late,) = phone.does(resolving(refused, Way.OTHER_LOT, lot_id=lot_id("L2")))
    agreed(plant)
    for way in (Way.RETRY, Way.OTHER_LOT):
        with pytest.raises(CannotResolveSo):
            office.does(resolving(late, way, lot_id=lot_id("L2")))
    office.does(resolving(late, Way.VOID))
    agreed(plant)
