"""A plant's own authority, and a server on loopback that it vouches for."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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


@frozen
class Certificates:
    """Files: the authority's ``root``; what the server shows (``chain``), and its ``key``."""

    root: Path
    chain: Path
    key: Path

    def believed(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.root)


def certificates(folder: Path) -> Certificates:
    """For a server at 127.0.0.1, good for a day."""
    root, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name, address = _called("Laiterie des Deux Rives"), x509.IPAddress(ip_address("127.0.0.1"))
    own = (
        _begun(name, name, root)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(FOR_SIGNING, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root.public_key()), critical=False)
        .sign(root, hashes.SHA256())
    )
    vouched_for = (
        _begun(_called("serveur"), name, server)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False
        )
        .sign(root, hashes.SHA256())
    )
    made = Certificates(folder / "root.pem", folder / "fullchain.pem", folder / "privkey.pem")
    made.root.write_bytes(own.public_bytes(serialization.Encoding.PEM))
    made.chain.write_bytes(vouched_for.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        server.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
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
