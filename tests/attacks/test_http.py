"""What confuses the server over HTTP, or asks it for what nobody outside should see."""

import pytest

from tests.attacks.sockets import connect, exchanged, is_ended, request, status
from tests.support.server import Caller, Device, Served, Server, problem, served

ASKED_FOR_THIS_MACHINE = ("/metrics", "/schema", "/schema/", "//schema/openapi.json", "/metrics/")


@pytest.mark.parametrize("path", ["/sync/token", "/sync/enrol", "/sync/push"])
@pytest.mark.parametrize(
    "body",
    [b'{"code":"\xff\xfe"}', b'{"device_id":"\xc3"}', b'{"log_epoch":"\xed\xa0\x80"}', b"\xff"],
)
def test_a_body_that_is_no_text_is_not_understood(
    up: Served, stranger: Caller, office: Device, path: str, body: bytes
) -> None:
    with up.client() as client:
        asks = Caller(client, office) if path == "/sync/push" else stranger
        assert problem(asks.post(path, body)) == (400, "not_understood")


# ---------------------------------------------------------------- one request taken for two


HIDDEN = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", f"Content-Length: {len(HIDDEN)}"),
    ],
)
def test_a_request_of_two_lengths_is_refused_and_nothing_behind_it_answered(
    up: Served, headers: tuple[str, ...]
) -> None:
    answer = exchanged(up.url, request("/sync/challenge", *headers, body=HIDDEN))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"nonce" not in answer


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 4", "Content-Length: 5"),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding : chunked",),
        ("Content-Length: +4",),
    ],
)
def test_a_length_that_can_be_read_in_two_ways_is_refused(
    up: Served, headers: tuple[str, ...]
) -> None:
    answer = exchanged(up.url, request("/sync/challenge", *headers, body=HIDDEN))
    assert b" 400 " in answer or b" 501 " in answer
    assert b"nonce" not in answer


# ---------------------------------------------------------------- slowly


def test_a_head_that_never_ends_is_not_waited_for(server: Server, office: Device) -> None:
    with served(server.service, header_seconds=0.2) as up:
        for begun in (b"", b"GET /healthz HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\nHost: x\r\nA"):
            with connect(up.url) as slow:
                slow.sendall(begun)
                assert is_ended(slow)


def test_nor_the_head_of_a_second_request(server: Server, office: Device) -> None:
    with served(server.service, header_seconds=0.2) as up, connect(up.url) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status(slow) == 200
        slow.sendall(b"GET /healthz HTTP/1.1\r\n")
        assert is_ended(slow)


def test_an_answer_that_is_waited_for_takes_longer_than_a_head_may(
    server: Server, office: Device
) -> None:
    with served(server.service, header_seconds=0.2) as up, up.client() as client:
        response = Caller(client, office).push(office.request(wait=1.0))
        assert response.status_code == 200


def test_more_connections_than_are_kept_do_not_keep_those_out_that_are_open(
    server: Server, office: Device
) -> None:
    with served(server.service, connections=3) as up:
        kept = [connect(up.url) for _ in range(3)]
        for open_ in kept:
            open_.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert status(open_) == 200
        with connect(up.url) as one_too_many:
            assert is_ended(one_too_many)
        kept[0].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status(kept[0]) == 200
        for open_ in kept:
            open_.close()


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize("path", ASKED_FOR_THIS_MACHINE)
@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "127.0.0.1"},
    ],
    ids=lambda header: " ".join(*header.items()),
)
def test_what_the_server_says_of_itself_is_not_said_through_a_proxy(
    stranger: Caller, path: str, header: dict[str, str]
) -> None:
    assert stranger.get(path, headers=header).status_code == 404


def test_a_program_of_the_same_machine_is_told(stranger: Caller) -> None:
    assert stranger.get("/metrics").status_code == 200
    assert stranger.get("/schema").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/schema", "/sync/devices", "/nowhere"])
def test_no_answer_is_kept_on_the_way_or_taken_for_something_else(
    stranger: Caller, path: str
) -> None:
    answer = stranger.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nor_is_the_whole_log(up: Served, office: Device) -> None:
    with up.client() as client:
        answer = Caller(client, office).get("/sync/snapshot")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
