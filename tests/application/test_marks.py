"""The letters of a device are those that the log gives it, whatever it was told before."""

from itertools import product
from string import ascii_uppercase
from uuid import UUID

from manchengo import MemoryStore
from manchengo.application.marks import PROVISIONAL, first_free, own_mark
from manchengo.commands import EnrolDevice
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.settings import DEVICE, KNOWN_AS, MARK
from manchengo.ports.store import Store
from tests.support.given import open_dairy

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
