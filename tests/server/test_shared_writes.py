"""What threads write at the same time is written together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from manchengo.ports.storage_errors import DiskFull
from manchengo_server.shared_writes import SharedWrites
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.patience import PATIENCE
from tests.support.server import a_server


def test_what_comes_while_one_writes_is_written_next_and_together() -> None:
    written: list[list[int]] = []
    begun, may_end = Event(), Event()

    def write(numbers: Sequence[int]) -> None:
        begun.set()
        assert may_end.wait(PATIENCE)
        written.append(sorted(numbers))

    shared = SharedWrites(write)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(shared.add, 1)
        assert begun.wait(PATIENCE)
        others = [threads.submit(shared.add, number) for number in (2, 3, 4)]
        while len(shared._waiting) < len(others):
            assert not first.done()
        may_end.set()
        for each in (first, *others):
            each.result(PATIENCE)
    assert written == [[1], [2, 3, 4]]


def test_each_is_told_that_the_disk_is_full_and_the_next_writes_again() -> None:
    is_full = True

    def write(_: Sequence[int]) -> None:
        if is_full:
            raise DiskFull

    shared = SharedWrites(write)
    with pytest.raises(DiskFull):
        shared.add(1)
    is_full = False
    shared.add(2)


def test_devices_answered_at_the_same_time_are_all_noted() -> None:
    server = a_server()
    office = server.first_device(A_DAIRY)
    phones = [server.another_device(f"téléphone {number}") for number in range(6)]
    office.does(received("L1", litres(5)))
    office.syncs()
    with ThreadPoolExecutor(len(phones)) as threads:
        list(threads.map(lambda phone: phone.exchanges(), phones))
    response = office.exchanges()
    assert response.heard is not None
    sent = {each.device_id: each.sent for each in response.heard}
    assert {sent[phone.id] for phone in phones} == {response.head}
