"""The server knows which program each device runs, and says which it runs itself."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from manchengo_server import programs
from manchengo_server.errors import ProgramTooOld
from manchengo_sync import wire
from manchengo_sync.wire import Age, DevicesResponse
from tests.support.dairy import litres, received
from tests.support.server import DRIVER, Caller, Device, Served, Server, problem

OF_TODAY = wire.schema_max()
NEWER = {**OF_TODAY, "lot.sung_to": 1}
OLDER = {name: version for name, version in OF_TODAY.items() if "quarantine" not in name}


def says(device: Device, reads: dict[str, int]) -> wire.PushResponse:
    return device.service.push(device.asking(schema_max=reads), by=device.id)


def test_the_program_of_each_device_is_known_by_what_it_last_said(
    server: Server, office: Device
) -> None:
    phone = server.another_device()
    says(phone, OLDER)
    assert server.service.programs() == {office.id: Age.SAME, phone.id: Age.OLDER}
    says(phone, NEWER)
    assert server.service.programs()[phone.id] is Age.NEWER
    says(phone, {**OLDER, "lot.sung_to": 1})
    assert server.service.programs()[phone.id] is Age.APART
    says(phone, OF_TODAY)
    assert server.service.programs()[phone.id] is Age.SAME


def test_a_device_that_never_exchanged_or_was_withdrawn_is_not_counted(
    server: Server, office: Device
) -> None:
    phone, silent = server.another_device(), server.device()
    server.let_in(silent)
    server.service.withdraw(phone.id, "perdu", by=None)
    assert server.service.programs() == {office.id: Age.SAME}


def test_a_server_brought_up_to_date_sees_at_once_who_is_not(
    server: Server, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "schema_max", lambda: NEWER)
    assert server.service.programs() == {office.id: Age.OLDER}


def test_what_a_device_said_before_is_not_written_again(
    server: Server, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(office, OLDER)
    store = type(server.service.context.store)
    monkeypatch.setattr(store, "writing", lambda *_, **__: pytest.fail("nothing is written"))
    says(office, dict(reversed(OLDER.items())))
    assert server.service.programs() == {office.id: Age.OLDER}


def test_the_server_says_what_it_reads_where_that_is_something_else(
    server: Server, office: Device
) -> None:
    assert says(office, OF_TODAY).schema_max is None
    assert says(office, OLDER).schema_max == OF_TODAY
    assert says(office, NEWER).schema_max == OF_TODAY


def test_a_program_of_another_protocol_is_known_too(server: Server, office: Device) -> None:
    listening = evolve(office.asking(schema_max=OLDER), protocol=wire.PROTOCOL - 1)
    server.service.push(listening, by=office.id)
    assert server.service.programs() == {office.id: Age.OLDER}


def test_a_snapshot_is_not_begun_for_who_speaks_another_protocol(server: Server) -> None:
    with pytest.raises(ProgramTooOld):
        server.service.snapshot(wire.PROTOCOL + 1)


# ---------------------------------------------------------------- over HTTP


def test_a_device_tells_it_with_what_it_offers(
    server: Server, caller: Caller, office: Device
) -> None:
    office.does(received("L2", litres(5)))
    response = caller.push(evolve(office.request(), schema_max=OLDER))
    answer = wire.decode(response.content, wire.PushResponse)
    assert len(answer.synced) == 1
    assert answer.schema_max == OF_TODAY
    assert server.service.programs() == {office.id: Age.OLDER}


@pytest.mark.parametrize(
    "versions",
    [
        lambda: {f"event.{at}": 1 for at in range(1_000_000)},
        lambda: {"a": 10**30},
        lambda: {"a": "b"},
    ],
    ids=["a million names", "a huge version", "no version"],
)
def test_what_no_program_says_is_refused_and_not_kept(
    versions: Callable[[], dict[str, Any]], server: Server, caller: Caller, office: Device
) -> None:
    request = json.loads(wire.encode(office.asking())) | {"schema_max": versions()}
    response = caller.post("/sync/push", json.dumps(request).encode())
    assert problem(response) == (400, "not_understood")
    assert server.service.programs() == {office.id: Age.SAME}


def test_the_snapshot_is_for_who_speaks_as_the_server_does(caller: Caller) -> None:
    assert caller.get(f"/sync/snapshot?protocol={wire.PROTOCOL}").status_code == 200
    assert problem(caller.get("/sync/snapshot?protocol=1")) == (426, "protocol")
    assert problem(caller.get("/sync/snapshot?protocol=deux")) == (400, "not_understood")


def test_an_administrator_is_told_of_all_devices(
    server: Server, caller: Caller, office: Device
) -> None:
    van = server.another_device("camion", user_id=DRIVER)
    says(van, OLDER)
    response = caller.get("/sync/devices")
    answer = wire.decode(response.content, DevicesResponse)
    assert {each.device_id: each.program for each in answer.devices} == {
        office.id: Age.SAME,
        van.id: Age.OLDER,
    }
    refused = Caller(caller.client, van).get("/sync/devices")
    assert problem(refused) == (403, "not_permitted")


def test_how_many_run_which_program_can_be_watched(
    server: Server, caller: Caller, up: Served
) -> None:
    def counted() -> dict[str, str]:
        lines = caller.get("/metrics").text
        return dict(re.findall(r'manchengo_devices\{program="(\w+)"\} (\S+)', lines))

    phone = server.another_device()
    says(phone, OLDER)
    assert counted() == {"same": "1.0", "older": "1.0", "newer": "0.0", "apart": "0.0"}
    says(phone, NEWER)
    assert counted() == {"same": "1.0", "older": "0.0", "newer": "1.0", "apart": "0.0"}
