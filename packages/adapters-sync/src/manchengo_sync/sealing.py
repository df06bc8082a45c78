"""A sealed file: packed, and encrypted so that only whom it is for can open it.

    magic 4 | version 1 | kind 1 | receiver 8 | length 8 | ephemeral key 32 | AES-256-GCM of gzip

The key is derived (HKDF-SHA256) from what an X25519 key made for this one file and the receiver's
own make together; where the sender has an X25519 key that the receiver knows, from what these two
make as well, and then nobody else can have sealed it. Every byte before the last part is bound in.
``receiver`` is the beginning of the SHA-256 of the receiver's public key.
"""

import gzip
import struct
import zlib
from collections.abc import Sequence
from hashlib import sha256

from attrs import frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"MNCH"
VERSION = 1

LARGEST = 64 * 1024 * 1024
"""Bytes of what is inside, unpacked; a sealed file is hardly larger than what is inside."""

_BEGINNING = struct.Struct(">4s1s1s8sQ")
_KEY_BYTES, _AES_BYTES, _NONCE_BYTES = 32, 32, 12
_BEFORE = _BEGINNING.size + _KEY_BYTES


class BundleError(Exception):
    """The file is not what it should be. Nothing was changed."""


@frozen
class NotABundle(BundleError):
    """It is another kind of file: not one of ours, or an answer where a request should be."""


@frozen
class NewerBundle(BundleError):
    """A newer program wrote it, in a way that this one does not know."""

    version: int


@frozen
class NotForUs(BundleError):
    """It was sealed for another server, or for another device."""


@frozen
class CutShort(BundleError):
    """The end of the file is missing: it was not copied whole."""


@frozen
class Tampered(BundleError):
    """It is not what was sealed, or not by whom it should have been."""


@frozen
class BundleTooLarge(BundleError):
    """There is more in it than is ever sent in one file."""


def new_key() -> str:
    """A private X25519 key: 32 random bytes in hexadecimal."""
    return X25519PrivateKey.generate().private_bytes_raw().hex()


def public_key(private_key: str) -> str:
    """The public key (X25519, in hexadecimal) of a private one."""
    return _private(private_key).public_key().public_bytes_raw().hex()


def seal(kind: bytes, content: bytes, *, to: str, by: str | None = None) -> bytes:
    """``kind``: one byte. ``to``: the receiver's public key. ``by``: the sender's private one.

    Raises ``BundleTooLarge``.
    """
    if len(content) > LARGEST:
        raise BundleTooLarge
    packed = gzip.compress(content, compresslevel=6, mtime=0)
    ephemeral = X25519PrivateKey.generate()
    before = (
        _BEGINNING.pack(MAGIC, bytes([VERSION]), kind, _mark(to), len(packed) + 16)
        + ephemeral.public_key().public_bytes_raw()
    )
    secrets = [_shared(each, to) for each in (ephemeral, *([_private(by)] if by else []))]
    cipher, nonce = _cipher(secrets, before, to)
    return before + cipher.encrypt(nonce, packed, before)


def unseal(kind: bytes, sealed: bytes, *, to: str, by: str | None = None) -> bytes:
    """``to``: the receiver's private key. ``by``: the sender's public one, where it has to be
    theirs. Raises a ``BundleError``.
    """
    if len(sealed) > _BEFORE + LARGEST + LARGEST // 100:
        raise BundleTooLarge
    if sealed[: len(MAGIC)] != MAGIC[: len(sealed)]:
        raise NotABundle
    if len(sealed) < _BEFORE:
        raise CutShort
    before, locked = sealed[:_BEFORE], sealed[_BEFORE:]
    _, version, found, mark, length = _BEGINNING.unpack_from(before)
    if version[0] != VERSION:
        raise NewerBundle(version[0])
    if found != kind:
        raise NotABundle
    own = public_key(to)
    if mark != _mark(own):
        raise NotForUs
    if len(locked) < length:
        raise CutShort
    private = _private(to)
    try:
        secrets = [_shared(private, each) for each in (before[-_KEY_BYTES:].hex(), by) if each]
        cipher, nonce = _cipher(secrets, before, own)
        packed = cipher.decrypt(nonce, locked, before)
    except (InvalidTag, ValueError) as error:  # ValueError: a key that is none
        raise Tampered from error
    return _unpacked(packed)


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacking.decompress(packed, LARGEST + 1)
    except zlib.error as error:
        raise Tampered from error
    if len(content) > LARGEST:
        raise BundleTooLarge
    if not unpacking.eof or unpacking.unused_data:
        raise Tampered
    return content


def _cipher(secrets: Sequence[bytes], before: bytes, to: str) -> tuple[AESGCM, bytes]:
    """The key and the nonce: both of this file alone, as its ephemeral key is."""
    info = b"manchengo bundle" + before + bytes.fromhex(to)
    derived = HKDF(SHA256(), length=_AES_BYTES + _NONCE_BYTES, salt=None, info=info).derive(
        b"".join(secrets)
    )
    return AESGCM(derived[:_AES_BYTES]), derived[_AES_BYTES:]


def _shared(private: X25519PrivateKey, public: str) -> bytes:
    return private.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(public)))


def _private(key: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(bytes.fromhex(key))


def _mark(public: str) -> bytes:
    return sha256(bytes.fromhex(public)).digest()[:8]
