"""People let in at a real database: by a code, by a passphrase that they choose, by what another
device says; and the keys of labels.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from manchengo import Role
from manchengo.commands import ChangeRoles, Command, DeactivateUser, RegisterUser, WithdrawKey
from manchengo.domain.ids import UserId
from manchengo.ports.audit import AuditKind, AuditQuery
from manchengo_desktop.compose import DeviceOffice
from manchengo_presenters.screens.office import NewDairy, SignedIn
from manchengo_presenters.screens.person_page import PersonPage
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_workplace.admission_request import admission_of, plant_of, written_request
from manchengo_workplace.sealed_keys import new_signer
from tests.support.office_in_memory import WindowInMemory, at_once

PASSPHRASE = "chevre lampe tiroir pont"
SECRET = "nuage vis papier olive"
KARIMS = "moulin clou serviette bleu"
ANOTHER = "tambour ficelle orage vert"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeviceOffice]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    office = DeviceOffice(tmp_path / "atelier.db")
    office.create(NewDairy(name="Djurdjura", admin="amina", passphrase=PASSPHRASE, secret=SECRET))
    office.sign_in("amina", SECRET, print)
    yield office
    office.close()


@pytest.fixture
def karim(office: DeviceOffice) -> UserId:
    done = office.record(
        lambda choices: RegisterUser(
            user_id=UserId(choices.id("user_id")), name="karim", roles=frozenset({Role.DRIVER})
        ),
        lambda _snapshot, _command: "",
    )
    assert isinstance(done.command, RegisterUser)
    return done.command.user_id


def living_keys(office: DeviceOffice, user_id: UserId) -> list[str]:
    keys = office.admissions.keys(user_id)
    return [each.public_key for each in keys if each.withdrawn is None]


def test_somebody_begins_with_a_code_and_gets_another_passphrase(
    office: DeviceOffice, karim: UserId
) -> None:
    assert karim not in office.admissions.people_here()
    code = office.admissions.invite(karim, is_recovery=False)
    assert code.until is not None
    office.begin_with_code("karim", code.written, KARIMS)
    assert karim in office.admissions.people_here()
    (first,) = living_keys(office, karim)

    office.admissions.give_secret(karim, ANOTHER)
    office.admissions.let_try_again(karim)
    assert living_keys(office, karim) not in ([], [first])
    assert office.sign_in("karim", ANOTHER, print).roles == {Role.DRIVER}
    with pytest.raises(Problem) as refused:
        office.admissions.give_secret(karim, KARIMS)
    assert refused.value.name == "NotPermitted"


def has_fewer_rights(karim: UserId) -> Command:
    return ChangeRoles(user_id=karim, roles=frozenset({Role.ACCOUNTANT}))


def leaves(karim: UserId) -> Command:
    return DeactivateUser(user_id=karim)


@pytest.mark.parametrize(
    ("loses", "said"),
    [
        (has_fewer_rights, "Vos rôles sont désormais"),
        (leaves, "Vous ne pouvez plus agir"),
        (None, "Votre clé sur cet ordinateur ne compte plus"),
    ],
    ids=["has_fewer_rights", "leaves", "None"],
)
def test_who_loses_a_right_goes_on_in_no_window_that_is_open(
    office: DeviceOffice, karim: UserId, loses: Callable[[UserId], Command] | None, said: str
) -> None:
    """As an exchange brings it, beside the window in which he works."""
    office.admissions.give_secret(karim, KARIMS)
    his = DeviceOffice(office.path)
    his.open(PASSPHRASE)
    his.sign_in("karim", KARIMS, print)
    his.stock()
    if loses is None:
        office.admissions.give_secret(karim, ANOTHER)  # the key of before is withdrawn
    else:
        command = loses(karim)
        office.record(lambda _: command, lambda *_: "")
    assert his.is_locked()
    assert said in his.why_ended()
    for door in (his.stock, his.lists, his.drafts, lambda: his.actor):
        with pytest.raises(Problem) as refused:
            door()
        assert refused.value.name == "Locked"
        assert said in refused.value.sentence
    assert not office.is_locked()
    assert office.why_ended() == ""
    his.close()


def test_who_changes_their_own_roles_hears_that_it_is_recorded(office: DeviceOffice) -> None:
    own = ChangeRoles(user_id=office.actor.user_id, roles=frozenset({Role.ADMIN, Role.ACCOUNTANT}))
    who = SignedIn(name="amina", roles=frozenset({Role.ADMIN}))
    page = PersonPage(
        ScreenContext(office=office, background=at_once, who=who, window=WindowInMemory()),
        office.actor.user_id,
    )
    asyncio.run(page.load())
    done = office.record(lambda _: own, lambda *_: "recorded")
    assert done.sentence == "recorded"
    assert office.is_locked()
    assert page.may_withdraw_keys, "it is drawn until the window is locked"
    assert "administrateur, comptable" in office.why_ended()
    office.lock()
    assert office.why_ended() == ""


def test_who_signs_with_a_key_of_before_is_turned_away_and_noted(
    office: DeviceOffice, karim: UserId
) -> None:
    office.admissions.give_secret(karim, KARIMS)
    (key,) = living_keys(office, karim)
    withdrawal = WithdrawKey(user_id=karim, public_key=key, reason="parti")
    office.record(lambda _: withdrawal, lambda *_: "")
    with pytest.raises(Problem) as refused:
        office.sign_in("karim", KARIMS, print)
    assert refused.value.name == "KeyWithdrawn"
    with office.reading() as snapshot:
        (noted,) = snapshot.audit_page(AuditQuery(kinds=(AuditKind.SESSION,)), limit=1)
    assert (noted.entry.user_id, noted.entry.outcome) == (karim, "KeyWithdrawn")


def test_a_recovery_key_has_no_last_day(office: DeviceOffice) -> None:
    assert office.admissions.invite(office.actor.user_id, is_recovery=True).until is None


def test_a_key_of_another_device_is_admitted(office: DeviceOffice, karim: UserId) -> None:
    with office.reading() as snapshot:
        plant_id = plant_of(snapshot)
    signer = new_signer()
    said = written_request(admission_of(signer, karim, office.actor.device_id, plant_id))
    with pytest.raises(Problem) as refused:
        office.admissions.admit(karim, said[:-8])
    assert refused.value.name == "NotARequest"
    office.admissions.admit(karim, said)
    assert living_keys(office, karim) == [signer.key.hex()]


def test_labels_are_printed_under_another_key(office: DeviceOffice) -> None:
    before = office.admissions.label_keys()
    assert (before.newest, before.waiting) == (1, ())
    assert office.admissions.make_label_key() == 2
    office.admissions.give_label_keys()  # nobody asked
    assert office.admissions.label_keys().newest == 2


def test_who_has_no_server_gets_no_code_for_a_device(office: DeviceOffice, karim: UserId) -> None:
    with pytest.raises(Problem):
        office.admissions.device_code(karim, 30)
