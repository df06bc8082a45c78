"""The server over HTTP: every answer, and what is written down and counted of it."""

import gzip
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from attrs import evolve

from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId
from manchengo_server.context import LogGrowth
from manchengo_server.pushing import Pushed
from manchengo_server.service import Service
from manchengo_server.waiting import WaitingRequests
from manchengo_sync import wire
from tests.support.dairy import litres, received
from tests.support.patience import PATIENCE
from tests.support.server import DRIVER, Caller, Device, Served, Server, problem, served


def push_answer(response: httpx.Response) -> wire.PushResponse:
    assert response.status_code == 200, response.text
    return wire.decode(response.content, wire.PushResponse)


# ---------------------------------------------------------------- the way in


def test_a_device_is_let_in_and_exchanges(server: Server, caller: Caller, stranger: Caller) -> None:
    code = wire.decode(
        caller.post("/sync/codes", wire.CodeRequest(user_id=DRIVER)).content, wire.CodeResponse
    ).code
    van = server.device(user_id=DRIVER)
    welcome = stranger.post("/sync/enrol", van.enrolment(code, "camion"))
    assert wire.decode(welcome.content, wire.EnrolResponse).user_id == DRIVER
    nonce = wire.decode(stranger.post("/sync/challenge").content, wire.Challenge).nonce
    given = wire.decode(stranger.post("/sync/token", van.proof(nonce)).content, wire.TokenResponse)
    assert given.roles == ("livreur",)
    headers = {"Authorization": f"Bearer {given.token}"}
    response = stranger.push(van.request(), headers=headers)
    assert push_answer(response).new[-1].commit.command_type == "device.enrol"


def test_a_question_for_a_token_may_come_twice(
    server: Server, stranger: Caller, office: Device
) -> None:
    """As from a proxy that asks again where no answer came: each is given a token that lets in."""
    nonce = wire.decode(stranger.post("/sync/challenge").content, wire.Challenge).nonce
    for _ in range(2):
        response = stranger.post("/sync/token", office.proof(nonce))
        token = wire.decode(response.content, wire.TokenResponse).token
        headers = {"Authorization": f"Bearer {token}"}
        assert stranger.push(office.request(), headers=headers).status_code == 200


