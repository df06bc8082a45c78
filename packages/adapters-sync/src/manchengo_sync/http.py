"""The server over HTTP: short-lived tokens, gzip both ways, one tree for whatever goes wrong."""

import gzip
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID

import certifi
import httpx
from attrs import frozen

from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.store import Store
from manchengo_sync import settings, wire
from manchengo_sync.address import BadProxy, is_loopback, server_address
from manchengo_sync.link import (
    AnotherPlant,
    Link,
    LinkError,
    NotUnderstood,
    Unauthorised,
    Unreachable,
    Untrusted,
)
from manchengo_sync.problems import error_of
from manchengo_sync.signing import DEVICE_KEY, sign

T = TypeVar("T")

WORTH_PACKING = 1_000
"""Bytes above which a body is sent as gzip."""

LARGEST_ANSWER = 2 * wire.LARGEST_BODY
"""Unpacked: a page, or one commit as large as the server takes."""

EARLY = 60.0
"""Seconds before its end at which a token is not used any more."""

CONNECTING, READING, WRITING = 10.0, 30.0, 60.0
"""Seconds without any progress after which a question is given up."""

KEPT_OPEN = 60.0
"""Seconds for which a connection is kept that nobody uses: less than servers and proxies do. On a
poor line a new one costs a second.
"""

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""What goes wrong before a question leaves this machine."""

NOT_PROVED = "not_proved"
"""The code by which a server says that the answer to its challenge proves nothing."""

MAKING = 120.0
"""Seconds more, while the server makes its snapshot: a million entries take one minute or so."""


@frozen
class _Token:
    text: str
    good_until: float


@frozen
class _Body:
    """As it is sent."""

    content: bytes
    headers: dict[str, str]


class HttpLink(Link):
    """A server at a URL; may be used by several threads at once.

    ``device_id``: as whom to ask what names nobody (snapshots, codes). ``private_key``: the
    device's, in hexadecimal. ``plant_id``: the plant that the device belongs to, named in each
    question; a server that keeps another is asked nothing more (``AnotherPlant``). None where the
    device belongs to none yet. ``allow_plain``: plain HTTP further than this machine. ``verify``:
    which certificates are believed; by default those of ``authorities()``.
    ``timer``: seconds, of a clock that never goes back. ``at_it``: who works at the device by now,
    where that may be somebody else than ``user_id`` one day; ``key_now``: likewise, its key. Raises
    an ``AddressError``.
    """

    def __init__(
        self,
        url: str,
        *,
        device_id: DeviceId,
        user_id: UserId,
        private_key: str,
        plant_id: UUID | None = None,
        allow_plain: bool = False,
        verify: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
        timer: Callable[[], float] = time.monotonic,
        at_it: Callable[[], UserId] | None = None,
        key_now: Callable[[], str] | None = None,
    ) -> None:
        base = server_address(url, allow_plain=allow_plain)
        self.device_id = device_id
        self._at_it = at_it or (lambda: user_id)
        self._key_now = key_now or (lambda: private_key)
        self._plant = str(plant_id) if plant_id else ""
        self._timer = timer
        self._tokens: dict[DeviceId, _Token] = {}
        self._showing = Lock()
        self._client = _client(base, self._plant, verify, transport)

    # ------------------------------------------------------------ exchanging

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        """As ``Link.push``. Raises ``LinkError``."""
        return self.prepared(request)()

    def prepared(self, request: wire.PushRequest) -> Callable[[], wire.PushResponse]:
        """As ``Link.prepared``: the body is packed now and sent when it is called."""
        self.device_id = request.replica_id
        return partial(
            self._asked_as,
            request.replica_id,
            "/sync/push",
            _body(request),
            wire.PushResponse,
            wait=request.wait,
        )

    def let_in(self, device_id: DeviceId) -> None:
        """As ``Link.let_in``: fetches a token for that device where there is none."""
        self._token(device_id)

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        """As ``Link.renew``. Raises ``LinkError``."""
        body = _body(request)
        return self._asked_as(request.former_id, "/sync/renew", body, wire.EnrolResponse)

    @contextmanager
    def snapshot(self) -> Iterator[Iterator[bytes]]:
        """The server's snapshot, piece by piece as it comes; see ``manchengo_sync.snapshot``."""
        path = f"/sync/snapshot?protocol={wire.PROTOCOL}"
        token = self._token(self.device_id)
        with self._opened("GET", path, NOTHING, token, wait=MAKING) as response:
            yield _translated(response.iter_bytes())

    # ------------------------------------------------------------ who may

    def enrol(self, request: wire.EnrolRequest) -> wire.EnrolResponse:
        """Let this device in with a one-time code. The same question again has the same answer.

        ``Unauthorised`` when the code is wrong, used or too old. A device that belongs to a plant
        first hears which one the server keeps: ``AnotherPlant`` before the code is shown.
        """
        if self._plant:
            self._asked("/sync/challenge", NOTHING, wire.Challenge)
        return self._asked("/sync/enrol", _body(request), wire.EnrolResponse)

    def new_code(self, request: wire.CodeRequest) -> wire.CodeResponse:
        """For administrators: a code that lets one device in."""
        body = _body(request)
        return self._asked_as(self.device_id, "/sync/codes", body, wire.CodeResponse)

    def withdraw(self, device_id: DeviceId, reason: str) -> None:
        """For administrators: from here on that device is not let in any more."""
        path = f"/sync/devices/{device_id}/withdraw"
        body = _body(wire.WithdrawRequest(reason=reason))
        with self._opened("POST", path, body, self._token(self.device_id)):
            pass

    def devices(self) -> wire.DevicesResponse:
        """For administrators: which devices run another program than the server."""
        with self._opened("GET", "/sync/devices", NOTHING, self._token(self.device_id)) as response:
            return _read(_whole(response), wire.DevicesResponse)

    # ------------------------------------------------------------ asking

    def _asked_as(
        self, device_id: DeviceId, path: str, body: _Body, kind: type[T], *, wait: float = 0.0
    ) -> T:
        try:
            return self._asked(path, body, kind, token=self._token(device_id), wait=wait)
        except Unauthorised:
            # The server may have been started anew since, or its clock set.
            if self._tokens.pop(device_id, None) is None:
                raise
        return self._asked(path, body, kind, token=self._token(device_id), wait=wait)

    def _asked(
        self, path: str, body: _Body, kind: type[T], *, token: str = "", wait: float = 0.0
    ) -> T:
        with self._opened("POST", path, body, token, wait) as response:
            answer = _whole(response)
        return _read(answer, kind)

    def _token(self, device_id: DeviceId) -> str:
        """The current token, or a new one: other threads wait until it is there."""
        with self._showing:
            known = self._tokens.get(device_id)
            if known is None or self._timer() >= known.good_until:
                known = self._tokens[device_id] = self._new_token(device_id)
            return known.text

    def _new_token(self, device_id: DeviceId) -> _Token:
        """Once more where the challenge was too old by the time it was answered, or was answered
        on the way already. A line that is too slow for it twice is no matter of rights.
        """
        try:
            return self._given_token(device_id)
        except Unauthorised as refusal:
            if refusal.code != NOT_PROVED:
                raise
        begun_at = self._timer()
        try:
            return self._given_token(device_id)
        except Unauthorised as refusal:
            took = self._timer() - begun_at
            if refusal.code != NOT_PROVED or took <= wire.CHALLENGE_SECONDS:
                raise
            raise Unreachable(
                why=f"too slow to be let in: {took:.0f} s", was_sent=True
            ) from refusal

    def _given_token(self, device_id: DeviceId) -> _Token:
        asked_at = self._timer()
        nonce = self._asked("/sync/challenge", NOTHING, wire.Challenge).nonce
        user_id = self._at_it()
        message = wire.token_message(nonce, device_id, user_id)
        proof = wire.TokenRequest(
            device_id=device_id,
            user_id=user_id,
            nonce=nonce,
            signature=sign(self._key_now(), message),
        )
        given = self._asked("/sync/token", _body(proof), wire.TokenResponse)
        life = max(given.seconds - EARLY, given.seconds / 2)
        return _Token(given.token, asked_at + life)

    @contextmanager
    def _opened(
        self, method: str, path: str, body: _Body, token: str, wait: float = 0.0
    ) -> Iterator[httpx.Response]:
        """An answer to be read; a ``LinkError`` where it is none."""
        headers = dict(body.headers)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        timeout = httpx.Timeout(READING + wait, connect=CONNECTING, write=WRITING)
        with _translating():
            opened = self._client.stream(
                method, path, content=body.content, headers=headers, timeout=timeout
            )
            with opened as response:
                self._must_be_our_plant(response)
                if not response.is_success:
                    raise _error(response)
                yield response

    def _must_be_our_plant(self, response: httpx.Response) -> None:
        """A server of before does not say which plant it keeps."""
        theirs = response.headers.get(wire.PLANT, "")
        if self._plant and theirs and theirs != self._plant:
            raise AnotherPlant(plant=self._plant, asked=theirs)

    # ------------------------------------------------------------ closing

    def close(self) -> None:
        """Closes the connections. The link cannot be used afterwards."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def link_of(store: Store, *, allow_plain: bool = False) -> HttpLink:
    """To the server that this database joined, for as long as it lives: the database may join anew
    meanwhile, for somebody else. ``NotJoined`` when it joined none; an ``AddressError``.
    """

    def at_it() -> UserId:
        with store.reading() as snapshot:
            return settings.user_id(snapshot)

    def key_now() -> str:
        with store.reading() as snapshot:
            return settings.required(snapshot, DEVICE_KEY)

    with store.reading() as snapshot:
        return HttpLink(
            settings.required(snapshot, settings.URL),
            device_id=settings.device_id(snapshot),
            user_id=settings.user_id(snapshot),
            private_key=settings.required(snapshot, DEVICE_KEY),
            plant_id=settings.plant_id(snapshot),
            allow_plain=allow_plain,
            at_it=at_it,
            key_now=key_now,
        )


def authorities() -> ssl.SSLContext:
    """Believes whom this machine believes, an authority of the plant's own among them: what
    ``SSL_CERT_FILE`` names, else the system's. Where the system has no file of them (Windows
    fetches each at its first use, a telephone has none to show) Mozilla's are believed beside.
    """
    context = ssl.create_default_context()
    if ssl.get_default_verify_paths().cafile is None:
        context.load_verify_locations(cafile=certifi.where())
    return context


NOTHING = _Body(b"", {})


def _body(message: object) -> _Body:
    """The message as JSON, compressed where that is worth it."""
    content = wire.encode(message)
    headers = {"Content-Type": "application/json"}
    if len(content) <= WORTH_PACKING:
        return _Body(content, headers)
    packed = gzip.compress(content, compresslevel=6, mtime=0)
    return _Body(packed, headers | {"Content-Encoding": "gzip"})


def _client(
    base: httpx.URL,
    plant: str,
    verify: ssl.SSLContext | None,
    transport: httpx.BaseTransport | None,
) -> httpx.Client:
    try:
        return httpx.Client(
            base_url=base,
            limits=httpx.Limits(keepalive_expiry=KEPT_OPEN),
            verify=authorities() if verify is None else verify,
            transport=transport,
            trust_env=not is_loopback(base),  # no proxy is between this machine and itself
            headers={
                "User-Agent": f"manchengo-sync/{wire.PROTOCOL}",
                **({wire.PLANT: plant} if plant else {}),
            },
        )
    except (httpx.InvalidURL, ValueError, ImportError):  # ImportError: a SOCKS proxy
        raise BadProxy from None


def _whole(response: httpx.Response) -> bytes:
    if not _is_json(response):
        raise Unreachable(why="what answered is not the server")
    answer = bytearray()
    for piece in response.iter_bytes():
        answer += piece
        if len(answer) > LARGEST_ANSWER:
            raise NotUnderstood(why="the answer is larger than any")
    return bytes(answer)


def _read(answer: bytes, kind: type[T]) -> T:
    try:
        return wire.decode(answer, kind)
    except wire.NotUnderstood as error:
        raise NotUnderstood(why=str(error)) from error


def _is_json(response: httpx.Response) -> bool:
    content_type: str = response.headers.get("Content-Type", "")
    return content_type.partition(";")[0].strip().endswith("json")


def _error(response: httpx.Response) -> LinkError:
    problem = None
    if _is_json(response):
        try:
            problem = wire.decode(_whole(response), wire.Problem)
        except (wire.NotUnderstood, NotUnderstood):
            problem = None
    return error_of(response.status_code, problem, response.headers.get("Retry-After", ""))


def _translated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    with _translating():
        yield from pieces


@contextmanager
def _translating() -> Iterator[None]:
    """No error of httpx leaves this module."""
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
