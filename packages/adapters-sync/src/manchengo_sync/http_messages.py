"""Messages over HTTP: bodies packed and unpacked, and one tree for whatever goes wrong."""

import gzip
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import httpx
from attrs import frozen

from manchengo_sync import wire
from manchengo_sync.link import LinkError, NotUnderstood, Unreachable, Untrusted
from manchengo_sync.problems import error_of

T = TypeVar("T")

WORTH_PACKING = 1_000
"""Bytes above which a body is sent as gzip."""

LARGEST_ANSWER = 2 * wire.LARGEST_BODY
"""Unpacked: a page, or one commit as large as the server takes."""

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""What goes wrong before a question leaves this machine."""


@frozen
class Body:
    """A request's body as it is sent, with the headers that describe it."""

    content: bytes
    headers: dict[str, str]


NOTHING = Body(b"", {})


def body_of(message: object) -> Body:
    """The message as JSON, compressed where that is worth it."""
    content = wire.encode(message)
    headers = {"Content-Type": "application/json"}
    if len(content) <= WORTH_PACKING:
        return Body(content, headers)
    packed = gzip.compress(content, compresslevel=6, mtime=0)
    return Body(packed, headers | {"Content-Encoding": "gzip"})


def whole_answer(response: httpx.Response) -> bytes:
    """The body of the answer. Raises ``Unreachable`` or ``NotUnderstood``."""
    if not _is_json(response):
        raise Unreachable(why="what answered is not the server")
    answer = bytearray()
    for piece in response.iter_bytes():
        answer += piece
        if len(answer) > LARGEST_ANSWER:
            raise NotUnderstood(why="the answer is larger than any")
    return bytes(answer)


def decoded(answer: bytes, kind: type[T]) -> T:
    """The answer as a message of that type. Raises ``NotUnderstood``."""
    try:
        return wire.decode(answer, kind)
    except wire.NotUnderstood as error:
        raise NotUnderstood(why=str(error)) from error


def _is_json(response: httpx.Response) -> bool:
    content_type: str = response.headers.get("Content-Type", "")
    return content_type.partition(";")[0].strip().endswith("json")


def error_in(response: httpx.Response) -> LinkError:
    """The error that an answer with an error status stands for."""
    problem = None
    if _is_json(response):
        try:
            problem = wire.decode(whole_answer(response), wire.Problem)
        except (wire.NotUnderstood, NotUnderstood):
            problem = None
    return error_of(response.status_code, problem, response.headers.get("Retry-After", ""))


def translated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of an answer; an error of httpx becomes a ``LinkError``."""
    with translating():
        yield from pieces


@contextmanager
def translating() -> Iterator[None]:
    """An error of httpx becomes ``Untrusted`` or ``Unreachable``; none leaves this package."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # of where it sends us
        why = f"{type(error).__name__}: {error}"
        if _is_about_trust(error):
            raise Untrusted(why=why) from error
        raise Unreachable(why=why, was_sent=not isinstance(error, NEVER_SENT)) from error


def _is_about_trust(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
