"""An enrolled device that means harm, and all that it can ask: the plant goes on as before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from attrs import evolve

from manchengo.application.heard_devices import HEARD_DEVICES
from manchengo.application.replication.server_log import Fault, Offered
from manchengo.commands import AllowRenewal, LiftQuota
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import DeviceRow
from manchengo_server.entry_cache import weight_of
from manchengo_server.errors import DeviceIsWithdrawn, LogReset, RenewalWaits
from manchengo_server.plant import Epochs
from manchengo_server.renewals import APART
from manchengo_server.service import Service
from manchengo_sync.wire import PushResponse, RenewRequest
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import DRIVER, Device, Server, as_it_was, log_of

pytestmark = pytest.mark.usefixtures("on_each_database")

MANY = 300
A_DAY = timedelta(days=1)
A_MOMENT = timedelta(seconds=1)


def told_to_go_back(device: Device, *, cursor: int) -> LogReset:
    with pytest.raises(LogReset) as reset:
        device.service.push(device.asking(cursor=cursor), by=device.id)
    return reset.value


def what_is_kept(server: Server) -> tuple[int, bytes, str]:
    with server.service.context.reading() as snapshot:
        return snapshot.cursor(), snapshot.log_hash(), str(Epochs.read(snapshot))


# ---------------------------------------------------------------- which log it is


def test_no_device_begins_another_epoch(server: Server) -> None:
    server = server
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


def test_a_key_takes_no_ids_without_end(server: Server) -> None:
    server = server
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
    server.service.allow(AllowRenewal(device_id=phone.id))


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


def test_what_a_key_took_is_withdrawn_and_listed_together(server: Server) -> None:
    server = server
    office = server.first_device()
    thief = server.another_device()
    copy = renewed(thief)
    server.service.allow(AllowRenewal(device_id=thief.id))
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


# ---------------------------------------------------------------- the server's disk

DAILY = 24_000
"""Bytes, of which each of these commits takes some two thousand."""


def limited(server: Server, daily_bytes: int = DAILY) -> None:
    """From now on, for every device."""
    server.service = Service(evolve(server.service.context, daily_bytes=daily_bytes))
    for device in server.devices:
        device.service = server.service


def fills(device: Device, commits: int = 20, *, on: str = "") -> list[Commit]:
    """Commits that nobody needs, of other lots each time that ``on`` is another."""
    return device.does(
        *(received(f"L{device.id.hex}{on}-{number}", litres(1)) for number in range(commits))
    )


def pushes(device: Device) -> PushResponse:
    """A page, and takes what is new in."""
    response = device.service.push(device.request(), by=device.id)
    device.take(response)
    return response


def stored_of(server: Server, *devices: DeviceId) -> int:
    log = log_of(server.service)
    return sum(weight_of(entry) for entry in log if entry.commit.device_id in devices)


def test_a_device_fills_the_disk_no_faster_than_its_quota(server: Server) -> None:
    server = server
    office = server.first_device(*A_DAIRY)
    thief = server.another_device(user_id=DRIVER)
    limited(server)
    before = what_is_kept(server)[0]
    fills(thief)
    answer = pushes(thief)
    stopped = answer.push_error
    assert stopped is not None
    assert stopped.code is Fault.QUOTA
    assert 0 < stored_of(server, thief.id) <= 2 * DAILY, "with the conflicts that they open"
    kept = what_is_kept(server)
    assert kept[0] > before
    office.does(received("L1", litres(1)))
    office.syncs()
    answers = [pushes(thief) for _ in range(3)]
    assert [entry.commit.device_id for entry in answers[0].new] == [office.id], "new still flows"
    assert {each.push_error and each.push_error.code for each in answers} == {Fault.QUOTA}
    assert what_is_kept(server)[0] == kept[0] + 1, "the office's"


def test_what_waits_goes_on_the_next_day_whatever_its_size(server: Server) -> None:
    office = server.first_device(*A_DAIRY)
    phone = server.another_device()
    limited(server, daily_bytes=1)
    commits = fills(phone, 3)
    for day in range(3):
        assert pushes(phone).synced == (commits[day].id,)
        server.clock.at += A_DAY
    office.syncs()
    assert phone.digest() == office.digest()


def lifts_on_a_device(server: Server, phone: Device) -> None:
    office = server.devices[0]
    office.syncs()
    office.does(LiftQuota(device_id=phone.id))
    office.syncs()


def lifts_at_the_server(server: Server, phone: Device) -> None:
    server.service.allow(LiftQuota(device_id=phone.id))


@pytest.mark.parametrize("lift", [lifts_on_a_device, lifts_at_the_server])
def test_an_administrator_lifts_the_quota_once(
    server: Server, lift: Callable[[Server, Device], None]
) -> None:
    server.first_device(*A_DAIRY)
    phone = server.another_device()
    limited(server)
    fills(phone, 30)
    first = pushes(phone)
    assert pushes(phone).synced == ()
    lift(server, phone)
    second = pushes(phone)
    assert 0 < len(second.synced) <= len(first.synced) + 1
    assert second.push_error is not None
    assert pushes(phone).synced == ()


def test_copies_have_one_quota_and_workers_count_together(server: Server) -> None:
    server = server
    server.first_device(*A_DAIRY)
    thief = server.another_device()
    copy = server.device()
    copy.key = thief.key
    server.service.renew(RenewRequest(former_id=thief.id, device_id=copy.id), by=thief.id)
    copy.syncs()
    limited(server)
    context = server.service.context
    worker = Service.open(
        context.store, clock=context.clock, ids=context.ids, daily_bytes=context.daily_bytes
    )
    fills(thief)
    pushes(thief)
    fills(copy)
    copy.service = worker
    answer = copy.service.push(copy.request(), by=copy.id)
    assert answer.synced == ()
    assert answer.push_error is not None
    assert stored_of(server, copy.id) == 0


def test_what_is_in_the_log_already_counts_nothing(server: Server) -> None:
    server.first_device(*A_DAIRY)
    phone = server.another_device()
    limited(server)
    fills(phone, 8)
    request = phone.request()
    for _ in range(3):
        answer = server.service.push(request, by=phone.id)
        assert answer.push_error is None
        assert len(answer.synced) == 8


DAYS = 3


def test_what_a_restored_server_lost_is_offered_again_at_once(server: Server) -> None:
    """Of three days, on each of which the quota was used up."""
    server.first_device(*A_DAIRY)
    phone = server.another_device()
    limited(server)
    is_heard(phone)
    backup, heard = log_of(server.service), heard_of(server)
    offers: list[Offered] = []
    for day in range(DAYS):
        fills(phone, 8, on=f"-{day}")
        offers += phone.offered()
        phone.syncs()
        server.clock.at += A_DAY
    lost = stored_of(server, phone.id)
    assert lost > 2 * DAILY
    put_back(server, backup, heard)
    request = evolve(phone.asking(cursor=0), log_epoch="", commits=tuple(offers))
    answer = server.service.push(request, by=phone.id)
    assert answer.push_error is None
    assert len(answer.synced) == len(offers)
    assert stored_of(server, phone.id) == lost


def is_heard(device: Device) -> None:
    """It has read everything, and says that nothing waits on it."""
    device.syncs()
    device.take(device.service.push(evolve(device.request(), unsent=0), by=device.id))


def heard_of(server: Server) -> str:
    """When the server heard each device last, which a backup holds."""
    with server.service.context.reading() as snapshot:
        return snapshot.setting(HEARD_DEVICES) or ""


def put_back(server: Server, backup: list[LogEntry], heard: str) -> None:
    """On what was in the backup, as its operator does it."""
    server.service = as_it_was(server.service, backup)
    with server.service.context.writing() as transaction:
        transaction.set_setting(HEARD_DEVICES, heard)
    server.service.begin_new_epoch()
    limited(server)


def test_a_device_that_means_harm_stores_no_more_by_it_than_on_the_days_that_are_missing(
    server: Server,
) -> None:
    server.first_device(*A_DAIRY)
    thief = server.another_device()
    limited(server)
    is_heard(thief)
    server.clock.at += DAYS * A_DAY
    server.service.begin_new_epoch()
    thief.epoch = ""
    fills(thief, 200)
    stopped = [pushes(thief).push_error for _ in range(3)][-1]
    assert stopped is not None
    assert stopped.code is Fault.QUOTA
    assert stored_of(server, thief.id) <= (DAYS + 3) * DAILY
    server.clock.at += A_DAY
    before = stored_of(server, thief.id)
    pushes(thief)
    assert stored_of(server, thief.id) - before <= 2 * DAILY, "it is given once"


def test_a_program_of_before_the_quota_hears_of_no_fault(server: Server) -> None:
    server.first_device(*A_DAIRY)
    phone = server.another_device()
    limited(server)
    fills(phone)
    request = phone.request()
    known = {name: version for name, version in request.schema_max.items() if "quota" not in name}
    answer = server.service.push(evolve(request, schema_max=known), by=phone.id)
    assert answer.push_error is None
    assert 0 < len(answer.synced) < len(request.commits)
