"""What a device has instead of a network: real bytes, lost, late, doubled, cut, or out of time.

Beyond it stands the server's own service, and at its door the real tokens.
"""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from attrs import define, field

from manchengo_server.errors import TurnedDown
from manchengo_sync import wire
from manchengo_sync.link import LinkError, Unreachable
from manchengo_sync.problems import error_of
from tests.simulation.disks import Died
from tests.simulation.nature import Nature
from tests.simulation.nodes import Device, Server
from tests.simulation.story import Story

T = TypeVar("T")


@define
class Network:
    """``late``: requests on their way, by whom. ``is_well``: nothing goes wrong any more, but what
    is ``decided``: the fates of the next messages.
    """

    server: Server
    nature: Nature
    random: Random
    story: Story
    is_well: bool = False
    late: list[tuple[Device, bytes]] = field(factory=list)
    decided: list[str] = field(factory=list)

    def chance(self, likely: float) -> bool:
        return not self.is_well and self.random.random() < likely

    def fate(self, device: Device) -> str:
        """What becomes of a message."""
        nature = self.nature
        if self.decided:
            return self.decided.pop(0)
        if self.chance(nature.lose):
            return self.random.choice(("lost", "late", "unanswered", "doubled"))
        if self.chance(nature.cut):
            return self.random.choice(("cut on its way", "cut on its way back"))
        if device.heard and self.chance(nature.stale):
            return "answered with what was said before"
        return ""

    def arrive(self, ask: Callable[[], T]) -> T:
        """At the server, which runs its own program and may die over it."""
        server = self.server
        if self.chance(self.nature.die):
            server.disk.store.fuse = self.random.randrange(1, 60)
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
        finally:
            server.disk.store.fuse = None

    def deliver_late(self) -> None:
        """One of the messages that were on their way arrives, whoever still waits for an answer."""
        device, said = self.late.pop(self.random.randrange(len(self.late)))
        self.story.tell(device.name, "a late message of its arrives")
        try:
            device.heard.append(self.arrive(lambda: self.answer(said)))
        except LinkError:
            return

    def answer(self, said: bytes) -> bytes:
        request = wire.decode(said, wire.PushRequest)
        pushed = self.server.service.pushed(request, by=request.replica_id)
        if pushed.why:
            self.story.tell("server", f"takes no more than that: {pushed.why}")
        return wire.encode(pushed.response)
