"""People let in at a real database: by a code, by a passphrase that they choose, by what another
device says; and the keys of labels.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from manchengo import Role
from manchengo.commands import RegisterUser
from manchengo.domain.ids import UserId
from manchengo_desktop.compose import DeviceOffice
from manchengo_presenters.screens.office import NewDairy
from manchengo_presenters.screens.problem import Problem
from manchengo_workplace.admission_request import admission_of, plant_of, written_request
from manchengo_workplace.sealed_keys import new_signer

SECRET = "nuage vis papier olive"
KARIMS = "moulin clou serviette bleu"
ANOTHER = "tambour ficelle orage vert"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeviceOffice]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    office = DeviceOffice(tmp_path / "atelier.db")
    office.create(
        NewDairy(
            name="Djurdjura", admin="amina", passphrase="chevre lampe tiroir pont", secret=SECRET
        )
    )
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
