"""A lying server writes effects into the log that no commit can have: no device takes them in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve, frozen

from manchengo import codec
from manchengo.application.replication.device_log import apply
from manchengo.application.replication.effect_ids import derived_id
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.commands import (
    ChangeClient,
    ChangeProduct,
    ChangeRoles,
    DeactivateUser,
    DefineRecipe,
    EnrolDevice,
    RegisterUser,
    SetDensity,
    WithdrawDevice,
)
from manchengo.domain.access import Role, UserRolesChanged
from manchengo.domain.client import ClientDetailsChanged
from manchengo.domain.commit import LogEntry, Recorded, Verdict
from manchengo.domain.details import details
from manchengo.domain.device import DeviceEnrolled, DeviceWithdrawn
from manchengo.domain.ids import CommitId, DeviceId, EventId, ImportId, UserId
from manchengo.domain.import_batch import EntriesUndone, ImportKind, StartImport, UndoImport
from manchengo.domain.lot.events import LotRecalled, LotReserved, LotUnreserved, LotWrittenOff
from manchengo.domain.recipe import Ingredient
from manchengo.domain.resolution import ItemJudgedAgain, Matter, ResolveItem, Way, item_id_of
from manchengo.domain.values import Density, Quantity
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    MONDAY,
    RECIPE,
    RENNET,
    SHOP,
    a_line,
    a_priced_line,
    an_id,
    blocked,
    called_off,
    confirmed,
    day,
    dinars,
    in_store,
    kg,
    litres,
    lot_id,
    made,
    make_id,
    millilitres,
    ordered,
    recalled,
    received,
    released,
    sale_id,
    sale_reopened,
    sold,
    written_off,
)
from tests.support.plant import Device, Plant

NO_IMPORT = ImportId(an_id("an import"))
KARIM = UserId(an_id("Karim"))
AMINA = UserId(an_id("Amina"))
USERS = (
    RegisterUser(user_id=UserId(UUID(int=100)), name="Boss", roles=frozenset({Role.ADMIN})),
    RegisterUser(user_id=AMINA, name="Amina", roles=frozenset({Role.ADMIN})),
    RegisterUser(user_id=KARIM, name="Karim", roles=frozenset({Role.DRIVER})),
)
A_RENNET = received("R1", millilitres(900), of=RENNET)
A_MORNING = (A_DAIRY, *USERS, received("L1", litres(100)), received("L2", litres(100), on=day(1)))


def device_of(name: str) -> DeviceId:
    return DeviceId(an_id(f"device {name}"))


def enrolled(name: str, key: str) -> EnrolDevice:
    return EnrolDevice(
        device_id=device_of(name), name=name, mark="", public_key=key * 32, user_id=KARIM
    )


def settled(*steps: Any, devices: int = 2) -> tuple[Plant, list[Device]]:
    plant = Plant()
    made = [plant.device() for _ in range(devices)]
    made[0].does(*steps)
    plant.settle()
    return plant, made


def last(plant: Plant) -> LogEntry:
    return plant.after(0, 10_000)[-1]


# ---------------------------------------------------------------- forging


@frozen
class More:
    """An effect that the server adds, about that subject."""

    event: Any
    subject: UUID
    aggregate_type: str = ""
    version: int = 0

    def as_recorded(self, entry: LogEntry, index: int) -> Recorded:
        name = codec.events.name(self.event)
        payload = codec.events.encode(self.event)
        return Recorded(
            id=derived_id(entry.commit, index, name, payload),
            aggregate_type=self.aggregate_type or name.partition(".")[0],
            aggregate_id=self.subject,
            event_type=name,
            schema_version=self.version or codec.events.version(name),
            payload=payload,
            version=1,
        )


def sealed(entry: LogEntry, previous: bytes, **otherwise: Any) -> LogEntry:
    return codec.sealed_entry(evolve(entry, **otherwise), previous)


def with_more(entry: LogEntry, *more: More) -> tuple[Recorded, ...]:
    """What happened by it, and more behind."""
    begun = len(entry.effects)
    return (
        *entry.effects,
        *[each.as_recorded(entry, begun + index) for index, each in enumerate(more)],
    )


def instead(entry: LogEntry, *all_of_it: Recorded | More) -> tuple[Recorded, ...]:
    """These effects and no others, under ids that follow."""
    as_recorded_effects = []
    for index, each in enumerate(all_of_it):
        if isinstance(each, More):
            as_recorded_effects.append(each.as_recorded(entry, index))
        else:
            as_recorded_effects.append(
                evolve(each, id=derived_id(entry.commit, index, each.event_type, each.payload))
            )
    return tuple(as_recorded_effects)


def refuses(plant: Plant, reader: Device, forge: Callable[[LogEntry], dict[str, Any]]) -> None:
    """The reader takes in what came before the last entry, and that one only as it was."""
    *before, honest = plant.after(0, 10_000)
    cursor = place_of(reader)
    reader.take([entry for entry in before if entry.global_seq > cursor])
    digest = reader.digest()
    forged = sealed(honest, before[-1].hash, **forge(honest))
    assert forged != honest
    with pytest.raises(ForgedEntry) as refused:
        reader.take([forged])
    reader.state_cache.forget()
    assert (refused.value.global_seq, refused.value.commit_id) == (
        honest.global_seq,
        honest.commit.id,
    )
    assert (place_of(reader), reader.digest()) == (before[-1].global_seq, digest)
    reader.take([honest])
    assert place_of(reader) == honest.global_seq
    assert reader.dairy.verify().sound


def place_of(device: Device) -> int:
    with device.store.reading() as snapshot:
        return snapshot.cursor()


def effective(*more: More) -> Callable[[LogEntry], dict[str, Any]]:
    return lambda entry: {"effective": with_more(entry, *more)}


ADMIN = UserRolesChanged(roles=(Role.ADMIN,))
NO_CHANGE = dict.fromkeys(details(ClientDetailsChanged))
OTHER_NAME = ClientDetailsChanged(**(NO_CHANGE | {"name": "Autre"}))
SOME_LOST = LotWrittenOff(quantity=litres(5), on=MONDAY, reason="lost")
IN_RECALL = LotRecalled(source=lot_id("L1"), on=MONDAY, reason="listeria")
A_THIEF = DeviceEnrolled(
    device_id=device_of("thief"), name="thief", mark="Z", public_key="ab" * 32, user_id=AMINA
)

ADDED = {
    "a right": More(ADMIN, KARIM),
    "a right that is said to be of a lot": More(ADMIN, KARIM, aggregate_type="lot"),
    "a device let in": More(A_THIEF, device_of("thief")),
    "a device withdrawn": More(DeviceWithdrawn(reason="perdu"), device_of("phone")),
    "a user undone": More(
        EntriesUndone(import_id=NO_IMPORT, entries=1), KARIM, aggregate_type="user"
    ),
    "milk that leaves": More(SOME_LOST, lot_id("L1")),
    "a recall": More(IN_RECALL, lot_id("L1")),
    "what was kept is given back": More(
        LotUnreserved(owner=make_id("O1"), quantity=litres(1), on=MONDAY), lot_id("L1")
    ),
    "a client's name": More(OTHER_NAME, SHOP),
    "a right that only a newer program can read": More(ADMIN, KARIM, version=99),
}


@pytest.mark.parametrize("added", ADDED)
def test_nothing_is_added_to_an_honest_commit(added: str) -> None:
    plant, (office, phone) = settled(*A_MORNING, enrolled("phone", "aa"))
    office.does(received("L3", litres(3), on=day(1)))
    office.push()
    refuses(plant, phone, lambda entry: {"effective": with_more(entry, ADDED[added])})


def test_what_this_program_cannot_read_does_nothing_here_and_passes() -> None:
    plant, (office, phone) = settled(*A_MORNING)
    office.does(received("L3", litres(3), on=day(1)))
    office.push()
    *before, honest = plant.after(0, 10_000)
    newer = More(SOME_LOST, lot_id("L1"), version=99)
    phone.take([sealed(honest, before[-1].hash, effective=with_more(honest, newer))])
    assert place_of(phone) == honest.global_seq


def other(entry: LogEntry, **fields: Any) -> tuple[Recorded, ...]:
    """The first effect says otherwise."""
    first, *rest = entry.effects
    event = codec.events.decode(first.event_type, first.schema_version, first.payload)
    return instead(entry, More(evolve(event, **fields), first.aggregate_id), *rest)


A_SALE = (*in_store("T1", kg(5)), *in_store("T2", kg(5), on=day(1)), ordered("S1", a_line(kg(2))))

CHANGED: dict[str, tuple[tuple[Any, ...], Any, Callable[[LogEntry], dict[str, Any]]]] = {
    "another quantity": (
        (),
        written_off("L1", litres(1)),
        lambda entry: {"effective": other(entry, quantity=litres(90))},
    ),
    "another name": (
        (),
        ChangeClient(client_id=SHOP, name="Neuf"),
        lambda entry: {"effective": other(entry, name="Autre")},
    ),
    "a field that was not written": (
        (),
        ChangeClient(client_id=SHOP, name="Neuf"),
        lambda entry: {"effective": other(entry, minimum_shelf_life_days=9)},
    ),
    "other roles": (
        (),
        ChangeRoles(user_id=KARIM, roles=frozenset({Role.SALES})),
        lambda entry: {"effective": other(entry, roles=(Role.ADMIN,))},
    ),
    "another key": (
        (),
        enrolled("phone", "aa"),
        lambda entry: {"effective": other(entry, public_key="bb" * 32)},
    ),
    "another price": (
        in_store("T1", kg(5)),
        ordered("S1", a_line(kg(2))),
        lambda entry: {
            "effective": other(entry, lines=(a_priced_line(kg(2), at=dinars(1)),)),
        },
    ),
    "a lot that was kept for nobody": (
        A_SALE,
        confirmed("S1"),
        lambda entry: {
            "verdict": Verdict.REALLOCATED,
            "effective": instead(
                entry,
                entry.effects[0],
                More(LotReserved(owner=sale_id("S1"), quantity=kg(1), on=MONDAY), lot_id("T2")),
            ),
        },
    ),
    "one withdrawn who is none of its copies": (
        (enrolled("phone", "aa"), enrolled("van", "bb")),
        WithdrawDevice(device_id=device_of("phone"), reason="perdu"),
        lambda entry: {
            "effective": with_more(entry, More(DeviceWithdrawn(reason="perdu"), device_of("van")))
        },
    ),
    "a deactivation left out": (
        (),
        DeactivateUser(user_id=KARIM),
        lambda _: {"effective": ()},
    ),
    "a recall left out": ((), recalled("L1"), lambda _: {"effective": ()}),
    "a recall of a person": (
        (),
        recalled("L1"),
        lambda entry: {
            "effective": with_more(entry, More(IN_RECALL, KARIM, aggregate_type="user"))
        },
    ),
    "a recall of a product": (
        (),
        recalled("L1"),
        lambda entry: {
            "effective": with_more(
                entry, More(IN_RECALL, CommitId(UUID(int=900)), aggregate_type="product")
            )
        },
    ),
    "a step left out": (
        (*in_store("T1", kg(5)), ordered("S1", a_line(kg(2)))),
        called_off("S1"),
        lambda _: {"effective": ()},
    ),
    "a fact left out among others": (
        (),
        made("T1", kg(1), on=day(1)),
        lambda entry: {"effective": instead(entry, *entry.effects[:1], *entry.effects[2:])},
    ),
    "an id that does not follow": (
        (),
        ChangeClient(client_id=SHOP, name="Neuf"),
        lambda entry: {
            "effective": (evolve(entry.effects[0], id=EventId(UUID(int=9))),),
        },
    ),
    "accepted, and refused": (
        (),
        written_off("L1", litres(1)),
        lambda _: {"verdict": Verdict.REJECTED, "reason": "NotEnoughInLot"},
    ),
    "refused without an item": (
        (),
        written_off("L1", litres(1)),
        lambda _: {"verdict": Verdict.REJECTED, "reason": "NotEnoughInLot", "effective": ()},
    ),
}


@pytest.mark.parametrize("changed", CHANGED)
def test_nothing_else_is_made_of_an_honest_commit(changed: str) -> None:
    before, step, forge = CHANGED[changed]
    plant, (office, phone) = settled(*A_MORNING, A_RENNET, *before)
    office.does(step)
    office.push()
    refuses(plant, phone, forge)


# ---------------------------------------------------------------- what is refused or parked


def a_refused_pour() -> tuple[Plant, Device]:
    """The last entry is a commit of the phone's that the log rejects."""
    plant, (office, phone, reader) = settled(*A_MORNING, devices=3)
    office.does(written_off("L1", litres(80)))
    phone.does(written_off("L1", litres(40)))
    office.push()
    phone.push()
    assert last(plant).verdict is Verdict.REJECTED
    return plant, reader


