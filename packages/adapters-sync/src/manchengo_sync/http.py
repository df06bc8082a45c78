"""A link to the server over HTTP, with short-lived tokens."""

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
from attrs import evolve, frozen

from manchengo.application.replication.server_log import Offered
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from manchengo_sync import settings, wire
from manchengo_sync.address import BadProxy, is_loopback, server_address
from manchengo_sync.http_messages import (
    NOTHING,
    Body,
    body_of,
    decoded,
    error_in,
    translated,
    translating,
    whole_answer,
)
from manchengo_sync.link import (
    AnotherPlant,
    Link,
    Unauthorised,
    Unreachable,
)
from manchengo_sync.signing import DEVICE_KEY, sign

T = TypeVar("T")

EARLY = 60.0
"""Seconds before its end at which a token is not used any more."""

CONNECTING, READING, WRITING = 10.0, 30.0, 60.0
"""Seconds without any progress after which a question is given up."""

KEPT_OPEN = 60.0
"""Seconds for which a connection is kept that nobody uses: less than servers and proxies do. On a
poor line a new one costs a second.
"""

NOT_PROVED = "not_proved"
"""The code by which a server says that the answer to its challenge proves nothing."""

TAKING_BACK = 120.0
"""Seconds more, while the server takes back all that was handed to it."""

MAKING = 120.0
"""Seconds more, while the server makes its snapshot: a million entries take one minute or so."""


@frozen
class Person:
    """Who has signed in at the device, and their key."""

    user_id: UserId
    signer: Signer


@frozen
class _Token:
    text: str
    good_until: float


