"""What is offered to whoever decides on an item can be done, now or once its reason is removed."""

import pytest
from attrs import evolve, frozen

from manchengo import Role
from manchengo.application.ways_out import MENDED, YET_TO_COME, ways_out
from manchengo.commands import (
    ArchiveSupplier,
    ChangeProduct,
    Command,
    RegisterClient,
    RegisterUser,
    ResolveItem,
)
from manchengo.domain.errors import Refused, WrongState
from manchengo.domain.ids import ClientId, CommitId, UserId
from manchengo.domain.resolution import Way
from manchengo.ports.rows import ResolutionItemRow, UserRow
from tests.support.dairy import (
    A_DAIRY,
    FARM,
    MILK,
    RENNET,
    an_id,
    an_output,
    called_off,
    completed,
    day,
    delivered,
    dinars,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    millilitres,
    planned,
    poured,
    prepared,
    recalled,
    received,
    sold,
    started,
    written_off,
)
from tests.support.given import Step, somebody
from tests.support.plant import BOSS, Device, Plant

MORNING = (
    A_DAIRY,
    received("L1", litres(100)),
    received("L2", litres(100)),
    received("R1", millilitres(900), of=RENNET),
    in_store("T1", kg(9)),
)
LOADED = (sold("S1", kg(4)), prepared("V1", order="S1"), loaded("V1", "T1", kg(2)))


def a_user(words: str) -> RegisterUser:
    return RegisterUser(user_id=UserId(an_id(words)), name="Karim", roles=frozenset({Role.DRIVER}))


def a_client(words: str) -> RegisterClient:
    return RegisterClient(client_id=ClientId(an_id(words)), code="C9", name="Taleb")


@frozen
class Refusal:
    """``before`` is known to both; the office did ``first``, and the phone ``second``."""

    refusal: str
    before: tuple[Step, ...]
    first: tuple[Step, ...]
    second: Command
    ways: set[Way]


NAMED_OTHERWISE = {Way.VOID, Way.OTHER_CODE}
ADMIN = RegisterUser(user_id=BOSS, name="Amina", roles=frozenset({Role.ADMIN}))
DRIVER = RegisterUser(user_id=BOSS, name="Amina", roles=frozenset({Role.DRIVER}))

REFUSALS = {
    "one name for two people": Refusal(
        "AlreadyExists", (ADMIN,), (a_user("one"),), a_user("other"), NAMED_OTHERWISE
    ),
    "one code for two clients": Refusal(
        "AlreadyExists", (), (a_client("one"),), a_client("other"), NAMED_OTHERWISE
    ),
    "one code for two lots": Refusal(
        "AlreadyExists",
        (),
        (received("L5", litres(5)),),
        evolve(received("L6", litres(6)), code="L5"),
        NAMED_OTHERWISE,
    ),
    "one code for two lots that came out": Refusal(
        "AlreadyExists",
        (),
        (received("T9", litres(1)),),
        made("O9", kg(1), outputs=(evolve(an_output("T8", kg(1)), code="T9"),)),
        NAMED_OTHERWISE,
    ),
    "one lot twice": Refusal(
        "AlreadyExists", (), (received("L5", litres(5)),), received("L5", litres(5)), {Way.VOID}
    ),
    "too little left": Refusal(
        "NotEnoughInLot",
        (),
        (written_off("L1", litres(90)),),
        written_off("L1", litres(60)),
        {Way.VOID, Way.RETRY, Way.OTHER_LOT},
    ),
    "a recalled lot": Refusal(
        "LotUnfit",
        (planned("O1", kg(1)), started("O1")),
        (recalled("L1"),),
        poured("O1", "L1", litres(1), reason="vu"),
        {Way.VOID, Way.OTHER_LOT},
    ),
    "an order that is over": Refusal(
        "WrongState",
        (planned("O1", kg(1)), started("O1"), poured("O1", "L1", litres(1), reason="vu")),
        (completed("O1", an_output("T5", kg(1))),),
        poured("O1", "L1", litres(2), reason="vu"),
        {Way.VOID},
    ),
    "an order called off": Refusal(
        "WrongState",
        (sold("S1", kg(1)),),
        (called_off("S1"),),
        delivered("V1", order="S1"),
        {Way.VOID},
    ),
    "an archived supplier": Refusal(
        "Archived",
        (),
        (ArchiveSupplier(supplier_id=FARM),),
        received("L5", litres(5)),
        {Way.VOID},
    ),
    "no right": Refusal("NotPermitted", (), (DRIVER,), written_off("L1", litres(1)), {Way.VOID}),
    "a price of two": Refusal(
        "",
        (),
        (ChangeProduct(product_id=MILK, price=dinars(3)),),
        ChangeProduct(product_id=MILK, price=dinars(4)),
        {Way.VOID, Way.RETRY},
    ),
}


def after(case: Refusal) -> tuple[Plant, ResolutionItemRow]:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(MORNING, case.before)
    plant.settle()
    office.does(case.first)
    office.push()
    phone.does(case.second)
    plant.settle()
    with plant.store.reading() as log:
        (item,) = log.rows(ResolutionItemRow)
    return plant, item


def offered(plant: Plant, item: ResolutionItemRow) -> set[Way]:
    with plant.store.reading() as log:
        row = log.get(ResolutionItemRow, item.id)
        assert row is not None
        return set(ways_out(log, row))


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS)
def test_only_what_can_be_done_is_offered(case: Refusal) -> None:
    plant, item = after(case)
    assert item.refusal == case.refusal
    assert offered(plant, item) == case.ways


def test_nobody_is_offered_what_their_roles_do_not_allow() -> None:
    plant, item = after(REFUSALS["too little left"])
    with plant.store.reading() as log:
        assert ways_out(log, item, by=somebody(Role.SUPPLY)) == ways_out(log, item)
        assert ways_out(log, item, by=somebody(Role.SALES)) == (Way.VOID,)
        assert ways_out(log, item, by=somebody(Role.DRIVER)) == ()


@pytest.mark.parametrize("case", REFUSALS.values(), ids=REFUSALS)
def test_what_is_offered_is_carried_out_or_waits_for_something(case: Refusal) -> None:
    plant, item = after(case)
    device = plant.devices[-1]
    for way in offered(plant, item):
        command = ResolveItem(
            item_id=item.id, way=way, reason="vu", on=day(1), lot_id=lot_id("L2"), code="Autre"
        )
        refusal = refused(device, command)
        if isinstance(refusal, WrongState):
            assert refusal.state in YET_TO_COME
        else:
            assert refusal is None or isinstance(refusal, MENDED), refusal


def refused(device: Device, command: Command) -> Refused | None:
    """What is said to whoever tries it; nothing of it is kept."""
    try:
        with device.dairy.batch(keep=False) as batch:
            batch.execute(command, command_id=CommitId(an_id("tried")))
    except Refused as refusal:
        return refusal
    return None


def test_nothing_is_offered_once_somebody_decided() -> None:
    plant, item = after(REFUSALS["too little left"])
    plant.devices[0].does(ResolveItem(item_id=item.id, way=Way.VOID, reason="vu", on=day(1)))
    plant.settle()
    assert offered(plant, item) == set()


def test_of_two_people_of_one_name_the_second_is_given_another() -> None:
    plant, item = after(REFUSALS["one name for two people"])
    plant.devices[1].does(
        ResolveItem(
            item_id=item.id, way=Way.OTHER_CODE, code="Karim B.", reason="homonyme", on=day(1)
        )
    )
    plant.settle()
    with plant.store.reading() as log:
        names = {row.name for row in log.rows(UserRow)}
    assert names == {"Amina", "Karim", "Karim B."}
