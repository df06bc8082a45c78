"""An entry of before that every device refuses: the server judges it again, and all behind it."""

from datetime import timedelta
from uuid import UUID

import pytest
from attrs import define

from manchengo.application import integrity
from manchengo.application.replication.effects_check import DoesNotFollow
from manchengo.commands import InvitePerson
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import InvitationId
from manchengo.ports.rows import ResolutionItemRow
from manchengo_server.errors import Recovering
from manchengo_server.mending import NotThatEntry
from manchengo_server.service import Service
from manchengo_sync.link import ForgedLog
from manchengo_sync.signed_log import SignedLog
from tests.application.test_resolution import an_older_program
from tests.attacks.lying import Plant, Reader, a_plant_that_signs
from tests.support.dairy import A_DAIRY, litres, received, written_off
from tests.support.refused_entry import taken_in_before
from tests.support.server import BOSS, digest_of
from tests.support.signers import admitting_own, signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")


@define
class Stopped:
    """``place``: of the entry that stops every device; ``before``: the log as it is stored."""

    plant: Plant
    place: int
    before: list[LogEntry]


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Stopped:
    """Behind the entry stands what only the server holds: the office recorded it, and is lost."""
    plant = a_plant_that_signs(*A_DAIRY, received("L1", litres(100)))
    office, server = plant.office, plant.server
    thief = server.another_device("téléphone")
    plant.reader.syncs()
    office.syncs()
    place = taken_in_before(server.service, thief, monkeypatch)
    office.does(received("L2", litres(5)), written_off("L1", litres(60)))
    answer = server.service.push(office.request(), by=office.id)
    assert answer.push_error is None
    server.let_in(server.device(), "quai")
    return Stopped(plant, place, plant.log())


def stops(reader: Reader) -> ForgedLog:
    with pytest.raises(ForgedLog) as failure:
        reader.syncs()
    return failure.value


def test_every_device_stops_and_the_operator_is_told_where(stopped: Stopped) -> None:
    failure = stops(stopped.plant.reader)
    assert failure.entry == stopped.place
    found = stopped.plant.server.service.refused_entry()
    assert found is not None
    assert (found.place, found.commit.id) == (stopped.place, failure.commit_id)
    assert (found.device, found.user) == ("téléphone", "Amina")
    assert found.behind == len(stopped.before) - stopped.place == 3


def test_judged_again_it_stops_nobody_and_nothing_is_lost(stopped: Stopped) -> None:
    plant, service = stopped.plant, stopped.plant.server.service
    stops(plant.reader)
    mended = service.mend(stopped.place)
    log = plant.log()
    assert log[: stopped.place - 1] == stopped.before[: stopped.place - 1]
    commits = [(each.commit, each.signature) for each in stopped.before]
    assert [(each.commit, each.signature) for each in log] == commits
    now = {entry.global_seq: (entry.verdict, entry.reason) for entry in log}
    assert now[stopped.place] == (Verdict.REJECTED, DoesNotFollow.__name__)
    assert [each.global_seq for each in mended.changed] == [stopped.place]
    assert mended.judged == 4
    assert all(now[each][0] is Verdict.ACCEPTED for each in now if each > stopped.place)
    assert service.refused_entry() is None


def test_devices_go_on_where_they_stopped(stopped: Stopped) -> None:
    plant, service = stopped.plant, stopped.plant.server.service
    stops(plant.reader)
    service.mend(stopped.place)
    done = plant.reader.syncs()
    assert (done.broken_off, done.log_reset, done.disowned) == (None, False, 0)
    store = service.context.store
    assert plant.reader.place == len(plant.log())
    assert digest_of(store) == digest_of(plant.reader.store)
    with plant.reader.store.reading() as snapshot:
        refused = [row.refusal for row in snapshot.rows(ResolutionItemRow)]
    assert refused == [DoesNotFollow.__name__]
    with store.reading() as snapshot:
        assert integrity.verify(snapshot, SignedLog()).sound
        assert not snapshot.count_pending()
    assert plant.reader.verify().sound
    plant.server.another_device("nouveau")