REFUSED: dict[str, Callable[[LogEntry], dict[str, Any]]] = {
    "it happens beside its item": lambda entry: {
        "effective": with_more(entry, More(SOME_LOST, lot_id("L1")))
    },
    "it gives a right": lambda entry: {"effective": with_more(entry, More(ADMIN, KARIM))},
    "the item claims more than was recorded": lambda entry: {
        "effective": other(entry, claims=claims_of_more(entry))
    },
    "the item is somebody else's": lambda entry: {"effective": other(entry, user_id=KARIM)},
    "the item says that it is parked": lambda entry: {
        "effective": other(entry, matter=Matter.PARKED)
    },
    "the item is another commit's": lambda entry: {
        "effective": instead(
            entry, evolve(entry.effects[0], aggregate_id=item_id_of(CommitId(NO_IMPORT)))
        )
    },
    "two items": lambda entry: {"effective": instead(entry, *entry.effects, *entry.effects)},
    "who had no right to it recalls": lambda entry: {
        "reason": "NotPermitted",
        "effective": with_more(entry, More(IN_RECALL, lot_id("L2"))),
    },
    "it is parked and recalls": lambda entry: {
        "verdict": Verdict.PARKED,
        "effective": instead(
            entry,
            *other(entry, matter=Matter.PARKED),
            More(IN_RECALL, lot_id("L2")),
        ),
    },
}


