"""Who may act, on which devices, with which keys: looked at by all, changed by administrators."""

import asyncio
from typing import Any

import pytest

from manchengo import Role
from manchengo.commands import (
    AdmitKey,
    Command,
    EnrolDevice,
    RegisterUser,
)
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo_presenters.screens.admissions import LabelKeyState
from manchengo_presenters.screens.device_page import DeviceAct, DevicePage
from manchengo_presenters.screens.people_page import PeopleDetail, PeoplePage
from manchengo_presenters.screens.person_page import Act, PersonDetail, PersonPage
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from tests.support.office_in_memory import (
    CODE,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
)
from tests.support.signers import signer_of

NB = "\u00a0"
ONLY_ADMIN = frozenset({Role.ADMIN})
SERVER = "https://serveur.example.dz"


def registered(
    office: OfficeInMemory, name: str, *roles: Role, id_: UserId | None = None
) -> UserId:
    user_id = id_ or UserId(office.ids.new())
    execute(office, RegisterUser(user_id=user_id, name=name, roles=frozenset(roles)))
    return user_id


def enrolled(office: OfficeInMemory, name: str, mark: str, user_id: UserId) -> DeviceId:
    device_id = DeviceId(office.ids.new())
    command: Command = EnrolDevice(
        device_id=device_id,
        name=name,
        mark=mark,
        public_key=signer_of(name).key.hex(),
        user_id=user_id,
    )
    execute(office, command)
    return device_id


@pytest.fixture
def office() -> OfficeInMemory:
    """Amina acts here; Karim drives, and has a telephone."""
    office = OfficeInMemory()
    amina = registered(office, "amina", Role.ADMIN, id_=office.actor.user_id)
    office.let_in.here = frozenset({amina})
    return office


@pytest.fixture
def karim(office: OfficeInMemory) -> UserId:
    return registered(office, "karim", Role.DRIVER)


@pytest.fixture
def phone(office: OfficeInMemory, karim: UserId) -> DeviceId:
    return enrolled(office, "téléphone", "B", karim)


def people(screen: PeoplePage) -> PeopleDetail:
    assert screen.detail is not None, screen.problem
    return screen.detail


def detail(screen: PersonPage) -> PersonDetail:
    assert screen.detail is not None, screen.problem
    return screen.detail


def all_of_them(within: ScreenContext) -> PeoplePage:
    screen = PeoplePage(within)
    asyncio.run(screen.load())
    return screen


def one(
    office: OfficeInMemory, user_id: UserId, window: WindowInMemory | None = None
) -> PersonPage:
    screen = PersonPage(context(office, window=window), user_id)
    asyncio.run(screen.load())
    return screen


def a_device(
    office: OfficeInMemory, device_id: DeviceId, window: WindowInMemory | None = None
) -> DevicePage:
    screen = DevicePage(context(office, window=window), device_id)
    asyncio.run(screen.load())
    return screen


def do(screen: PersonPage, act: Act, **said: str) -> None:
    screen.begin(act)
    for name, text in said.items():
        screen.put(name, text)
    asyncio.run(screen.confirm())


def row(office: OfficeInMemory, user_id: UserId) -> UserRow:
    with office.reading() as snapshot:
        found = snapshot.get(UserRow, user_id)
    assert found is not None
    return found


# -------------------------------------------------------------------------------- all of them


def test_people_and_devices_are_listed(office: OfficeInMemory, phone: DeviceId) -> None:
    window = WindowInMemory()
    screen = all_of_them(context(office, window=window))
    assert [(line.name, line.roles, line.state) for line in people(screen).people] == [
        ("amina", "administrateur", "agit ici"),
        ("karim", "livreur", "pas de phrase secrète ici"),
    ]
    (device,) = people(screen).devices
    assert (device.name, device.mark, device.person, device.state) == (
        "téléphone",
        "B",
        "karim",
        "muet",
    )
    asyncio.run(screen.open(people(screen).people[1]))
    screen.move(1)
    asyncio.run(screen.enter())
    assert window.went == [
        (Screen.PERSON, people(screen).people[1].user_id),
        (Screen.DEVICE, phone),
    ]


