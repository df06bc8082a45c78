"""The server gives no verdict that devices refuse: one altered commit would stop all of them.

A device in other hands signs a command, and beside it events of something else. The rules decide
the command again, and what they make of it is not what was recorded.
"""

from typing import Any

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.application.command_check import LONGEST_TEXT, NotWritable
from manchengo.application.replication import verdicts
from manchengo.application.replication.effects_check import DoesNotFollow
from manchengo.application.replication.server_log import Offered, receive
from manchengo.application.ways_out import ways_out
from manchengo.commands import (
    EnrolDevice,
    RegisterClient,
    RegisterSupplier,
    RegisterUser,
    StartImport,
)
from manchengo.domain.access import Role
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import (
    ClientId,
    DeviceId,
    ImportId,
    SupplierId,
    UserId,
)
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.resolution import ResolveItem, Way
from manchengo.ports.rows import ResolutionItemRow
from tests.support.dairy import A_DAIRY, MONDAY, an_id, blocked, litres, recalled, received
from tests.support.plant import Device, Plant


def an_import(name: str) -> StartImport:
    return StartImport(
        import_id=ImportId(an_id(name)),
        kind=ImportKind.LOTS,
        file_name="lots.csv",
        digest=name,
        on=MONDAY,
    )


def a_user(name: str) -> RegisterUser:
    return RegisterUser(user_id=UserId(an_id(name)), name=name, roles=frozenset({Role.DRIVER}))


def a_device(name: str) -> EnrolDevice:
    return EnrolDevice(
        device_id=DeviceId(an_id(name)),
        name=name,
        mark="",
        public_key="aa" * 32,
        user_id=UserId(an_id("user")),
    )


RECORDED_AND_ASKED: dict[str, tuple[Any, Any]] = {
    "a file": (an_import("one"), an_import("two")),
    "a client": (
        RegisterClient(client_id=ClientId(an_id("one")), code="C7", name="Épicerie"),
        RegisterClient(client_id=ClientId(an_id("two")), code="C8", name="Marché"),
    ),
    "a supplier": (
        RegisterSupplier(supplier_id=SupplierId(an_id("one")), code="F7", name="Ferme"),
        RegisterSupplier(supplier_id=SupplierId(an_id("two")), code="F8", name="Étable"),
    ),
    "a person": (a_user("one"), a_user("two")),
    "a device": (a_device("one"), a_device("two")),
    "two kinds of thing": (an_import("one"), a_user("two")),
}


@pytest.mark.parametrize("about", RECORDED_AND_ASKED)
def test_a_command_beside_events_of_another_stops_nobody(about: str) -> None:
    recorded, asked = RECORDED_AND_ASKED[about]
    plant = Plant()
    office, thief, reader = plant.device(), plant.device(), plant.device()
    office.does(A_DAIRY)
    plant.settle()
    entry = handed_in(plant, thief, recorded, asked)
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, DoesNotFollow.__name__)
    office.does(received("L1", litres(1)))
    office.push()
    reader.pull()
    with reader.store.reading() as snapshot:
        assert snapshot.cursor() == entry.global_seq + 1
        items = [item.refusal for item in snapshot.rows(ResolutionItemRow)]
    assert items == [DoesNotFollow.__name__]
    assert reader.dairy.verify().sound


def a_plant_with_a_lot() -> tuple[Plant, Device, Device]:
    plant = Plant()
    office, thief = plant.device(), plant.device()
    office.does(A_DAIRY, received("L1", litres(100)))
    plant.settle()
    return plant, office, thief


LONG = "x" * (LONGEST_TEXT + 1)


def test_a_text_that_nobody_types_is_not_multiplied_by_what_a_recall_reaches() -> None:
    plant, office, thief = a_plant_with_a_lot()
    entry = handed_in(plant, thief, recalled("L1"), recalled("L1", reason=LONG), events=())
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, "NotWritable")
    office.pull()
    with office.store.reading() as snapshot:
        (item,) = snapshot.rows(ResolutionItemRow)
        assert ways_out(snapshot, item) == (Way.VOID,)
    again = ResolveItem(item_id=item.id, way=Way.RETRY, reason="?", on=MONDAY)
    with pytest.raises(NotWritable):
        office.does(again)


def test_a_text_of_the_most_letters_is_taken_in() -> None:
    plant, _, thief = a_plant_with_a_lot()
    entry = handed_in(plant, thief, recalled("L1"), recalled("L1", reason=LONG[1:]), events=())
    assert (entry.verdict, entry.reason) == (Verdict.ACCEPTED, "")


def test_what_no_answer_carries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    plant, office, thief = a_plant_with_a_lot()
    monkeypatch.setattr(verdicts, "MOST_BYTES", 2_000)
    entry = handed_in(plant, thief, recalled("L1"), recalled("L1"), events=())
    assert (entry.verdict, entry.reason) == (Verdict.REJECTED, DoesNotFollow.__name__)
    monkeypatch.setattr(verdicts, "MOST_BYTES", 20_000)
    entry = handed_in(plant, office, blocked("L1"), blocked("L1"), events=())
    assert (entry.verdict, entry.reason) == (Verdict.ACCEPTED, "")


def handed_in(plant: Plant, thief: Device, recorded: Any, asked: Any, **otherwise: Any) -> LogEntry:
    """The entry of a commit that asks for one thing, and has the events of the other."""
    commit = thief.does(recorded)[-1]
    altered = evolve(
        commit,
        **otherwise,
        command_type=codec.commands.name(asked),
        command_version=codec.commands.version(codec.commands.name(asked)),
        command=codec.commands.encode(asked),
    )
    with plant.store.writing() as transaction:
        received = receive(
            transaction,
            [Offered(commit=codec.sealed(altered), signature=b"signed")],
            received_at=plant.now,
            state_cache=plant.state_cache,
        )
    (entry,) = received.entered
    return entry
