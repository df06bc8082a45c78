"""Every door of the server, every role, and who has none: each is let in where the table says so.

What a device exchanges is the same whoever works at it: it holds the whole log, and what its person
may record is judged there (``tests/application/test_every_door.py``).
"""

from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import pytest
from attrs import define
from litestar.handlers import HTTPRouteHandler

from manchengo import Role
from manchengo.commands import DeactivateUser, WithdrawDevice
from manchengo.domain.ids import DeviceId, UserId
from manchengo_server.routes import HANDLERS
from manchengo_sync import wire
from tests.support.server import BOSS, Device, Served, Server, problem, register

pytestmark = pytest.mark.usefixtures("on_each_database")

SOMEBODY = UserId(UUID(int=300))
LET_IN = "let in"


# ---------------------------------------------------------------- the doors


@define
class Visitor:
    """Who knocks, over HTTP. ``device``: that they hold, or would like to; ``token``: "" for none;
    ``other``: a device that an administrator may withdraw.
    """

    client: httpx.Client
    device: Device
    token: str
    other: DeviceId

    def posts(self, path: str, payload: object) -> str:
        return self._told(
            self.client.post(path, content=wire.encode(payload), headers=self._headers)
        )

    def gets(self, path: str) -> str:
        return self._told(self.client.get(path, headers=self._headers))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _told(self, response: httpx.Response) -> str:
        return LET_IN if response.is_success else problem(response)[1]


def hands_back(visitor: Visitor) -> str:
    service = visitor.device.service
    with service.context.reading() as log:
        end, log_hash = log.cursor(), log.log_hash()
    word = wire.ServerWord(
        plant_id=service.plant.id,
        log_epoch=service.plant.epochs.present,
        global_seq=end,
        log_hash=log_hash,
        nonce="",
        key=service.plant.public_signing_key,
        signature=bytes(64),
    )
    return visitor.posts("/sync/tail", wire.TailRequest(replica_id=visitor.device.id, word=word))


def is_renewed(visitor: Visitor) -> str:
    renewal = wire.RenewRequest(former_id=visitor.device.id, device_id=DeviceId(UUID(int=900)))
    return visitor.posts("/sync/renew", renewal)


def asks_for_a_token(visitor: Visitor) -> str:
    nonce = visitor.device.service.challenge().nonce
    return visitor.posts("/sync/token", visitor.device.proof(nonce))


DOORS: dict[tuple[str, str], Callable[[Visitor], str]] = {
    ("GET", "/healthz"): lambda visitor: visitor.gets("/healthz"),
    ("GET", "/metrics"): lambda visitor: visitor.gets("/metrics"),
    ("POST", "/sync/challenge"): lambda visitor: visitor.posts("/sync/challenge", {}),
    ("POST", "/sync/enrol"): lambda visitor: visitor.posts(
        "/sync/enrol", visitor.device.enrolment("AAAA-AAAA-AAAA")
    ),
    ("POST", "/sync/token"): asks_for_a_token,
    ("POST", "/sync/push"): lambda visitor: visitor.posts("/sync/push", visitor.device.request()),
    ("POST", "/sync/tail"): hands_back,
    ("GET", "/sync/snapshot"): lambda visitor: visitor.gets("/sync/snapshot"),
    ("POST", "/sync/codes"): lambda visitor: visitor.posts(
        "/sync/codes", wire.CodeRequest(user_id=BOSS)
    ),
    ("GET", "/sync/devices"): lambda visitor: visitor.gets("/sync/devices"),
    ("POST", "/sync/devices/{device_id:uuid}/withdraw"): lambda visitor: visitor.posts(
        f"/sync/devices/{visitor.other}/withdraw", wire.WithdrawRequest(reason="perdu")
    ),
    ("POST", "/sync/renew"): is_renewed,
}
"""In this order: who is renewed has another id from then on."""

