"""The server's disk is full: nothing is taken in, and every device is told so and loses nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from attrs import evolve

from manchengo import MemoryStore
from manchengo.ports.storage_errors import DiskFull, StorageError
from manchengo_server import heard_devices, programs
from manchengo_sync.wire import Age
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import Caller, Device, Server, a_server, digest_of, problem, served


class Disk(MemoryStore):
    """A store that rolls back what it is to write, once its disk is full."""

    is_full = False

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[MemoryStore]:
        with super().writing(durable=durable) as transaction:
            yield transaction
            if self.is_full:
                raise DiskFull


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def server(disk: Disk) -> Server:
    stores = iter([disk])
    return a_server(lambda: next(stores, None) or MemoryStore())


@pytest.fixture
def office(server: Server) -> Device:
    return server.first_device(A_DAIRY, received("L1", litres(100)))


def test_a_commit_is_not_taken_and_comes_once_there_is_room(
    disk: Disk, server: Server, office: Device
) -> None:
    (commit,) = office.does(received("L2", litres(5)))
    before = server.service.head(), digest_of(disk)
    with served(server.service, storage_faults=(StorageError,)) as up, up.client() as client:
        caller = Caller(client)
        token = {"Authorization": f"Bearer {office.token()}"}
        disk.is_full = True
        assert problem(caller.push(office.request(), headers=token)) == (507, "storage_full")
        proof = office.proof(server.service.challenge().nonce)
        assert problem(caller.post("/sync/token", proof)) == (507, "storage_full")
        assert up.line(status=507)["code"] == "storage_full"
        assert (server.service.head(), digest_of(disk)) == before
        disk.is_full = False
        assert caller.push(office.request(), headers=token).status_code == 200
    with disk.reading() as snapshot:
        assert snapshot.entry(commit.id) is not None


def test_who_has_nothing_to_send_and_is_sent_nothing_is_answered(
    disk: Disk, server: Server, office: Device
) -> None:
    """That it was heard, and what its program reads, is told later."""
    phone = server.another_device()
    disk.is_full = True
    server.clock.at += timedelta(hours=1)
    older = evolve(phone.asking(unsent=0), schema_max={"lot.received": 1})
    assert server.service.push(older, by=phone.id).new == ()
    with disk.reading() as snapshot:
        assert programs.ages(snapshot) == {office.id: Age.SAME, phone.id: Age.SAME}
        (before,) = heard_devices.but_itself(heard_devices.seen(snapshot), office.id)
    disk.is_full = False
    server.service.push(older, by=phone.id)
    with disk.reading() as snapshot:
        assert programs.ages(snapshot)[phone.id] is Age.OLDER
        (after,) = heard_devices.but_itself(heard_devices.seen(snapshot), office.id)
    assert before.heard_at != after.heard_at


def test_nobody_is_sent_what_the_server_cannot_note_that_it_sent(
    disk: Disk, server: Server, office: Device
) -> None:
    """Else a recall would say of a device that it never knew of the lot."""
    phone = server.another_device()
    office.does(received("L2", litres(5)))
    office.syncs()
    disk.is_full = True
    with pytest.raises(DiskFull):
        server.service.push(phone.asking(), by=phone.id)
    disk.is_full = False
    assert len(server.service.push(phone.asking(), by=phone.id).new) == 1
