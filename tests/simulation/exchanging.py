"""Devices exchange with the server: once, or until nobody has anything to say."""

from datetime import timedelta

from manchengo.ports.rows import DeviceRow
from manchengo.ports.settings import DEVICE
from manchengo_sync.exchange import exchange as ask
from manchengo_sync.exchange import sync
from manchengo_sync.link import (
    LinkError,
    NotUnderstood,
    Recovering,
    Unauthorised,
    UntrustedWord,
)
from manchengo_sync.outcome import Exchanged
from manchengo_sync.own_enrolment import own_enrolment
from manchengo_sync.returned_tail import first_request
from manchengo_sync.sealing import NotForUs
from manchengo_sync.settings import known_as
from tests.simulation.arriving import is_helped
from tests.simulation.disks import Disk
from tests.simulation.files import carry_something, there_and_back
from tests.simulation.nodes import Device
from tests.simulation.signatures import unsigned
from tests.simulation.two_histories import FOUND_OUT, is_on_another_log, not_told
from tests.simulation.world import NO_LIES, SIGNED, TAKEN_BACK, WORD, Broken, World

PATIENCE = 8
"""So many rounds without any change, and nothing ever will."""


def exchange(world: World, device: Device) -> None:
    """On the network; by files, where there is none. A device that knows the key of files of a
    server that has another since it was put back is brought to a network once (0070).
    """
    if not world.nature.only_files:
        world.on(device, lambda: talk(world, device))
        believes_no_lie(world, device)
        holds_what_was_signed(world, device.name, device.disk)
    elif world.network.is_well:
        try:
            there_and_back(world, device)
        except NotForUs:
            world.on(device, lambda: talk(world, device))
    else:
        carry_something(world, device)


def talk(world: World, device: Device) -> None:
    other = world.network.other
    is_shown_another = other is not None and other.device is device
    was_on_another = not is_shown_another and is_on_another_log(device, world.server)
    held = place_of(device)
    try:
        done = ask_all(world, device) if world.nature.ahead else ask_once(world, device)
    except NotUnderstood as error:
        if error.code in ("", "not_understood"):
            raise Broken(WORD, f"{device.name} believes that it heard {error!r}") from error
        world.tell(device, f"is not answered: {error!r}")
        return
    except Unauthorised as error:
        if not error.code:
            raise Broken(WORD, f"{device.name} believes that it heard {error!r}") from error
        world.tell(device, f"is turned away: {error.code}")
        is_helped(world, device, error.code)
        return
    except UntrustedWord as error:
        world.tell(device, f"does not believe the server: {error!r}")
        if world.network.is_well:  # somebody is told, and types ``restore``
            world.server.service.begin_new_epoch()
        return
    except Recovering as error:
        handed_back(world, device, error)
        return
    except LinkError as error:
        world.tell(device, f"is not answered: {error!r}")
        return
    missed = not_told(device, done, held=held, was_on_another=was_on_another)
    if missed:
        raise Broken(FOUND_OUT, missed)
    world.heard(device, done)


def place_of(device: Device) -> int:
    """Up to where it holds the log."""
    with device.disk.store.reading() as snapshot:
        return snapshot.cursor()


def handed_back(world: World, device: Device, recovering: Recovering) -> None:
    """What the server signed, this device held and handed back, the server has as it was. One that
    it let in since the backup, under that id, shows by what; where its own log does not hold that,
    it is nobody to the server, and others hand back.
    """
    world.tell(device, f"hands {recovering.returned} entries back")
    with device.disk.store.reading() as snapshot:
        request = first_request(snapshot, recovering.keep)
        known, enrolment = known_as(snapshot), own_enrolment(snapshot)
    with world.server.disk.store.reading() as log:
        if log.get(DeviceRow, known) is None and enrolment is None:
            return
    if request is not None and request.word.log_epoch == recovering.log_epoch:
        place, held = request.word.global_seq, request.word.log_hash
        world.server.taken_back[place] = held
        holds_what_it_took_back(world)


def holds_what_it_took_back(world: World) -> None:
    """``Broken`` where it has another log up to an entry that it was handed back."""
    with world.server.disk.store.reading() as log:
        for place, held in world.server.taken_back.items():
            entry = next(log.entries(after=place - 1, limit=1), None)
            if entry is None or entry.hash != held:
                raise Broken(TAKEN_BACK, f"entry {place} is another one at the server")


def believes_no_lie(world: World, device: Device) -> None:
    """``Broken`` where the device holds an entry that the server made up."""
    if world.network.lies:
        with device.disk.store.reading() as snapshot:
            held = [entry for entry in snapshot.entries() if entry.hash in world.network.lies]
        if held:
            raise Broken(NO_LIES, f"{device.name} holds {held[0].commit.command_type}")


def holds_what_was_signed(world: World, name: str, disk: Disk) -> None:
    """``Broken`` where an entry there is not what its author signed."""
    with disk.store.reading() as snapshot:
        entry = unsigned(list(snapshot.entries()), world.network.genuine)
    if entry is not None:
        raise Broken(SIGNED, f"{name} holds {entry.commit.command_type}, entry {entry.global_seq}")


def ask_once(world: World, device: Device) -> Exchanged:
    return ask(
        device.disk.store,
        world.link(device),
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=device.user,
        limit=world.page,
        wait=patience(world),
    )


def ask_all(world: World, device: Device) -> Exchanged:
    """Who has much to say sends page after page of it."""
    return sync(
        device.disk.store,
        world.link(device),
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=device.user,
        limit=world.page,
        most_ahead=world.page,
    )


def patience(world: World) -> float:
    """Seconds for which the server may hold its answer back. Nobody else does anything meanwhile,
    and only real HTTP knows how to wait.
    """
    is_patient = world.nature.http and world.network.chance(0.2)
    return 2.0 if is_patient else 0.0


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
