"""The device key of an administrator's computer, without the administrator: it opens no door.

Whoever copied the database of the office has its device key, and not Amina's, which her passphrase
seals. At the server a device may exchange, whoever works at it; to let a device in, to withdraw
one, or to be told which program each runs, an administrator signs for the token.
"""

from collections.abc import Iterator

import httpx
import pytest
from attrs import define, evolve

from manchengo.commands import AdmitKey, RequireSigning, WithdrawKey
from manchengo.domain.ids import UserId
from manchengo.ports.signer import Signer
from manchengo_server.authorisation import Bearer
from manchengo_server.errors import NotProved
from manchengo_sync import wire
from tests.support.server import BOSS, DRIVER, Device, Served, Server, a_server, problem, served
from tests.support.signers import admitting, signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

AMINAS, HIS = signer_of("Amina"), signer_of("Sid")
A_CODE = wire.CodeRequest(user_id=DRIVER)


@pytest.fixture
def server() -> Server:
    return a_server()


@pytest.fixture
def office(server: Server) -> Device:
    """Where Amina signs, in a plant where everybody does."""
    office = server.first_device()
    office.does(AdmitKey(user_id=BOSS, family_id=office.id, public_key=AMINAS.key.hex()))
    office.signer = AMINAS
    office.does(RequireSigning())
    office.syncs()
    return office


@pytest.fixture
def up(server: Server, office: Device) -> Iterator[Served]:
    with served(server.service) as up:
        yield up


def request(
    device: Device, user_id: UserId, signer: Signer | None, *, nonce: str = ""
) -> wire.TokenRequest:
    """Of that device, signed by whoever says that they are that person."""
    nonce = nonce or device.service.challenge().nonce
    proof = evolve(device, user_id=user_id).proof(nonce)
    if signer is None:
        return proof
    signature = signer.sign(wire.person_message(nonce, device.id, user_id))
    return evolve(proof, person_key=signer.key.hex(), person_signature=signature)


def token(device: Device, user_id: UserId, signer: Signer | None) -> str:
    return device.service.token(request(device, user_id, signer)).token


@define
class Doors:
    """The three, with one token."""

    client: httpx.Client
    token: str

    def answers(self, office: Device) -> list[tuple[int, str] | int]:
        headers = {"Authorization": f"Bearer {self.token}"}
        reason = wire.encode(wire.WithdrawRequest(reason="perdu"))
        code = self.client.post("/sync/codes", content=wire.encode(A_CODE), headers=headers)
        path = f"/sync/devices/{office.id}/withdraw"
        answers = [
            code,
            self.client.get("/sync/devices", headers=headers),
            self.client.post(path, content=reason, headers=headers),
        ]
        return [each.status_code if each.is_success else problem(each) for each in answers]


def test_without_her_signature_it_is_nobodys_administrator(up: Served, office: Device) -> None:
    with up.client() as client:
        doors = Doors(client, token(office, BOSS, None))
        assert doors.answers(office) == [(403, "person_not_proved")] * 3
    office.exchanges()


def test_with_her_signature_she_is(up: Served, office: Device) -> None:
    with up.client() as client:
        doors = Doors(client, token(office, BOSS, AMINAS))
        assert doors.answers(office) == [200, 200, 204]


def test_at_a_telephone_where_she_signs_she_is_too(server: Server, office: Device) -> None:
    """And the driver, for whom it was let in, is not."""
    phone, hers = server.another_device(user_id=DRIVER), signer_of("Amina", "on the telephone")
    office.does(admitting(BOSS, phone.id, hers), admitting(DRIVER, phone.id, HIS))
    office.syncs()
    assert who(server, token(phone, BOSS, hers)) == (BOSS, True, True)
    assert who(server, token(phone, DRIVER, HIS)) == (DRIVER, False, True)


@pytest.mark.parametrize("signer", [HIS, signer_of("nobody"), AMINAS])
def test_another_key_in_her_name_is_the_devices_word(
    server: Server, office: Device, signer: Signer
) -> None:
    """Hers, too, which is for the office."""
    phone = server.another_device(user_id=DRIVER)
    office.does(admitting(DRIVER, phone.id, HIS))
    office.syncs()
    assert who(server, token(phone, BOSS, signer)) == (DRIVER, False, False)


def test_another_key_at_her_own_computer_is_the_devices_word(
    server: Server, office: Device
) -> None:
    assert who(server, token(office, BOSS, HIS)) == (BOSS, True, False)


def test_her_signature_is_for_one_challenge_and_one_device(server: Server, office: Device) -> None:
    phone, hers = server.another_device(user_id=DRIVER), signer_of("Amina", "on the telephone")
    office.does(admitting(BOSS, phone.id, hers))
    office.syncs()
    overheard = request(phone, BOSS, hers)
    for copied in (request(phone, BOSS, None), request(office, BOSS, None, nonce=overheard.nonce)):
        stolen = evolve(
            copied,
            person_key=overheard.person_key,
            person_signature=overheard.person_signature,
        )
        with pytest.raises(NotProved):
            server.service.token(stolen)


def test_a_key_that_was_withdrawn_opens_nothing_more(server: Server, office: Device) -> None:
    """Not even with the token that it was given before."""
    given = token(office, BOSS, AMINAS)
    assert who(server, given) == (BOSS, True, True)
    office.does(
        admitting(BOSS, office.id, signer_of("Amina", "again")),
        WithdrawKey(user_id=BOSS, public_key=AMINAS.key.hex(), reason="volé"),
    )
    office.syncs()
    assert who(server, given) == (BOSS, True, False)


def test_in_a_plant_that_believes_names_a_device_is_its_persons() -> None:
    server = a_server()
    office = server.first_device()
    assert who(server, token(office, BOSS, None)) == (BOSS, True, True)
    office.does(AdmitKey(user_id=BOSS, family_id=office.id, public_key=AMINAS.key.hex()))
    office.syncs()
    assert who(server, token(office, BOSS, None)) == (BOSS, True, False), "she signs there now"


def who(server: Server, given: str) -> tuple[UserId, bool, bool]:
    bearer: Bearer = server.service.admit(given)
    return bearer.user_id, bearer.is_administrator, bearer.is_proved