def test_a_worker_that_served_meanwhile_serves_the_mended_log(stopped: Stopped) -> None:
    """Another process judged again what it still has in memory."""
    plant, worker = stopped.plant, stopped.plant.server.service
    stops(plant.reader)
    context = worker.context
    terminal = Service.open(
        context.store, clock=context.clock, ids=context.ids, random_bytes=context.random_bytes
    )
    terminal.mend(stopped.place)
    assert plant.reader.syncs().broken_off is None
    other = plant.server.another_device("nouveau")
    other.does(written_off("L1", litres(40)))
    other.syncs()
    plant.reader.syncs()
    assert plant.log()[-1].verdict is Verdict.ACCEPTED
    assert digest_of(context.store) == digest_of(plant.reader.store)


def test_only_what_devices_refuse_is_judged_again(stopped: Stopped) -> None:
    service = stopped.plant.server.service
    for place in (1, stopped.place - 1, stopped.place + 1, len(stopped.before) + 1):
        with pytest.raises(NotThatEntry):
            service.mend(place)
    assert stopped.plant.log() == stopped.before
    service.mend(stopped.place)
    with pytest.raises(NotThatEntry):
        service.mend(stopped.place)


def test_while_a_log_is_recovered_none_is_judged_again(stopped: Stopped) -> None:
    service = stopped.plant.server.service
    service.open_recovery()
    with pytest.raises(Recovering):
        service.mend(stopped.place)


def test_what_was_parked_before_and_judged_behind_is_judged_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant = a_plant_that_signs(*A_DAIRY, received("L1", litres(100)))
    office, server = plant.office, plant.server
    thief = server.another_device("téléphone")
    (late,) = office.does(received("L3", litres(3)))
    with an_older_program(lacking="lot.received"):
        server.service.push(office.request(), by=office.id)
    place = taken_in_before(server.service, thief, monkeypatch)
    assert server.service.judge_parked_again() == 1
    server.service.mend(place)
    of_late = [entry for entry in plant.log() if entry.commit.id == late.id]
    assert [entry.verdict for entry in of_late] == [Verdict.PARKED, Verdict.ACCEPTED]
    assert of_late[0].global_seq < place < of_late[1].global_seq
    plant.reader.syncs()
    assert digest_of(server.service.context.store) == digest_of(plant.reader.store)
    with server.service.context.reading() as snapshot:
        assert integrity.verify(snapshot, SignedLog()).sound


def test_a_code_used_in_time_was_in_time_and_one_too_late_stays_too_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant = a_plant_that_signs(*A_DAIRY)
    office, server = plant.office, plant.server
    thief = server.another_device("téléphone")
    begun: list[LogEntry] = []
    devices = [server.another_device(name) for name in ("quai", "camion")]
    codes = [signer_of(f"the code for {number}") for number in range(2)]
    for number, code in enumerate(codes):
        office.does(
            InvitePerson(
                user_id=BOSS,
                invitation_id=InvitationId(UUID(int=9 + number)),
                public_key=code.key.hex(),
                expires_on=office.clock.today(),
            )
        )
    server.settle()
    place = taken_in_before(server.service, thief, monkeypatch)
    for device, code in zip(devices, codes, strict=True):
        device.signer = code
        device.does(admitting_own(BOSS, device.id, signer_of(str(device.id)), by=code))
        begun.append(server.service.push(device.request(), by=device.id).new[-1])
        server.clock.at += timedelta(days=9)
    wanted = [(Verdict.ACCEPTED, ""), (Verdict.REJECTED, "InvitationExpired")]
    assert [(entry.verdict, entry.reason) for entry in begun] == wanted
    server.service.mend(place)
    now = {entry.commit.id: (entry.verdict, entry.reason) for entry in plant.log()}
    assert [now[entry.commit.id] for entry in begun] == wanted
