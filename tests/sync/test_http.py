"""The link over HTTP, against a server that says what the test wants it to say."""

import gzip
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, BrokenBarrierError, Thread
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from attrs import define, evolve, field

from manchengo.domain.ids import DeviceId, UserId
from manchengo.memory import START_OF_MEMORY
from manchengo_sync import http_messages, wire
from manchengo_sync.address import BadAddress, BadProxy, NotEncrypted
from manchengo_sync.http import KEPT_OPEN, MAKING, HttpLink
from manchengo_sync.link import (
    AnotherPlant,
    LinkError,
    LogReset,
    NotUnderstood,
    ServerFull,
    ServerTooOld,
    TooLarge,
    TooOld,
    Unauthorised,
    Unreachable,
    Untrusted,
)
from manchengo_sync.signing import is_signed, new_key, public_key

KEY = new_key()
PHONE, ALI = DeviceId(UUID(int=7)), UserId(UUID(int=8))

REQUEST = wire.PushRequest(
    protocol=wire.PROTOCOL,
    replica_id=PHONE,
    log_epoch="",
    cursor=0,
    log_hash=bytes(32),
    schema_max={},
    limit=10,
    commits=(),
)
ANSWER = wire.PushResponse(
    protocol=wire.PROTOCOL,
    synced=(),
    new=(),
    log_epoch="first",
    head=0,
    server_time=START_OF_MEMORY,
    more=False,
    push_error=None,
)

Answer = Callable[[httpx.Request], httpx.Response]


def response_of(what: object, status: int = 200, **headers: str) -> httpx.Response:
    given = {"Content-Type": "application/json", **headers}
    return httpx.Response(status, content=wire.encode(what), headers=given)


def problem(status: int, code: str, **more: Any) -> httpx.Response:
    return response_of(wire.Problem(code=code, message="Non.", **more), status)


OURS = UUID(int=1)