TO_ALL = ("/healthz", "/metrics", "/sync/challenge")
BY_A_CODE, BY_A_KEY = "/sync/enrol", "/sync/token"
FOR_ADMINISTRATORS = (
    "/sync/codes",
    "/sync/devices",
    "/sync/devices/{device_id:uuid}/withdraw",
)


def expected(path: str, *, a_key: str, exchange: str, administer: str) -> str:
    """What is said at that door, to whom the doors of its kind say so."""
    if path in TO_ALL:
        return LET_IN
    if path == BY_A_CODE:
        return "code_refused"
    if path == BY_A_KEY:
        return a_key
    if path in FOR_ADMINISTRATORS:
        return administer
    if path == "/sync/tail" and exchange == LET_IN:
        return "word_not_ours"  # who may hand back hands back what this server signed, alone
    return exchange


def answers(visitor: Visitor) -> dict[str, str]:
    return {path: knocks(visitor) for (_, path), knocks in DOORS.items()}


def test_every_door_is_knocked_at() -> None:
    handlers = [each for each in HANDLERS if isinstance(each, HTTPRouteHandler)]
    doors = {(way, path) for each in handlers for path in each.paths for way in each.http_methods}
    assert len(handlers) == len(HANDLERS)
    assert doors == set(DOORS)


# ---------------------------------------------------------------- who knocks


@pytest.fixture
def client(up: Served) -> Iterator[httpx.Client]:
    with up.client() as client:
        yield client


ROLES: dict[str, frozenset[Role]] = {
    **{role.value: frozenset({role}) for role in Role},
    "all but administrators": frozenset(Role) - {Role.ADMIN},
}


@pytest.mark.parametrize("named", ROLES)
def test_a_role_opens_what_it_is_for(
    server: Server, office: Device, client: httpx.Client, named: str
) -> None:
    roles = ROLES[named]
    office.does(register(SOMEBODY, "Karim", *roles))
    office.syncs()
    device = server.another_device(user_id=SOMEBODY)
    visitor = Visitor(client, device, device.token(), a_third(server))
    administer = LET_IN if Role.ADMIN in roles else "not_permitted"
    said = {"a_key": LET_IN, "exchange": LET_IN, "administer": administer}
    assert answers(visitor) == {path: expected(path, **said) for _, path in DOORS}


@pytest.mark.parametrize("token", ["", "eyJhbGciOiJub25lIn0.e30."])
def test_who_has_no_token_comes_in_nowhere(
    server: Server, office: Device, client: httpx.Client, token: str
) -> None:
    assert office.token(), "who was let in has one"
    visitor = Visitor(client, server.device(), token, a_third(server))
    said = {"a_key": "device_unknown"} | dict.fromkeys(("exchange", "administer"), "token")
    assert answers(visitor) == {path: expected(path, **said) for _, path in DOORS}


def who_left(office: Device, device: Device) -> str:
    office.does(DeactivateUser(user_id=device.user_id))
    return "user_withdrawn"


def withdrawn(office: Device, device: Device) -> str:
    office.does(WithdrawDevice(device_id=device.id, reason="volé"))
    return "device_withdrawn"


@pytest.mark.parametrize("leaves", [who_left, withdrawn])
def test_with_a_token_of_before_nobody_comes_in_who_was_sent_away(
    server: Server, office: Device, client: httpx.Client, leaves: Callable[[Device, Device], str]
) -> None:
    """An administrator they were."""
    office.does(register(SOMEBODY, "Karim", Role.ADMIN))
    office.syncs()
    device = server.another_device(user_id=SOMEBODY)
    visitor = Visitor(client, device, device.token(), a_third(server))
    assert visitor.gets("/sync/devices") == LET_IN
    office.syncs()
    code = leaves(office, device)
    office.syncs()
    said = dict.fromkeys(("a_key", "exchange", "administer"), code)
    assert answers(visitor) == {path: expected(path, **said) for _, path in DOORS}


def a_third(server: Server) -> DeviceId:
    return server.another_device("camion").id
