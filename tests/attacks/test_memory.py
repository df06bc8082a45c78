"""Bodies that swell and never end: what they cost is measured where only the server runs."""

import multiprocessing
import re
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from attrs import frozen

from manchengo_server import bodies
from manchengo_server.errors import NoRoom
from manchengo_server.in_flight import SMALL, InFlight
from manchengo_sync import wire
from tests.attacks.sockets import connect, status, unfinished
from tests.support.patience import PATIENCE
from tests.support.server import a_server, served

MEBIBYTE = 1024 * 1024
LARGE = wire.LARGEST_BODY - MEBIBYTE
MANY = 10

ALONE = multiprocessing.get_context("spawn")


@frozen
class Apart:
    """A server in a process of its own. ``tokens``: of devices that it knows."""

    url: str
    tokens: list[str]
    _line: Connection

    def peak(self) -> int:
        """The most bytes of memory that the process ever held."""
        self._line.send("peak")
        peak: int = self._line.recv()
        return peak


def serve(line: Connection) -> None:
    bodies.DRAINED_WITHIN = 0.1  # a sender who does not end is answered at once
    server = a_server()
    devices = [server.first_device(), server.another_device(), server.another_device()]
    with served(server.service) as up:
        line.send((up.url, [device.token() for device in devices]))
        while line.recv() == "peak":
            found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.M)
            assert found is not None
            line.send(int(found[1]) * 1024)


@contextmanager
def apart() -> Iterator[Apart]:
    ours, its = ALONE.Pipe()
    process = ALONE.Process(target=serve, args=(its,), daemon=True)
    process.start()
    try:
        url, tokens = ours.recv()
        yield Apart(url, tokens, ours)
        ours.send("end")
        process.join()
        assert process.exitcode == 0
    finally:
        process.kill()


def test_without_a_token_a_body_that_swells_costs_next_to_nothing() -> None:
    with apart() as server:
        before = server.peak()
        attacks = [connect(server.url) for _ in range(MANY)]
        for each in attacks:
            each.sendall(unfinished("/sync/enrol", LARGE))
        assert [status(each) for each in attacks] == [413] * MANY
        assert server.peak() - before < LARGE
        for each in attacks:
            each.close()


def test_a_device_fills_no_more_memory_than_one_body_takes() -> None:
    with apart() as server:
        bearer = f"Authorization: Bearer {server.tokens[0]}"
        before = server.peak()
        attacks = [connect(server.url) for _ in range(MANY + 1)]
        for each in attacks:
            each.sendall(unfinished("/sync/push", LARGE, bearer))
        # One of them is held, and its end waited for.
        assert [status(each) for each in first_answered(attacks, MANY)] == [503] * MANY
        assert server.peak() - before < 3 * LARGE
        for each in attacks:
            each.close()


def first_answered(open_: list[socket.socket], count: int) -> list[socket.socket]:
    answered: list[socket.socket] = []
    while len(answered) < count:
        waiting = [each for each in open_ if each not in answered]
        ready, _, _ = select.select(waiting, [], [], PATIENCE)
        assert ready, "the server does not answer"
        answered += ready
    return answered


def test_what_is_small_has_room_beside_all_that_is_large() -> None:
    bodies_held = InFlight(most=100, most_of_one=60)
    with bodies_held.holding("a") as a, bodies_held.holding("b") as b:
        a(SMALL + 60)
        b(SMALL + 40)
        with pytest.raises(NoRoom):
            b(SMALL + 41)
        with bodies_held.holding("b") as small:
            small(SMALL)


def test_one_device_leaves_room_for_another() -> None:
    bodies_held = InFlight(most=100, most_of_one=60)
    with bodies_held.holding("a") as first:
        first(SMALL + 30)
        with bodies_held.holding("a") as second, pytest.raises(NoRoom):
            second(SMALL + 31)
        with bodies_held.holding("b") as other:
            other(SMALL + 60)


def test_a_request_that_is_over_gives_its_room_back() -> None:
    bodies_held = InFlight(most=100, most_of_one=100)
    for _ in range(3):
        with bodies_held.holding("a") as grow:
            grow(SMALL + 50)
            with pytest.raises(NoRoom):
                grow(SMALL + 101)
    with bodies_held.holding("b") as grow:
        grow(SMALL + 100)