@define
class Site:
    """Gives tokens, and answers everything else as it is told to."""

    answer: Answer = field(default=lambda _: response_of(ANSWER))
    seconds: int = 900
    requests: list[httpx.Request] = field(factory=list)
    tokens: int = 0
    plant: str = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        response = self._answered(request)
        if self.plant:
            response.headers[wire.PLANT] = self.plant
        return response

    def _answered(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        match request.url.path.rpartition("/sync/")[2]:
            case "challenge":
                return response_of(wire.Challenge(nonce="a nonce"), 201)
            case "token":
                asked = wire.decode(request.content, wire.TokenRequest)
                message = wire.token_message("a nonce", asked.device_id, ALI)
                assert is_signed(public_key(KEY), asked.signature, message)
                self.tokens += 1
                token = f"{asked.device_id} {self.tokens}"
                return response_of(wire.TokenResponse(token=token, seconds=self.seconds, roles=()))
            case _:
                return self.answer(request)

    def link(self, url: str = "https://laiterie.example", **how: object) -> HttpLink:
        settings = {"device_id": PHONE, "user_id": ALI, "private_key": KEY, "timer": float, **how}
        return HttpLink(url, transport=httpx.MockTransport(self), **settings)  # type: ignore[arg-type]  # by name

    @property
    def paths(self) -> list[str]:
        return [request.url.path.removeprefix("/sync/") for request in self.requests]


# ---------------------------------------------------------------- tokens


def test_a_token_is_asked_for_once_and_used_again() -> None:
    site = Site()
    link = site.link()
    assert link.push(REQUEST) == ANSWER
    link.push(REQUEST)
    assert site.paths == ["challenge", "token", "push", "push"]
    assert site.requests[-1].headers["Authorization"] == f"Bearer {PHONE} 1"


def test_every_question_names_the_plant_of_the_device() -> None:
    site = Site()
    site.link(plant_id=OURS).push(REQUEST)
    assert {request.headers[wire.PLANT] for request in site.requests} == {str(OURS)}
    site.requests.clear()
    site.link().push(REQUEST)
    assert all(wire.PLANT not in request.headers for request in site.requests)


def test_a_server_of_another_plant_is_shown_neither_a_token_nor_a_code() -> None:
    site = Site(plant=str(UUID(int=2)))
    link = site.link(plant_id=OURS)
    enrolment = wire.EnrolRequest(
        code="K7QM-4XRA-9TWB", device_id=PHONE, name="poste", public_key="", user_id=None
    )
    for ask in (lambda: link.push(REQUEST), lambda: link.enrol(enrolment)):
        site.requests.clear()
        with pytest.raises(AnotherPlant):
            ask()
        assert site.paths == ["challenge"]


def test_a_server_that_says_so_keeps_another_plant() -> None:
    site = Site(lambda _: problem(421, "another_plant"))
    with pytest.raises(AnotherPlant):
        site.link(plant_id=OURS).push(REQUEST)


def test_a_server_of_before_does_not_say_which_plant_it_keeps() -> None:
    assert Site().link(plant_id=OURS).push(REQUEST) == ANSWER


def test_who_was_let_in_asks_at_once() -> None:
    site = Site()
    link = site.link()
    link.let_in(PHONE)
    assert site.paths == ["challenge", "token"]
    link.let_in(PHONE)
    link.push(REQUEST)
    assert site.paths == ["challenge", "token", "push"]


def test_two_threads_that_come_at_once_show_themselves_once() -> None:
    site = Site()
    both = Barrier(2)

    def hesitating(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/challenge"):
            with suppress(BrokenBarrierError):  # as it must be: nobody else comes here
                both.wait(0.2)
        return site(request)

    with HttpLink(
        "https://laiterie.example",
        device_id=PHONE,
        user_id=ALI,
        private_key=KEY,
        transport=httpx.MockTransport(hesitating),
    ) as link:
        pushing = [Thread(target=link.push, args=(REQUEST,)) for _ in range(2)]
        for each in pushing:
            each.start()
        for each in pushing:
            each.join()
    assert site.paths == ["challenge", "token", "push", "push"]


class Answering(BaseHTTPRequestHandler):
    """A server with real connections, which it counts."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        super().setup()
        type(self).connections += 1

    def do_GET(self) -> None:
        body = wire.encode(wire.DevicesResponse(devices=()))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_a_connection_that_rests_is_used_again_within_the_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr("httpcore._sync.http11.time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(HttpLink, "_token", lambda *_: "a token")
    monkeypatch.setattr(Answering, "connections", 0)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with HttpLink(url, device_id=PHONE, user_id=ALI, private_key=KEY) as link:
            for rested in (0.0, KEPT_OPEN - 1, KEPT_OPEN - 1):
                now += rested
                link.devices()
            assert Answering.connections == 1
            now += KEPT_OPEN + 1
            link.devices()
            assert Answering.connections == 2
        server.shutdown()


def test_what_is_prepared_goes_when_it_is_called_for() -> None:
    site = Site()
    push = site.link().prepared(REQUEST)
    assert site.paths == []
    assert push() == push() == ANSWER
    assert site.paths == ["challenge", "token", "push", "push"]
    assert site.requests[-2].content == site.requests[-1].content == wire.encode(REQUEST)


def test_a_token_is_not_used_in_its_last_minute() -> None:
    now = 0.0
    site = Site(seconds=900)
    link = site.link(timer=lambda: now)
    link.push(REQUEST)
    now = 839.0
    link.push(REQUEST)
    assert site.tokens == 1
    now = 840.0
    link.push(REQUEST)
    assert site.tokens == 2


def test_a_token_that_is_not_taken_any_more_is_asked_for_again_once() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"].endswith(" 1"):
            return problem(401, "token")
        return response_of(ANSWER)

    site = Site(answer)
    assert site.link().push(REQUEST) == ANSWER
    assert site.tokens == 2


@define
class Doubting(Site):
    """Believes no answer to a challenge but the one after these."""

    doubts: int = 1
    each_takes: float = 0.0
    now: float = 0.0

    def _answered(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token") and self.doubts:
            self.doubts -= 1
            self.now += self.each_takes
            self.requests.append(request)
            return problem(401, "not_proved")
        return super()._answered(request)

    def refusal(self) -> LinkError:
        with pytest.raises(LinkError) as refused:
            self.link(timer=lambda: self.now).push(REQUEST)
        return refused.value


def test_a_challenge_that_was_answered_too_late_is_asked_for_once_more() -> None:
    site = Doubting(doubts=1, each_takes=70.0)
    assert site.link().push(REQUEST) == ANSWER
    assert site.paths == ["challenge", "token", "challenge", "token", "push"]


def test_a_line_too_slow_for_any_challenge_is_no_matter_of_rights() -> None:
    site = Doubting(doubts=9, each_takes=70.0)
    assert isinstance(site.refusal(), Unreachable)
    assert site.paths == ["challenge", "token"] * 2


def test_a_key_that_the_server_does_not_know_is_told_after_two_tries() -> None:
    site = Doubting(doubts=9, each_takes=1.0)
    refusal = site.refusal()
    assert isinstance(refusal, Unauthorised)
    assert refusal.code == "not_proved"
    assert site.paths == ["challenge", "token"] * 2


def test_who_is_turned_down_twice_is_told() -> None:
    site = Site(lambda _: problem(401, "device_unknown"))
    with pytest.raises(Unauthorised) as turned_down:
        site.link().push(REQUEST)
    assert (turned_down.value.code, turned_down.value.why) == ("device_unknown", "Non.")
    assert site.paths.count("push") == 2


def test_a_device_that_took_another_name_speaks_under_it() -> None:
    site = Site()
    link = site.link()
    link.push(REQUEST)
    other = DeviceId(UUID(int=9))
    site.answer = lambda _: response_of(
        wire.EnrolResponse(
            plant_id=UUID(int=1), plant="", mark="B", user_id=ALI, log_epoch="", server_key=""
        )
    )
    link.renew(wire.RenewRequest(former_id=PHONE, device_id=other))
    assert site.requests[-1].headers["Authorization"] == f"Bearer {PHONE} 1"
    site.answer = lambda _: response_of(ANSWER)
    link.push(evolve(REQUEST, replica_id=other))
    assert site.requests[-1].headers["Authorization"] == f"Bearer {other} 2"


def test_to_be_let_in_no_token_is_needed() -> None:
    welcome = wire.EnrolResponse(
        plant_id=UUID(int=1), plant="Laiterie", mark="B", user_id=ALI, log_epoch="e", server_key=""
    )
    site = Site(lambda _: response_of(welcome))
    request = wire.EnrolRequest(
        code="ABCD", device_id=PHONE, name="Atelier", public_key="", user_id=None
    )
    assert site.link().enrol(request) == welcome
    assert site.paths == ["enrol"]
    assert "Authorization" not in site.requests[0].headers


# ---------------------------------------------------------------- bodies


def test_a_large_body_is_packed_and_a_small_one_is_not() -> None:
    site = Site()
    link = site.link()
    large = evolve(REQUEST, schema_max={f"event.{number}": 1 for number in range(100)})
    link.push(REQUEST)
    link.push(large)
    small, packed = site.requests[-2:]
    assert "Content-Encoding" not in small.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert wire.decode(gzip.decompress(packed.content), wire.PushRequest) == large


def test_a_packed_answer_is_read() -> None:
    body = gzip.compress(wire.encode(ANSWER))
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    site = Site(lambda _: httpx.Response(200, content=body, headers=headers))
    link = site.link()
    assert link.push(REQUEST) == ANSWER
    assert "gzip" in site.requests[-1].headers["Accept-Encoding"]


def test_an_answer_without_end_is_not_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_messages, "LARGEST_ANSWER", 1_000)
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 100

    headers = {"Content-Type": "application/json"}
    site = Site(lambda _: httpx.Response(200, content=endless(), headers=headers))
    with pytest.raises(NotUnderstood):
        site.link().push(REQUEST)
    assert read < 100


def test_a_longer_wait_is_given_more_time() -> None:
    site = Site()
    link = site.link()
    link.push(evolve(REQUEST, wait=20.0))
    timeouts = [request.extensions["timeout"] for request in site.requests]
    assert [each["read"] for each in timeouts] == [30.0, 30.0, 50.0]
    assert {each["connect"] for each in timeouts} == {10.0}


def test_a_snapshot_comes_in_pieces() -> None:
    pieces = [b"one", b"two"]
    site = Site(lambda _: httpx.Response(200, content=iter(pieces)))
    with site.link().snapshot() as file:
        assert b"".join(file) == b"onetwo"
    assert site.requests[-1].method == "GET"
    assert site.requests[-1].url.params["protocol"] == str(wire.PROTOCOL)
    assert site.requests[-1].extensions["timeout"]["read"] == 30.0 + MAKING


def test_a_snapshot_that_is_cut_is_a_network_that_failed() -> None:
    def cut() -> Iterator[bytes]:
        yield b"one"
        raise httpx.ReadError("cut")

    site = Site(lambda _: httpx.Response(200, content=cut()))
    with pytest.raises(Unreachable), site.link().snapshot() as file:
        list(file)


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (problem(400, "not_understood"), NotUnderstood(code="not_understood", why="Non.")),
        (problem(403, "device_withdrawn"), Unauthorised(code="device_withdrawn", why="Non.")),
        (problem(404, "not_found"), NotUnderstood(code="not_found", why="Non.")),
        (
            problem(409, "log_reset", log_epoch="second", keep=12),
            LogReset(log_epoch="second", keep=12),
        ),
        (problem(409, "device_taken"), NotUnderstood(code="device_taken", why="Non.")),
        (problem(413, "too_large"), TooLarge()),
        (httpx.Response(413, html="<h1>413</h1>"), TooLarge()),
        (problem(426, "protocol"), TooOld()),
        (problem(426, "protocol", protocol=wire.PROTOCOL - 1), ServerTooOld()),
        (problem(426, "protocol", protocol=wire.PROTOCOL + 1), TooOld()),
        (problem(429, "too_many"), Unreachable(why="Non.")),
        (problem(500, "fault"), Unreachable(why="Non.")),
        (problem(503, "unavailable"), Unreachable(why="Non.")),
        (problem(507, "storage_full"), ServerFull(why="Non.")),
        (httpx.Response(507, html="<h1>507</h1>"), Unreachable(why="HTTP 507")),
        (httpx.Response(502, html="<h1>502</h1>"), Unreachable(why="HTTP 502", was_sent=True)),
        (httpx.Response(403, html="<h1>Pay first</h1>"), Unreachable(why="HTTP 403")),
        (
            httpx.Response(302, headers={"Location": "http://hotspot.example"}),
            Unreachable(why="HTTP 302"),
        ),
        (response_of("a problem that is none", 400), Unreachable(why="HTTP 400")),
        (
            httpx.Response(200, html="<h1>Welcome</h1>"),
            Unreachable(why="what answered is not the server"),
        ),
    ],
)
def test_every_answer_that_is_none_is_one_of_the_tree(
    answer: httpx.Response, error: LinkError
) -> None:
    site = Site(lambda _: answer)
    with pytest.raises(LinkError) as raised:
        site.link().push(REQUEST)
    assert repr(raised.value) == repr(error)


@pytest.mark.parametrize(
    ("said_by_the_server", "believed"),
    [("12", 12.0), ("999999", 3600.0), ("-1", None), ("demain", None), ("", None)],
)
def test_a_busy_server_says_when_to_come_back(
    said_by_the_server: str, believed: float | None
) -> None:
    headers = {"Retry-After": said_by_the_server}
    site = Site(lambda _: httpx.Response(503, headers=headers))
    with pytest.raises(Unreachable) as busy:
        site.link().push(REQUEST)
    assert busy.value.retry_after == believed


def test_bytes_that_are_no_answer_are_not_understood() -> None:
    headers = {"Content-Type": "application/json"}
    site = Site(lambda _: httpx.Response(200, content=b'{"new": 1}', headers=headers))
    with pytest.raises(NotUnderstood):
        site.link().push(REQUEST)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("no route"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.WriteError("cut"),
        httpx.RemoteProtocolError("garbled"),
        httpx.DecodingError("garbled"),
    ],
)
def test_whatever_the_network_does_the_server_is_unreachable(error: Exception) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(Unreachable) as unreachable:
        Site(answer).link().push(REQUEST)
    assert not isinstance(unreachable.value, Untrusted)


def test_a_certificate_that_proves_nothing_is_told_apart() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no") from ssl.SSLCertVerificationError("expired")

    with pytest.raises(Untrusted):
        Site(answer).link().push(REQUEST)


# ---------------------------------------------------------------- where to


@pytest.mark.parametrize("url", ["http://laiterie.example", "http://192.168.1.7:8000"])
def test_plain_http_is_refused_unless_asked_for(url: str) -> None:
    site = Site()
    with pytest.raises(NotEncrypted):
        site.link(url)
    site.link(url, allow_plain=True).push(REQUEST)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.3.2.1", "[::1]"])
def test_plain_http_is_enough_inside_one_machine(host: str) -> None:
    Site().link(f"http://{host}:8000/").push(REQUEST)


def test_what_is_no_address_is_said_at_once() -> None:
    with pytest.raises(BadAddress):
        Site().link("laiterie.example")


@pytest.mark.parametrize(
    "proxy", ["http://host:abc", "http://[::1", "ftp://proxy.example", "socks5://proxy.example:1"]
)
def test_a_proxy_that_cannot_be_used_is_named(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    def link(url: str) -> HttpLink:
        return HttpLink(url, device_id=PHONE, user_id=ALI, private_key=KEY)

    with pytest.raises(BadProxy):
        link("https://laiterie.example")
    link("http://127.0.0.1:8000").close()


@pytest.mark.parametrize("place", ["http://host:abc", "http://[::1", "https://xn--a", "\x00"])
def test_whoever_sends_us_to_no_address_is_not_the_server(place: str) -> None:
    site = Site(lambda _: httpx.Response(302, headers={"Location": place}))
    with pytest.raises(Unreachable):
        site.link().push(REQUEST)


def test_a_server_may_live_behind_a_path() -> None:
    site = Site()
    site.link("https://example.org/laiterie/").push(REQUEST)
    assert str(site.requests[-1].url) == "https://example.org/laiterie/sync/push"


def test_an_administrator_gives_codes_and_withdraws_devices() -> None:
    code = wire.CodeResponse(code="ABCD", expires_at=START_OF_MEMORY)
    site = Site(lambda _: response_of(code))
    assert site.link().new_code(wire.CodeRequest(user_id=ALI)) == code
    site.answer = lambda _: httpx.Response(204)
    site.link().withdraw(PHONE, "perdu")
    assert site.requests[-1].url.path == f"/sync/devices/{PHONE}/withdraw"
    assert json.loads(site.requests[-1].content) == {"reason": "perdu"}
