"""One plant and all that is in it: devices, a server, a network, clocks, disks, and one chance.

Nothing happens here by itself: people work (``people``), devices exchange (``exchanging``), faults
befall them (``faults``), and ``lives`` says when.
"""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from attrs import define, field

from manchengo_sync.outcome import Exchanged
from tests.simulation.direct import Wire
from tests.simulation.disks import Died
from tests.simulation.http import http_link
from tests.simulation.nature import Nature
from tests.simulation.network import Network
from tests.simulation.nodes import Carried, Device, Server, Time, Way
from tests.simulation.story import Story

T = TypeVar("T")

KEPT = "3 nothing acknowledged is lost"
QUEUE_DRAINS = "9 the queue drains"
WORD = "12 nothing is taken for what it is not"
NO_LIES = "16 nobody holds what no device signed"
NO_FORGERY = "17 nobody acts as another"
SIGNED = "20 nobody holds what its author did not sign"
TAKEN_BACK = "18 what a device hands back is in the log as it was"
VIEWS_FOLLOW = "8 views are what a rebuild makes"


@define
class Broken(AssertionError):
    """A promise was not kept."""

    promise: str
    how: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.how}"


@define
class World:
    """``deeds``: how many things people did, so that no two of them choose one code. ``bag``:
    files on their way.
    """

    seed: int
    random: Random
    nature: Nature
    server: Server
    network: Network
    time: Time
    story: Story
    devices: list[Device] = field(factory=list)
    deeds: int = 0
    bag: list[Carried] = field(factory=list)

    @property
    def page(self) -> int:
        """How much an answer holds; in the end less patience is asked of whoever waits for it."""
        return max(self.nature.page, 10) if self.network.is_well else self.nature.page

    def tell(self, who: Device, what: str) -> None:
        self.story.tell(who.name, what)

    def heard(self, device: Device, done: Exchanged) -> None:
        """What came of an exchange."""
        outcome = [f"sent {done.sent}", f"took {done.applied.received}", f"keeps {done.pending}"]
        outcome += [f"withheld {each.code}" for each in done.withheld]
        if done.log_reset:
            outcome.append("found another log")
        if done.audit_returned:
            outcome.append(f"has {done.audit_returned} records of its audit back")
        if done.device_id is not None:
            outcome.append(f"calls itself {done.device_id}")
            if self.random.random() < 0.5:
                device.session = None
        if done.is_worth_reporting:
            self.tell(device, ", ".join(outcome))

    def link(self, device: Device) -> Way:
        if device.link is None:
            make = http_link if self.nature.http else Wire
            device.link = make(self.network, device)
        return device.link

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
            device.disk.store.spare()

    def remembers(self, device: Device) -> None:
        """``Broken`` when the device lost what it once said it had kept."""
        forgotten = device.forgotten()
        if forgotten:
            raise Broken(KEPT, f"{device.name} lost {forgotten}")

    def close(self) -> None:
        self.server.stop()
        if self.network.other is not None:
            self.network.other.disk.close()
        for disk in (self.server.disk, *(device.disk for device in self.devices)):
            disk.close()
