"""An enrolled device that means harm, and all that it can ask: the plant goes on as before."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from manchengo.commands import AllowRenewal
from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import DeviceRow
from manchengo_server.errors import DeviceIsWithdrawn, LogReset, RenewalWaits
from manchengo_server.plant import Epochs
from manchengo_server.renewals import APART
from manchengo_sync.wire import RenewRequest
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import Device, Server

MANY = 300
A_MOMENT = timedelta(seconds=1)


def told_to_go_back(device: Device, *, cursor: int) -> LogReset:
    with pytest.raises(LogReset) as told:
        device.service.push(device.asking(cursor=cursor), by=device.id)
    return told.value


def what_is_kept(server: Server) -> tuple[int, bytes, str]:
    with server.service.context.reading() as snapshot:
        return snapshot.cursor(), snapshot.log_hash(), str(Epochs.read(snapshot))


# ---------------------------------------------------------------- which log it is


def test_no_device_begins_another_epoch(lasting_server: Server) -> None:
    server = lasting_server
    office = server.first_device(*A_DAIRY, received("L1", litres(100)))
    thief = server.another_device()
    before = what_is_kept(server)
    office.syncs()
    answers = [told_to_go_back(thief, cursor=1_000_000 + ask) for ask in range(MANY)]
    assert what_is_kept(server) == before
    assert {answer.log_epoch for answer in answers} == {office.epoch}
    assert {answer.keep for answer in answers} == {before[0]}
    assert office.exchanges().push_error is None, "nobody else notices"


# ---------------------------------------------------------------- new ids without end


def renewed(device: Device) -> DeviceId:
    """The id that a copy of its database was given."""
    new = DeviceId(device.ids.new())
    device.service.renew(RenewRequest(former_id=device.id, device_id=new), by=device.id)
    return new


def marks(server: Server) -> list[str]:
    return sorted(row.mark for row in server.service.devices())


def test_a_key_takes_no_ids_without_end(lasting_server: Server) -> None:
    server = lasting_server
    office = server.first_device()
    thief = server.another_device()
    copy = renewed(thief)
    before = what_is_kept(server)
    for _ in range(MANY):
        with pytest.raises(RenewalWaits):
            renewed(thief)
    with pytest.raises(RenewalWaits):
        server.service.renew(
            RenewRequest(former_id=copy, device_id=DeviceId(thief.ids.new())), by=copy
        )
    assert what_is_kept(server) == before
    renewed(office)
    assert marks(server) == ["A", "B", "C", "D"], "nobody else waits"


def test_another_id_is_given_after_thirty_days(server: Server, office: Device) -> None:
    renewed(office)
    server.clock.at += APART - timedelta(minutes=1)
    with pytest.raises(RenewalWaits):
        renewed(office)
    server.clock.at += timedelta(minutes=1) + A_MOMENT
    renewed(office)
    with pytest.raises(RenewalWaits):
        renewed(office)


def allows_on_a_device(server: Server, phone: Device) -> None:
    office = server.devices[0]
    office.syncs()
    office.does(AllowRenewal(device_id=phone.id))
    office.syncs()


def allows_at_the_server(server: Server, phone: Device) -> None:
    server.service.allow_renewal(phone.id)


@pytest.mark.parametrize("allow", [allows_on_a_device, allows_at_the_server])
def test_an_administrator_allows_one_more_and_no_two(
    server: Server, office: Device, allow: Callable[[Server, Device], None]
) -> None:
    phone = server.another_device()
    renewed(phone)
    with pytest.raises(RenewalWaits):
        renewed(phone)
    allow(server, phone)
    allow(server, phone)
    renewed(phone)
    with pytest.raises(RenewalWaits):
        renewed(phone)
    server.settle()
    assert len(server.digests()) == 1


def test_what_a_key_took_is_withdrawn_and_listed_together(lasting_server: Server) -> None:
    server = lasting_server
    office = server.first_device()
    thief = server.another_device()
    copy = renewed(thief)
    server.service.allow_renewal(thief.id)
    other = renewed(thief)
    assert [[row.id for row in family] for family in server.service.families()] == [
        [office.id],
        [thief.id, copy, other],
    ]
    server.service.withdraw(copy, "volé", by=None)
    withdrawn = {row.id: row.withdrawn for row in server.service.devices()}
    assert withdrawn == {office.id: "", thief.id: "volé", copy: "volé", other: "volé"}
    for each in (thief.id, copy, other):
        with pytest.raises(DeviceIsWithdrawn):
            server.service.renew(
                RenewRequest(former_id=each, device_id=DeviceId(thief.ids.new())), by=each
            )
    office.syncs()
    with office.store.reading() as snapshot:
        assert sum(not row.withdrawn for row in snapshot.rows(DeviceRow)) == 2, "and the server's"
