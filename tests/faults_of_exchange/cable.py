"""The cable between devices and server, at which a test may pull: it lies on this machine."""

import gzip
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from random import Random
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from attrs import define, field

from tests.support.patience import PATIENCE

PUSH, ENROL, RENEW = "/sync/push", "/sync/enrol", "/sync/renew"

PIECE = 65_536
LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
PACKED = re.compile(rb"^content-encoding: *gzip", re.IGNORECASE | re.MULTILINE)


class Fault(Enum):
    """What befalls one request on its way, or its answer."""

    REQUEST_LOST = "the request is lost"
    REQUEST_CUT = "the request is cut in the middle"
    ANSWER_LOST = "the answer is lost"
    ANSWER_CUT = "the answer is cut in the middle"
    DOUBLED = "the request comes twice"
    COMES_AGAIN = "the request comes once more, long after"
    REQUEST_STOPS = "half of the request has come, and the rest is awaited"
    ANSWER_STOPS = "the answer is under way, and never comes"


@define
class _Line:
    """One connection of a device. ``fault``: of the answer that comes next."""

    device: socket.socket
    server: socket.socket
    fault: Fault | None = None

    def cut(self) -> None:
        for end in (self.device, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.device.close()
        self.server.close()


@define
class Cable:
    """Devices ask at ``url``, always the same; it leads to wherever the server is now."""

    url: str
    _listening: socket.socket
    _server: tuple[str, int] = ("127.0.0.1", 0)
    _next: Fault | None = None
    _at: str = ""
    _losing: Random | None = None
    _again: list[bytes] = field(factory=list)
    _lines: list[_Line] = field(factory=list)
    _guard: Lock = field(factory=Lock)
    _stopped: Event = field(factory=Event)

    def leads_to(self, url: str) -> None:
        found = urlsplit(url)
        assert found.hostname is not None
        assert found.port is not None
        self._server = (found.hostname, found.port)

    def strikes(self, fault: Fault, at: str = PUSH) -> None:
        """At the next request of that kind; at the next push that offers something."""
        self._stopped.clear()
        self._next, self._at = fault, at

    def loses_every_other_answer(self, chance: Random | None) -> None:
        """To a push, whatever it carries, until it is None."""
        self._losing = chance

    def has_stopped(self) -> None:
        """Wait until it is stuck on its way."""
        assert self._stopped.wait(PATIENCE), "no such request came so far"

    def bring_again(self) -> None:
        """What comes again comes now."""
        assert self._again, "nothing is under way"
        while self._again:
            self._bring(self._again.pop())

    def pull(self) -> None:
        """Nothing that is under way arrives any more."""
        with self._guard:
            lines, self._lines = self._lines, []
        for line in lines:
            line.cut()

    # ------------------------------------------------------------ what runs in it

    def accept(self) -> None:
        while True:
            try:
                device, _ = self._listening.accept()
            except OSError:  # the test is over
                return
            try:
                server = socket.create_connection(self._server, PATIENCE)
            except OSError:
                device.close()
                continue
            server.settimeout(None)
            for end in (device, server):  # or each small piece waits for the one before
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = _Line(device, server)
            with self._guard:
                self._lines.append(line)
            _aside(self._carry, line)

    def _carry(self, line: _Line) -> None:
        answers = _aside(self._carry_back, line)
        with suppress(OSError):
            for request in requests(line.device):
                if not self._deliver(line, request):
                    break
        line.cut()
        answers.join()
        line.close()

    def _deliver(self, line: _Line, request: bytes) -> bool:
        """Whether the connection goes on."""
        fault = None
        if request.startswith(b"POST %s " % self._at.encode()) and is_worth_it(request):
            with self._guard:
                fault, self._next = self._next, None
        if self._losing is not None and request.startswith(b"POST %s " % PUSH.encode()):
            fault = Fault.ANSWER_LOST if self._losing.random() < 0.5 else fault
        match fault:
            case Fault.REQUEST_LOST:
                return False
            case Fault.REQUEST_CUT:
                line.server.sendall(_half(request))
                return False
            case Fault.REQUEST_STOPS:
                line.server.sendall(_half(request))
                self._stopped.set()
                return True
            case Fault.DOUBLED:
                self._bring(request)
            case Fault.COMES_AGAIN:
                self._again.append(request)
            case _:
                line.fault = fault
        line.server.sendall(request)
        return True

    def _carry_back(self, line: _Line) -> None:
        with suppress(OSError):
            while piece := line.server.recv(PIECE):
                if line.fault is Fault.ANSWER_STOPS:
                    self._stopped.set()
                    continue
                if line.fault is Fault.ANSWER_CUT:
                    line.device.sendall(_half(piece))
                if line.fault is not None:
                    break
                line.device.sendall(piece)
        line.cut()

    def _bring(self, request: bytes) -> None:
        with socket.create_connection(self._server, PATIENCE) as server:
            server.sendall(request)
            assert server.recv(PIECE), "the server said nothing"


def requests(device: socket.socket) -> Iterator[bytes]:
    """Each whole request of the connection, until the device hangs up."""
    received = b""
    while True:
        head, end, _ = received.partition(b"\r\n\r\n")
        found = LENGTH.search(head)
        length = len(head) + len(end) + (int(found[1]) if found else 0)
        if end and len(received) >= length:
            yield received[:length]
            received = received[length:]
            continue
        piece = device.recv(PIECE)
        if not piece:
            return
        received += piece


def is_worth_it(request: bytes) -> bool:
    """Whether it is more than a push that only asks for what is new."""
    head, _, body = request.partition(b"\r\n\r\n")
    received = gzip.decompress(body) if PACKED.search(head) else body
    return b'"commits":[]' not in received


def _half(received: bytes) -> bytes:
    return received[: len(received) // 2]


def _aside(task: Callable[[_Line], None], line: _Line) -> Thread:
    thread = Thread(target=task, args=(line,), daemon=True)
    thread.start()
    return thread


@contextmanager
def cable() -> Iterator[Cable]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        laid = Cable(f"http://127.0.0.1:{port}", listening)
        accepting = Thread(target=laid.accept, daemon=True)
        accepting.start()
        try:
            yield laid
        finally:
            # To close a socket wakes nobody who waits at it: a last caller does.
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            laid.pull()
