"""Bytes sent to a server as they are, well-formed or not."""

import re
import socket
import zlib

from tests.support.patience import PATIENCE


def connect(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def answer_until_end(open_: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    answer = b""
    while piece := open_.recv(65_536):
        answer += piece
    return answer


def exchanged(url: str, sent: bytes) -> bytes:
    with connect(url) as open_:
        open_.sendall(sent)
        return answer_until_end(open_)


def is_ended(open_: socket.socket) -> bool:
    """Waits until something comes: whether it is the end, without an answer."""
    try:
        return open_.recv(1) == b""
    except ConnectionResetError:
        return True


def request(path: str, *headers: str, body: bytes = b"") -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: x", *headers]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def unfinished(path: str, size: int, *headers: str) -> bytes:
    """A request whose body unpacks to so many bytes, and never ends."""
    packer = zlib.compressobj(9, wbits=31)
    body = packer.compress(bytes(size)) + packer.flush(zlib.Z_SYNC_FLUSH)
    own_headers = ("Content-Encoding: gzip", f"Content-Length: {len(body) + 1}", *headers)
    return request(path, *own_headers, body=body)


def status(open_: socket.socket) -> int:
    """Of the next answer, which is read to its end."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _some(open_)
    head, _, body = answer.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)^content-length: (\d+)", head, re.MULTILINE)
    missing = int(found[1]) - len(body) if found else 0
    while missing > 0:
        missing -= len(_some(open_))
    return int(head.split()[1])


def _some(open_: socket.socket) -> bytes:
    piece = open_.recv(65_536)
    assert piece, "the server ended the connection"
    return piece
