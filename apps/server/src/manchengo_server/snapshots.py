"""The whole log in one file, for a device that comes new: it takes that in, then asks for the rest.

Such a file may be thrown away at any time. It lies encrypted like the database it was made from,
under a key that only the database holds.
"""

import gzip
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from attrs import frozen
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from manchengo.application import integrity
from manchengo.ports.store import Snapshot
from manchengo.system import private_draft
from manchengo_server.context import ServerContext
from manchengo_server.plant import Epochs
from manchengo_sync.wire import SnapshotHeader, encode, schema_max

LAG = 10_000
"""How many entries a kept file may be behind before it is made again."""

PIECE = 256 * 1024
ENDING = ".snapshot"

_NONCE_BYTES = 12
_LENGTH_BYTES = 4


@frozen(kw_only=True)
class CachedSnapshot:
    """A file that was made: of which log, and up to which entry."""

    path: Path
    epoch: str
    global_seq: int


@frozen
class SnapshotCache:
    """``folder``: where files are kept; None: nowhere, each is made afresh in memory."""

    folder: Path | None = None

    def newest(self, epoch: str) -> CachedSnapshot | None:
        kept = [each for each in self.all() if each.epoch == epoch]
        return max(kept, key=lambda each: each.global_seq, default=None)

    def all(self) -> Iterator[CachedSnapshot]:
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.glob(f"*{ENDING}"):
            epoch, _, seq = path.name.removesuffix(ENDING).rpartition("_")
            if seq.isdigit():
                yield CachedSnapshot(path=path, epoch=epoch, global_seq=int(seq))

    def place(self, epoch: str, global_seq: int) -> Path:
        assert self.folder is not None, "a place is asked for where files are kept"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.folder / f"{epoch}_{global_seq}{ENDING}"

    def clear(self, but: Path) -> None:
        for each in self.all():
            if each.path != but:
                with suppress(OSError):
                    each.path.unlink()


def snapshot_file(context: ServerContext, cache: SnapshotCache) -> Iterator[bytes]:
    """A gzip file, piece by piece: ``SnapshotHeader`` on the first line, then one entry a line.

    The store is read before the first piece is given, and not held any more after it.
    """
    if cache.folder is None:
        yield from _made(context)
        return
    with context.reading() as snapshot:
        epoch, head = Epochs.read(snapshot).present, snapshot.cursor()
    kept = cache.newest(epoch)
    if kept is None or head - kept.global_seq > LAG:
        kept = _keep(context, cache)
    try:
        stored = kept.path.open("rb")
    except OSError:  # thrown away between two looks
        stored = _keep(context, cache).path.open("rb")
    with stored:
        yield from _opened(stored, _vault(context))


def _keep(context: ServerContext, cache: SnapshotCache) -> CachedSnapshot:
    vault = _vault(context)
    with context.reading() as snapshot:
        epoch, head = Epochs.read(snapshot).present, snapshot.cursor()
        path = cache.place(epoch, head)
        draft = private_draft(path)
        try:
            with draft.open("wb") as file:
                for number, piece in enumerate(_packed(snapshot)):
                    nonce = secrets.token_bytes(_NONCE_BYTES)
                    sealed = nonce + vault.encrypt(nonce, piece, str(number).encode())
                    file.write(len(sealed).to_bytes(_LENGTH_BYTES) + sealed)
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    cache.clear(but=path)
    return CachedSnapshot(path=path, epoch=epoch, global_seq=head)


def _made(context: ServerContext) -> list[bytes]:
    with context.reading() as snapshot:
        return list(_packed(snapshot))


def _opened(stored: BufferedIOBase, vault: AESGCM) -> Iterator[bytes]:
    number = 0
    while length := int.from_bytes(stored.read(_LENGTH_BYTES)):
        sealed = stored.read(length)
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        yield vault.decrypt(nonce, rest, str(number).encode())
        number += 1


def _vault(context: ServerContext) -> AESGCM:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"manchengo snapshot")
    return AESGCM(derived.derive(context.plant.token_key))


# ---------------------------------------------------------------- what is in it


def _packed(snapshot: Snapshot) -> Iterator[bytes]:
    packed = _Pieces()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as file:
        for line in _lines(snapshot):
            file.write(line + b"\n")
            yield from packed.full()
    yield from packed.rest()


def _lines(snapshot: Snapshot) -> Iterator[bytes]:
    yield encode(
        SnapshotHeader(
            global_seq=snapshot.cursor(),
            schema=schema_max(),
            digest=integrity.digest(integrity.stored_rows(snapshot)),
            log_epoch=Epochs.read(snapshot).present,
        )
    )
    for entry in snapshot.entries():
        yield encode(entry)


class _Pieces(BufferedIOBase):
    """What gzip writes, handed out in pieces of about the same size."""

    def __init__(self) -> None:
        self._gathered = bytearray()

    def write(self, piece: Any) -> int:
        self._gathered += piece
        return len(piece)

    def full(self) -> Iterator[bytes]:
        if len(self._gathered) >= PIECE:
            yield from self.rest()

    def rest(self) -> Iterator[bytes]:
        if self._gathered:
            yield bytes(self._gathered)
            self._gathered.clear()