def claims_of_more(entry: LogEntry) -> tuple[Any, ...]:
    first = entry.effects[0]
    opened = codec.events.decode(first.event_type, first.schema_version, first.payload)
    (claim,) = opened.claims
    return (claim, evolve(claim, quantity=litres(70)))


@pytest.mark.parametrize("forged", REFUSED)
def test_a_refused_commit_opens_its_item_and_nothing_else(forged: str) -> None:
    plant, reader = a_refused_pour()
    refuses(plant, reader, REFUSED[forged])


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.REJECTED])
def test_no_commit_has_two_verdicts(verdict: Verdict) -> None:
    """The log refused it. What was parked alone is judged again."""
    plant, reader = a_refused_pour()
    *_, honest = plant.after(0, 10_000)
    reader.pull()
    judged = ItemJudgedAgain(
        matter=None if verdict is Verdict.ACCEPTED else Matter.REJECTED,
        refusal="",
        facts="{}",
        claims=(),
    )
    happened = honest.commit.events if verdict is Verdict.ACCEPTED else ()
    again = sealed(
        honest,
        honest.hash,
        global_seq=honest.global_seq + 1,
        verdict=verdict,
        effective=instead(honest, *happened, More(judged, item_id_of(honest.commit.id))),
    )
    with pytest.raises(ForgedEntry):
        reader.take([again])


