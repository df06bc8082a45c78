"""Whom a device believes: the authorities of its machine, among them one that the plant made."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import pytest

from manchengo.domain.ids import DeviceId, UserId
from manchengo_sync import http, wire
from manchengo_sync.http import HttpLink
from manchengo_sync.link import Unauthorised, Unreachable, Untrusted
from tests.support.certificates import Certificates, certificates

REQUEST = wire.EnrolRequest(
    code="X", device_id=DeviceId(UUID(int=1)), name="poste", public_key="00" * 32, user_id=None
)
REFUSED = wire.encode(wire.Problem(code="code_refused", message="No."))


class Refusing(BaseHTTPRequestHandler):
    """Whoever reads its answer has believed its certificate."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(REFUSED)))
        self.end_headers()
        self.wfile.write(REFUSED)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("authority"))


@contextmanager
def listening(made: Certificates) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.chain, made.key)
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def asks(url: str) -> None:
    device_id, user_id = REQUEST.device_id, UserId(UUID(int=2))
    with HttpLink(url, device_id=device_id, user_id=user_id, private_key="") as link:
        link.enrol(REQUEST)


def test_an_authority_of_the_plant_s_own_is_believed_where_the_machine_names_it(
    made: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(made.root))
    with listening(made) as url, pytest.raises(Unauthorised):
        asks(url)


@pytest.mark.parametrize("named", ["", "nowhere.pem"])
def test_without_it_nobody_is(
    named: str, made: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file is not there, those that are known to all are believed, and no others."""
    monkeypatch.setenv("SSL_CERT_FILE", named)
    with listening(made) as url, pytest.raises(Untrusted):
        asks(url)


def test_the_authorities_are_read_where_something_is_encrypted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[ssl.SSLContext] = []

    def noted() -> ssl.SSLContext:
        read.append(http.NO_TLS)
        return http.NO_TLS

    monkeypatch.setattr(http, "authorities", noted)
    for url, times in (("http://127.0.0.1:1", 0), ("https://127.0.0.1:1", 1)):
        with pytest.raises(Unreachable):
            asks(url)
        assert len(read) == times
