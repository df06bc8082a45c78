"""One command id, two devices that had not met: done once, or shown to a person; never twice."""

from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Commit, Role, codec
from manchengo.application.replication.server_log import Fault
from manchengo.commands import (
    ChangeClient,
    ChangeRoles,
    Command,
    RegisterUser,
    ReportReusedId,
)
from manchengo.domain.commit import Verdict
from manchengo.domain.errors import CommandIdReused
from manchengo.domain.ids import CommitId, UserId
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.ports.rows import ClaimRow, RawLotRow, ResolutionItemRow
from manchengo.ports.store import Store
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    SHOP,
    an_id,
    day,
    delivered,
    in_store,
    kg,
    litres,
    lot_id,
    made,
    millilitres,
    received,
    sold,
    written_off,
)
from tests.support.given import events_of, somebody
from tests.support.plant import BOSS, Device, Plant
from tests.support.stores import STORES

SAID_ONCE = CommitId(UUID(int=7))
SPILT = written_off("L1", litres(100))


@pytest.fixture(params=STORES)
def plant(request: pytest.FixtureRequest) -> Iterator[Plant]:
    with ExitStack() as open_stores:

        def open_store() -> Store:
            return open_stores.enter_context(STORES[request.param]())

        plant = Plant(store=open_store(), open_store=open_store)
        office, _ = plant.device(), plant.device()
        office.does(
            A_DAIRY, received("L1", litres(1_000)), received("R1", millilitres(9), of=RENNET)
        )
        plant.settle()
        yield plant


def under_one_id(device: Device, command: Command) -> Commit:
    return device.dairy.execute(command, command_id=SAID_ONCE)


def agreed(plant: Plant) -> None:
    plant.settle()
    assert len(plant.digests()) == 1
    for each in plant.devices:
        assert each.dairy.verify().sound, each.dairy.verify()
        with each.store.reading() as snapshot:
            assert snapshot.count_pending() == 0


def items(device: Device) -> list[ResolutionItemRow]:
    with device.store.reading() as snapshot:
        return list(snapshot.rows(ResolutionItemRow))


def left(device: Device, code: str = "L1") -> int:
    with device.store.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id(code))
        assert row is not None
        return row.quantity_remaining


def test_the_same_command_twice_is_done_once(plant: Plant) -> None:
    office, phone = plant.devices
    for device in (office, phone):
        under_one_id(device, SPILT)
    (after,) = phone.does(written_off("L1", litres(1), on=day(1)))
    agreed(plant)
    assert [left(device) for device in plant.devices] == [899_000] * 2
    assert items(office) == []
    with phone.store.reading() as snapshot:
        entry = snapshot.entry(after.id)
        assert entry is not None
        assert entry.verdict is Verdict.ACCEPTED
    assert under_one_id(phone, SPILT).id == SAID_ONCE
    assert left(phone) == 899_000


def test_another_thing_under_the_same_id_waits_for_a_person(plant: Plant) -> None:
    office, phone = plant.devices
    under_one_id(office, SPILT)
    under_one_id(phone, written_off("L1", litres(50)))
    agreed(plant)
    assert left(phone) == 900_000
    (item,) = items(office)
    assert (item.refusal, item.command_type) == ("CommandIdReused", "lot.write_off")
    with office.store.reading() as snapshot:
        (claim,) = snapshot.rows(ClaimRow)
    assert (claim.kind, claim.subject, claim.quantity) == ("written_off", lot_id("L1"), 50_000)


def test_recorded_again_it_has_its_effect(plant: Plant) -> None:
    office, phone = plant.devices
    under_one_id(office, SPILT)
    under_one_id(phone, written_off("L1", litres(50)))
    agreed(plant)
    (item,) = items(office)
    office.does(ResolveItem(item_id=item.id, way=Way.RETRY, reason="deux seaux", on=day(1)))
    agreed(plant)
    assert left(phone) == 850_000


HIS_OWN_WORK: dict[Role, Command] = {
    Role.ADMIN: RegisterUser(
        user_id=UserId(an_id("n")), name="nadia", roles=frozenset({Role.SALES})
    ),
    Role.SUPPLY: received("L2", litres(50)),
    Role.PRODUCTION: written_off("L1", litres(50)),
    Role.SALES: sold("S1", kg(1), on=day(1)),
    Role.DRIVER: delivered("V1", order="S0", on=day(1)),
    Role.ACCOUNTANT: ChangeClient(client_id=SHOP, name="Épicerie Nour"),
}


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_do_a_thing_may_have_recorded_it_under_a_reused_id(
    plant: Plant, role: Role
) -> None:
    """The right that is asked for is that of the work: no person reports its id, a device does."""
    office, phone = plant.devices
    karim = somebody(role, device=7)
    office.does(
        in_store("T1", kg(9)),
        sold("S0", kg(1)),
        RegisterUser(user_id=BOSS, name="amina", roles=frozenset({Role.ADMIN})),
        RegisterUser(user_id=karim.user_id, name="karim", roles=karim.roles),
    )
    plant.settle()
    under_one_id(office, SPILT)
    phone.acting_as(karim).execute(HIS_OWN_WORK[role], command_id=SAID_ONCE)
    agreed(plant)
    (item,) = items(office)
    assert (item.refusal, item.user_id) == ("CommandIdReused", karim.user_id)


