"""Verify as a habit: who had all read goes on from there, until something is not right."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from attrs import define, evolve

from manchengo.application import checkpoint as checkpoints
from manchengo.application.integrity import Verification
from manchengo.application.verifying import verify_database
from manchengo.ports.rows import RawLotRow
from manchengo.ports.settings import DEVICE, LOG_EPOCH
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from tests.support.checking import Believing, settle_it, take_the_same_milk
from tests.support.dairy import A_DAIRY, an_id, litres, received
from tests.support.plant import Device, Plant
from tests.support.signers import signer_of
from tests.support.stores import STORES

TODAY = date(2026, 11, 30)
AMINA, SID = signer_of("Amina verifies"), signer_of("Sid verifies")


@define
class Office:
    """A device of a plant, where somebody verifies."""

    plant: Plant
    device: Device
    other: Device
    rounds: int = 0

    @property
    def store(self) -> Store:
        return self.device.store

    def verifies(
        self, signer: Signer | None = AMINA, *, today: date = TODAY, whole: bool = False
    ) -> Verification:
        return verify_database(self.store, Believing(), signer=signer, today=today, whole=whole)

    def quarrels(self) -> None:
        """With the other device, about lots that nobody took before."""
        self.rounds += 1
        take_the_same_milk(self.plant, self.other, self.device, f" {self.rounds}")

    def settles(self) -> None:
        settle_it(self.plant, self.device, f" {self.rounds}")


@pytest.fixture(params=STORES)
def office(request: pytest.FixtureRequest) -> Iterator["Office"]:
    opened: AbstractContextManager[Store] = STORES[request.param]()
    with opened as store:
        plant = Plant()
        device, other = plant.device(store=store), plant.device()
        device.does(A_DAIRY)
        plant.settle()
        yield Office(plant, device, other)


def test_the_first_reading_is_of_all_and_the_next_of_what_was_added(office: Office) -> None:
    first = office.verifies()
    assert (first.sound, first.since, first.because) == (True, None, "none")
    office.device.does(received("L1", litres(5)))
    second = office.verifies()
    assert second.sound
    assert second.since is not None
    assert second.since.commits == 1
    third = office.verifies()
    assert third.since is not None
    assert third.since.commits == 0


def test_it_goes_on_whatever_the_exchange_takes_back(office: Office) -> None:
    """Entries come in, what waits is confirmed, chosen otherwise, refused or put at the end."""
    office.verifies()
    for _ in range(4):
        office.quarrels()
        waiting = office.verifies()
        office.settles()
        settled, whole = office.verifies(), office.verifies(whole=True)
        assert [each.because for each in (waiting, settled, whole)] == [""] * 3
        assert waiting.since is not None
        assert settled.since is not None
        assert (settled.commits, settled.events) == (whole.commits, whole.events)
        assert whole.since is None


def test_whoever_asks_for_the_whole_gets_it(office: Office) -> None:
    office.verifies()
    found = office.verifies(whole=True)
    assert (found.since, found.because) == (None, "")


def test_a_rebuild_changes_nothing_about_it(office: Office) -> None:
    office.verifies()
    office.device.dairy.rebuild()
    found = office.verifies()
    assert found.sound
    assert found.since is not None


def test_after_thirty_days_the_whole_is_read_again(office: Office) -> None:
    office.verifies()
    day_29 = office.verifies(today=TODAY + timedelta(days=29))
    assert day_29.since is not None
    assert day_29.since.whole_on == TODAY
    assert office.verifies(today=TODAY + timedelta(days=30)).because == "old"
    assert office.verifies(today=TODAY + timedelta(days=31)).since is not None


def test_a_clock_that_went_back_prolongs_nothing(office: Office) -> None:
    office.verifies()
    assert office.verifies(today=TODAY - timedelta(days=1)).because == "old"


# ---------------------------------------------------------------- whose it is


def test_nobody_goes_by_what_another_sealed(office: Office) -> None:
    office.verifies(AMINA)
    assert office.verifies(SID).because == "none"
    assert office.verifies(SID).since is not None


def test_where_nobody_signs_all_is_read(office: Office) -> None:
    assert office.verifies(None).because == "unsigned"
    assert office.verifies(None).because == "unsigned"


def name_of(signer: Signer) -> str:
    return checkpoints.SETTING + signer.key.hex()


def kept(store: Store, signer: Signer = AMINA) -> str:
    with store.reading() as snapshot:
        return snapshot.setting(name_of(signer)) or ""


def put(store: Store, name: str, value: str) -> None:
    with store.writing() as transaction:
        transaction.set_setting(name, value)


@pytest.mark.parametrize(
    "alter",
    [
        lambda text: text.replace('"cursor":', '"cursor":1'),
        lambda text: text.replace("2026-11-30", "2026-12-30"),
        lambda text: text[1:],
        lambda text: text[:-1],
        lambda text: text.replace(" ", ""),
        lambda text: text.partition(" ")[2],
    ],
    ids=["a number", "a day", "the seal", "the end", "the gap", "no seal"],
)
def test_one_that_was_altered_is_not_gone_by(office: Office, alter: Callable[[str], str]) -> None:
    office.verifies()
    put(office.store, name_of(AMINA), alter(kept(office.store)))
    assert office.verifies().because == "altered"
    assert office.verifies().since is not None, "the whole made another"


def test_one_that_another_sealed_is_not_gone_by(office: Office) -> None:
    """Whoever has the database and a key of their own cannot speak for her."""
    office.verifies(SID)
    put(office.store, name_of(AMINA), kept(office.store, SID))
    assert office.verifies(AMINA).because == "altered"


def test_a_copy_of_the_database_is_read_whole(office: Office) -> None:
    office.verifies()
    put(office.store, DEVICE, str(an_id("the copy")))
    assert office.verifies().because == "device"


def test_a_log_that_began_anew_is_read_whole(office: Office) -> None:
    office.verifies()
    put(office.store, LOG_EPOCH, "another")
    assert office.verifies().because == "epoch"


def test_one_of_another_log_is_not_gone_by(office: Office) -> None:
    """The same people and the same device, and another log: as when a chain is sealed anew."""
    office.verifies()
    twin = Plant()
    other = twin.device()
    another = kept(office.store)
    with office.store.reading() as snapshot:
        device, epoch = snapshot.setting(DEVICE) or "", snapshot.setting(LOG_EPOCH) or ""
    put(other.store, DEVICE, device)
    put(other.store, LOG_EPOCH, epoch)
    put(other.store, name_of(AMINA), another)
    assert Office(twin, other, other).verifies().because == "rewritten"


def test_one_that_was_put_back_has_more_read(office: Office) -> None:
    office.verifies()
    earlier = kept(office.store)
    office.device.does(received("L1", litres(5)))
    office.verifies()
    put(office.store, name_of(AMINA), earlier)
    found = office.verifies()
    assert found.since is not None
    assert found.since.commits == 1


def test_beyond_so_much_all_is_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.verifies()
    monkeypatch.setattr(checkpoints, "MOST_NEW", 1)
    office.device.does(received("L1", litres(5)), received("L2", litres(5)))
    assert office.verifies().because == "many"


def test_nothing_is_sealed_where_something_is_wrong(office: Office) -> None:
    office.verifies()
    office.device.does(received("L1", litres(5)))
    before = kept(office.store)
    with office.store.writing() as transaction:
        lot = next(transaction.rows(RawLotRow))
        transaction.put([evolve(lot, quantity_remaining=lot.quantity_remaining + 1)])
    found = office.verifies()
    assert (found.sound, found.since, found.because) == (False, None, "fault")
    assert kept(office.store) == before
