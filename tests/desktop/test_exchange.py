"""Two offices and their server, which listens on this machine: nobody presses anything."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import define

from manchengo import MemoryStore, SystemClock, Uuid7Ids
from manchengo.ports.rows import SupplierRow
from manchengo_desktop.compose import DeviceOffice
from manchengo_presenters import entering
from manchengo_presenters.screens.admissions import DeviceCode
from manchengo_presenters.screens.exchanges import Entrance
from manchengo_presenters.screens.join_code import JoinCode, read_join_code
from manchengo_presenters.screens.office import Access, NewDairy, NewDevice
from manchengo_presenters.screens.problem import Problem
from manchengo_server import bundles
from manchengo_server.service import Service
from tests.support.patience import PATIENCE
from tests.support.server import Served, served

PASSPHRASE = "chevre lampe tiroir pont"
SECRET = "nuage vis papier olive"
SECOND_SECRET = "moulin clou serviette bleu"


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what comes by itself."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@define
class Plant:
    """A server, and the office that brought the dairy to it."""

    service: Service
    at: Served
    office: DeviceOffice
    folder: Path

    def device_code(self) -> DeviceCode:
        """For one more device of amina."""
        return self.office.admissions.device_code(self.office.actor.user_id, 30)

    def code(self) -> str:
        """The same, as it is typed."""
        return self.device_code().written

    def device(self, code: str) -> NewDevice:
        return NewDevice(
            address=self.at.url,
            code=code,
            name="vente",
            passphrase=PASSPHRASE,
            secret=SECOND_SECRET,
        )

    def another(self) -> DeviceOffice:
        return DeviceOffice(self.folder / "vente.db")


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    service = Service.found(MemoryStore(), "Djurdjura", clock=SystemClock(), ids=Uuid7Ids())
    office = DeviceOffice(tmp_path / "bureau.db")
    office.create(NewDairy(name="Djurdjura", admin="amina", passphrase=PASSPHRASE, secret=SECRET))
    office.sign_in("amina", SECRET, print)
    with served(service) as at:
        code = service.first_code().code
        seen: list[tuple[int, int]] = []
        done = office.exchanges.join(
            Entrance(address=at.url, code=code, name="bureau"),
            lambda so_far, whole: seen.append((so_far, whole)),
        )
        assert done.sent > 0
        assert seen, "one sees how far it is"
        until(lambda: office.exchange_status().pending == 0)
        yield Plant(service, at, office, tmp_path)
        office.close()


def told(*_: object) -> str:
    return ""


def new_supplier(office: DeviceOffice, name: str) -> None:
    office.record(lambda choices: entering.new_supplier(choices, name), told)


def suppliers(office: DeviceOffice) -> set[str]:
    with office.reading() as snapshot:
        return {row.name for row in snapshot.rows(SupplierRow)}


def test_the_picture_of_a_code_says_what_is_typed(plant: Plant) -> None:
    given = plant.device_code()
    (text,) = plant.office.scans.codes_in(given.picture, "code.png")
    assert read_join_code(text) == JoinCode(given.server, given.written)
    assert given.server == plant.at.url


def test_what_one_office_records_the_other_shows(plant: Plant) -> None:
    seen: list[float] = []
    other = plant.another()
    assert other.access() is Access.NO_DATABASE
    other.join(plant.device(plant.code()), lambda done, whole: seen.append(done / max(whole, 1)))
    assert seen, "one sees how far it is"
    assert other.access() is Access.OPEN
    other.sign_in("amina", SECOND_SECRET, print)

    before = other.revision()
    new_supplier(plant.office, "Ferme Belkacem")
    until(lambda: "Ferme Belkacem" in suppliers(other))
    assert other.revision() != before, "and the window draws it again"

    other.lock()  # the exchange goes on behind it
    new_supplier(plant.office, "Ferme Aït Oumeziane")
    head = plant.office.revision()
    until(lambda: plant.office.exchange_status().pending == 0)
    until(lambda: other.revision()[2] >= head[2])
    other.sign_in("amina", SECOND_SECRET, print)
    until(lambda: "Ferme Aït Oumeziane" in suppliers(other))

    new_supplier(other, "Ferme Si Tahar")
    until(lambda: "Ferme Si Tahar" in suppliers(plant.office))
    until(lambda: [each.name for each in plant.office.exchanges.heard().devices] == ["vente"])
    other.close()


def test_the_exchange_in_the_background_needs_nobody_signed_in(plant: Plant) -> None:
    """What others record comes in behind the lock, and what was recorded before it leaves."""
    other = plant.another()
    other.join(plant.device(plant.code()), lambda *_: None)
    assert other.is_locked(), "nobody signed in there since it joined"
    before = plant.service.head()
    new_supplier(plant.office, "Ferme Belkacem")
    plant.office.lock()
    until(lambda: plant.service.head() > before)
    until(lambda: other.revision()[2] > before)
    assert other.is_locked()
    assert plant.office.is_locked()
    other.close()


def test_without_a_server_work_goes_on_and_it_is_said_why(plant: Plant) -> None:
    plant.at.end()
    new_supplier(plant.office, "Ferme Belkacem")
    until(lambda: "ne répond pas" in plant.office.exchanges.trouble())
    assert plant.office.exchange_status().pending == 1
    with pytest.raises(Problem) as refused:
        plant.office.exchanges.exchange(lambda *_: None)
    assert refused.value.name == "Unreachable"


def test_an_exchange_by_file_needs_no_network(plant: Plant) -> None:
    plant.at.end()
    new_supplier(plant.office, "Ferme Belkacem")
    answered = bundles.answer(plant.service, plant.office.exchanges.export())
    with pytest.raises(Problem) as refused:
        plant.office.exchanges.take_answer(b"chat", "chat.jpg")
    assert "chat.jpg" in refused.value.sentence
    done = plant.office.exchanges.take_answer(answered.sealed, "reponse.mcg")
    assert (done.sent, done.pending) == (1, 0)


def test_a_database_that_works_alone_exchanges_with_nobody(tmp_path: Path) -> None:
    office = DeviceOffice(tmp_path / "seule.db")
    office.create(NewDairy(name="", admin="amina", passphrase=PASSPHRASE, secret=SECRET))
    office.sign_in("amina", SECRET, print)
    assert office.exchange_status().server == ""
    assert office.exchanges.heard().is_alone
    assert office.exchanges.trouble() == ""
    with pytest.raises(Problem) as refused:
        office.exchanges.exchange(lambda *_: None)
    assert refused.value.name == "NotJoined"
    office.close()


def test_two_windows_on_one_database_see_each_other(plant: Plant) -> None:
    second = DeviceOffice(plant.office.path)
    second.open(PASSPHRASE)
    second.sign_in("amina", SECRET, print)
    before = plant.office.revision()
    new_supplier(second, "Ferme Belkacem")
    until(lambda: plant.office.revision() != before)
    assert "Ferme Belkacem" in suppliers(plant.office)
    until(lambda: plant.office.exchange_status().pending == 0)
    assert second.exchange_status().pending == 0
    second.close()


# --------------------------------------------------------------------------------------- joining


def test_a_refused_code_leaves_no_database(plant: Plant) -> None:
    other = plant.another()
    wrong = plant.device("AAAA-BBBB+CCCC-DDDD")
    with pytest.raises(Problem) as refused:
        other.join(wrong, lambda *_: None)
    assert "code" in refused.value.sentence
    assert other.access() is Access.NO_DATABASE
    assert not list(plant.folder.glob("vente.db*"))


@pytest.mark.parametrize("code", ["K7QM-4XRA", "K7QM-4XRA+AAAA@not-a-plant"])
def test_half_a_code_is_not_sent(plant: Plant, code: str) -> None:
    with pytest.raises(Problem) as refused:
        plant.another().join(plant.device(code), lambda *_: None)
    assert refused.value.name == "NotAPlantId"
    assert not list(plant.folder.glob("vente.db*"))


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["begin", "exchange"])
def test_what_was_cut_off_goes_on_with_the_same_code(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    device = plant.device(plant.code())

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(f"manchengo_workplace.server.{at}", killed)
        with pytest.raises(Killed):
            plant.another().join(device, lambda *_: None)

    again = plant.another()
    assert again.access() is Access.CLOSED
    again.open(PASSPHRASE)
    if at == "begin":
        assert again.access() is Access.UNFINISHED
        again.join(device, lambda *_: None)
        again.sign_in("amina", SECOND_SECRET, print)
    else:  # all has come but the key: the person begins it with the same code
        until(lambda: again.exchange_status().last is not None)
        again.begin_with_code("amina", device.code, SECOND_SECRET)
        again.sign_in("amina", SECOND_SECRET, print)
    new_supplier(again, "Ferme Belkacem")
    until(lambda: "Ferme Belkacem" in suppliers(plant.office))
    again.close()