def test_a_reused_id_gives_nobody_a_right(plant: Plant) -> None:
    office, phone = plant.devices
    karim = somebody(Role.SUPPLY, device=7)
    office.does(
        RegisterUser(user_id=BOSS, name="amina", roles=frozenset({Role.ADMIN})),
        RegisterUser(user_id=karim.user_id, name="karim", roles=karim.roles),
    )
    plant.settle()
    under_one_id(office, SPILT)
    office.does(ChangeRoles(user_id=karim.user_id, roles=frozenset({Role.DRIVER})))
    phone.acting_as(karim).execute(received("L2", litres(50)), command_id=SAID_ONCE)
    agreed(plant)
    (item,) = items(office)
    assert (item.refusal, item.user_id) == ("NotPermitted", karim.user_id)


def test_the_same_make_of_other_milk_waits_for_a_person(plant: Plant) -> None:
    """The same was asked, and other lots were poured: what happened is never told otherwise."""
    office, phone = plant.devices
    make = made("O1", kg(1), on=day(1))
    office.does(received("L0", litres(10), on=day(-1)))
    under_one_id(office, make)
    under_one_id(phone, make)
    agreed(plant)
    (item,) = items(office)
    assert (item.refusal, item.command_type) == ("CommandIdReused", "production_order.produce")
    with office.store.reading() as snapshot:
        poured = {claim.subject for claim in snapshot.rows(ClaimRow) if claim.kind == "poured"}
    assert lot_id("L1") in poured


def test_an_order_that_chose_other_lots_is_still_the_same(plant: Plant) -> None:
    """Nothing moved: what was chosen apart for one order is one choice."""
    office, phone = plant.devices
    office.does(in_store("T1", kg(1)), in_store("T2", kg(1), on=day(1)))
    plant.settle()
    office.does(written_off("T1", kg(1), on=day(1)))
    order = sold("S1", kg(1), on=day(1))
    choices = [events_of(under_one_id(device, order)) for device in (office, phone)]
    assert choices[0] != choices[1]
    agreed(plant)
    assert items(office) == []


def test_three_who_use_one_id_for_three_things_leave_two_items(plant: Plant) -> None:
    office, phone = plant.devices
    van = plant.device()
    plant.settle()
    for litre, device in enumerate((office, phone, van), 1):
        under_one_id(device, written_off("L1", litres(litre)))
    agreed(plant)
    assert left(van) == 999_000
    assert [item.refusal for item in items(van)] == ["CommandIdReused"] * 2


def test_the_server_does_not_take_another_commit_for_one_it_has(plant: Plant) -> None:
    office, phone = plant.devices
    under_one_id(office, SPILT)
    office.push()
    under_one_id(phone, written_off("L1", litres(50)))
    stopped = phone.push().stopped
    assert stopped is not None
    assert (stopped.code, stopped.commit_id) == (Fault.REFUSED, SAID_ONCE)


def test_nobody_may_report_a_reused_id_by_hand(plant: Plant) -> None:
    office = plant.devices[0]
    mine = under_one_id(office, SPILT)
    report = ReportReusedId(
        command_id=mine.id,
        command_type=mine.command_type,
        command_version=mine.command_version,
        command=mine.command,
    )
    with pytest.raises(CommandIdReused) as caught:
        office.does(report)
    assert (caught.value.recorded, caught.value.given) == ("lot.write_off", "lot.write_off")
    assert left(office) == 900_000


def test_what_cannot_be_read_under_a_reused_id_is_parked(plant: Plant) -> None:
    office, phone = plant.devices
    under_one_id(office, SPILT)
    mine = under_one_id(phone, written_off("L1", litres(50)))
    strange = codec.sealed(evolve(mine, command_type="lot.sing", command=b"{}"))
    with phone.store.writing() as transaction:
        transaction.roll_back(mine.id)
        transaction.reseal(mine.id, strange)
        transaction.predict(mine.id, None)
    agreed(plant)
    (item,) = items(office)
    assert (item.matter, item.id != item_id_of(SAID_ONCE)) == ("parked", True)
    assert left(office) == 900_000
