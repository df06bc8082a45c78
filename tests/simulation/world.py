"""One plant and all that is in it: devices, a server, a network, clocks, disks, and one chance.

Nothing happens here by itself: people work (``people``), devices exchange (``exchanging``), faults
befall them (``faults``), and ``lives`` says when.
"""

from collections.abc import Callable
from random import Random
from typing import Protocol, TypeVar

from attrs import define, field

from manchengo_sync.joining import Door
from manchengo_sync.link import Link
from manchengo_sync.snapshot import Shelf
from tests.simulation.direct import Wire
from tests.simulation.disks import Died
from tests.simulation.nature import Nature
from tests.simulation.network import Network
from tests.simulation.nodes import Device, Server, Time
from tests.simulation.story import Story

T = TypeVar("T")

KEPT = "3 nothing acknowledged is lost"
VIEWS_FOLLOW = "8 views are what a rebuild makes"


class Way(Link, Door, Shelf, Protocol):
    """All that a device asks of its server."""


@define
class Broken(AssertionError):
    """A promise was not kept."""

    promise: str
    how: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.how}"


@define
class World:
    """``told``: how many things people did, so that no two of them think of one code."""

    seed: int
    random: Random
    nature: Nature
    server: Server
    network: Network
    time: Time
    story: Story
    devices: list[Device] = field(factory=list)
    told: int = 0

    @property
    def page(self) -> int:
        """How much an answer holds; in the end less patience is asked of whoever waits for it."""
        return max(self.nature.page, 10) if self.network.is_well else self.nature.page

    def tell(self, who: Device, what: str) -> None:
        self.story.tell(who.name, what)

    def link(self, device: Device) -> Way:
        return Wire(self.network, device, self.story.step)

    def on(self, device: Device, what: Callable[[], T]) -> T | None:
        """Run it on the device, which may die on the way."""
        if self.network.chance(self.nature.die):
            device.disk.store.fuse = self.random.randrange(1, 60)
        try:
            with device.program.running():
                return what()
        except Died:
            self.tell(device, "dies over it")
            device.disk.restart()
            device.restart(self.random)
            self.remembers(device)
            return None
        finally:
            device.disk.store.fuse = None

    def remembers(self, device: Device) -> None:
        """``Broken`` when the device lost what it once said it had kept."""
        forgotten = device.forgotten()
        if forgotten:
            raise Broken(KEPT, f"{device.name} lost {forgotten}")

    def close(self) -> None:
        for disk in (self.server.disk, *(device.disk for device in self.devices)):
            disk.close()
