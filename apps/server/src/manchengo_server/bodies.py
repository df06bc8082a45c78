"""A request's body, whole and unpacked, or turned down before it does any harm.

It is bounded as sent and as unpacked, so that a small file that swells is stopped on the way.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from litestar.types import Receive

from manchengo_server.errors import NotUnderstood, TooLarge, TooSlow, UnknownEncoding
from manchengo_server.in_flight import Grow

MORE_THAN_ANYONE_SENDS = 128 * 1024 * 1024
"""What is turned down is still read up to here, and dropped: else its sender never hears why."""

DRAINED_WITHIN = 10.0
_GZIP = 16 + zlib.MAX_WBITS
_STEP = 64 * 1024
"""Bytes unpacked at a time: each step is counted before the next is taken."""


class BodyReader:
    """``receive`` of one request; ``drain`` what of it was not read."""

    def __init__(self, receive: Receive, headers: dict[bytes, bytes]) -> None:
        self._receive = receive
        self._encoding = headers.get(b"content-encoding", b"identity").strip().lower()
        self._announced = _number(headers.get(b"content-length"))
        self._over = False

    async def read(self, *, largest: int, seconds: float, grow: Grow) -> bytes:
        """``TooLarge``, ``TooSlow``, ``UnknownEncoding``, ``NotUnderstood``, and what ``grow``
        raises where the process holds enough already.
        """
        if self._announced is not None and self._announced > largest:
            raise TooLarge
        try:
            async with asyncio.timeout(seconds):
                match self._encoding:
                    case b"identity" | b"":
                        return await self._as_sent(largest, grow)
                    case b"gzip":
                        return await self._unpacked(largest, grow)
                    case _:
                        raise UnknownEncoding
        except TimeoutError:
            raise TooSlow from None

    async def drain(self) -> None:
        """Read the rest of the body and throw it away, up to ``MORE_THAN_ANYONE_SENDS`` bytes and
        ``DRAINED_WITHIN`` seconds, so that the client reads the answer.
        """
        dropped = 0
        try:
            async with asyncio.timeout(DRAINED_WITHIN):
                async for piece in self._pieces():
                    dropped += len(piece)
                    if dropped > MORE_THAN_ANYONE_SENDS:
                        return
        except TimeoutError:
            return

    async def _as_sent(self, largest: int, grow: Grow) -> bytes:
        body = bytearray()
        async for piece in self._pieces():
            if len(body) + len(piece) > largest:
                raise TooLarge
            grow(len(body) + len(piece))
            body += piece
        return bytes(body)

    async def _unpacked(self, largest: int, grow: Grow) -> bytes:
        unpacker = zlib.decompressobj(_GZIP)
        body = bytearray()
        sent = 0
        async for piece in self._pieces():
            sent += len(piece)
            if sent > largest:
                raise TooLarge
            for step in _steps(unpacker, piece):
                if len(body) + len(step) > largest:
                    raise TooLarge
                grow(len(body) + len(step))
                body += step
        if not unpacker.eof and sent:
            raise NotUnderstood(detail="The gzip file is cut short.")
        return bytes(body)

    async def _pieces(self) -> AsyncIterator[bytes]:
        while not self._over:
            message: Any = await self._receive()
            if message["type"] != "http.request":  # the sender is gone
                self._over = True
                return
            self._over = not message.get("more_body", False)
            yield message.get("body", b"")


def _steps(unpacker: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    """What a piece unpacks to, a little at a time."""
    while piece:
        try:
            yield unpacker.decompress(piece, _STEP)
        except zlib.error:
            raise NotUnderstood(detail="It is not gzip.") from None
        if unpacker.unused_data:
            raise NotUnderstood(detail="Something stands behind the gzip file.")
        piece = unpacker.unconsumed_tail


def _number(header: bytes | None) -> int | None:
    return int(header) if header is not None and header.isdigit() else None
