"""A server put back from a backup hears of a device that it let in since, and only of such a one.

What that device holds of the log may be held by nobody else.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import define, evolve

from manchengo import codec
from manchengo.application.replication.server_log import Offered
from manchengo.domain.device import DeviceEnrolled, EnrolDevice
from manchengo.domain.ids import DeviceId
from manchengo.memory import CountingIds
from manchengo_server import bundles
from manchengo_sync import signing, wire
from manchengo_sync.device_identity import change_device_id
from manchengo_sync.http import HttpLink
from manchengo_sync.joining import another_key, join
from manchengo_sync.link import Recovering, Unauthorised
from manchengo_sync.own_enrolment import own_enrolment
from manchengo_sync.sealing import BundleError
from tests.attacks.lying import Plant, Reader, Straight, a_plant_that_signs, a_recorded, signed
from tests.attacks.restored import A_MORNING, Restored, hands_back, lost
from tests.support.dairy import litres, received, written_off
from tests.support.server import BOSS, Caller, digest_of, problem, served, signing_seed

pytestmark = pytest.mark.usefixtures("on_each_database")

LATE, MADE_UP = signing_seed(81).hex(), signing_seed(82).hex()


@define
class WithALateDevice(Restored):
    """``late``: let in after the backup, and the only one that has read the log since."""

    late: Reader

    def enrolment(self) -> Offered:
        """By what the server let it in."""
        with self.late.store.reading() as snapshot:
            shown = own_enrolment(snapshot)
        assert shown is not None
        return shown


def restored_without(late: Reader, plant: Plant, kept: int) -> WithALateDevice:
    found = lost(plant, plant.log()[:kept])
    return WithALateDevice(found.plant, found.before, found.kept, late)


def a_late_device(plant: Plant) -> Reader:
    late = Reader(Straight(plant.server.service), ids=CountingIds(8_000_000))
    late.joins(key=LATE, name="quai")
    return late


def an_evening(plant: Plant, late: Reader) -> None:
    plant.office.does(received("L2", litres(5)), written_off("L1", litres(60)))
    plant.office.syncs()
    late.syncs()


def a_day_with_a_late_device() -> tuple[Reader, Plant, int]:
    """The last: how many entries the log had before the device was let in."""
    plant = a_plant_that_signs(*A_MORNING)
    plant.reader.syncs()
    kept = len(plant.log())
    late = a_late_device(plant)
    an_evening(plant, late)
    return late, plant, kept


@pytest.fixture
def restored() -> WithALateDevice:
    return restored_without(*a_day_with_a_late_device())


@contextmanager
def over_http(restored: WithALateDevice, *, key: str = LATE) -> Iterator[Reader]:
    """The late device, with the tokens that it is given there."""
    late = restored.late
    with served(restored.service) as up:
        link = HttpLink(up.url, device_id=late.id, user_id=BOSS, private_key=key)
        with link:
            yield evolve(late, link=link)  # type: ignore[arg-type]


# ---------------------------------------------------------------- handed back


def test_who_was_let_in_since_hands_back_what_nobody_else_holds(restored: WithALateDevice) -> None:
    with over_http(restored) as late:
        assert hands_back(late) == len(restored.before) - restored.kept > 0
        assert restored.log() == restored.before
        restored.service.begin_new_epoch()
        done = late.syncs()
    assert (done.broken_off, done.log_reset) == (None, False), "it needs no code"
    assert restored.log()[: len(restored.before)] == restored.before
    assert digest_of(restored.service.context.store) == digest_of(restored.late.store)


def test_what_is_recorded_there_meanwhile_waits_and_comes(restored: WithALateDevice) -> None:
    office = evolve(
        restored.plant.office, store=restored.late.store, ids=CountingIds(7_500_000), signer=None
    )
    recorded = office.does(*[received(f"N{number}", litres(1)) for number in range(4)])
    with over_http(restored) as late:
        with pytest.raises(Recovering):
            late.syncs(most_ahead=2)
        restored.service.begin_new_epoch()
        assert late.syncs(most_ahead=2).pending == 0
    in_log = {each.commit.id for each in restored.log()}
    assert {each.id for each in recorded} <= in_log


def test_a_token_of_before_is_exchanged_for_one_that_hands_back() -> None:
    """As on a device that watches: its server was put back while it waited."""
    late, plant, kept = a_day_with_a_late_device()
    with served(plant.server.service) as up:
        before = HttpLink(up.url, device_id=late.id, user_id=BOSS, private_key=LATE)
        with before:
            before.let_in(late.id)
    restored = restored_without(late, plant, kept)
    with over_http(restored) as late:
        late.link._tokens.update(before._tokens)  # type: ignore[attr-defined]
        with pytest.raises(Recovering) as first:
            late.syncs()
        assert (first.value.returned, len(restored.log())) == (0, kept)
        assert hands_back(late) == len(restored.before) - kept
    assert restored.log() == restored.before


def test_by_file_it_hands_back_too(restored: WithALateDevice) -> None:
    late = restored.late
    for held in (restored.kept, len(restored.before)):
        with pytest.raises(Recovering):
            late.reads_file(bundles.answer(restored.service, late.asks_by_file()).sealed)
        assert len(restored.log()) == held
    assert restored.log() == restored.before
    restored.service.begin_new_epoch()
    answer = bundles.answer(restored.service, late.asks_by_file())
    assert answer.device == "quai"
    assert late.reads_file(answer.sealed).log_reset is False


def test_under_an_id_that_it_was_given_since_it_hands_back() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    late = a_late_device(plant)
    late.syncs()
    kept, former = len(plant.log()), late.id
    change_device_id(
        late.store,
        former,
        clock=late.clock,
        ids=late.ids,
        state_cache=late.state_cache,
        user_id=BOSS,
    )
    an_evening(plant, late)
    restored = restored_without(late, plant, kept)
    assert late.id != former
    with over_http(restored) as again:
        assert hands_back(again) == len(restored.before) - restored.kept
    assert restored.log() == restored.before


def test_withdrawn_before_the_backup_and_let_in_again_since_it_hands_back() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    late = a_late_device(plant)
    late.syncs()
    plant.server.service.withdraw(late.id, "perdu", by=None)
    kept = len(plant.log())
    another_key(late.store, lambda: MADE_UP)
    code = plant.server.service.new_code(wire.CodeRequest(user_id=BOSS), by=None).code
    join(late.store, late.link, url="https://m.test", code=code, name="quai")
    an_evening(plant, late)
    restored = restored_without(late, plant, kept)
    with over_http(restored, key=MADE_UP) as again:
        assert hands_back(again) == len(restored.before) - restored.kept
    assert restored.log() == restored.before


def test_after_the_epoch_began_it_comes_with_a_code_and_loses_nothing(
    restored: WithALateDevice,
) -> None:
    restored.service.begin_new_epoch()
    with over_http(restored) as late:
        with pytest.raises(Unauthorised) as refused:
            late.syncs()
        assert refused.value.code == "device_unknown"
        code = restored.service.new_code(wire.CodeRequest(user_id=BOSS), by=None).code
        join(late.store, late.link, url="https://m.test", code=code, name="quai")
        assert late.syncs().pending == 0
    in_log = {each.commit.id for each in restored.log()}
    assert {each.commit.id for each in restored.before} <= in_log


# ---------------------------------------------------------------- nobody else


def asks(
    restored: WithALateDevice, shown: Offered | None, *, key: str, device_id: DeviceId | None = None
) -> wire.TokenRequest:
    device_id = device_id or restored.late.id
    nonce = restored.service.challenge().nonce
    return wire.TokenRequest(
        device_id=device_id,
        user_id=BOSS,
        nonce=nonce,
        signature=signing.sign(key, wire.token_message(nonce, device_id, BOSS)),
        enrolment=shown,
    )


def enrolling(restored: WithALateDevice, device_id: DeviceId, key: str) -> Offered:
    """As a device makes it up, signed by itself."""
    public_key = signing.public_key(key)
    facts: dict[str, Any] = {
        "device_id": device_id,
        "name": "quai",
        "mark": "Z",
        "public_key": public_key,
        "user_id": BOSS,
    }
    commit = evolve(
        restored.enrolment().commit,
        command=codec.commands.encode(EnrolDevice(**facts)),
        events=(a_recorded(device_id, DeviceEnrolled(**facts)),),
    )
    return signed(key, commit)


Show = Callable[[WithALateDevice], Offered | None]


def made_up(restored: WithALateDevice) -> Offered:
    return enrolling(restored, restored.late.id, MADE_UP)


def under_the_signature_of_another(restored: WithALateDevice) -> Offered:
    """Its hash is that of what it says now; the signature is of what the server said."""
    return evolve(made_up(restored), signature=restored.enrolment().signature)


def altered_under_its_hash(restored: WithALateDevice) -> Offered:
    genuine = restored.enrolment()
    events = made_up(restored).commit.events
    return evolve(genuine, commit=evolve(genuine.commit, events=events))


def of_another_device(restored: WithALateDevice) -> Offered:
    """By which the server let the reader in, long before."""
    with restored.reader.store.reading() as snapshot:
        shown = own_enrolment(snapshot)
    assert shown is not None
    return shown


def nothing(_: WithALateDevice) -> None:
    return None


FORGERIES: tuple[Show, ...] = (
    made_up,
    under_the_signature_of_another,
    altered_under_its_hash,
    of_another_device,
    nothing,
)


@pytest.mark.parametrize("show", FORGERIES)
def test_a_device_that_nobody_let_in_is_given_no_token(
    restored: WithALateDevice, show: Show
) -> None:
    with served(restored.service) as up, up.client() as client:
        asked = asks(restored, show(restored), key=MADE_UP)
        assert problem(Caller(client).post("/sync/token", asked)) == (503, "recovering")
    assert len(restored.log()) == restored.kept
    with over_http(restored) as late:
        hands_back(late)
    assert restored.log() == restored.before, "an honest device is not hindered"


def test_who_read_by_what_it_was_let_in_is_not_that_device(restored: WithALateDevice) -> None:
    """The log tells everybody; it takes the key of the device."""
    with served(restored.service) as up, up.client() as client:
        asked = asks(restored, restored.enrolment(), key=MADE_UP)
        assert problem(Caller(client).post("/sync/token", asked)) == (401, "not_proved")


def test_nor_by_file(restored: WithALateDevice) -> None:
    late = restored.late
    another_key(late.store, lambda: MADE_UP)
    with pytest.raises(BundleError):
        bundles.answer(restored.service, late.asks_by_file())
    assert len(restored.log()) == restored.kept


def test_a_device_that_is_withdrawn_is_let_in_by_no_word_of_before() -> None:
    plant = a_plant_that_signs(*A_MORNING)
    late = a_late_device(plant)
    late.syncs()
    plant.server.service.withdraw(late.id, "perdu", by=None)
    kept = len(plant.log())
    plant.office.does(received("L2", litres(5)))
    plant.office.syncs()
    restored = restored_without(late, plant, kept)
    with over_http(restored) as thief, pytest.raises(Unauthorised) as refused:
        thief.syncs()
    assert refused.value.code == "device_withdrawn"


def test_it_may_do_nothing_but_hand_back(restored: WithALateDevice) -> None:
    service, late = restored.service, restored.late
    token = service.token(asks(restored, restored.enrolment(), key=LATE)).token
    headers = {"Authorization": f"Bearer {token}"}
    renewal = wire.RenewRequest(former_id=late.id, device_id=DeviceId(late.ids.new()))
    with served(service) as up, up.client() as client:
        caller = Caller(client)
        for path, body in (
            ("/sync/codes", wire.CodeRequest(user_id=BOSS)),
            ("/sync/renew", renewal),
            (f"/sync/devices/{restored.reader.id}/withdraw", wire.WithdrawRequest(reason="lui")),
        ):
            answer = caller.post(path, body, headers=headers)
            assert problem(answer) == (503, "recovering"), path
        for path in ("/sync/snapshot", "/sync/devices"):
            assert problem(caller.get(path, headers=headers)) == (503, "recovering"), path
        service.begin_new_epoch()
        request = restored.plant.office.asking(replica_id=late.id)
        assert problem(caller.push(request, headers=headers)) == (401, "token")
    assert service.admit(token_of(restored.plant)).device_id == restored.plant.office.id


def token_of(plant: Plant) -> str:
    plant.office.service = plant.server.service
    return plant.office.token()


def test_where_nothing_is_recovered_it_opens_nothing(restored: WithALateDevice) -> None:
    restored.service.begin_new_epoch()
    with served(restored.service) as up, up.client() as client:
        asked = asks(restored, restored.enrolment(), key=LATE)
        assert problem(Caller(client).post("/sync/token", asked)) == (401, "device_unknown")