def test_a_fact_is_not_added_beside_what_nobody_can_read() -> None:
    plant, (office, phone) = settled(*A_MORNING)
    office.does(received("L3", litres(3), on=day(1)))
    office.push()
    newer, lost = More(SOME_LOST, lot_id("L1"), version=99), More(SOME_LOST, lot_id("L1"))
    refuses(plant, phone, lambda entry: {"effective": with_more(entry, newer, lost)})


def test_verify_names_an_entry_whose_effects_cannot_follow() -> None:
    """It came in through a program that did not look."""
    plant, (office, phone) = settled(*A_MORNING)
    office.does(received("L3", litres(3), on=day(1)))
    office.push()
    *before, honest = plant.after(0, 10_000)
    more = with_more(honest, More(ADMIN, KARIM))
    forged = sealed(honest, before[-1].hash, effective=more)
    with phone.store.writing() as transaction:
        apply(transaction, forged, phone.state_cache)
    found = phone.dairy.verify().tampered
    assert found is not None
    assert (found.fault, found.commit_id) == ("effects", honest.commit.id)


# ---------------------------------------------------------------- what honest servers do


def twice(one: Device, step: Any, other: Device, again: Any) -> None:
    """Both record apart; the log sees the first one first."""
    one.does(step)
    other.does(again)
    one.push()
    other.push()


