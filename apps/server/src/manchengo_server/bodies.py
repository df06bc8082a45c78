"""A request's body, whole and unpacked, or turned down before it does any harm.

It is bounded as sent and as unpacked, so that a small file that swells is stopped on the way.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Any

from litestar.types import Receive

from manchengo_server.errors import NotUnderstood, TooLarge, TooSlow, UnknownEncoding

MORE_THAN_ANYONE_SENDS = 128 * 1024 * 1024
"""What is turned down is still read up to here, and dropped: else its sender never hears why."""

DRAINED_WITHIN = 10.0
_GZIP = 16 + zlib.MAX_WBITS


class BodyReader:
    """``receive`` of one request; ``drain`` what of it was not read."""

    def __init__(self, receive: Receive, headers: dict[bytes, bytes]) -> None:
        self._receive = receive
        self._encoding = headers.get(b"content-encoding", b"identity").strip().lower()
        self._announced = _number(headers.get(b"content-length"))
        self._over = False

    async def read(self, *, largest: int, seconds: float) -> bytes:
        """``TooLarge``, ``TooSlow``, ``UnknownEncoding``, ``NotUnderstood``."""
        if self._announced is not None and self._announced > largest:
            raise TooLarge
        try:
            async with asyncio.timeout(seconds):
                match self._encoding:
                    case b"identity" | b"":
                        return await self._as_sent(largest)
                    case b"gzip":
                        return await self._unpacked(largest)
                    case _:
                        raise UnknownEncoding
        except TimeoutError:
            raise TooSlow from None

    async def drain(self) -> None:
        dropped = 0
        try:
            async with asyncio.timeout(DRAINED_WITHIN):
                async for piece in self._pieces():
                    dropped += len(piece)
                    if dropped > MORE_THAN_ANYONE_SENDS:
                        return
        except TimeoutError:
            return

    async def _as_sent(self, largest: int) -> bytes:
        body = bytearray()
        async for piece in self._pieces():
            body += piece
            if len(body) > largest:
                raise TooLarge
        return bytes(body)

    async def _unpacked(self, largest: int) -> bytes:
        unpacker = zlib.decompressobj(_GZIP)
        body = bytearray()
        sent = 0
        async for piece in self._pieces():
            sent += len(piece)
            if sent > largest:
                raise TooLarge
            try:
                body += unpacker.decompress(piece, largest + 1 - len(body))
            except zlib.error:
                raise NotUnderstood(detail="It is not gzip.") from None
            if len(body) > largest or unpacker.unconsumed_tail:
                raise TooLarge
            if unpacker.unused_data:
                raise NotUnderstood(detail="Something stands behind the gzip file.")
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


def _number(header: bytes | None) -> int | None:
    return int(header) if header is not None and header.isdigit() else None
