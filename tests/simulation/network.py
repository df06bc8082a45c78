"""What a device has instead of a network: real bytes, lost, late, doubled, cut, or out of time.

What the bytes are is for the two ends to know: whole HTTP (``http``), or only what travels in it
(``direct``).
"""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import TypeVar

from attrs import define, field

from manchengo.domain.ids import DeviceId
from manchengo_server.errors import TurnedDown
from manchengo_sync import wire
from manchengo_sync.link import LinkError, Unreachable
from manchengo_sync.problems import error_of
from manchengo_sync.signing import DEVICE_KEY
from tests.simulation.disks import Died, Fragile
from tests.simulation.nature import Nature
from tests.simulation.nodes import Device, Key, Server
from tests.simulation.postgres import Severed
from tests.simulation.story import Story
from tests.simulation.two_histories import OtherHistory

T = TypeVar("T")


@define
class Network:
    """``late``: requests on their way, by whom. ``is_well``: nothing goes wrong any more, but what
    is ``decided``: the fates of the next messages. ``lies``: the hashes of entries that the server
    made up. ``forged``: what devices in other hands recorded in somebody's name, and whether
    it is signed; ``altered``: the hashes of commits that one changed on their way out; ``retold``:
    what one said twice, and not the same; ``genuine``: the hashes of entries that their authors
    signed. ``devices``: all there are; a server in other hands has the keys of any. ``other``: what
    it shows to one of them alone.
    """

    server: Server
    nature: Nature
    random: Random
    story: Story
    is_well: bool = False
    late: list[tuple[Device, bytes]] = field(factory=list)
    decided: list[str] = field(factory=list)
    lies: set[bytes] = field(factory=set)
    forged: dict[Key, bool] = field(factory=dict)
    altered: set[bytes] = field(factory=set)
    retold: set[Key] = field(factory=set)
    genuine: set[bytes] = field(factory=set)
    devices: list[Device] = field(factory=list)
    other: OtherHistory | None = None

    def key_of(self, device_id: DeviceId) -> str:
        """The private key of the device that bears that id now; "" where none does."""
        stores = (device.disk.store for device in self.devices if device.id == device_id)
        for store in stores:
            with store.reading() as snapshot:
                return snapshot.setting(DEVICE_KEY) or ""
        return ""

    def chance(self, likely: float) -> bool:
        return not self.is_well and self.random.random() < likely

    def fate(self, device: Device, *, is_push: bool) -> str:
        """What becomes of a message; of those that are no push, nobody keeps the answer."""
        nature = self.nature
        if self.decided:
            return self.decided.pop(0)
        if self.chance(nature.lose):
            return self.random.choice(("lost", "late", "unanswered", "doubled"))
        if self.chance(nature.cut):
            return self.random.choice(("cut on its way", "cut on its way back"))
        if is_push and device.heard and self.chance(nature.stale):
            return "answered with what was said before"
        if nature.http and self.chance(nature.portal):
            return "answered by somebody else"
        return ""

    def is_away(self, device: Device) -> bool:
        return device.away_until > self.story.step

    def carry(self, device: Device, request: bytes, *, is_push: bool = True) -> bytes:
        """To the server, and its answer back; ``Unreachable`` where none comes."""
        fate = self.fate(device, is_push=is_push)
        if fate:
            self.story.tell(device.name, f"its message is {fate}")
        match fate:
            case "lost":
                raise Unreachable(why="lost")
            case "late":
                self.late.append((device, request))
                raise Unreachable(why="late")
            case "unanswered":
                self.ask(device, request)
                raise Unreachable(why="unanswered", was_sent=True)
            case "doubled":
                self.ask(device, request)
                return self.ask(device, request)
            case "cut on its way":
                self.ask(device, request[: self.random.randrange(len(request))], whole=False)
                raise Unreachable(why="cut", was_sent=True)
            case "cut on its way back":
                answer = self.ask(device, request)
                return answer[: self.random.randrange(len(answer))]
            case "answered with what was said before":
                self.ask(device, request)
                return self.random.choice(device.heard)
            case "answered by somebody else":
                return self.random.choice(SOMEBODY_ELSE)
            case _:
                answer = self.ask(device, request)
                if is_push:
                    device.heard.append(answer)
                return answer

    def deliver_late(self) -> None:
        """One of the messages that were on their way arrives, whoever still waits for an answer."""
        device, request = self.late.pop(self.random.randrange(len(self.late)))
        self.story.tell(device.name, "a late message of its arrives")
        with suppress(LinkError):
            self.ask(device, request)

    def ask(self, device: Device, request: bytes, *, whole: bool = True) -> bytes:
        return self.arrive(lambda: self.server.ear.hear(request, by=device.address, whole=whole))

    def arrive(self, ask: Callable[[], T]) -> T:
        """At the server, which runs its own program and may die over it."""
        server = self.server
        store = server.disk.store
        is_doomed = self._doom(store)
        try:
            with server.program.running():
                return ask()
        except TurnedDown as no:
            raise error_of(no.status, no.problem()) from no
        except wire.NotUnderstood as garbled:
            raise Unreachable(why="cut") from garbled
        except Died:
            server.disk.restart()
            server.start()
            self.story.tell("server", "dies over it, and begins again")
            raise Unreachable(why="the server died") from None
        except server.disk.faults:
            self.story.tell("server", "cannot reach its database")
            raise Unreachable(why="the server is busy") from None
        finally:
            if is_doomed:
                store.spare()
            self._read_journal()
            server.dates_its_log()

    def _doom(self, store: Fragile) -> bool:
        """Whether anything may happen to it."""
        if self.chance(self.nature.die):
            store.fuse = self.random.randrange(1, 60)
            return True
        if isinstance(store, Severed) and self.chance(self.nature.sever):
            store.scissors = self.random.randrange(1, 60)
            return True
        return False

    def _read_journal(self) -> None:
        for line in self.server.ear.noted():
            assert line.get("code") != "fault", f"the server stumbles: {line}"
            if line.get("code") == "unavailable":
                self.story.tell("server", "cannot reach its database")
            if "why" in line:
                self.story.tell("server", f"takes no more than that: {line['why']}")


SOMEBODY_ELSE = tuple(
    b"HTTP/1.1 %s\r\nContent-Type: text/html\r\n%sContent-Length: 16\r\n\r\n<html>...</html>"
    % (status, header)
    for status, header in (
        (b"200 OK", b""),
        (b"302 Found", b"Location: http://login.example.dz/\r\n"),
        (b"401 Unauthorized", b"WWW-Authenticate: Basic\r\n"),
        (b"403 Forbidden", b""),
        (b"404 Not Found", b""),
        (b"502 Bad Gateway", b""),
        (b"503 Service Unavailable", b"Retry-After: 30\r\n"),
        (b"511 Network Authentication Required", b""),
    )
)
"""What stands on the way may answer in the server's place: a proxy, or who sells the access."""