def density(grams: int) -> SetDensity:
    return SetDensity(product_id=MILK, density=Density(grams), valid_from=MONDAY)


def recipe(*, of: Quantity) -> DefineRecipe:
    return DefineRecipe(
        recipe_id=RECIPE,
        product_id=CHEESE,
        batch=of,
        ingredients=(Ingredient(MILK, litres(90)),),
        valid_from=day(2),
    )


ROLES = {name: frozenset({name}) for name in (Role.SALES, Role.DRIVER, Role.ADMIN)}

APART: dict[str, tuple[tuple[Any, ...], Any, Any]] = {
    "the next version of a recipe": ((), recipe(of=kg(8)), recipe(of=kg(9))),
    "another density": (
        (density(1_030),),
        density(1_040),
        ordered("S1", a_line(kg(3), of=MILK)),
    ),
    "a recall that reaches further": (
        (A_RENNET,),
        made("T5", kg(1), on=day(1)),
        recalled("L1", on=day(1)),
    ),
    "the same deactivation": ((), DeactivateUser(user_id=KARIM), DeactivateUser(user_id=KARIM)),
    "the same roles": (
        (),
        ChangeRoles(user_id=KARIM, roles=ROLES[Role.SALES]),
        ChangeRoles(user_id=KARIM, roles=ROLES[Role.SALES]),
    ),
    "the same withdrawal": (
        (enrolled("phone", "aa"),),
        WithdrawDevice(device_id=device_of("phone"), reason="perdu"),
        WithdrawDevice(device_id=device_of("phone"), reason="perdu au marché"),
    ),
    "a copy that came in since": (
        (enrolled("phone", "aa"),),
        enrolled("copy", "aa"),
        WithdrawDevice(device_id=device_of("phone"), reason="perdu"),
    ),
    "the same mark": ((), enrolled("phone", "aa"), enrolled("van", "bb")),
    "a name and a price": (
        (),
        ChangeProduct(product_id=CHEESE, name="Tomme fine", price=dinars(1_300)),
        ChangeProduct(product_id=CHEESE, name="Tomme", price=dinars(1_400)),
    ),
    "another lot": (
        (*in_store("T1", kg(5)), *in_store("T2", kg(5), on=day(1))),
        sold("S1", kg(4), on=day(1)),
        sold("S2", kg(4), on=day(1)),
    ),
    "the same order called off": (
        (*in_store("T1", kg(5)), ordered("S1", a_line(kg(2)))),
        called_off("S1"),
        called_off("S1", reason="trop tard"),
    ),
}


