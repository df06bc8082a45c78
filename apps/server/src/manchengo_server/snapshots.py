"""The whole log in one file, for a new device: it applies the file, then pulls the rest.

A file on the disk is encrypted, like the database it was made from, under a key that only the
database holds.
"""

import gzip
import os
import secrets
from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.ports.store import Snapshot
from manchengo.system import private_draft
from manchengo_server.context import ServerContext
from manchengo_server.plant import Epochs
from manchengo_server.snapshot_cache import CachedSnapshot
from manchengo_server.token_keys import TokenKeys
from manchengo_sync.wire import SnapshotHeader, encode, schema_max

LAG = 10_000
"""How many entries a cached file may lack before it is made again."""

PIECE = 256 * 1024

_NONCE_BYTES = 12
_LENGTH_BYTES = 4


def snapshot_file(context: ServerContext) -> Iterator[bytes]:
    """A gzip file, piece by piece: ``SnapshotHeader`` on the first line, then one entry a line.

    All reading of the store happens before the first piece.
    """
    cache = context.snapshot_cache
    if cache.folder is None:
        yield from _in_memory(context)
        return
    with context.reading() as snapshot:
        epoch, head = Epochs.read(snapshot).present, snapshot.cursor()
    cached = cache.newest(epoch)
    if cached is None or not 0 <= head - cached.global_seq <= LAG:  # beyond it: the log went back
        cached = _write_file(context)
    if not _is_readable(context, cached):
        cached = _write_file(context)
    with cached.path.open("rb") as stored:
        yield from _decrypted(stored, _cipher(context))


def _is_readable(context: ServerContext, cached: CachedSnapshot) -> bool:
    """Whether it is still there, and under the present key."""
    try:
        with cached.path.open("rb") as stored:
            next(_decrypted(stored, _cipher(context)), None)
    except (OSError, InvalidTag):
        return False
    return True


def _write_file(context: ServerContext) -> CachedSnapshot:
    cache, cipher = context.snapshot_cache, _cipher(context)
    with context.reading() as snapshot:
        epoch, head = Epochs.read(snapshot).present, snapshot.cursor()
        path = cache.path_for(epoch, head)
        draft = private_draft(path)
        try:
            with draft.open("wb") as file:
                for number, piece in enumerate(_gzipped(snapshot)):
                    nonce = secrets.token_bytes(_NONCE_BYTES)
                    sealed = nonce + cipher.encrypt(nonce, piece, str(number).encode())
                    file.write(len(sealed).to_bytes(_LENGTH_BYTES) + sealed)
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    cache.delete_all_but(path)
    return CachedSnapshot(path=path, epoch=epoch, global_seq=head)


def _in_memory(context: ServerContext) -> list[bytes]:
    with context.reading() as snapshot:
        return list(_gzipped(snapshot))


def _decrypted(stored: BufferedIOBase, cipher: AESGCM) -> Iterator[bytes]:
    number = 0
    while length := int.from_bytes(stored.read(_LENGTH_BYTES)):
        sealed = stored.read(length)
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        yield cipher.decrypt(nonce, rest, str(number).encode())
        number += 1


def _cipher(context: ServerContext) -> AESGCM:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"manchengo snapshot")
    with context.reading() as snapshot:
        key = TokenKeys.read(snapshot, context.wrapping).present
    return AESGCM(derived.derive(key))


# ---------------------------------------------------------------- content


def _gzipped(snapshot: Snapshot) -> Iterator[bytes]:
    pieces = _PieceBuffer()
    with gzip.GzipFile(fileobj=pieces, mode="wb", compresslevel=6, mtime=0) as file:
        for line in _lines(snapshot):
            file.write(line + b"\n")
            yield from pieces.full()
    yield from pieces.rest()


def _lines(snapshot: Snapshot) -> Iterator[bytes]:
    yield encode(
        SnapshotHeader(
            global_seq=snapshot.cursor(),
            schema=schema_max(),
            digest=digest(stored_rows(snapshot)),
            log_epoch=Epochs.read(snapshot).present,
        )
    )
    for entry in snapshot.entries():
        yield encode(entry)


class _PieceBuffer(BufferedIOBase):
    """Collects what gzip writes and yields it in pieces of about the same size."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def write(self, piece: Any) -> int:
        self._buffer += piece
        return len(piece)

    def full(self) -> Iterator[bytes]:
        if len(self._buffer) >= PIECE:
            yield from self.rest()

    def rest(self) -> Iterator[bytes]:
        if self._buffer:
            yield bytes(self._buffer)
            self._buffer.clear()
