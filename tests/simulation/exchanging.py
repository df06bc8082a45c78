"""Devices exchange with the server: once, or until nobody has anything to say."""

from datetime import timedelta

from manchengo_sync.exchange import exchange as ask
from manchengo_sync.link import LinkError, Unauthorised
from tests.simulation.arriving import enrol
from tests.simulation.disks import DEVICE
from tests.simulation.nodes import Device
from tests.simulation.world import World

NEEDS_A_CODE = ("device_unknown", "device_withdrawn")
PATIENCE = 8
"""So many rounds without any change, and nothing ever will."""


def exchange(world: World, device: Device) -> None:
    world.on(device, lambda: talk(world, device))


def talk(world: World, device: Device) -> None:
    try:
        done = ask(
            device.disk.store,
            world.link(device),
            clock=device.clock,
            ids=device.ids,
            memo=device.memo,
            user_id=device.user,
            limit=world.page,
        )
    except Unauthorised as error:
        world.tell(device, f"is turned away: {error.code}")
        if world.network.is_well and error.code in NEEDS_A_CODE:
            enrol(world, device)
        return
    except LinkError as error:
        world.tell(device, f"is not answered: {error!r}")
        return
    said = [f"sent {done.sent}", f"took {done.taken.received}", f"keeps {done.pending}"]
    said += [f"withheld {each.code}" for each in done.withheld]
    if done.log_reset:
        said.append("found another log")
    if done.device_id is not None:
        said.append(f"calls itself {done.device_id}")
        if world.random.random() < 0.5:
            device.session = None
    if done.is_worth_telling:
        world.tell(device, ", ".join(said))


def exchange_until_quiet(world: World) -> int:
    """Until nobody has anything to say or to hear, or nothing comes of it for long; how many
    rounds that may take at most.
    """
    now, idle = standing(world), 0
    size = sum(cursor + pending for cursor, pending, _ in now)
    rounds = 12 + 3 * size // world.page
    for _ in range(rounds):
        if is_quiet(world) or idle == PATIENCE:
            break
        world.story.step += 1
        world.time.now += timedelta(seconds=1)
        for device in world.devices:
            if not has_nothing_left(world, device):
                exchange(world, device)
        before, now = now, standing(world)
        idle = idle + 1 if before == now else 0
    return rounds


def has_nothing_left(world: World, device: Device) -> bool:
    server, own = world.server.disk.store, device.disk.store
    with server.reading() as log, own.reading() as snapshot:
        return not snapshot.count_pending() and snapshot.log_hash() == log.log_hash()


def standing(world: World) -> list[tuple[int, int, str]]:
    """Where each node's log ends, what waits there, and how the node is called."""
    found = []
    for disk in (world.server.disk, *(device.disk for device in world.devices)):
        with disk.store.reading() as snapshot:
            name = snapshot.setting(DEVICE) or ""
            found.append((snapshot.cursor(), snapshot.count_pending(), name))
    return found


def is_quiet(world: World) -> bool:
    return all(has_nothing_left(world, device) for device in world.devices)