@pytest.mark.parametrize("apart", APART)
def test_what_two_devices_record_apart_is_taken_in_by_all(apart: str) -> None:
    before, one, other = APART[apart]
    plant, (office, phone, reader) = settled(*A_MORNING, *before, devices=3)
    twice(office, one, phone, other)
    assert last(plant).effective is not None
    assert last(plant).verdict in (Verdict.ACCEPTED, Verdict.REALLOCATED)
    plant.settle()
    assert len(plant.digests()) == 1
    assert reader.dairy.verify().sound


def test_what_was_so_already_when_it_was_recorded_is_done_where_it_is_so_no_more() -> None:
    plant, (office, phone, reader) = settled(*A_MORNING, blocked("L1"), devices=3)
    twice(office, released("L1"), phone, blocked("L1", reason="encore"))
    (effect,) = last(plant).effects
    assert (effect.event_type, last(plant).commit.events) == ("lot.blocked", ())
    plant.settle()
    assert reader.dairy.verify().sound


def test_roles_that_were_so_already_are_given_where_they_are_so_no_more() -> None:
    plant, (office, phone, reader) = settled(*A_MORNING, devices=3)
    twice(
        office,
        ChangeRoles(user_id=KARIM, roles=ROLES[Role.SALES]),
        phone,
        ChangeRoles(user_id=KARIM, roles=ROLES[Role.DRIVER]),
    )
    assert last(plant).commit.events == ()
    assert [each.event_type for each in last(plant).effects] == ["user.roles_changed"]
    plant.settle()
    assert reader.dairy.verify().sound


def test_what_is_left_out_follows_from_what_was_before_it_whatever_came_since() -> None:
    """The log refuses that the order was called off, so nothing is to be reopened."""
    order = (*in_store("T1", kg(5)), ordered("S1", a_line(kg(2))))
    plant, (office, phone, reader) = settled(*A_MORNING, *order, devices=3)
    office.does(confirmed("S1", on=day(2)))
    phone.does(called_off("S1", on=day(1)), sale_reopened("S1", on=day(1)))
    office.push()
    phone.push()
    assert (last(plant).verdict, last(plant).effective) == (Verdict.ACCEPTED, ())
    plant.settle()
    office.does(called_off("S1", on=day(3)))
    plant.settle()
    assert reader.dairy.verify().sound


def test_one_item_resolved_in_two_ways_is_taken_in_by_all() -> None:
    plant, (office, phone, reader) = settled(*A_MORNING, devices=3)
    twice(office, written_off("L1", litres(80)), phone, written_off("L1", litres(40)))
    plant.settle()
    item = item_id_of(last(plant).commit.id)
    retry = ResolveItem(item_id=item, way=Way.VOID, reason="compté", on=day(1))
    twice(office, retry, phone, retry)
    assert last(plant).effective == ()
    plant.settle()
    assert reader.dairy.verify().sound


def test_an_import_of_which_the_log_refused_a_row_is_undone() -> None:
    plant, (office, phone, reader) = settled(*A_MORNING, devices=3)
    batch = NO_IMPORT
    office.does(
        StartImport(
            import_id=batch, kind=ImportKind.LOTS, file_name="l.csv", digest="00" * 32, on=MONDAY
        )
    )
    with office.dairy.batch(import_id=batch) as rows:
        for row in ("X1", "X2"):
            rows.execute(received(row, litres(1)), command_id=CommitId(an_id(row)))
    phone.does(received("X1", litres(8)))
    phone.push()
    office.does(UndoImport(import_id=batch, reason="mauvais fichier"))
    plant.settle()
    undone = last(plant)
    assert undone.commit.command_type == "import.undo"
    assert undone.verdict is Verdict.ACCEPTED
    assert undone.effective is not None
    assert reader.dairy.verify().sound
