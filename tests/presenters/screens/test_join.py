"""A new computer joins the server of a dairy, without a window."""

import asyncio

import pytest

from manchengo_presenters.screens.first_start import FirstStart, Way
from manchengo_presenters.screens.join_code import read_join_code
from manchengo_presenters.screens.office import Access
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.shell import Shell, Stage
from tests.presenters.screens.test_shell import started
from tests.support.office_in_memory import OfficeInMemory

TYPED = {
    "address": " https://serveur.example.dz ",
    "code": "K7QM-4XRA+AAAA-BBBB",
    "device": "vente",
    "passphrase": "chèvre lampe tiroir pont",
    "passphrase_again": "chèvre lampe tiroir pont",
    "secret": "moulin clou serviette bleu",
    "secret_again": "moulin clou serviette bleu",
}
DRAWN = "manchengo:join?server=https%3A%2F%2Fserveur.example.dz&code=K7QM-4XRA%2BAAAA-BBBB%40plant"


def filled(office: OfficeInMemory, **typed: str) -> tuple[Shell, FirstStart]:
    shell = started(office)
    first = shell.first_start
    if first.way is None:
        first.choose(Way.JOIN)
    for name, text in (TYPED | typed).items():
        first.joining.put(name, text)
    return shell, first


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory(state=Access.NO_DATABASE)


def test_a_new_computer_joins_and_somebody_signs_in(office: OfficeInMemory) -> None:
    shell, first = filled(office)
    seen: list[float | None] = []
    first.subscribe(lambda: seen.append(first.progress))
    asyncio.run(first.join())
    assert office.joined is not None
    assert (office.joined.address, office.joined.name) == ("https://serveur.example.dz", "vente")
    assert 0.5 in seen, "one sees how much has come"
    assert (shell.stage, first.progress) == (Stage.SIGN_IN, None)
    assert set(first.joining.values.values()) == {""}, "what was typed is forgotten"


@pytest.mark.parametrize("field", TYPED)
def test_nothing_is_joined_on_a_slip(office: OfficeInMemory, field: str) -> None:
    _shell, first = filled(office, **{field: ""})
    asyncio.run(first.join())
    assert field in first.joining.errors
    assert office.joined is None


def test_what_is_typed_twice_is_typed_alike(office: OfficeInMemory) -> None:
    _shell, first = filled(office, passphrase_again="autre chose")
    asyncio.run(first.join())
    assert first.joining.errors == {"passphrase_again": "Les deux saisies diffèrent."}


def test_a_refusal_says_why_and_what_was_typed_stays(office: OfficeInMemory) -> None:
    shell, first = filled(office)
    office.fault = Problem("Unauthorised", "Le serveur refuse ce code.")
    asyncio.run(first.join())
    assert first.joining.problem is not None
    assert first.joining.problem.sentence == "Le serveur refuse ce code."
    assert (first.joining.values["device"], first.progress) == ("vente", None)
    assert shell.stage is Stage.FIRST_START


def test_half_a_code_is_said_beside_it(office: OfficeInMemory) -> None:
    _shell, first = filled(office)
    office.fault = Problem("NotAPlantId", "Le code n’est pas entier.")
    asyncio.run(first.join())
    assert first.joining.errors == {"code": "Le code n’est pas entier."}


def test_a_computer_that_was_cut_off_goes_on(office: OfficeInMemory) -> None:
    office.state = Access.UNFINISHED
    shell, first = filled(office, passphrase="", passphrase_again="")
    assert (shell.stage, first.way, first.is_unfinished) == (Stage.FIRST_START, Way.JOIN, True)
    asyncio.run(first.join())
    assert shell.stage is Stage.SIGN_IN
    assert not first.is_unfinished


def test_a_picture_of_the_code_fills_it_in(office: OfficeInMemory) -> None:
    _shell, first = filled(office, address="", code="")
    asyncio.run(first.read_code(DRAWN.encode(), "photo.jpg"))
    values = first.joining.values
    assert values["address"] == "https://serveur.example.dz"
    assert values["code"] == "K7QM-4XRA+AAAA-BBBB@plant"
    assert values["device"] == "vente", "what was typed stays"


@pytest.mark.parametrize("text", ["MP-001", "manchengo:join?server=x", "manchengo:join?"])
def test_another_code_says_that_it_lets_nobody_join(office: OfficeInMemory, text: str) -> None:
    with pytest.raises(Problem):
        read_join_code(text)
    _shell, first = filled(office)
    asyncio.run(first.read_code(text.encode(), "photo.jpg"))
    assert first.joining.problem is not None
    assert "ne fait rejoindre aucun serveur" in first.joining.problem.sentence
