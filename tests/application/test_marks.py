"""The letters of a device are those that the log gives it, whatever it was told before."""

from itertools import product
from string import ascii_uppercase
from uuid import UUID

import pytest
from attrs import asdict, evolve

from manchengo import MemoryStore
from manchengo.application.judged_otherwise import judged_otherwise
from manchengo.application.marks import PROVISIONAL, SERVER_MARK, first_free, own_mark
from manchengo.commands import EnrolDevice
from manchengo.domain.commit import Verdict
from manchengo.domain.device import MarkTaken, NotAMark
from manchengo.domain.ids import DeviceId, UserId
from manchengo.domain.person_keys import NotAKey
from manchengo.ports.rows import DeviceRow
from manchengo.ports.settings import DEVICE, KNOWN_AS, MARK
from manchengo.ports.store import Store
from tests.support.given import open_dairy
from tests.support.people import plant_of_two
from tests.support.plant import Plant

OWN, FORMER = DeviceId(UUID(int=7)), DeviceId(UUID(int=8))


def enrolled(device_id: DeviceId, key: str) -> EnrolDevice:
    return EnrolDevice(
        device_id=device_id, name="poste", mark="", public_key=key, user_id=UserId(UUID(int=1))
    )


def a_store(**settings: str) -> Store:
    store = MemoryStore()
    with store.writing() as transaction:
        for name, value in settings.items():
            transaction.set_setting(name, value)
    return store


def mark_of(store: Store) -> str:
    with store.reading() as snapshot:
        return own_mark(snapshot)


def test_the_log_says_which_letters_a_device_has() -> None:
    store = a_store(**{DEVICE: str(OWN), KNOWN_AS: str(OWN), MARK: "B"})
    dairy = open_dairy(store)
    dairy.execute(enrolled(FORMER, "aa" * 32))
    assert mark_of(store) == "B", "as the server answered, until its own enrolment is there"
    for key in ("bb", "cc"):
        dairy.execute(enrolled(DeviceId(UUID(hex=key * 16)), key * 32))
    dairy.execute(enrolled(OWN, "dd" * 32))
    assert mark_of(store) == "D"


def test_a_copy_never_has_the_letters_of_what_it_was_copied_from() -> None:
    copies = [
        a_store(**{DEVICE: str(UUID(int=number)), KNOWN_AS: str(FORMER), MARK: "B"})
        for number in range(20, 24)
    ]
    marks = {mark_of(copy) for copy in copies}
    assert len(marks) == len(copies)
    assert {len(mark) for mark in marks} == {PROVISIONAL}
    assert all(mark.isalpha() and mark.isupper() for mark in marks)


def test_a_database_of_no_server_has_no_letters() -> None:
    assert mark_of(a_store()) == ""
    assert mark_of(a_store(**{DEVICE: str(OWN)})) == ""


def test_marks_never_run_out() -> None:
    taken: set[str] = set()
    for length in (1, 2, 3):
        assert first_free(taken) == "A" * length
        taken |= {"".join(letters) for letters in product(ascii_uppercase, repeat=length)}
    assert first_free(taken) == "A" * (PROVISIONAL + 1), "a provisional mark is no other device's"


# ----------------------------------------------------------------------------- one mark, one device


def marked(number: int, mark: str) -> EnrolDevice:
    device_id = DeviceId(UUID(int=number))
    return evolve(enrolled(device_id, f"{number:064x}"), mark=mark)


def test_no_two_devices_have_one_mark() -> None:
    dairy = open_dairy()
    dairy.execute(evolve(marked(20, "B"), name="le quai"))
    with pytest.raises(MarkTaken) as refused:
        dairy.execute(marked(21, " B "))
    assert asdict(refused.value) == {"mark": "B", "bearer": "le quai"}
    dairy.execute(marked(21, ""))
    with dairy.store.reading() as snapshot:
        assert {row.mark for row in snapshot.rows(DeviceRow)} == {"A", "B"}


@pytest.mark.parametrize("given", ["b", "B0", "B-1", "É", "A B", "ABCD", "0"])
def test_what_does_not_distinguish_the_codes_of_a_device_is_no_mark(given: str) -> None:
    """Behind ``B0`` the number 001 would be 0001 behind ``B``; four letters are those of a device
    that no log knows yet.
    """
    with pytest.raises(NotAMark) as refused:
        open_dairy().execute(marked(20, given))
    assert refused.value.given == given


def test_a_device_that_is_let_in_again_keeps_its_mark_whatever_it_is_given() -> None:
    dairy = open_dairy()
    for command in (marked(20, "B"), marked(21, "C"), marked(20, "C")):
        dairy.execute(command)
    with dairy.store.reading() as snapshot:
        assert {row.id.int: row.mark for row in snapshot.rows(DeviceRow)} == {20: "B", 21: "C"}


def test_the_servers_of_a_plant_have_one_mark() -> None:
    """Of a server that was lost, and of the one that was begun from what devices held."""
    dairy = open_dairy()
    for number in (20, 21):
        dairy.execute(marked(number, SERVER_MARK))


def test_a_device_is_let_in_under_no_key_that_proves_nothing() -> None:
    with pytest.raises(NotAKey):
        open_dairy().execute(enrolled(OWN, "00" * 32))


def marks_in(plant: Plant) -> dict[int, str]:
    assert len(plant.digests()) == 1
    with plant.store.reading() as snapshot:
        assert not list(judged_otherwise(snapshot, scratch=MemoryStore()))
        return {row.id.int: row.mark for row in snapshot.rows(DeviceRow) if row.id.int < 30}


@pytest.mark.parametrize("first", [0, 1])
def test_two_that_are_let_in_apart_under_no_given_mark_have_two(first: int) -> None:
    """Each was recorded with the same letters; the log gives the second the next ones."""
    plant = plant_of_two()
    for device, number in zip(plant.devices, (20, 21), strict=True):
        (commit,) = device.does(marked(number, ""))
        assert b'"mark":"C"' in commit.events[0].payload
    plant.devices[first].push()
    plant.settle()
    assert {entry.verdict for entry in plant.after(0, 1_000)} == {Verdict.ACCEPTED}
    assert marks_in(plant) == {20 + first: "C", 21 - first: "D"}


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_that_are_let_in_apart_under_one_mark_the_second_is_refused(first: int) -> None:
    """It is in no list, so it exchanges nothing; an item says whose the letters are."""
    plant = plant_of_two()
    for device, number in zip(plant.devices, (20, 21), strict=True):
        device.does(marked(number, "T"))
    plant.devices[first].push()
    plant.settle()
    last = plant.after(0, 1_000)[-1]
    assert (last.verdict, last.reason) == (Verdict.REJECTED, "MarkTaken")
    assert marks_in(plant) == {20 + first: "T"}
