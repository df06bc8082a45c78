"""Whom a device believes: the authorities of its machine, among them one that the plant made."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from manchengo.domain.ids import DeviceId, UserId
from manchengo_sync import wire
from manchengo_sync.http import HttpLink
from manchengo_sync.link import Unauthorised, Untrusted

REQUEST = wire.EnrolRequest(
    code="X", device_id=DeviceId(UUID(int=1)), name="poste", public_key="00" * 32, user_id=None
)
FOR_SIGNING = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
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
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plant's own authority and, in one file, a server it vouches for."""
    folder = tmp_path_factory.mktemp("authority")
    root, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name, address = called("Laiterie des Deux Rives"), x509.IPAddress(ip_address("127.0.0.1"))
    own = (
        begun(name, name, root)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(FOR_SIGNING, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root.public_key()), critical=False)
        .sign(root, hashes.SHA256())
    )
    vouched_for = (
        begun(called("serveur"), name, server)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False
        )
        .sign(root, hashes.SHA256())
    )
    key = server.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "root.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(key + vouched_for.public_bytes(serialization.Encoding.PEM))
    return folder


def called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


@contextmanager
def listening(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
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
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "root.pem"))
    with listening(authority / "server.pem") as url, pytest.raises(Unauthorised):
        asks(url)


@pytest.mark.parametrize("named", ["", "nowhere.pem"])
def test_without_it_nobody_is(named: str, authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file is not there, those that are known to all are believed, and no others."""
    monkeypatch.setenv("SSL_CERT_FILE", named)
    with listening(authority / "server.pem") as url, pytest.raises(Untrusted):
        asks(url)