def test_somebody_is_registered_with_roles(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = all_of_them(context(office, window=window))
    asyncio.run(screen.confirm())
    asyncio.run(screen.confirm())
    assert screen.errors == {"name": "À remplir."}
    screen.put("name", "Samira")
    asyncio.run(screen.confirm())
    assert screen.errors == {"name": "Choisissez au moins un rôle."}
    screen.put("name", "AMINA")
    screen.toggle(Role.PRODUCTION)
    screen.toggle(Role.DRIVER)
    screen.toggle(Role.DRIVER)
    asyncio.run(screen.confirm())
    assert "amina" in screen.errors["name"]
    screen.put("name", "Samira")
    asyncio.run(screen.confirm())
    (done,) = window.done
    assert done.sentence == f"Samira{NB}: production."
    assert window.went[0][0] is Screen.PERSON
    assert not screen.is_adding


def test_who_may_not_register_is_offered_nothing_and_refused(
    office: OfficeInMemory, karim: UserId, phone: DeviceId
) -> None:
    office.roles = frozenset({Role.SALES})
    screen = all_of_them(context(office))
    assert len(people(screen).people) == 2
    assert not screen.may_add
    assert not screen.may_manage_labels
    screen.begin(True)
    screen.put("name", "Samira")
    screen.toggle(Role.ADMIN)
    asyncio.run(screen.add())
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"

    person = one(office, karim)
    assert person.acts == ()
    assert detail(person).keys is None
    assert not person.may_let_try_again
    for act, said in (
        (Act.INVITE, {}),
        (Act.SECRET, {"secret": "x", "secret_again": "x"}),
        (Act.ADMIT, {"request": "demande"}),
        (Act.DEVICE_CODE, {}),
        (Act.ROLES, {}),
        (Act.DEACTIVATE, {}),
    ):
        person.roles = ONLY_ADMIN
        do(person, act, **said)
        assert person.problem is not None, act
        assert person.problem.name == "NotPermitted"
    assert office.let_in.told == []

    device = a_device(office, phone)
    assert device.acts == ()
    device.begin(DeviceAct.WITHDRAW)
    device.put("reason", "perdu")
    asyncio.run(device.decide())
    assert device.problem is not None
    assert device.problem.name == "NotPermitted"


def test_labels_get_a_new_key_and_devices_that_asked_get_theirs(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    office.let_in.labels = LabelKeyState(newest=1, waiting=("téléphone",))
    screen = all_of_them(context(office, window=window))
    assert people(screen).label_keys.waiting == ("téléphone",)
    asyncio.run(screen.give_label_keys())
    asyncio.run(screen.make_label_key())
    assert office.let_in.told == [("give_label_keys",), ("make_label_key",)]
    assert window.said[1] == "Les étiquettes s’impriment désormais sous la clé 2."


# --------------------------------------------------------------------------------- one person


def test_roles_are_changed_and_that_is_said(office: OfficeInMemory, karim: UserId) -> None:
    window = WindowInMemory()
    screen = one(office, karim, window)
    screen.begin(Act.ROLES)
    assert screen.roles == {Role.DRIVER}
    screen.toggle(Role.SALES)
    asyncio.run(screen.decide())
    assert window.done[0].sentence == f"karim{NB}: commercial, livreur."
    assert detail(screen).roles == {Role.DRIVER, Role.SALES}


def test_who_changes_their_own_roles_knows_what_follows(
    office: OfficeInMemory, karim: UserId
) -> None:
    own = one(office, office.actor.user_id)
    own.begin(Act.ROLES)
    assert "Ce sont vos propres rôles" in own.effect
    his = one(office, karim)
    his.begin(Act.ROLES)
    assert his.effect == ""


def test_the_last_administrator_stays_one(office: OfficeInMemory) -> None:
    screen = one(office, office.actor.user_id)
    assert Act.DEACTIVATE not in screen.acts
    screen.begin(Act.ROLES)
    screen.toggle(Role.ADMIN)
    screen.toggle(Role.SALES)
    asyncio.run(screen.decide())
    assert screen.problem is not None
    assert screen.problem.name == "LastAdministrator"


def test_a_code_for_a_device_is_shown_once(office: OfficeInMemory, karim: UserId) -> None:
    screen = one(office, karim)
    assert Act.DEVICE_CODE not in screen.acts, "no server could let it in"
    office.status = type(office.status)(server=SERVER, pending=0, oldest=None, last=None)
    asyncio.run(screen.load())
    assert Act.DEVICE_CODE in screen.acts
    do(screen, Act.DEVICE_CODE, minutes="0")
    assert set(screen.errors) == {"minutes"}
    do(screen, Act.DEVICE_CODE, minutes="45")
    assert office.let_in.told == [("device_code", karim, 45)]
    assert screen.code is not None
    assert screen.code.written == CODE
    assert SERVER in screen.code_words
    assert CODE not in repr(screen.code)
    screen.begin(None)
    assert screen.code is None


def test_a_code_to_begin_and_a_recovery_key(office: OfficeInMemory, karim: UserId) -> None:
    screen = one(office, karim)
    do(screen, Act.INVITE)
    assert "24/11/2026" in screen.code_words
    do(screen, Act.RECOVERY)
    assert "papier" in screen.code_words
    assert office.let_in.told == [("invite", karim, False), ("invite", karim, True)]


def test_a_key_is_admitted_by_what_the_other_device_says(
    office: OfficeInMemory, karim: UserId
) -> None:
    window = WindowInMemory()
    screen = one(office, karim, window)
    do(screen, Act.ADMIT, request="autre chose")
    assert set(screen.errors) == {"request"}
    do(screen, Act.ADMIT, request=" demande ")
    assert office.let_in.told == [("admit", karim, "demande")]
    assert window.said == ["karim signe avec cette clé dès son prochain échange."]


def test_a_forgotten_pin_is_chosen_anew(office: OfficeInMemory, karim: UserId) -> None:
    window = WindowInMemory()
    screen = one(office, karim, window)
    do(screen, Act.SECRET, secret="moulin clou", secret_again="moulin")
    assert set(screen.errors) == {"secret_again"}
    do(screen, Act.SECRET, secret="moulin clou", secret_again="moulin clou")
    assert office.let_in.told == [("give_secret", karim, "moulin clou")]
    assert screen.values["secret"] == ""
    assert not screen.may_let_try_again
    office.let_in.here |= {karim}
    asyncio.run(screen.load())
    assert screen.may_let_try_again
    asyncio.run(screen.let_try_again())
    assert window.said[-1] == "karim peut essayer de nouveau sur cet ordinateur."


def test_a_key_is_withdrawn_with_a_reason(office: OfficeInMemory, karim: UserId) -> None:
    key = signer_of("karim").key.hex()
    execute(office, AdmitKey(user_id=karim, family_id=DeviceId(office.ids.new()), public_key=key))
    screen = one(office, karim)
    (shown,) = detail(screen).keys or ()
    assert shown.counts
    screen.begin(Act.WITHDRAW_KEY, shown)
    asyncio.run(screen.decide())
    assert set(screen.errors) == {"reason"}
    screen.put("reason", "téléphone volé")
    asyncio.run(screen.decide())
    (shown,) = detail(screen).keys or ()
    assert not shown.counts
    assert "téléphone volé" in shown.note


def test_who_leaves_may_act_no_more(office: OfficeInMemory, karim: UserId) -> None:
    window = WindowInMemory()
    screen = one(office, karim, window)
    screen.begin(Act.DEACTIVATE)
    assert screen.effect == "karim ne pourra plus agir. Ses saisies gardent son nom."
    asyncio.run(screen.decide())
    assert window.done[0].sentence == "karim ne peut plus agir."
    assert screen.acts == ()
    assert not row(office, karim).active


def test_why_no_code_came_is_said(office: OfficeInMemory, karim: UserId) -> None:
    screen = one(office, karim)
    office.fault = Problem("Unreachable", "Le serveur ne répond pas.")
    do(screen, Act.INVITE)
    assert screen.problem is not None
    assert screen.problem.sentence == "Le serveur ne répond pas."
    assert screen.code is None


# --------------------------------------------------------------------------------- one device


def test_a_device_is_withdrawn_with_the_keys_that_are_on_it(
    office: OfficeInMemory, karim: UserId, phone: DeviceId
) -> None:
    key = signer_of("karim").key.hex()
    execute(office, AdmitKey(user_id=karim, family_id=phone, public_key=key))
    window = WindowInMemory()
    screen = a_device(office, phone, window)
    assert screen.acts == tuple(DeviceAct)
    screen.begin(DeviceAct.WITHDRAW)
    assert any("karim" in each for each in screen.effect)
    asyncio.run(screen.confirm())
    assert screen.errors == {"reason": "À remplir."}
    screen.put("reason", "perdu au marché")
    asyncio.run(screen.confirm())
    assert window.done[0].sentence == "téléphone (B) n’échange plus, dès que le serveur le sait."
    found: Any = screen.detail
    assert found.withdrawn == "perdu au marché"
    assert screen.acts == ()
    (line,) = office.dairy.keys(karim)
    assert line.withdrawn is not None


@pytest.mark.parametrize("act", [DeviceAct.RENEW, DeviceAct.QUOTA])
def test_a_device_is_given_what_it_asks_for(
    office: OfficeInMemory, phone: DeviceId, act: DeviceAct
) -> None:
    window = WindowInMemory()
    screen = a_device(office, phone, window)
    screen.begin(act)
    assert len(screen.effect) == 1
    asyncio.run(screen.decide())
    assert "téléphone (B)" in window.done[0].sentence
    with office.reading() as snapshot:
        assert snapshot.get(DeviceRow, phone) is not None