def test_a_token_asked_for_without_end_meets_the_limit(server: Server, office: Device) -> None:
    with (
        served(server.service, address_rate=0.001, address_burst=3) as up,
        up.client() as client,
    ):
        proof = office.proof(server.service.challenge().nonce)
        answers = [Caller(client).post("/sync/token", proof).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_without_a_token_nobody_exchanges(stranger: Caller, office: Device) -> None:
    for path in ("/sync/push", "/sync/renew", "/sync/codes"):
        response = stranger.post(path, office.asking())
        assert problem(response) == (401, "token")
        assert response.headers["www-authenticate"] == "Bearer"
    assert problem(stranger.get("/sync/snapshot")) == (401, "token")
    assert problem(stranger.post(f"/sync/devices/{office.id}/withdraw")) == (401, "token")


ASKED_BY_POST = ("challenge", "token", "enrol", "push", "renew", "codes", "devices/{id}/withdraw")


@pytest.mark.parametrize("path", ASKED_BY_POST)
def test_whoever_names_another_plant_is_turned_down_before_anything(
    server: Server, caller: Caller, office: Device, path: str
) -> None:
    code = server.service.new_code(wire.CodeRequest(user_id=DRIVER), by=None).code
    van = server.device(user_id=DRIVER)
    office.does(received("L9", litres(5)))
    bodies: dict[str, object] = {
        "token": office.proof(server.service.challenge().nonce),
        "enrol": van.enrolment(code),
        "push": office.request(),
        "renew": wire.RenewRequest(former_id=office.id, device_id=van.id),
        "codes": wire.CodeRequest(user_id=DRIVER),
        "devices/{id}/withdraw": wire.WithdrawRequest(reason="perdu"),
    }
    before = server.service.head()
    elsewhere = {wire.PLANT: str(DeviceId(office.ids.new()))}
    response = caller.post(
        f"/sync/{path.format(id=office.id)}", bodies.get(path), headers=elsewhere
    )
    assert problem(response) == (421, "another_plant")
    assert server.service.head() == before
    assert server.service.enrol(van.enrolment(code)).mark == "B", "the code was not used"


def test_another_plants_snapshot_is_not_given(caller: Caller) -> None:
    elsewhere = {wire.PLANT: "another"}
    for path in ("/sync/snapshot", "/sync/devices"):
        assert problem(caller.get(path, headers=elsewhere)) == (421, "another_plant")


def test_every_answer_names_the_plant(server: Server, caller: Caller, stranger: Caller) -> None:
    ours = str(server.service.plant.id)
    answers = [
        stranger.post("/sync/challenge"),
        stranger.post("/sync/challenge", headers={wire.PLANT: ours}),
        stranger.post("/sync/push"),
        caller.get("/sync/snapshot"),
        stranger.get("/healthz"),
    ]
    assert [each.status_code for each in answers] == [200, 200, 401, 200, 200]
    assert {each.headers[wire.PLANT] for each in answers} == {ours}


def test_a_twin_is_renewed(caller: Caller, office: Device) -> None:
    request = wire.RenewRequest(former_id=office.id, device_id=DeviceId(office.ids.new()))
    renewed = wire.decode(caller.post("/sync/renew", request).content, wire.EnrolResponse)
    assert renewed.mark == "B"


def test_an_administrator_withdraws_a_device(
    server: Server, caller: Caller, office: Device
) -> None:
    phone = server.another_device()
    path = f"/sync/devices/{phone.id}/withdraw"
    token = phone.token()
    response = caller.post(path, wire.WithdrawRequest(reason="perdu"))
    assert (response.status_code, response.content) == (204, b"")
    late = {"headers": {"Authorization": f"Bearer {token}"}}
    assert problem(Caller(caller.client).push(phone.request(), **late)) == (403, "device_withdrawn")
    again = caller.post(path, wire.WithdrawRequest(reason="revendu"))
    assert problem(again) == (422, "refused")


NEW_EACH_TIME = {"challenge", "token", "codes"}
"""What is drawn or signed for one answer; a second one is as good."""


@pytest.mark.parametrize("path", ASKED_BY_POST)
def test_a_request_that_comes_twice_is_answered_twice_and_done_once(
    server: Server, caller: Caller, office: Device, path: str
) -> None:
    """As from a proxy that asks again where no answer came, or by somebody who tries again."""
    phone, van = server.another_device(), server.device(user_id=DRIVER)
    code = server.service.new_code(wire.CodeRequest(user_id=DRIVER), by=None).code
    office.does(received("L9", litres(5)))
    bodies: dict[str, object] = {
        "token": office.proof(server.service.challenge().nonce),
        "enrol": van.enrolment(code),
        "push": office.request(),
        "renew": wire.RenewRequest(former_id=office.id, device_id=van.id),
        "codes": wire.CodeRequest(user_id=DRIVER),
        "devices/{id}/withdraw": wire.WithdrawRequest(reason=" perdu"),
    }
    first = caller.post(f"/sync/{path.format(id=phone.id)}", bodies.get(path))
    head = server.service.head()
    again = caller.post(f"/sync/{path.format(id=phone.id)}", bodies.get(path))
    assert first.status_code == again.status_code in (200, 204), again.text
    assert server.service.head() == head
    if path == "push":
        answers = [push_answer(each) for each in (first, again)]
        assert answers[0].synced
        assert len({(each.synced, each.new, each.head, each.push_error) for each in answers}) == 1
    elif path not in NEW_EACH_TIME:
        assert again.content == first.content


def test_who_is_no_administrator_is_told_so(server: Server, caller: Caller, office: Device) -> None:
    van = Caller(caller.client, server.another_device("camion", user_id=DRIVER))
    assert problem(van.post("/sync/codes", wire.CodeRequest(user_id=DRIVER))) == (
        403,
        "not_permitted",
    )


# ---------------------------------------------------------------- exchanging


def test_a_request_in_gzip_is_answered_in_gzip(caller: Caller, office: Device) -> None:
    office.does(received("L2", litres(5)))
    packed = gzip.compress(wire.encode(office.request()))
    response = caller.post("/sync/push", packed, headers={"Content-Encoding": "gzip"})
    assert push_answer(response).synced
    assert response.headers["content-encoding"] == "gzip"


def test_another_epoch_is_told_with_the_place_where_to_go_on(
    server: Server, caller: Caller, office: Device
) -> None:
    kept = server.service.head()
    server.service.begin_new_epoch()
    response = caller.push(office.request())
    assert problem(response) == (409, "log_reset")
    refusal = wire.decode(response.content, wire.Problem)
    assert refusal.keep == kept
    assert refusal.log_epoch
    assert (
        push_answer(caller.push(office.asking(log_epoch=refusal.log_epoch))).log_epoch
        == refusal.log_epoch
    )


def test_an_older_program_is_told_to_be_updated(caller: Caller, office: Device) -> None:
    office.does(received("L2", litres(5)))
    old = evolve(office.request(), protocol=wire.PROTOCOL - 1)
    assert problem(caller.push(old)) == (426, "protocol")
    assert push_answer(caller.push(evolve(old, commits=()))).push_error is None


def test_a_snapshot_comes_as_a_file(server: Server, caller: Caller) -> None:
    response = caller.get("/sync/snapshot")
    assert response.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in response.headers
    first, *rest = gzip.decompress(response.content).splitlines()
    assert wire.decode(first, wire.SnapshotHeader).global_seq == server.service.head() == len(rest)
    assert wire.decode(rest[0], LogEntry).global_seq == 1


# ---------------------------------------------------------------- waiting


@pytest.fixture
def no_wait_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits is answered only for new entries, or because the server stops."""
    wait_beyond = WaitingRequests.wait_beyond

    async def without_end(waiting_requests: WaitingRequests, cursor: int, _seconds: float) -> float:
        return await wait_beyond(waiting_requests, cursor, PATIENCE)

    monkeypatch.setattr(WaitingRequests, "wait_beyond", without_end)


@pytest.mark.usefixtures("no_wait_is_over")
def test_who_waits_is_answered_as_soon_as_there_is_news(
    server: Server, caller: Caller, office: Device
) -> None:
    phone = server.another_device()
    office.syncs()
    with ThreadPoolExecutor(1) as aside:
        waiting = aside.submit(caller.push, office.asking(wait=wire.LONGEST_WAIT), timeout=PATIENCE)
        waits_for(server.service.context.log_growth.has_subscribers)
        phone.does(received("L2", litres(5)))
        phone.exchanges()
        response = push_answer(waiting.result(timeout=PATIENCE))
    assert [entry.commit.device_id for entry in response.new] == [phone.id]


@pytest.mark.usefixtures("no_wait_is_over")
def test_what_another_process_wrote_is_found_by_looking(
    server: Server, caller: Caller, office: Device
) -> None:
    phone = server.another_device()
    office.syncs()
    apart = evolve(server.service, context=evolve(server.service.context, log_growth=LogGrowth()))
    with ThreadPoolExecutor(1) as aside:
        waiting = aside.submit(caller.push, office.asking(wait=wire.LONGEST_WAIT), timeout=PATIENCE)
        waits_for(server.service.context.log_growth.has_subscribers)
        phone.does(received("L2", litres(5)))
        apart.push(phone.request(), by=phone.id)
        assert push_answer(waiting.result(timeout=PATIENCE)).new


def test_a_push_that_offers_something_is_answered_at_once(
    caller: Caller, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.does(received("L2", litres(5)))

    async def never(*_: object) -> float:
        raise AssertionError("nobody waits who offers something")

    monkeypatch.setattr(WaitingRequests, "wait_beyond", never)
    assert push_answer(caller.push(evolve(office.request(), wait=5.0))).synced


def test_the_wait_ends_when_its_time_is_over(caller: Caller, office: Device) -> None:
    since = time.monotonic()
    assert push_answer(caller.push(office.asking(wait=0.3))).new == ()
    assert time.monotonic() - since >= 0.3


def test_who_waited_in_vain_is_looked_after_once(
    server: Server, caller: Caller, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, pushed = [], Service.pushed

    def noted(service: Service, request: wire.PushRequest, *, by: DeviceId) -> Pushed:
        looks.append(by)
        return pushed(service, request, by=by)

    monkeypatch.setattr(Service, "pushed", noted)
    before = server.clock.at
    answer = push_answer(caller.push(office.asking(wait=0.1)))
    assert answer.new == ()
    assert answer.server_time > before
    assert looks == [office.id]


@pytest.mark.usefixtures("no_wait_is_over")
def test_a_server_that_stops_lets_those_go_who_wait_and_takes_nobody(
    up: Served, server: Server, caller: Caller, office: Device
) -> None:
    with ThreadPoolExecutor(1) as aside:
        waiting = aside.submit(caller.push, office.asking(wait=wire.LONGEST_WAIT), timeout=PATIENCE)
        waits_for(server.service.context.log_growth.has_subscribers)
        up.stop()
        assert push_answer(waiting.result(timeout=PATIENCE)).new == ()
    assert problem(caller.push(office.asking())) == (503, "unavailable")
    assert problem(caller.get("/healthz")) == (503, "unavailable")
    assert caller.get("/metrics").status_code == 200


def waits_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.01)


# ---------------------------------------------------------------- what is not served


def test_what_is_not_there_is_told_as_everything_else(stranger: Caller) -> None:
    assert problem(stranger.get("/nowhere")) == (404, "not_served")
    assert problem(stranger.get("/sync/enrol")) == (405, "not_served")
    assert problem(stranger.post("/sync/devices/nobody/withdraw"))[0] == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'{"code": 1}'])
def test_what_is_not_understood_is_told_so(stranger: Caller, body: bytes) -> None:
    assert problem(stranger.post("/sync/enrol", body)) == (400, "not_understood")


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"not gzip", "gzip"),
        (gzip.compress(b"{}")[:-4], "gzip"),
        (gzip.compress(b"{}") + b"more", "gzip"),
    ],
    ids=["not packed", "cut short", "more behind it"],
)
def test_what_cannot_be_unpacked_is_told_so(stranger: Caller, body: bytes, encoding: str) -> None:
    response = stranger.post("/sync/enrol", body, headers={"Content-Encoding": encoding})
    assert problem(response) == (400, "not_understood")


def test_no_other_packing_is_read(stranger: Caller) -> None:
    response = stranger.post("/sync/enrol", b"x", headers={"Content-Encoding": "br"})
    assert problem(response) == (415, "encoding")


def test_storage_that_does_not_answer_is_no_fault_of_the_device(
    server: Server, caller: Caller, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DiskGone(Exception):
        pass

    def gone() -> int:
        raise DiskGone

    with served(server.service, storage_faults=(DiskGone,)) as up:
        monkeypatch.setattr(type(server.service), "head", lambda _: gone())
        with up.client() as client:
            assert problem(client.get("/healthz")) == (503, "unavailable")
        assert up.line(code="unavailable")["error"] == "DiskGone"


def test_a_fault_of_ours_is_said_without_its_content(
    server: Server, up: Served, stranger: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("Amina, 0550 12 34 56")

    monkeypatch.setattr(type(server.service), "challenge", broken)
    response = stranger.post("/sync/challenge")
    assert problem(response) == (500, "fault")
    assert "Amina" not in response.text
    line = up.line(code="fault")
    assert line["error"] == "ZeroDivisionError"
    assert line["level"] == "error"
    assert "Amina" not in str(line)


# ---------------------------------------------------------------- how often


def test_who_asks_too_often_is_told_when_to_come_back(server: Server, office: Device) -> None:
    with served(server.service, device_rate=0.001, device_burst=2) as up:
        with up.client() as client:
            caller = Caller(client, office)
            answers = [caller.push(office.asking()) for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert problem(answers[-1])[1] == "too_many"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 1_000


def test_codes_cannot_be_guessed_in_a_hurry(server: Server, office: Device) -> None:
    with (
        served(server.service, enrol_rate=0.001, enrol_burst=3) as up,
        up.client() as client,
    ):
        request = server.device().enrolment("AAAA-BBBB-CCCC")
        answers = [Caller(client).post("/sync/enrol", request).status_code for _ in range(5)]
    assert answers == [403, 403, 403, 429, 429]


def test_workers_share_what_an_address_is_allowed(server: Server, office: Device) -> None:
    """Tokens, and codes: who guesses them gains nothing by the number of workers."""
    with (
        served(
            server.service,
            workers=3,
            address_rate=0.003,
            address_burst=12,
            enrol_rate=0.003,
            enrol_burst=6,
        ) as up,
        up.client() as client,
    ):
        caller = Caller(client)
        wrong = server.device().enrolment("AAAA-BBBB-CCCC")
        codes = [caller.post("/sync/enrol", wrong).status_code for _ in range(3)]
        assert codes == [403, 403, 429]
        assert caller.post("/sync/challenge").status_code == 200
        answer = caller.post("/sync/challenge")
        assert answer.status_code == 429
        assert 900 < int(answer.headers["retry-after"]) <= 1_000, "a third of the rate"


def test_workers_share_what_a_device_is_allowed(server: Server, office: Device) -> None:
    with served(server.service, workers=3, device_rate=0.003, device_burst=6) as up:
        with up.client() as client:
            caller = Caller(client, office)
            answers = [caller.push(office.asking()) for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert 900 < int(answers[-1].headers["retry-after"]) <= 1_000, "a third of the rate"


def test_an_address_is_limited_too_but_not_when_it_watches(server: Server, office: Device) -> None:
    with (
        served(server.service, address_rate=0.001, address_burst=1) as up,
        up.client() as client,
    ):
        answers = [client.post("/sync/challenge").status_code for _ in range(2)]
        assert answers == [200, 429]
        assert {client.get("/healthz").status_code for _ in range(3)} == {200}


# ---------------------------------------------------------------- what is written down


def test_each_request_is_one_line_without_anything_personal(
    up: Served, caller: Caller, office: Device
) -> None:
    office.does(received("L2", litres(5)))
    push_answer(caller.push(office.request()))
    line = up.line(route="/sync/push", status=200)
    assert line["device"] == str(office.id)
    assert line["offered"] == 1
    assert line["verdicts"] == {"accepted": 1}
    assert line["milliseconds"] > 0
    assert "127.0.0.1" not in str(line)
    assert "Amina" not in str(up.journal)


def test_a_commit_that_is_turned_down_is_written_with_the_reason(
    up: Served, caller: Caller, office: Device
) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    wrong = evolve(office.request(), commits=(evolve(own, signature=bytes(64)),))
    stopped = push_answer(caller.push(wrong)).push_error
    assert stopped is not None
    line = up.line(push_error="refused")
    assert line["commit"] == str(own.commit.id)
    assert "not signed" in line["why"]


def test_what_is_counted_can_be_read(up: Served, caller: Caller, office: Device) -> None:
    office.does(received("L2", litres(5)))
    push_answer(caller.push(office.request()))
    up.line(route="/sync/push")
    counted = caller.get("/metrics")
    assert counted.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = counted.text.splitlines()
    assert 'manchengo_commits_total{verdict="accepted"} 1.0' in lines
    assert 'manchengo_requests_total{route="/sync/push",status="200"} 1.0' in lines
    assert f"manchengo_log_head {up.middleware.app_state.service.head():.1f}" in lines
    assert "manchengo_parked_commits 0.0" in lines
    assert "manchengo_waiting_devices 0.0" in lines
    assert str(office.id) not in counted.text
