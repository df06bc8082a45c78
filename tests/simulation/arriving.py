"""Devices come: made, let in with a code, and started from the server's snapshot."""

from datetime import timedelta
from random import Random

from manchengo.commands import AllowRenewal
from manchengo.domain.ids import DeviceId
from manchengo.ports.settings import DEVICE
from manchengo_server.errors import TurnedDown
from manchengo_sync import snapshot as starting
from manchengo_sync.joining import join as ask_to_be_let_in
from manchengo_sync.link import LinkError, NotUnderstood
from manchengo_sync.settings import BUNDLE_KEY, known_as
from manchengo_sync.signing import DEVICE_KEY
from manchengo_sync.wire import CodeRequest
from tests.simulation.disks import Disk, MemoryDisk, SqliteDisk, become_a_copy
from tests.simulation.forging import is_let_in
from tests.simulation.nodes import BOSS, NADIA, Clock, Device, Ids
from tests.simulation.programs import SHIPPED
from tests.simulation.world import World

MOST_DEVICES = 6
NEEDS_A_CODE = (
    "device_unknown",
    "device_withdrawn",
    "key_withdrawn",
    "not_proved",
    "user_withdrawn",
)
NEEDS_LEAVE = "renewal_waits"
"""The database was copied several times in a month: an administrator has to allow it."""


def new_device(world: World) -> Device:
    number = len(world.devices) + 1
    disk: Disk = SqliteDisk() if number < world.nature.on_files else MemoryDisk()
    skew = world.random.choice((0, 0, 1, -1, 7_000_000, -300_000_000, 150_000_000))
    made = Device(
        f"D{number}",
        disk,
        Clock(world.time, timedelta(seconds=skew)),
        world.random.choice(world.nature.upgrade or (SHIPPED,)),
        Ids(Random(world.random.random())),
        world.random.choice((BOSS, BOSS, NADIA)) if number > 1 else BOSS,
        world.random.choice((1.0, 1.0, 0.1)),
    )
    with disk.store.writing() as transaction:
        transaction.set_setting(DEVICE, str(made.ids.new()))
        for key in (DEVICE_KEY, BUNDLE_KEY):
            transaction.set_setting(key, a_key(world))
    world.devices.append(made)
    return made


def a_key(world: World) -> str:
    """Private; from the chance of this world, as all else."""
    return world.random.randbytes(32).hex()


def let_in(world: World) -> None:
    """One more device, with a code; it may start from the server's snapshot."""
    device = new_device(world)
    if not enrol(world, device):
        return
    if world.random.random() < 0.5:
        world.on(device, lambda: start_from_snapshot(world, device))


def enrol(world: World, device: Device) -> bool:
    """Whether it worked. An administrator gives a code, and somebody types it in."""
    service = world.server.service
    try:
        with world.server.program.running():
            if service.devices():
                request = CodeRequest(user_id=device.user)
                code = service.new_code(request, by=None).code
            else:
                code = service.first_code().code
    except TurnedDown as no:
        world.tell(device, f"nobody gives it a code: {no.code}")
        return False
    return bool(world.on(device, lambda: join(world, device, code)))


def is_helped(world: World, device: Device, code: str) -> None:
    """A person reads why the server turned the device away, and sees to it."""
    if not world.network.is_well:
        return
    if code in NEEDS_A_CODE:
        enrol(world, device)
    elif code == NEEDS_LEAVE:
        with device.disk.store.reading() as snapshot:
            known = known_as(snapshot)
        with world.server.program.running():
            world.server.service.allow(AllowRenewal(device_id=known))
        world.tell(device, "may go on as one more copy")


def join(world: World, device: Device, code: str) -> bool:
    try:
        link = world.link(device)
        ask_to_be_let_in(
            device.disk.store,
            link,
            url="simulated",
            code=code,
            name=device.name,
            user_id=device.user,
            make_key=lambda: a_key(world),
        )
    except NotUnderstood as error:
        world.tell(device, f"is not let in: {error!r}")
        if error.code != "device_taken":
            return False
        # What its user is told to do then: put it back from a backup.
        become_a_copy(device.disk.store, DeviceId(device.ids.new()))
        device.restart(world.random)
        return join(world, device, code)
    except LinkError as error:
        world.tell(device, f"is not let in: {error!r}")
        return False
    world.tell(device, "is let in")
    device.token = ""  # it may be of a former id, in the name of somebody withdrawn since
    is_let_in(world, device)
    return True


def start_from_snapshot(world: World, device: Device) -> None:
    started = starting.start(
        device.disk.store,
        world.link(device),
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=device.user,
    )
    whole = "whole" if started.whole else started.why
    world.tell(device, f"starts from a snapshot of {started.applied.received} entries: {whole}")