class HttpLink(Link):
    """A server at a URL; may be used by several threads at once.

    ``device_id``: as whom to ask what names nobody (snapshots, codes). ``private_key``: the
    device's, in hexadecimal. ``plant_id``: the plant that the device belongs to, named in each
    question; a server that keeps another is asked nothing more (``AnotherPlant``). None where the
    device belongs to none yet. ``allow_plain``: plain HTTP further than this machine. ``verify``:
    which certificates are believed; by default those of ``authorities()``, over plain HTTP none.
    ``timer``: seconds, of a clock that never goes back. ``at_it``: who works at the device by now,
    where that may be somebody else than ``user_id`` one day; ``key_now``: likewise, its key.
    ``person``: who has signed in there, and signs for what only administrators may ask; None where
    nobody has. Raises an ``AddressError``.
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
        person: Person | None = None,
    ) -> None:
        base = server_address(url, allow_plain=allow_plain)
        self.device_id = device_id
        self._at_it = at_it or (lambda: user_id)
        self._key_now = key_now or (lambda: private_key)
        self._person = person
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
            self._post_as,
            request.replica_id,
            "/sync/push",
            body_of(request),
            wire.PushResponse,
            wait=request.wait,
        )

    def let_in(self, device_id: DeviceId, enrolment: Offered | None = None) -> None:
        """As ``Link.let_in``: fetches a token for that device where there is none."""
        self._token(device_id, enrolment)

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        """As ``Link.renew``. Raises ``LinkError``."""
        body = body_of(request)
        return self._post_as(request.former_id, "/sync/renew", body, wire.EnrolResponse)

    def return_tail(self, request: wire.TailRequest) -> wire.TailResponse:
        """As ``Link.return_tail``. Raises ``LinkError``."""
        body = body_of(request)
        return self._post_as(
            request.replica_id, "/sync/tail", body, wire.TailResponse, wait=TAKING_BACK
        )

    @contextmanager
    def snapshot(self) -> Iterator[Iterator[bytes]]:
        """The server's snapshot, piece by piece as it comes; see ``manchengo_sync.snapshot``."""
        path = f"/sync/snapshot?protocol={wire.PROTOCOL}"
        token = self._token(self.device_id)
        with self._opened("GET", path, NOTHING, token, wait=MAKING) as response:
            yield translated(response.iter_bytes())

    # ------------------------------------------------------------ who may

    def enrol(self, request: wire.EnrolRequest) -> wire.EnrolResponse:
        """Let this device in with a one-time code. The same question again has the same answer.

        Raises ``Unauthorised`` when the code is wrong, used or too old. A device that belongs to a
        plant first hears which one the server keeps: ``AnotherPlant`` before the code is shown.
        """
        if self._plant:
            self._post("/sync/challenge", NOTHING, wire.Challenge)
        return self._post("/sync/enrol", body_of(request), wire.EnrolResponse)

    def new_code(self, request: wire.CodeRequest) -> wire.CodeResponse:
        """For administrators: a code that lets one device in."""
        body = body_of(request)
        return self._post_as(self.device_id, "/sync/codes", body, wire.CodeResponse)

    def withdraw(self, device_id: DeviceId, reason: str) -> None:
        """For administrators: from here on that device is not let in any more."""
        path = f"/sync/devices/{device_id}/withdraw"
        body = body_of(wire.WithdrawRequest(reason=reason))
        with self._opened("POST", path, body, self._token(self.device_id)):
            pass

    def devices(self) -> wire.DevicesResponse:
        """For administrators: which devices run another program than the server."""
        with self._opened("GET", "/sync/devices", NOTHING, self._token(self.device_id)) as response:
            return decoded(whole_answer(response), wire.DevicesResponse)

    # ------------------------------------------------------------ asking

    def _post_as(
        self, device_id: DeviceId, path: str, body: Body, kind: type[T], *, wait: float = 0.0
    ) -> T:
        try:
            return self._post(path, body, kind, token=self._token(device_id), wait=wait)
        except Unauthorised:
            # The server may have been started anew since, or its clock set.
            if self._tokens.pop(device_id, None) is None:
                raise
        return self._post(path, body, kind, token=self._token(device_id), wait=wait)

    def _post(
        self, path: str, body: Body, kind: type[T], *, token: str = "", wait: float = 0.0
    ) -> T:
        with self._opened("POST", path, body, token, wait) as response:
            answer = whole_answer(response)
        return decoded(answer, kind)

    def _token(self, device_id: DeviceId, enrolment: Offered | None = None) -> str:
        """The current token, or a new one: other threads wait until it is there."""
        with self._showing:
            known = self._tokens.get(device_id)
            if known is None or self._timer() >= known.good_until:
                known = self._tokens[device_id] = self._new_token(device_id, enrolment)
            return known.text

    def _new_token(self, device_id: DeviceId, enrolment: Offered | None) -> _Token:
        """Once more where the challenge was too old by the time it was answered, or was answered
        on the way already. A line that is too slow for it twice is no matter of rights.
        """
        try:
            return self._fetch_token(device_id, enrolment)
        except Unauthorised as refusal:
            if refusal.code != NOT_PROVED:
                raise
        begun_at = self._timer()
        try:
            return self._fetch_token(device_id, enrolment)
        except Unauthorised as refusal:
            took = self._timer() - begun_at
            if refusal.code != NOT_PROVED or took <= wire.CHALLENGE_SECONDS:
                raise
            raise Unreachable(
                why=f"too slow to be let in: {took:.0f} s", was_sent=True
            ) from refusal

    def _fetch_token(self, device_id: DeviceId, enrolment: Offered | None) -> _Token:
        begun_at = self._timer()
        nonce = self._post("/sync/challenge", NOTHING, wire.Challenge).nonce
        person = self._person
        user_id = self._at_it() if person is None else person.user_id
        message = wire.token_message(nonce, device_id, user_id)
        proof = wire.TokenRequest(
            device_id=device_id,
            user_id=user_id,
            nonce=nonce,
            signature=sign(self._key_now(), message),
            enrolment=enrolment,
        )
        if person is not None:
            proof = evolve(
                proof,
                person_key=person.signer.key.hex(),
                person_signature=person.signer.sign(wire.person_message(nonce, device_id, user_id)),
            )
        answer = self._post("/sync/token", body_of(proof), wire.TokenResponse)
        life = max(answer.seconds - EARLY, answer.seconds / 2)
        return _Token(answer.token, begun_at + life)

    @contextmanager
    def _opened(
        self, method: str, path: str, body: Body, token: str, wait: float = 0.0
    ) -> Iterator[httpx.Response]:
        """An answer to be read; a ``LinkError`` where it is none."""
        headers = dict(body.headers)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        timeout = httpx.Timeout(READING + wait, connect=CONNECTING, write=WRITING)
        with translating():
            opened = self._client.stream(
                method, path, content=body.content, headers=headers, timeout=timeout
            )
            with opened as response:
                self._must_be_our_plant(response)
                if not response.is_success:
                    raise error_in(response)
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


def link_of(store: Store, *, allow_plain: bool = False, person: Person | None = None) -> HttpLink:
    """To the server that this database joined, for as long as it lives: the database may join anew
    meanwhile, for somebody else. ``person``: as for ``HttpLink``. Raises ``NotJoined`` when it
    joined none; an ``AddressError``.
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
            person=person,
        )


NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Believes nobody. Over plain HTTP nothing is encrypted, and to read all authorities takes as long
as several questions.
"""


def authorities() -> ssl.SSLContext:
    """Believes whom this machine believes, an authority of the plant's own among them: what
    ``SSL_CERT_FILE`` names, else the system's. Where the system has no file of them (Windows
    fetches each at its first use, a telephone has none to show) Mozilla's are believed beside.
    """
    context = ssl.create_default_context()
    if ssl.get_default_verify_paths().cafile is None:
        context.load_verify_locations(cafile=certifi.where())
    return context


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
            verify=verify or (authorities() if base.scheme == "https" else NO_TLS),
            transport=transport,
            trust_env=not is_loopback(base),  # no proxy is between this machine and itself
            headers={
                "User-Agent": f"manchengo-sync/{wire.PROTOCOL}",
                **({wire.PLANT: plant} if plant else {}),
            },
        )
    except (httpx.InvalidURL, ValueError, ImportError):  # ImportError: a SOCKS proxy
        raise BadProxy from None
