"""The exchange with the server as it is shown, in every state, without a window."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from attrs import evolve

from manchengo.application.completeness import Completeness, DeviceHeard
from manchengo.domain.ids import DeviceId
from manchengo_presenters.formatting import moment
from manchengo_presenters.screens.exchange_page import ExchangeDetail, ExchangePage
from manchengo_presenters.screens.exchanges import ExchangeDone, WrongClocks
from manchengo_presenters.screens.office import ExchangeStatus
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.tones import Tone
from tests.support.office_in_memory import NOON, OfficeInMemory, context, with_milk
from tests.support.receiving import receive

VAN = DeviceHeard(
    device_id=DeviceId(UUID(int=7)),
    name="tournée",
    mark="B",
    withdrawn="",
    heard_until=NOON - timedelta(hours=2),
    is_reached=True,
    is_heard_since=True,
)
JOINED = ExchangeStatus(
    server="https://serveur.example.dz", pending=3, oldest=NOON, last=NOON - timedelta(minutes=1)
)


@pytest.fixture
def office() -> OfficeInMemory:
    office = with_milk(OfficeInMemory(status=JOINED))
    receive(office)
    return office


def loaded(office: OfficeInMemory) -> tuple[ExchangePage, ExchangeDetail]:
    page = ExchangePage(context(office))
    asyncio.run(page.load())
    assert page.detail is not None, page.problem
    return page, page.detail


def with_devices(office: OfficeInMemory, *devices: DeviceHeard) -> OfficeInMemory:
    office.heard = Completeness(
        now=NOON, is_alone=False, known_until=NOON, pending=3, devices=devices
    )
    return office


def test_a_computer_that_works_alone_has_no_server() -> None:
    assert loaded(OfficeInMemory())[1].server == ""


def test_a_dairy_that_works_alone_joins_a_server() -> None:
    office = OfficeInMemory(answer=ExchangeDone(sent=3, received=0, refused=0, pending=0))
    page, _detail = loaded(office)
    form = page.joining
    asyncio.run(page.confirm())
    assert set(form.errors) == {"address", "code", "device"}

    typed = {"address": " https://serveur.example.dz ", "code": "faux", "device": "bureau"}
    for field, text in typed.items():
        form.put(field, text)
    asyncio.run(page.confirm())
    assert form.errors == {"code": "Ce code n’est pas le bon."}
    assert form.values == typed, "nothing that was typed is lost"

    form.put("code", "K7QM-4XRA")
    asyncio.run(page.confirm())
    assert page.detail is not None
    assert page.detail.server == "https://serveur.example.dz"
    assert page.said == ("Envoyé\u00a0: 3. Reçu\u00a0: 0. Refusé\u00a0: 0.",)
    assert page.progress is None


def test_the_code_is_read_from_a_picture() -> None:
    page, _detail = loaded(OfficeInMemory())
    page.joining.put("device", "bureau")
    asyncio.run(page.read_code(b"manchengo:join?server=https://s.dz&code=K7QM-4XRA", "code.png"))
    assert page.joining.values == {
        "address": "https://s.dz",
        "code": "K7QM-4XRA",
        "device": "bureau",
    }
    asyncio.run(page.read_code(b"MGR-0001", "code.png"))
    assert page.joining.problem is not None


def test_what_waits_says_what_it_is_who_recorded_it_and_when(office: OfficeInMemory) -> None:
    page, detail = loaded(office)
    assert page.waiting == "3 saisies à envoyer"
    assert [line.what for line in detail.pending] == [
        "Nouveau fournisseur\u00a0: F001, Ferme Aït Oumeziane",
        "Nouveau produit\u00a0: M001, Lait de vache",
        "Réception\u00a0: MP-20261124-001, 540\u00a0L, M001",
    ]
    assert {line.when for line in detail.pending} == {moment(NOON)}
    assert all(line.who for line in detail.pending)


def test_where_nothing_waits_it_says_so(office: OfficeInMemory) -> None:
    office.status = evolve(JOINED, pending=0, oldest=None)
    assert loaded(office)[0].waiting == "Rien n’attend d’être envoyé."


def test_each_device_says_when_it_was_heard(office: OfficeInMemory) -> None:
    never = evolve(VAN, name="cave", heard_until=None)
    silent = evolve(VAN, name="vente", heard_until=NOON - timedelta(days=4))
    gone = evolve(silent, name="vieux", withdrawn="perdu")
    devices = loaded(with_devices(office, VAN, never, silent, gone))[1].devices
    assert [(each.name, each.tone) for each in devices] == [
        ("tournée", Tone.PLAIN),
        ("cave", Tone.WARN),
        ("vente", Tone.WARN),
        ("vieux (retiré)", Tone.PLAIN),
    ]
    assert (devices[0].heard, devices[1].heard) == (moment(NOON - timedelta(hours=2)), "jamais")


def test_a_wrong_clock_is_named(office: OfficeInMemory) -> None:
    office.clocks = WrongClocks(fast=frozenset({VAN.device_id}), ahead=timedelta(hours=-3))
    detail = loaded(with_devices(office, VAN))[1]
    assert detail.devices[0].clock == "Son horloge avance."
    assert "retarde de 3" in detail.own_clock
    office.clocks = WrongClocks(slow=frozenset({VAN.device_id}), ahead=timedelta(hours=3))
    detail = loaded(office)[1]
    assert detail.devices[0].clock == "Son horloge retarde."
    assert "avance de 3" in detail.own_clock


def test_why_the_last_exchange_failed_stays_in_sight(office: OfficeInMemory) -> None:
    office.trouble = "Le serveur ne répond pas."
    assert loaded(office)[1].trouble == "Le serveur ne répond pas."


def test_what_exchanges_told_beside_the_window_is_shown(office: OfficeInMemory) -> None:
    office.noted = ("Le serveur a été remis en place depuis une sauvegarde.",)
    assert loaded(office)[1].noted == office.noted


def test_an_exchange_says_what_it_did(office: OfficeInMemory) -> None:
    office.answer = ExchangeDone(sent=3, received=12, refused=1, pending=2, notes=("Note.",))
    page, _detail = loaded(office)
    seen: list[float | None] = []
    page.subscribe(lambda: seen.append(page.progress))
    asyncio.run(page.confirm())
    assert page.said == (
        "Envoyé\u00a0: 3. Reçu\u00a0: 12. Refusé\u00a0: 1.",
        "2 enregistrements attendent encore ici.",
        "Note.",
    )
    assert 0.5 in seen, "one sees how far it is"
    assert page.progress is None


def test_an_exchange_that_fails_says_why(office: OfficeInMemory) -> None:
    page, _detail = loaded(office)
    office.fault = Problem("Unreachable", "Le serveur ne répond pas.")
    asyncio.run(page.exchange())
    assert page.problem is not None
    assert page.problem.sentence == "Le serveur ne répond pas."
    assert (page.said, page.progress) == ((), None)


def test_a_file_goes_to_the_server_and_its_answer_comes_back(office: OfficeInMemory) -> None:
    page, _detail = loaded(office)
    assert asyncio.run(page.export()) == b"sealed"
    assert page.file_name == "manchengo-20261124.mcg"
    asyncio.run(page.take_answer(b"cat", "chat.jpg"))
    assert page.problem is not None
    assert page.problem.sentence == "chat.jpg n’est pas une réponse du serveur."
    office.answer = ExchangeDone(sent=3, received=0, refused=0, pending=0)
    asyncio.run(page.take_answer(b"answer", "reponse.mcg"))
    assert page.said == ("Envoyé\u00a0: 3. Reçu\u00a0: 0. Refusé\u00a0: 0.",)
